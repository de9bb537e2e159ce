-- Contracts, what Omie billed per month, and the runs of scheduled jobs (fin.md 4, 7, 8).

set local role ponte_owner;

-- The calendar day of an instant: months and days are those of APP_TIMEZONE (fin.md 3.6).
create function ponte.local_date(p_instant timestamptz, p_zone text) returns date
language sql immutable
as $$ select (p_instant at time zone p_zone)::date $$;

-- An instant as answers show it (fin.md 3.5).
create function ponte.instant_text(p_instant timestamptz) returns text
language sql immutable
as $$ select to_char(p_instant at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') $$;

create table fin.contracts (
  id               uuid primary key default gen_random_uuid(),
  client_id        uuid references fin.clients on delete restrict,
  mrr              numeric(15,2) not null default 0,
  start_date       date,
  end_date         date,
  renewal_date     date,
  adjustment_index text,
  notes            text,
  created_at       timestamptz not null default now()
);
create index contracts_client_id_idx on fin.contracts (client_id);
create index contracts_renewal_date_idx on fin.contracts (renewal_date);
create index contracts_end_date_idx on fin.contracts (end_date);

create table fin.erp_revenue_snapshot (
  id          uuid primary key default gen_random_uuid(),
  period      date not null check (extract(day from period) = 1),
  omie_codigo text not null check (btrim(omie_codigo) <> ''),
  valor       numeric(15,2) not null default 0,
  created_at  timestamptz not null default now(), -- of the last refresh
  unique (period, omie_codigo)
);
create index erp_revenue_snapshot_omie_codigo_idx on fin.erp_revenue_snapshot (omie_codigo);

-- Live answers of Omie, kept for a moment (fin.md 8.6), and who is fetching one.
create table fin.erp_revenue_live_cache (
  date_from   date,
  date_to     date,
  fetched_at  timestamptz not null default '-infinity',
  data        jsonb not null default '{}', -- code to decimal text
  holder      uuid,                        -- who fetches, or did so last
  lease_until timestamptz,                 -- null: nobody is at it
  failure     jsonb,                       -- how the holder's fetch ended: {"code","text"}
  ended_at    timestamptz not null default now(), -- of the last fetch
  primary key (date_from, date_to)
);

create table fin.job_run (
  id            uuid primary key,
  job           text not null
                check (job in ('sync-omie-revenue', 'aggregate-events', 'compute-data-indices')),
  period        date not null,
  status        text not null default 'running' check (status in ('running', 'success', 'error')),
  started_at    timestamptz not null default clock_timestamp(),
  finished_at   timestamptz,
  lease_until   timestamptz not null, -- a running row past it belongs to a dead program
  record_count  integer check (record_count >= 0),
  error_message text check (char_length(error_message) <= 500),
  details       jsonb,
  check ((finished_at is null) = (status = 'running')),
  check (error_message is null or status = 'error')
);
call ponte.make_queue('fin.job_run');
-- one attempt: a run that died is shown as interrupted, and whoever asks next starts anew
alter table fin.job_run alter max_tentativas set default 1;
create unique index job_run_running_key on fin.job_run (job, period) where status = 'running';
create index job_run_started_at_idx on fin.job_run (started_at desc);

-- Opens the run p_run of a job for a period, closing one that died; false while another is alive.
-- With p_later it waits for a worker.
create function fin.open_job(
  p_run uuid, p_job text, p_period date, p_lease interval, p_interrupted text, p_later boolean)
returns boolean
language plpgsql
as $$
begin
  update fin.job_run
     set status = 'error', finished_at = clock_timestamp(), error_message = p_interrupted,
         proxima_tentativa_em = null
   where job = p_job and period = p_period and status = 'running' and lease_until <= clock_timestamp();
  insert into fin.job_run (id, job, period, lease_until, proxima_tentativa_em)
  values (p_run, p_job, p_period, clock_timestamp() + p_lease,
          case when p_later then clock_timestamp() end)
  on conflict do nothing;
  return exists (select from fin.job_run where id = p_run); -- also when this very call was here before
end
$$;

-- The lease of a run, as erp.enter_call renews it; false when the run was declared dead.  A worker's
-- run has two, this one and the queue's.
create function fin.renew_job(p_id uuid, p_lease interval) returns boolean
language plpgsql
as $$
begin
  update fin.job_run
     set lease_until = clock_timestamp() + p_lease,
         lease_ate = case when lease_token is not null then clock_timestamp() + p_lease end
   where id = p_id and status = 'running';
  return found;
end
$$;

-- Ends a run, as error with p_failure; false when it was declared dead meanwhile.
create function fin.close_job(p_run uuid, p_records integer, p_failure text) returns boolean
language plpgsql
as $$
begin
  update fin.job_run
     set status = case when p_failure is null then 'success' else 'error' end,
         finished_at = clock_timestamp(), record_count = p_records, error_message = p_failure
   where id = p_run
     and (status = 'running' or (status = 'success' and p_failure is null)); -- here once before
  return found;
end
$$;

-- Replaces the snapshot of a month by what the run p_run found, and ends the run: all or nothing.
-- Runs of one month follow each other, since only one is `running` and its row is locked here.
create function fin.store_revenue(p_run uuid, p_period date, p_codes text[], p_values numeric[])
returns boolean
language plpgsql
as $$
begin
  if not fin.close_job(p_run, cardinality(p_codes), null) then
    return false;
  end if;
  insert into fin.erp_revenue_snapshot as s (period, omie_codigo, valor)
  select p_period, * from unnest(p_codes, p_values)
  on conflict (period, omie_codigo) do update set valor = excluded.valor, created_at = now();
  delete from fin.erp_revenue_snapshot where period = p_period and created_at <> now();
  return true;
end
$$;

-- May p_me fetch the live revenue of these dates?
--   ready   an answer younger than p_reuse is there
--   fetch   yes: p_me holds it now
--   wait    `holder` is at it
--   failed  p_awaited, who was waited for, ended with `code` and `text`
create function fin.claim_live_revenue(
  p_from date, p_to date, p_me uuid, p_awaited uuid, p_lease interval, p_reuse interval,
  out verdict text, out holder uuid, out code text, out text text)
language plpgsql
as $$
declare
  entry fin.erp_revenue_live_cache;
  tick  timestamptz;
begin
  insert into fin.erp_revenue_live_cache (date_from, date_to) values (p_from, p_to)
  on conflict do nothing;
  select * into entry from fin.erp_revenue_live_cache
   where date_from = p_from and date_to = p_to for update;
  tick := clock_timestamp(); -- after the wait for the row
  holder := entry.holder;
  if entry.fetched_at > tick - p_reuse then
    verdict := 'ready';
  elsif entry.lease_until > tick and entry.holder <> p_me then
    verdict := 'wait';
  elsif entry.holder = p_awaited and entry.failure is not null then
    verdict := 'failed';
    code := entry.failure ->> 'code';
    text := entry.failure ->> 'text';
  else
    verdict := 'fetch';
    update fin.erp_revenue_live_cache as c
       set holder = p_me, lease_until = tick + p_lease, failure = null
     where date_from = p_from and date_to = p_to;
  end if;
end
$$;

create function fin.renew_live_revenue(p_holder uuid, p_lease interval) returns boolean
language plpgsql
as $$
begin
  update fin.erp_revenue_live_cache set lease_until = clock_timestamp() + p_lease
   where holder = p_holder and lease_until is not null;
  return found;
end
$$;

-- Ends the fetch of p_holder: with an answer (p_codes, p_values), or with p_failure.
create function fin.end_live_revenue(p_holder uuid, p_codes text[], p_values text[], p_failure jsonb)
returns void
language plpgsql
as $$
begin
  update fin.erp_revenue_live_cache
     set lease_until = null, failure = p_failure, ended_at = clock_timestamp(),
         fetched_at = case when p_failure is null then clock_timestamp() else fetched_at end,
         data = case when p_failure is null then jsonb_object(p_codes, p_values) else data end
   where holder = p_holder;
  delete from fin.erp_revenue_live_cache -- what nobody reads any more
   where greatest(ended_at, lease_until) < clock_timestamp() - interval '1 day';
end
$$;

-- Where the revenue of these dates can be read: `snapshot` of a whole month, else a `live` answer
-- younger than p_reuse, else null (fin.md 8.1).
create function fin.revenue_source(
  p_from date, p_to date, p_reuse interval, out source text, out fetched_at timestamptz)
language plpgsql stable
as $$
begin
  if extract(day from p_from) = 1 and p_to = p_from + interval '1 month' - interval '1 day' then
    select max(s.created_at) into fetched_at from fin.erp_revenue_snapshot s where s.period = p_from;
    if fetched_at is not null then
      source := 'snapshot';
      return;
    end if;
  end if;
  select 'live', c.fetched_at into source, fetched_at
    from fin.erp_revenue_live_cache c
   where c.date_from = p_from and c.date_to = p_to and c.fetched_at > clock_timestamp() - p_reuse;
end
$$;

-- The revenue of these dates per code, from the source that fin.revenue_source named.
create function fin.revenue_by_code(p_from date, p_to date, p_source text)
returns table (omie_codigo text, valor numeric)
language sql stable
as $$
  select s.omie_codigo, s.valor from fin.erp_revenue_snapshot s
   where p_source = 'snapshot' and s.period = p_from
  union all
  select e.key, e.value::numeric(15,2)
    from fin.erp_revenue_live_cache c, jsonb_each_text(c.data) e
   where p_source = 'live' and c.date_from = p_from and c.date_to = p_to
$$;

-- Contracts' MRR and Omie's revenue of the current month, for each client that takes part: one with a
-- code and an MRR above zero, whatever the dates of its contracts (fin.md 9.2, 9.3).  One row without
-- a client when none does.  `source` null: the revenue is not known yet.
create function fin.reconciliation(p_zone text, p_reuse interval)
returns table (first_day date, last_day date, source text, fetched_at text,
               client_id uuid, client_name text, mrr numeric, revenue numeric)
language plpgsql stable
set enable_nestloop = off -- every side is read whole; statistics may be those of empty tables
set jit = off
as $$
#variable_conflict use_column
declare
  opens  constant date := date_trunc('month', ponte.local_date(now(), p_zone));
  closes constant date := opens + interval '1 month' - interval '1 day';
  origin constant record := fin.revenue_source(opens, closes, p_reuse);
  as_of  constant text := ponte.instant_text(origin.fetched_at);
begin
  return query
    select opens, closes, origin.source, as_of, c.id, c.name, m.mrr, coalesce(r.valor, 0)
      from (values (true)) as head (always)
      left join (
             (select k.client_id, sum(k.mrr) as mrr from fin.contracts k
               group by k.client_id having sum(k.mrr) > 0) m
             join fin.clients c on c.id = m.client_id and c.omie_codigo is not null
           ) on head.always
      left join fin.revenue_by_code(opens, closes, origin.source) r on r.omie_codigo = c.omie_codigo;
end
$$;

call ponte.protect('fin.contracts', 'fin');
call ponte.protect('fin.erp_revenue_snapshot', 'fin');
call ponte.protect('fin.erp_revenue_live_cache', 'fin');
call ponte.protect('fin.job_run', 'fin');
