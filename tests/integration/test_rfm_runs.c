/* Runs of the nightly analysis: again, at the same time as others, and when something fails. */
#include "harness_rfm.h"

/* What did not change is not written, and its dates stay. */
static void
test_a_second_run_writes_nothing(G_GNUC_UNUSED void **state)
{
  static const char rows[] = "select string_agg(c::text || xmin::text, ',' order by id)"
                             "  from crm.clients c";
  rfm_shop_put("O");
  rfm_configure("O", RANGES);
  rfm_client_put("A", "O");
  rfm_client_put("B", "O");
  rfm_purchases_put("A", 2, "15");
  g_autoptr(Answer) first = rfm_analyse();
  assert_analysed(first, 2, 1, 1);
  g_autofree char *before = sql_text(rows);
  g_autoptr(Answer) second = call("GET", RFM_ANALYSIS, .token = harness_env("CRON_SECRET"));
  assert_analysed(second, 2, 0, 0);
  assert_sql(before, rows);
}

static void
test_dates_tell_what_was_computed_anew_and_what_changed(G_GNUC_UNUSED void **state)
{
  rfm_shop_put("O");
  rfm_configure("O", RANGES);
  rfm_client_put("A", "O");
  rfm_purchases_put("A", 1, "1");
  g_autoptr(Answer) first = rfm_analyse();
  assert_analysed(first, 1, 1, 0);
  assert_rfm("A", "5 1 1 CLIENTES RECENTES"); /* as before: no change of the title */
  assert_sql("t t t", "select concat_ws(' ', analise_rfm_ultima_atualizacao is not null,"
                      "   metadata_ultima_atualizacao is not null,"
                      "   analise_rfm_ultima_alteracao is null) from crm.clients");
  sql("update crm.clients set analise_rfm_ultima_atualizacao = '2020-01-01',"
      "   metadata_ultima_atualizacao = '2020-01-01'");
  sql("update crm.sales set data_venda = now() - interval '15 days'");
  g_autoptr(Answer) second = rfm_analyse();
  assert_analysed(second, 1, 1, 1);
  assert_rfm("A", "4 1 1 PROMISSORES");
  assert_sql("t t t", "select concat_ws(' ', analise_rfm_ultima_atualizacao > '2020-01-01',"
                      "   metadata_ultima_atualizacao = '2020-01-01',"
                      "   analise_rfm_ultima_alteracao is not null) from crm.clients");
}

/* 5.5: an import moves the totals on while they are counted */
static void
test_a_sale_that_comes_in_meanwhile_is_not_lost(G_GNUC_UNUSED void **state)
{
  rfm_shop_put("O");
  rfm_client_put("A", "O");
  rfm_purchases_put("A", 2, "1");
  g_autoptr(PGconn) other = admin_connect();
  PQclear(PQexec(other, "begin; update crm.clients set"
                        " metadata_total_compras = metadata_total_compras + 1,"
                        " metadata_valor_total_compras = metadata_valor_total_compras + 5"));
  Pending *pending = call_start("POST", RFM_ANALYSIS, .token = harness_env("CRON_SECRET"));
  WAIT_FOR(sql_number("select count(*) from pg_locks where not granted") == 1);
  PQclear(PQexec(other, "insert into crm.sales (id, organizacao_id, id_externo, cliente_id,"
                        "   valor_total, custo_total, vendedor_nome, parceiro, chave, documento,"
                        "   modelo, movimento, natureza, serie, situacao, tipo, data_venda)"
                        " values ('S', 'O', 'S', 'A', 5, 0, '', '', '', '', '', '', 'SN01', '', '',"
                        "   '', now())"));
  PQclear(PQexec(other, "commit"));
  g_autoptr(Answer) answer = call_finish(pending);
  assert_analysed(answer, 1, 1, 0);
  assert_totals("A", "3 25.00");
}

/* 1.8 */
static void
test_an_organization_that_fails_does_not_stop_the_others(G_GNUC_UNUSED void **state)
{
  rfm_shop_put("O1");
  rfm_shop_put("O2");
  rfm_client_put("A", "O1"); /* more than a total can hold */
  rfm_sale_put("S1", "A", "SN01", "999999999999.99", "1");
  rfm_sale_put("S2", "A", "SN01", "999999999999.99", "1");
  rfm_client_put("B", "O2");
  rfm_purchases_put("B", 1, "1");
  g_autoptr(Answer) answer = rfm_analyse();
  assert_status(answer, 200);
  assert_int_equal(answer_int(answer, "organizacoes"), 1);
  assert_int_equal(answer_int(answer, "organizacoesComFalha"), 1);
  assert_totals("A", "0 0.00");
  assert_totals("B", "1 10.00");
}

static void
test_only_the_cron_may_call_and_a_lost_database_is_told(G_GNUC_UNUSED void **state)
{
  g_autoptr(Answer) nobody = call("POST", RFM_ANALYSIS);
  assert_error_code(nobody, 401, NULL, "unauthenticated");
  postgres_stop();
  g_autoptr(Answer) answer = rfm_analyse();
  postgres_start();
  assert_error_code(answer, 500, "Erro ao analisar clientes.", "job_failed");
  assert_member(answer, "erro", "Erro ao analisar clientes.");
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      CASE(test_a_second_run_writes_nothing),
      CASE(test_dates_tell_what_was_computed_anew_and_what_changed),
      CASE(test_a_sale_that_comes_in_meanwhile_is_not_lost),
      CASE(test_an_organization_that_fails_does_not_stop_the_others),
      CASE(test_only_the_cron_may_call_and_a_lost_database_is_told),
  };
  return RUN("rfm analysis: runs", tests);
}
