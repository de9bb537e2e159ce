/* What a run keeps of the ERPs' answers, of failures and of records that cannot be taken
 * (data-collecting.md 1.7.8, 1.8, 1.10). */
#include "harness_crm.h"

#include <string.h>

/* The days that a run covers now, as `day` writes them: early in the day yesterday is one of them.
 */
static char *
days_covered(const char *(*day)(int))
{
  gboolean is_early = sql_number("select (extract(hour from now() at time zone 'America/Sao_Paulo')"
                                 " < 5)::int") == 1; /* JANELA_TOLERANCIA_HORAS */
  return is_early ? g_strdup_printf("%s/%s", day(-1), day(0)) : g_strdup(day(0));
}

/* DC 12 */
static void
test_an_answer_is_kept_once_however_often_it_comes(G_GNUC_UNUSED void **state)
{
  organization_put("O1", ONLINE);
  sale_put(.id = "1001", .client = "Maria Souza", .total = "199.90");
  g_autoptr(Answer) first = collect_ok();
  assert_int_equal(import_rows("O1", "log"), 1);
  assert_string_equal(import_cell("O1", "log", "tipo"), "ONLINE-SOFTWARE-importation-log");
  assert_string_equal(import_cell("O1", "log", "identificador"), "ONLINE_IMPORTATION");
  assert_string_equal(
      import_cell("O1", "log", "dados -> 'sales' -> 'resultado' -> 0 ->> 'cliente'"),
      "Maria Souza");
  assert_string_equal(import_cell("O1", "log", "dados -> 'sales' -> 'resultado' -> 0 ->> 'valor'"),
                      "199.90");
  assert_string_equal(import_cell("O1", "log", "valor -> 'dados' ->> 'execucaoId'"),
                      answer_text(first, "execucaoId"));
  g_autofree char *days = days_covered(day_compact);
  assert_string_equal(import_cell("O1", "log", "valor -> 'dados' ->> 'data'"), days);
  assert_string_equal(import_cell("O1", "log", "valor -> 'dados' ->> 'registros'"), "1");
  assert_string_equal(import_cell("O1", "log", "valor -> 'dados' ->> 'sha256'"),
                      import_cell("O1", "log", "encode(hash, 'hex')"));
  const char *before = import_cell("O1", "log", "data_ultima_atualizacao::text");
  g_autoptr(Answer) second = collect_ok();
  assert_int_equal(import_rows("O1", "log"), 1);
  assert_string_not_equal(import_cell("O1", "log", "data_ultima_atualizacao::text"), before);
  assert_collected(second, "O1", "vendasInalteradas", "1");
  sale_change("1001", "{\"valor\":\"200.00\"}");
  g_autoptr(Answer) third = collect_ok();
  assert_int_equal(import_rows("O1", "log"), 2);
}

static void
test_order_details_are_kept_as_an_array(G_GNUC_UNUSED void **state)
{
  organization_put("O3", CARDAPIO);
  g_autoptr(Answer) nothing = collect_ok();
  assert_collected(nothing, "O3", "status", "OK");
  assert_int_equal(import_rows("O3", "log"), 0); /* nothing fetched is no row */
  order_put(.id = 5001, .total = "50.00");
  g_autoptr(Answer) answer = collect_ok();
  assert_int_equal(import_rows("O3", "log"), 1);
  assert_string_equal(import_cell("O3", "log", "tipo"), "CARDAPIO-WEB-importation-log");
  assert_string_equal(import_cell("O3", "log", "identificador"), "CARDAPIO_WEB_IMPORTATION");
  assert_string_equal(import_cell("O3", "log", "dados -> 0 ->> 'id'"), "5001");
  g_autofree char *days = days_covered(day_iso);
  assert_string_equal(import_cell("O3", "log", "valor -> 'dados' ->> 'data'"), days);
}

/* Postgres' jsonb has no \u0000; what came is kept all the same. */
static void
test_an_answer_that_postgres_cannot_hold_is_kept_as_text(G_GNUC_UNUSED void **state)
{
  organization_put("O1", ONLINE);
  g_autofree char *body = g_strdup_printf("{\"resultado\":[{\"id\":\"1001\",\"cliente\":\"Maria "
                                          "Souza\",\"valor\":\"9.00\",\"data\":\"%s\","
                                          "\"natureza\":\"SN01\",\"itens\":[]},{\"id\":\"1002\","
                                          "\"cliente\":\"A\\u0000B\",\"valor\":\"x\"}]}",
                                          day_br(0));
  sales_answer(.service = ONLINE_SOFTWARE, .status = 200, .body = body);
  g_autoptr(Answer) answer = collect_ok();
  assert_collected(answer, "O1", "status", "PARCIAL");
  assert_collected(answer, "O1", "vendasCriadas", "1");
  assert_collected(answer, "O1", "registrosRejeitados", "1");
  assert_string_equal(import_cell("O1", "log", "(dados -> 'sales')::text"), "null");
  assert_non_null(strstr(import_cell("O1", "log", "dados ->> 'textoBruto'"), "Maria Souza"));
  assert_non_null(strstr(import_cell("O1", "reject", "dados ->> 'registro'"), "A\\u0000B"));
}

/* DC 13 */
static void
test_old_rows_of_these_kinds_go_and_no_others(G_GNUC_UNUSED void **state)
{
  organization_put("O1", ONLINE);
  sql("insert into crm.utils (organizacao_id, identificador, tipo, valor, data_insercao,"
      "                       data_ultima_atualizacao)"
      " select 'O1', identificador, tipo, '{}', now() - age, now() - age"
      "   from (values ('ONLINE_IMPORTATION', 'ONLINE-SOFTWARE-importation-log', interval '8 "
      "days'),"
      "                ('ONLINE_IMPORTATION', 'ONLINE-SOFTWARE-importation-error', '8 days'),"
      "                ('ONLINE_IMPORTATION', 'ONLINE-SOFTWARE-importation-reject', '8 days'),"
      "                ('CARDAPIO_WEB_IMPORTATION', 'CARDAPIO-WEB-importation-log', '8 days'),"
      "                ('ONLINE_IMPORTATION', 'ONLINE-SOFTWARE-importation-log', '6 days'),"
      "                ('CONFIG_RFM', null, '80 days'),"
      "                ('SALES_PROMO_CAMPAIGN', null, '80 days')) v (identificador, tipo, age)");
  g_autoptr(Answer) answer = collect_ok();
  assert_sql("CONFIG_RFM,SALES_PROMO_CAMPAIGN,ONLINE_IMPORTATION,ONLINE_IMPORTATION",
             "select string_agg(identificador, ',' order by data_insercao, identificador)"
             "  from crm.utils");
}

static void
test_a_run_deletes_no_more_than_a_thousand_rows_of_an_organization(G_GNUC_UNUSED void **state)
{
  organization_put("O1", ONLINE);
  sql("insert into crm.utils (organizacao_id, identificador, tipo, valor, data_insercao,"
      "                       data_ultima_atualizacao)"
      " select 'O1', 'ONLINE_IMPORTATION', 'ONLINE-SOFTWARE-importation-error', '{}',"
      "        now() - interval '8 days', now() from generate_series(1, 1500)");
  g_autoptr(Answer) first = collect_ok();
  assert_int_equal(import_rows("O1", "error"), 500);
  g_autoptr(Answer) second = collect_ok();
  assert_int_equal(import_rows("O1", "error"), 0);
}

/* DC 20 */
static void
test_a_bad_record_is_put_aside_and_the_others_are_taken(G_GNUC_UNUSED void **state)
{
  organization_put("O1", ONLINE);
  sale_put(.id = "1001");
  sale_put(.id = "1002", .total = "abc");
  sale_put(.id = "1003");
  g_autoptr(Answer) answer = collect_ok();
  assert_collected(answer, "O1", "status", "PARCIAL");
  assert_collected(answer, "O1", "registrosRecebidos", "3");
  assert_collected(answer, "O1", "registrosRejeitados", "1");
  assert_collected(answer, "O1", "vendasCriadas", "2");
  assert_collected_total(answer, "organizacoesParciais", "1");
  assert_non_null(last_sync_of("O1"));
  assert_int_equal(import_rows("O1", "reject"), 1);
  assert_string_equal(import_cell("O1", "reject", "dados ->> 'codigo'"), "NUMERO_INVALIDO");
  assert_string_equal(import_cell("O1", "reject", "dados ->> 'campo'"), "valor");
  assert_string_equal(import_cell("O1", "reject", "dados ->> 'idExterno'"), "1002");
  assert_string_equal(import_cell("O1", "reject", "dados -> 'registro' ->> 'valor'"), "abc");
  assert_string_equal(import_cell("O1", "reject", "valor -> 'dados' ->> 'idExterno'"), "1002");
  assert_string_equal(import_cell("O1", "reject", "valor -> 'dados' ->> 'execucaoId'"),
                      answer_text(answer, "execucaoId"));
}

static void
test_a_record_that_stays_bad_is_one_row(G_GNUC_UNUSED void **state)
{
  organization_put("O1", ONLINE);
  sale_put(.id = "1002", .total = "abc");
  g_autoptr(Answer) first = collect_ok();
  g_autoptr(Answer) second = collect_ok();
  assert_collected(second, "O1", "registrosRejeitados", "1");
  assert_int_equal(import_rows("O1", "reject"), 1);
  sale_change("1002", "{\"valor\":\"abd\"}");
  g_autoptr(Answer) third = collect_ok();
  assert_int_equal(import_rows("O1", "reject"), 2); /* another record by now */
}

/* DC 24 */
static void
test_of_a_repeated_record_the_last_one_counts(G_GNUC_UNUSED void **state)
{
  organization_put("O1", ONLINE);
  sale_put(.id = "1001", .total = "10.00");
  sale_put(.id = "1002", .total = "20.00");
  sale_put(.id = "1001", .total = "30.00");
  g_autoptr(Answer) answer = collect_ok();
  assert_collected(answer, "O1", "status", "OK");
  assert_collected(answer, "O1", "registrosRecebidos", "3");
  assert_collected(answer, "O1", "registrosDuplicados", "1");
  assert_collected(answer, "O1", "vendasCriadas", "2");
  assert_string_equal(sale_column("O1", "1001", "valor_total"), "30.00");
}

static void
test_a_repeated_record_that_is_bad_replaces_nothing(G_GNUC_UNUSED void **state)
{
  organization_put("O1", ONLINE);
  sale_put(.id = "1001", .total = "10.00");
  sale_put(.id = "1001", .total = "30.00");
  sale_put(.id = "1001", .total = "abc");
  sale_put(.id = "1002", .total = "abc");
  sale_put(.id = "1002", .total = "20.00");
  g_autoptr(Answer) answer = collect_ok();
  assert_collected(answer, "O1", "registrosRejeitados", "2");
  assert_collected(answer, "O1", "registrosDuplicados", "1");
  assert_collected(answer, "O1", "vendasCriadas", "2");
  assert_string_equal(sale_column("O1", "1001", "valor_total"), "30.00");
  assert_string_equal(sale_column("O1", "1002", "valor_total"), "20.00");
}

/* DC 26 */
static void
test_a_sale_that_the_database_refuses_stands_alone(G_GNUC_UNUSED void **state)
{
  organization_put("O1", ONLINE);
  for (guint i = 1; i <= 5; i++) {
    g_autofree char *id = g_strdup_printf("100%u", i), *client = g_strdup_printf("Cliente %u", i);
    sale_put(.id = id, .client = client);
  }
  sql("alter table crm.sales add constraint test_refusal check (id_externo <> '1003')");
  g_autoptr(Answer) answer = collect("");
  sql("alter table crm.sales drop constraint test_refusal");
  assert_status(answer, 201);
  assert_collected(answer, "O1", "status", "PARCIAL");
  assert_collected(answer, "O1", "vendasCriadas", "4");
  assert_collected(answer, "O1", "vendasComErro", "1");
  assert_collected(answer, "O1", "clientesCriados", "4");
  assert_null(sale_id("O1", "1003"));
  assert_null(client_id("O1", "Cliente 3"));
  assert_non_null(client_id("O1", "Cliente 4"));
  assert_int_equal(import_rows("O1", "error"), 1);
  assert_string_equal(import_cell("O1", "error", "dados ->> 'codigo'"), "VENDA_ERRO_BANCO");
  assert_string_equal(import_cell("O1", "error", "dados ->> 'idExterno'"), "1003");
  g_autoptr(Answer) again = collect_ok();
  assert_collected(again, "O1", "status", "OK");
  assert_collected(again, "O1", "vendasCriadas", "1");
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      CRM_CASE(test_an_answer_is_kept_once_however_often_it_comes),
      CRM_CASE(test_order_details_are_kept_as_an_array),
      CRM_CASE(test_an_answer_that_postgres_cannot_hold_is_kept_as_text),
      CRM_CASE(test_old_rows_of_these_kinds_go_and_no_others),
      CRM_CASE(test_a_run_deletes_no_more_than_a_thousand_rows_of_an_organization),
      CRM_CASE(test_a_bad_record_is_put_aside_and_the_others_are_taken),
      CRM_CASE(test_a_record_that_stays_bad_is_one_row),
      CRM_CASE(test_of_a_repeated_record_the_last_one_counts),
      CRM_CASE(test_a_repeated_record_that_is_bad_replaces_nothing),
      CRM_CASE(test_a_sale_that_the_database_refuses_stands_alone),
  };
  return RUN("collect_log", tests);
}
