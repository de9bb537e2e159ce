/* Bling (erp-connectors.md 6.4): profile v3 with its list of accounts and their movements, the paths
 * that may replace them, and the XML of v2. */

create or replace function sandbox.bling_error(p_type text, p_field text, p_text text) returns text
language sql immutable as $$
  select json_build_object('error', json_build_object('type', p_type, 'message', p_text, 'description', p_text,
    'fields', json_build_array(json_build_object('code', 49, 'msg', p_text, 'element', p_field,
                                                 'namespace', 'QUERY', 'collection', json_build_array()))))::text;
$$;
create or replace function sandbox.bling_data(p_rows text, p_behaviour text) returns text
language sql immutable as $$
  select '{"data":[' || case when p_behaviour = 'empty' then '' else coalesce(p_rows, '') end || ']}';
$$;

/* Page and period of a list call; without names of dates, the page alone. */
create or replace function sandbox.bling_question(
  p_request jsonb, p_dated boolean, p_behaviour text,
  out problem text, out first date, out last date, out size int, out skip bigint)
language plpgsql stable as $$
declare
  page int;
begin
  select p.page, p.size, p.skip into page, size, skip
    from sandbox.ledger_place('bling', p_request->>'pagina', p_request->>'limite', 100, 1000, p_behaviour) p;
  first := sandbox.ledger_day(p_request->>'dataInicial', 'YYYY-MM-DD');
  last := sandbox.ledger_day(p_request->>'dataFinal', 'YYYY-MM-DD');
  problem := case
    when page is null then sandbox.bling_error('VALIDATION_ERROR', 'pagina', 'Página ou limite inválido')
    when p_dated and (first is null or last is null or first > last)
      then sandbox.bling_error('MISSING_REQUIRED_FIELD_ERROR', 'dataInicial', 'Período não informado ou inválido')
    when p_dated and last > first + interval '1 year' - interval '1 day'
      then sandbox.bling_error('VALIDATION_ERROR', 'dataFinal', 'O período não pode ser maior que um ano') end;
end $$;

/* Accounts, with the amounts of a period or without. */
create or replace function sandbox.bling_account_rows(
  p_who text, p_first date, p_last date, p_amounts boolean, p_skip bigint, p_size int) returns text
language sql stable as $$
  select string_agg('{"id":' || id || ',"codigo":"' || code || '","descricao":' || sandbox.js(name) || ',"tipo":"'
           || sandbox.ledger_type(type) || '","contaPai":' || sandbox.js(parent) || ',"nivel":' || level
           || ',"analitica":' || (not is_summary)
           || case when p_amounts then ',"saldoInicial":' || sign * opening || ',"debito":' || debit
                || ',"credito":' || credit || ',"saldoFinal":' || sign * closing else '' end
                || '}', ',' order by code)
    from (select * from sandbox.ledger_balances(p_who, p_first, p_last)
           order by code offset p_skip limit p_size) b;
$$;

create or replace function sandbox.bling_accounts(
  p_who text, p_request jsonb, p_behaviour text, out status int, out body text)
language plpgsql as $$
declare
  q record;
  put record;
begin
  select * into q from sandbox.bling_question(p_request, false, p_behaviour);
  status := case when q.problem is null then 200 else 400 end;
  select * into put from sandbox.ledger_put_rows(p_who, 'chart', null, null, null, q.skip, q.size);
  body := case when q.problem is not null then q.problem
               when put.is_put then sandbox.bling_data(put.rows, p_behaviour)
               else sandbox.bling_data(sandbox.bling_account_rows(
                 p_who, coalesce(q.first, '1900-01-01'), coalesce(q.last, '2100-12-31'),
                 sandbox.sales_setting('bling', 'amounts') = 'S', q.skip, q.size), p_behaviour) end;
end $$;

create or replace function sandbox.bling_balancete(
  p_who text, p_request jsonb, p_behaviour text, out status int, out body text)
language plpgsql as $$
declare
  q record;
  put record;
begin
  select * into q from sandbox.bling_question(p_request, true, p_behaviour);
  status := case when q.problem is null then 200 else 400 end;
  select * into put from sandbox.ledger_put_rows(p_who, 'trial-balance', null, q.first, q.last, q.skip, q.size);
  body := case when q.problem is not null then q.problem
               when put.is_put then sandbox.bling_data(put.rows, p_behaviour)
               else sandbox.bling_data(sandbox.bling_account_rows(p_who, q.first, q.last, true, q.skip, q.size),
                                       p_behaviour) end;
end $$;

create or replace function sandbox.bling_entry_rows(
  p_who text, p_account text, p_first date, p_last date, p_skip bigint, p_size int) returns text
language sql stable as $$
  select string_agg('{"id":' || e.voucher * 10 + e.line || ',"data":"' || e.day || '","historico":'
    || sandbox.js(v.history)
           || ',"valorDebito":' || e.debit || ',"valorCredito":' || e.credit
           || ',"numeroDocumento":' || sandbox.js(v.document_number) || ',"tipoDocumento":'
           || sandbox.js(v.document_type)
           || ',"contato":' || case when v.entity_id is null then 'null' else
                '{"id":' || v.entity_id || ',"nome":' || sandbox.js(v.entity_name) || '}' end
           || ',"competencia":"' || e.day || '","categoria":{"id":0},"situacao":"R","centroCusto":'
           || sandbox.js(v.cost_center) || '}', ',' order by e.day, e.voucher, e.line)
    from (select * from sandbox.ledger_entry e
           where e.who = p_who and e.account = p_account and e.day between p_first and p_last
           order by e.day, e.voucher, e.line offset p_skip limit p_size) e
    join sandbox.ledger_voucher v on v.who = e.who and v.id = e.voucher;
$$;

/* The movements of an account, by its id (of the path) or by its code. */
create or replace function sandbox.bling_entries(
  p_who text, p_request jsonb, p_behaviour text, p_id text, p_code text, out status int, out body text)
language plpgsql as $$
declare
  q record;
  put record;
  account text := (select code from sandbox.ledger_account where who = p_who and (id::text = p_id or code = p_code));
begin
  select * into q from sandbox.bling_question(p_request, true, p_behaviour);
  select * into put from sandbox.ledger_put_rows(p_who, 'subledger', coalesce(p_id, p_code), q.first, q.last,
    q.skip, q.size);
  status := case when q.problem is not null then 400 when account is null and not put.is_put then 404 else 200 end;
  body := case when q.problem is not null then q.problem
               when put.is_put then sandbox.bling_data(put.rows, p_behaviour)
               when account is not null then sandbox.bling_data(
                 sandbox.bling_entry_rows(p_who, account, q.first, q.last, q.skip, q.size), p_behaviour) end;
end $$;

create or replace function sandbox.bling_movements(
  p_who text, p_request jsonb, p_behaviour text, out status int, out body text)
language sql as $$
  select * from sandbox.bling_entries(p_who, p_request, p_behaviour, p_request->>'id', null);
$$;
create or replace function sandbox.bling_lancamentos(
  p_who text, p_request jsonb, p_behaviour text, out status int, out body text)
language sql as $$
  select * from sandbox.bling_entries(p_who, p_request, p_behaviour, p_request->>'idConta',
                                      coalesce(p_request->>'conta', p_request->>'codigoConta'));
$$;

create or replace function sandbox.bling_companies(
  p_who text, p_request jsonb, p_behaviour text, out status int, out body text)
language sql as $$
  select 200, json_build_object('data', json_build_array(json_build_object(
           'id', company_id, 'nome', name, 'cnpj', document)))::text
    from sandbox.ledger_company where who = p_who;
$$;
create or replace function sandbox.bling_company(
  p_who text, p_request jsonb, p_behaviour text, out status int, out body text)
language sql as $$
  select 200, json_build_object('data', json_build_object(
           'id', company_id, 'nome', name, 'cnpj', document, 'email', 'contato@exemplo.com.br'))::text
    from sandbox.ledger_company where who = p_who;
$$;

/* ---- v2: XML, amounts with a comma, pages as a segment of the path ------------------------------ */

create or replace function sandbox.xml_text(p_text text) returns text language sql immutable as $$
  select replace(replace(replace(coalesce(p_text, ''), '&', '&amp;'), '<', '&lt;'), '>', '&gt;');
$$;

create or replace function sandbox.bling_v2_error(p_code int, p_text text) returns text
language sql immutable as $$
  select '<?xml version="1.0" encoding="UTF-8"?><retorno><erros><erro><cod>' || p_code || '</cod><msg>' || p_text
      || '</msg></erro></erros></retorno>';
$$;

create or replace function sandbox.bling_v2_list(
  p_who text, p_request jsonb, p_behaviour text, p_kind text, p_list text, p_item text, p_party text,
  out status int, out body text)
language plpgsql as $$
declare
  days text[] := regexp_match(p_request->>'filters', 'dataEmissao\[(\d\d/\d\d/\d{4}) TO (\d\d/\d\d/\d{4})\]');
  first date := sandbox.ledger_day(days[1], 'DD/MM/YYYY');
  last date := sandbox.ledger_day(days[2], 'DD/MM/YYYY');
  page text := coalesce(substring(p_request->>'id' from '^page=(\d{1,6})$'),
    case when p_request->>'id' is null then '1' end);
  from_ bigint := case when p_behaviour = 'repeat' then 0 else (page::bigint - 1) * 100 end;
  put record;
  listed text;
begin
  status := 200;
  if page is null or page = '0' or p_request->>'filters' is not null and (first is null or last is null) then
    body := sandbox.bling_v2_error(8, 'Filtro ou pagina invalida');
    return;
  end if;
  select * into put from sandbox.ledger_put_rows(p_who, 'v2-' || p_kind, null, first, last, from_, 100);
  if put.is_put then
    listed := replace(put.rows, '>,<', '><');
  else
    select string_agg('<' || p_item || '><id>' || id || '</id><situacao>'
      || case when paid_id is null then 'aberto' else 'pago' end
             || '</situacao><dataEmissao>' || day || '</dataEmissao><vencimento>' || due
             || '</vencimento><nroDocumento>'
             || 'NF-' || id % 1000000 || '</nroDocumento><valor>' || replace(amount::text, '.', ',')
             || '</valor><historico>'
             || sandbox.xml_text(history) || '</historico><' || p_party || '><id>' || entity_id || '</id><nome>'
             || sandbox.xml_text(entity_name) || '</nome></' || p_party || '></' || p_item
             || '>', '' order by day, id)
      into listed
      from (select * from sandbox.contaazul_events(p_who,
        case p_kind when 'receivables' then 'sale' else 'expense' end)
             where first is null or day between first and last order by day, id offset from_ limit 100) e;
  end if;
  body := case when listed is null or p_behaviour = 'empty'
               then sandbox.bling_v2_error(14, 'A informacao desejada nao foi encontrada')
               else '<?xml version="1.0" encoding="UTF-8"?><retorno><' || p_list || '>' || listed || '</' || p_list
                    || '></retorno>' end;
end $$;

create or replace function sandbox.bling_v2_receivables(
  p_who text, p_request jsonb, p_behaviour text, out status int, out body text)
language sql as $$
  select * from sandbox.bling_v2_list(p_who, p_request, p_behaviour, 'receivables', 'contasreceber',
    'contareceber', 'cliente');
$$;
create or replace function sandbox.bling_v2_payables(
  p_who text, p_request jsonb, p_behaviour text, out status int, out body text)
language sql as $$
  select * from sandbox.bling_v2_list(p_who, p_request, p_behaviour, 'payables', 'contaspagar', 'contapagar',
    'fornecedor');
$$;
create or replace function sandbox.bling_v2_company(
  p_who text, p_request jsonb, p_behaviour text, out status int, out body text)
language sql as $$
  select 200, '<?xml version="1.0" encoding="UTF-8"?><retorno><empresa><id>' || company_id || '</id><nome>'
           || sandbox.xml_text(name) || '</nome><cnpj>' || document || '</cnpj></empresa></retorno>'
    from sandbox.ledger_company where who = p_who;
$$;
