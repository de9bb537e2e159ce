#include "harness_row_security.h"

void
finance_tables_fill(void)
{
  sql("insert into fin.clients (name, omie_codigo) values ('A', '1'), ('B', '2')");
  sql("insert into fin.erp_sync_log (status, finished_at) values ('success', now())");
  profile_put(USER_ID, "fin", TRUE);
  profile_put("00000000-0000-4000-8000-000000000001", "admin", TRUE);
  sql("insert into fin.contracts (client_id, mrr) select id, 1000 from fin.clients");
  sql("insert into fin.erp_revenue_snapshot (period, omie_codigo) values ('2026-01-01', '1')");
  sql("insert into fin.erp_revenue_live_cache (date_from, date_to)"
      " values ('2026-01-01', '2026-01-02')");
  sql("insert into fin.job_run (id, job, period, lease_until)"
      " values (gen_random_uuid(), 'aggregate-events', '2026-01-01', now())");
  sql("insert into fin.module_events (module, event_type) values ('fin', 'x')");
  sql("insert into fin.event_aggregates (period, module, event_type, count)"
      " values ('2026-01-01', 'fin', 'x', 1)");
  sql("insert into fin.data_indices (period, index_key, value) values ('2026-01-01', 'x', 1)");
  sql("insert into fin.inbound_leads default values");
}

void
crm_tables_fill(void)
{
  sql("insert into crm.users (id) values ('U')");
  sql("insert into crm.organizations (id, nome, cnpj) values ('O', 'Loja', '')");
  sql("insert into crm.clients (id, organizacao_id, nome) values ('C', 'O', 'Pessoa')");
  sql("insert into crm.products (id, organizacao_id, codigo, descricao, unidade, grupo, ncm, tipo)"
      " values ('P', 'O', '1', '', '', '', '', '')");
  sql("insert into crm.sellers (organizacao_id, nome, identificador) values ('O', 'V', 'V')");
  sql("insert into crm.partners (organizacao_id, nome, identificador) values ('O', 'A', 'A')");
  sql("insert into crm.product_add_ons (id, organizacao_id, nome) values ('G', 'O', 'Extras')");
  sql("insert into crm.product_add_on_options (organizacao_id, produto_add_on_id, nome)"
      " values ('O', 'G', 'Queijo')");
  sql("insert into crm.sales (id, organizacao_id, id_externo, valor_total, custo_total,"
      "   vendedor_nome, parceiro, chave, documento, modelo, movimento, natureza, serie, situacao,"
      "   tipo) values ('S', 'O', '1', 1, 0, '', '', '', '', '', '', 'SN01', '', '', '')");
  sql("insert into crm.sale_items (organizacao_id, venda_id, produto_id, ordem, quantidade,"
      "   valor_venda_unitario, valor_custo_unitario, valor_venda_total_bruto,"
      "   valor_total_desconto, valor_venda_total_liquido, valor_custo_total)"
      " values ('O', 'S', 'P', 1, 1, 1, 0, 1, 0, 1, 0)");
  sql("insert into crm.cashback_programs (organizacao_id, titulo) values ('O', 'Cashback')");
  sql("insert into crm.cashback_program_balances (organizacao_id, cliente_id, programa_id)"
      " values ('O', 'C', 'X')");
  sql("insert into crm.cashback_program_transactions (organizacao_id, cliente_id, programa_id,"
      "   tipo, valor, valor_restante, saldo_valor_anterior, saldo_valor_posterior)"
      " values ('O', 'C', 'X', 'ACÚMULO', 1, 1, 0, 1)");
  sql("insert into crm.campaigns (id, organizacao_id, titulo, gatilho_tipo,"
      "   execucao_agendada_bloco, autor_id)"
      " values ('K', 'O', 'Boas-vindas', 'PRIMEIRA-COMPRA', '09:00', 'U')");
  sql("insert into crm.campaign_segmentations (campanha_id, segmentacao)"
      " values ('K', 'CLIENTES RECENTES')");
  sql("insert into crm.interactions (id, organizacao_id, cliente_id, titulo, tipo)"
      " values ('I', 'O', 'C', 'Mensagem', 'ENVIO-MENSAGEM')");
  sql("insert into crm.campaign_conversions (organizacao_id, venda_id, interacao_id, campanha_id,"
      "   cliente_id, atribuicao_modelo, atribuicao_receita, data_interacao, data_conversao,"
      "   tempo_para_conversao_minutos)"
      " values ('O', 'S', 'I', 'K', 'C', 'LAST_TOUCH', 1, now(), now(), 0)");
  sql("insert into crm.whatsapp_connections (id, organizacao_id) values ('W', 'O')");
  sql("insert into crm.whatsapp_connection_phones (conexao_id, nome, numero) values ('W', '', '')");
  sql("insert into crm.whatsapp_templates (nome, categoria, componentes)"
      " values ('ola', 'MARKETING', '{}')");
  sql("insert into crm.chats (id, organizacao_id, cliente_id, ultima_mensagem_data,"
      "   ultima_mensagem_conteudo_tipo) values ('H', 'O', 'C', now(), 'TEXTO')");
  sql("insert into crm.chat_messages (organizacao_id, chat_id, conteudo_texto,"
      "   conteudo_midia_tipo, data_envio) values ('O', 'H', '', 'TEXTO', now())");
  sql("insert into crm.utils (identificador, valor, data_ultima_atualizacao)"
      " values ('X', '{}', now())");
  sql("insert into crm.raw_part (body, number, text) values (gen_random_uuid(), 1, '{}')");
}

char **
tables_of(const char *schema)
{
  g_autofree char *names =
      sql_text("select string_agg(format('%I.%I', $1::text, relname), ',' order by relname)"
               "  from pg_class where relnamespace = $1::text::regnamespace"
               "   and relkind in ('r', 'p', 'v', 'm', 'f')",
               schema);
  return g_strsplit(names, ",", -1);
}

gint64
rows_of(const char *table)
{
  g_autofree char *query = g_strdup_printf("select count(*) from %s", table);
  gint64 rows = sql_number(query);
  if (rows == 0)
    fail_msg("%s is empty: let finance_tables_fill or crm_tables_fill put a row there", table);
  return rows;
}

PGconn *
programs_connect(void)
{
  PGconn *connection = PQconnectdb(harness_env("PONTE_DATABASE_URL"));
  if (PQstatus(connection) != CONNECTION_OK)
    fail_msg("%s", PQerrorMessage(connection));
  return connection;
}

char *
as_program(const char *claims, const char *statement)
{
  static PGconn *connection; /* kept: nothing may be left of the claims before */
  if (connection == NULL || claims == NULL) {
    PQfinish(connection); /* where claims were set once, they read as '' and not as null */
    connection = programs_connect();
  }
  PQclear(PQexec(connection, "begin; set local role ponte_app"));
  if (claims != NULL)
    PQclear(PQexecParams(connection, "select set_config('request.jwt.claims', $1, true)", 1, NULL,
                         &claims, NULL, NULL, 0));
  PGresult *result = PQexec(connection, statement);
  char *text = PQresultStatus(result) == PGRES_TUPLES_OK ? g_strdup(PQgetvalue(result, 0, 0))
               : PQresultStatus(result) == PGRES_COMMAND_OK
                   ? g_strdup(PQcmdTuples(result))
                   : g_strconcat("refused: ", PQresultErrorField(result, PG_DIAG_SQLSTATE), NULL);
  PQclear(result);
  PQclear(PQexec(connection, "rollback"));
  return text;
}

void
assert_as(const char *claims, const char *statement, const char *expected)
{
  g_autofree char *found = as_program(claims, statement);
  if (g_strcmp0(found, expected) != 0)
    fail_msg("with %s: %s gave %s, not %s", claims ? claims : "no claims", statement, found,
             expected);
}

void
statements_clear(Statements *statements)
{
  g_free(statements->count);
  g_free(statements->add);
  g_free(statements->change);
  g_free(statements->drop);
}

Statements
statements_on(const char *table)
{
  g_autofree char *column = sql_text("select quote_ident(attname) from pg_attribute"
                                     " where attrelid = $1::regclass and attnum = 1",
                                     table);
  return (Statements){
      .count = g_strconcat("select count(*) from ", table, NULL),
      .add = g_strdup_printf("insert into %s default values", table),
      .change = g_strdup_printf("update %s set %s = %s", table, column, column),
      .drop = g_strconcat("delete from ", table, NULL),
  };
}

void
assert_may_not_write(const char *claims, const Statements *statements)
{
  assert_as(claims, statements->add, "refused: 42501"); /* asked before any constraint */
  assert_as(claims, statements->change, "0");
  assert_as(claims, statements->drop, "0");
}
