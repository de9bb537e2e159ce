/* What the stand-ins of the books hold: companies with their logins, and one ledger for each. */

create table if not exists sandbox.ledger_company (
  who text primary key,        -- names it here, in sandbox.call and in sandbox.fault
  erp text not null check (erp in ('totvs', 'contaazul', 'omie', 'bling')),
  company_id text not null,    -- the ERP's own: empresa, nCodEmpresa
  name text not null,
  document text not null default '12.345.678/0001-95',
  tenant text,                 -- TOTVS
  client_id text unique,
  client_secret text,
  username text,               -- TOTVS: grant password, and Basic
  password text,
  api_key text unique,         -- Bling; of Omie the app_key
  suspended boolean not null default false,
  kept boolean not null default false  -- ledger_reset leaves it: the stack's own
);

/* Tokens begin like a JWT, so that a search for those finds them wherever they should not be. */
create table if not exists sandbox.ledger_token (
  token text primary key,
  who text not null references sandbox.ledger_company on delete cascade,
  kind text not null check (kind in ('access', 'refresh')),
  link int not null default 1, -- of a refresh token: the n-th of its chain
  made_at timestamptz not null default clock_timestamp(),
  expires_at timestamptz not null,
  used_at timestamptz,         -- of a rotating refresh token: it is replaced
  uses int not null default 0  -- how often a token call showed it
);
create index if not exists ledger_token_who on sandbox.ledger_token (who, kind, link);

/* What a person who authorizes is given: good once, and only with the address it was shown at. */
create table if not exists sandbox.ledger_code (
  code text primary key,
  who text not null references sandbox.ledger_company on delete cascade,
  redirect_uri text,           -- null: none was told
  expires_at timestamptz not null default clock_timestamp() + interval '1 minute',
  used_at timestamptz
);

/* Balances in these tables are debit less credit. */
create table if not exists sandbox.ledger_account (
  who text not null references sandbox.ledger_company on delete cascade,
  code text,
  id int not null,             -- Bling, ContaAzul, Omie have numbers
  name text not null,
  type text not null check (type in ('ASSET', 'LIABILITY', 'EQUITY', 'REVENUE', 'EXPENSE')),
  parent text,
  level int not null,
  is_summary boolean not null,
  role text not null default '',       -- bank, receivable, payable: what the ERPs without a ledger know
  opening numeric(15,2) not null default 0,
  primary key (who, code),
  unique (who, id)
);

create table if not exists sandbox.ledger_voucher (
  who text not null references sandbox.ledger_company on delete cascade,
  id bigint,
  day date not null,
  kind text not null,          -- sale, receipt, expense, payment, transfer, journal
  settles bigint,              -- receipt, payment: the sale, the expense
  history text not null,
  document_number text,
  document_type text,
  cost_center text,
  entity_id int,
  entity_name text,
  primary key (who, id)
);
create index if not exists ledger_voucher_day on sandbox.ledger_voucher (who, day, id);
create index if not exists ledger_voucher_settles on sandbox.ledger_voucher (who, settles)
 where settles is not null;

create table if not exists sandbox.ledger_entry (
  who text not null,
  voucher bigint not null,
  line int not null,
  day date not null,
  account text not null,
  debit numeric(15,2) not null,
  credit numeric(15,2) not null,
  primary key (who, voucher, line),
  foreign key (who, voucher) references sandbox.ledger_voucher on delete cascade
);
create index if not exists ledger_entry_account on sandbox.ledger_entry (who, account, day, voucher, line);

/* Rows that a test put: listed exactly so, in place of the ledger's. */
create table if not exists sandbox.ledger_row (
  position bigint generated always as identity primary key,
  who text not null references sandbox.ledger_company on delete cascade,
  kind text not null,          -- of the call that lists them
  key text,                    -- listed for this account or id only; null: for every one
  day date,                    -- listed in periods with this day only; null: always
  body text not null
);
create index if not exists ledger_row_kind on sandbox.ledger_row (who, kind, position);
