/* Omie's books (erp-connectors.md 6.3): ListarBalancete and ListarMovimentos, and what the live API
 * has in their place: ListarContasCorrentes, ListarExtrato, ListarEmpresas.  Rows put by a test are of
 * kinds trial-balance, subledger, accounts, extract, companies; faults are sandbox.omie_fault's. */

create or replace function sandbox.omie_company(p_app text) returns sandbox.ledger_company
language sql stable as $$
  select c from sandbox.ledger_company c where erp = 'omie' and api_key = p_app;
$$;

/* What concerns every one of these calls. */
create or replace function sandbox.omie_book_problem(p_app text, p_param jsonb, out code text, out message text)
language plpgsql stable as $$
declare
  c sandbox.ledger_company := sandbox.omie_company(p_app);
begin
  if p_param ? 'nCodEmpresa' and p_param->>'nCodEmpresa' <> c.company_id or c.who is null then
    code := 'SOAP-ENV:Client-105';
    message := format('ERROR: Empresa não cadastrada para o Código [%s]!', p_param->>'nCodEmpresa');
  end if;
end $$;

/* The page that a call asks for; without pagina and registros_por_pagina all is one. */
create or replace function sandbox.omie_book_place(p_param jsonb, out page int, out size int, out skip bigint)
language sql stable as $$
  select page, size, (page - 1)::bigint * size
    from (select greatest(coalesce((p_param->>'pagina')::int, 1), 1) as page,
                 case when p_param ?| '{pagina,registros_por_pagina}'
                      then least(greatest(coalesce((p_param->>'registros_por_pagina')::int, 50), 1),
                        500) end as size) p;
$$;

/* The answer of a list, or 5113 when it has no rows. */
create or replace function sandbox.omie_book_answer(
  p_member text, p_rows text, p_total bigint, p_page int, p_size int,
  out body text, out code text, out message text)
language plpgsql immutable as $$
begin
  if p_rows is null then
    code := 'SOAP-ENV:Client-5113';
    message := format('ERROR: Não existem registros para a página [%s]!', p_page);
    return;
  end if;
  body := '{"pagina":' || p_page || ',"total_de_paginas":' || coalesce(ceil(p_total::numeric / p_size), 1)
       || ',"registros":' || least(p_size, p_total) || ',"total_de_registros":' || p_total
       || ',"' || p_member || '":[' || p_rows || ']}';
end $$;

create or replace function sandbox.omie_balancete(p_app text, p_param jsonb, out body text, out code text,
  out message text)
language plpgsql as $$
declare
  company text := (sandbox.omie_company(p_app)).who;
  first date := to_date(p_param->>'dDataDe', 'DD/MM/YYYY');
  last date := to_date(p_param->>'dDataAte', 'DD/MM/YYYY');
  asked record;
  listed record;
begin
  select p.code, p.message into code, message from sandbox.omie_book_problem(p_app, p_param) p;
  if code is not null then
    return;
  end if;
  select * into asked from sandbox.omie_book_place(p_param);
  select r.is_put, r.rows, r.total into listed
    from sandbox.ledger_put_rows(company, 'trial-balance', null, first, last, asked.skip, asked.size) r;
  if not listed.is_put then
    select true as is_put, string_agg('{"cCodConta":"' || b.code || '","cDescConta":' || sandbox.js(b.name)
             || ',"cTipoConta":"'
             || initcap(case b.type when 'EQUITY' then 'PATRIMONIO' else sandbox.ledger_type(b.type) end)
             || '","nSaldoInicial":' || b.sign * b.opening || ',"nDebitos":' || b.debit || ',"nCreditos":' || b.credit
             || ',"nSaldoFinal":' || b.sign * b.closing || '}', ',' order by b.code)
             filter (where asked.size is null or place between asked.skip + 1 and asked.skip + asked.size) as rows,
           count(*) as total
      into listed
      from (select *, row_number() over (order by x.code) as place
        from sandbox.ledger_balances(company, first, last) x) b;
  end if;
  select a.body, a.code, a.message into body, code, message
    from sandbox.omie_book_answer('balancete', listed.rows, listed.total, asked.page, asked.size) a;
end $$;

create or replace function sandbox.omie_movimentos(p_app text, p_param jsonb, out body text, out code text,
  out message text)
language plpgsql as $$
declare
  company text := (sandbox.omie_company(p_app)).who;
  first date := to_date(p_param->>'dDataDe', 'DD/MM/YYYY');
  last date := to_date(p_param->>'dDataAte', 'DD/MM/YYYY');
  asked record;
  listed record;
begin
  select p.code, p.message into code, message from sandbox.omie_book_problem(p_app, p_param) p;
  if code is not null then
    return;
  end if;
  select * into asked from sandbox.omie_book_place(p_param);
  select r.is_put, r.rows, r.total into listed
    from sandbox.ledger_put_rows(company, 'subledger', p_param->>'cCodConta', first, last, asked.skip, asked.size) r;
  if not listed.is_put then
    select true as is_put, string_agg('{"nCodLanc":' || e.voucher * 10 + e.line || ',"dDtLanc":"'
             || to_char(e.day, 'DD/MM/YYYY')
             || '","cCodConta":"' || e.account || '","nDebito":' || e.debit || ',"nCredito":' || e.credit
             || ',"cHistorico":' || sandbox.js(v.history) || ',"cNumDoc":' || sandbox.js(v.document_number)
             || ',"cTipoDoc":' || sandbox.js(v.document_type) || ',"nCodTerceiro":'
             || coalesce(v.entity_id::text, 'null')
             || ',"cNomeTerceiro":' || sandbox.js(v.entity_name) || ',"cOrigem":"' || v.kind
             || '"}', ',' order by e.day, e.voucher, e.line) as rows,
           (select count(*) from sandbox.ledger_entry c
             where c.who = company and c.account = p_param->>'cCodConta' and c.day between first and last) as total
      into listed
      from (select * from sandbox.ledger_entry e
             where e.who = company and e.account = p_param->>'cCodConta' and e.day between first and last
             order by e.day, e.voucher, e.line offset asked.skip limit asked.size) e
      join sandbox.ledger_voucher v on v.who = e.who and v.id = e.voucher;
  end if;
  select a.body, a.code, a.message into body, code, message
    from sandbox.omie_book_answer('movimentos', listed.rows, listed.total, asked.page, asked.size) a;
end $$;

/* Bank accounts have numbers of ten digits. */
create or replace function sandbox.omie_bank_id(p_id int) returns bigint language sql immutable as $$
  select 1000000000 + p_id;
$$;

create or replace function sandbox.omie_contas(p_app text, p_param jsonb, out body text, out code text,
  out message text)
language plpgsql as $$
declare
  company text := (sandbox.omie_company(p_app)).who;
  asked record;
  listed record;
begin
  select * into asked from sandbox.omie_book_place('{"pagina":1}' || p_param);
  select r.is_put, r.rows, r.total into listed
    from sandbox.ledger_put_rows(company, 'accounts', null, null, null, asked.skip, asked.size) r;
  if not listed.is_put then
    select true as is_put, string_agg('{"nCodCC":' || sandbox.omie_bank_id(id)
      || ',"cCodCCInt":"","descricao":' || sandbox.js(name)
             || ',"tipo_conta_corrente":"' || case when a.code = '1.01.001' then 'CX' else 'CC' end
             || '","codigo_banco":"' || case when a.code = '1.01.001' then '999' else '001' end
             || '","saldo_inicial":' || opening || ',"inativo":"N","bloqueado":"N"}', ',' order by place)
             filter (where place between asked.skip + 1 and asked.skip + asked.size) as rows, count(*) as total
      into listed
      from (select *, row_number() over (order by id) as place from sandbox.ledger_account
             where who = company and role = 'bank') a;
  end if;
  select a.body, a.code, a.message into body, code, message
    from sandbox.omie_book_answer('ListarContasCorrentes', listed.rows, listed.total, asked.page, asked.size) a;
end $$;

/* 4.01.002 is 1.01.02, 5.02.001 is 2.02.01, what has none 0.01.01. */
create or replace function sandbox.omie_category(p_account text) returns text language sql immutable as $$
  select coalesce(case left(p_account, 1) when '4' then '1' when '5' then '2' end
                  || substr(p_account, 2, 4) || right(p_account, 2), '0.01.01');
$$;

/* An extract: what it opens with, its movements, and how it closes; 50 rows and not one more, whatever
 * the period has, and nothing says so. */
create or replace function sandbox.omie_extrato(p_app text, p_param jsonb, out body text, out code text,
  out message text)
language plpgsql as $$
declare
  most constant int := 50;
  company text := (sandbox.omie_company(p_app)).who;
  first date := to_date(p_param->>'dPeriodoInicial', 'DD/MM/YYYY');
  last date := to_date(p_param->>'dPeriodoFinal', 'DD/MM/YYYY');
  a sandbox.ledger_account;
  put record;
  opens numeric;
  closes numeric;
  listed text;
begin
  select * into a from sandbox.ledger_account
   where who = company and role = 'bank' and sandbox.omie_bank_id(id)::text = p_param->>'nCodCC';
  if a.who is null then
    code := 'SOAP-ENV:Client-103';
    message := format('ERROR: Conta corrente não cadastrada para o Código [%s]!', p_param->>'nCodCC');
    return;
  end if;
  select a.opening + coalesce(sum(debit - credit) filter (where day < first), 0),
         a.opening + coalesce(sum(debit - credit), 0) into opens, closes
    from sandbox.ledger_entry where who = company and account = a.code and day <= last;
  select * into put from sandbox.ledger_put_rows(company, 'extract', p_param->>'nCodCC', first, last, 0, most);
  if put.is_put then
    listed := coalesce(put.rows, '');
  else
    select '{"cDesCliente":"SALDO ANTERIOR","dDataLancamento":"' || to_char(first, 'DD/MM/YYYY')
      || '","nSaldo":' || opens || '}'
        || coalesce(string_agg(',{"nCodLancamento":' || e.voucher * 10 + e.line || ',"dDataLancamento":"'
             || to_char(e.day, 'DD/MM/YYYY') || '","cNatureza":"' || case when e.debit > 0 then 'R' else 'P' end
             || '","nValorDocumento":' || e.debit + e.credit || ',"cCodCategoria":"'
             || sandbox.omie_category(c.account)
             || '","cDesCategoria":' || sandbox.js(coalesce(c.name, 'Transferência')) || ',"nCodCliente":'
             || coalesce(v.entity_id, 0) || ',"cDesCliente":' || sandbox.js(v.entity_name) || ',"cNumero":'
             || sandbox.js(v.document_number) || ',"cTipoDocumento":' || sandbox.js(v.document_type)
             || ',"cObservacoes":' || sandbox.js(v.history) || ',"cOrigem":"' || v.kind
             || '","cSituacao":"Conciliado"}',
             '' order by e.day, e.voucher, e.line), '')
      into listed
      from (select * from sandbox.ledger_entry e
             where e.who = company and e.account = a.code and e.day between first and last
             order by e.day, e.voucher, e.line limit most - 1) e
      join sandbox.ledger_voucher v on v.who = e.who and v.id = e.voucher
      left join lateral (
        select s.account, n.name from sandbox.ledger_entry s
          join sandbox.ledger_account n on n.who = s.who and n.code = s.account and n.type in ('REVENUE', 'EXPENSE')
         where s.who = v.who and s.voucher = coalesce(v.settles, v.id) order by s.line limit 1) c on true;
  end if;
  body := '{"nCodCC":' || (p_param->>'nCodCC') || ',"cDescricao":' || sandbox.js(a.name) || ',"dPeriodoInicial":"'
       || (p_param->>'dPeriodoInicial') || '","dPeriodoFinal":"' || (p_param->>'dPeriodoFinal')
       || '","nSaldoAnterior":'
       || opens || ',"nSaldoAtual":' || closes || ',"listaMovimentos":['
       || case when p_param->>'cExibirApenasSaldo' = 'S' then '' else listed end || ']}';
end $$;

create or replace function sandbox.omie_empresas(p_app text, p_param jsonb, out body text, out code text,
  out message text)
language plpgsql as $$
declare
  c sandbox.ledger_company := sandbox.omie_company(p_app);
  put record;
begin
  select * into put from sandbox.ledger_put_rows(c.who, 'companies', null, null, null, 0, 50);
  select a.body, a.code, a.message into body, code, message
    from sandbox.omie_book_answer('empresas_cadastro', case when put.is_put then put.rows
      when c.who is not null then json_build_object('codigo_empresa', c.company_id::bigint, 'razao_social', c.name,
                                                    'nome_fantasia', c.name, 'cnpj', c.document)::text end,
      case when put.is_put then put.total else 1 end, 1, 50) a;
end $$;
