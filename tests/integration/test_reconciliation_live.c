/* When a reconciliation asks Omie, and what a caller reads when Omie cannot be asked
 * (fin.md 9.1, 9.6, 9.7). */
#include "harness_reconciliation.h"

#include <string.h>

#define TODAY_BR "to_char(now() at time zone 'America/Sao_Paulo', 'DD/MM/YYYY')"

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

/* 9.1: without a snapshot of this very month Omie is asked, once for everybody (8.6) */
static void
test_without_a_snapshot_of_the_month_omie_is_asked(G_GNUC_UNUSED void **state)
{
  compared_put("7", "ACME", "1000.00", NULL);
  put_title("7", "949.99");
  sql("insert into fin.erp_revenue_snapshot (period, omie_codigo, valor)"
      " values (" THIS_MONTH " - interval '1 month', '7', 1000),"
      "        (" THIS_MONTH " + interval '1 month', '7', 1000)");
  g_autoptr(Answer) answer = reconcile();
  assert_source(answer, "live");
  assert_says(answer, "\"mrr\":1000.00,\"faturamento_omie\":949.99,\"divergencia\":50.01");
  assert_sql(answer_text(answer, "fetchedAt"),
             "select to_char(fetched_at at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.MS\"Z\"')"
             "  from fin.erp_revenue_live_cache");
  assert_count(2, "fin.erp_revenue_snapshot"); /* 8.3: a live answer is no snapshot */
  g_autofree char *asked = titles_parameters(1);
  g_autofree char *first = sql_text("select to_char(" THIS_MONTH ", 'DD/MM/YYYY')");
  assert_non_null(strstr(asked, first));
  g_autoptr(Answer) again = reconcile();
  assert_string_equal(again->body, answer->body);
  assert_int_equal(titles_calls(), 1);
  revenue_put("7", "1000.00"); /* once somebody stores the month, it is what counts */
  g_autoptr(Answer) stored = reconcile();
  assert_source(stored, "snapshot");
  assert_int_equal(answer_int(stored, "count"), 0);
}

/* 8.6 */
static void
test_two_callers_at_once_share_one_reading(G_GNUC_UNUSED void **state)
{
  g_autofree char *token = token_for_role("cfo");
  compared_put("7", "ACME", "1000.00", NULL);
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
  program_restart(RECONCILIATION_PROGRAM, "OMIE_TRANSIENT_WAITS_MS=10,10");
  compared_put("7", "ACME", "1000.00", NULL);
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
  program_restart(RECONCILIATION_PROGRAM, "OMIE_TRANSIENT_WAITS_MS=10,10", "OMIE_TIMEOUT_MS=1000");
  compared_put("7", "ACME", "1000.00", NULL);
  titles_hold(1);
  assert_outage(504, "Omie: tempo limite de 1 s excedido.", "upstream_timeout");
}

static void
test_missing_credentials_are_told_as_such(G_GNUC_UNUSED void **state)
{
  program_restart(RECONCILIATION_PROGRAM, "OMIE_APP_SECRET=");
  compared_put("7", "ACME", "1000.00", NULL);
  assert_outage(500, "OMIE_APP_KEY e OMIE_APP_SECRET devem estar definidos.", "not_configured");
  revenue_put("7", "1000.00"); /* and do not matter where Omie is not needed */
  g_autoptr(Answer) answer = reconcile();
  assert_source(answer, "snapshot");
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      CASE(test_omie_is_not_asked_when_nobody_takes_part),
      CASE(test_without_a_snapshot_of_the_month_omie_is_asked),
      CASE(test_two_callers_at_once_share_one_reading),
      CASE(test_an_omie_that_is_down_is_no_agreement),
      CASE(test_an_omie_that_never_answers_is_a_time_limit),
      CASE(test_missing_credentials_are_told_as_such),
  };
  return RUN("reconciliation: live", tests);
}
