/* Bling's profile v3_caixas (erp-connectors.md 6.4): financial accounts, categories, and the movements
 * of the former, which alone are seen.  List rows do not tell the category; details do. */

create or replace function sandbox.bling_bank_accounts(
  p_who text, p_request jsonb, p_behaviour text, out status int, out body text)
language plpgsql as $$
declare
  q record;
  put record;
begin
  select * into q from sandbox.bling_question(p_request, false, p_behaviour);
  status := case when q.problem is null then 200 else 400 end;
  select * into put from sandbox.ledger_put_rows(p_who, 'accounts', null, null, null, q.skip, q.size);
  body := case when q.problem is not null then q.problem
               when put.is_put then sandbox.bling_data(put.rows, p_behaviour)
               else sandbox.bling_data((
                 select string_agg('{"id":' || id || ',"descricao":' || sandbox.js(name) || '}', ',' order by id)
                   from (select * from sandbox.ledger_account where who = p_who and role = 'bank'
                          order by id offset q.skip limit q.size) a), p_behaviour) end;
end $$;

create or replace function sandbox.bling_categories(
  p_who text, p_request jsonb, p_behaviour text, out status int, out body text)
language plpgsql as $$
declare
  q record;
  put record;
begin
  select * into q from sandbox.bling_question(p_request, false, p_behaviour);
  status := case when q.problem is null then 200 else 400 end;
  select * into put from sandbox.ledger_put_rows(p_who, 'categories', null, null, null, q.skip, q.size);
  body := case when q.problem is not null then q.problem
               when put.is_put then sandbox.bling_data(put.rows, p_behaviour)
               else sandbox.bling_data((
                 select string_agg('{"id":' || id || ',"idCategoriaPai":0,"descricao":' || sandbox.js(name)
                   || ',"tipo":'
                          || case type when 'EXPENSE' then 1 else 2 end || ',"situacao":1}', ',' order by id)
                   from (select * from sandbox.ledger_account
                          where who = p_who and type in ('REVENUE', 'EXPENSE') and not is_summary
                          order by id offset q.skip limit q.size) a), p_behaviour) end;
end $$;

/* The movements of banks: money in is C to the bank.  The category is that of what was settled; each
 * eleventh has none, nor has a transfer. */
create or replace function sandbox.bling_cash_entries(p_who text, p_first date, p_last date)
returns table (id bigint, day date, amount numeric, direction text, history text, account int,
               account_name text, entity_id int, entity_name text, document_number text, kind text, category int)
language sql stable as $$
  select e.voucher * 10 + e.line, e.day, e.debit + e.credit, case when e.debit > 0 then 'C' else 'D' end, v.history,
         a.id, a.name, v.entity_id, v.entity_name, v.document_number, v.kind,
         case when v.kind <> 'transfer' and v.id % 11 <> 0 then
           (select c.id from sandbox.ledger_entry s join sandbox.ledger_account c on c.who = s.who
             and c.code = s.account
             where s.who = v.who and s.voucher = coalesce(v.settles, v.id) and c.type in ('REVENUE', 'EXPENSE')
             order by s.line limit 1) end
    from sandbox.ledger_account a
    join sandbox.ledger_entry e on e.who = a.who and e.account = a.code and e.day between p_first and p_last
    join sandbox.ledger_voucher v on v.who = e.who and v.id = e.voucher
   where a.who = p_who and a.role = 'bank';
$$;

create or replace function sandbox.bling_cash_row(
  p_id bigint, p_day date, p_amount numeric, p_direction text, p_history text, p_account int, p_entity_id int,
  p_entity_name text, p_document text, p_kind text) returns text
language sql immutable as $$
  select '"id":' || p_id || ',"data":"' || p_day || '","valor":' || p_amount || ',"debCred":"' || p_direction
      || '","descricao":' || sandbox.js(p_history) || ',"competencia":"' || p_day
      || '","situacao":"R","numeroDocumento":'
      || sandbox.js(p_document) || ',"contato":' || case when p_entity_id is null then 'null' else
           '{"id":' || p_entity_id || ',"nome":' || sandbox.js(p_entity_name) || '}' end
      || ',"contaFinanceira":{"id":' || p_account || '},"origem":{"tipo":"'
      || case p_kind when 'receipt' then 'contareceber' when 'payment' then 'contapagar' else 'lancamento' end
      || '"}';
$$;

create or replace function sandbox.bling_cash(
  p_who text, p_request jsonb, p_behaviour text, out status int, out body text)
language plpgsql as $$
declare
  q record;
  put record;
  wanted text[] := case when p_request ? 'idsCategorias[]'
                        then array(select jsonb_array_elements_text(p_request->'idsCategorias[]'))
                        else string_to_array(p_request->>'idsCategorias', ',') end;
begin
  select * into q from sandbox.bling_question(p_request, true, p_behaviour);
  status := case when q.problem is null then 200 else 400 end;
  select * into put from sandbox.ledger_put_rows(p_who, 'transactions', wanted[1], q.first, q.last, q.skip, q.size);
  body := case when q.problem is not null then q.problem
               when put.is_put then sandbox.bling_data(put.rows, p_behaviour)
               else sandbox.bling_data((
                 select string_agg('{' || sandbox.bling_cash_row(id, day, amount, direction, history, account,
                   entity_id,
                                          entity_name, document_number, kind) || '}', ',' order by day, id)
                   from (select * from sandbox.bling_cash_entries(p_who, q.first, q.last)
                          where (wanted is null or category::text = any (wanted))
                            and (p_request->>'idContaFinanceira' is null or account::text = p_request->>'idContaFinanceira')
                            and coalesce(p_request->>'situacao', 'R') = 'R'
                          order by day, id offset q.skip limit q.size) e), p_behaviour) end;
end $$;

create or replace function sandbox.bling_cash_entry(
  p_who text, p_request jsonb, p_behaviour text, out status int, out body text)
language plpgsql as $$
declare
  put record;
begin
  select * into put from sandbox.ledger_put_rows(p_who, 'detail', p_request->>'id', null, null, 0, 1);
  body := '{"data":' || coalesce(put.rows, (
    select '{' || sandbox.bling_cash_row(e.id, e.day, e.amount, e.direction, e.history, e.account, e.entity_id,
      e.entity_name,
                                  e.document_number, e.kind)
           || ',"categoria":{"id":' || coalesce(e.category, 0) || '},"transferencia":'
           || (e.kind = 'transfer')::int || '}'
      from sandbox.ledger_entry l, sandbox.bling_cash_entries(p_who, l.day, l.day) e
     where l.who = p_who and p_request->>'id' ~ '^\d{2,17}$' and l.voucher = (p_request->>'id')::bigint / 10
       and l.line = (p_request->>'id')::bigint % 10 and e.id::text = p_request->>'id')) || '}';
  status := case when body is null then 404 else 200 end;
end $$;
