/* Omie's stand-in: tables, settings, and the way back to the beginning. */

create table if not exists sandbox.omie_settings (
  name text not null,
  app_key text not null default '',   -- '': for every app that has no row of its own
  value text not null,
  fallback text,                      -- what omie_reset gives back; null: the row goes
  meaning text not null default '',
  primary key (name, app_key)
);

insert into sandbox.omie_settings (name, value, fallback, meaning)
select name, value, value, meaning from (values
  ('clock_offset_s', '0', 'added to the real time for windows, blocks and dates'),
  ('latency_ms', '0', 'time of every call that is not refused (real: 300 to 1500)'),
  ('latency_per_row_us', '0', 'time of every record listed (real: 10000)'),
  ('latency_tail_every', '0', 'one call in so many takes latency_tail_ms as well; 0: none'),
  ('latency_tail_ms', '10000', 'see latency_tail_every (real: 10000 to 40000)'),
  ('page_cap', '500', 'a larger page is lowered to this in silence'),
  ('rate_per_minute', '240', 'calls of one app and method in a sliding minute; 0: unlimited'),
  ('rate_per_minute_ip', '960', 'calls of all apps in a sliding minute; 0: unlimited'),
  ('parallel', '4', 'calls of one app and method in flight'),
  ('one_at_a_time', '', 'further methods, by comma, that allow one call in flight'),
  ('redundancy_s', '60', 'an identical read so soon after an answered one is refused; 0: off'),
  ('error_limit', '10', 'the n-th HTTP 500 of one app and method blocks it; 0: off'),
  ('error_window_s', '1800', 'how far back errors count'),
  ('error_reset_by_success', 'N', 'S: an answered call forgets the errors before it'),
  ('error_not_counted', '', 'fault codes, by comma, that do not count (SOAP-ENV:Client-6,…)'),
  ('block_s', '1800', 'how long a block lasts'),
  ('block_renewed', 'S', 'S: each call made meanwhile starts the block anew'),
  ('broken_percent', '0', 'pages above 250 records that answer Broken response'),
  ('titles_empty', 'list', 'a page of titles without records: list (200 and []) or fault (5113)'),
  ('titles_shift', '0', 'titles that come in before the first one between a page and the next'),
  ('repeated_write_s', '60', 'an identical write so soon after an accepted one is refused (8020); 0: off'),
  ('attachments_any_document', 'S', 'N: only documents that were put (omie_put_document) take attachments'),
  ('attachments_size', 'N', 'S: ListarAnexo tells nTamanho of every attachment'),
  ('attachments_content', 'N', 'S: ObterAnexo carries cArquivo, the file in base64'),
  ('attachments_link', 'S', 'N: ObterAnexo carries no cLinkDownload'),
  ('attachments_member', 'listaAnexos', 'the list in ListarAnexo; anexos: the older name'),
  ('attachments_code_scope', 'document', 'where a cCodIntAnexo may stand once: document or app'),
  ('attachments_max_bytes', '26214400', 'a larger file is refused; 0: unlimited (the real limit is not known)'),
  ('download_base', 'https://127.0.0.1/omie-files/', 'begins each cLinkDownload; deploy/up gives it the port'),
  ('download_expires_s', '86400', 'how long a link works'),
  ('download_key', md5(random()::text), 'signs the links'),
  ('orders', 'permissive', 'permissive: orders have a cStatus and can be closed; strict: as the real API'),
  ('orders_permissive_calls', 'AlterarPedidoCompra,ConsultarPedidoCompra', 'methods unknown when orders is strict'),
  ('orders_status', 'S', 'N: no cStatus in cabecalho_consulta, permissive or not')
) as s (name, value, meaning)
on conflict do nothing;

create table if not exists sandbox.omie_app (
  app_key text primary key,
  app_secret text not null,
  suspended boolean not null default false
);

create table if not exists sandbox.omie_fault (
  id bigint generated always as identity primary key,
  app_key text,                -- null: any
  method text,                 -- null: any
  param jsonb,                 -- only calls whose parameter contains this; null: any
  nth int,                     -- which of those calls, counted from now; null: the next
  times int default 1,         -- how many in a row; null: all that follow
  behaviour text not null default 'answer'
    check (behaviour in ('answer', 'hang', 'reset', 'cut')),
  seconds numeric not null default 0,          -- kept open so long before anything else happens
  performed boolean not null default false,    -- the work is done before the fault is played
  status int,                  -- null: 500; with 'hang': the usual answer; with 'cut': its head
  content_type text,           -- null: by the body
  headers jsonb not null default '{}',         -- {"Retry-After":"5"}
  body text,
  body_bytes bytea,
  seen int not null default 0  -- calls that matched so far
);

/* A row per request, credentials left out.  `at` and `ended_at` are real time, `clock` is the
 * sandbox's own. */
create table if not exists sandbox.omie_call (
  id bigint generated always as identity primary key,
  at timestamptz not null default clock_timestamp(),
  ended_at timestamptz,        -- null while it runs (or its program died)
  app_key text not null,
  method text not null,
  param jsonb,                 -- the object inside `param`; in place of cArquivo its length
  verdict text not null,       -- go, fault, or why it was refused before its work:
                               -- json credentials blocked rate busy unknown redundant repeated;
                               -- of a download: link (refused as it is)
  in_flight int not null,      -- calls of this app and method that run, this one included
  status int,                  -- as sent; null for a connection that was reset
  faultcode text,
  clock timestamptz not null,
  answered timestamptz,        -- sandbox time of a good answer: opens the redundancy window
  running boolean not null,
  backend int not null default pg_backend_pid() -- a dead program's calls do not run any more
);
create index if not exists omie_call_app on sandbox.omie_call (app_key, method, clock);
create index if not exists omie_call_clock on sandbox.omie_call (clock);
create index if not exists omie_call_param on sandbox.omie_call (app_key, jsonb_hash(param))
  where answered is not null;
create index if not exists omie_call_running on sandbox.omie_call (app_key, method) where running;

create table if not exists sandbox.omie_block (
  app_key text,
  method text,
  until timestamptz not null,  -- sandbox time; errors before it are forgotten
  primary key (app_key, method)
);

/* `body` is the record as it is listed, ready to send; what filters need stands beside it. */
create table if not exists sandbox.omie_client (
  app_key text,
  position bigint,
  id bigint,                   -- null when the record has none that is a number
  integration_code text,
  document text,               -- digits
  razao_social text,
  nome_fantasia text,
  inactive boolean not null,
  from_api boolean not null,
  tags text[] not null,        -- lower case
  included timestamp,
  altered timestamp,
  body text not null,
  extra jsonb not null,        -- members shown on request: observacao, caracteristicas …
  primary key (app_key, position)
);
create index if not exists omie_client_id on sandbox.omie_client (app_key, id);

/* How many records an app has, kept exact by triggers: counting 20,000 rows for each page costs
 * more than reading the page. */
create table if not exists sandbox.omie_register (
  app_key text primary key,
  total bigint not null
);

create or replace function sandbox.omie_count_clients() returns trigger language plpgsql as $$
begin
  if tg_op = 'TRUNCATE' then
    delete from sandbox.omie_register;
  elsif tg_op = 'INSERT' then
    insert into sandbox.omie_register as r select app_key, count(*) from changed group by app_key
    on conflict (app_key) do update set total = r.total + excluded.total;
  else
    update sandbox.omie_register r set total = r.total - c.gone
      from (select app_key, count(*) as gone from changed group by app_key) c
     where r.app_key = c.app_key;
  end if;
  return null;
end $$;
create or replace trigger omie_client_added after insert on sandbox.omie_client
  referencing new table as changed for each statement execute function sandbox.omie_count_clients();
create or replace trigger omie_client_gone after delete on sandbox.omie_client
  referencing old table as changed for each statement execute function sandbox.omie_count_clients();
create or replace trigger omie_client_emptied after truncate on sandbox.omie_client
  for each statement execute function sandbox.omie_count_clients();

/* Titles receivable, listed in order of position.  Change them with sandbox.omie_change_title. */
create table if not exists sandbox.omie_title (
  app_key text,
  position bigint,             -- the id; the next free one when there is none or it is taken
  id bigint,
  integration_code text,
  client bigint,
  account bigint,
  project bigint,
  seller bigint,
  registered date,
  month date generated always as (date_trunc('month', registered::timestamp)::date) stored,
  issued date,
  included date,
  altered date,
  due date,
  status text,                 -- capitals, no spaces, no _; null: open, as `due` and the date say
  from_api boolean not null,
  seeded_for date,             -- the month that the seed was for; null: put
  body text not null,
  extra jsonb not null,        -- {"observacao":…}, shown on request
  primary key (app_key, position) include (issued, included, altered)
);
create index if not exists omie_title_id on sandbox.omie_title (app_key, id);
create index if not exists omie_title_code on sandbox.omie_title (app_key, integration_code)
  where integration_code is not null;
create index if not exists omie_title_client on sandbox.omie_title (app_key, client);
create index if not exists omie_title_issued on sandbox.omie_title (app_key, issued);
create index if not exists omie_title_month on sandbox.omie_title (app_key, month, position)
  include (registered);        -- dates are filtered, and places found, without the rows

/* How many titles were registered on a day (none or no date: -infinity), as omie_register for
 * clients. */
create table if not exists sandbox.omie_title_day (
  app_key text,
  day date,
  total bigint not null,
  primary key (app_key, day)
);

create or replace function sandbox.omie_count_titles() returns trigger language plpgsql as $$
begin
  if tg_op = 'TRUNCATE' then
    delete from sandbox.omie_title_day;
  elsif tg_op = 'INSERT' then
    insert into sandbox.omie_title_day as d
    select app_key, coalesce(registered, '-infinity'), count(*) from changed group by 1, 2
    on conflict (app_key, day) do update set total = d.total + excluded.total;
  else
    update sandbox.omie_title_day d set total = d.total - c.gone
      from (select app_key, coalesce(registered, '-infinity') as day, count(*) as gone
              from changed group by 1, 2) c
     where d.app_key = c.app_key and d.day = c.day;
  end if;
  return null;
end $$;
create or replace trigger omie_title_added after insert on sandbox.omie_title
  referencing new table as changed for each statement execute function sandbox.omie_count_titles();
create or replace trigger omie_title_gone after delete on sandbox.omie_title
  referencing old table as changed for each statement execute function sandbox.omie_count_titles();
create or replace trigger omie_title_emptied after truncate on sandbox.omie_title
  for each statement execute function sandbox.omie_count_titles();

/* Documents that take attachments when not any document does. */
create table if not exists sandbox.omie_document (
  app_key text,
  register text,               -- cTabela
  id bigint,                   -- nId
  primary key (app_key, register, id)
);

create table if not exists sandbox.omie_attachment (
  app_key text not null,
  position bigint generated always as identity primary key,
  id bigint not null generated always as -- nIdAnexo, some of them above 10^10
    (2486000000 + position + case when position % 9 = 0 then 10000000000 else 0 end) stored,
  register text not null,
  document bigint not null,
  integration_code text,
  name text not null,
  kind text not null,          -- cTipoArquivo
  content bytea,               -- null: there is nothing to download
  shown_size bigint,           -- nTamanho as listed, true or not; null: as attachments_size says
  from_api boolean not null,
  included timestamp not null,
  sent text,                   -- cArquivo and cMd5 of its IncluirAnexo
  sent_md5 text
);
alter table sandbox.omie_attachment alter content set storage external, alter sent set storage external;
create index if not exists omie_attachment_document
  on sandbox.omie_attachment (app_key, register, document);
create index if not exists omie_attachment_id on sandbox.omie_attachment (id);

create table if not exists sandbox.omie_order (
  app_key text not null,
  position bigint generated always as identity,
  id bigint primary key generated always as (12487000000 + position) stored, -- nCodPed
  number text not null,        -- padded with zeros to 15, as numbers are compared
  integration_code text,
  status text not null,
  closed boolean not null,
  forecast date not null,
  included date not null,
  altered date not null,
  from_api boolean not null,
  header jsonb not null,       -- cabecalho_consulta
  unique (app_key, number)
);

create table if not exists sandbox.omie_order_item (
  order_id bigint references sandbox.omie_order on delete cascade,
  position int,
  id bigint not null,          -- nCodItem
  code text not null,          -- cCodIntItem
  status text,                 -- null: the order's
  body jsonb not null,         -- a row of produtos_consulta
  primary key (order_id, position)
);

create table if not exists sandbox.omie_receipt (
  app_key text,
  id bigint,                   -- nIdReceb
  nfe_key text,
  supplier bigint,
  stage text,
  issued date,
  altered timestamp,
  body jsonb not null,
  primary key (app_key, id)
);

create or replace function sandbox.omie_set(p_name text, p_value text, p_app text default '')
returns void language plpgsql as $$
begin
  if not exists (select from sandbox.omie_settings where name = p_name and app_key = '') then
    raise 'the sandbox has no setting %', p_name;
  end if;
  insert into sandbox.omie_settings (name, app_key, value) values (p_name, p_app, p_value)
  on conflict (name, app_key) do update set value = excluded.value;
end $$;

/* Numbering starts anew as well, so that a test reads the same whatever ran before it. */
create or replace function sandbox.omie_reset() returns void language sql as $$
  truncate sandbox.omie_app, sandbox.omie_fault, sandbox.omie_call, sandbox.omie_block,
           sandbox.omie_client, sandbox.omie_register, sandbox.omie_title, sandbox.omie_title_day,
           sandbox.omie_document, sandbox.omie_attachment, sandbox.omie_order,
           sandbox.omie_order_item, sandbox.omie_receipt
    restart identity;
  delete from sandbox.omie_settings where fallback is null;
  update sandbox.omie_settings set value = fallback where value <> fallback;
$$;
