/* Revenue without a snapshot: read from Omie, used again for two minutes, and what is said when
 * Omie fails (fin.md 8). */
#include "harness_revenue.h"

#include <string.h>

#define FIRST_HALF "?from=2026-01-01&to=2026-01-15"

/* Answers' members after fetchedAt, the one that a test cannot know. */
static const char *
tail(const Answer *answer)
{
  const char *rows = strstr(answer->body, "\"rows\":");
  return rows != NULL ? rows : answer->body;
}

#define assert_live(query, rows) assert_live_at(query, rows, __FILE__, __LINE__)
static void
assert_live_at(const char *query, const char *rows, const char *file, int line)
{
  g_autoptr(Answer) answer = revenue_get(query);
  assert_status_at(answer, 200, file, line);
  assert_member_at(answer, "source", "live", file, line);
  if (strcmp(tail(answer), rows) != 0) {
    print_error("%s, not %s\n", answer->body, rows);
    _fail(file, line);
  }
}

/* 8.1, F64 */
static void
test_a_month_without_a_snapshot_is_read_from_omie(G_GNUC_UNUSED void **state)
{
  client_put("8", "ACME LTDA");
  title(1, "01/01/2026", "8", "0.1", "");
  title(2, "31/01/2026", "8", "0.2", "");
  title(3, "31/01/2026", "7", "5", "");
  title(4, "01/02/2026", "7", "5", "");
  title(5, "31/01/2026", "6", "5", ",\"status_titulo\":\"CANCELADO\"");
  g_autoptr(Answer) answer = revenue_get("?period=2026-01-01");
  assert_status(answer, 200);
  assert_member(answer, "period", "2026-01-01");
  assert_member(answer, "source", "live");
  assert_string_equal(tail(answer),
                      "\"rows\":[{\"client_name\":\"Cliente 7\",\"omie_codigo\":\"7\","
                      "\"valor\":5.00},{\"client_name\":\"ACME LTDA\",\"omie_codigo\":\"8\","
                      "\"valor\":0.30}],\"total\":5.30}");
  assert_sql("t", "select $1::timestamptz between now() - interval '1 min' and now()",
             answer_text(answer, "fetchedAt"));
  assert_int_equal(titles_calls(), 1);
  assert_count(0, "fin.erp_revenue_snapshot"); /* 8.3: a live answer is never stored there */
}

/* F62, 8.2 */
static void
test_part_of_a_month_is_live_whatever_is_stored(G_GNUC_UNUSED void **state)
{
  static const struct {
    const char *query, *from, *to;
  } cases[] = {{FIRST_HALF, "01/01/2026", "15/01/2026"},
               {"?from=2026-01-02&to=2026-01-31", "02/01/2026", "31/01/2026"},
               {"?from=2026-01-01&to=2026-01-30", "01/01/2026", "30/01/2026"},
               {"?from=2026-01-10&to=2026-01-10", "10/01/2026", "10/01/2026"}};
  snapshot_put("2026-01", "7", "500");
  title(1, "10/01/2026", "7", "5", "");
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(Answer) answer = revenue_get(cases[i].query);
    assert_status(answer, 200);
    assert_true(json_is_null(json_object_get(answer->json, "period")));
    assert_member(answer, "dataInicio", cases[i].from);
    assert_member(answer, "dataFim", cases[i].to);
    assert_member(answer, "source", "live");
    assert_non_null(strstr(answer->body, "\"total\":5.00}"));
    g_autofree char *asked = titles_parameters(i + 1);
    assert_non_null(strstr(asked, cases[i].from));
    assert_non_null(strstr(asked, cases[i].to));
  }
  assert_int_equal(titles_calls(), G_N_ELEMENTS(cases));
  assert_snapshot("2026-01", "7=500.00");
}

/* F63 */
static void
test_several_months_are_one_live_reading(G_GNUC_UNUSED void **state)
{
  snapshot_put("2026-01", "7", "500");
  snapshot_put("2026-02", "7", "500");
  title(1, "10/01/2026", "7", "5", "");
  title(2, "28/02/2026", "7", "6", "");
  assert_live("?from=2026-01-01&to=2026-02-28",
              "\"rows\":[{\"client_name\":\"Cliente 7\",\"omie_codigo\":\"7\",\"valor\":11.00}],"
              "\"total\":11.00}");
  assert_int_equal(titles_calls(), 1);
}

/* 8.4: 366 days are a leap year */
static void
test_a_whole_leap_year_may_be_asked_for(G_GNUC_UNUSED void **state)
{
  title(1, "29/02/2024", "7", "5", "");
  assert_live("?from=2024-01-01&to=2024-12-31&x=1",
              "\"rows\":[{\"client_name\":\"Cliente 7\",\"omie_codigo\":\"7\",\"valor\":5.00}],"
              "\"total\":5.00}");
}

/* F65, 8.6 */
static void
test_a_live_answer_is_used_again_for_two_minutes(G_GNUC_UNUSED void **state)
{
  title(1, "10/01/2026", "7", "5", "");
  g_autoptr(Answer) first = revenue_get(JANUARY);
  title(1, "10/01/2026", "7", "6", "");
  g_autoptr(Answer) second = revenue_get(JANUARY);
  assert_status(first, 200);
  assert_status(second, 200);
  assert_string_equal(second->body, first->body);
  assert_int_equal(titles_calls(), 1);
  omie_forget();
  sql("update fin.erp_revenue_live_cache set fetched_at = fetched_at - interval '115 s'");
  assert_live(JANUARY, tail(first));
  assert_int_equal(titles_calls(), 1);
  sql("update fin.erp_revenue_live_cache set fetched_at = fetched_at - interval '5 s'");
  assert_live(JANUARY, "\"rows\":[{\"client_name\":\"Cliente 7\",\"omie_codigo\":\"7\","
                       "\"valor\":6.00}],\"total\":6.00}");
  assert_int_equal(titles_calls(), 2);
}

/* 8.6 */
static void
test_an_empty_answer_is_used_again_too(G_GNUC_UNUSED void **state)
{
  assert_live(JANUARY, "\"rows\":[],\"total\":0.00}");
  assert_live(JANUARY, "\"rows\":[],\"total\":0.00}");
  assert_int_equal(titles_calls(), 1);
  snapshot_put("2026-01", "7", "5"); /* a snapshot that has come meanwhile is preferred */
  g_autoptr(Answer) stored = revenue_get(JANUARY);
  assert_member(stored, "source", "snapshot");
}

/* 8.6, 8.7 */
static void
test_a_failure_is_told_and_not_remembered(G_GNUC_UNUSED void **state)
{
  title(1, "10/01/2026", "7", "5", "");
  titles_fault(0, 500, "SOAP-ENV:Client-105", "ERROR: Algo deu errado!");
  for (guint i = 1; i <= 2; i++) {
    g_autoptr(Answer) answer = revenue_get(JANUARY);
    assert_error_code(answer, 502, "Omie API 500: ERROR: Algo deu errado!", "upstream_fault");
    assert_int_equal(titles_calls(), i);
  }
  omie_answers_clear();
  assert_live(JANUARY, "\"rows\":[{\"client_name\":\"Cliente 7\",\"omie_codigo\":\"7\","
                       "\"valor\":5.00}],\"total\":5.00}");
}

/* 8.6: an answer that grew old is no comfort when Omie fails */
static void
test_an_old_answer_does_not_hide_a_failure(G_GNUC_UNUSED void **state)
{
  assert_live(JANUARY, "\"rows\":[],\"total\":0.00}");
  sql("update fin.erp_revenue_live_cache set fetched_at = fetched_at - interval '1 hour'");
  program_restart(REVENUE_PROGRAM, SHORT_WAITS);
  titles_fault(0, 500, "SOAP-ENV:Client-105", "ERROR: Algo deu errado!");
  g_autoptr(Answer) answer = revenue_get(JANUARY);
  assert_error(answer, 502, "Omie API 500: ERROR: Algo deu errado!");
}

/* 8.7, 5.4 */
static void
test_each_failure_of_omie_has_its_status(G_GNUC_UNUSED void **state)
{
  program_restart(REVENUE_PROGRAM, SHORT_WAITS, "OMIE_TIMEOUT_MS=1000");
  omie_answer(.method = LIST_TITLES, .times = 3, .body = "<html></html>", .type = "text/html");
  g_autoptr(Answer) html = revenue_get(JANUARY);
  assert_error(html, 502, "Omie: resposta inválida (JSON).");
  titles_page(1, 1, "{\"codigo_cliente_fornecedor\":7,\"valor_documento\":\"x\"}");
  g_autoptr(Answer) value = revenue_get(JANUARY);
  assert_error_code(value, 502, "Omie: valor inválido em contas a receber.", "upstream_fault");
  omie_answers_clear();
  titles_hold(1);
  g_autoptr(Answer) late = revenue_get(JANUARY);
  assert_error_code(late, 504, "Omie: tempo limite de 1 s excedido.", "upstream_timeout");
  omie_release();
  program_restart(REVENUE_PROGRAM, "OMIE_APP_KEY=", "OMIE_APP_SECRET=");
  g_autoptr(Answer) unset = revenue_get(JANUARY);
  assert_error(unset, 500, "OMIE_APP_KEY e OMIE_APP_SECRET devem estar definidos.");
  program_restart(REVENUE_PROGRAM, "OMIE_CR_FILTRO_DATA=data");
  g_autoptr(Answer) filter = revenue_get(JANUARY);
  assert_error(filter, 500, "OMIE_CR_FILTRO_DATA deve ser registro, emissao ou alteracao.");
}

/* 5.9 */
static void
test_a_fault_that_echoes_the_secret_shows_it_nowhere(G_GNUC_UNUSED void **state)
{
  const char *secret = harness_env("OMIE_APP_SECRET"), *key = harness_env("OMIE_APP_KEY");
  g_autofree char *fault = g_strdup_printf("ERROR: chave %s, segredo %s!", key, secret);
  titles_fault(0, 500, "SOAP-ENV:Client-101", fault);
  g_autoptr(Answer) answer = revenue_get(JANUARY);
  assert_error(answer, 502, "Omie API 500: ERROR: chave ***, segredo ***!");
  assert_sql("0",
             "select count(*)::text from fin.erp_revenue_live_cache c"
             " where strpos(c::text, $1) > 0 or strpos(c::text, $2) > 0",
             secret, key);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      CASE(test_a_month_without_a_snapshot_is_read_from_omie),
      CASE(test_part_of_a_month_is_live_whatever_is_stored),
      CASE(test_several_months_are_one_live_reading),
      CASE(test_a_live_answer_is_used_again_for_two_minutes),
      CASE(test_an_empty_answer_is_used_again_too),
      CASE(test_a_failure_is_told_and_not_remembered),
      CASE(test_an_old_answer_does_not_hide_a_failure),
      CASE(test_each_failure_of_omie_has_its_status),
      CASE(test_a_fault_that_echoes_the_secret_shows_it_nowhere),
      CASE(test_a_whole_leap_year_may_be_asked_for),
  };
  return RUN("revenue: live", tests);
}
