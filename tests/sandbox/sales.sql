/* The stand-ins of data collecting (and what the books' stand-ins share with them: ledger.sql): Online Software, CardapioWeb, WhatsApp's Cloud API and the
 * internal WhatsApp gateway.  Services are named 'online-software', 'cardapio-web', 'whatsapp' and
 * 'gateway' everywhere.
 *
 * HOW TO ARRANGE THINGS
 *
 * Online Software: an organization is its token; putting a sale makes it.
 *   insert into sandbox.online_organization values ('ficha-1');
 *   select sandbox.sales_seed('ficha-1', '2026-03-05', 1000);      -- 3.5 items a sale; every third
 *       has a buyer of its own, the others share 200; each 29th is SN02, each 41st SN99, each 17th
 *       AO CONSUMIDOR, each 20th has a partner; always the same for a day and number
 *   select sandbox.sales_seed('ficha-1', '2026-03-05', 1000, 50);  -- all of 50 buyers
 *   select sandbox.sale_put('ficha-1', '2026-03-05', '{"id":"7","valor":1.50}');
 *       listed on that day exactly as given: order of members, texts of numbers, any JSON value
 *   select sandbox.sale_put('ficha-1', '2026-03-05', sandbox.sale_record('2026-03-05',
 *     '{"id":"7","valor":"1.50"}'));      -- a whole record, these members in place of the usual ones
 *   select sandbox.sale_change('ficha-1', '7', '{"natureza":"SN99"}');  -- null is null; `data` moves it
 *   update sandbox.online_organization set suspended = true where token = 'ficha-1';
 *
 * CardapioWeb: a store is its merchant id and key (putting an order makes it, its key then is
 * 'chave-de-ensaio-' and the merchant id).
 *   insert into sandbox.cardapio_store values ('10001', 'a-key');
 *   select sandbox.orders_seed('10001', '2026-03-05', 230);        -- each ninth is canceled
 *   select sandbox.order_put('10001', '{"id":7,"status":"closed","total":50.00,
 *     "created_at":"2026-03-05T12:00:00-03:00","items":[]}');      -- details are exactly this;
 *       the same id again replaces it.  sandbox.order_record('{…}') fills in what is usual
 *   select sandbox.order_change('10001', 7, '{"status":"canceled"}');   -- updated_at moves on
 *   select sandbox.sales_set('cardapio-web', 'history_per_minute', '0');  -- no limit (real: 5)
 *
 * WhatsApp: a phone is its id and token.
 *   insert into sandbox.whatsapp_phone values ('100200300', 'EAA…');
 *   insert into sandbox.whatsapp_template (name, parameters) values ('boas_vindas', 2);
 *       as soon as one is declared, others are refused (132001) and so is another number of
 *       parameters (132000; null: any number)
 *   select sandbox.sales_set('whatsapp', 'message_status', 'held_for_quality_assessment');
 *   select sender, to_, template, parameters, at from sandbox.whatsapp_message order by id;
 * The gateway: a session is its id.  Its secret is the setting ('gateway', 'secret').
 *   insert into sandbox.gateway_session values ('sessao-1');       -- deleted: 404
 *   select sandbox.sales_set('gateway', 'queues', 'N');            -- sent at once, no jobId
 *
 * A fault (sandbox.fault; every column may be left out):
 *   -- the second call of this organization is answered 502 by the service's nginx
 *   insert into sandbox.fault (service, who, nth, status) values ('online-software', 'ficha-1', 2, 502);
 *   -- the details of order 7 are an error for ever
 *   insert into sandbox.fault (service, kind, request, times, status)
 *     values ('cardapio-web', 'details', '{"id":"7"}', null, 500);
 *   -- too many, with a header and a body of our own
 *   insert into sandbox.fault (service, status, headers, body)
 *     values ('cardapio-web', 429, '{"Retry-After":"2"}', '{"code":4290}');
 *   -- kept open for 30 s and then answered as usual; closed without an answer; cut in the middle;
 *   -- accepted (the message is in whatsapp_message), but the caller hears of a lost connection
 *   insert into sandbox.fault (behaviour, delay_ms) values ('hang', 30000);
 *   insert into sandbox.fault (behaviour) values ('reset'), ('cut'), ('lost');
 *   -- the usual answer with another type; at ten bytes a second; its first half as if that were the
 *   -- whole; not in UTF-8
 *   insert into sandbox.fault (behaviour, content_type) values ('truth', 'text/plain');
 *   insert into sandbox.fault (behaviour, bytes_per_s) values ('drip', 10);
 *   insert into sandbox.fault (behaviour) values ('half'), ('windows-1252');
 * `who` is the token, the merchant, the phone id, the session; `kind` is sales, history, details,
 * messages; `request` is contained in the call's request (see sandbox.call).  `nth` is counted from
 * the INSERT; `times` consecutive calls meet the fault (null: for ever); `performed`: the work is done
 * first.  Of several faults the oldest is played.  They win over limits, not over wrong credentials.
 *
 * Time of every call:  select sandbox.sales_set('whatsapp', 'latency_ms', '1000');
 * A waiting call is no worker's: as many as connections may wait at once.
 *
 * What happened (sandbox.call: a row per request that reached a service, the refused ones too):
 *   select service, who, kind, request, verdict, status, at, ended_at from sandbox.call order by at, id;
 *
 * A minute passes for CardapioWeb's limits:  select sandbox.sales_forget();
 * Everything back to the beginning:          select sandbox.sales_reset();  */

create table if not exists sandbox.sales_settings (
  service text,
  name text,
  value text not null,
  fallback text not null,             -- what sales_reset gives back
  meaning text not null,
  primary key (service, name)
);

insert into sandbox.sales_settings (service, name, value, fallback, meaning)
select service, name, value, value, meaning from (values
  ('online-software', 'latency_ms', '0', 'time of every call'),
  ('cardapio-web', 'latency_ms', '0', 'time of every call'),
  ('cardapio-web', 'history_per_minute', '5', 'calls of one store in a sliding minute; 0: unlimited'),
  ('cardapio-web', 'details_per_minute', '400', 'the same for orders'' details'),
  ('whatsapp', 'latency_ms', '0', 'time of every call'),
  ('whatsapp', 'message_status', '', 'messages[0].message_status of what is accepted; empty: none'),
  ('gateway', 'latency_ms', '0', 'time of every call'),
  ('gateway', 'queues', 'S', 'S: messages are queued, with a jobId; N: sent at once'),
  ('gateway', 'secret', md5(random()::text), 'what its callers show; deploy/up gives it the stack''s')
) as s (service, name, value, meaning)
on conflict do nothing;

create table if not exists sandbox.fault (
  id bigint generated always as identity primary key,
  service text,                -- null: any
  who text,                    -- null: any
  kind text,                   -- null: any
  request jsonb,               -- only calls whose request contains this; null: any
  nth int,                     -- which of those calls, counted from now; null: the next
  times int default 1,         -- how many in a row; null: all that follow
  behaviour text not null default 'answer'
    check (behaviour in ('answer', 'hang', 'reset', 'cut', 'lost', 'truth', 'drip', 'half',
                         'windows-1252', 'repeat', 'empty')),
  delay_ms int not null default 0,             -- before anything is sent
  bytes_per_s int not null default 10,         -- of a 'drip'
  performed boolean not null default false,    -- the work is done before the fault is played
  status int,                  -- null: 500, or 200 with a body; with 'hang': the usual answer
  content_type text,           -- null: by the body
  headers jsonb not null default '{}',         -- {"Retry-After":"5"}
  body text,                   -- null: what the service says with that status
  body_bytes bytea,            -- in its place, what is not UTF-8
  seen int not null default 0  -- calls that matched so far
);

create table if not exists sandbox.call (
  id bigint generated always as identity primary key,
  service text not null,
  who text not null,
  kind text not null,
  request jsonb,               -- of a POST: the body (without a token); of a GET: its parameters as
                               -- texts, those named x[] as lists, and the path's id
  verdict text not null,       -- go, fault, or why it was refused: credentials unknown rate
  at timestamptz not null,     -- when the program had the request, to the microsecond
  ended_at timestamptz,        -- when its answer was or will be sent; null while it is worked on
  status int                   -- as sent; null for a connection that was reset
);
create index if not exists call_recent on sandbox.call (service, who, kind, at);

/* Calls of these wait before they are answered, for the lock (78, 1), which a test holds. */
create table if not exists sandbox.sales_hold (
  service text not null,
  kind text                    -- null: any
);

create or replace function sandbox.sales_set(p_service text, p_name text, p_value text)
returns void language plpgsql as $$
begin
  update sandbox.sales_settings set value = p_value where service = p_service and name = p_name;
  if not found then
    raise 'the sandbox''s % has no setting %', p_service, p_name;
  end if;
end $$;

create or replace function sandbox.sales_setting(p_service text, p_name text) returns text
language plpgsql stable as $$
begin
  return (select value from sandbox.sales_settings where service = p_service and name = p_name);
end $$;

/* Are these credentials good?  'go', 'credentials', or 'unknown' (a phone that does not exist). */
create or replace function sandbox.sales_admits(p_service text, p_who text, p_secret text)
returns text language plpgsql stable as $$
declare
  token text;
begin
  case p_service
  when 'online-software' then
    perform from sandbox.online_organization where online_organization.token = p_who and not suspended;
  when 'cardapio-web' then
    perform from sandbox.cardapio_store
      where merchant = p_who and api_key = p_secret and not suspended;
  when 'gateway' then
    perform where p_secret = sandbox.sales_setting('gateway', 'secret');
  when 'whatsapp' then
    select p.token into token from sandbox.whatsapp_phone p where phone_id = p_who;
    if not found and exists (select from sandbox.whatsapp_phone p where p.token = p_secret) then
      return 'unknown';
    end if;
    perform where token = p_secret;
  end case;
  return case when found then 'go' else 'credentials' end;
end $$;

/* Seconds until a store may call again; 0: now. */
create or replace function sandbox.sales_over_rate(p_service text, p_who text, p_kind text)
returns int language plpgsql volatile as $$
declare
  allowed int := sandbox.sales_setting(p_service, p_kind || '_per_minute')::int;
begin
  if coalesce(allowed, 0) = 0 then
    return 0;
  end if;
  perform pg_advisory_xact_lock(hashtextextended('sandbox:sales:' || p_who || ':' || p_kind, 0));
  return coalesce((
    select greatest(1, ceil(60 - extract(epoch from clock_timestamp() - at)))::int from sandbox.call
     where service = p_service and who = p_who and kind = p_kind
       and at > clock_timestamp() - interval '1 minute' and verdict in ('go', 'fault')
     order by at desc limit 1 offset allowed - 1), 0);
end $$;

/* Counts this call for the faults that concern it and gives the one that is due, or nulls. */
create or replace function sandbox.sales_due_fault(p_service text, p_who text, p_kind text,
                                                   p_request jsonb)
returns sandbox.fault language plpgsql as $$
declare
  fault sandbox.fault;
begin
  with counted as (
    update sandbox.fault f set seen = f.seen + 1
     where (f.service is null or f.service = p_service)
       and (f.who is null or f.who = p_who)
       and (f.kind is null or f.kind = p_kind)
       and (f.request is null or p_request @> f.request)
       and (f.times is null or f.seen < coalesce(f.nth, 1) + f.times - 1)
    returning f.*)
  select * into fault from counted where seen >= coalesce(nth, 1) order by id limit 1;
  return fault;
end $$;

/* Receives a call: `go` (do the work), `fault` (play it) or a refusal. */
create or replace function sandbox.sales_enter(
  p_service text, p_who text, p_secret text, p_kind text, p_request jsonb, p_at timestamptz,
  out id bigint, out verdict text, out retry_after int, out delay_ms int, out behaviour text,
  out performed boolean, out status int, out content_type text, out headers jsonb, out body bytea,
  out caller text, out bytes_per_s int)
language plpgsql as $$
declare
  fault sandbox.fault;
begin
  delay_ms := sandbox.sales_setting(p_service, 'latency_ms')::int;
  if sandbox.is_ledger(p_service) then -- whose callers show tokens
    select a.caller, a.verdict into caller, verdict
      from sandbox.ledger_admits(p_service, p_kind, p_who, p_secret) a;
  else
    caller := p_who;
    verdict := sandbox.sales_admits(p_service, p_who, p_secret);
  end if;
  if verdict <> 'credentials' then
    fault := sandbox.sales_due_fault(p_service, caller, p_kind, p_request);
    retry_after := case when fault.id is not null or verdict <> 'go' then 0
                        when sandbox.is_ledger(p_service)
                        then sandbox.ledger_over_rate(p_service, caller, p_kind)
                        else sandbox.sales_over_rate(p_service, caller, p_kind) end;
    verdict := case when fault.id is not null then 'fault' when retry_after > 0 then 'rate'
                    else verdict end;
  end if;
  if fault.id is not null then
    delay_ms := delay_ms + fault.delay_ms;
    behaviour := fault.behaviour;
    performed := fault.performed or fault.behaviour not in ('answer', 'reset', 'cut');
    bytes_per_s := fault.bytes_per_s;
    status := fault.status;
    content_type := fault.content_type;
    headers := fault.headers;
    body := coalesce(fault.body_bytes, convert_to(fault.body, 'UTF8'));
  end if;
  insert into sandbox.call (service, who, kind, request, verdict, at)
  values (p_service, caller, p_kind, p_request, verdict, p_at)
  returning call.id into id;
end $$;

create or replace function sandbox.sales_leave(p_id bigint, p_status int, p_delay_ms int)
returns void language plpgsql as $$
begin
  perform pg_advisory_xact_lock_shared(78, 1)
    from (select from sandbox.sales_hold h join sandbox.call c
              on c.service = h.service and c.kind = coalesce(h.kind, c.kind)
           where c.id = p_id limit 1) held;
  update sandbox.call
     set status = p_status, ended_at = clock_timestamp() + p_delay_ms * interval '1 ms'
   where id = p_id;
end $$;

create or replace function sandbox.sales_forget() returns void language sql as $$
  update sandbox.call set at = at - interval '1 day', ended_at = ended_at - interval '1 day';
$$;

create or replace function sandbox.sales_reset() returns void language sql as $$
  truncate sandbox.online_organization, sandbox.online_sale, sandbox.cardapio_store,
           sandbox.cardapio_order, sandbox.whatsapp_phone, sandbox.whatsapp_template,
           sandbox.whatsapp_message, sandbox.gateway_session, sandbox.fault, sandbox.call,
           sandbox.sales_hold
    restart identity;
  update sandbox.sales_settings set value = fallback where value <> fallback;
$$;

/* A JSON object with members changed in place and new ones after them; texts stay as they were
 * written. */
create or replace function sandbox.json_merge(base json, change json) returns json
language sql immutable as $$
  select ('{' || coalesce(string_agg(to_json(key)::text || ':' || value, ',' order by place), '')
          || '}')::json
    from (select b.key, coalesce(c.value, b.value)::text as value, b.place
            from json_each(base) with ordinality as b (key, value, place)
            left join json_each(change) c on c.key = b.key
          union all
          select c.key, c.value::text, 1000000 + c.place
            from json_each(change) with ordinality as c (key, value, place)
           where not exists (select from json_each(base) b where b.key = c.key)) m;
$$;
