-- OAuth2 tokens of the ERPs' books, one row a client of a company: sealed by the programs (AES-256-GCM
-- under ERP_TOKEN_KEY), so the table alone opens nothing.  Logged: a rotating chain that is lost has to
-- be authorized anew by a person.
set local role ponte_owner;

create table erp.oauth_state (
  company              text not null,
  erp                  text not null,
  client_hash          text not null, -- 16 hex digits of SHA-256(client id)
  refresh_token_sealed text,
  access_token_sealed  text,
  access_issued_at     timestamptz,   -- when the token was asked for
  access_expires_at    timestamptz,
  refresh_expires_at   timestamptz,   -- null: not told
  seed_hash            text,          -- of the configured refresh token the chain began with
  version              bigint not null default 0,
  claim_holder         uuid,          -- who renews it, and until when that may take
  claim_until          timestamptz,
  status               text not null default 'ok' check (status in ('ok', 'reauthorization_required')),
  failure              text,          -- the last renewal's error, for those who waited for it
  failed_at            timestamptz,
  primary key (company, erp, client_hash)
);
alter table erp.oauth_state enable row level security;
alter table erp.oauth_state force row level security;
create policy system_only on erp.oauth_state
  using ((select ponte.is_system())) with check ((select ponte.is_system()));
grant select, insert, update, delete on erp.oauth_state to ponte_app;

-- Takes the right to renew a token for p_claim_s seconds, where nobody has it and the row is still
-- the one the caller saw (version; 0: none yet).  Its holder may prolong it.
create function erp.claim_token(
  p_company text, p_erp text, p_client_hash text, p_version bigint, p_holder uuid, p_claim_s integer)
returns boolean
language plpgsql
as $$
declare
  tick constant timestamptz := clock_timestamp();
begin
  insert into erp.oauth_state (company, erp, client_hash)
  values (p_company, p_erp, p_client_hash)
  on conflict do nothing;
  update erp.oauth_state
     set claim_holder = p_holder, claim_until = tick + make_interval(secs => p_claim_s)
   where company = p_company and erp = p_erp and client_hash = p_client_hash
     and version = p_version
     and (claim_until is null or claim_until <= tick or claim_holder = p_holder);
  return found;
end
$$;
