/* Does Omie bill what the contracts say: who is compared with what, by which tolerance, and what a
 * caller reads when Omie cannot be asked (fin.md 9). */
#include "harness.h"

#include <string.h>

#define RECONCILIATION "/api/fin/reconciliation"
#define PROGRAM        "fin/reconciliation"
#define MONTH          "date_trunc('month', now() at time zone 'America/Sao_Paulo')::date"
#define TODAY_BR       "to_char(now() at time zone 'America/Sao_Paulo', 'DD/MM/YYYY')"
#define FETCHED        "2026-02-10T13:00:00.123Z"

static Answer *
reconcile(void)
{
  static char *token;
  if (token == NULL)
    token = token_with("fin", "{\"exp\":4102444800}");
  return call("GET", RECONCILIATION, .token = token);
}

static void
put_client(const char *code, const char *name)
{
  sql("insert into fin.clients (omie_codigo, name) values ($1, $2)", code, name);
}

static void
put_contract(const char *code, const char *mrr)
{
  sql("insert into fin.contracts (client_id, mrr)"
      " select id, $2::numeric from fin.clients where omie_codigo = $1",
      code, mrr);
}

/* What the stored snapshot of the current month says. */
static void
put_revenue(const char *code, const char *valor)
{
  sql("insert into fin.erp_revenue_snapshot (period, omie_codigo, valor, created_at)"
      " values (" MONTH ", $1, $2::numeric, '" FETCHED "')",
      code, valor);
}

/* What Omie itself says of the current month: one title. */
static void
put_title(const char *code, const char *valor)
{
  g_autofree char *today = sql_text("select " TODAY_BR);
  g_autofree char *record =
      g_strdup_printf("{\"codigo_lancamento_omie\":%s9,\"codigo_cliente_fornecedor\":%s,"
                      "\"valor_documento\":%s,\"data_registro\":\"%s\","
                      "\"status_titulo\":\"RECEBIDO\"}",
                      code, code, valor, today);
  title_put(record);
}

static void
put_case(const char *code, const char *name, const char *mrr, const char *revenue)
{
  put_client(code, name);
  put_contract(code, mrr);
  if (revenue != NULL)
    put_revenue(code, revenue);
}

#define assert_source(answer, source) assert_source_at(answer, source, __FILE__, __LINE__)
static void
assert_source_at(const Answer *answer, const char *source, const char *file, int line)
{
  assert_status_at(answer, 200, file, line);
  assert_member_at(answer, "source", source, file, line);
}

static const char *
alert_text(const Answer *answer, gsize row, const char *member)
{
  const json_t *alerts = json_object_get(answer->json, "alerts");
  return json_string_value(json_object_get(json_array_get(alerts, row), member));
}

static void
assert_says(const Answer *answer, const char *fragment)
{
  if (strstr(answer->body, fragment) == NULL)
    fail_msg("%s is not in %s", fragment, answer->body);
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
    put_case("7", "ACME LTDA", table[i].mrr, table[i].revenue);
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
  put_case("7", "Açúcar \"& Cia\"", "1000", "949.99");
  g_autofree char *id = sql_text("select id from fin.clients");
  g_autofree char *month = sql_text("select " MONTH);
  g_autofree char *first = sql_text("select to_char(" MONTH ", 'DD/MM/YYYY')");
  g_autofree char *last =
      sql_text("select to_char(" MONTH " + interval '1 month' - interval '1 day', 'DD/MM/YYYY')");
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
  put_case("1", "Carla", "1000.00", "949.99");
  put_case("2", "Ana", "1000.00", "1050.01");
  put_case("3", "Zulu", "2000.00", "1899.99");
  put_case("4", "Quiet", "1000.00", "950.00");
  sql("insert into fin.clients (id, omie_codigo, name)"
      " values ('00000000-0000-4000-8000-000000000002', '5', 'Bia'),"
      "        ('00000000-0000-4000-8000-000000000001', '6', 'Bia')");
  put_contract("5", "50.01");
  put_contract("6", "50.01");
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
  put_case("7", "ACME", "600.00", "949.99");
  put_contract("7", "399.90");
  sql("insert into fin.contracts (client_id, mrr, start_date, end_date)"
      " select id, 0.10, '2001-01-01', '2001-12-31' from fin.clients");
  g_autoptr(Answer) answer = reconcile();
  assert_says(answer, "\"mrr\":1000.00,\"faturamento_omie\":949.99,\"divergencia\":50.01");
}

/* F68, F70, 9.3, 9.6: Omie is down here, so asking it would show */
static void
test_omie_is_not_asked_when_nobody_takes_part(G_GNUC_UNUSED void **state)
{
  static const char *const arrangements[] = {
      "select",
      "insert into fin.clients (name, omie_codigo) values ('A', '1')",
      "insert into fin.contracts (mrr) values (900)",
      "with c as (insert into fin.clients (name) values ('A') returning id)"
      " insert into fin.contracts (client_id, mrr) select id, 900 from c",
      "with c as (insert into fin.clients (name, omie_codigo) values ('A', '1') returning id)"
      " insert into fin.contracts (client_id, mrr) select id, 0 from c",
      "with c as (insert into fin.clients (name, omie_codigo) values ('A', '1') returning id)"
      " insert into fin.contracts (client_id, mrr) select id, m from c, (values (9.99), (-9.99)) v "
      "(m)",
      "with c as (insert into fin.clients (name, omie_codigo) values ('A', '1') returning id)"
      " insert into fin.contracts (client_id, mrr) select id, -900 from c",
  };
  omie_answer(.method = LIST_TITLES, .status = 502);
  for (gsize i = 0; i < G_N_ELEMENTS(arrangements); i++) {
    sql("truncate fin.clients, fin.contracts");
    sql(arrangements[i]);
    g_autoptr(Answer) answer = reconcile();
    assert_status(answer, 200);
    assert_says(answer, "\"source\":null,\"fetchedAt\":null,\"tolerance\":");
    assert_says(answer, "\"count\":0,\"alerts\":[]}");
  }
  assert_int_equal(titles_calls(), 0);
}

/* 9.4, last row: whoever has no contract is billed without a word */
static void
test_revenue_without_a_contract_raises_nothing(G_GNUC_UNUSED void **state)
{
  put_client("1", "No contract");
  put_revenue("1", "900.00");
  put_revenue("2", "900.00");
  put_case("7", "ACME", "1000.00", "1000.00");
  g_autoptr(Answer) answer = reconcile();
  assert_source(answer, "snapshot");
  assert_int_equal(answer_int(answer, "count"), 0);
}

/* 9.3 */
static void
test_a_client_that_was_not_billed_is_compared_with_zero(G_GNUC_UNUSED void **state)
{
  put_case("7", "ACME", "1000.00", NULL);
  put_revenue("8", "1000.00");
  g_autoptr(Answer) answer = reconcile();
  assert_source(answer, "snapshot");
  assert_says(answer, "\"mrr\":1000.00,\"faturamento_omie\":0.00,\"divergencia\":1000.00");
}

/* 9.8 */
static void
test_two_clients_of_one_document_are_compared_separately(G_GNUC_UNUSED void **state)
{
  put_case("1", "ACME Matriz", "1000.00", "0");
  put_case("2", "ACME Filial", "300.00", "1300.00");
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
  put_revenue("9999", "1");
  g_autoptr(Answer) answer = reconcile();
  assert_int_equal(answer_int(answer, "count"), 3000);
  assert_int_equal(json_array_size(json_object_get(answer->json, "alerts")), 3000);
  assert_string_equal(alert_text(answer, 0, "client_name"), "C3000");
}

/* What a contract and a month may hold at most, both ways: no cent is lost on 15 digits. */
static void
test_the_largest_amounts_are_exact(G_GNUC_UNUSED void **state)
{
  put_case("1", "A", "9999999999999.99", "-9999999999999.99");
  put_case("2", "B", "0.01", "9999999999999.99");
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
  put_case("1", "A", "9999999999999.99", "0");
  put_contract("1", "9999999999999.99");
  g_autoptr(Answer) answer = reconcile();
  assert_source(answer, "snapshot");
  assert_says(answer, "\"mrr\":19999999999999.98,");
}

/* 9.1: without a snapshot of this very month Omie is asked, once for everybody (8.6) */
static void
test_without_a_snapshot_of_the_month_omie_is_asked(G_GNUC_UNUSED void **state)
{
  put_case("7", "ACME", "1000.00", NULL);
  put_title("7", "949.99");
  sql("insert into fin.erp_revenue_snapshot (period, omie_codigo, valor)"
      " values (" MONTH " - interval '1 month', '7', 1000),"
      "        (" MONTH " + interval '1 month', '7', 1000)");
  g_autoptr(Answer) answer = reconcile();
  assert_source(answer, "live");
  assert_says(answer, "\"mrr\":1000.00,\"faturamento_omie\":949.99,\"divergencia\":50.01");
  assert_sql(answer_text(answer, "fetchedAt"),
             "select to_char(fetched_at at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.MS\"Z\"')"
             "  from fin.erp_revenue_live_cache");
  assert_count(2, "fin.erp_revenue_snapshot"); /* 8.3: a live answer is no snapshot */
  g_autofree char *asked = titles_parameters(1);
  g_autofree char *first = sql_text("select to_char(" MONTH ", 'DD/MM/YYYY')");
  assert_non_null(strstr(asked, first));
  g_autoptr(Answer) again = reconcile();
  assert_string_equal(again->body, answer->body);
  assert_int_equal(titles_calls(), 1);
  put_revenue("7", "1000.00"); /* once somebody stores the month, it is what counts */
  g_autoptr(Answer) stored = reconcile();
  assert_source(stored, "snapshot");
  assert_int_equal(answer_int(stored, "count"), 0);
}

/* 8.6 */
static void
test_two_callers_at_once_share_one_reading(G_GNUC_UNUSED void **state)
{
  g_autofree char *token = token_for_role("cfo");
  put_case("7", "ACME", "1000.00", NULL);
  put_title("7", "949.99");
  titles_hold(1);
  Pending *first = call_start("GET", RECONCILIATION, .token = token);
  WAIT_FOR(held_count() == 1);
  Pending *second = call_start("GET", RECONCILIATION, .token = token);
  omie_release();
  g_autoptr(Answer) one = call_finish(first), other = call_finish(second);
  assert_source(one, "live");
  assert_int_equal(answer_int(one, "count"), 1);
  assert_string_equal(one->body, other->body);
  assert_int_equal(titles_calls(), 1);
}

/* F69, 9.7: an outage must not look like agreement */
static void
assert_outage(guint status, const char *text, const char *code)
{
  g_autoptr(Answer) answer = reconcile();
  assert_error_code(answer, status, text, code);
  assert_null(json_object_get(answer->json, "alerts"));
  assert_null(json_object_get(answer->json, "count"));
}

static void
test_an_omie_that_is_down_is_no_agreement(G_GNUC_UNUSED void **state)
{
  program_restart(PROGRAM, "OMIE_TRANSIENT_WAITS_MS=10,10");
  put_case("7", "ACME", "1000.00", NULL);
  put_title("7", "949.99");
  omie_answer(.method = LIST_TITLES, .status = 502);
  assert_outage(502, "Omie API 502: Bad Gateway", "upstream_unavailable");
  omie_answers_clear();
  titles_fault(0, 500, "SOAP-ENV:Client-105", "ERROR: Algo deu errado!");
  assert_outage(502, "Omie API 500: ERROR: Algo deu errado!", "upstream_fault");
  omie_answers_clear(); /* a failure is not kept: the next caller is told the truth */
  g_autoptr(Answer) answer = reconcile();
  assert_source(answer, "live");
  assert_int_equal(answer_int(answer, "count"), 1);
}

static void
test_an_omie_that_never_answers_is_a_time_limit(G_GNUC_UNUSED void **state)
{
  program_restart(PROGRAM, "OMIE_TRANSIENT_WAITS_MS=10,10", "OMIE_TIMEOUT_MS=1000");
  put_case("7", "ACME", "1000.00", NULL);
  titles_hold(1);
  assert_outage(504, "Omie: tempo limite de 1 s excedido.", "upstream_timeout");
}

static void
test_missing_credentials_are_told_as_such(G_GNUC_UNUSED void **state)
{
  program_restart(PROGRAM, "OMIE_APP_SECRET=");
  put_case("7", "ACME", "1000.00", NULL);
  assert_outage(500, "OMIE_APP_KEY e OMIE_APP_SECRET devem estar definidos.", "not_configured");
  put_revenue("7", "1000.00"); /* and do not matter where Omie is not needed */
  g_autoptr(Answer) answer = reconcile();
  assert_source(answer, "snapshot");
}

/* 9.1: there is no parameter */
static void
test_a_period_in_the_query_changes_nothing(G_GNUC_UNUSED void **state)
{
  g_autofree char *token = token_for_role("admin");
  g_autofree char *month = sql_text("select " MONTH);
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
      CASE(test_omie_is_not_asked_when_nobody_takes_part),
      CASE(test_revenue_without_a_contract_raises_nothing),
      CASE(test_a_client_that_was_not_billed_is_compared_with_zero),
      CASE(test_two_clients_of_one_document_are_compared_separately),
      CASE(test_three_thousand_divergences_are_all_told),
      CASE(test_the_largest_amounts_are_exact),
      CASE(test_two_of_the_largest_contracts_can_be_added_up),
      CASE(test_without_a_snapshot_of_the_month_omie_is_asked),
      CASE(test_two_callers_at_once_share_one_reading),
      CASE(test_an_omie_that_is_down_is_no_agreement),
      CASE(test_an_omie_that_never_answers_is_a_time_limit),
      CASE(test_missing_credentials_are_told_as_such),
      CASE(test_a_period_in_the_query_changes_nothing),
  };
  return RUN("reconciliation", tests);
}
