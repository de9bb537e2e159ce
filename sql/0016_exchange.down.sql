set local role ponte_owner;

drop function erp.enter_exchange(
  text, bigint, text[], double precision[], double precision[], bigint[], text, bigint);
drop function erp.leave_exchange(text, bigint, text, integer, text[], text, bigint, boolean);
drop function erp.look_exchange(text, text[], double precision[]);

-- Takes one token of a bucket and tells how long to wait before using it (strict mode of
-- erp-connectors.md 4.3: never more than p_per_minute in any minute).
create or replace function erp.take_token(p_key text, p_per_minute integer, p_burst integer) returns interval
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

drop function erp.take_tokens(
  text[], double precision[], double precision[], bigint[], text, interval);
drop function erp.midnight_after(timestamptz, text);
drop function erp.bucket_level(erp.rate_bucket, timestamptz);
drop table erp.breaker;

alter table erp.rate_bucket
  drop column capacity,
  drop column refill_per_s,
  drop column configured_at,
  drop column day,
  drop column day_used,
  drop column day_limit;
