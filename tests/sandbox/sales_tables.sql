/* What the stand-ins of data collecting hold. */

create table if not exists sandbox.online_organization (
  token text primary key,
  suspended boolean not null default false
);

create table if not exists sandbox.online_sale (
  token text not null,
  position bigint generated always as identity primary key,
  day date not null,           -- on which it is listed, whatever the record says
  id text,                     -- null when the record has none
  body json not null           -- listed exactly as it is
);
create index if not exists online_sale_day on sandbox.online_sale (token, day, position);
create index if not exists online_sale_id on sandbox.online_sale (token, id);

create table if not exists sandbox.cardapio_store (
  merchant text primary key,
  api_key text not null unique,
  suspended boolean not null default false
);

create table if not exists sandbox.cardapio_order (
  merchant text,
  id bigint,
  status text,
  created timestamptz not null,
  light text not null,         -- as the history lists it
  body json not null,          -- the details
  primary key (merchant, id)
);
create index if not exists cardapio_order_created on sandbox.cardapio_order (merchant, created, id);

create table if not exists sandbox.whatsapp_phone (
  phone_id text primary key,
  token text not null
);

create table if not exists sandbox.whatsapp_template (
  name text,
  language text default 'pt_BR',
  parameters int,              -- of the body; null: any number
  primary key (name, language)
);

create table if not exists sandbox.whatsapp_message (
  id bigint generated always as identity primary key,
  call bigint not null,
  at timestamptz not null,     -- when its call began
  service text not null,       -- whatsapp, gateway
  sender text not null,        -- phone id, session
  to_ text not null,
  template text,
  language text,
  parameters jsonb not null,   -- of the body, in order: [{"name":…,"text":…}]
  text_ text,                  -- of a message without a template
  client_id text,              -- the gateway's clientMessageId
  message_id text not null,    -- wamid…, jobId
  payload jsonb not null
);

create table if not exists sandbox.gateway_session (
  session_id text primary key
);
