/* The sandbox's state: stand-ins of the ERPs keep what they know and what tests arrange in schema
 * `sandbox`.  Load with psql, any number of times (psql -f tests/sandbox/schema.sql), as a superuser
 * or as ponte_sandbox.  Tables are ordinary ones: unlogged tables would be empty after the tests that
 * kill Postgres.
 *
 * HOW TO ARRANGE THINGS (Omie; for Online Software, CardapioWeb and WhatsApp see sales.sql,
 * for books and the logins of TOTVS, ContaAzul and Bling ledger.sql)
 *
 * An app, and who is in its register:
 *   insert into sandbox.omie_app values ('1234567890123', '<32 hex>');
 *   select sandbox.omie_seed_clients('1234567890123', 20000);       -- synthetic, always the same
 *   select sandbox.omie_put_client('1234567890123', '{"codigo_cliente_omie":7,"email":null}');
 *       one record, listed exactly as given (members in alphabetical order, \u escapes); any type in
 *       any place; records are listed in the order in which they were put
 *   select sandbox.omie_change_client('1234567890123', 7, '{"email":"a@b.c"}');   -- null removes
 *   update sandbox.omie_app set suspended = true where app_key = '1234567890123';
 *
 * Its titles receivable (ListarContasReceber, in order of their ids):
 *   select sandbox.omie_seed_titles('1234567890123', '2026-01-01', 3000);
 *       3,000 titles registered in January 2026, for the app's clients in turn (an empty register:
 *       2000000001 to 2000000200); always the same for the same clients, month and number.  Each
 *       25th was altered in February, each 33rd is CANCELADO, the open ones show A VENCER, VENCE
 *       HOJE or ATRASADO by the sandbox's date.  And 2 % more that were registered in December and
 *       altered in January: whoever takes these for January's has looked at the wrong date.  (So a
 *       month gains a few when the one after it is seeded.)  Seeded again, a month's titles are
 *       replaced.  After very many, `vacuum sandbox.omie_title`.
 *   select sandbox.omie_put_title('1234567890123', '{"codigo_lancamento_omie":7,"valor_documento":1.5}');
 *       listed exactly as given, its status as well; observacao only when asked for
 *   select sandbox.omie_change_title('1234567890123', 7, '{"valor_documento":2}');  -- null removes
 *   select sandbox.omie_set('titles_shift', '2');
 *       as if two titles came in before the first one between each page and the next: the last two
 *       titles of a page open the next one as well, and the totals grow.  The second copy differs
 *       from the first after an omie_change_title between the two pages.
 *   What a client is worth in a month, cancelled titles left out:
 *   select sum((body::jsonb->>'valor_documento')::numeric) from sandbox.omie_title
 *    where app_key = '1234567890123' and client = 2485000017 and month = '2026-01-01'
 *      and status is distinct from 'CANCELADO';
 *
 * Attachments (geral/anexo), which keep their bytes, and the documents that hold them:
 *   select sandbox.omie_put_attachment('1234567890123', 'com-recebimento', 77, 'nota.pdf', '\xcafe');
 *       gives nIdAnexo; then, if wanted, p_code => 'B1' (cCodIntAnexo), p_size => 11 (nTamanho as
 *       listed).  Bytes null: ObterAnexo has neither content nor link for it.
 *   select sandbox.omie_set('attachments_any_document', 'N');   -- and then only these, and those put:
 *   select sandbox.omie_put_document('1234567890123', 'conta-pagar', 78);
 *   What was included last, as it was sent and as it was meant:
 *   select sent, sent_md5, content from sandbox.omie_attachment where sent is not null
 *    order by position desc limit 1;
 *   A download is a row of sandbox.omie_call with method 'download' and param {"nIdAnexo":…,
 *   "cNomeArquivo":…}, and meets the faults arranged for it, also a redirect:
 *   insert into sandbox.omie_fault (method, status, headers, body) values
 *     ('download', 302, '{"Location":"https://…"}', '');
 *   select sandbox.omie_set('download_base', 'https://10.0.0.1/');     -- links that lead elsewhere
 *
 * Purchase orders and receipts:
 *   select sandbox.omie_put_order('1234567890123', '1001');     -- status Aberto, item 001; nCodPed
 *   select sandbox.omie_put_order('1234567890123', '1002', 'Encerrado', '{001,002}', '{"nCodFor":7}');
 *       put again: the same order with another status.  The status decides which flag of
 *       PesquisarPedCompra finds it: Encerrado, Fechado, Finalizado, Cancelado, Faturado, Faturado
 *       Parcial, Recebido, Recebido Parcial, anything else is pending.  AlteraPedCompra changes the
 *       header; its other blocks are accepted without a look.
 *   select sandbox.omie_set('orders', 'strict');                -- no closing call, no status
 *   select sandbox.omie_put_receipt('1234567890123', '{"cabec":{"nIdReceb":7}}');  -- as it is
 *   select sandbox.omie_seed_backoffice('1234567890123');       -- 50 receipts with attachments, each
 *       linked to an order and a payable, always the same
 *
 * A fault (sandbox.omie_fault; every column may be left out):
 *   -- the third ListarClientes of this app answers 500
 *   insert into sandbox.omie_fault (app_key, method, nth, status, body) values
 *     ('1234567890123', 'ListarClientes', 3, 500,
 *      sandbox.omie_fault_text('SOAP-ENV:Server', 'SOAP-ERROR: Broken response …'));
 *   -- every request for page 2 meets nginx's 502 page, whoever calls
 *   insert into sandbox.omie_fault (param, times, status) values ('{"pagina":2}', null, 502);
 *   -- the next call is kept open for 30 s and then answered as usual (no limit refuses it)
 *   insert into sandbox.omie_fault (behaviour, seconds) values ('hang', 30);
 *   -- the connection is closed without an answer; the real answer is cut in the middle
 *   insert into sandbox.omie_fault (behaviour) values ('reset'), ('cut');
 * `app_key`, `method`, `param` narrow which calls count; `nth` is counted from the INSERT (null:
 * the next); `times` consecutive calls meet the fault (null: for ever).  `body` null: what Omie or
 * its nginx says with that status.  `performed`: the call's work is done first and its answer
 * lost: a read then counts as answered (redundancy), a write has happened:
 *   -- the next IncluirAnexo stores the file, and its caller hears of a lost connection
 *   insert into sandbox.omie_fault (method, performed, body) values ('IncluirAnexo', true,
 *     sandbox.omie_fault_text('SOAP-ENV:Server', 'PROTO_BYEBYE'));
 * Faults win over every limit, not over wrong credentials.  `body_bytes` (bytea) instead of `body`
 * sends bytes that are not UTF-8.
 *
 * A figure (sandbox.omie_settings lists them with their meaning), for all apps or for one:
 *   update sandbox.omie_settings set value = '50' where name = 'latency_ms';
 *   select sandbox.omie_set('redundancy_s', '0', '1234567890123');
 * Time itself: select sandbox.omie_set('clock_offset_s', '61');   -- windows and blocks run off
 *
 * What happened (sandbox.omie_call: a row per request, in order of id):
 *   select param->>'pagina', verdict, status, faultcode, in_flight, at, ended_at
 *     from sandbox.omie_call where app_key = '1234567890123' order by id;
 *
 * Everything back to the beginning:  select sandbox.omie_reset();  */

\set ON_ERROR_STOP on
set client_min_messages = warning;

/* A login that may not make roles keeps the schema itself. */
select case when rolsuper then 'ponte_sandbox' else current_user end as owner
  from pg_roles where rolname = current_user \gset
do $$
begin
  if (select rolsuper from pg_roles where rolname = current_user)
     and not exists (select from pg_roles where rolname = 'ponte_sandbox') then
    create role ponte_sandbox login;
  end if;
  if obj_description(to_regnamespace('sandbox'), 'pg_namespace') <> 'version 5' then
    drop schema sandbox cascade; -- of another version: begin anew (raise the number with the tables)
  end if;
end $$;

create schema if not exists sandbox authorization :"owner";
set role :"owner";
comment on schema sandbox is 'version 5';

\ir omie_tables.sql
\ir omie_text.sql
\ir omie_judge.sql
\ir omie_clients.sql
\ir omie_seed.sql
\ir omie_titles.sql
\ir omie_titles_seed.sql
\ir omie_attachments.sql
\ir omie_orders.sql
\ir omie_receipts.sql
\ir omie_backoffice_seed.sql
\ir ledger_tables.sql
\ir sales_tables.sql
\ir sales.sql
\ir sales_online.sql
\ir sales_cardapio.sql
\ir sales_whatsapp.sql
\ir ledger.sql
\ir ledger_grant.sql
\ir ledger_seed.sql
\ir ledger_rows.sql
\ir ledger_totvs.sql
\ir ledger_contaazul.sql
\ir ledger_contaazul_v2.sql
\ir ledger_bling.sql
\ir ledger_bling_caixas.sql
\ir ledger_omie.sql

reset role;
