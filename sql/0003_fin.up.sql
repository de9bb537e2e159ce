-- Clients of the company, and the log of their synchronisation with Omie (fin.md 4).
create schema fin authorization ponte_owner;
grant usage on schema fin to ponte_app;
set local role ponte_owner;

create table fin.profiles (
  id         uuid primary key, -- the token's sub
  full_name  text,
  role       text not null default 'employee'
             check (role in ('admin', 'superadmin', 'cfo', 'fin', 'sales', 'ops', 'legal', 'employee')),
  is_active  boolean not null default true,
  updated_at timestamptz not null default now()
);

create table fin.clients (
  id            uuid primary key default gen_random_uuid(),
  name          text not null check (btrim(name) <> ''),
  document      text check (document ~ '^[0-9]+$'),
  contact_email text check (btrim(contact_email) <> ''),
  omie_codigo   text check (btrim(omie_codigo) <> ''),
  created_at    timestamptz not null default now(),
  updated_at    timestamptz not null default now()
);
create unique index clients_omie_codigo_key on fin.clients (omie_codigo) where omie_codigo is not null;
-- not unique on purpose: two registers in Omie may carry one document (fin.md 6.6)
create index clients_document_idx on fin.clients (document) where document is not null;

create table fin.erp_sync_log (
  id            uuid primary key default gen_random_uuid(),
  started_at    timestamptz not null default now(),
  finished_at   timestamptz,
  status        text not null default 'running' check (status in ('running', 'success', 'error')),
  record_count  integer check (record_count >= 0),
  error_message text check (char_length(error_message) <= 500),
  created_at    timestamptz not null default now(),
  lease_until   timestamptz, -- a running row past it belongs to a dead program
  requested_by  uuid,        -- null: a cron
  details       jsonb,       -- paginas, total_de_paginas, inseridos, atualizados, ignorados, documento_repetido
  check ((finished_at is null) = (status = 'running')),
  check (error_message is null or status = 'error')
);
create index erp_sync_log_started_at_idx on fin.erp_sync_log (started_at desc);
create unique index erp_sync_log_running_key on fin.erp_sync_log ((true)) where status = 'running';

-- The lease of a running sync, as erp.enter_call renews it; false when the run was declared dead.
create function fin.renew_client_sync(p_id uuid, p_lease interval) returns boolean
language plpgsql -- keeps its plan: it runs before every call to Omie
as $$
begin
  update fin.erp_sync_log set lease_until = clock_timestamp() + p_lease
   where id = p_id and status = 'running';
  return found;
end
$$;

-- A user's profile: the role, null when inactive; no row when there is no profile.
create function fin.profile_role(p_sub uuid) returns setof text
language plpgsql stable -- keeps its plan: every request of a user asks
as $$
begin
  return query select case when p.is_active then p.role end from fin.profiles p where p.id = p_sub;
end
$$;

-- Clients that records of Omie's with these codes or documents could belong to, oldest first.
-- Functions of the sync keep their plans from page to page, so this one may not depend on how full
-- the table was at the first page: without scans only the two indexes are left.
create function fin.known_clients(p_codes text[], p_documents text[])
returns table (id uuid, omie_codigo text, name text, document text, contact_email text)
language plpgsql stable
set enable_seqscan = off
set jit = off -- scans being forbidden, the price of what is left would call for it
as $$
begin
  return query
    select c.id, c.omie_codigo, c.name, c.document, c.contact_email
      from fin.clients c
     where c.omie_codigo = any(p_codes) or c.document = any(p_documents)
     order by c.created_at, c.id;
end
$$;

-- Writes a page of the sync p_run together with its progress, and renews its lease; false, and
-- nothing written, when the run is not ours any more.  A null leaves a column as it is.  An adopted code is written only where ours is
-- null.  A code that came in meanwhile violates clients_omie_codigo_key: the caller decides again.
create function fin.store_clients(
  p_run uuid, p_lease interval, p_record_count integer, p_details jsonb,
  p_ids uuid[], p_codes text[], p_names text[], p_documents text[], p_emails text[],
  p_new_codes text[], p_new_names text[], p_new_documents text[], p_new_emails text[])
returns boolean
language plpgsql
as $$
begin
  update fin.erp_sync_log l
     set record_count = p_record_count, details = p_details, lease_until = clock_timestamp() + p_lease
   where l.id = p_run and l.status = 'running';
  if not found then
    return false;
  end if;
  if cardinality(p_ids) > 0 then -- planned anew, for as many rows as there are now
    execute 'update fin.clients c'
            '   set name = coalesce(u.name, c.name), document = coalesce(u.document, c.document),'
            '       contact_email = coalesce(u.email, c.contact_email),'
            '       omie_codigo = coalesce(c.omie_codigo, u.code), updated_at = now()'
            '  from unnest($1, $2, $3, $4, $5) as u (id, code, name, document, email)'
            ' where c.id = u.id'
      using p_ids, p_codes, p_names, p_documents, p_emails;
  end if;
  if cardinality(p_new_names) > 0 then
    insert into fin.clients (omie_codigo, name, document, contact_email)
    select * from unnest(p_new_codes, p_new_names, p_new_documents, p_new_emails);
  end if;
  return true;
end
$$;

-- The newest run as the caller may see it, as one row or none.  A running row whose lease is over
-- belongs to a dead program and is shown as the error it will become (fin.md 6.9).
create function fin.last_sync(
  p_cooldown_s integer, p_interrupted text,
  out id uuid, out started_at text, out finished_at text, out status text, out record_count integer,
  out error_message text, out cooldown_seconds integer,
  out page text, out total_pages text) -- progress: null unless running
returns setof record
language plpgsql stable -- keeps its plan: every open page of the front end asks for it
as $$
declare
  iso  constant text := 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"';
  tick constant timestamptz := clock_timestamp();
  run  fin.erp_sync_log;
begin
  select l.* into run from fin.erp_sync_log l order by l.started_at desc, l.id desc limit 1;
  if not found then
    return;
  end if;
  if run.status = 'running' and run.lease_until <= tick then
    run.status := 'error';
    run.finished_at := run.lease_until;
    run.error_message := p_interrupted;
  end if;
  id := run.id;
  started_at := to_char(run.started_at at time zone 'UTC', iso);
  finished_at := to_char(run.finished_at at time zone 'UTC', iso);
  status := run.status;
  record_count := run.record_count;
  error_message := run.error_message;
  cooldown_seconds := greatest(0, ceil(extract(epoch from
    make_interval(secs => p_cooldown_s) - greatest(tick - run.started_at, interval '0'))));
  if run.status = 'running' then
    page := coalesce(run.details ->> 'paginas', '0');
    total_pages := run.details ->> 'total_de_paginas';
  end if;
  return next;
end
$$;

-- One policy per command: a statement is planned with no more than it needs.
do $$
declare name text;
begin
  foreach name in array array['profiles', 'clients', 'erp_sync_log'] loop
    execute format('alter table fin.%I enable row level security', name);
    execute format('alter table fin.%I force row level security', name);
    execute format('create policy system_inserts on fin.%I for insert'
                   ' with check ((select ponte.is_system()))', name);
    execute format('create policy system_updates on fin.%I for update'
                   ' using ((select ponte.is_system())) with check ((select ponte.is_system()))', name);
    execute format('create policy system_deletes on fin.%I for delete'
                   ' using ((select ponte.is_system()))', name);
    execute format('grant select, insert, update, delete on fin.%I to ponte_app', name);
  end loop;
  foreach name in array array['clients', 'erp_sync_log'] loop
    execute format('create policy fin_reads on fin.%I for select'
                   ' using ((select ponte.may_see(''fin'')))', name);
  end loop;
end
$$;
create policy own_profile on fin.profiles for select
  using ((select ponte.is_system()) or id = (select ponte.caller_id()));
