drop procedure ponte.make_queue(regclass);
drop function ponte.tell_workers();
drop table ponte.worker_heartbeat;
drop procedure ponte.protect(regclass, text);

create or replace function ponte.may_see(area text) returns boolean
language sql stable
as $$ select coalesce(ponte.claims() ->> 'role' = 'system' or ponte.claims() -> 'areas' ? area, false) $$;

create or replace function ponte.is_system() returns boolean
language sql stable
as $$ select coalesce(ponte.claims() ->> 'role' = 'system', false) $$;
