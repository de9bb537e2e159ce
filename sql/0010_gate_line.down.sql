drop function erp.enter_call(
  text, text, uuid, integer, integer, integer, integer, integer, integer, regproc, uuid, integer,
  integer);

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
