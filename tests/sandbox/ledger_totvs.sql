/* TOTVS Protheus (erp-connectors.md 6.1): the services of profile ctbr020 (rows with the names of the
 * tables CT1, CTI and CT2) and of profile ctb_v1 (camelCase). */

create or replace function sandbox.totvs_error(p_code int, p_text text) returns text
language sql immutable as $$
  select json_build_object('errorCode', p_code, 'errorMessage', p_text)::text;
$$;

/* What a list call asks for: its period and its page.  `problem` is what is wrong with it. */
create or replace function sandbox.totvs_question(
  p_who text, p_request jsonb, p_from text, p_to text, p_company text, p_behaviour text,
  out problem text, out first date, out last date, out page int, out size int, out skip bigint,
  out is_paged boolean)
language plpgsql stable as $$
begin
  first := sandbox.ledger_day(p_request->>p_from, 'YYYYMMDD');
  last := sandbox.ledger_day(p_request->>p_to, 'YYYYMMDD');
  is_paged := p_request ?| '{page,pageSize}' and sandbox.sales_setting('totvs', 'paging') = 'S';
  skip := 0;
  if is_paged then
    select p.page, p.size, p.skip into page, size, skip
      from sandbox.ledger_place('totvs', p_request->>'page', p_request->>'pageSize', 20, 10000, p_behaviour) p;
  end if;
  problem := case
    when coalesce(p_request->>p_company, '') = '' then format('Parâmetro %s não informado', p_company)
    when p_request->>p_company <> (sandbox.ledger_company_of(p_who)).company_id then 'Empresa não encontrada'
    when p_from is not null and (first is null or last is null) then 'Data inválida: use AAAAMMDD'
    when first > last then 'Data inicial maior que a final'
    when is_paged and page is null then 'page e pageSize devem ser números positivos' end;
end $$;

/* The answer around a page's rows, of which one too many was looked for. */
create or replace function sandbox.totvs_answer(
  p_who text, p_member text, p_rows text, p_n bigint, p_size int, p_is_paged boolean, p_behaviour text)
returns text language sql stable as $$
  select '{"company":{"name":' || sandbox.js((sandbox.ledger_company_of(p_who)).name) || '}'
      || case when not p_is_paged then ''
              when p_behaviour = 'empty' or p_n > p_size then ',"hasNext":true' else ',"hasNext":false' end
      || ',"' || p_member || '":['
      || case when p_behaviour = 'empty' then '' else coalesce(p_rows, '') end || ']}';
$$;

/* A trial balance's rows in one of the two dialects. */
create or replace function sandbox.totvs_balance_rows(
  p_who text, p_dialect text, p_first date, p_last date, p_request jsonb, p_skip bigint, p_size int,
  out rows text, out n bigint)
language plpgsql stable as $$
declare
  turned boolean := sandbox.sales_setting('totvs', 'classe') = 'protheus';
begin
  select string_agg(
           case p_dialect when 'ctbr020' then
             '{"CT1_CONTA":"' || rpad(code, 20) || '","CT1_DESC01":' || sandbox.js(name)
             || ',"CTI_CLASSE":"' || case when is_summary <> turned then '2' else '1' end
             || '","CTI_NORMAL":"' || case when sign = 1 then 'D' else 'C' end
             || '","CTI_SALDOI":' || sign * opening || ',"CTI_DEBITO":' || debit
             || ',"CTI_CREDITO":' || credit || ',"CTI_SALDOF":' || sign * closing || '}'
           else
             '{"accountCode":"' || code || '","accountName":' || sandbox.js(name)
             || ',"isSynthetic":' || is_summary || ',"accountType":"' || left(code, 1)
             || '","parentAccount":' || sandbox.js(parent) || ',"level":' || level
             || ',"openingBalance":' || sign * opening || ',"debitAmount":' || debit
             || ',"creditAmount":' || credit || ',"closingBalance":' || sign * closing || '}' end,
           ',' order by code) filter (where place <= p_size or p_size is null), count(*)
    into rows, n
    from (select b.*, row_number() over (order by code) as place
            from (select * from sandbox.ledger_balances(p_who, p_first, p_last, p_request->>'costCenter')
                   where (p_request->>'accountFrom' is null or code >= p_request->>'accountFrom')
                     and (p_request->>'accountTo' is null or code <= p_request->>'accountTo')
                   order by code offset p_skip limit p_size + 1) b) placed;
end $$;

create or replace function sandbox.totvs_balance(
  p_who text, p_request jsonb, p_behaviour text, p_dialect text, p_from text, p_to text, p_company text,
  p_member text, out status int, out body text)
language plpgsql as $$
declare
  q record;
  put record;
  listed record;
begin
  select * into q from sandbox.totvs_question(p_who, p_request, p_from, p_to, p_company, p_behaviour);
  if q.problem is not null then
    status := 400;
    body := sandbox.totvs_error(400, q.problem);
    return;
  end if;
  status := 200;
  select * into put from sandbox.ledger_put_rows(p_who, 'trial-balance', null, q.first, q.last, q.skip, q.size);
  if put.is_put then
    body := sandbox.totvs_answer(p_who, p_member, put.rows, put.n, q.size, q.is_paged, p_behaviour);
  else
    select * into listed from sandbox.totvs_balance_rows(p_who, p_dialect, q.first, q.last, p_request,
                                                         q.skip, q.size);
    body := sandbox.totvs_answer(p_who, p_member, listed.rows, listed.n, q.size, q.is_paged, p_behaviour);
  end if;
end $$;

create or replace function sandbox.totvs_balancete(
  p_who text, p_request jsonb, p_behaviour text, out status int, out body text)
language sql as $$
  select * from sandbox.totvs_balance(p_who, p_request, p_behaviour, 'ctbr020', 'dataInicial', 'dataFinal',
                                      'empresa', 'balancete');
$$;

create or replace function sandbox.totvs_trialbalance(
  p_who text, p_request jsonb, p_behaviour text, out status int, out body text)
language sql as $$
  select * from sandbox.totvs_balance(p_who, p_request, p_behaviour, 'ctb_v1', 'startDate', 'endDate',
                                      'companyId', 'items');
$$;

/* An account's entries: rows of CT2, where an entry of two lines is one row of both accounts. */
create or replace function sandbox.totvs_entry_rows(
  p_who text, p_dialect text, p_account text, p_name text, p_first date, p_last date, p_request jsonb,
  p_skip bigint, p_size int, out rows text, out n bigint)
language plpgsql stable as $$
declare
  branch text := (sandbox.ledger_company_of(p_who)).company_id;
begin
  select string_agg(
           case p_dialect when 'ctbr020' then
             '{"CT2_FILIAL":"' || branch || '","CT2_DATA":"' || to_char(day, 'YYYYMMDD')
             || '","CT2_LOTE":"' || lpad((voucher / 1000000)::text, 6, '0') || '","CT2_SBLOTE":"001","CT2_DOC":"'
             || lpad((voucher % 1000000)::text, 6, '0') || '","CT2_LINHA":"'
             || lpad((case when other is null then line else 1 end)::text, 3, '0')
             || '","CT2_DC":"' || case when other is not null then '3' when debit > 0 then '1' else '2' end
             || '","CT2_DEBITO":"' || rpad(case when debit > 0 then p_account else coalesce(other, '') end, 20)
             || '","CT2_CREDIT":"' || rpad(case when credit > 0 then p_account else coalesce(other, '') end, 20)
             || '","CT2_VALOR":' || debit + credit || ',"CT2_HIST":' || sandbox.js(history)
             || ',"CT2_TPDOC":' || sandbox.js(document_type)
             || ',"CT2_CCD":"' || case when debit > 0 then coalesce(cost_center, '') else '' end
             || '","CT2_CCC":"' || case when credit > 0 then coalesce(cost_center, '') else '' end
             || '","entityCode":' || sandbox.js(entity_id::text) || ',"entityName":' || sandbox.js(entity_name) || '}'
           else
             '{"id":"' || voucher || '-' || line || '","transactionDate":"' || day || '","postingDate":"' || day
             || '","accountCode":"' || p_account || '","accountName":' || sandbox.js(p_name)
             || ',"debitValue":' || debit || ',"creditValue":' || credit
             || ',"history":' || sandbox.js(history) || ',"documentNumber":' || sandbox.js(document_number)
             || ',"documentType":' || sandbox.js(document_type) || ',"costCenter":' || sandbox.js(cost_center)
             || ',"entityCode":' || sandbox.js(entity_id::text) || ',"entityName":' || sandbox.js(entity_name)
             || ',"batchNumber":"' || lpad((voucher / 1000000)::text, 6, '0') || '","sequenceNumber":'
             || line || '}' end,
           ',' order by place) filter (where place <= p_size or p_size is null), count(*)
    into rows, n
    from (select e.*, v.history, v.document_number, v.document_type, v.cost_center, v.entity_id, v.entity_name,
                 row_number() over (order by e.day, e.voucher, e.line) as place,
                 case when p_dialect = 'ctbr020' then
                   (select case when count(*) = 1 then max(o.account) end from sandbox.ledger_entry o
                     where o.who = e.who and o.voucher = e.voucher and o.line <> e.line
                       and o.account <> p_account) end as other
            from (select e.* from sandbox.ledger_entry e
                   where e.who = p_who and e.account = p_account and e.day between p_first and p_last
                     and (not p_request ?| '{costCenter,documentType}' or exists (
                           select from sandbox.ledger_voucher v where v.who = e.who and v.id = e.voucher
                              and v.cost_center = coalesce(p_request->>'costCenter', v.cost_center)
                              and v.document_type = coalesce(p_request->>'documentType', v.document_type)))
                   order by e.day, e.voucher, e.line offset p_skip limit p_size + 1) e
            join sandbox.ledger_voucher v on v.who = e.who and v.id = e.voucher) placed;
end $$;

create or replace function sandbox.totvs_entries(
  p_who text, p_request jsonb, p_behaviour text, p_dialect text, p_account text, p_from text, p_to text,
  p_company text, p_member text, out status int, out body text)
language plpgsql as $$
declare
  q record;
  put record;
  listed record;
begin
  select * into q from sandbox.totvs_question(p_who, p_request, p_from, p_to, p_company, p_behaviour);
  if q.problem is not null or coalesce(p_request->>p_account, '') = '' then
    status := 400;
    body := sandbox.totvs_error(400, coalesce(q.problem, format('Parâmetro %s não informado', p_account)));
    return;
  end if;
  status := 200;
  select * into put from sandbox.ledger_put_rows(p_who, 'subledger', p_request->>p_account, q.first, q.last,
                                                 q.skip, q.size);
  if put.is_put then
    body := sandbox.totvs_answer(p_who, p_member, put.rows, put.n, q.size, q.is_paged, p_behaviour);
  else
    select * into listed from sandbox.totvs_entry_rows(
      p_who, p_dialect, p_request->>p_account,
      (select name from sandbox.ledger_account where who = p_who and code = p_request->>p_account),
      q.first, q.last, p_request, q.skip, q.size);
    body := sandbox.totvs_answer(p_who, p_member, listed.rows, listed.n, q.size, q.is_paged, p_behaviour);
  end if;
end $$;

create or replace function sandbox.totvs_movimentacao(
  p_who text, p_request jsonb, p_behaviour text, out status int, out body text)
language sql as $$
  select * from sandbox.totvs_entries(p_who, p_request - '{costCenter,documentType}'::text[], p_behaviour,
                                      'ctbr020', 'conta', 'dataInicial', 'dataFinal', 'empresa', 'movimentacao');
$$;

create or replace function sandbox.totvs_ledgerentries(
  p_who text, p_request jsonb, p_behaviour text, out status int, out body text)
language sql as $$
  select * from sandbox.totvs_entries(p_who, p_request, p_behaviour, 'ctb_v1', 'accountCode', 'startDate',
                                      'endDate', 'companyId', 'items');
$$;

create or replace function sandbox.totvs_chart(
  p_who text, p_request jsonb, p_behaviour text, out status int, out body text)
language plpgsql as $$
declare
  q record;
  put record;
  listed record;
begin
  select * into q from sandbox.totvs_question(p_who, p_request, null, null, 'companyId', p_behaviour);
  if q.problem is not null then
    status := 400;
    body := sandbox.totvs_error(400, q.problem);
    return;
  end if;
  status := 200;
  select * into put from sandbox.ledger_put_rows(p_who, 'chart', null, null, null, q.skip, q.size);
  if put.is_put then
    body := sandbox.totvs_answer(p_who, 'items', put.rows, put.n, q.size, q.is_paged, p_behaviour);
    return;
  end if;
  select string_agg('{"accountCode":"' || code || '","accountName":' || sandbox.js(name) || ',"accountType":"'
                    || left(code, 1) || '","parentAccount":' || sandbox.js(parent) || ',"level":' || level
                    || ',"isSynthetic":' || is_summary || '}', ',' order by code)
           filter (where place <= q.size or q.size is null) as rows, count(*) as n
    into listed
    from (select a.*, row_number() over (order by code) as place
            from (select * from sandbox.ledger_account where who = p_who
                   order by code offset q.skip limit q.size + 1) a) placed;
  body := sandbox.totvs_answer(p_who, 'items', listed.rows, listed.n, q.size, q.is_paged, p_behaviour);
end $$;

create or replace function sandbox.totvs_companies(
  p_who text, p_request jsonb, p_behaviour text, out status int, out body text)
language sql as $$
  select 200, json_build_object('items', json_build_array(json_build_object(
           'id', company_id, 'name', name, 'document', document, 'tradingName', name)),
           'hasNext', false)::text
    from sandbox.ledger_company where who = p_who;
$$;

create or replace function sandbox.totvs_health(
  p_who text, p_request jsonb, p_behaviour text, out status int, out body text)
language sql as $$
  select 200, '{"status":"UP","server":"APPSERVER"}';
$$;
