-- What every later table needs: row security by area, and for tables of jobs the columns of a queue
-- (DESIGN, "Work in the background").
set local role ponte_owner;

-- Every statement under row security asks these.  As SQL functions they would be taken apart and
-- planned with each of them; these keep their plans (a third less time of Postgres for a job).
create or replace function ponte.is_system() returns boolean
language plpgsql stable
as $$ begin return coalesce(ponte.claims() ->> 'role' = 'system', false); end $$;

create or replace function ponte.may_see(area text) returns boolean
language plpgsql stable
as $$
declare
  claims constant jsonb := ponte.claims();
begin
  return coalesce(claims ->> 'role' = 'system' or claims -> 'areas' ? area, false);
end
$$;

-- Row security of a table: an area reads, the programs' own work writes.  One policy per command: a
-- statement is planned with no more than it needs.
create procedure ponte.protect(p_table regclass, p_area text)
language plpgsql
as $$
begin
  execute format('alter table %s enable row level security', p_table);
  execute format('alter table %s force row level security', p_table);
  execute format('create policy %I on %s for select using ((select ponte.may_see(%L)))',
                 p_area || '_reads', p_table, p_area);
  execute format('create policy system_inserts on %s for insert'
                 ' with check ((select ponte.is_system()))', p_table);
  execute format('create policy system_updates on %s for update'
                 ' using ((select ponte.is_system())) with check ((select ponte.is_system()))', p_table);
  execute format('create policy system_deletes on %s for delete'
                 ' using ((select ponte.is_system()))', p_table);
  execute format('grant select, insert, update, delete on %s to ponte_app', p_table);
end
$$;

-- Workers that are alive (backoffice.md 14.9).
create table ponte.worker_heartbeat (
  worker    text primary key,
  last_seen timestamptz not null default now()
);
call ponte.protect('ponte.worker_heartbeat', 'backoffice');

create function ponte.tell_workers() returns trigger
language plpgsql
as $$
begin
  perform pg_notify('ponte_jobs', tg_table_schema || '.' || tg_table_name);
  return null;
end
$$;

-- Makes a table of jobs a queue for lib/jobs: its columns, what the claim looks for, the news to
-- workers, and renew_TABLE, by which erp.enter_call renews the lease of the job with a token.
create procedure ponte.make_queue(p_table regclass)
language plpgsql
as $$
declare
  renew constant text := regexp_replace(p_table::text, '\.', '.renew_');
  name  constant text := regexp_replace(p_table::text, '.*\.', '');
begin
  execute format('alter table %s'
                 ' add tentativas integer not null default 0 check (tentativas >= 0),'
                 ' add max_tentativas integer not null default 3 check (max_tentativas >= 1),'
                 ' add proxima_tentativa_em timestamptz,' -- null: not scheduled
                 ' add lease_ate timestamptz,'            -- null unless somebody works on it
                 ' add lease_token uuid,'
                 ' add worker text,'
                 ' add column if not exists updated_at timestamptz not null default now()', p_table);
  execute format('create index %I on %s (proxima_tentativa_em) where proxima_tentativa_em is not null',
                 name || '_due_idx', p_table);
  execute format('create unique index %I on %s (lease_token) where lease_token is not null',
                 name || '_lease_key', p_table);
  execute format('create trigger tell_workers after insert or update of proxima_tentativa_em on %s'
                 ' for each row when (new.proxima_tentativa_em is not null)'
                 ' execute function ponte.tell_workers()', p_table);
  execute format('create function %s(p_token uuid, p_lease interval) returns boolean'
                 ' language plpgsql as $f$ begin'
                 ' update %s set lease_ate = clock_timestamp() + p_lease where lease_token = p_token;'
                 ' return found; end $f$', renew, p_table);
end
$$;
