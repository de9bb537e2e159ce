/* Does Omie bill what the contracts say: who is compared with what, and by which tolerance (fin.md
 * 9). */
#include "harness_reconciliation.h"

static const char *
alert_text(const Answer *answer, gsize row, const char *member)
{
  const json_t *alerts = json_object_get(answer->json, "alerts");
  return json_string_value(json_object_get(json_array_get(alerts, row), member));
}

/* fin.md 9.4, row by row */
typedef struct {
  const char *mrr, *revenue, *divergence; /* divergence NULL: no alert */
} Row;

static const Row table[] = {
    {"1000.00", "950.00", NULL},      {"1000.00", "949.99", "50.01"},
    {"1000.00", "1050.00", NULL},     {"1000.00", "1050.01", "50.01"},
    {"1001.00", "950.95", NULL},      {"2000.00", "1900.00", NULL},
    {"2000.00", "1899.99", "100.01"}, {"1234.56", "1172.84", NULL},
    {"1234.56", "1172.83", "61.73"},  {"40.00", "0.00", NULL},
    {"50.00", "0.00", NULL},          {"50.01", "0.00", "50.01"},
};

/* F66 */
static void
test_each_row_of_the_table_alerts_or_not(G_GNUC_UNUSED void **state)
{
  for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
    database_reset();
    compared_put("7", "ACME LTDA", table[i].mrr, table[i].revenue);
    g_autoptr(Answer) answer = reconcile();
    assert_source(answer, "snapshot");
    if (answer_int(answer, "count") != (table[i].divergence != NULL))
      fail_msg("%s against %s: %s", table[i].mrr, table[i].revenue, answer->body);
    g_autofree char *row =
        g_strdup_printf("\"client_name\":\"ACME LTDA\",\"mrr\":%s,\"faturamento_omie\":%s,"
                        "\"divergencia\":%s}]}",
                        table[i].mrr, table[i].revenue, table[i].divergence);
    assert_says(answer, table[i].divergence != NULL ? row : "\"alerts\":[]}");
  }
}

/* 9.5: all of it, byte for byte */
static void
test_the_answer_has_its_members_in_their_order(G_GNUC_UNUSED void **state)
{
  compared_put("7", "Açúcar \"& Cia\"", "1000", "949.99");
  g_autofree char *id = sql_text("select id from fin.clients");
  g_autofree char *month = sql_text("select " THIS_MONTH);
  g_autofree char *first = sql_text("select to_char(" THIS_MONTH ", 'DD/MM/YYYY')");
  g_autofree char *last = sql_text("select to_char(" THIS_MONTH
                                   " + interval '1 month' - interval '1 day', 'DD/MM/YYYY')");
  g_autofree char *expected = g_strdup_printf(
      "{\"period\":\"%s\",\"dataInicio\":\"%s\",\"dataFim\":\"%s\",\"source\":\"snapshot\","
      "\"fetchedAt\":\"" FETCHED "\",\"tolerance\":{\"percent\":5,\"fixed\":50.00},\"count\":1,"
      "\"alerts\":[{\"client_id\":\"%s\",\"client_name\":\"Açúcar \\\"& Cia\\\"\",\"mrr\":1000.00,"
      "\"faturamento_omie\":949.99,\"divergencia\":50.01}]}",
      month, first, last, id);
  g_autoptr(Answer) answer = reconcile();
  assert_status(answer, 200);
  assert_string_equal(g_strchomp(answer->body), expected);
}

/* 9.5: divergence, largest first, then name, then id */
static void
test_the_largest_divergence_comes_first_then_the_name_then_the_id(G_GNUC_UNUSED void **state)
{
  compared_put("1", "Carla", "1000.00", "949.99");
  compared_put("2", "Ana", "1000.00", "1050.01");
  compared_put("3", "Zulu", "2000.00", "1899.99");
  compared_put("4", "Quiet", "1000.00", "950.00");
  sql("insert into fin.clients (id, omie_codigo, name)"
      " values ('00000000-0000-4000-8000-000000000002', '5', 'Bia'),"
      "        ('00000000-0000-4000-8000-000000000001', '6', 'Bia')");
  contract_put("5", "50.01");
  contract_put("6", "50.01");
  g_autoptr(Answer) answer = reconcile();
  assert_int_equal(answer_int(answer, "count"), 5);
  static const char *const names[] = {"Zulu", "Ana", "Bia", "Bia", "Carla"};
  for (gsize i = 0; i < G_N_ELEMENTS(names); i++)
    assert_string_equal(alert_text(answer, i, "client_name"), names[i]);
  assert_string_equal(alert_text(answer, 2, "client_id"), "00000000-0000-4000-8000-000000000001");
}

/* F67, 9.2: the dates of a contract do not matter */
static void
test_all_contracts_of_a_client_are_added_up_ended_ones_too(G_GNUC_UNUSED void **state)
{
  compared_put("7", "ACME", "600.00", "949.99");
  contract_put("7", "399.90");
  sql("insert into fin.contracts (client_id, mrr, start_date, end_date)"
      " select id, 0.10, '2001-01-01', '2001-12-31' from fin.clients");
  g_autoptr(Answer) answer = reconcile();
  assert_says(answer, "\"mrr\":1000.00,\"faturamento_omie\":949.99,\"divergencia\":50.01");
}

/* 9.4, last row: whoever has no contract is billed without a word */
static void
test_revenue_without_a_contract_raises_nothing(G_GNUC_UNUSED void **state)
{
  client_put("1", "No contract");
  revenue_put("1", "900.00");
  revenue_put("2", "900.00");
  compared_put("7", "ACME", "1000.00", "1000.00");
  g_autoptr(Answer) answer = reconcile();
  assert_source(answer, "snapshot");
  assert_int_equal(answer_int(answer, "count"), 0);
}

/* 9.3 */
static void
test_a_client_that_was_not_billed_is_compared_with_zero(G_GNUC_UNUSED void **state)
{
  compared_put("7", "ACME", "1000.00", NULL);
  revenue_put("8", "1000.00");
  g_autoptr(Answer) answer = reconcile();
  assert_source(answer, "snapshot");
  assert_says(answer, "\"mrr\":1000.00,\"faturamento_omie\":0.00,\"divergencia\":1000.00");
}

/* 9.8 */
static void
test_two_clients_of_one_document_are_compared_separately(G_GNUC_UNUSED void **state)
{
  compared_put("1", "ACME Matriz", "1000.00", "0");
  compared_put("2", "ACME Filial", "300.00", "1300.00");
  sql("update fin.clients set document = '11222333000181'");
  g_autoptr(Answer) answer = reconcile();
  assert_int_equal(answer_int(answer, "count"), 2);
  assert_says(answer, "\"ACME Filial\",\"mrr\":300.00,\"faturamento_omie\":1300.00");
  assert_says(answer, "\"ACME Matriz\",\"mrr\":1000.00,\"faturamento_omie\":0.00");
}

/* 18.17: nothing is cut at a thousand rows */
static void
test_three_thousand_divergences_are_all_told(G_GNUC_UNUSED void **state)
{
  sql("insert into fin.clients (omie_codigo, name) select n, 'C' || n from generate_series(1, "
      "3000) n");
  sql("insert into fin.contracts (client_id, mrr) select id, 100 + omie_codigo::int from "
      "fin.clients");
  revenue_put("9999", "1");
  g_autoptr(Answer) answer = reconcile();
  assert_int_equal(answer_int(answer, "count"), 3000);
  assert_int_equal(json_array_size(json_object_get(answer->json, "alerts")), 3000);
  assert_string_equal(alert_text(answer, 0, "client_name"), "C3000");
}

/* What a contract and a month may hold at most, both ways: no cent is lost on 15 digits. */
static void
test_the_largest_amounts_are_exact(G_GNUC_UNUSED void **state)
{
  compared_put("1", "A", "9999999999999.99", "-9999999999999.99");
  compared_put("2", "B", "0.01", "9999999999999.99");
  g_autoptr(Answer) answer = reconcile();
  assert_says(answer, "\"mrr\":9999999999999.99,\"faturamento_omie\":-9999999999999.99,"
                      "\"divergencia\":19999999999999.98}");
  assert_says(answer, "\"mrr\":0.01,\"faturamento_omie\":9999999999999.99,"
                      "\"divergencia\":9999999999999.98}");
}

/* Each contract is within what may be entered; their sum must not take the page from everybody. */
static void
test_two_of_the_largest_contracts_can_be_added_up(G_GNUC_UNUSED void **state)
{
  compared_put("1", "A", "9999999999999.99", "0");
  contract_put("1", "9999999999999.99");
  g_autoptr(Answer) answer = reconcile();
  assert_source(answer, "snapshot");
  assert_says(answer, "\"mrr\":19999999999999.98,");
}

/* 9.1: there is no parameter */
static void
test_a_period_in_the_query_changes_nothing(G_GNUC_UNUSED void **state)
{
  g_autofree char *token = token_for_role("admin");
  g_autofree char *month = sql_text("select " THIS_MONTH);
  g_autoptr(Answer) answer =
      call("GET", RECONCILIATION "?period=2020-01&period=x&from=1", .token = token);
  assert_status(answer, 200);
  assert_member(answer, "period", month);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      CASE(test_each_row_of_the_table_alerts_or_not),
      CASE(test_the_answer_has_its_members_in_their_order),
      CASE(test_the_largest_divergence_comes_first_then_the_name_then_the_id),
      CASE(test_all_contracts_of_a_client_are_added_up_ended_ones_too),
      CASE(test_revenue_without_a_contract_raises_nothing),
      CASE(test_a_client_that_was_not_billed_is_compared_with_zero),
      CASE(test_two_clients_of_one_document_are_compared_separately),
      CASE(test_three_thousand_divergences_are_all_told),
      CASE(test_the_largest_amounts_are_exact),
      CASE(test_two_of_the_largest_contracts_can_be_added_up),
      CASE(test_a_period_in_the_query_changes_nothing),
  };
  return RUN("reconciliation", tests);
}
