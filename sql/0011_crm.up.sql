-- Customers of the organizations (tenants): their sales as imported from ERPs, cashback, campaigns and
-- the messages sent for them (data-collecting.md 10).
create schema crm authorization ponte_owner;
grant usage on schema crm to ponte_app;
set local role ponte_owner;

create type crm.organization_integration_type as enum ('ONLINE-SOFTWARE', 'CARDAPIO-WEB');
create type crm.campaign_trigger_type as enum
  ('NOVA-COMPRA', 'PRIMEIRA-COMPRA', 'PERMANÊNCIA-SEGMENTAÇÃO', 'ENTRADA-SEGMENTAÇÃO', 'CASHBACK-ACUMULADO',
   'CASHBACK-EXPIRANDO', 'ANIVERSARIO_CLIENTE', 'QUANTIDADE-TOTAL-COMPRAS', 'VALOR-TOTAL-COMPRAS',
   'RECORRENTE');
create type crm.time_duration_units as enum ('DIAS', 'SEMANAS', 'MESES', 'ANOS');
create type crm.recurrence_frequency as enum ('DIARIO', 'SEMANAL', 'MENSAL');
create type crm.interaction_type as enum ('ENVIO-MENSAGEM', 'ENVIO-EMAIL', 'LIGAÇÃO', 'ATENDIMENTO');
create type crm.interactions_cron_time_blocks as enum
  ('00:00', '03:00', '06:00', '09:00', '12:00', '15:00', '18:00', '21:00');
create type crm.cashback_program_accumulation_type as enum ('FIXO', 'PERCENTUAL');
create type crm.cashback_program_redemption_limit_type as enum ('FIXO', 'PERCENTUAL');
create type crm.cashback_program_transaction_type as enum ('ACÚMULO', 'RESGATE', 'EXPIRAÇÃO', 'CANCELAMENTO');
create type crm.cashback_program_transaction_status as enum ('ATIVO', 'CONSUMIDO', 'EXPIRADO');
create type crm.conversion_type as enum ('AQUISICAO', 'REATIVACAO', 'ACELERACAO', 'REGULAR', 'ATRASADA');
create type crm.delivery_mode as enum ('PRESENCIAL', 'RETIRADA', 'ENTREGA', 'COMANDA');
create type crm.sale_status as enum ('ORCAMENTO', 'CONDICIONAL', 'CONFIRMADA', 'FATURADA', 'CANCELADA');
create type crm.sale_processing_source as enum ('EXTERNO', 'INTERNO');
create type crm.whatsapp_connection_type as enum ('META_CLOUD_API', 'INTERNAL_GATEWAY');
create type crm.whatsapp_template_category as enum ('AUTENTICAÇÃO', 'MARKETING', 'UTILIDADE');
create type crm.chat_status as enum ('ABERTA', 'FECHADA');
create type crm.chat_message_content_type as enum ('TEXTO', 'IMAGEM', 'VIDEO', 'AUDIO', 'DOCUMENTO');
create type crm.chat_message_author_type as enum ('CLIENTE', 'USUÁRIO', 'AI', 'BUSINESS-APP');
create type crm.chat_message_status as enum ('CANCELADO', 'ENVIADO', 'RECEBIDO', 'LIDO');
create type crm.chat_message_whatsapp_status as enum ('PENDENTE', 'ENVIADO', 'ENTREGUE', 'LIDO', 'FALHOU');

-- The key by which clients are told apart (4.2): trimmed, inner white space collapsed, upper case
-- whatever the database's locale is; accents stay.  The list is Unicode's White_Space.
create function crm.name_key(p_name text) returns text
language sql immutable strict parallel safe
as $$
  select upper(btrim(regexp_replace(
           translate(p_name,
             E'\t\n\u000B\f\r\u0085\u00A0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200A\u2028\u2029\u202F\u205F\u3000',
             repeat(' ', 24)),
           ' +', ' ', 'g')) collate "und-x-icu")
$$;

create table crm.users (
  id   varchar(255) primary key default gen_random_uuid()::text,
  nome text
);

create table crm.organizations (
  id                                   varchar(255) primary key default gen_random_uuid()::text,
  nome                                 text not null,
  cnpj                                 text not null,
  integracao_tipo                      crm.organization_integration_type,
  integracao_configuracao              jsonb,
  integracao_data_ultima_sincronizacao timestamptz,
  configuracao                         jsonb not null default '{}', -- feature flags under `recursos`
  autor_id                             varchar(255) references crm.users,
  data_insercao                        timestamptz not null default now()
);
call ponte.make_queue('crm.organizations'); -- its lease: one run at a time works on an organization

create table crm.clients (
  id                                    varchar(255) primary key default gen_random_uuid()::text,
  organizacao_id                        varchar(255) not null references crm.organizations on delete cascade,
  nome                                  text not null,
  nome_chave                            text generated always as (crm.name_key(nome)) stored,
  id_externo                            text,
  cpf_cnpj                              text,
  email                                 text,
  canal_aquisicao                       text,
  telefone                              text not null default '',
  telefone_base                         text not null default '', -- 4.3
  localizacao_cep                       text,
  localizacao_estado                    text,
  localizacao_cidade                    text,
  localizacao_bairro                    text,
  localizacao_logradouro                text,
  localizacao_numero                    text,
  localizacao_complemento               text,
  data_nascimento                       timestamptz,
  primeira_compra_data                  timestamptz,
  primeira_compra_id                    varchar(255),
  ultima_compra_data                    timestamptz,
  ultima_compra_id                      varchar(255),
  analise_rfm_titulo                    text,
  analise_rfm_notas_recencia            text,
  analise_rfm_notas_frequencia          text,
  analise_rfm_notas_monetario           text,
  analise_rfm_ultima_atualizacao        timestamptz,
  analise_rfm_ultima_alteracao          timestamptz,
  metadata_total_compras                integer not null default 0,
  metadata_valor_total_compras          numeric(14,2) not null default 0,
  metadata_produto_mais_comprado_id     varchar(255),
  metadata_grupo_produto_mais_comprado  text,
  metadata_ultima_atualizacao           timestamptz,
  origem_integracao                     crm.organization_integration_type, -- null: by hand, or a duplicate
  data_insercao                         timestamptz not null default now()
) with (fillfactor = 90);
create unique index clients_id_externo_key on crm.clients (organizacao_id, id_externo)
  where id_externo is not null;
create unique index clients_nome_chave_key on crm.clients (organizacao_id, nome_chave)
  where origem_integracao = 'ONLINE-SOFTWARE';
create index clients_nome_chave_idx on crm.clients (organizacao_id, nome_chave);
create index clients_telefone_base_idx on crm.clients (organizacao_id, telefone_base)
  where telefone_base <> '';

create table crm.products (
  id                        varchar(255) primary key default gen_random_uuid()::text,
  organizacao_id            varchar(255) not null references crm.organizations on delete cascade,
  ativo                     boolean default true,
  codigo                    text not null,
  descricao                 text not null,
  unidade                   text not null,
  grupo                     text not null,
  ncm                       text not null,
  tipo                      text not null,
  quantidade                numeric(14,4),
  preco_venda               numeric(14,2),
  preco_custo               numeric(14,2),
  imagem_capa_url           text,
  data_ultima_sincronizacao timestamptz,
  data_insercao             timestamptz not null default now(),
  unique (organizacao_id, codigo)
);

create table crm.sellers (
  id             varchar(255) primary key default gen_random_uuid()::text,
  organizacao_id varchar(255) not null references crm.organizations on delete cascade,
  ativo          boolean not null default true,
  nome           text not null,
  identificador  text not null,
  telefone       text,
  email          text,
  avatar_url     text,
  senha_operador text not null default '0000',
  data_insercao  timestamptz not null default now(),
  unique (organizacao_id, nome)
);

create table crm.partners (
  id                      varchar(255) primary key default gen_random_uuid()::text,
  organizacao_id          varchar(255) not null references crm.organizations on delete cascade,
  cliente_id              varchar(255) references crm.clients on delete set null,
  identificador           text not null,
  nome                    text not null,
  codigo_afiliacao        text,
  cpf_cnpj                text,
  telefone                text,
  telefone_base           text,
  email                   text,
  avatar_url              text,
  localizacao_cep         text,
  localizacao_estado      text,
  localizacao_cidade      text,
  localizacao_bairro      text,
  localizacao_logradouro  text,
  localizacao_numero      text,
  localizacao_complemento text,
  data_insercao           timestamptz not null default now(),
  unique (organizacao_id, identificador),
  unique (organizacao_id, codigo_afiliacao)
);

create table crm.product_add_ons (
  id             varchar(255) primary key default gen_random_uuid()::text,
  organizacao_id varchar(255) not null references crm.organizations on delete cascade,
  id_externo     text,
  nome           text not null,
  interno_nome   text,
  min_opcoes     integer not null default 0,
  max_opcoes     integer not null default 1,
  ativo          boolean default true,
  data_insercao  timestamptz not null default now(),
  unique (organizacao_id, id_externo)
);

create table crm.product_add_on_options (
  id                 varchar(255) primary key default gen_random_uuid()::text,
  organizacao_id     varchar(255) not null references crm.organizations on delete cascade,
  produto_add_on_id  varchar(255) not null references crm.product_add_ons on delete cascade,
  id_externo         text,
  nome               text not null,
  codigo             text,
  produto_id         varchar(255) references crm.products,
  quantidade_consumo numeric(14,4) not null default 1,
  preco_delta        numeric(14,2) not null default 0,
  max_qtde_por_item  integer default 1,
  ativo              boolean default true,
  data_insercao      timestamptz not null default now(),
  unique (organizacao_id, id_externo)
);

create table crm.whatsapp_connections (
  id                    varchar(255) primary key default gen_random_uuid()::text,
  organizacao_id        varchar(255) not null references crm.organizations on delete cascade,
  tipo_conexao          crm.whatsapp_connection_type not null default 'META_CLOUD_API',
  token                 text,
  data_expiracao        timestamptz,
  meta_escopo           text,
  gateway_sessao_id     varchar(255),
  gateway_status        text,
  gateway_ultima_conexao timestamptz,
  envio_livre_em        timestamptz, -- the next send may start then: spacing shared by all hosts (9.7)
  envio_suspenso_ate    timestamptz, -- sender or account refused (9.6)
  autor_id              varchar(255) references crm.users,
  data_insercao         timestamptz not null default now()
);

create table crm.whatsapp_connection_phones (
  id                           varchar(255) primary key default gen_random_uuid()::text,
  conexao_id                   varchar(255) not null references crm.whatsapp_connections on delete cascade,
  nome                         text not null,
  numero                       text not null,
  whatsapp_business_account_id varchar(255),
  whatsapp_telefone_id         varchar(255),
  permitir_atendimento_ia      boolean not null default false,
  data_insercao                timestamptz not null default now()
);

create table crm.whatsapp_templates (
  id             varchar(255) primary key default gen_random_uuid()::text,
  organizacao_id varchar(255) references crm.organizations on delete cascade,
  nome           text not null, -- lower case, digits, underscore
  categoria      crm.whatsapp_template_category not null,
  componentes    jsonb not null,
  autor_id       varchar(255) references crm.users,
  data_insercao  timestamptz not null default now()
);

create table crm.campaigns (
  id                                             varchar(255) primary key default gen_random_uuid()::text,
  organizacao_id                                 varchar(255) not null references crm.organizations on delete cascade,
  ativo                                          boolean not null default true,
  titulo                                         text not null,
  descricao                                      text,
  gatilho_tipo                                   crm.campaign_trigger_type not null,
  gatilho_nova_compra_valor_minimo               numeric(14,2),
  gatilho_novo_cashback_acumulado_valor_minimo   numeric(14,2),
  gatilho_total_cashback_acumulado_valor_minimo  numeric(14,2),
  gatilho_valor_total_compras                    numeric(14,2),
  gatilho_quantidade_total_compras               integer,
  gatilho_tempo_permanencia_medida               crm.time_duration_units,
  gatilho_tempo_permanencia_valor                integer,
  gatilho_cashback_expirando_antecedencia_medida crm.time_duration_units,
  gatilho_cashback_expirando_antecedencia_valor  integer,
  recorrencia_tipo                               crm.recurrence_frequency,
  recorrencia_intervalo                          integer,
  recorrencia_dias_semana                        text,
  recorrencia_dias_mes                           text,
  execucao_agendada_medida                       crm.time_duration_units not null default 'DIAS',
  execucao_agendada_valor                        integer not null default 0,
  execucao_agendada_bloco                        crm.interactions_cron_time_blocks not null,
  permitir_recorrencia                           boolean not null default true,
  frequencia_intervalo_valor                     integer default 0,
  frequencia_intervalo_medida                    crm.time_duration_units default 'DIAS',
  whatsapp_conexao_telefone_id                   varchar(255) references crm.whatsapp_connection_phones on delete set null,
  whatsapp_template_id                           varchar(255) references crm.whatsapp_templates,
  cashback_geracao_ativo                         boolean not null default false,
  cashback_geracao_tipo                          crm.cashback_program_accumulation_type,
  cashback_geracao_valor                         numeric(14,4),
  cashback_geracao_expiracao_medida              crm.time_duration_units,
  cashback_geracao_expiracao_valor               integer,
  atribuicao_modelo                              text not null default 'LAST_TOUCH'
                                                 check (atribuicao_modelo in ('LAST_TOUCH', 'FIRST_TOUCH', 'LINEAR')),
  atribuicao_janela_dias                         integer not null default 14,
  autor_id                                       varchar(255) not null references crm.users,
  data_insercao                                  timestamptz not null default now()
);

create table crm.campaign_segmentations (
  id             varchar(255) primary key default gen_random_uuid()::text,
  organizacao_id varchar(255) references crm.organizations on delete cascade,
  campanha_id    varchar(255) not null references crm.campaigns on delete cascade,
  segmentacao    text not null,
  data_insercao  timestamptz not null default now(),
  unique (campanha_id, segmentacao)
);

create table crm.sales (
  id                               varchar(255) primary key default gen_random_uuid()::text,
  organizacao_id                   varchar(255) not null references crm.organizations on delete cascade,
  id_externo                       text not null,
  cliente_id                       varchar(255) references crm.clients on delete set null,
  vendedor_id                      varchar(255) references crm.sellers on delete set null,
  parceiro_id                      varchar(255) references crm.partners on delete set null,
  valor_total                      numeric(14,2) not null,
  custo_total                      numeric(14,2) not null,
  descontos_total                  numeric(14,2),
  acrescimos_total                 numeric(14,2),
  vendedor_nome                    text not null,
  parceiro                         text not null,
  chave                            text not null,
  documento                        text not null,
  modelo                           text not null,
  movimento                        text not null,
  natureza                         text not null, -- a valid sale: SN01, and a value above zero
  serie                            text not null,
  situacao                         text not null,
  tipo                             text not null,
  canal                            text,
  comanda_numero                   text,
  observacoes                      text,
  rascunho_metadados               jsonb,
  entrega_modalidade               crm.delivery_mode,
  entrega_localizacao_id           varchar(255),
  data_venda                       timestamptz,
  atribuicao_processada            boolean not null default false,
  atribuicao_aplicavel             boolean not null default false,
  atribuicao_campanha_principal_id varchar(255) references crm.campaigns,
  atribuicao_campanha_conversao_id varchar(255),
  atribuicao_interacao_id          varchar(255),
  processamento_origem             crm.sale_processing_source default 'EXTERNO',
  status                           crm.sale_status,
  erp_hash                         bytea, -- of the stored fields as delivered
  erp_situacao                     text,
  erp_atualizado_em                timestamptz,
  data_insercao                    timestamptz not null default now(),
  data_atualizacao                 timestamptz,
  unique (organizacao_id, id_externo)
);
create index sales_cliente_idx on crm.sales (organizacao_id, cliente_id, data_venda);
create index sales_data_venda_idx on crm.sales (organizacao_id, data_venda);
-- a cancelled sale's interactions are deleted: each would read all sales
create index sales_atribuicao_interacao_idx on crm.sales (atribuicao_interacao_id)
  where atribuicao_interacao_id is not null;
alter table crm.clients
  add foreign key (primeira_compra_id) references crm.sales on delete set null,
  add foreign key (ultima_compra_id) references crm.sales on delete set null;

create table crm.sale_items (
  id                        varchar(255) primary key default gen_random_uuid()::text,
  organizacao_id            varchar(255) not null references crm.organizations on delete cascade,
  venda_id                  varchar(255) not null references crm.sales on delete cascade,
  cliente_id                varchar(255) references crm.clients on delete set null,
  produto_id                varchar(255) not null references crm.products,
  ordem                     integer not null,
  quantidade                numeric(14,4) not null,
  valor_venda_unitario      numeric(18,6) not null,
  valor_custo_unitario      numeric(18,6) not null,
  valor_venda_total_bruto   numeric(14,2) not null,
  valor_total_desconto      numeric(14,2) not null,
  valor_venda_total_liquido numeric(14,2) not null,
  valor_custo_total         numeric(14,2) not null,
  metadados                 jsonb,
  data_insercao             timestamptz not null default now(),
  unique (venda_id, ordem)
);
create index sale_items_produto_idx on crm.sale_items (produto_id);
create index sale_items_cliente_idx on crm.sale_items (cliente_id);

create table crm.cashback_programs (
  id                                     varchar(255) primary key default gen_random_uuid()::text,
  organizacao_id                         varchar(255) not null references crm.organizations on delete cascade,
  ativo                                  boolean not null default true,
  titulo                                 text not null,
  descricao                              text,
  modalidade_descontos_permitida         boolean not null default true,
  modalidade_recompensas_permitida       boolean not null default false,
  acumulo_tipo                           crm.cashback_program_accumulation_type not null default 'FIXO',
  acumulo_valor                          numeric(14,4) not null default 0,
  acumulo_valor_parceiro                 numeric(14,4) not null default 0,
  acumulo_regra_valor_minimo             numeric(14,4) not null default 0,
  acumulo_permitir_via_integracao        boolean not null default false,
  acumulo_permitir_via_ponto_integracao  boolean not null default false,
  expiracao_regra_validade_valor         integer not null default 0, -- days
  resgate_limite_tipo                    crm.cashback_program_redemption_limit_type,
  resgate_limite_valor                   numeric(14,4),
  data_insercao                          timestamptz not null default now(),
  data_atualizacao                       timestamptz
);
create unique index cashback_programs_ativo_key on crm.cashback_programs (organizacao_id) where ativo;

create table crm.cashback_program_balances (
  id                          varchar(255) primary key default gen_random_uuid()::text,
  organizacao_id              varchar(255) not null references crm.organizations on delete cascade,
  cliente_id                  varchar(255) not null references crm.clients on delete cascade,
  programa_id                 varchar(255) not null,
  saldo_valor_disponivel      numeric(14,2) not null default 0 check (saldo_valor_disponivel >= 0),
  saldo_valor_acumulado_total numeric(14,2) not null default 0,
  saldo_valor_resgatado_total numeric(14,2) not null default 0,
  data_insercao               timestamptz not null default now(),
  data_atualizacao            timestamptz,
  unique (organizacao_id, cliente_id, programa_id)
) with (fillfactor = 90);

create table crm.cashback_program_transactions (
  id                       varchar(255) primary key default gen_random_uuid()::text,
  sequencia                bigint generated always as identity, -- order of creation: ties of data_insercao
  organizacao_id           varchar(255) not null references crm.organizations on delete cascade,
  cliente_id               varchar(255) not null,
  programa_id              varchar(255) not null,
  venda_id                 varchar(255) references crm.sales,
  venda_valor              numeric(14,2) not null default 0,
  status                   crm.cashback_program_transaction_status not null default 'ATIVO',
  tipo                     crm.cashback_program_transaction_type not null,
  valor                    numeric(14,2) not null,
  valor_restante           numeric(14,2) not null check (valor_restante >= 0),
  saldo_valor_anterior     numeric(14,2) not null,
  saldo_valor_posterior    numeric(14,2) not null,
  expiracao_data           timestamptz,
  campanha_id              varchar(255) references crm.campaigns,
  transacao_origem_id      varchar(255) references crm.cashback_program_transactions,
  operador_id              varchar(255),
  operador_vendedor_id     varchar(255),
  resgate_recompensa_id    varchar(255),
  resgate_recompensa_valor numeric(14,2),
  metadados                jsonb,
  data_insercao            timestamptz not null default now(),
  data_atualizacao         timestamptz
);
create unique index cashback_program_transactions_acumulo_key
  on crm.cashback_program_transactions (venda_id, cliente_id, programa_id)
  where tipo = 'ACÚMULO' and campanha_id is null and venda_id is not null;
create unique index cashback_program_transactions_campanha_key
  on crm.cashback_program_transactions (venda_id, cliente_id, campanha_id)
  where tipo = 'ACÚMULO' and campanha_id is not null and venda_id is not null;
create unique index cashback_program_transactions_cancelamento_key
  on crm.cashback_program_transactions (transacao_origem_id) where tipo = 'CANCELAMENTO';
create index cashback_program_transactions_venda_idx on crm.cashback_program_transactions (venda_id);
create index cashback_program_transactions_expiracao_idx
  on crm.cashback_program_transactions (organizacao_id, expiracao_data) where status = 'ATIVO';

create table crm.interactions (
  id                           varchar(255) primary key default gen_random_uuid()::text,
  organizacao_id               varchar(255) not null references crm.organizations on delete cascade,
  cliente_id                   varchar(255) not null,
  campanha_id                  varchar(255) references crm.campaigns,
  venda_id                     varchar(255) references crm.sales on delete set null,
  titulo                       text not null,
  descricao                    text,
  tipo                         crm.interaction_type not null,
  imediata                     boolean not null default false,
  agendamento_data_referencia  text, -- YYYY-MM-DD
  agendamento_bloco_referencia crm.interactions_cron_time_blocks,
  data_execucao                timestamptz,
  data_envio                   timestamptz,
  status_envio                 text -- null: never tried
                               check (status_envio in ('PENDENTE', 'ENVIADO', 'ENTREGUE', 'LIDO', 'FALHOU')),
  erro_envio                   text,
  tentativa_em                 timestamptz,
  metadados                    jsonb,
  autor_id                     varchar(255) references crm.users,
  data_insercao                timestamptz not null default now()
);
call ponte.make_queue('crm.interactions');
create unique index interactions_venda_campanha_key on crm.interactions (venda_id, campanha_id)
  where venda_id is not null;
create index interactions_cliente_campanha_idx on crm.interactions (cliente_id, campanha_id, data_insercao);
create index interactions_agendamento_idx on crm.interactions
  (organizacao_id, agendamento_data_referencia, agendamento_bloco_referencia) where data_execucao is null;
create index interactions_executada_idx on crm.interactions (cliente_id, data_execucao)
  where data_execucao is not null;
create index interactions_whatsapp_message_idx on crm.interactions ((metadados ->> 'whatsappMessageId'))
  where metadados ->> 'whatsappMessageId' is not null;
-- what is due for one organization, beside the queue's index of what is due for anybody
create index interactions_organizacao_due_idx on crm.interactions (organizacao_id, proxima_tentativa_em)
  where proxima_tentativa_em is not null;
-- what crm.schedule_unplanned looks for: as a rule nothing
create index interactions_unplanned_idx on crm.interactions (agendamento_data_referencia)
  where data_execucao is null and proxima_tentativa_em is null and tentativas = 0 and status_envio is null;

create table crm.campaign_conversions (
  id                             varchar(255) primary key default gen_random_uuid()::text,
  organizacao_id                 varchar(255) not null references crm.organizations on delete cascade,
  venda_id                       varchar(255) not null references crm.sales on delete cascade,
  interacao_id                   varchar(255) not null references crm.interactions on delete cascade,
  campanha_id                    varchar(255) not null references crm.campaigns on delete cascade,
  cliente_id                     varchar(255) not null references crm.clients on delete cascade,
  atribuicao_modelo              text not null
                                 check (atribuicao_modelo in ('LAST_TOUCH', 'FIRST_TOUCH', 'LINEAR')),
  atribuicao_peso                numeric(6,4) not null default 1,
  atribuicao_receita             numeric(14,2) not null,
  data_interacao                 timestamptz not null,
  data_conversao                 timestamptz not null,
  tempo_para_conversao_minutos   integer not null,
  cliente_ticket_medio_ss        numeric(14,2),
  cliente_ciclo_compra_medio_ss  integer,
  cliente_qtde_compras_ss        integer,
  dias_desde_ultima_compra       integer,
  delta_frequencia               integer,
  ciclo_compra_confiavel         boolean,
  tipo_conversao                 crm.conversion_type,
  delta_monetario_absoluto       numeric(14,2),
  delta_monetario_percentual     numeric(14,4),
  venda_valor                    numeric(14,2),
  data_insercao                  timestamptz not null default now(),
  unique (venda_id, interacao_id)
);
create index campaign_conversions_interacao_idx on crm.campaign_conversions (interacao_id);
alter table crm.sales
  add foreign key (atribuicao_campanha_conversao_id) references crm.campaign_conversions on delete set null,
  add foreign key (atribuicao_interacao_id) references crm.interactions on delete set null;

create table crm.chats (
  id                            varchar(255) primary key default gen_random_uuid()::text,
  organizacao_id                varchar(255) not null references crm.organizations on delete cascade,
  cliente_id                    varchar(255) not null,
  whatsapp_conexao_id           varchar(255),
  whatsapp_conexao_telefone_id  varchar(255),
  whatsapp_telefone_id          varchar(255),
  mensagens_nao_lidas           integer not null default 0,
  ultima_mensagem_id            varchar(255),
  ultima_mensagem_data          timestamptz not null,
  ultima_mensagem_conteudo_tipo crm.chat_message_content_type not null,
  ultima_mensagem_conteudo_texto text,
  status                        crm.chat_status not null default 'ABERTA',
  ultima_interacao_cliente_data timestamptz,
  data_insercao                 timestamptz not null default now(),
  unique (organizacao_id, cliente_id, whatsapp_conexao_telefone_id)
);

create table crm.chat_messages (
  id                      varchar(255) primary key default gen_random_uuid()::text,
  organizacao_id          varchar(255) not null references crm.organizations on delete cascade,
  chat_id                 varchar(255) not null references crm.chats on delete cascade,
  whatsapp_template_id    varchar(255),
  interacao_id            varchar(255),
  autor_tipo              crm.chat_message_author_type not null default 'USUÁRIO',
  autor_usuario_id        varchar(255),
  autor_cliente_id        varchar(255),
  conteudo_texto          text not null,
  conteudo_midia_tipo     crm.chat_message_content_type not null,
  conteudo_midia_url      text,
  status                  crm.chat_message_status not null default 'ENVIADO',
  whatsapp_message_id     text,
  whatsapp_message_status crm.chat_message_whatsapp_status not null default 'PENDENTE',
  data_envio              timestamptz not null,
  is_echo                 boolean not null default false,
  data_insercao           timestamptz not null default now()
);
create unique index chat_messages_interacao_key on crm.chat_messages (interacao_id)
  where interacao_id is not null;
create unique index chat_messages_whatsapp_message_key on crm.chat_messages (whatsapp_message_id)
  where whatsapp_message_id is not null;

create table crm.utils (
  id                      varchar(255) primary key default gen_random_uuid()::text,
  organizacao_id          varchar(255) references crm.organizations on delete cascade,
  identificador           text not null,
  valor                   jsonb not null,
  tipo                    text,
  dados                   jsonb,
  hash                    bytea,
  data_ultima_atualizacao timestamptz not null,
  data_insercao           timestamptz not null default now()
);
create unique index utils_hash_key on crm.utils (organizacao_id, tipo, hash) where hash is not null;
create index utils_identificador_idx on crm.utils (organizacao_id, identificador);
create index utils_tipo_idx on crm.utils (tipo, data_insercao);

do $$
declare name text;
begin
  for name in select tablename from pg_tables where schemaname = 'crm' loop
    call ponte.protect(format('crm.%I', name)::regclass, 'crm');
  end loop;
end
$$;

-- The instant of a block ("09:00") of a day (9.8).
create function crm.block_at(p_day date, p_block text, p_zone text) returns timestamptz
language sql stable
as $$ select (p_day + p_block::time) at time zone p_zone $$;

-- The day that "YYYY-MM-DD" names; null for anything else, the 31st of February too.
create function crm.day_of(p_text text) returns date
language plpgsql immutable strict
as $$
begin
  if p_text !~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}$' then
    return null;
  end if;
  return make_date(left(p_text, 4)::integer, substr(p_text, 6, 2)::integer, right(p_text, 2)::integer);
exception when datetime_field_overflow then
  return null;
end
$$;

-- Messages that others than these programs scheduled, by day and block alone, get the instant that the
-- queue looks at.  Returns how many.
create function crm.schedule_unplanned(p_zone text) returns bigint
language sql
as $$
  with due as (
    select i.id, crm.block_at(crm.day_of(i.agendamento_data_referencia),
                              i.agendamento_bloco_referencia::text, p_zone) as at
      from crm.interactions i
     where i.data_execucao is null and i.proxima_tentativa_em is null and i.tentativas = 0
       and i.status_envio is null and i.tipo = 'ENVIO-MENSAGEM' and i.campanha_id is not null
       and i.agendamento_data_referencia >= to_char((now() at time zone p_zone) - interval '1 day',
                                                    'YYYY-MM-DD')
       for update skip locked -- another call is at the same rows
  ), planned as (
    update crm.interactions i set proxima_tentativa_em = due.at, updated_at = now()
      from due where i.id = due.id and due.at is not null
    returning 1
  )
  select count(*) from planned
$$;
