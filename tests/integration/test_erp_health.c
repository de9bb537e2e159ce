/* How the ERPs are, as an administrator or a load balancer is told. */
#include <string.h>

#include "harness_ledger.h"
#include "net/call_gate.h"

static void
assert_health(const Answer *answer, guint status, const char *word)
{
  gboolean connected = status == 200;
  assert_status(answer, status);
  assert_member(answer, "status", word);
  assert_at(answer, "connected", connected ? "true" : "false");
}

/* F-68, and 2.4: the members in their order */
static void
test_an_erp_that_answers_is_healthy(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = book_new("EFFECTI", NULL);
  g_autoptr(Answer) answer = book_ask(book, ERP_HEALTH, "");
  assert_health(answer, 200, "healthy");
  assert_member(answer, "company", "EFFECTI");
  assert_member(answer, "erp_type", "totvs_protheus");
  assert_at(answer, "error_message", "null");
  assert_at(answer, "details.api_profile", "ctbr020");
  assert_at(answer, "details.circuit", "CLOSED");
  assert_at(answer, "details.rate_mode", "shared");
  static const char *const order[] = {
      "{\"status\":",       "\"connected\":", "\"timestamp\":", "\"latency_ms\":", "\"message\":",
      "\"error_message\":", "\"details\":{",  "\"company\":",   "\"erp_type\":"};
  const char *at = answer->body;
  for (gsize i = 0; i < G_N_ELEMENTS(order); i++) {
    at = strstr(at, order[i]);
    assert_non_null(at);
  }
  assert_true(g_regex_match_simple("\"timestamp\":\"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}Z\","
                                   "\"latency_ms\":[0-9]+\\.[0-9],",
                                   answer->body, 0, 0));
}

/* F-68 */
static void
test_what_an_erp_answers_decides(G_GNUC_UNUSED void **state)
{
  static const struct {
    guint erp_answers, status;
    const char *word;
  } cases[] = {{401, 503, "unhealthy"},
               {403, 503, "unhealthy"},
               {500, 503, "unhealthy"},
               {429, 200, "degraded"},
               {404, 200, "degraded"}};
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(Book) book = book_new("EFFECTI", NULL);
    book_setting(book, "ERP_HEALTH_REUSE_MS", "0");
    book_fault(book, .kind = "health", .status = cases[i].erp_answers, .times = LEDGER_ALWAYS);
    g_autoptr(Answer) answer = book_ask(book, ERP_HEALTH, "");
    assert_health(answer, cases[i].status, cases[i].word);
  }
}

/* F-68, F-24 */
static void
test_a_slow_erp_is_degraded_and_a_silent_one_unhealthy(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) slow = book_new("EFFECTI", NULL);
  book_setting(slow, "ERP_HEALTH_SLOW_MS", "200");
  book_fault(slow, .kind = "health", .trick = "truth", .delay_ms = 300);
  g_autoptr(Answer) late = book_ask(slow, ERP_HEALTH, "");
  assert_health(late, 200, "degraded");

  g_autoptr(Book) silent = book_new("ONCLICK", NULL);
  book_setting(silent, "ERP_HEALTH_TIMEOUT_MS", "300");
  book_fault(silent, .kind = "health", .trick = "hang", .delay_ms = 60000);
  gint64 asked_us = g_get_monotonic_time();
  g_autoptr(Answer) none = book_ask(silent, ERP_HEALTH, "");
  assert_health(none, 503, "unhealthy");
  assert_in_range(g_get_monotonic_time() - asked_us, 0, 10 * G_USEC_PER_SEC);
}

/* Every call here is another process. */
static void
test_a_young_result_is_shown_again(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = book_new("EFFECTI", NULL);
  book_setting(book, "ERP_HEALTH_REUSE_MS", "60000");
  sql("delete from erp.health");
  g_autoptr(Answer) first = book_ask(book, ERP_HEALTH, "");
  g_autoptr(Answer) second = book_ask(book, ERP_HEALTH, "");
  assert_string_equal(first->body, second->body);
  assert_int_equal(book_calls(book, "health"), 1);
  sql("update erp.health set checked_at = checked_at - interval '61 s'");
  g_autoptr(Answer) third = book_ask(book, ERP_HEALTH, "");
  assert_health(third, 200, "healthy");
  assert_int_equal(book_calls(book, "health"), 2);
}

/* Omie counts its calls by method: health takes from what all callers of the method share. */
static void
test_health_of_omie_counts_among_the_calls_of_its_method(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = book_new("DATAHUB", NULL);
  g_autofree char *account = call_gate_account(book_login(book, "api_key"));
  book_set(book, "PER_MINUTE", "100");
  g_autoptr(Answer) answer = book_ask(book, ERP_HEALTH, "");
  assert_at(answer, "status", "healthy");
  assert_sql("1", "select count(*) from erp.rate_bucket where key = $1 || ':ListarEmpresas'",
             account);
  assert_sql("0", "select count(*) from erp.call_slot");
}

/* Omie refuses the same question for a minute, so it is asked once in one. */
static void
test_omie_is_asked_less_often(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = book_new("DATAHUB", NULL);
  book_setting(book, "ERP_HEALTH_REUSE_MS", "1000");
  sql("delete from erp.health");
  g_autoptr(Answer) first = book_ask(book, ERP_HEALTH, "");
  assert_health(first, 200, "healthy");
  sql("update erp.health set checked_at = checked_at - interval '50 s'");
  g_autoptr(Answer) second = book_ask(book, ERP_HEALTH, "");
  assert_string_equal(first->body, second->body);
}

static void
test_all_companies_are_asked_at_once(G_GNUC_UNUSED void **state)
{
  g_autoptr(Answer) all = call("GET", "/api/erp/health", .token = book_bearer());
  assert_status(all, 200);
  const json_t *results = json_object_get(all->json, "results");
  assert_int_equal(json_array_size(results), 7);
  g_autoptr(Answer) some = call("GET", "/api/erp/health?company=bling", .token = book_bearer());
  assert_status(some, 200);
  assert_int_equal(json_array_size(json_object_get(some->json, "results")), 2);
  assert_at(some, "results.0.erp_type", "bling");
}

/* A portfolio's ERPs are asked side by side: whoever is silent costs one time-out, not each his
 * own, and says nothing about the others. */
static void
test_silent_erps_are_waited_for_together(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = book_new("DATAHUB", NULL);
  book_setting(book, "ERP_HEALTH_TIMEOUT_MS", "1500");
  sql("insert into sandbox.fault (service, kind, behaviour, delay_ms, times)"
      " values ('totvs', 'health', 'hang', 60000, null),"
      "        ('contaazul', 'companies', 'hang', 60000, null)");
  book_serve(book, ERP_HEALTH);
  gint64 asked_us = g_get_monotonic_time();
  g_autoptr(Answer) answer = call("GET", "/api/erp/health", .token = book_bearer());
  gint64 took_us = g_get_monotonic_time() - asked_us;
  assert_status(answer, 200); /* one is connected */
  assert_in_range(took_us, 1400000, 4 * 1400000);
  const json_t *results = json_object_get(answer->json, "results"), *result;
  assert_int_equal(json_array_size(results), 7);
  for (size_t i = 0; (result = json_array_get(results, i)) != NULL; i++) {
    const char *erp = json_string_value(json_object_get(result, "erp_type"));
    gboolean is_silent = strcmp(erp, "totvs_protheus") == 0 || strcmp(erp, "contaazul") == 0;
    assert_string_equal(json_string_value(json_object_get(result, "status")),
                        is_silent ? "unhealthy" : "healthy");
  }
}

/* 1.2: the whole probe has a deadline, its token call too */
static void
test_a_silent_token_server_does_not_delay_the_answer(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = book_new("ONCLICK", NULL);
  book_setting(book, "ERP_HEALTH_TIMEOUT_MS", "60000");
  book_setting(book, "ERP_HEALTH_DEADLINE_MS", "700");
  book_fault(book, .kind = "token", .trick = "hang", .delay_ms = 60000, .times = LEDGER_ALWAYS);
  gint64 asked_us = g_get_monotonic_time();
  g_autoptr(Answer) answer = book_ask(book, ERP_HEALTH, "");
  assert_health(answer, 503, "unhealthy");
  assert_in_range(g_get_monotonic_time() - asked_us, 600000, 5 * G_USEC_PER_SEC);
  assert_int_equal(book_calls(book, "health"), 0);
}

/* 2.4: never connected; a person learns what to set, and no value */
static void
test_a_company_without_credentials_is_disconnected(G_GNUC_UNUSED void **state)
{
  static const struct {
    const char *company, *key, *named;
  } cases[] = {{"ONCLICK", "CLIENT_SECRET", "TOTVS_ONCLICK_CLIENT_SECRET"},
               {"ONCLICK", "TENANT", "TOTVS_ONCLICK_TENANT"},
               {"DATAHUB", "APP_SECRET", "OMIE_DATAHUB_APP_SECRET"},
               {"LEADLOVERS", "CLIENT_ID", "BLING_LEADLOVERS_"}};
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(Book) book = book_new(cases[i].company, NULL);
    book_set(book, cases[i].key, "");
    book_setting(book, "OMIE_APP_SECRET", "");
    g_autoptr(Answer) answer = book_ask(book, ERP_HEALTH, "");
    assert_health(answer, 503, "disconnected");
    if (strstr(answer_text(answer, "message"), cases[i].named) == NULL)
      fail_msg("%s is not in %s", cases[i].named, answer->body);
    assert_member(answer, "company", cases[i].company);
    assert_at(answer, "error_message", "null");
    assert_at(answer, "latency_ms", "0.0");
    assert_at(answer, "details.http_status", "null");
    assert_at(answer, "details.reason", "erp_not_configured");
    assert_int_equal(book_calls(book, NULL), 0);
  }
}

/* 9: HEAD tells the same status; parameters are judged as everywhere */
static void
test_a_monitor_may_ask_for_the_status_alone(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = book_new("EFFECTI", NULL);
  book_fault(book, .kind = "health", .status = 401, .times = LEDGER_ALWAYS);
  book_serve(book, ERP_HEALTH);
  g_autofree char *path = book_path(book, ERP_HEALTH, "");
  g_autoptr(Answer) head = call("HEAD", path, .token = book_bearer());
  assert_status(head, 503);
  assert_int_equal(head->length, 0);
  g_autoptr(Answer) shown = call("GET", path, .token = book_bearer());
  assert_health(shown, 503, "unhealthy");
  assert_member(shown, "error_message", "HTTP 401");
  assert_at(shown, "details.http_status", "401");
  g_autoptr(Answer) nobody = call("GET", "/api/erp/health?company=ninguem", .token = book_bearer());
  assert_error_code(nobody, 404, NULL, "company_unknown");
  g_autoptr(Answer) period = book_call(book, ERP_HEALTH, "from=2026-01-01");
  assert_error_code(period, 400, NULL, "unknown_parameter");
}

/* Without Postgres nothing may be asked of an ERP, and that is the answer. */
static void
test_health_answers_while_postgres_is_away(G_GNUC_UNUSED void **state)
{
  g_auto(GStrv) settings = harness_settings();
  const char *secret = g_environ_getenv(settings, "CRON_SECRET");
  g_autofree char *header = g_strconcat("x-cron-secret: ", secret, NULL);
  postgres_stop();
  g_autoptr(Answer) away = call("GET", "/api/erp/health?company=EFFECTI", .headers = {header});
  postgres_start();
  assert_health(away, 503, "unhealthy");
  assert_at(away, "details.rate_mode", "closed");
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      LEDGER_CASE(test_an_erp_that_answers_is_healthy),
      LEDGER_CASE(test_what_an_erp_answers_decides),
      LEDGER_CASE(test_a_slow_erp_is_degraded_and_a_silent_one_unhealthy),
      LEDGER_CASE(test_a_young_result_is_shown_again),
      LEDGER_CASE(test_health_of_omie_counts_among_the_calls_of_its_method),
      LEDGER_CASE(test_omie_is_asked_less_often),
      LEDGER_CASE(test_all_companies_are_asked_at_once),
      LEDGER_CASE(test_silent_erps_are_waited_for_together),
      LEDGER_CASE(test_a_silent_token_server_does_not_delay_the_answer),
      LEDGER_CASE(test_a_company_without_credentials_is_disconnected),
      LEDGER_CASE(test_a_monitor_may_ask_for_the_status_alone),
      LEDGER_CASE(test_health_answers_while_postgres_is_away),
  };
  return RUN("health of the ERPs", tests);
}
