/* Books: a chart with sums at levels 1 and 2 and accounts at level 3, openings that balance, and
 * journal entries that balance to the centavo. */

/* The accounts every seed has; further ones go round the last three groups. */
create or replace function sandbox.ledger_chart(p_accounts int)
returns table (code text, name text, type text, role text, opening numeric)
language sql immutable as $$
  with fixed (code, name, type, role, opening) as (values
    ('1', 'ATIVO', 'ASSET', '', null),
    ('1.01', 'Disponível', 'ASSET', '', null),
    ('1.01.001', 'Caixa', 'ASSET', 'bank', 10000.00),
    ('1.01.002', 'Banco do Brasil conta movimento', 'ASSET', 'bank', 25000.00),
    ('1.01.003', 'Banco Itaú conta movimento', 'ASSET', 'bank', 5000.00),
    ('1.02', 'Contas a receber', 'ASSET', '', null),
    ('1.02.001', 'Clientes nacionais', 'ASSET', 'receivable', 8000.00),
    ('2', 'PASSIVO', 'LIABILITY', '', null),
    ('2.01', 'Fornecedores', 'LIABILITY', '', null),
    ('2.01.001', 'Fornecedores nacionais', 'LIABILITY', 'payable', -6000.00),
    ('2.02', 'Obrigações tributárias', 'LIABILITY', '', null),
    ('2.02.001', 'Impostos a recolher', 'LIABILITY', '', -2000.00),
    ('3', 'PATRIMÔNIO LÍQUIDO', 'EQUITY', '', null),
    ('3.01', 'Capital', 'EQUITY', '', null),
    ('3.01.001', 'Capital social', 'EQUITY', '', -40000.00),
    ('4', 'RECEITAS', 'REVENUE', '', null),
    ('4.01', 'Receita operacional', 'REVENUE', '', null),
    ('4.01.001', 'Receita de serviços', 'REVENUE', '', 0.00),
    ('4.02', 'Receita financeira', 'REVENUE', '', null),
    ('4.02.001', 'Juros recebidos', 'REVENUE', 'interest', 0.00),
    ('5', 'DESPESAS', 'EXPENSE', '', null),
    ('5.01', 'Despesas com pessoal', 'EXPENSE', '', null),
    ('5.01.001', 'Salários', 'EXPENSE', '', 0.00),
    ('5.02', 'Despesas administrativas', 'EXPENSE', '', null),
    ('5.02.001', 'Aluguéis', 'EXPENSE', '', 0.00))
  select * from fixed
  union all
  select g.prefix || '.' || case when k < 1000 then lpad(k::text, 3, '0') else k::text end,
         g.name || ' ' || k, g.type, '', 0.00
    from generate_series(0, p_accounts - 12) as n,
         lateral (select 2 + n / 3 as k) x,
         lateral (select * from (values (0, '4.01', 'Receita', 'REVENUE'),
                                        (1, '5.02', 'Despesa geral', 'EXPENSE'),
                                        (2, '5.01', 'Pessoal', 'EXPENSE'))
                           as v (i, prefix, name, type) where i = n % 3) g;
$$;

create or replace function sandbox.ledger_put_account(
  p_who text, p_code text, p_name text, p_type text, p_opening numeric default 0, p_role text default '')
returns void language sql as $$
  insert into sandbox.ledger_account (who, code, id, name, type, parent, level, is_summary, role, opening)
  select p_who, p_code, coalesce(max(id), 500) + 1, p_name, p_type,
         nullif(regexp_replace(p_code, '\.?[^.]+$', ''), ''),
         array_length(string_to_array(p_code, '.'), 1), false, p_role, p_opening
    from sandbox.ledger_account where who = p_who
  on conflict (who, code) do update
     set name = excluded.name, type = excluded.type, role = excluded.role, opening = excluded.opening;
$$;

/* What the n-th journal entry of a month is: of ten, four sales, two receipts for the first two of
 * them, two expenses, the payment of the first, a transfer.  A receipt now and then brings interest. */
create or replace function sandbox.ledger_deed(p_n int, out kind text, out settles int, out like_n int)
language sql immutable as $$
  select case when p_n % 10 < 4 or p_n = 4 then 'sale' when p_n % 10 < 6 then 'receipt'
              when p_n % 10 < 8 then 'expense' when p_n % 10 = 8 then 'payment' else 'transfer' end,
         case when p_n % 10 in (4, 5) and p_n > 4 then p_n - 4 when p_n % 10 = 8 then p_n - 2 end,
         case when p_n % 10 in (4, 5) and p_n > 4 then p_n - 4 when p_n % 10 = 8 then p_n - 2 else p_n end;
$$;

create or replace function sandbox.ledger_sum(p_n int, p_month date) returns numeric
language sql immutable as $$
  select 50 + ((hashint8extended(p_n, extract(epoch from p_month)::bigint) & 1048575) % 500000) / 100.0;
$$;

/* One month's entries; ids go on from month to month. */
create or replace function sandbox.ledger_seed_month(p_who text, p_month date, p_entries int)
returns void language plpgsql as $$
declare
  base bigint := (extract(year from p_month) * 12 + extract(month from p_month))::bigint % 10000 * 1000000;
  days int := (p_month + interval '1 month')::date - p_month;
  revenues text[] := array(select code from sandbox.ledger_account where who = p_who
                              and type = 'REVENUE' and not is_summary and role = '' order by id);
  expenses text[] := array(select code from sandbox.ledger_account where who = p_who
                              and type = 'EXPENSE' and not is_summary and role = '' order by id);
  banks text[] := array(select code from sandbox.ledger_account where who = p_who
                           and role = 'bank' order by id);
begin
  insert into sandbox.ledger_voucher
  select p_who, base + n, p_month + ((n - 1)::bigint * days / p_entries)::int, kind, base + settles,
         case kind when 'sale' then 'Venda NF ' || 1000 + n
                   when 'receipt' then 'Recebimento NF ' || 1000 + settles
                   when 'expense' then 'Despesa conforme duplicata ' || 1000 + n
                   when 'payment' then 'Pagamento duplicata ' || 1000 + settles
                   else 'Transferência entre contas' end,
         (1000 + coalesce(settles, n))::text,
         case kind when 'sale' then 'NF' when 'receipt' then 'REC' when 'expense' then 'DUP'
                   when 'payment' then 'PAG' else 'TRA' end,
         'CC00' || 1 + like_n % 4, case when kind <> 'transfer' then 1 + like_n % 40 end,
         case when kind in ('sale', 'receipt') then 'Cliente ' || 1 + like_n % 40
              when kind in ('expense', 'payment') then 'Fornecedor ' || 1 + like_n % 40 end
    from generate_series(1, p_entries) as n, sandbox.ledger_deed(n);
  insert into sandbox.ledger_entry
  select p_who, base + n, l.line, p_month + ((n - 1)::bigint * days / p_entries)::int, l.account,
         case when l.amount > 0 then l.amount else 0 end, case when l.amount < 0 then -l.amount else 0 end
    from generate_series(1, p_entries) as n, sandbox.ledger_deed(n),
         lateral (select sandbox.ledger_sum(like_n, p_month) as amount,
                         case when kind = 'receipt' and n % 20 = 4 then 2.35 else 0.00 end as interest,
                         banks[1 + n % cardinality(banks)] as bank,
                         revenues[1 + like_n % cardinality(revenues)] as revenue,
                         expenses[1 + like_n % cardinality(expenses)] as expense) s,
         lateral (values
           (1, case kind when 'sale' then '1.02.001' when 'expense' then s.expense
                         when 'payment' then '2.01.001' else s.bank end, s.amount + s.interest),
           (2, case kind when 'sale' then s.revenue when 'receipt' then '1.02.001'
                         when 'expense' then '2.01.001' when 'payment' then s.bank
                         else banks[1 + (n + 1) % cardinality(banks)] end, -s.amount),
           (3, '4.02.001', -s.interest)) as l (line, account, amount)
   where l.amount <> 0;
end $$;

create or replace function sandbox.ledger_seed(
  p_who text, p_first date, p_accounts int, p_entries int, p_months int default 1)
returns void language plpgsql as $$
begin
  delete from sandbox.ledger_voucher where who = p_who;
  delete from sandbox.ledger_account where who = p_who;
  insert into sandbox.ledger_account (who, code, id, name, type, parent, level, is_summary, role, opening)
  select p_who, code, 500 + row_number() over (order by code), name, type,
         nullif(regexp_replace(code, '\.?[^.]+$', ''), ''), array_length(string_to_array(code, '.'), 1),
         opening is null, role, coalesce(opening, 0)
    from sandbox.ledger_chart(p_accounts);
  perform sandbox.ledger_seed_month(p_who, (date_trunc('month', p_first) + m * interval '1 month')::date,
                                    p_entries)
     from generate_series(0, p_months - 1) as m;
  analyze sandbox.ledger_voucher, sandbox.ledger_entry, sandbox.ledger_account;
end $$;

/* Many entries of two accounts, of 0.01, 0.02 … up to 100.00 and again, spread over a month. */
create or replace function sandbox.ledger_fill(
  p_who text, p_debit text, p_credit text, p_month date, p_count int)
returns void language plpgsql as $$
declare
  base bigint := coalesce((select max(id) from sandbox.ledger_voucher where who = p_who), 0)
                 / 1000000 * 1000000 + 1000000;
begin
  insert into sandbox.ledger_voucher
  select p_who, base + n, p_month + (n::bigint * 28 / (p_count + 1))::int, 'journal', null,
         'Lançamento ' || n, n::text, 'LC', 'CC001', 1 + n % 40, 'Cliente ' || 1 + n % 40
    from generate_series(1, p_count) as n;
  insert into sandbox.ledger_entry
  select p_who, base + n, l, p_month + (n::bigint * 28 / (p_count + 1))::int,
         case l when 1 then p_debit else p_credit end,
         case l when 1 then a else 0 end, case l when 2 then a else 0 end
    from generate_series(1, p_count) as n, generate_series(1, 2) as l,
         lateral (select (1 + n % 10000) / 100.0 as a) x;
  analyze sandbox.ledger_voucher, sandbox.ledger_entry;
end $$;

/* One journal entry: lines [{"account":…,"debit":…,"credit":…}]; more of it in p_more (history,
 * document_number, document_type, cost_center, entity_id, entity_name, settles).  Gives its id. */
create or replace function sandbox.ledger_put_voucher(
  p_who text, p_day date, p_kind text, p_lines jsonb, p_more jsonb default '{}')
returns bigint language plpgsql as $$
declare
  new_id bigint := coalesce((select max(id) from sandbox.ledger_voucher where who = p_who), 0) + 1;
begin
  insert into sandbox.ledger_voucher
  values (p_who, new_id, p_day, p_kind, (p_more->>'settles')::bigint, coalesce(p_more->>'history', ''),
          p_more->>'document_number', p_more->>'document_type', p_more->>'cost_center',
          (p_more->>'entity_id')::int, p_more->>'entity_name');
  insert into sandbox.ledger_entry
  select p_who, new_id, n, p_day, l->>'account', coalesce((l->>'debit')::numeric, 0),
         coalesce((l->>'credit')::numeric, 0)
    from jsonb_array_elements(p_lines) with ordinality as x (l, n);
  return new_id;
end $$;

/* The truth about a period, sums included: what every dialect tells.  Balances are debit less credit;
 * `sign` makes them natural.  With a cost centre only its entries count, and nothing opens. */
create or replace function sandbox.ledger_balances(
  p_who text, p_from date, p_to date, p_cost_center text default null)
returns table (code text, name text, type text, parent text, level int, is_summary boolean, id int,
               role text, sign int, opening numeric, debit numeric, credit numeric, closing numeric)
language sql stable as $$
  with moved as (
    select e.account, sum(e.debit - e.credit) filter (where e.day < p_from) as before,
           sum(e.debit) filter (where e.day >= p_from) as debit,
           sum(e.credit) filter (where e.day >= p_from) as credit
      from sandbox.ledger_entry e
     where e.who = p_who and e.day <= p_to
       and (p_cost_center is null or exists (
             select from sandbox.ledger_voucher v where v.who = e.who and v.id = e.voucher
                and v.cost_center = p_cost_center))
     group by e.account),
  leaves as (
    select a.code, coalesce(m.before, 0) + case when p_cost_center is null then a.opening else 0 end as opening,
           coalesce(m.debit, 0.00) as debit, coalesce(m.credit, 0.00) as credit
      from sandbox.ledger_account a left join moved m on m.account = a.code
     where a.who = p_who and not a.is_summary)
  select a.code, a.name, a.type, a.parent, a.level, a.is_summary, a.id, a.role,
         case when a.type in ('ASSET', 'EXPENSE') then 1 else -1 end,
         coalesce(sum(l.opening), 0.00), coalesce(sum(l.debit), 0.00), coalesce(sum(l.credit), 0.00),
         coalesce(sum(l.opening + l.debit - l.credit), 0.00)
    from sandbox.ledger_account a
    left join leaves l on l.code = a.code or (a.is_summary and starts_with(l.code, a.code || '.'))
   where a.who = p_who
   group by a.who, a.code
   order by a.code;
$$;
