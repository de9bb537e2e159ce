/* Token endpoints (erp-connectors.md 3.2, 6.1, 6.2, 6.4).  The form comes with what its request's
 * head said: @client (basic), @id, @secret; @in (body, query); @type (when it is no form); @jwt. */

create or replace function sandbox.ledger_refusal(p_error text, p_text text) returns text
language sql immutable as $$
  select json_build_object('error', p_error, 'error_description', p_text)::text;
$$;

/* What an endpoint asks for. */
create or replace function sandbox.ledger_endpoint(
  p_service text, p_path text, out grants text[], out client text, out rotates boolean)
language sql immutable as $$
  select string_to_array(e.grants, ','), e.client, e.rotates
    from (values
      ('totvs', '/oauth/token', 'client_credentials', 'any', false),
      ('totvs', '/protheus/rest/api/oauth2/v1/token', 'password,refresh_token', 'none', false),
      ('contaazul', '/oauth/token', 'client_credentials', 'any', false),
      ('contaazul', '/oauth2/token', 'refresh_token,authorization_code', 'basic', true),
      ('bling', '/Api/v3/oauth/token', 'refresh_token,authorization_code', 'basic', true)
    ) as e (service, path, grants, client, rotates)
   where service = p_service and path = p_path;
$$;

/* An access token, and a refresh token where there are such. */
create or replace function sandbox.ledger_issue(p_who text, p_service text, p_link int, p_long boolean)
returns text language plpgsql as $$
declare
  life int := sandbox.sales_setting(p_service, 'token_seconds')::int;
  access text := 'eyJ' || replace(gen_random_uuid()::text, '-', '')
                       || case when p_long then repeat('abcdefghij', 200) else '' end;
  refresh text := case when p_link is not null
                       then 'eyJ' || replace(gen_random_uuid()::text, '-', '') end;
begin
  insert into sandbox.ledger_token (token, who, kind, link, expires_at)
  select access, p_who, 'access', coalesce(p_link, 1), clock_timestamp() + make_interval(secs => life)
  union all
  select refresh, p_who, 'refresh', p_link, clock_timestamp() + interval '30 days'
   where refresh is not null;
  return json_strip_nulls(json_build_object(
    'access_token', access, 'token_type', 'Bearer', 'expires_in', life, 'refresh_token', refresh))::text;
end $$;

/* Spends a refresh token.  An old one of a rotating chain, or one of another company, is refused. */
create or replace function sandbox.ledger_refresh(
  p_service text, p_form jsonb, p_who text, p_rotates boolean, out status int, out body text)
language plpgsql as $$
declare
  shown sandbox.ledger_token;
begin
  update sandbox.ledger_token set uses = uses + 1
   where token = p_form->>'refresh_token' and kind = 'refresh'
  returning * into shown;
  if shown.token is null or shown.who is distinct from coalesce(p_who, shown.who)
     or shown.used_at is not null or shown.expires_at <= clock_timestamp() then
    status := 400;
    body := sandbox.ledger_refusal('invalid_grant', 'The refresh token is invalid or was used');
    return;
  end if;
  if p_rotates then
    update sandbox.ledger_token set used_at = clock_timestamp() where token = shown.token;
  end if;
  status := 200;
  body := sandbox.ledger_issue(shown.who, p_service, shown.link + 1, p_form->>'@jwt' = '1');
end $$;

/* Spends a code: a chain begins beside those there are. */
create or replace function sandbox.ledger_redeem(
  p_service text, p_form jsonb, p_who text, out status int, out body text)
language plpgsql as $$
begin
  update sandbox.ledger_code set used_at = clock_timestamp()
   where code = p_form->>'code' and who = p_who and used_at is null
     and expires_at > clock_timestamp() and redirect_uri is not distinct from p_form->>'redirect_uri';
  if not found then
    status := 400;
    body := sandbox.ledger_refusal('invalid_grant', 'The code is invalid, was used or has expired');
    return;
  end if;
  status := 200;
  body := sandbox.ledger_issue(p_who, p_service, 1, p_form->>'@jwt' = '1');
end $$;

create or replace function sandbox.ledger_grant(
  p_service text, p_path text, p_form jsonb, out status int, out body text)
language plpgsql as $$
declare
  e record;
  c sandbox.ledger_company;
  grant_type text := p_form->>'grant_type';
begin
  select * into e from sandbox.ledger_endpoint(p_service, p_path);
  status := 400;
  if p_form ? '@type' then
    body := sandbox.ledger_refusal('invalid_request', 'The body must be a form');
    return;
  elsif grant_type is null or grant_type <> all (e.grants) then
    body := sandbox.ledger_refusal('unsupported_grant_type', 'grant_type is missing or unknown');
    return;
  elsif e.client = 'none' and grant_type = 'password' then
    select * into c from sandbox.ledger_company m
     where m.erp = p_service and m.username = p_form->>'username' and m.password = p_form->>'password';
  elsif e.client <> 'none' then
    select * into c from sandbox.ledger_company m
     where m.erp = p_service and (p_form->>'@client' = 'basic' or e.client = 'any')
       and m.client_id = coalesce(p_form->>'@id', p_form->>'client_id')
       and m.client_secret = coalesce(p_form->>'@secret', p_form->>'client_secret');
  end if;
  if c.who is null and not (e.client = 'none' and grant_type = 'refresh_token') or c.suspended then
    status := 401;
    body := sandbox.ledger_refusal('invalid_client', 'Unknown client or wrong secret');
  elsif grant_type = 'refresh_token' then
    select r.status, r.body into status, body
      from sandbox.ledger_refresh(p_service, p_form, c.who, e.rotates) r;
  elsif grant_type = 'authorization_code' then
    select r.status, r.body into status, body from sandbox.ledger_redeem(p_service, p_form, c.who) r;
  else
    status := 200;
    body := sandbox.ledger_issue(c.who, p_service, case when grant_type = 'password' then 1 end, false);
  end if;
end $$;
