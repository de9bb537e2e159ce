-- What all processes of all hosts share about calls to ERPs: who is suspended, how fast, how many.
-- "account" is a hash of the ERP's key, never the key.
create schema erp authorization ponte_owner;
grant usage on schema erp to ponte_app;
set local role ponte_owner;

-- The breaker of one method of one account.  Logged: a block of half an hour outlives a crash.
create table erp.call_guard (
  account       text not null,
  call          text not null,
  blocked_until timestamptz,
  errors        timestamptz[] not null default '{}', -- error answers within the window
  primary key (account, call)
);

-- Token bucket: level at an instant of the database's clock; below zero is the queue.
create unlogged table erp.rate_bucket (
  key           text primary key,
  tokens        double precision not null,
  updated_at    timestamptz not null,
  blocked_until timestamptz
);

-- Calls in flight; a crashed process frees its place by the expiry.
create unlogged table erp.call_slot (
  account    text not null,
  call       text not null,
  holder     uuid not null,
  expires_at timestamptz not null,
  primary key (account, call, holder)
);

do $$
declare name text;
begin
  foreach name in array array['call_guard', 'rate_bucket', 'call_slot'] loop
    execute format('alter table erp.%I enable row level security', name);
    execute format('alter table erp.%I force row level security', name);
    execute format('create policy system_only on erp.%I using ((select ponte.is_system()))'
                   ' with check ((select ponte.is_system()))', name);
    execute format('grant select, insert, update, delete on erp.%I to ponte_app', name);
  end loop;
end
$$;

-- Takes one token of a bucket and tells how long to wait before using it (strict mode of
-- erp-connectors.md 4.3: never more than p_per_minute in any minute).
create function erp.take_token(p_key text, p_per_minute integer, p_burst integer) returns interval
language plpgsql
as $$
declare
  burst  constant integer := least(p_burst, greatest(1, p_per_minute / 2));
  refill constant double precision := greatest(1, p_per_minute - burst) / 60.0; -- a second
  bucket erp.rate_bucket;
  tick   timestamptz;
  base   timestamptz;
  level  double precision;
  hold   interval;
begin
  insert into erp.rate_bucket as b (key, tokens, updated_at)
  values (p_key, burst, clock_timestamp())
  on conflict (key) do nothing;
  select * into bucket from erp.rate_bucket where key = p_key for update;
  tick := greatest(clock_timestamp(), bucket.updated_at);
  -- a paused bucket does not refill before its pause ends
  base := greatest(bucket.updated_at, least(coalesce(bucket.blocked_until, bucket.updated_at), tick));
  level := least(burst, bucket.tokens + extract(epoch from tick - base) * refill) - 1;
  hold := greatest(bucket.blocked_until - tick, interval '0')
          + make_interval(secs => greatest(0, -level / refill));
  update erp.rate_bucket set tokens = level, updated_at = tick where key = p_key;
  return hold;
end
$$;

-- Renews the caller's lease by p_renew(id, duration), a function that answers false when it is lost.
create function erp.renew_lease(p_renew regproc, p_renew_id uuid, p_seconds integer) returns boolean
language plpgsql
as $$
declare
  alive boolean;
begin
  execute format('select %s($1, $2)', p_renew)
    into alive using p_renew_id, make_interval(secs => p_seconds);
  return coalesce(alive, false);
end
$$;

-- May this call go out?  One round trip for all that must agree, in this order: the caller's own
-- lease, the guard, a place among the calls in flight, the rate.
--   lost       the lease is somebody else's: stop
--   suspended  the guard holds calls back until now + wait_ms
--   busy       all places are taken: ask again
--   go         after wait_ms
create function erp.enter_call(
  p_account text, p_call text, p_holder uuid,
  p_places integer, p_place_ms integer,
  p_per_minute integer, p_burst integer,
  p_max_errors integer, p_window_s integer,
  p_renew regproc, p_renew_id uuid, p_renew_s integer,
  out verdict text, out wait_ms bigint)
language plpgsql
as $$
declare
  tick  timestamptz;
  guard erp.call_guard;
  hold  interval := interval '0';
begin
  wait_ms := 0;
  if p_renew is not null and not erp.renew_lease(p_renew, p_renew_id, p_renew_s) then
    verdict := 'lost';
    return;
  end if;

  perform pg_advisory_xact_lock(hashtextextended('ponte:call:' || p_account || ':' || p_call, 0));
  tick := clock_timestamp();
  select * into guard from erp.call_guard where account = p_account and call = p_call;
  if guard.blocked_until > tick
     or (cardinality(guard.errors) >= p_max_errors
         and (select count(*) from unnest(guard.errors) e
               where e > tick - make_interval(secs => p_window_s)) >= p_max_errors) then
    verdict := 'suspended';
    wait_ms := ceil(extract(epoch from greatest(guard.blocked_until, tick) - tick) * 1000);
    return;
  end if;

  if (select count(*) from erp.call_slot s
       where s.account = p_account and s.call = p_call
         and s.holder <> p_holder and s.expires_at > tick) >= p_places then
    verdict := 'busy';
    return;
  end if;

  if p_per_minute > 0 then
    hold := erp.take_token(p_account || ':' || p_call, p_per_minute, p_burst);
  end if;
  insert into erp.call_slot as s (account, call, holder, expires_at)
  values (p_account, p_call, p_holder, tick + hold + make_interval(secs => p_place_ms / 1000.0))
  on conflict (account, call, holder) do update set expires_at = excluded.expires_at;
  verdict := 'go';
  wait_ms := ceil(extract(epoch from hold) * 1000);
end
$$;

-- An error answer: gives the place back, counts towards the guard, and where the ERP named a time
-- blocks the method (p_block_s) or pauses everybody's bucket (p_pause_ms).
create function erp.note_fault(
  p_account text, p_call text, p_holder uuid, p_window_s integer, p_block_s integer, p_pause_ms bigint)
returns void
language plpgsql
as $$
declare
  tick  constant timestamptz := clock_timestamp();
  until constant timestamptz := tick + make_interval(secs => p_block_s);
begin
  delete from erp.call_slot where account = p_account and call = p_call and holder = p_holder;
  insert into erp.call_guard as g (account, call, blocked_until, errors)
  values (p_account, p_call, until, array[tick])
  on conflict (account, call) do update
    set blocked_until = greatest(g.blocked_until, excluded.blocked_until),
        errors = array(select e from unnest(g.errors) e
                        where e > tick - make_interval(secs => p_window_s)) || tick;
  if p_pause_ms is not null then
    update erp.rate_bucket
       set blocked_until = greatest(blocked_until, tick + make_interval(secs => p_pause_ms / 1000.0)),
           tokens = least(tokens, 0)
     where key = p_account || ':' || p_call;
  end if;
end
$$;

-- Gives places back, and those of crashed programs with them.
create function erp.leave_calls(p_account text, p_call text, p_holders uuid[]) returns void
language sql
as $$
  delete from erp.call_slot
   where account = p_account and call = p_call
     and (holder = any(p_holders) or expires_at <= clock_timestamp())
$$;
