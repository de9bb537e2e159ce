-- What happened in the modules, counted per day, and the figures derived per month (fin.md 4.8, 4.9,
-- 10, 11, 12).
set local role ponte_owner;

create table fin.module_events (
  id           uuid primary key default gen_random_uuid(),
  module       text not null, -- growth, ops, fin, people, jur, gov
  event_type   text not null, -- lead.created, contract.created …
  entity_id    uuid,
  payload_json jsonb default '{}',
  created_at   timestamptz not null default now(),
  processed    boolean not null default false -- the workflow engine's
);
create index module_events_created_at_idx on fin.module_events (created_at desc);
create index module_events_open_idx on fin.module_events (module, event_type) where not processed;

create table fin.event_aggregates (
  id         uuid primary key default gen_random_uuid(),
  period     date not null,
  module     text not null,
  event_type text not null,
  count      integer not null check (count >= 0),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (period, module, event_type)
);
create index event_aggregates_period_idx on fin.event_aggregates (period desc);
create index event_aggregates_type_idx on fin.event_aggregates (module, event_type);

create table fin.data_indices (
  id         uuid primary key default gen_random_uuid(),
  period     date not null,
  index_key  text not null,
  value      numeric not null,
  metadata   jsonb not null default '{}',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (period, index_key)
);
create index data_indices_period_idx on fin.data_indices (period desc);
create index data_indices_key_idx on fin.data_indices (index_key);

create table fin.inbound_leads ( -- its other columns are the commercial module's
  id         uuid primary key default gen_random_uuid(),
  created_at timestamptz not null default now()
);
create index inbound_leads_created_at_idx on fin.inbound_leads (created_at desc);

-- The instant at which a day begins in a zone.
create function ponte.local_midnight(p_day date, p_zone text) returns timestamptz
language sql immutable
as $$ select p_day::timestamp at time zone p_zone $$;

-- Counts the events of a day, forgets groups that are no more, and ends the run p_run: all or
-- nothing.  Returns the number of groups, null when the run is not ours any more.
create function fin.aggregate_events(p_run uuid, p_day date, p_zone text) returns integer
language plpgsql
as $$
declare
  groups integer;
begin
  if not fin.close_job(p_run, null, null) then -- first: a successor waits at the run's row
    return null;
  end if;
  insert into fin.event_aggregates as a (period, module, event_type, count)
  select p_day, e.module, e.event_type, count(*)
    from fin.module_events e
   where e.created_at >= ponte.local_midnight(p_day, p_zone)
     and e.created_at < ponte.local_midnight(p_day + 1, p_zone)
   group by e.module, e.event_type
  on conflict (period, module, event_type) do update
    set count = excluded.count, updated_at = now();
  get diagnostics groups = row_count;
  delete from fin.event_aggregates where period = p_day and updated_at <> now();
  perform fin.close_job(p_run, groups, null);
  return groups;
end
$$;

-- Computes the three indices of the month that begins on p_first, and ends the run p_run: all or
-- nothing.  Returns the number of indices, null when the run is not ours any more.  A contract is
-- active when it is so on at least one day of the month (fin.md 12.3).
create function fin.compute_indices(p_run uuid, p_first date, p_zone text) returns integer
language plpgsql
as $$
declare
  next_month constant date := p_first + interval '1 month';
  saved integer;
begin
  if not fin.close_job(p_run, null, null) then -- first: a successor waits at the run's row
    return null;
  end if;
  insert into fin.data_indices as i (period, index_key, value)
  select p_first, 'leads_mes', count(*)
    from fin.inbound_leads l
   where l.created_at >= ponte.local_midnight(p_first, p_zone)
     and l.created_at < ponte.local_midnight(next_month, p_zone)
  union all
  select p_first, figure.key, figure.value
    from (select count(*)::numeric as contracts, coalesce(sum(c.mrr), 0) as mrr
            from fin.contracts c
           where c.start_date < next_month and (c.end_date is null or c.end_date >= p_first)) active,
         lateral (values ('contratos_ativos', active.contracts), ('mrr_total', active.mrr))
           as figure (key, value)
  on conflict (period, index_key) do update
    set value = excluded.value, metadata = '{}', updated_at = now();
  get diagnostics saved = row_count;
  perform fin.close_job(p_run, saved, null);
  return saved;
end
$$;

-- The newest aggregates, as the JSON that answers show; p_period null: of all days.
create function fin.list_aggregates(p_period date, p_limit integer) returns json
language sql stable
as $$
  select coalesce(json_agg(row_to_json(a)), '[]')
    from (select period, module, event_type, count from fin.event_aggregates
           where p_period is null or period = p_period
           order by period desc, module, event_type limit p_limit) a
$$;

-- The newest indices; money with two decimals, counts with none.  A null leaves a filter out.
create function fin.list_indices(p_period date, p_key text, p_limit integer) returns json
language sql stable
as $$
  select coalesce(json_agg(row_to_json(i)), '[]')
    from (select period, index_key,
                 case when index_key = 'mrr_total' then round(value, 2) else trim_scale(value) end as value,
                 metadata
            from fin.data_indices
           where (p_period is null or period = p_period) and (p_key is null or index_key = p_key)
           order by period desc, index_key limit p_limit) i
$$;

call ponte.protect('fin.module_events', 'fin');
call ponte.protect('fin.event_aggregates', 'fin');
call ponte.protect('fin.data_indices', 'fin');
call ponte.protect('fin.inbound_leads', 'fin');
