/* Omie's purchase orders (omie-api.md 8).  Whether an order is pending, received or closed is told
 * by the flag of PesquisarPedCompra that finds it; a status that can be read and set exists in the
 * permissive mode alone. */

/* Numbers are compared padded. */
create or replace function sandbox.omie_order_number(value text) returns text
language sql immutable as $$
  select case when length(value) < 15 then lpad(value, 15, '0') else value end
    from (select btrim(value) as value) v;
$$;

/* The end of the flag that finds an order: lExibirPedidos… */
create or replace function sandbox.omie_order_situation(o sandbox.omie_order) returns text
language sql immutable as $$
  select case when o.closed then 'Encerrados' else
    case lower(btrim(o.status))
      when 'cancelado' then 'Cancelados' when 'faturado' then 'Faturados'
      when 'faturado parcial' then 'FatParciais' when 'recebido' then 'Recebidos'
      when 'recebido parcial' then 'RecParciais' else 'Pendentes' end end;
$$;

/* The n-th item of an order. */
create or replace function sandbox.omie_order_item_body(p_item bigint, p_code text, n int)
returns jsonb language sql immutable as $$
  select '{"cCodIntProd":"","cNCM":"8471.30.12","cUnidade":"UN","cEAN":"","nDesconto":0,"nFrete":0,
           "nSeguro":0,"nDespesas":0,"nValorIcms":0,"nValorSt":0,"nValorIpi":0,"nValorPis":0,
           "nValorCofins":0,"nPesoLiq":0,"nPesoBruto":0,"cMkpAtuPv":"N","cMkpAtuSm":"N","nMkpPerc":0,
           "codigo_local_estoque":"2485960001","cCodCateg":"2.01.01","cObs":""}'::jsonb
    || jsonb_build_object('nCodItem', p_item, 'cCodIntItem', p_code, 'nCodProd', 2485950000 + n,
         'cProduto', 'PRD' || lpad(n::text, 5, '0'), 'cDescricao', 'Serviço de manutenção ' || n,
         'nQtde', n, 'nQtdeRec', 0, 'nValUnit', trim_scale(100.5 * n), 'nValMerc', trim_scale(100.5 * n * n),
         'nValTot', trim_scale(100.5 * n * n));
$$;

/* An order with such items (their cCodIntItem), or another status for the one of this number, its
 * items kept open.  `p_header`: members of its header that matter to the test.  Returns nCodPed. */
create or replace function sandbox.omie_put_order(p_app text, p_number text,
  p_status text default 'Aberto', p_items text[] default '{001}', p_header jsonb default '{}')
returns bigint language plpgsql as $$
declare
  today date := sandbox.omie_today(sandbox.omie_settings_of(p_app));
  is_closed boolean := lower(btrim(p_status)) in ('encerrado', 'fechado', 'finalizado');
  included date := coalesce(sandbox.omie_day(p_header->>'dIncData'), today);
  forecast date := coalesce(sandbox.omie_day(p_header->>'dDtPrevisao'), today + 30);
  known sandbox.omie_order;
begin
  insert into sandbox.omie_order as o (app_key, number, integration_code, status, closed, forecast,
    included, altered, from_api, header)
  values (p_app, sandbox.omie_order_number(p_number), nullif(p_header->>'cCodIntPed', ''), p_status,
          is_closed, forecast, included, included, p_header->>'cCodIntPed' <> '' is true,
          '{"cCodIntPed":"","cIncHora":"09:00:00","cEtapa":"10","cCodParc":"000","nQtdeParc":1,
            "nCodFor":2485000017,"cCodIntFor":"","cCodCateg":"2.01.01","nCodCompr":0,"cContato":"",
            "cContrato":"","nCodCC":2485990001,"nCodIntCC":"","nCodProj":0,"cNumPedido":"","cObs":"",
            "cObsInt":""}'::jsonb
          || jsonb_build_object('cNumero', p_number, 'dIncData', to_char(included, 'DD/MM/YYYY'),
                                'dDtPrevisao', to_char(forecast, 'DD/MM/YYYY'))
          || p_header)
  on conflict (app_key, number) do update
    set status = excluded.status, closed = excluded.closed, altered = today,
        header = o.header || p_header
  returning * into known;
  update sandbox.omie_order set header = header || jsonb_build_object('nCodPed', known.id)
   where id = known.id;
  perform sandbox.omie_put_document(p_app, 'pedido-compra', known.id);
  delete from sandbox.omie_order_item i where i.order_id = known.id;
  insert into sandbox.omie_order_item
  select known.id, n, id, code, null, sandbox.omie_order_item_body(id, code, n)
    from unnest(p_items) with ordinality as i (code, n_big),
         lateral (select n_big::int as n, known.id * 10 + n_big as id) m;
  return known.id;
end $$;

/* The blocks of one order. */
create or replace function sandbox.omie_order_shown(o sandbox.omie_order, p_with_status boolean)
returns jsonb language sql stable as $$
  select jsonb_build_object(
    'cabecalho_consulta', o.header || case when p_with_status
      then jsonb_build_object('cStatus', o.status) else '{}' end,
    'frete_consulta', '{"nCodTransp":0,"cCodIntTransp":"","cTpFrete":"9","cPlaca":"","cUF":"",
      "nQtdVol":0,"cEspVol":"","cMarVol":"","cNumVol":"","nPesoLiq":0,"nPesoBruto":0,"nValFrete":0,
      "nValSeguro":0,"nValOutras":0,"cLacre":""}'::jsonb,
    'produtos_consulta', coalesce(jsonb_agg(i.body order by i.position)
                                  filter (where i.order_id is not null), '[]'),
    'parcelas_consulta', jsonb_build_array(jsonb_build_object('nParcela', 1,
      'dVencto', to_char(o.forecast, 'DD/MM/YYYY'), 'nDias', 30, 'nPercent', 100, 'cTipoDoc', 'BOL',
      'nValor', coalesce(sum((i.body->>'nValTot')::numeric), 0))),
    'departamentos_consulta', '[]'::jsonb)
    from (select) one left join sandbox.omie_order_item i on i.order_id = o.id;
$$;

/* The order that a call names by nCodPed, cCodIntPed or cNumero, the first one given; or the fault. */
create or replace function sandbox.omie_order_find(p_app text, p jsonb,
  out hit sandbox.omie_order, out code text, out message text)
language plpgsql stable as $$
declare
  p_id bigint := nullif(sandbox.omie_id(p->>'nCodPed'), 0);
  p_code text := nullif(p->>'cCodIntPed', '');
  p_number text := nullif(sandbox.omie_order_number(p->>'cNumero'), '000000000000000');
begin
  if p_id is null and p_code is null and p_number is null then
    code := 'SOAP-ENV:Client-1000';
    message := 'ERROR: O preenchimento da tag [nCodPed], [cCodIntPed] ou [cNumero] é obrigatório!';
    return;
  end if;
  select * into hit from sandbox.omie_order o
   where o.app_key = p_app
     and case when p_id is not null then o.id = p_id
              when p_code is not null then o.integration_code = p_code
              else o.number = p_number end
   order by o.id limit 1;
  if hit.id is null then
    code := 'SOAP-ENV:Client-206';
    message := 'ERROR: Pedido de compra não cadastrado para o ' ||
      case when p_id is not null then format('Código [%s]', p_id)
           when p_code is not null then format('Código de Integração [%s]', p_code)
           else format('Número [%s]', p_number) end;
  end if;
end $$;

create or replace function sandbox.omie_order_consult(p_app text, p jsonb,
  out body text, out code text, out message text)
language plpgsql stable as $$
declare
  s jsonb := sandbox.omie_settings_of(p_app);
  f record;
  o sandbox.omie_order;
begin
  select * into f from sandbox.omie_order_find(p_app, p);
  o := f.hit;
  code := f.code;
  message := f.message;
  if message is null then
    body := sandbox.omie_json(sandbox.omie_order_shown(
      o, s->>'orders' = 'permissive' and s->>'orders_status' = 'S'));
  end if;
end $$;

/* TRUE for "T", "S" and true: the reference's sample has the first, all are in use. */
create or replace function sandbox.omie_flag(p jsonb, p_name text) returns boolean
language sql immutable as $$
  select coalesce(lower(p->>p_name) in ('t', 's', 'true'), false);
$$;

/* A page of PesquisarPedCompra, newest first; the body is null when it has no order. */
create or replace function sandbox.omie_order_page(p_app text, p_page bigint, p_size bigint,
  p jsonb, out rows bigint, out body text)
language plpgsql volatile as $$
declare
  today date := sandbox.omie_today(sandbox.omie_settings_of(p_app));
  low date := coalesce(sandbox.omie_day(p->>'dDataInicial'), '-infinity');
  high date := coalesce(sandbox.omie_day(p->>'dDataFinal'), 'infinity');
  total bigint;
  list jsonb;
begin
  with found as (
    select o as purchase, o.id, count(*) over () as total from sandbox.omie_order o
     where o.app_key = p_app
       and sandbox.omie_flag(p, 'lExibirPedidos' || sandbox.omie_order_situation(o))
       and (o.from_api or not sandbox.omie_flag(p, 'lApenasImportadoApi'))
       and case when sandbox.omie_flag(p, 'lApenasAlterados')
                then o.included between low and high or o.altered between low and high
                else o.forecast between low and high -- and what is overdue, whatever the dates
                     or o.forecast < today and sandbox.omie_order_situation(o) = 'Pendentes' end),
  page as (select * from found order by id desc limit p_size offset (p_page - 1) * p_size)
  select count(*), max(f.total),
         jsonb_agg(sandbox.omie_order_shown(f.purchase, false) order by f.id desc)
    into rows, total, list from page f;
  if rows > 0 then
    body := sandbox.omie_json(jsonb_build_object('pedidos_pesquisa', list, 'nPagina', p_page,
        'nRegsPorPagina', p_size, 'nTotalRegistros', total,
        'nTotalPaginas', (total + p_size - 1) / p_size)
      || (select jsonb_object_agg(name, coalesce(p->name, '""'))
            from unnest('{lApenasImportadoApi,lExibirPedidosPendentes,lExibirPedidosFaturados,
              lExibirPedidosRecebidos,lExibirPedidosCancelados,lExibirPedidosEncerrados,
              dDataInicial,dDataFinal}'::text[]) as name));
  end if;
end $$;

create or replace function sandbox.omie_order_done(o sandbox.omie_order, p_text text) returns text
language sql stable as $$
  select sandbox.omie_json(jsonb_build_object('nCodPed', o.id, 'cCodIntPed',
    coalesce(o.integration_code, ''), 'cNumero', o.header->>'cNumero', 'cCodStatus', '0',
    'cDescStatus', p_text));
$$;

/* AlteraPedCompra: what the header block says becomes the header. */
create or replace function sandbox.omie_order_alter(p_app text, p jsonb,
  out body text, out code text, out message text)
language plpgsql volatile as $$
declare
  changes jsonb := coalesce(p->'cabecalho_alterar', '{}');
  f record;
  o sandbox.omie_order;
begin
  select * into f from sandbox.omie_order_find(p_app, changes);
  o := f.hit;
  code := f.code;
  message := f.message;
  if message is null and sandbox.omie_order_situation(o) <> 'Pendentes' then -- words are invented
    code := 'SOAP-ENV:Client-207';
    message := format('ERROR: O Pedido de compra [%s] não pode ser alterado!', o.number);
  elsif message is null then
    update sandbox.omie_order set header = header || (changes - '{nCodPed,cCodIntPed}'::text[]),
           forecast = coalesce(sandbox.omie_day(changes->>'dDtPrevisao'), forecast),
           altered = sandbox.omie_today(sandbox.omie_settings_of(p_app))
     where id = o.id;
    body := sandbox.omie_order_done(o, 'Pedido de compra alterado com sucesso!');
  end if;
end $$;

/* The configured closing call of an order, or of one item (cCodItem: nCodItem or cCodIntItem).  An
 * order that is closed can only be read. */
create or replace function sandbox.omie_order_close(p_app text, p jsonb,
  out body text, out code text, out message text)
language plpgsql volatile as $$
declare
  item text := nullif(p->>'cCodItem', '');
  f record;
  o sandbox.omie_order;
begin
  select * into f from sandbox.omie_order_find(p_app, p);
  o := f.hit;
  code := f.code;
  message := f.message;
  if message is not null then
    return;
  elsif sandbox.omie_order_situation(o) in ('Encerrados', 'Cancelados') then -- words are invented
    code := 'SOAP-ENV:Client-207';
    message := format('ERROR: O Pedido de compra [%s] já foi encerrado ou cancelado!', o.number);
    return;
  elsif item is null then
    update sandbox.omie_order set status = p->>'cStatus', closed = true,
           altered = sandbox.omie_today(sandbox.omie_settings_of(p_app))
     where id = o.id;
  else
    update sandbox.omie_order_item i set status = p->>'cStatus'
     where i.order_id = o.id and item in (i.code, i.id::text);
    if not found then
      code := 'SOAP-ENV:Client-206';
      message := format('ERROR: Item [%s] não cadastrado para o Pedido de compra [%s]', item, o.number);
      return;
    end if;
  end if;
  body := sandbox.omie_json(jsonb_build_object('cNumero', o.header->>'cNumero', 'cCodStatus', '0',
    'cDescStatus', case when item is null then 'Pedido de compra encerrado com sucesso!'
                        else 'Item do pedido de compra encerrado com sucesso!' end));
end $$;
