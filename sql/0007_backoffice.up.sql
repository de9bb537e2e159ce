-- The back office: attachments copied between Omie's records, purchase orders closed
-- (backoffice.md 4).

create schema backoffice authorization ponte_owner;
grant usage on schema backoffice to ponte_app;
set local role ponte_owner;

create table backoffice.attachment_integration_map (
  id                     bigint generated always as identity primary key,
  origem_recebimento_id  bigint not null check (origem_recebimento_id > 0),  -- nIdReceb
  destino_conta_pagar_id bigint not null check (destino_conta_pagar_id > 0), -- nCodTitulo
  numero_nf              varchar(60),
  created_at             timestamptz not null default now(),
  unique (origem_recebimento_id, destino_conta_pagar_id)
);
create index attachment_integration_map_destino_idx
  on backoffice.attachment_integration_map (destino_conta_pagar_id);
create index attachment_integration_map_created_at_idx
  on backoffice.attachment_integration_map (created_at);

create table backoffice.attachment_transfer_log (
  id                  bigint generated always as identity primary key,
  task_id             uuid not null unique default gen_random_uuid(),
  origem_tabela       varchar(50) not null default 'com-recebimento',
  origem_id           bigint not null check (origem_id > 0),
  destino_tabela      varchar(50) not null default 'conta_a_pagar',
  destino_id          bigint not null check (destino_id > 0),
  origem_tabela_omie  varchar(50) not null, -- as sent to Omie (6.1b)
  destino_tabela_omie varchar(50) not null,
  status              varchar(20) not null default 'pending'
                      check (status in ('pending', 'processing', 'success', 'failed')),
  anexos_transferidos jsonb not null default '[]', -- {"nome","nIdAnexoOrigem","tamanho"}
  em_envio            jsonb not null default '[]', -- sent, outcome unknown: {"nome","nIdAnexoOrigem"}
  total_anexos        integer not null default 0 check (total_anexos >= 0),
  anexos_sucesso      integer not null default 0 check (anexos_sucesso >= 0),
  mensagem_erro       text check (char_length(mensagem_erro) <= 2000),
  detalhes            jsonb not null default '{}',
  solicitado_por      uuid,
  created_at          timestamptz not null default now(),
  updated_at          timestamptz not null default now(),
  processado_em       timestamptz
);
create index attachment_transfer_log_pair_idx on backoffice.attachment_transfer_log (origem_id, destino_id);
create index attachment_transfer_log_status_idx on backoffice.attachment_transfer_log (status);
create index attachment_transfer_log_created_at_idx on backoffice.attachment_transfer_log (created_at);
-- one open log per pair; one log at a time per destination (6.14)
create unique index attachment_transfer_log_open_key on backoffice.attachment_transfer_log
  (origem_tabela_omie, origem_id, destino_tabela_omie, destino_id)
  where status in ('pending', 'processing');
create unique index attachment_transfer_log_busy_key on backoffice.attachment_transfer_log
  (destino_tabela_omie, destino_id) where status = 'processing';

create table backoffice.purchase_order_closure_log (
  id                bigint generated always as identity primary key,
  task_id           uuid not null unique default gen_random_uuid(),
  numero_pedido     varchar(50) not null check (btrim(numero_pedido) <> ''),
  item_pedido       varchar(50),
  numero_nf_servico varchar(50) not null check (btrim(numero_nf_servico) <> ''),
  id_nf_servico     bigint not null check (id_nf_servico > 0),
  status            varchar(20) not null default 'pending'
                    check (status in ('pending', 'processing', 'success', 'failed')),
  mensagem_erro     text check (char_length(mensagem_erro) <= 2000),
  detalhes          jsonb not null default '{}',
  solicitado_por    uuid,
  created_at        timestamptz not null default now(),
  updated_at        timestamptz not null default now(),
  processado_em     timestamptz
);
create index purchase_order_closure_log_numero_idx on backoffice.purchase_order_closure_log (numero_pedido);
create index purchase_order_closure_log_status_idx on backoffice.purchase_order_closure_log (status);
create index purchase_order_closure_log_created_at_idx
  on backoffice.purchase_order_closure_log (created_at);
create unique index purchase_order_closure_log_open_key on backoffice.purchase_order_closure_log
  (numero_pedido, coalesce(item_pedido, '')) where status in ('pending', 'processing');

call ponte.make_queue('backoffice.attachment_transfer_log');
call ponte.make_queue('backoffice.purchase_order_closure_log');

call ponte.protect('backoffice.attachment_integration_map', 'backoffice');
call ponte.protect('backoffice.attachment_transfer_log', 'backoffice');
call ponte.protect('backoffice.purchase_order_closure_log', 'backoffice');

-- Opens a log of a transfer, or finds the open one of its pair.  With a token it is claimed at once.
--   claimed  it is the caller's to work on
--   queued   a worker will do it;  already: it was open before
--   busy     somebody works on it, or on the same destination
create function backoffice.open_transfer(
  p_origin_table text, p_origin_wire text, p_origin_id bigint,
  p_target_table text, p_target_wire text, p_target_id bigint,
  p_requested_by uuid, p_token uuid, p_lease interval, p_worker text,
  out outcome text, out id bigint, out task_id uuid, out attempt integer)
language plpgsql
as $$
declare
  log    backoffice.attachment_transfer_log;
  is_new boolean;
begin
  loop -- what is in the way may end before it is read
    insert into backoffice.attachment_transfer_log as l
      (origem_tabela, origem_tabela_omie, origem_id, destino_tabela, destino_tabela_omie, destino_id,
       solicitado_por, proxima_tentativa_em)
    values (p_origin_table, p_origin_wire, p_origin_id, p_target_table, p_target_wire, p_target_id,
            p_requested_by, case when p_token is null then now() end)
    on conflict do nothing
    returning l.* into log;
    is_new := found;
    if not is_new then
      select l.* into log from backoffice.attachment_transfer_log l
       where l.origem_tabela_omie = p_origin_wire and l.origem_id = p_origin_id
         and l.destino_tabela_omie = p_target_wire and l.destino_id = p_target_id
         and l.status in ('pending', 'processing');
      continue when not found;
    end if;
    select s.outcome, s.id, s.task_id, s.attempt into outcome, id, task_id, attempt
      from backoffice.start_transfer(log.id, case when is_new then 'queued' else 'already' end,
                                     p_token, p_lease, p_worker) s;
    exit when not (is_new and outcome = 'busy');
    -- ours never was: the caller is told of the log that holds the destination
    delete from backoffice.attachment_transfer_log l where l.id = log.id;
    select l.id, l.task_id, l.tentativas into id, task_id, attempt
      from backoffice.attachment_transfer_log l
     where l.destino_tabela_omie = p_target_wire and l.destino_id = p_target_id
       and l.status = 'processing';
    exit when found;
  end loop;
end
$$;

-- Starts a log that exists: claims it with a token, schedules it without.
create function backoffice.start_transfer(
  p_id bigint, p_state text, p_token uuid, p_lease interval, p_worker text,
  out outcome text, out id bigint, out task_id uuid, out attempt integer)
language plpgsql
as $$
begin
  outcome := p_state;
  if p_token is null then
    update backoffice.attachment_transfer_log l
       set status = 'pending', proxima_tentativa_em = coalesce(l.proxima_tentativa_em, now()),
           updated_at = now()
     where l.id = p_id and l.status in ('pending', 'failed') and l.tentativas < l.max_tentativas
       and l.proxima_tentativa_em is null;
  else
    begin
      update backoffice.attachment_transfer_log l
         set status = 'processing', tentativas = l.tentativas + 1, lease_token = p_token,
             lease_ate = now() + p_lease, worker = p_worker, proxima_tentativa_em = null,
             processado_em = null, updated_at = now()
       where l.id = p_id and l.status in ('pending', 'failed') and l.tentativas < l.max_tentativas;
      outcome := case when found then 'claimed' else 'busy' end;
    exception when unique_violation then -- the destination is being worked on
      outcome := 'busy';
    end;
  end if;
  select l.id, l.task_id, l.tentativas into id, task_id, attempt
    from backoffice.attachment_transfer_log l where l.id = p_id;
end
$$;

-- Opens a log of a closure, or finds the open one of its order and item; outcomes as above.
create function backoffice.open_closure(
  p_number text, p_item text, p_invoice_number text, p_invoice_id bigint,
  p_requested_by uuid, p_token uuid, p_lease interval, p_worker text,
  out outcome text, out id bigint, out task_id uuid, out attempt integer)
language plpgsql
as $$
begin
  loop -- the open log that is in the way may end before it is read
    insert into backoffice.purchase_order_closure_log as l
      (numero_pedido, item_pedido, numero_nf_servico, id_nf_servico, solicitado_por,
       status, tentativas, lease_token, lease_ate, worker, proxima_tentativa_em)
    values (p_number, p_item, p_invoice_number, p_invoice_id, p_requested_by,
            case when p_token is null then 'pending' else 'processing' end,
            (p_token is not null)::int, p_token, now() + p_lease, p_worker,
            case when p_token is null then now() end)
    on conflict do nothing
    returning l.id, l.task_id, l.tentativas into id, task_id, attempt;
    outcome := case when p_token is null then 'queued' else 'claimed' end;
    exit when found;
    update backoffice.purchase_order_closure_log l -- a pending one is taken over
       set status = 'processing', tentativas = l.tentativas + 1, lease_token = p_token,
           lease_ate = now() + p_lease, worker = p_worker, proxima_tentativa_em = null,
           processado_em = null, updated_at = now()
     where p_token is not null and l.numero_pedido = p_number
       and coalesce(l.item_pedido, '') = coalesce(p_item, '')
       and l.status = 'pending' and l.tentativas < l.max_tentativas
    returning l.id, l.task_id, l.tentativas into id, task_id, attempt;
    outcome := 'claimed';
    exit when found;
    select l.id, l.task_id, l.tentativas into id, task_id, attempt
      from backoffice.purchase_order_closure_log l
     where l.numero_pedido = p_number and coalesce(l.item_pedido, '') = coalesce(p_item, '')
       and l.status in ('pending', 'processing');
    outcome := case when p_token is null then 'already' else 'busy' end;
    exit when found;
  end loop;
end
$$;
