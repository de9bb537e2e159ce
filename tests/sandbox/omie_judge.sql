/* What happens to a call before and after its work: the limits that Omie counts per app and
 * method.  Order (omie-api.md 12): JSON, credentials, arranged faults, block, rate, concurrency,
 * method, redundancy; parameters and business are the program's. */

create or replace function sandbox.omie_settings_of(p_app text) returns jsonb
language plpgsql stable as $$
begin -- (plpgsql keeps plans; functions in plain SQL are planned at every call)
  return (select jsonb_object_agg(name, value order by app_key) -- the app's own comes last and wins
            from sandbox.omie_settings where app_key in ('', p_app));
end $$;

create or replace function sandbox.omie_now(p_settings jsonb) returns timestamptz
language plpgsql volatile as $$
begin
  return clock_timestamp() + make_interval(secs => (p_settings->>'clock_offset_s')::float8);
end $$;

/* The sandbox's time. */
create or replace function sandbox.omie_now() returns timestamptz language sql volatile as $$
  select sandbox.omie_now(sandbox.omie_settings_of(''));
$$;

/* One call of one app and method is judged at a time. */
create or replace function sandbox.omie_lock(p_app text, p_method text) returns void
language plpgsql volatile as $$
begin
  perform pg_advisory_xact_lock(hashtextextended('sandbox:omie:' || p_app || ':' || p_method, 0));
end $$;

/* Counts this call for the faults that concern it and gives the one that is due, or a row of nulls. */
create or replace function sandbox.omie_due_fault(p_app text, p_method text, p_param jsonb)
returns sandbox.omie_fault language plpgsql as $$
declare
  fault sandbox.omie_fault;
begin
  with counted as (
    update sandbox.omie_fault f set seen = f.seen + 1
     where (f.app_key is null or f.app_key = p_app)
       and (f.method is null or f.method = p_method)
       and (f.param is null or p_param @> f.param)
       and (f.times is null or f.seen < coalesce(f.nth, 1) + f.times - 1)
    returning f.*)
  select * into fault from counted where seen >= coalesce(nth, 1) order by id limit 1;
  return fault;
end $$;

create or replace function sandbox.omie_in_flight(p_app text, p_method text) returns int
language plpgsql volatile as $$
begin
  return (select count(*) from sandbox.omie_call c
           where c.app_key = p_app and c.method = p_method and c.running
             and exists (select from pg_stat_get_activity(c.backend)));
end $$;

create or replace function sandbox.omie_over_rate(p_app text, p_method text, p_now timestamptz,
                                                  s jsonb)
returns boolean language plpgsql volatile as $$
declare
  of_method int := (s->>'rate_per_minute')::int;
  of_ip int := (s->>'rate_per_minute_ip')::int;
begin
  if of_method > 0 and of_method <= (
       select count(*) from sandbox.omie_call
        where app_key = p_app and method = p_method and clock > p_now - interval '1 minute'
          and verdict not in ('json', 'credentials', 'rate')) then
    return true;
  end if;
  return of_ip > 0 and of_ip <= (
       select count(*) from sandbox.omie_call
        where clock > p_now - interval '1 minute' and verdict <> 'rate'
          and method <> 'download'); -- another host's
end $$;

/* Seconds left in which this call counts as a repetition of an answered one; 0: none. */
create or replace function sandbox.omie_redundant_for(p_app text, p_method text, p_param jsonb,
                                                      p_now timestamptz, p_window int)
returns int language plpgsql volatile as $$
begin
  return (select coalesce(ceil(p_window - extract(epoch from p_now - max(answered)))::int, 0)
    from sandbox.omie_call
   where p_window > 0 and app_key = p_app and method = p_method and answered is not null
     and jsonb_hash(param) = jsonb_hash(p_param) and param = p_param
     and answered > p_now - make_interval(secs => p_window) and answered <= p_now);
end $$;

/* Seconds that this call is blocked for, 0: not at all.  A call made meanwhile renews the block. */
create or replace function sandbox.omie_blocked_for(p_app text, p_method text, p_now timestamptz,
                                                    s jsonb)
returns int language plpgsql as $$
declare
  left_s int;
begin
  select ceil(extract(epoch from until - p_now)) into left_s from sandbox.omie_block
   where app_key = p_app and method = p_method and until > p_now;
  if left_s is null then
    return 0;
  end if;
  if s->>'block_renewed' = 'S' then
    left_s := (s->>'block_s')::int;
    update sandbox.omie_block set until = p_now + make_interval(secs => left_s)
     where app_key = p_app and method = p_method;
  end if;
  return left_s;
end $$;

/* A time as Omie's texts tell it. */
create or replace function sandbox.omie_hour(moment timestamptz) returns text
language sql stable as $$
  select to_char(moment at time zone 'America/Sao_Paulo', 'HH24:MI:SS');
$$;

/* Receives a call.  `verdict` is `go` (do the work), `fault` (play it) or a refusal; `seconds`
 * belongs to its text.  Calls with `go` and `fault` run until sandbox.omie_leave. */
create or replace function sandbox.omie_enter(
  p_app text, p_secret text, p_method text, p_param jsonb, p_is_json boolean, p_known boolean,
  p_read boolean, p_one boolean,
  out id bigint, out verdict text, out seconds int, out delay_ms int, out row_us int,
  out page_cap int, out is_broken boolean, out behaviour text, out performed boolean,
  out status int, out content_type text, out headers jsonb, out body bytea, out again_at text)
language plpgsql as $$
declare
  s jsonb := sandbox.omie_settings_of(p_app);
  now_s timestamptz := sandbox.omie_now(s);
  fault sandbox.omie_fault;
  flying int := 0;
  slots int;
  known boolean := p_known and not (s->>'orders' = 'strict' and
                     p_method = any (string_to_array(s->>'orders_permissive_calls', ',')));
begin
  verdict := 'go';
  seconds := 0;
  if not p_is_json then
    verdict := 'json';
  elsif not exists (select from sandbox.omie_app a where a.app_key = p_app
                       and a.app_secret = p_secret and not a.suspended) then
    verdict := 'credentials';
  else
    perform sandbox.omie_lock(p_app, p_method);
    flying := sandbox.omie_in_flight(p_app, p_method);
    slots := case when p_one or p_method = any (string_to_array(s->>'one_at_a_time', ','))
                  then 1 else (s->>'parallel')::int end;
    fault := sandbox.omie_due_fault(p_app, p_method, p_param);
    if fault.behaviour = 'hang' and fault.status is null and known then
      verdict := 'go'; -- late, but as usual, whatever the limits say
    elsif fault.id is not null then
      verdict := 'fault';
    else
      seconds := sandbox.omie_blocked_for(p_app, p_method, now_s, s);
      if seconds > 0 then
        verdict := 'blocked';
      elsif sandbox.omie_over_rate(p_app, p_method, now_s, s) then
        verdict := 'rate';
      elsif flying >= slots then
        verdict := 'busy';
      elsif not known then
        verdict := 'unknown';
      elsif p_read then
        seconds := sandbox.omie_redundant_for(p_app, p_method, p_param, now_s,
                                              (s->>'redundancy_s')::int);
        verdict := case when seconds > 0 then 'redundant' else 'go' end;
      else
        seconds := sandbox.omie_redundant_for(p_app, p_method, p_param, now_s,
                                              (s->>'repeated_write_s')::int);
        verdict := case when seconds > 0 then 'repeated' else 'go' end;
        again_at := sandbox.omie_hour(now_s + make_interval(secs => seconds));
      end if;
    end if;
  end if;

  insert into sandbox.omie_call as c (app_key, method, param, verdict, in_flight, clock, running)
  values (left(p_app, 64), left(p_method, 64), p_param, omie_enter.verdict, flying + 1, now_s,
          omie_enter.verdict in ('go', 'fault'))
  returning c.id into omie_enter.id;

  delay_ms := case when verdict in ('go', 'fault')
    then coalesce(fault.seconds * 1000, 0) + (s->>'latency_ms')::int
         + case when id % nullif((s->>'latency_tail_every')::int, 0) = 0
                then (s->>'latency_tail_ms')::int else 0 end
    else 0 end;
  row_us := (s->>'latency_per_row_us')::int;
  page_cap := (s->>'page_cap')::int;
  is_broken := (id * 37) % 100 < (s->>'broken_percent')::int;
  if verdict = 'fault' then
    behaviour := fault.behaviour;
    performed := fault.performed;
    status := fault.status;
    content_type := fault.content_type;
    headers := fault.headers;
    body := coalesce(fault.body_bytes, convert_to(fault.body, 'UTF8'));
  end if;
end $$;

/* The call has ended.  `p_answered`: with a good answer, which a read may not ask for again soon.
 * An HTTP 500 counts towards the block. */
create or replace function sandbox.omie_leave(p_id bigint, p_status int, p_faultcode text,
                                              p_answered boolean)
returns void language plpgsql as $$
declare
  call sandbox.omie_call;
  s jsonb;
  now_s timestamptz;
  since timestamptz;
begin
  select * into call from sandbox.omie_call where id = p_id;
  s := sandbox.omie_settings_of(call.app_key);
  now_s := sandbox.omie_now(s);
  update sandbox.omie_call set running = false, ended_at = clock_timestamp(), status = p_status,
         faultcode = p_faultcode, answered = case when p_answered then now_s end
   where id = p_id;
  if p_status is distinct from 500 or call.verdict = 'json' or (s->>'error_limit')::int = 0
     or p_faultcode = any (string_to_array(s->>'error_not_counted', ',')) then
    return;
  end if;
  perform sandbox.omie_lock(call.app_key, call.method);
  since := greatest(now_s - make_interval(secs => (s->>'error_window_s')::float8),
                    (select until from sandbox.omie_block b
                      where b.app_key = call.app_key and b.method = call.method));
  if s->>'error_reset_by_success' = 'S' then
    since := greatest(since, (select max(clock) from sandbox.omie_call c
      where c.app_key = call.app_key and c.method = call.method and c.status = 200));
  end if;
  if (select count(*) from sandbox.omie_call c
       where c.app_key = call.app_key and c.method = call.method and c.clock > since
         and c.status = 500
         and (c.faultcode = any (string_to_array(s->>'error_not_counted', ','))) is not true)
     >= (s->>'error_limit')::int then
    insert into sandbox.omie_block values
      (call.app_key, call.method, now_s + make_interval(secs => (s->>'block_s')::float8))
    on conflict (app_key, method) do update set until = excluded.until;
  end if;
end $$;
