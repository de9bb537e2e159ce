/* ContaAzul, the discontinued API (erp-connectors.md 6.2, profile v1): a chart, and transactions with
 * lines. */

create or replace function sandbox.contaazul_error(p_text text) returns text language sql immutable as $$
  select json_build_object('error', 'bad_request', 'error_description', p_text)::text;
$$;

/* A page as v1 gives it; size null where no page was asked for. */
create or replace function sandbox.contaazul_page(
  p_page int, p_size int, p_rows text, p_total bigint, p_behaviour text) returns text
language sql immutable as $$
  select '{"page":' || p_page || ',"per_page":' || coalesce(p_size, p_total) || ',"total":' || p_total || ',"data":['
      || case when p_behaviour = 'empty' then '' else coalesce(p_rows, '') end || ']}';
$$;

/* Types in Portuguese, by the first digit of the code. */
create or replace function sandbox.ledger_type(p_type text) returns text language sql immutable as $$
  select case p_type when 'ASSET' then 'ATIVO' when 'LIABILITY' then 'PASSIVO'
                     when 'EQUITY' then 'PATRIMONIO_LIQUIDO' when 'REVENUE' then 'RECEITA' else 'DESPESA' end;
$$;

create or replace function sandbox.contaazul_chart(
  p_who text, p_request jsonb, p_behaviour text, out status int, out body text)
language plpgsql as $$
declare
  place record;
  put record;
  listed text;
begin
  select * into place from sandbox.ledger_place('contaazul', p_request->>'page', p_request->>'per_page',
    case when p_request ?| '{page,per_page}' then 100 else 100000 end, 100000, p_behaviour);
  if place.page is null then
    status := 400;
    body := sandbox.contaazul_error('page and per_page must be positive numbers');
    return;
  end if;
  status := 200;
  select * into put from sandbox.ledger_put_rows(p_who, 'chart', null, null, null, place.skip, place.size);
  if put.is_put then
    body := sandbox.contaazul_page(place.page, place.size, put.rows, put.total, p_behaviour);
    return;
  end if;
  select string_agg('{"id":"a-' || id || '","code":"' || code || '","name":' || sandbox.js(name) || ',"type":"'
                    || sandbox.ledger_type(type) || '","parent":' || sandbox.js(parent) || ',"level":' || level
                    || ',"is_summary":' || is_summary || '}', ',' order by code)
    into listed
    from (select * from sandbox.ledger_account where who = p_who
           order by code offset place.skip limit place.size) a;
  body := sandbox.contaazul_page(place.page, place.size, listed,
            (select count(*) from sandbox.ledger_account where who = p_who), p_behaviour);
end $$;

/* The lines of a transaction. */
create or replace function sandbox.contaazul_lines(p_who text, p_voucher bigint) returns text
language sql stable as $$
  select string_agg('{"account_code":"' || account || '","debit_amount":' || debit || ',"credit_amount":' || credit
                    || '}', ',' order by line)
    from sandbox.ledger_entry where who = p_who and voucher = p_voucher;
$$;

create or replace function sandbox.contaazul_transaction_rows(
  p_who text, p_first date, p_last date, p_account text, p_skip bigint, p_size int) returns text
language sql stable as $$
  select string_agg('{"id":"t-' || v.id || '","date":"' || v.day || '","payment_date":"' || v.day
           || '","description":' || sandbox.js(v.history) || ',"type":"' || v.kind || '","value":'
           || (select sum(debit) from sandbox.ledger_entry e where e.who = p_who and e.voucher = v.id)
           || ',"document_number":' || sandbox.js(v.document_number) || ',"status":"paid","payment_method":"PIX",'
           || '"customer_supplier":' || case when v.entity_id is null then 'null' else
                '{"id":"c-' || v.entity_id || '","name":' || sandbox.js(v.entity_name) || '}' end
           || ',"cost_center":{"name":' || sandbox.js(v.cost_center) || '},"lines":['
           || sandbox.contaazul_lines(p_who, v.id) || ']}', ',' order by v.day, v.id)
    from (select * from sandbox.ledger_voucher v
           where v.who = p_who and v.day between p_first and p_last
             and (p_account is null or exists (select from sandbox.ledger_entry e
                   where e.who = p_who and e.voucher = v.id and e.account = p_account))
           order by v.day, v.id offset p_skip limit p_size) v;
$$;

create or replace function sandbox.contaazul_transactions(
  p_who text, p_request jsonb, p_behaviour text, out status int, out body text)
language plpgsql as $$
declare
  first date := sandbox.ledger_day(p_request->>'start_date', 'YYYY-MM-DD');
  last date := sandbox.ledger_day(p_request->>'end_date', 'YYYY-MM-DD');
  wanted text := (select code from sandbox.ledger_account where who = p_who
                      and p_request->>'account_id' in (code, 'a-' || id));
  place record;
  put record;
begin
  select * into place from sandbox.ledger_place('contaazul', p_request->>'page', p_request->>'per_page', 100, 1000,
                                                p_behaviour);
  if first is null or last is null or first > last or place.page is null then
    status := 400;
    body := sandbox.contaazul_error('start_date, end_date, page or per_page is missing or invalid');
    return;
  end if;
  status := 200;
  select * into put from sandbox.ledger_put_rows(p_who, 'transactions', wanted, first, last, place.skip, place.size);
  if put.is_put then
    body := sandbox.contaazul_page(place.page, place.size, put.rows, put.total, p_behaviour);
    return;
  end if;
  body := sandbox.contaazul_page(place.page, place.size,
    sandbox.contaazul_transaction_rows(p_who, first, last, wanted, place.skip, place.size),
    (select count(*) from sandbox.ledger_voucher v
      where v.who = p_who and v.day between first and last
        and (wanted is null or exists (select from sandbox.ledger_entry e
              where e.who = p_who and e.voucher = v.id and e.account = wanted))), p_behaviour);
end $$;

create or replace function sandbox.contaazul_company(
  p_who text, p_request jsonb, p_behaviour text, out status int, out body text)
language sql as $$
  select 200, json_build_object('id', company_id, 'name', name, 'document', document)::text
    from sandbox.ledger_company where who = p_who;
$$;
