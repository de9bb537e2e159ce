-- Books of the ERPs: who is reading them now, and how each company's ERP was when it was last asked.
set local role ponte_owner;

-- A trial balance or subledger under way.  Its lease is renewed while it works: a killed program's
-- row is over within that time, however long the run might have taken.
create unlogged table erp.run (
  id         uuid primary key,
  company    text not null,
  started_at timestamptz not null default clock_timestamp(),
  expires_at  timestamptz not null
);

-- The newest result of a health probe, shown again while it is young.
create unlogged table erp.health (
  company    text primary key,
  checked_at timestamptz not null,
  connected  boolean not null,
  result     json not null -- as it is answered; its members keep their order
);

do $$
declare name text;
begin
  foreach name in array array['run', 'health'] loop
    execute format('alter table erp.%I enable row level security', name);
    execute format('alter table erp.%I force row level security', name);
    execute format('create policy system_only on erp.%I using ((select ponte.is_system()))'
                   ' with check ((select ponte.is_system()))', name);
    execute format('grant select, insert, update, delete on erp.%I to ponte_app', name);
  end loop;
end
$$;

-- Takes a place for a run, or tells why not:
--   in        it has one (also when it had one already)
--   company   as many runs of this company as may be
--   all       as many runs as may be
create function erp.enter_run(
  p_id uuid, p_company text, p_of_company integer, p_of_all integer, p_lease_s integer)
returns text
language plpgsql
as $$
declare
  tick timestamptz;
begin
  perform pg_advisory_xact_lock(hashtextextended('ponte:erp-runs:all', 0));
  tick := clock_timestamp();
  delete from erp.run where expires_at <= tick and id <> p_id;
  if (select count(*) from erp.run where company = p_company and id <> p_id) >= p_of_company then
    return 'company';
  end if;
  if (select count(*) from erp.run where id <> p_id) >= p_of_all then
    return 'all';
  end if;
  insert into erp.run (id, company, expires_at)
  values (p_id, p_company, tick + make_interval(secs => p_lease_s))
  on conflict (id) do update set expires_at = excluded.expires_at;
  return 'in';
end
$$;
