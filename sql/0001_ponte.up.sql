-- Roles, and what row security asks: who is calling, according to the claims the program set.
do $$
begin
  if not exists (select from pg_roles where rolname = 'ponte_owner') then
    create role ponte_owner nologin;
  end if;
  if not exists (select from pg_roles where rolname = 'ponte_app') then
    create role ponte_app nologin;
  end if;
  execute format('grant ponte_owner to %I', current_user);
end
$$;

alter schema ponte owner to ponte_owner;
alter table ponte.schema_migrations owner to ponte_owner;
grant usage on schema ponte to ponte_app;
grant select on ponte.schema_migrations to ponte_app;

set local role ponte_owner;

-- The claims of this transaction; null when none were set (a spent local setting reads as '').
create function ponte.claims() returns jsonb
language sql stable
as $$ select nullif(current_setting('request.jwt.claims', true), '')::jsonb $$;

-- Crons, workers and the programs' own bookkeeping.
create function ponte.is_system() returns boolean
language sql stable
as $$ select coalesce(ponte.claims() ->> 'role' = 'system', false) $$;

-- May the caller see what belongs to an area ("fin", "backoffice", "erp", "crm")?
create function ponte.may_see(area text) returns boolean
language sql stable
as $$ select coalesce(ponte.claims() ->> 'role' = 'system' or ponte.claims() -> 'areas' ? area, false) $$;

-- The calling user, null for a cron.
create function ponte.caller_id() returns uuid
language sql stable
as $$ select nullif(ponte.claims() ->> 'sub', '')::uuid $$;

-- Key sets of JWT_JWKS_URL, fetched by the program _jwks; wanted_at asks it for a fresh one.
create table ponte.jwks (
  url        text primary key,
  document   jsonb,
  fetched_at timestamptz,
  wanted_at  timestamptz
);
alter table ponte.jwks enable row level security;
alter table ponte.jwks force row level security;
create policy jwks_system on ponte.jwks
  using ((select ponte.is_system())) with check ((select ponte.is_system()));
grant select, insert, update on ponte.jwks to ponte_app;
