-- Roles stay: other databases of the cluster may use them.
drop table ponte.jwks;
drop function ponte.caller_id();
drop function ponte.may_see(text);
drop function ponte.is_system();
drop function ponte.claims();
revoke select on ponte.schema_migrations from ponte_app;
revoke usage on schema ponte from ponte_app;
