-- The import's two functions: what a batch of sales refers to, and writing what was decided
-- (data-collecting.md 1.7, 5.1; DESIGN "A transaction per record").  Plans of what
-- looks things up are made anew at every call, for the tables as they are then; storing keeps its own.
set local role ponte_owner;

create function crm.digits(p_text text) returns text
language sql immutable strict parallel safe
as $$ select regexp_replace(p_text, '\D', '', 'g') $$;

-- partners are linked to clients by their document (4.7)
create index clients_document_idx on crm.clients (organizacao_id, crm.digits(cpf_cnpj))
  where cpf_cnpj is not null;

create function crm.centavos(p_money numeric) returns bigint
language sql immutable strict parallel safe
as $$ select (p_money * 100)::bigint $$;

-- as instants are written in lib/base/instant.h
create function crm.instant_text(p_instant timestamptz) returns text
language sql immutable strict parallel safe
as $$ select to_char(p_instant at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') $$;

create function crm.microseconds(p_instant timestamptz) returns bigint
language sql immutable strict parallel safe
as $$ select (extract(epoch from p_instant) * 1000000)::bigint $$;

-- What is stored already of a batch: ids, hashes, and what tells without details that an order
-- changed.
create function crm.known_hashes(p_organization text, p_external_ids text[])
returns table (external_id text, id text, hash text, erp_status text, erp_updated_at text)
language plpgsql stable
set enable_seqscan = off
set plan_cache_mode = force_custom_plan -- a plan kept from an empty table looks through all sales
set jit = off -- scans being forbidden, the price of what is left would call for it
as $$
begin
  return query
    select s.id_externo, s.id::text, encode(s.erp_hash, 'hex'), s.erp_situacao,
           crm.instant_text(s.erp_atualizado_em)
      from crm.sales s
     where s.organizacao_id = p_organization and s.id_externo = any(p_external_ids);
end
$$;

-- All that a batch refers to, one JSON array each; money in centavos, instants in microseconds.  The
-- rows of which amounts are decided stay locked, in a fixed order, until the batch is stored: what is
-- read here is true until then.
create function crm.known_for(
  p_organization text, p_external_ids text[], p_names text[], p_client_ids text[], p_phones text[],
  p_documents text[], p_products text[], p_sellers text[], p_partners text[], p_groups text[],
  p_options text[], p_campaigns text[],
  out now_us bigint, out name_keys json, out sales json, out clients json, out products json,
  out sellers json, out partners json, out groups json, out options json, out balances json,
  out movements json, out contacts json, out touches json)
language plpgsql
set lock_timeout = '10s' -- whoever holds a row for long holds up one organization, not all
set enable_seqscan = off
set plan_cache_mode = force_custom_plan
set jit = off
as $$
declare
  keys       text[];
  sale_ids   text[];
  client_ids text[] := '{}';
begin
  now_us := crm.microseconds(now());

  select json_agg(json_build_array(n, k)), array_agg(k)
    into name_keys, keys
    from (select n, crm.name_key(n) as k from unnest(p_names) n) x;

  if cardinality(p_external_ids) > 0 then
    select json_agg(x), array_agg(x.id), array_agg(x.client) filter (where x.client is not null)
      into sales, sale_ids, client_ids
      from (select s.id, s.id_externo as external_id, encode(s.erp_hash, 'hex') as hash, s.natureza as nature,
                   crm.centavos(s.valor_total) as total, s.cliente_id as client,
                   crm.microseconds(s.data_venda) as at, s.erp_situacao as erp_status,
                   crm.instant_text(s.erp_atualizado_em) as erp_updated_at
              from crm.sales s
             where s.organizacao_id = p_organization and s.id_externo = any(p_external_ids)
             order by s.id for no key update) x;
    client_ids := coalesce(client_ids, '{}');
  end if;

  select json_agg(x), client_ids || coalesce(array_agg(x.client) filter (where x.client is not null), '{}')
    into partners, client_ids
    from (select p.id, p.identificador as key, p.cliente_id as client
            from crm.partners p
           where p.organizacao_id = p_organization and p.identificador = any(p_partners)) x;

  if sale_ids is not null then
    select json_agg(x), client_ids || coalesce(array_agg(x.client), '{}')
      into movements, client_ids
      from (select t.id, t.venda_id as sale, t.programa_id as program, t.campanha_id as campaign,
                   t.cliente_id as client, crm.centavos(t.valor) as amount,
                   crm.centavos(t.venda_valor) as sale_value
              from crm.cashback_program_transactions t
             where t.venda_id = any(sale_ids) and t.tipo = 'ACÚMULO' and t.status in ('ATIVO', 'CONSUMIDO')
             order by t.data_insercao, t.sequencia) x;
  end if;

  -- ways to a client: by key (4.2), or because a row above names him
  select client_ids || coalesce(array_agg(c.id), '{}')
    into client_ids
    from crm.clients c
   where c.organizacao_id = p_organization
     and (c.nome_chave = any(keys)
          or (c.id_externo is not null and c.id_externo = any(p_client_ids))
          or (c.telefone_base <> '' and c.telefone_base = any(p_phones))
          or (c.cpf_cnpj is not null and crm.digits(c.cpf_cnpj) = any(p_documents)));
  select json_agg(x order by x.inserted, x.id)
    into clients
    from (select c.id, c.nome_chave as name_key, c.id_externo as external_id, c.telefone_base as phone_base,
                 crm.digits(c.cpf_cnpj) as document, c.analise_rfm_titulo as title,
                 crm.microseconds(c.primeira_compra_data) as first_purchase,
                 crm.microseconds(c.ultima_compra_data) as last_purchase,
                 c.metadata_total_compras as purchases,
                 crm.centavos(c.metadata_valor_total_compras) as purchased,
                 c.canal_aquisicao is not distinct from 'PARCEIRO'
                   and c.nome_chave = 'NÃO DEFINIDO' as is_placeholder,
                 c.data_insercao as inserted
            from crm.clients c
           where c.id = any(client_ids)
           order by c.id for no key update) x;

  select json_agg(x)
    into balances
    from (select b.cliente_id as client, b.programa_id as program,
                 crm.centavos(b.saldo_valor_disponivel) as available,
                 crm.centavos(b.saldo_valor_acumulado_total) as accumulated,
                 crm.centavos(b.saldo_valor_resgatado_total) as redeemed
            from crm.cashback_program_balances b
           where b.organizacao_id = p_organization and b.cliente_id = any(client_ids)
           order by b.id for no key update) x;
  if movements is not null then -- what is left of them changes only under the lock of their balance
    select json_agg(x)
      into movements
      from (select m.*, crm.centavos(t.valor_restante) as remaining
              from json_to_recordset(movements) as m (id text, sale text, program text, campaign text,
                     client text, amount bigint, sale_value bigint)
              join crm.cashback_program_transactions t on t.id = m.id
             where t.status in ('ATIVO', 'CONSUMIDO')
             order by t.data_insercao, t.sequencia for no key update of t) x;
  end if;

  select json_agg(json_build_array(p.codigo, p.id))
    into products
    from crm.products p where p.organizacao_id = p_organization and p.codigo = any(p_products);
  select json_agg(json_build_array(s.nome, s.id))
    into sellers
    from crm.sellers s where s.organizacao_id = p_organization and s.nome = any(p_sellers);
  select json_agg(json_build_array(g.id_externo, g.id))
    into groups
    from crm.product_add_ons g where g.organizacao_id = p_organization and g.id_externo = any(p_groups);
  select json_agg(json_build_array(o.id_externo, o.id))
    into options
    from crm.product_add_on_options o
   where o.organizacao_id = p_organization and o.id_externo = any(p_options);

  select json_agg(json_build_array(x.cliente_id, x.campanha_id, x.at))
    into contacts
    from (select i.cliente_id, i.campanha_id, crm.microseconds(max(i.data_insercao)) as at
            from crm.interactions i
           where i.cliente_id = any(client_ids) and i.campanha_id = any(p_campaigns)
           group by i.cliente_id, i.campanha_id) x;
  select json_agg(x.cliente_id)
    into touches
    from (select distinct i.cliente_id
            from crm.interactions i
           where i.cliente_id = any(client_ids) and i.organizacao_id = p_organization
             and i.tipo = 'ENVIO-MENSAGEM' and i.campanha_id is not null
             and i.data_execucao is not null) x;
end
$$;

-- The touch that a new sale goes back to, and what was known of its client before (8): writes the
-- conversion and marks the sale.  p_batch: the batch's new sales in order; a sale does not know of
-- those after it.
create function crm.attribute_sales(
  p_organization text, p_sales text[], p_batch text[], p_zone text) returns bigint
language plpgsql
set enable_seqscan = off
set plan_cache_mode = force_custom_plan
set jit = off
as $$
declare
  written bigint;
begin
  with sale as (
    select s.*, array_position(p_batch, s.id::text) as place
      from crm.sales s where s.id = any(p_sales)
  ), touch as (
    select distinct on (s.id) s.id as sale_id, i.id as interaction_id, i.campanha_id, i.data_execucao
      from sale s
      join crm.interactions i on i.cliente_id = s.cliente_id and i.organizacao_id = p_organization
       and i.tipo = 'ENVIO-MENSAGEM' and i.data_execucao <= s.data_venda
      join crm.campaigns c on c.id = i.campanha_id
     where i.data_execucao >= (s.data_venda at time zone p_zone
                               - make_interval(days => c.atribuicao_janela_dias)) at time zone p_zone
     order by s.id, i.data_execucao desc, i.data_insercao desc, i.id desc
  ), history as (
    select t.sale_id, h.valor_total, h.data_venda,
           floor(extract(epoch from h.data_venda
                   - lag(h.data_venda) over (partition by t.sale_id order by h.data_venda, h.id)) / 86400) as gap
      from touch t
      join sale s on s.id = t.sale_id
      join crm.sales h on h.organizacao_id = p_organization and h.cliente_id = s.cliente_id
       and h.data_venda < s.data_venda and h.natureza = 'SN01' and h.valor_total > 0
     where coalesce(array_position(p_batch, h.id::text) < s.place, true)
  ), snapshot as ( -- n, c and d of the specification
    select s.id as sale_id, count(h.sale_id)::integer as n, round(sum(h.valor_total) / nullif(count(h.sale_id), 0), 2) as ticket,
           floor(extract(epoch from s.data_venda - max(h.data_venda)) / 86400)::integer as d,
           floor(sum(h.gap) / nullif(count(h.sale_id) - 1, 0) + 0.5)::integer as c
      from touch t
      join sale s on s.id = t.sale_id
      left join history h on h.sale_id = t.sale_id
     group by s.id, s.data_venda
  ), conversion as (
    insert into crm.campaign_conversions (
      organizacao_id, venda_id, interacao_id, campanha_id, cliente_id, atribuicao_modelo,
      atribuicao_peso, atribuicao_receita, data_interacao, data_conversao,
      tempo_para_conversao_minutos, cliente_ticket_medio_ss, cliente_ciclo_compra_medio_ss,
      cliente_qtde_compras_ss, dias_desde_ultima_compra, ciclo_compra_confiavel, tipo_conversao,
      delta_frequencia, delta_monetario_absoluto, delta_monetario_percentual, venda_valor)
    select p_organization, s.id, t.interaction_id, t.campanha_id, s.cliente_id, 'LAST_TOUCH',
           1, s.valor_total, t.data_execucao, s.data_venda,
           floor(extract(epoch from s.data_venda - t.data_execucao) / 60)::integer, n.ticket, n.c,
           n.n, n.d, n.n >= 3,
           (case when n.n = 0 then 'AQUISICAO'
                 when n.n >= 3 and n.d > least(3 * n.c, 90) or n.n < 3 and n.d > 90 then 'REATIVACAO'
                 when n.n >= 3 and n.d < n.c then 'ACELERACAO'
                 when n.n >= 3 and n.d > n.c then 'ATRASADA'
                 else 'REGULAR' end)::crm.conversion_type,
           n.c - n.d,
           case when n.ticket > 0 then s.valor_total - n.ticket end,
           case when n.ticket > 0 then round((s.valor_total / n.ticket - 1) * 100, 4) end, s.valor_total
      from touch t
      join sale s on s.id = t.sale_id
      join snapshot n on n.sale_id = t.sale_id
    returning id, venda_id, campanha_id, interacao_id
  ), marked as (
    update crm.sales s
       set atribuicao_processada = true, atribuicao_aplicavel = c.id is not null,
           atribuicao_campanha_principal_id = c.campanha_id,
           atribuicao_campanha_conversao_id = c.id, atribuicao_interacao_id = c.interacao_id
      from sale x
      left join conversion c on c.venda_id = x.id
     where s.id = x.id
  )
  select count(*) into written from conversion;
  return written;
end
$$;

-- Writes what was decided for a batch, while the lease on the organization is ours (else nothing,
-- and alive is false).  A row that somebody else made meanwhile violates a key: decide again.
create function crm.store_batch(
  p_organization text, p_lease uuid, p_lease_s integer, p_zone text,
  p_products json, p_sellers json, p_groups json, p_options json, p_clients json, p_partners json,
  p_changes json, p_sales json, p_updates json, p_items json, p_touched json, p_balances json,
  p_movements json, p_interactions json, p_dropped text[], p_attribute text[], p_batch text[],
  out alive boolean, out cancelled bigint, out conversions bigint)
language plpgsql
set enable_seqscan = off
set jit = off
as $$
begin
  update crm.organizations
     set lease_ate = clock_timestamp() + make_interval(secs => p_lease_s)
   where id = p_organization and lease_token = p_lease;
  alive := found;
  cancelled := 0;
  conversions := 0;
  if not alive then
    return;
  end if;

  if p_products is not null then
    insert into crm.products (id, organizacao_id, codigo, descricao, unidade, grupo, ncm, tipo)
    select id, p_organization, code, description, unit, "group", ncm, kind
      from json_to_recordset(p_products) as x (id text, code text, description text, unit text,
             "group" text, ncm text, kind text);
  end if;
  if p_sellers is not null then
    insert into crm.sellers (id, organizacao_id, nome, identificador)
    select id, p_organization, key, key from json_to_recordset(p_sellers) as x (id text, key text);
  end if;
  if p_groups is not null then
    insert into crm.product_add_ons (id, organizacao_id, id_externo, nome, min_opcoes, max_opcoes)
    select id, p_organization, key, name, 0, max
      from json_to_recordset(p_groups) as x (id text, key text, name text, max integer);
  end if;
  if p_options is not null then
    insert into crm.product_add_on_options (
      id, organizacao_id, produto_add_on_id, id_externo, nome, codigo, preco_delta, max_qtde_por_item)
    select id, p_organization, group_id, key, name, code, price, 99
      from json_to_recordset(p_options) as x (id text, group_id text, key text, name text, code text,
             price numeric);
  end if;

  -- one statement, because sales and clients refer to each other
  with new_client as (
    insert into crm.clients (
      id, organizacao_id, nome, id_externo, cpf_cnpj, email, canal_aquisicao, analise_rfm_titulo,
      telefone, telefone_base, origem_integracao, primeira_compra_data, primeira_compra_id,
      ultima_compra_data, ultima_compra_id, metadata_total_compras, metadata_valor_total_compras)
    select id, p_organization, name, external_id, document, email, channel, title,
           phone, phone_base, origin, first_purchase, first_sale,
           last_purchase, last_sale, coalesce(purchases, 0), coalesce(purchased, 0)
      from json_to_recordset(p_clients) as x (id text, name text, external_id text, document text,
             email text, channel text, title text, phone text, phone_base text,
             origin crm.organization_integration_type, first_purchase timestamptz, first_sale text,
             last_purchase timestamptz, last_sale text, purchases integer, purchased numeric)
  ), new_partner as (
    insert into crm.partners (id, organizacao_id, identificador, codigo_afiliacao, nome, cpf_cnpj, cliente_id)
    select id, p_organization, key,
           case when not exists (select from crm.partners p -- another one's code by hand
                                  where p.organizacao_id = p_organization and p.codigo_afiliacao = key)
                then key end,
           'NÃO DEFINIDO', document, client
      from json_to_recordset(p_partners) as x (id text, key text, document text, client text)
  )
  insert into crm.sales (
    id, organizacao_id, id_externo, cliente_id, vendedor_id, parceiro_id, valor_total, custo_total,
    descontos_total, acrescimos_total, vendedor_nome, parceiro, chave, documento, modelo, movimento,
    natureza, serie, situacao, tipo, canal, comanda_numero, observacoes, entrega_modalidade,
    data_venda, atribuicao_processada, erp_hash, erp_situacao, erp_atualizado_em)
  select id, p_organization, external_id, client, seller_id, partner_id, total, cost,
         discounts, additions, seller, partner, key, document, model, movement,
         nature, series, situation, type, channel, table_number, notes, delivery_mode,
         at, attributed, decode(hash, 'hex'), erp_status, erp_updated_at
    from json_to_recordset(p_sales) as x (id text, external_id text, client text, seller_id text,
           partner_id text, total numeric, cost numeric, discounts numeric, additions numeric,
           seller text, partner text, key text, document text, model text, movement text, nature text,
           series text, situation text, type text, channel text, table_number text, notes text,
           delivery_mode crm.delivery_mode, at timestamptz, attributed boolean, hash text,
           erp_status text, erp_updated_at timestamptz);

  if p_changes is not null then
    update crm.clients c
       set id_externo = coalesce(c.id_externo, x.external_id),
           primeira_compra_data = coalesce(c.primeira_compra_data, x.first_purchase),
           primeira_compra_id = case when c.primeira_compra_data is null then x.first_sale
                                     else c.primeira_compra_id end,
           ultima_compra_data = coalesce(x.last_purchase, c.ultima_compra_data),
           ultima_compra_id = coalesce(x.last_sale, c.ultima_compra_id),
           metadata_total_compras = greatest(0, c.metadata_total_compras + coalesce(x.purchases, 0)),
           metadata_valor_total_compras =
             greatest(0, c.metadata_valor_total_compras + coalesce(x.purchased, 0))
      from json_to_recordset(p_changes) as x (id text, external_id text, first_purchase timestamptz,
             first_sale text, last_purchase timestamptz, last_sale text, purchases integer,
             purchased numeric)
     where c.id = x.id;
  end if;

  if p_updates is not null then
    update crm.sales s
       set cliente_id = coalesce(x.client, s.cliente_id), vendedor_id = x.seller_id,
           parceiro_id = x.partner_id, valor_total = x.total, custo_total = x.cost,
           descontos_total = x.discounts, acrescimos_total = x.additions, vendedor_nome = x.seller,
           parceiro = x.partner, chave = x.key, documento = x.document, modelo = x.model,
           movimento = x.movement, natureza = x.nature, serie = x.series, situacao = x.situation,
           tipo = x.type, canal = x.channel, comanda_numero = x.table_number, observacoes = x.notes,
           entrega_modalidade = x.delivery_mode, data_venda = x.at, erp_hash = decode(x.hash, 'hex'),
           erp_situacao = x.erp_status, erp_atualizado_em = x.erp_updated_at, data_atualizacao = now()
      from json_to_recordset(p_updates) as x (id text, client text, seller_id text, partner_id text,
             total numeric, cost numeric, discounts numeric, additions numeric, seller text,
             partner text, key text, document text, model text, movement text, nature text,
             series text, situation text, type text, channel text, table_number text, notes text,
             delivery_mode crm.delivery_mode, at timestamptz, hash text, erp_status text,
             erp_updated_at timestamptz)
     where s.id = x.id;
    delete from crm.sale_items i
     using json_to_recordset(p_updates) as x (id text)
     where i.venda_id = x.id;
  end if;
  insert into crm.sale_items (
    organizacao_id, venda_id, cliente_id, produto_id, ordem, quantidade, valor_venda_unitario,
    valor_custo_unitario, valor_venda_total_bruto, valor_total_desconto, valor_venda_total_liquido,
    valor_custo_total, metadados)
  select p_organization, sale, client, product, number, quantity, unit_price,
         unit_cost, gross, discount, net, cost, metadata
    from json_to_recordset(p_items) as x (sale text, client text, product text, number integer,
           quantity numeric, unit_price numeric, unit_cost numeric, gross numeric, discount numeric,
           net numeric, cost numeric, metadata jsonb);
  if p_touched is not null then
    update crm.sales s
       set erp_situacao = x.erp_status, erp_atualizado_em = x.erp_updated_at
      from json_to_recordset(p_touched) as x (id text, erp_status text, erp_updated_at timestamptz)
     where s.id = x.id;
  end if;

  if p_balances is not null then
    insert into crm.cashback_program_balances (
      organizacao_id, cliente_id, programa_id, saldo_valor_disponivel, saldo_valor_acumulado_total)
    select p_organization, client, program, available, accumulated
      from json_to_recordset(p_balances) as x (client text, program text, available numeric,
             accumulated numeric, is_new boolean)
     where is_new;
    update crm.cashback_program_balances b -- never a value computed from an earlier read (6.3)
       set saldo_valor_disponivel = b.saldo_valor_disponivel + x.available,
           saldo_valor_acumulado_total = b.saldo_valor_acumulado_total + x.accumulated,
           data_atualizacao = now()
      from json_to_recordset(p_balances) as x (client text, program text, available numeric,
             accumulated numeric, is_new boolean)
     where not x.is_new and b.organizacao_id = p_organization and b.cliente_id = x.client
       and b.programa_id = x.program;
  end if;
  if p_movements is not null then
    insert into crm.cashback_program_transactions (
      id, organizacao_id, cliente_id, programa_id, venda_id, venda_valor, status, tipo, valor,
      valor_restante, saldo_valor_anterior, saldo_valor_posterior, expiracao_data, campanha_id,
      transacao_origem_id, metadados, data_insercao)
    select id, p_organization, client, program, sale, sale_value, 'ATIVO', type, amount,
           remaining, before, after, expires, campaign, origin, metadata, inserted
      from json_to_recordset(p_movements) as x (id text, client text, program text, sale text,
             sale_value numeric, type crm.cashback_program_transaction_type, amount numeric,
             remaining numeric, before numeric, after numeric, expires timestamptz, campaign text,
             origin text, metadata jsonb, inserted timestamptz);
    update crm.cashback_program_transactions t
       set status = 'EXPIRADO', valor_restante = 0, data_atualizacao = now()
      from json_to_recordset(p_movements) as x (origin text)
     where t.id = x.origin;
  end if;

  if cardinality(p_dropped) > 0 then -- a sender that holds a live lease is not interrupted
    delete from crm.interactions i
     where i.venda_id = any(p_dropped) and i.data_execucao is null
       and (i.lease_ate is null or i.lease_ate <= now());
    get diagnostics cancelled = row_count;
  end if;
  if p_interactions is not null then
    insert into crm.interactions (
      id, organizacao_id, cliente_id, campanha_id, venda_id, titulo, tipo, descricao, imediata,
      agendamento_data_referencia, agendamento_bloco_referencia, metadados, proxima_tentativa_em)
    select id, p_organization, client, campaign, sale, title, 'ENVIO-MENSAGEM', description, immediate,
           day, block::crm.interactions_cron_time_blocks, metadata,
           case when immediate then now() else crm.block_at(day::date, block, p_zone) end
           + make_interval(secs => place / 1000000.0) -- sent in the order of their creation
      from json_to_recordset(p_interactions) as x (id text, client text, campaign text, sale text,
             title text, description text, immediate boolean, day text, block text, metadata jsonb,
             place integer);
  end if;
  if cardinality(p_attribute) > 0 then
    conversions := crm.attribute_sales(p_organization, p_attribute, p_batch, p_zone);
  end if;
end
$$;
