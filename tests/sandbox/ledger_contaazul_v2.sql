/* ContaAzul's API of 2025 (erp-connectors.md 6.2, profile v2): no ledger, but instalments receivable
 * and payable with their settlements, and transfers.  A sale is an instalment receivable, an expense
 * one payable; the receipt or payment that settles it is its settlement (baixa).  Journal entries
 * are not seen. */

/* Ids are UUIDs: of accounts and categories (1), cost centres (2), instalments (3), settlements (4),
 * transfers (5), persons (6). */
create or replace function sandbox.contaazul_id(p_kind int, p_n bigint) returns text
language sql immutable as $$
  select '00000000-0000-4000-800' || p_kind || '-' || lpad(to_hex(p_n), 12, '0');
$$;
create or replace function sandbox.contaazul_number(p_kind int, p_id text) returns bigint
language sql immutable as $$
  select case when p_id ~ ('^00000000-0000-4000-800' || p_kind || '-[0-9a-f]{12}$')
              then ('x' || lpad(right(p_id, 12), 16, '0'))::bit(64)::bigint end;
$$;

/* A list as v2 gives it.  Sizes are the vendor's only. */
create or replace function sandbox.contaazul_place(
  p_request jsonb, p_behaviour text, out page int, out size int, out skip bigint)
language sql stable as $$
  select page, case when size = any ('{10,20,50,100,200,500,1000}') then size end, skip
    from sandbox.ledger_place('contaazul', p_request->>'pagina', p_request->>'tamanho_pagina', 10, 100000,
      p_behaviour);
$$;
create or replace function sandbox.contaazul_list(p_rows text, p_total bigint, p_behaviour text) returns text
language sql immutable as $$
  select '{"itens_totais":' || p_total || ',"itens":['
      || case when p_behaviour = 'empty' then '' else coalesce(p_rows, '') end || ']}';
$$;

/* A list of accounts: categories (results) or financial accounts. */
create or replace function sandbox.contaazul_account_list(
  p_who text, p_kind text, p_request jsonb, p_behaviour text, out status int, out body text)
language plpgsql as $$
declare
  asked record;
  put record;
  listed record;
begin
  select * into asked from sandbox.contaazul_place(p_request, p_behaviour);
  if asked.page is null or asked.size is null then
    status := 400;
    body := sandbox.contaazul_error('pagina ou tamanho_pagina inválido');
    return;
  end if;
  status := 200;
  select * into put from sandbox.ledger_put_rows(p_who, p_kind, null, null, null, asked.skip, asked.size);
  if put.is_put then
    body := sandbox.contaazul_list(put.rows, put.total, p_behaviour);
    return;
  end if;
  select string_agg(case p_kind when 'categories' then
             '{"id":"' || sandbox.contaazul_id(1, id) || '","versao":1,"nome":' || sandbox.js(name)
             || ',"categoria_pai":null,"tipo":"' || sandbox.ledger_type(type)
             || '","entrada_dre":null,"considera_custo_dre":false}'
           else
             '{"id":"' || sandbox.contaazul_id(1, id) || '","banco":"OUTROS","codigo_banco":null,"nome":'
             || sandbox.js(name) || ',"ativo":true,"tipo":"CONTA_CORRENTE","conta_padrao":' || (place = 1)
             || ',"agencia":null,"numero":null}' end, ',' order by place)
           filter (where place > asked.skip and place <= asked.skip + asked.size) as rows, count(*) as total
    into listed
    from (select a.*, row_number() over (order by id) as place
            from sandbox.ledger_account a
           where who = p_who and not is_summary
             and case p_kind when 'categories' then type in ('REVENUE', 'EXPENSE') else role = 'bank' end) a;
  body := sandbox.contaazul_list(listed.rows, listed.total, p_behaviour);
end $$;

create or replace function sandbox.contaazul_categories(
  p_who text, p_request jsonb, p_behaviour text, out status int, out body text)
language sql as $$
  select * from sandbox.contaazul_account_list(p_who, 'categories', p_request, p_behaviour);
$$;
create or replace function sandbox.contaazul_accounts(
  p_who text, p_request jsonb, p_behaviour text, out status int, out body text)
language sql as $$
  select * from sandbox.contaazul_account_list(p_who, 'accounts', p_request, p_behaviour);
$$;

create or replace function sandbox.contaazul_dre(
  p_who text, p_request jsonb, p_behaviour text, out status int, out body text)
language sql as $$
  select 200, coalesce('{"itens":[' || (sandbox.ledger_put_rows(p_who, 'dre', null, null, null, 0, null)).rows
    || ']}',
                       '{"itens":[]}');
$$;

create or replace function sandbox.contaazul_balance(
  p_who text, p_request jsonb, p_behaviour text, out status int, out body text)
language plpgsql as $$
declare
  a sandbox.ledger_account;
begin
  select * into a from sandbox.ledger_account where who = p_who and role = 'bank'
     and id = sandbox.contaazul_number(1, p_request->>'id');
  status := case when a.who is null then 404 else 200 end;
  body := '{"saldo_atual":' || a.opening + coalesce((select sum(debit - credit) from sandbox.ledger_entry e
                                 where e.who = p_who and e.account = a.code), 0) || '}';
end $$;

/* An instalment, its category and its settlement. */
create or replace function sandbox.contaazul_events(p_who text, p_kind text)
returns table (id bigint, day date, due date, history text, entity_id int, entity_name text, cost_center text,
               category int, category_name text, amount numeric, paid_id bigint, paid_day date, interest numeric,
               bank int, bank_name text)
language sql stable as $$
  select v.id, v.day, v.day + 30, v.history, v.entity_id, v.entity_name, v.cost_center, c.id, c.name, c.amount,
         p.id, p.day, coalesce(p.paid - c.amount, 0), p.bank, p.bank_name
    from sandbox.ledger_voucher v
    join lateral (select a.id, a.name, e.debit + e.credit as amount
                    from sandbox.ledger_entry e join sandbox.ledger_account a on a.who = e.who and a.code = e.account
                   where e.who = v.who and e.voucher = v.id and a.type in ('REVENUE', 'EXPENSE')
                   order by e.line limit 1) c on true
    left join lateral (select s.id, s.day, e.debit + e.credit as paid, a.id as bank, a.name as bank_name
                         from sandbox.ledger_voucher s
                         join sandbox.ledger_entry e on e.who = s.who and e.voucher = s.id
                         join sandbox.ledger_account a on a.who = e.who and a.code = e.account and a.role = 'bank'
                        where s.who = v.who and s.settles = v.id order by s.id limit 1) p on true
   where v.who = p_who and v.kind = p_kind;
$$;

/* Is it in the windows that the call asks for? */
create or replace function sandbox.contaazul_within(p_day date, p_request jsonb, p_name text) returns boolean
language sql immutable as $$
  select (p_request->>(p_name || '_de') is null or p_day >= sandbox.ledger_day(p_request->>(p_name
    || '_de'), 'YYYY-MM-DD'))
     and (p_request->>(p_name || '_ate') is null or p_day <= sandbox.ledger_day(p_request->>(p_name
       || '_ate'), 'YYYY-MM-DD'));
$$;

create or replace function sandbox.contaazul_event_list(
  p_who text, p_kind text, p_list text, p_request jsonb, p_behaviour text, out status int, out body text)
language plpgsql as $$
declare
  asked record;
  put record;
  listed record;
  first date := sandbox.ledger_day(coalesce(p_request->>'data_competencia_de', p_request->>'data_pagamento_de'),
    'YYYY-MM-DD');
  last date := sandbox.ledger_day(coalesce(p_request->>'data_competencia_ate', p_request->>'data_pagamento_ate'),
    'YYYY-MM-DD');
begin
  select * into asked from sandbox.contaazul_place(p_request, p_behaviour);
  if asked.page is null or asked.size is null
     or (sandbox.sales_setting('contaazul', 'due_dates') = 'S'
         and not p_request ?& '{data_vencimento_de,data_vencimento_ate}')
     or exists (select from jsonb_each_text(p_request) where key ~ '^data_.*_(de|ate)$'
                   and sandbox.ledger_day(value, 'YYYY-MM-DD') is null) then
    status := 400;
    body := sandbox.contaazul_error('Parâmetro obrigatório ausente ou inválido (data_vencimento_de, data_vencimento_ate, pagina, tamanho_pagina)');
    return;
  end if;
  status := 200;
  select * into put from sandbox.ledger_put_rows(p_who, p_list, null, first, last, asked.skip, asked.size);
  if put.is_put then
    body := sandbox.contaazul_list(put.rows, put.total, p_behaviour);
    return;
  end if;
  select string_agg('{"id":"' || sandbox.contaazul_id(3, id) || '","descricao":' || sandbox.js(history)
    || ',"status":"'
             || case when paid_id is null then 'EM_ABERTO","status_traduzido":"EM_ABERTO'
                     else 'QUITADO","status_traduzido":"RECEBIDO' end
             || '","total":' || amount || ',"pago":' || case when paid_id is null then 0.00 else amount end
             || ',"nao_pago":' || case when paid_id is null then amount else 0.00 end
             || ',"data_vencimento":"' || due || '","data_competencia":"' || day || '","data_criacao":"' || day
             || 'T12:00:00","data_alteracao":"' || coalesce(paid_day, day) || 'T12:00:00","categorias":[{"id":"'
             || sandbox.contaazul_id(1, category) || '","nome":' || sandbox.js(category_name)
             || '}],"centros_de_custo":[{"id":"' || sandbox.contaazul_id(2, right(cost_center, 1)::int) || '","nome":'
             || sandbox.js(cost_center) || '}],"' || case p_kind when 'sale' then 'cliente' else 'fornecedor' end
             || '":{"id":"' || sandbox.contaazul_id(6, entity_id) || '","nome":' || sandbox.js(entity_name) || '}}',
             ',' order by place) filter (where place > asked.skip and place <= asked.skip + asked.size) as rows,
           count(*) as total
    into listed
    from (select e.*, row_number() over (order by day, id) as place from sandbox.contaazul_events(p_who, p_kind) e
           where sandbox.contaazul_within(due, p_request, 'data_vencimento')
             and sandbox.contaazul_within(day, p_request, 'data_competencia')
             and (paid_day is not null or not p_request ?| '{data_pagamento_de,data_pagamento_ate}')
             and sandbox.contaazul_within(paid_day, p_request, 'data_pagamento')
             and (p_request->>'ids_contas_financeiras' is null
                  or sandbox.contaazul_id(1, bank) = any (string_to_array(p_request->>'ids_contas_financeiras', ',')))
             and (p_request->>'status' is null
                  or case when paid_id is null then p_request->>'status' ~ 'EM_ABERTO|PENDENTE|ATRASADO'
                          else p_request->>'status' ~ 'QUITADO|RECEBIDO|PAGO' end)) placed;
  body := sandbox.contaazul_list(listed.rows, listed.total, p_behaviour);
end $$;

create or replace function sandbox.contaazul_receivables(
  p_who text, p_request jsonb, p_behaviour text, out status int, out body text)
language sql as $$
  select * from sandbox.contaazul_event_list(p_who, 'sale', 'receivables', p_request, p_behaviour);
$$;
create or replace function sandbox.contaazul_payables(
  p_who text, p_request jsonb, p_behaviour text, out status int, out body text)
language sql as $$
  select * from sandbox.contaazul_event_list(p_who, 'expense', 'payables', p_request, p_behaviour);
$$;

create or replace function sandbox.contaazul_instalment(
  p_who text, p_request jsonb, p_behaviour text, out status int, out body text)
language plpgsql as $$
declare
  put record;
  wanted bigint := sandbox.contaazul_number(3, p_request->>'id');
begin
  select * into put from sandbox.ledger_put_rows(p_who, 'instalment', p_request->>'id', null, null, 0, 1);
  if put.rows is not null then
    status := 200;
    body := put.rows;
    return;
  end if;
  select json_build_object(
           'id', p_request->>'id', 'versao', 1, 'indice', 1,
           'status', case when e.paid_id is null then 'PENDENTE' else 'QUITADO' end,
           'valor_pago', case when e.paid_id is null then 0.00 else e.amount end,
           'nao_pago', case when e.paid_id is null then e.amount else 0.00 end,
           'data_vencimento', e.due, 'descricao', e.history,
           'valor_composicao', json_build_object('multa', 0, 'juros', 0, 'valor_bruto', e.amount, 'desconto', 0,
                                                 'taxa', 0, 'valor_liquido', e.amount),
           'conta_financeira', case when e.bank is not null then
             json_build_object('id', sandbox.contaazul_id(1, e.bank), 'nome', e.bank_name) end,
           'baixas', case when e.paid_id is null then json_build_array() else json_build_array(json_build_object(
             'id', sandbox.contaazul_id(4, e.paid_id), 'versao', 1, 'data_pagamento', e.paid_day,
             'valor_composicao', json_build_object('multa', 0, 'juros', e.interest, 'valor_bruto', e.amount,
               'desconto', 0, 'taxa', 0, 'valor_liquido', e.amount + e.interest),
             'conta_financeira', json_build_object('id', sandbox.contaazul_id(1, e.bank), 'nome', e.bank_name))) end,
           'evento', json_build_object('id', sandbox.contaazul_id(3, e.id),
             'tipo', case v.kind when 'sale' then 'RECEITA' else 'DESPESA' end, 'data_competencia', e.day,
             'rateio', json_build_array(json_build_object('id_categoria', sandbox.contaazul_id(1, e.category),
               'nome_categoria', e.category_name, 'valor', e.amount, 'rateio_centro_custo', json_build_array(
                 json_build_object('id_centro_custo', sandbox.contaazul_id(2, right(e.cost_center, 1)::int),
                                   'nome_centro_custo', e.cost_center, 'valor', e.amount))))))::text
    into body
    from sandbox.ledger_voucher v, sandbox.contaazul_events(p_who, v.kind) e
   where v.who = p_who and v.id = wanted and e.id = wanted;
  status := case when body is null then 404 else 200 end;
end $$;

create or replace function sandbox.contaazul_transfers(
  p_who text, p_request jsonb, p_behaviour text, out status int, out body text)
language plpgsql as $$
declare
  first date := sandbox.ledger_day(p_request->>'data_inicio', 'YYYY-MM-DD');
  last date := sandbox.ledger_day(p_request->>'data_fim', 'YYYY-MM-DD');
  asked record;
  put record;
  listed record;
begin
  select * into asked from sandbox.contaazul_place(p_request, p_behaviour);
  if asked.page is null or asked.size is null or first is null or last is null then
    status := 400;
    body := sandbox.contaazul_error('data_inicio, data_fim, pagina ou tamanho_pagina inválido');
    return;
  end if;
  status := 200;
  select * into put from sandbox.ledger_put_rows(p_who, 'transfers', null, first, last, asked.skip, asked.size);
  if put.is_put then
    body := sandbox.contaazul_list(put.rows, put.total, p_behaviour);
    return;
  end if;
  select string_agg('{"id":"' || sandbox.contaazul_id(5, id) || '","data":"' || day || '","valor":' || amount
             || ',"descricao":' || sandbox.js(history) || ',"conta_origem":{"id":"' || sandbox.contaazul_id(1, origin)
             || '","nome":' || sandbox.js(origin_name) || '},"conta_destino":{"id":"'
             || sandbox.contaazul_id(1, destination) || '","nome":' || sandbox.js(destination_name) || '}}',
             ',' order by place) filter (where place > asked.skip and place <= asked.skip + asked.size) as rows,
           count(*) as total
    into listed
    from (select v.id, v.day, v.history, d.debit as amount, da.id as destination, da.name as destination_name,
                 oa.id as origin, oa.name as origin_name, row_number() over (order by v.day, v.id) as place
            from sandbox.ledger_voucher v
            join sandbox.ledger_entry d on d.who = v.who and d.voucher = v.id and d.debit > 0
            join sandbox.ledger_account da on da.who = v.who and da.code = d.account
            join sandbox.ledger_entry o on o.who = v.who and o.voucher = v.id and o.credit > 0
            join sandbox.ledger_account oa on oa.who = v.who and oa.code = o.account
           where v.who = p_who and v.kind = 'transfer' and v.day between first and last) placed;
  body := sandbox.contaazul_list(listed.rows, listed.total, p_behaviour);
end $$;

create or replace function sandbox.contaazul_connected(
  p_who text, p_request jsonb, p_behaviour text, out status int, out body text)
language sql as $$
  select 200, json_build_object('id', company_id, 'razao_social', name, 'nome_fantasia', name,
                                'documento', document)::text
    from sandbox.ledger_company where who = p_who;
$$;
