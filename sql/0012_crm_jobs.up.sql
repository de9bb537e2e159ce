-- What the nightly jobs do to one organization: cashback that expires (data-collecting.md 6.8), totals
-- and RFM titles of its clients (10.3).
set local role ponte_owner;

-- Lets at most p_limit of the accumulations that are due expire, oldest first; call again while any
-- is seen.  A balance pays for them one after the other while it lasts, so that each movement starts
-- where the client's one before ended.
--   seen     accumulations looked at
--   expired  those of which something was left: as many movements were written
--   debited  taken from balances;  lost: was left, but the balance had been lowered by other paths
create function crm.expire_cashback(
  p_organization text, p_limit integer,
  out seen bigint, out expired bigint, out debited numeric, out lost numeric)
language plpgsql
as $$
declare
  ids  varchar(255)[];
  tick timestamptz;
begin
  select array_agg(x.id), count(*) into ids, seen
    from (select t.id from crm.cashback_program_transactions t
           where t.organizacao_id = p_organization and t.status = 'ATIVO' and t.tipo = 'ACÚMULO'
             and t.expiracao_data <= now()
           order by t.expiracao_data, t.data_insercao, t.sequencia
           limit p_limit) x;
  if seen = 0 then
    expired := 0;
    debited := 0;
    lost := 0;
    return;
  end if;
  -- balances first, as everybody who moves cashback locks them; what was expired meanwhile by
  -- somebody else is then seen to be
  perform from crm.cashback_program_balances b
    where b.organizacao_id = p_organization
      and (b.cliente_id, b.programa_id) in (select t.cliente_id, t.programa_id
                                              from crm.cashback_program_transactions t
                                             where t.id = any(ids))
    order by b.id for no key update;
  perform from crm.cashback_program_transactions t
    where t.id = any(ids) order by t.data_insercao, t.sequencia for no key update;
  tick := clock_timestamp(); -- after the wait for the rows

  with due as (
    select t.id, t.cliente_id, t.programa_id, t.venda_id, t.venda_valor, t.campanha_id, t.valor_restante,
           row_number() over w as turn,
           coalesce(b.saldo_valor_disponivel, 0) as available,
           sum(t.valor_restante) over w as due_so_far
      from crm.cashback_program_transactions t
      left join crm.cashback_program_balances b
             on b.organizacao_id = t.organizacao_id and b.cliente_id = t.cliente_id
            and b.programa_id = t.programa_id
     where t.id = any(ids) and t.status = 'ATIVO'
    window w as (partition by t.cliente_id, t.programa_id
                 order by t.expiracao_data, t.data_insercao, t.sequencia)
  ), moved as (
    select d.*, d.available - least(d.due_so_far - d.valor_restante, d.available) as before,
           d.available - least(d.due_so_far, d.available) as after
      from due d
  ), written as (
    insert into crm.cashback_program_transactions (
      organizacao_id, cliente_id, programa_id, venda_id, venda_valor, campanha_id, status, tipo, valor,
      valor_restante, saldo_valor_anterior, saldo_valor_posterior, metadados, data_insercao)
    select p_organization, m.cliente_id, m.programa_id, m.venda_id, m.venda_valor, m.campanha_id,
           'EXPIRADO', 'EXPIRAÇÃO', m.after - m.before, 0, m.before, m.after,
           jsonb_build_object('transacaoOrigemId', m.id, 'valorExpirado', m.before - m.after,
                              'valorNaoRecuperado', m.valor_restante - (m.before - m.after)),
           tick
      from moved m
     where m.valor_restante > 0
     order by m.cliente_id, m.programa_id, m.turn -- the identity column tells the order
  ), closed as (
    update crm.cashback_program_transactions t
       set status = 'EXPIRADO', valor_restante = 0, data_atualizacao = tick
      from moved m where t.id = m.id
  ), paid as (
    update crm.cashback_program_balances b
       set saldo_valor_disponivel = b.saldo_valor_disponivel - m.debit, data_atualizacao = tick
      from (select cliente_id, programa_id, sum(before - after) as debit
              from moved group by cliente_id, programa_id) m
     where b.organizacao_id = p_organization and b.cliente_id = m.cliente_id
       and b.programa_id = m.programa_id and m.debit > 0
  )
  select count(*) filter (where m.valor_restante > 0), coalesce(sum(m.before - m.after), 0),
         coalesce(sum(m.valor_restante - (m.before - m.after)), 0)
    into expired, debited, lost
    from moved m;
end
$$;

-- A limit of CONFIG_RFM, be it a JSON number or its text; null for anything else.
create function crm.number_of(p_text text) returns numeric
language sql immutable strict
as $$ select case when p_text ~ '^\s*-?[0-9]{1,15}(\.[0-9]{1,15})?\s*$' then p_text::numeric end $$;

-- Totals, favourite product and RFM notes of an organization's clients, from their valid sales.  Only
-- rows that come out different are written, and never one that somebody else changed meanwhile: the
-- caller asks again while written < changed.
--   Notes 1 to 5: the range of CONFIG_RFM that has the value, else the nearest (the better note of
--   two); without ranges for a measure, fifths of the organization's clients who bought anything,
--   equal values giving equal notes, the best for recency, the lowest for the other two.
--   p_titles: 5 for recency 1, 5 for recency 2 …, by the mean of the other two notes.
create function crm.analyse_clients(
  p_organization text, p_zone text, p_titles text[],
  out clients bigint, out changed bigint, out written bigint, out retitled bigint)
language plpgsql
set jit = off
set work_mem = '64MB' -- one run at night: all sales of a shop are sorted
as $$
begin
  with sale as materialized (
    select s.id, s.cliente_id as client, s.valor_total, coalesce(s.data_venda, s.data_insercao) as at
      from crm.sales s
     where s.organizacao_id = p_organization and s.cliente_id is not null
       and s.natureza = 'SN01' and s.valor_total > 0
  ), bought as (
    select client, count(*) as purchases, sum(valor_total) as spent,
           ponte.local_date(now(), p_zone) - ponte.local_date(max(at), p_zone) as days
      from sale group by client
  ), quantity as materialized (
    select s.client, i.produto_id as product, sum(i.quantidade) as quantity
      from sale s join crm.sale_items i on i.venda_id = s.id
     group by s.client, i.produto_id
  ), product as (
    select distinct on (client) client, product
      from quantity order by client, quantity desc, product collate "C"
  ), product_group as (
    select distinct on (client) q.client, p.grupo
      from quantity q join crm.products p on p.id = q.product
     where p.grupo <> ''
     group by q.client, p.grupo
     order by client, sum(q.quantity) desc, p.grupo collate "C"
  ), range as materialized (
    select measure, note, low, high
      from (select u.valor from crm.utils u
             where u.organizacao_id = p_organization and u.identificador = 'CONFIG_RFM'
             order by u.data_ultima_atualizacao desc, u.id limit 1) config
     cross join unnest(array['recencia', 'frequencia', 'monetario']) measure
     cross join generate_series(1, 5) note
     cross join lateral (select coalesce(config.valor -> measure, config.valor -> 'dados' -> measure)
                                -> note::text as r) entry
     cross join lateral (select crm.number_of(r ->> 'min') as low, crm.number_of(r ->> 'max') as high) x
     where low is not null or high is not null
  ), noted as (
    select b.*,
           coalesce((select note from range where measure = 'recencia'
                      order by greatest(low - b.days, b.days - high, 0), note desc limit 1),
                    5 - 5 * (rank() over (order by b.days) - 1) / count(*) over ()) as recency,
           coalesce((select note from range where measure = 'frequencia'
                      order by greatest(low - b.purchases, b.purchases - high, 0), note desc limit 1),
                    1 + 5 * (rank() over (order by b.purchases) - 1) / count(*) over ()) as frequency,
           coalesce((select note from range where measure = 'monetario'
                      order by greatest(low - b.spent, b.spent - high, 0), note desc limit 1),
                    1 + 5 * (rank() over (order by b.spent) - 1) / count(*) over ()) as monetary
      from bought b
  ), outcome as materialized (
    select c.id, c.metadata_total_compras as old_purchases, c.metadata_valor_total_compras as old_spent,
           c.analise_rfm_titulo as old_title,
           coalesce(n.purchases, 0) as purchases, coalesce(n.spent, 0) as spent, p.product, g.grupo,
           -- who never bought keeps what stands there
           coalesce(n.recency::text, c.analise_rfm_notas_recencia) as recency,
           coalesce(n.frequency::text, c.analise_rfm_notas_frequencia) as frequency,
           coalesce(n.monetary::text, c.analise_rfm_notas_monetario) as monetary,
           coalesce(p_titles[(5 * (n.recency - 1) + (n.frequency + n.monetary + 1) / 2)::integer],
                    c.analise_rfm_titulo) as title,
           (c.metadata_total_compras, c.metadata_valor_total_compras) is distinct from
           (coalesce(n.purchases, 0), coalesce(n.spent, 0))
           or (c.metadata_produto_mais_comprado_id, c.metadata_grupo_produto_mais_comprado)
              is distinct from (p.product, g.grupo) as moved,
           n.client is not null
           and (c.analise_rfm_notas_recencia, c.analise_rfm_notas_frequencia, c.analise_rfm_notas_monetario)
               is distinct from (n.recency::text, n.frequency::text, n.monetary::text) as renoted
      from crm.clients c
      left join noted n on n.client = c.id
      left join product p on p.client = c.id
      left join product_group g on g.client = c.id
     where c.organizacao_id = p_organization
  ), wanted as (
    select o.*, o.title is distinct from o.old_title as retitled from outcome o
     where o.moved or o.renoted or o.title is distinct from o.old_title
  ), done as (
    update crm.clients c
       set metadata_total_compras = w.purchases, metadata_valor_total_compras = w.spent,
           metadata_produto_mais_comprado_id = w.product, metadata_grupo_produto_mais_comprado = w.grupo,
           metadata_ultima_atualizacao = case when w.moved then now() else c.metadata_ultima_atualizacao end,
           analise_rfm_notas_recencia = w.recency, analise_rfm_notas_frequencia = w.frequency,
           analise_rfm_notas_monetario = w.monetary, analise_rfm_titulo = w.title,
           analise_rfm_ultima_atualizacao = case when w.renoted or w.retitled then now()
                                            else c.analise_rfm_ultima_atualizacao end,
           analise_rfm_ultima_alteracao = case when w.retitled then now()
                                          else c.analise_rfm_ultima_alteracao end
      from wanted w
     where c.id = w.id
       -- a sale that was stored meanwhile has moved these on (5.5)
       and c.metadata_total_compras = w.old_purchases and c.metadata_valor_total_compras = w.old_spent
       and c.analise_rfm_titulo is not distinct from w.old_title
    returning w.retitled
  )
  select (select count(*) from outcome), (select count(*) from wanted), count(*),
         count(*) filter (where d.retitled)
    into clients, changed, written, retitled
    from done d;
end
$$;
