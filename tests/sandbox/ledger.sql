/* The stand-ins of the ERPs whose books are read (erp-connectors.md 6): services 'totvs', 'contaazul'
 * and 'bling'; Omie's books are methods of Omie's stand-in.  All render the same ledger, each in its
 * own dialect, so that balances balance and entries come to them.
 *
 * HOW TO ARRANGE THINGS
 *
 * A company: its name here (`who`) is what sandbox.call and sandbox.fault call it.
 *   select sandbox.ledger_company_put('teste-1', 'totvs', '{"company_id":"01","tenant":"T1,D MG 01",
 *     "client_id":"c","client_secret":"s","username":"u","password":"p"}');
 *   select sandbox.ledger_company_put('teste-2', 'contaazul', '{"client_id":"c2","client_secret":"s",
 *     "refresh_token":"r1"}');          -- the chain begins with r1
 *   select sandbox.ledger_company_put('teste-3', 'bling', '{"api_key":"k","client_id":"c3",…}');
 *   select sandbox.ledger_company_put('teste-4', 'omie', '{"api_key":"123","client_secret":"<hex>",
 *     "company_id":"77"}');             -- app_key and app_secret; a row of omie_app as well
 *   update sandbox.ledger_company set suspended = true where who = 'teste-1';
 *
 * Its books:
 *   select sandbox.ledger_seed('teste-1', '2026-01-01', 20, 500);      -- 20 accounts besides their
 *       sums, 500 journal entries a month (of 2 or 3 lines), one month; always the same for the same
 *       arguments.  A fifth argument: so many months
 *   select sandbox.ledger_fill('teste-1', '1.01.001', '4.01.001', '2026-01-01', 100000);
 *       100,000 more that debit the one and credit the other account, spread over that month
 *   select sandbox.ledger_put_account('teste-1', '1.01.009', 'Caixinha', 'ASSET', 150.00);
 *   select sandbox.ledger_put_voucher('teste-1', '2026-01-05', 'journal',
 *     '[{"account":"1.01.001","debit":10.00},{"account":"4.01.001","credit":10.00}]');
 *   select * from sandbox.ledger_balances('teste-1', '2026-01-01', '2026-01-31');  -- the truth
 *
 * Rows exactly as given (JSON, or XML for kinds v2-…) in place of those of the books; pages as usual:
 *   select sandbox.ledger_put('teste-1', 'trial-balance', '{"CT1_CONTA":"1.01.001",…}');
 *   select sandbox.ledger_put('teste-1', 'subledger', '{"id":"7",…}', '1.01.001', '2026-01-05');
 *       only for that account (or {id} of the path), and in periods with that day; either may be null
 *   insert into sandbox.ledger_row (who, kind, body) select 'teste-1', 'subledger', format(…)
 *     from generate_series(1, 100000) n;
 *
 * Kinds of calls:
 *   totvs      token, trial-balance, subledger, chart, companies, health
 *   contaazul  token, chart, transactions, companies; v2: categories, dre, accounts, balance,
 *              receivables, payables, instalment, transfers
 *   bling      token, chart, subledger, trial-balance, companies; caixas: accounts, categories,
 *              transactions, detail; XML: v2-receivables, v2-payables, v2-companies
 *   (unknown: a path that does not exist)
 *
 * Faults (sandbox.fault; see sales.sql for all that can be said of them):
 *   -- the second page is refused, once; too many calls, with a header; a page of HTML
 *   insert into sandbox.fault (service, who, kind, request, status)
 *     values ('totvs', 'teste-1', 'subledger', '{"page":"2"}', 401);
 *   insert into sandbox.fault (who, kind, status, headers)
 *     values ('teste-1', 'trial-balance', 429, '{"Retry-After":"2"}');
 *   insert into sandbox.fault (who, kind, status, body)
 *     values ('teste-1', 'trial-balance', 200, '<html>manutenção</html>');
 *   -- not followed, one hopes
 *   insert into sandbox.fault (who, status, headers) values ('teste-1', 302, '{"Location":"https://…"}');
 *   -- every page from the second on lists the first one's rows; pages without rows that claim more
 *   insert into sandbox.fault (who, kind, nth, times, behaviour) values ('teste-1', 'subledger', 2, null, 'repeat');
 *   insert into sandbox.fault (who, kind, times, behaviour) values ('teste-1', 'subledger', null, 'empty');
 *   -- and: hang (delay_ms), reset, cut, lost (of a token call: the old refresh token is spent),
 *   -- truth (delay_ms, content_type, headers), drip (bytes_per_s), half, windows-1252
 *
 * Tokens:
 *   update sandbox.ledger_token set expires_at = now() where who = 'teste-1' and kind = 'access';
 *   select uses, used_at from sandbox.ledger_token where who = 'teste-2' and kind = 'refresh' and link = 1;
 *   select sandbox.sales_set('totvs', 'token_seconds', '120');
 *   insert into sandbox.ledger_code (code, who) values ('c-1', 'teste-2');  -- a person agreed: good once,
 *       for a minute, with the redirect_uri of its row
 *
 * Settings (select * from sandbox.sales_settings where service in ('totvs','contaazul','bling')):
 *   select sandbox.sales_set('contaazul', 'per_second', '10');   -- limits are off until set
 *   select sandbox.sales_set('totvs', 'paging', 'N');            -- everything in one answer
 *   select sandbox.sales_set('totvs', 'shift', '1');             -- a row more before each next page
 *
 * What happened: sandbox.call, as for the others; `request` has the parameters, and path, id,
 * tenantId, companyId, accept; of a token call grant_type, scope, @in (body, query), @client (basic).
 *   select count(*) from sandbox.call where who = 'teste-1' and kind = 'token';
 * The most calls in any window of a minute:
 *   select sandbox.ledger_busiest('teste-1', '60 s');
 *
 * Everything back to the beginning (the stack's own companies stay): select sandbox.ledger_reset();  */

insert into sandbox.sales_settings (service, name, value, fallback, meaning)
select service, name, value, value, meaning from (values
  ('totvs', 'latency_ms', '0', 'time of every call'),
  ('totvs', 'per_second', '0', 'calls of one company in a sliding second; 0: unlimited'),
  ('totvs', 'per_minute', '0', 'the same in a minute'),
  ('totvs', 'tokens_per_minute', '0', 'token calls of one company in a sliding minute'),
  ('totvs', 'token_seconds', '3600', 'life of an access token'),
  ('totvs', 'paging', 'S', 'N: page and pageSize change nothing, no hasNext'),
  ('totvs', 'shift', '0', 'rows that come in before the first one between a page and the next'),
  ('totvs', 'classe', 'document', 'CTI_CLASSE: document (1 analytic) or protheus (1 synthetic)'),
  ('contaazul', 'latency_ms', '0', 'time of every call'),
  ('contaazul', 'per_second', '0', 'the vendor''s: 10'),
  ('contaazul', 'per_minute', '0', 'the vendor''s: 600'),
  ('contaazul', 'tokens_per_minute', '0', 'token calls of one company in a sliding minute'),
  ('contaazul', 'token_seconds', '3600', 'life of an access token'),
  ('contaazul', 'shift', '0', 'rows that come in before the first one between a page and the next'),
  ('contaazul', 'due_dates', 'S', 'v2: data_vencimento_de and _ate are mandatory'),
  ('bling', 'latency_ms', '0', 'time of every call'),
  ('bling', 'per_second', '0', 'the vendor''s: 3'),
  ('bling', 'per_minute', '0', 'none is known'),
  ('bling', 'tokens_per_minute', '0', 'the vendor''s: 20'),
  ('bling', 'token_seconds', '21600', 'life of an access token'),
  ('bling', 'shift', '0', 'rows that come in before the first one between a page and the next'),
  ('bling', 'amounts', 'N', 'S: contascontabeis lists the four amounts of analytic accounts'),
  ('bling', 'api_key_v3', 'N', 'S: v3 takes an apikey as well')
) as s (service, name, value, meaning)
on conflict do nothing;

create or replace function sandbox.is_ledger(p_service text) returns boolean
language sql immutable as $$
  select p_service in ('totvs', 'contaazul', 'bling');
$$;

/* A company with a login of its own; what is not said is made up.  Put again it is changed; a new
 * refresh token begins a new chain.  Gives all of it. */
create or replace function sandbox.ledger_company_put(p_who text, p_erp text, p_more jsonb default '{}')
returns jsonb language plpgsql as $$
declare
  c sandbox.ledger_company;
  chain text := p_more->>'refresh_token';
begin
  insert into sandbox.ledger_company as c
  select p_who, p_erp, '01', 'Empresa ' || p_who || ' Ltda', '12.345.678/0001-95', 'T1,D MG ' || p_who,
         'cliente-' || md5(random()::text), md5(random()::text), 'usuario-' || md5(random()::text),
         md5(random()::text),
         case when p_erp = 'omie' then (1e12 + floor(random() * 8e12))::bigint::text
              else md5(random()::text) end, false, false
  on conflict do nothing;
  update sandbox.ledger_company set
    company_id = coalesce(p_more->>'company_id', company_id),
    name = coalesce(p_more->>'name', name),
    document = coalesce(p_more->>'document', document),
    tenant = coalesce(p_more->>'tenant', tenant),
    client_id = coalesce(p_more->>'client_id', client_id),
    client_secret = coalesce(p_more->>'client_secret', client_secret),
    username = coalesce(p_more->>'username', username),
    password = coalesce(p_more->>'password', password),
    api_key = coalesce(p_more->>'api_key', api_key),
    kept = coalesce((p_more->>'kept')::boolean, kept)
  where who = p_who returning * into c;
  if c.erp = 'omie' then
    insert into sandbox.omie_app values (c.api_key, c.client_secret)
    on conflict (app_key) do update set app_secret = excluded.app_secret;
  elsif not exists (select from sandbox.ledger_token t
                     where t.who = p_who and kind = 'refresh' and (chain is null or token = chain)) then
    chain := coalesce(chain, 'eyJ' || md5(random()::text));
    insert into sandbox.ledger_token (token, who, kind, expires_at)
    values (chain, p_who, 'refresh', now() + interval '5 years');
  end if;
  return to_jsonb(c) || jsonb_build_object('refresh_token', chain);
end $$;

create or replace function sandbox.ledger_reset() returns void language sql as $$
  delete from sandbox.ledger_company where not kept;
  delete from sandbox.ledger_row;
  delete from sandbox.ledger_token where kind = 'access' or link > 1;
  delete from sandbox.ledger_code;
  update sandbox.ledger_token set used_at = null, uses = 0; -- whoever forgot his tokens begins anew
  truncate sandbox.fault, sandbox.call, sandbox.sales_hold;
  update sandbox.sales_settings set value = fallback
   where sandbox.is_ledger(service) and value <> fallback;
$$;

/* Whose credentials are these, and are they good?  `go`, `credentials` (401), `forbidden` (403).  A
 * token call is let in: its own function looks at what it shows. */
create or replace function sandbox.ledger_admits(
  p_service text, p_kind text, p_shown text, p_tenant text, out caller text, out verdict text)
language plpgsql volatile as $$
declare
  c sandbox.ledger_company;
  scheme text := lower(split_part(p_shown, ' ', 1));
  value text := substr(p_shown, strpos(p_shown, ' ') + 1);
  good boolean := false;
begin
  if p_kind = 'token' then
    select * into c from sandbox.ledger_company
     where erp = p_service and (scheme = 'client' and client_id = value
                                or scheme = 'user' and username = value);
    caller := coalesce(c.who, '');
    verdict := 'go';
    return;
  end if;
  if scheme = 'bearer' and p_kind not like 'v2-%' then
    select m.* into c from sandbox.ledger_company m join sandbox.ledger_token t using (who)
     where t.token = value and t.kind = 'access' and m.erp = p_service;
    good := exists (select from sandbox.ledger_token where token = value
                       and expires_at > clock_timestamp());
  elsif scheme = 'apikey' and p_service = 'bling' then
    select * into c from sandbox.ledger_company where api_key = value and erp = 'bling';
    good := p_kind like 'v2-%' or sandbox.sales_setting('bling', 'api_key_v3') = 'S';
  elsif scheme = 'basic' and p_service = 'totvs' then
    select * into c from sandbox.ledger_company
     where erp = 'totvs' and value = translate(
             encode(convert_to(username || ':' || password, 'UTF8'), 'base64'), E'\n', '');
    good := true;
  end if;
  caller := coalesce(c.who, '');
  verdict := case when c.who is null or not good or c.suspended then 'credentials'
                  when p_service = 'totvs' and p_tenant <> c.tenant then 'forbidden'
                  else 'go' end;
end $$;

/* Seconds until so many calls in such a window leave room for another; 0: now. */
create or replace function sandbox.ledger_window_wait(
  p_service text, p_who text, p_token boolean, p_allowed int, p_window interval)
returns int language plpgsql volatile as $$
begin
  return coalesce((
    select greatest(1, ceil(extract(epoch from at + p_window - clock_timestamp())))::int
      from sandbox.call
     where service = p_service and who = p_who and (kind = 'token') = p_token
       and at > clock_timestamp() - p_window and verdict in ('go', 'fault')
     order by at desc limit 1 offset greatest(p_allowed, 1) - 1), 0) * (p_allowed > 0)::int;
end $$;

create or replace function sandbox.ledger_over_rate(p_service text, p_who text, p_kind text)
returns int language plpgsql volatile as $$
declare
  s jsonb := (select jsonb_object_agg(name, value) from sandbox.sales_settings
               where service = p_service and name ~ 'per_');
begin
  if not exists (select from jsonb_each_text(s) where value <> '0') then
    return 0;
  end if;
  perform pg_advisory_xact_lock(hashtextextended('sandbox:ledger:' || p_who, 0));
  if p_kind = 'token' then
    return sandbox.ledger_window_wait(p_service, p_who, true, (s->>'tokens_per_minute')::int, '1 min');
  end if;
  return greatest(
    sandbox.ledger_window_wait(p_service, p_who, false, (s->>'per_second')::int, '1 s'),
    sandbox.ledger_window_wait(p_service, p_who, false, (s->>'per_minute')::int, '1 min'));
end $$;

/* The most calls (token calls left out) that began in any window so wide. */
create or replace function sandbox.ledger_busiest(p_who text, p_window interval) returns bigint
language sql stable as $$
  select coalesce(max(n), 0)
    from (select count(*) over (order by at range between current row and p_window following
                                exclude no others) as n
            from sandbox.call where who = p_who and kind <> 'token') w;
$$;
