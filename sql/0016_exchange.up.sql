-- What all processes of all hosts agree on before a request goes to an ERP whose books are read:
-- the circuit breaker of its host, and every bucket that the request takes a token of
-- (erp-connectors.md 4.2, 4.3).  There is one bucket algorithm: take_tokens.
set local role ponte_owner;

alter table erp.rate_bucket
  add column capacity      double precision, -- as configured; where programs disagree, the lowest
  add column refill_per_s  double precision,
  add column configured_at timestamptz,      -- when a program last came with just these
  add column day           date,             -- of the quota, where there is one
  add column day_used      bigint,
  add column day_limit     bigint;

-- The breaker of one company's ERP.  A row is made by the first failure.  The epoch grows with every
-- change of state and with every probe: what was begun in an earlier one no longer counts.
create unlogged table erp.breaker (
  key         text primary key,
  state       text not null default 'CLOSED' check (state in ('CLOSED', 'OPEN', 'HALF_OPEN')),
  failures    integer not null default 0,
  epoch       bigint not null default 0,
  opened_at   timestamptz,
  probe_until timestamptz -- a probe is under way; given up for lost then
);

alter table erp.breaker enable row level security;
alter table erp.breaker force row level security;
create policy system_only on erp.breaker using ((select ponte.is_system()))
  with check ((select ponte.is_system()));
grant select, insert, update, delete on erp.breaker to ponte_app;

-- The tokens in a bucket at an instant.  A paused bucket does not refill before its pause ends.
create function erp.bucket_level(b erp.rate_bucket, p_tick timestamptz) returns double precision
language sql immutable
as $$
  select least(b.capacity, b.tokens + coalesce(b.refill_per_s, 0) * extract(epoch from
    greatest(p_tick, b.updated_at)
    - greatest(b.updated_at, least(coalesce(b.blocked_until, b.updated_at), greatest(p_tick, b.updated_at)))))
$$;

-- The next midnight of a zone.
create function erp.midnight_after(p_tick timestamptz, p_zone text) returns timestamptz
language sql immutable
as $$ select (ponte.local_date(p_tick, p_zone) + 1)::timestamp at time zone p_zone $$;

-- Takes a token of each bucket, all or none, and tells how long to wait before using them: levels
-- below zero are the queue.  Arrays are by bucket; p_day_limits null: none; p_patience null: endless.
--   go      after `hold`
--   late    `hold` would be longer than the patience
--   spent   a day's quota is used up; `hold` to midnight
-- `lowered`: a bucket is configured lower elsewhere, and the lower figures were used.
create function erp.take_tokens(
  p_keys text[], p_capacities double precision[], p_refills double precision[],
  p_day_limits bigint[], p_zone text, p_patience interval,
  out verdict text, out hold interval, out lowered boolean)
language plpgsql
as $$
declare
  asked  record;
  bucket erp.rate_bucket;
  taken  erp.rate_bucket[] := '{}';
  tick   timestamptz;
  today  date;
begin
  hold := interval '0';
  lowered := false;
  insert into erp.rate_bucket (key, tokens, updated_at)
  select a.key, a.capacity, clock_timestamp()
    from unnest(p_keys, p_capacities) as a(key, capacity)
   order by a.key
  on conflict (key) do nothing;

  for asked in
    select a.capacity, a.refill, a.day_limit, b as bucket
      from unnest(p_keys, p_capacities, p_refills, p_day_limits) as a(key, capacity, refill, day_limit)
      join erp.rate_bucket b on b.key = a.key
     order by b.key
       for update of b
  loop
    bucket := asked.bucket;
    tick := greatest(clock_timestamp(), bucket.updated_at);
    -- a program that asks for less is heeded by the others until it was silent for ten minutes
    if bucket.configured_at is null or bucket.configured_at < tick - interval '10 minutes'
       or (asked.capacity <= bucket.capacity and asked.refill <= bucket.refill_per_s) then
      bucket.capacity := asked.capacity;
      bucket.refill_per_s := asked.refill;
      bucket.configured_at := tick;
    else
      bucket.capacity := least(asked.capacity, bucket.capacity);
      bucket.refill_per_s := least(asked.refill, bucket.refill_per_s);
      lowered := true;
    end if;

    if asked.day_limit is not null then
      today := ponte.local_date(tick, p_zone);
      bucket.day_limit := asked.day_limit;
      bucket.day_used := case when bucket.day = today then bucket.day_used else 0 end + 1;
      bucket.day := today;
      if bucket.day_used > bucket.day_limit then
        verdict := 'spent';
        hold := erp.midnight_after(tick, p_zone) - tick;
        return;
      end if;
    end if;

    bucket.tokens := erp.bucket_level(bucket, tick) - 1;
    bucket.updated_at := tick;
    hold := greatest(hold, greatest(bucket.blocked_until - tick, interval '0')
                           + make_interval(secs => greatest(0, -bucket.tokens / bucket.refill_per_s)));
    taken := taken || bucket;
  end loop;

  if hold > p_patience then
    verdict := 'late';
    return;
  end if;
  update erp.rate_bucket b
     set tokens = t.tokens, updated_at = t.updated_at,
         capacity = t.capacity, refill_per_s = t.refill_per_s, configured_at = t.configured_at,
         day = t.day, day_used = t.day_used, day_limit = t.day_limit
    from unnest(taken) t
   where b.key = t.key;
  verdict := 'go';
end
$$;

-- Takes one token of one bucket and tells how long to wait before using it (strict mode of
-- erp-connectors.md 4.3: never more than p_per_minute in any minute).
create or replace function erp.take_token(p_key text, p_per_minute integer, p_burst integer) returns interval
language plpgsql
as $$
declare
  burst  constant integer := least(p_burst, greatest(1, p_per_minute / 2));
  refill constant double precision := greatest(1, p_per_minute - burst) / 60.0; -- a second
begin
  return (erp.take_tokens(array[p_key], array[burst]::double precision[], array[refill],
                          array[null]::bigint[], null, null)).hold;
end
$$;

-- May this request go out?  One round trip for the breaker and all buckets, all or none.
--   go, late, spent   as take_tokens
--   open              the breaker refuses until now + wait_ms
--   busy              somebody else held the rows for long: ask again
-- `epoch` is told back at the end; `failures` those counted so far, while the breaker is closed.
create function erp.enter_exchange(
  p_breaker text, p_recovery_ms bigint,
  p_keys text[], p_capacities double precision[], p_refills double precision[],
  p_day_limits bigint[], p_zone text, p_patience_ms bigint,
  out verdict text, out wait_ms bigint, out epoch bigint, out failures integer,
  out is_probe boolean, out lowered boolean)
language plpgsql
set lock_timeout = '200ms'
as $$
declare
  circuit  erp.breaker;
  recovery constant interval := make_interval(secs => p_recovery_ms / 1000.0);
  hold     interval := interval '0';
begin
  is_probe := false;
  lowered := false;
  select * into circuit from erp.breaker b where b.key = p_breaker;
  if circuit.state <> 'CLOSED' then -- one alone becomes the probe
    select * into circuit from erp.breaker b where b.key = p_breaker for update;
  end if;
  epoch := coalesce(circuit.epoch, 0);
  failures := coalesce(circuit.failures, 0);

  if circuit.state = 'OPEN' then
    hold := least(circuit.opened_at + recovery - clock_timestamp(), recovery);
    is_probe := hold <= interval '0';
  elsif circuit.state = 'HALF_OPEN' then
    is_probe := coalesce(circuit.probe_until <= clock_timestamp(), true);
    hold := interval '1 second';
  end if;
  if circuit.state <> 'CLOSED' and not is_probe then
    verdict := 'open';
    wait_ms := ceil(extract(epoch from hold) * 1000);
    return;
  end if;

  verdict := 'go';
  if cardinality(p_keys) > 0 then
    select t.verdict, t.hold, t.lowered into verdict, hold, lowered
      from erp.take_tokens(p_keys, p_capacities, p_refills, p_day_limits, p_zone,
                           make_interval(secs => p_patience_ms / 1000.0)) t;
  end if;
  wait_ms := ceil(extract(epoch from hold) * 1000);
  if verdict = 'go' and is_probe then
    epoch := epoch + 1;
    update erp.breaker b
       set state = 'HALF_OPEN', epoch = circuit.epoch + 1,
           probe_until = clock_timestamp() + hold + interval '150 seconds'
     where b.key = p_breaker;
  end if;
exception when lock_not_available then
  verdict := 'busy';
  wait_ms := 0;
end
$$;

-- How a request ended: 'succeeded', 'failed' (counted), 'uncounted' (the host answers), 'cancelled'.
-- p_pause_ms > 0 holds the buckets back for everybody; p_whole_day uses up the day's quota, and where
-- there is none, holds the buckets back until midnight.
create function erp.leave_exchange(
  p_breaker text, p_epoch bigint, p_outcome text, p_threshold integer,
  p_keys text[], p_zone text, p_pause_ms bigint, p_whole_day boolean)
returns void
language plpgsql
as $$
declare
  circuit  erp.breaker;
  tick     timestamptz;
  until    timestamptz;
begin
  if p_outcome = 'failed' then
    insert into erp.breaker as b (key) select p_breaker where p_breaker is not null
    on conflict (key) do nothing;
  end if;
  select * into circuit from erp.breaker b
   where b.key = p_breaker and b.epoch = p_epoch and b.state <> 'OPEN' for update;
  tick := clock_timestamp();
  if found then
    if p_outcome = 'failed' then
      circuit.failures := circuit.failures + 1;
    elsif p_outcome = 'succeeded' or circuit.state = 'HALF_OPEN' and p_outcome = 'uncounted' then
      circuit.failures := 0;
    end if;
    circuit.probe_until := null;
    if p_outcome = 'failed' and (circuit.state = 'HALF_OPEN' or circuit.failures >= p_threshold) then
      circuit.state := 'OPEN';
      circuit.opened_at := tick;
      circuit.epoch := p_epoch + 1;
    elsif circuit.state = 'HALF_OPEN' and p_outcome <> 'cancelled' then
      circuit.state := 'CLOSED';
      circuit.epoch := p_epoch + 1;
    end if;
    update erp.breaker b
       set state = circuit.state, failures = circuit.failures, epoch = circuit.epoch,
           opened_at = circuit.opened_at, probe_until = circuit.probe_until
     where b.key = p_breaker;
  end if;

  if p_pause_ms > 0 or p_whole_day then
    perform from erp.rate_bucket b where b.key = any(p_keys) order by b.key for update;
    tick := clock_timestamp();
    until := tick + make_interval(secs => p_pause_ms / 1000.0);
    if p_whole_day then
      update erp.rate_bucket b
         set day = ponte.local_date(tick, p_zone), day_used = b.day_limit
       where b.key = any(p_keys) and b.day_limit is not null;
      if not found then
        until := greatest(until, erp.midnight_after(tick, p_zone));
      end if;
    end if;
    update erp.rate_bucket b
       set tokens = least(erp.bucket_level(b, tick), 0),
           updated_at = greatest(b.updated_at, tick),
           blocked_until = greatest(b.blocked_until, until)
     where b.key = any(p_keys);
  end if;
end
$$;

-- How things stand, for a health page; takes nothing.
create function erp.look_exchange(
  p_breaker text, p_keys text[], p_capacities double precision[],
  out circuit text, out tokens_left double precision)
language sql stable
as $$
  select coalesce((select b.state from erp.breaker b where b.key = p_breaker), 'CLOSED'),
         (select min(coalesce(erp.bucket_level(b, clock_timestamp()), a.capacity))
            from unnest(p_keys, p_capacities) as a(key, capacity)
            left join erp.rate_bucket b on b.key = a.key)
$$;
