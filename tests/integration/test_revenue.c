/* The revenue of a period: from the snapshot of a whole month, else live, and live answers shared
 * by everybody for two minutes (fin.md 8). */
#include "harness_revenue.h"

#include <signal.h>
#include <string.h>

#define FORBIDDEN  "Sem permissão. Apenas admin, superadmin, cfo ou fin."
#define FIRST_HALF "?from=2026-01-01&to=2026-01-15"

static void
assert_body(const Answer *answer, const char *expected)
{
  assert_status(answer, 200);
  assert_string_equal(answer->body, expected);
}

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

/* F61, 8.5 */
static void
test_a_month_with_a_snapshot_is_shown_without_asking_omie(G_GNUC_UNUSED void **state)
{
  client_put("2485994", "ACME LTDA");
  client_put("5", "\"Aspas\" & <b>Filhos</b> São João\\");
  snapshot_put("2026-01", "9", "-10.50");
  snapshot_put("2026-01", "2485994", "1950");
  snapshot_put("2026-01", "6", "0.10");
  snapshot_put("2026-01", "5", "0.10");
  snapshot_put("2026-02", "5", "77");
  g_autoptr(Answer) answer = revenue_get(JANUARY);
  assert_body(
      answer,
      "{\"period\":\"2026-01-01\",\"dataInicio\":\"01/01/2026\",\"dataFim\":\"31/01/2026\","
      "\"source\":\"snapshot\",\"fetchedAt\":\"2026-02-01T05:00:07.112Z\",\"rows\":["
      "{\"client_name\":\"ACME LTDA\",\"omie_codigo\":\"2485994\",\"valor\":1950.00},"
      "{\"client_name\":\"\\\"Aspas\\\" & <b>Filhos</b> São João\\\\\",\"omie_codigo\":\"5\","
      "\"valor\":0.10},"
      "{\"client_name\":\"Cliente 6\",\"omie_codigo\":\"6\",\"valor\":0.10},"
      "{\"client_name\":\"Cliente 9\",\"omie_codigo\":\"9\",\"valor\":-10.50}],"
      "\"total\":1939.70}");
  assert_header(answer, "content-type", "application/json; charset=utf-8");
  assert_header(answer, "cache-control", "no-store");
  assert_int_equal(titles_calls(), 0);
}

/* 8.1: the same month by its days; 8.5: a range has no period */
static void
test_first_to_last_day_is_the_month(G_GNUC_UNUSED void **state)
{
  snapshot_put("2024-02", "7", "5");
  g_autoptr(Answer) answer = revenue_get("?from=2024-02-01&to=2024-02-29");
  assert_body(answer, "{\"period\":null,\"dataInicio\":\"01/02/2024\",\"dataFim\":\"29/02/2024\","
                      "\"source\":\"snapshot\",\"fetchedAt\":\"2026-02-01T05:00:07.112Z\","
                      "\"rows\":[{\"client_name\":\"Cliente 7\",\"omie_codigo\":\"7\","
                      "\"valor\":5.00}],\"total\":5.00}");
  assert_int_equal(titles_calls(), 0);
}

/* 8.4 */
static void
test_without_parameters_it_is_the_month_before_this_one(G_GNUC_UNUSED void **state)
{
  g_autofree char *month =
      sql_text("select to_char(date_trunc('month', now() at time zone 'America/Sao_Paulo')"
               "         - interval '1 month', 'YYYY-MM')");
  g_autofree char *first = g_strconcat(month, "-01", NULL);
  snapshot_put(month, "7", "5");
  g_autoptr(Answer) answer = revenue_get("");
  assert_status(answer, 200);
  assert_member(answer, "period", first);
  assert_member(answer, "source", "snapshot");
}

/* 18.17: no cap of a thousand rows, and a total beyond what one title may be worth */
static void
test_every_code_of_a_large_month_is_shown(G_GNUC_UNUSED void **state)
{
  sql("insert into fin.erp_revenue_snapshot (period, omie_codigo, valor)"
      " select '2026-01-01', n::text, 9999999999999.99 from generate_series(1, 2500) n");
  g_autoptr(Answer) answer = revenue_get(JANUARY);
  assert_status(answer, 200);
  assert_int_equal(json_array_size(json_object_get(answer->json, "rows")), 2500);
  assert_true(g_str_has_suffix(answer->body, ",\"total\":24999999999999975.00}"));
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

/* F65, 8.6 */
static void
test_a_live_answer_is_used_again_for_two_minutes(G_GNUC_UNUSED void **state)
{
  title(1, "10/01/2026", "7", "5", "");
  g_autoptr(Answer) first = revenue_get(JANUARY);
  title(1, "10/01/2026", "7", "6", "");
  g_autoptr(Answer) second = revenue_get(JANUARY);
  assert_status(first, 200);
  assert_body(second, first->body);
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

/* Callers who wait for another one's fetch: their last statement was to ask for it. */
static gint64
waiting_callers(void)
{
  return sql_number("select count(*) from pg_stat_activity where usename = 'ponte'"
                    "   and query like '%claim_live_revenue%'");
}

/* A caller who fetches, held in the middle of it, and one who waits for the former. */
static void
start_two(Pending **fetcher, Pending **waiter)
{
  titles_hold(1);
  *fetcher = revenue_start(JANUARY);
  WAIT_FOR(held_count() == 1);
  *waiter = revenue_start(JANUARY);
  WAIT_FOR(waiting_callers() == 1);
}

/* 8.6 */
static void
test_of_two_callers_at_once_one_asks_omie_for_both(G_GNUC_UNUSED void **state)
{
  Pending *fetcher, *waiter;
  title(1, "10/01/2026", "7", "5", "");
  start_two(&fetcher, &waiter);
  omie_release();
  g_autoptr(Answer) first = call_finish(fetcher);
  g_autoptr(Answer) second = call_finish(waiter);
  assert_status(first, 200);
  assert_non_null(strstr(first->body, "\"total\":5.00}"));
  assert_body(second, first->body);
  assert_int_equal(titles_calls(), 1);
}

/* 8.6 */
static void
test_twenty_callers_at_once_get_one_answer(G_GNUC_UNUSED void **state)
{
  enum { CALLERS = 20 };
  Pending *calls[CALLERS];
  program_restart(REVENUE_PROGRAM, "ROUTE_WORKERS=10");
  title(1, "10/01/2026", "7", "5", "");
  for (guint i = 0; i < CALLERS; i++)
    calls[i] = revenue_start(JANUARY);
  g_autofree char *body = NULL;
  for (guint i = 0; i < CALLERS; i++) {
    g_autoptr(Answer) answer = call_finish(calls[i]);
    assert_status(answer, 200);
    if (body == NULL)
      body = g_strdup(answer->body);
    assert_string_equal(answer->body, body);
  }
  assert_int_equal(titles_calls(), 1);
}

/* 8.6 */
static void
test_who_waited_for_a_failure_is_told_the_same(G_GNUC_UNUSED void **state)
{
  Pending *fetcher, *waiter;
  titles_fault(0, 500, "SOAP-ENV:Client-105", "ERROR: Algo deu errado!");
  start_two(&fetcher, &waiter);
  omie_release();
  g_autoptr(Answer) first = call_finish(fetcher);
  g_autoptr(Answer) second = call_finish(waiter);
  assert_error_code(first, 502, "Omie API 500: ERROR: Algo deu errado!", "upstream_fault");
  assert_error_code(second, 502, "Omie API 500: ERROR: Algo deu errado!", "upstream_fault");
  assert_int_equal(titles_calls(), 1);
}

/* Another host fetches January, with a lease of so long. */
static void
other_host_fetches(const char *lease)
{
  sql("insert into fin.erp_revenue_live_cache (date_from, date_to, holder, lease_until)"
      " values ('2026-01-01', '2026-01-31', gen_random_uuid(), now() + $1::interval)",
      lease);
}

/* 8.6 */
static void
test_who_waits_for_a_dead_fetcher_takes_over_after_its_lease(G_GNUC_UNUSED void **state)
{
  title(1, "10/01/2026", "7", "5", "");
  other_host_fetches("1500 ms");
  Pending *waiter = revenue_start(JANUARY);
  WAIT_FOR(waiting_callers() == 1);
  assert_int_equal(titles_calls(), 0);
  g_autoptr(Answer) answer = call_finish(waiter);
  assert_status(answer, 200);
  assert_non_null(strstr(answer->body, "\"total\":5.00}"));
  assert_int_equal(titles_calls(), 1);
}

#define QUICK_LEASE "FIN_JOB_LEASE_S=2", "OMIE_TIMEOUT_MS=3000"

/* The route as a process of its own, which outlives the others. */
static gpointer
run_waiter(G_GNUC_UNUSED gpointer data)
{
  g_autofree char *token = token_for_role("fin");
  g_autofree char *header = g_strconcat("HTTP_AUTHORIZATION=Bearer ", token, NULL);
  return program_run_cgi(REVENUE_PROGRAM,
                         (const char *const[]){"REQUEST_METHOD=GET", "QUERY_STRING=period=2026-01",
                                               header, QUICK_LEASE, NULL},
                         "");
}

/* 8.6: kill -9 of the fetcher while another one waits for it */
static void
test_who_waits_for_a_killed_fetcher_takes_over_after_its_lease(G_GNUC_UNUSED void **state)
{
  program_restart(REVENUE_PROGRAM, QUICK_LEASE);
  title(1, "10/01/2026", "7", "5", "");
  titles_hold(1);
  Pending *fetcher = revenue_start(JANUARY);
  WAIT_FOR(held_count() == 1);
  GThread *waiter = g_thread_new("waiter", run_waiter, NULL);
  WAIT_FOR(waiting_callers() == 1);
  program_kill(REVENUE_PROGRAM);
  omie_release();
  answer_free(call_finish(fetcher));
  omie_forget(); /* else Omie would refuse the same question for a minute */
  g_autofree char *output = g_thread_join(waiter);
  program_restart(REVENUE_PROGRAM, QUICK_LEASE);
  assert_true(g_str_has_prefix(output, "Status: 200 OK\r\n"));
  assert_non_null(strstr(output, "\"source\":\"live\""));
  assert_non_null(strstr(output, "\"total\":5.00}"));
  assert_int_equal(titles_calls(), 2);
}

/* 8.6: up to 30 s, here one */
static void
test_nobody_waits_for_another_for_ever(G_GNUC_UNUSED void **state)
{
  program_restart(REVENUE_PROGRAM, "FIN_LIVE_WAIT_MS=1000");
  other_host_fetches("1 hour");
  gint64 start = g_get_monotonic_time();
  g_autoptr(Answer) answer = revenue_get(JANUARY);
  assert_error_code(answer, 504, "Omie: tempo limite de 1 s excedido.", "upstream_timeout");
  assert_true(g_get_monotonic_time() - start >= G_USEC_PER_SEC);
  assert_int_equal(titles_calls(), 0);
}

/* DESIGN: long work looks at the stop flag; a worker must not outlast its program's stop by a wait
 */
static void
test_who_waits_leaves_when_the_program_is_asked_to_stop(G_GNUC_UNUSED void **state)
{
  program_restart(REVENUE_PROGRAM, "FIN_LIVE_WAIT_MS=8000");
  other_host_fetches("1 hour");
  Pending *waiter = revenue_start(JANUARY);
  WAIT_FOR(waiting_callers() == 1);
  gint64 start = g_get_monotonic_time();
  kill(program_parent(REVENUE_PROGRAM), SIGTERM);
  g_autoptr(Answer) answer = call_finish(waiter);
  assert_error_code(answer, 503, INTERRUPTED, "interrupted");
  assert_true(g_get_monotonic_time() - start < 5 * G_USEC_PER_SEC);
  WAIT_FOR(program_parent(REVENUE_PROGRAM) == 0);
}

/* 8.4, 3.3 */
static void
test_what_is_no_period_is_refused(G_GNUC_UNUSED void **state)
{
  static const char month[] = "period deve ser YYYY-MM ou YYYY-MM-01.",
                    days[] = "from e to devem ser YYYY-MM-DD.", invalid[] = "Período inválido.",
                    future[] = "period não pode ser futuro.";
  static const struct {
    const char *query, *text;
  } cases[] = {
      {"?period=2026-13", month},
      {"?period=2026-1", month},
      {"?period=2026-01-15", month},
      {"?period=abc", month},
      {"?period=", month},
      {"?period=2999-01", future},
      {"?from=2026-01-01", days},
      {"?to=2026-01-31", days},
      {"?from=2026-01-01&to=", days},
      {"?from=&to=", days},
      {"?from=2026-01-01&to=2026-02-30", days},
      {"?from=2026-1-1&to=2026-01-31", days},
      {"?from=01/01/2026&to=31/01/2026", days},
      {"?from=2026-01&to=2026-01", days},
      {"?from=2026-01-02&to=2026-01-01", invalid},
      {"?from=2025-01-01&to=2026-01-02", invalid}, /* 367 days */
      {"?from=0001-01-01&to=9999-12-31", invalid},
      {"?period=2026-01&from=2026-01-01&to=2026-01-31", NULL},
      {"?period=2026-01&from=2026-01-01", NULL},
      {"?period=2026-01&to=2026-01-31", NULL},
  };
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(Answer) answer = revenue_get(cases[i].query);
    assert_error_code(answer, 400, cases[i].text, "invalid_parameter");
  }
  static const char *const names[] = {"period", "from", "to"};
  for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
    g_autofree char *query = g_strdup_printf("?%s=2026-01-01&%s=2026-01-01", names[i], names[i]);
    g_autofree char *text = g_strdup_printf("Parâmetro repetido: %s.", names[i]);
    g_autoptr(Answer) answer = revenue_get(query);
    assert_error_code(answer, 400, text, "repeated_parameter");
  }
  g_autofree char *x = g_strnfill(2100, 'x');
  g_autofree char *long_query = g_strconcat(JANUARY "&x=", x, NULL);
  g_autoptr(Answer) too_long = revenue_get(long_query);
  assert_error_code(too_long, 414, NULL, "uri_too_long");
  assert_int_equal(titles_calls(), 0);
  assert_count(0, "fin.erp_revenue_live_cache");
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

/* F71, 2.8 */
static void
test_only_the_four_roles_see_revenue(G_GNUC_UNUSED void **state)
{
  static const char *const good[] = {"admin", "superadmin", "cfo", "fin"};
  static const char *const others[] = {"ops", "sales", "legal", "employee", "FIN", "", "system"};
  g_autofree char *cron = g_strconcat("x-cron-secret: ", harness_env("CRON_SECRET"), NULL);
  snapshot_put("2026-01", "7", "5");
  for (gsize i = 0; i < G_N_ELEMENTS(good); i++) {
    g_autofree char *token = token_for_role(good[i]);
    g_autoptr(Answer) answer = call("GET", REVENUE JANUARY, .token = token);
    assert_status(answer, 200);
  }
  for (gsize i = 0; i < G_N_ELEMENTS(others); i++) {
    g_autofree char *token = token_for_role(others[i]);
    g_autoptr(Answer) answer = call("GET", REVENUE "?period=abc", .token = token);
    assert_error_code(answer, 403, FORBIDDEN, "forbidden");
  }
  g_autoptr(Answer) nobody = call("GET", REVENUE JANUARY);
  assert_error(nobody, 401, "Não autenticado.");
  g_autoptr(Answer) bearer = call("GET", REVENUE JANUARY, .token = harness_env("CRON_SECRET"));
  assert_error(bearer, 401, "Não autenticado.");
  g_autoptr(Answer) header = call("GET", REVENUE JANUARY, .headers = {cron});
  assert_error(header, 401, "Não autenticado.");
}

static void
test_other_methods_and_a_trailing_slash(G_GNUC_UNUSED void **state)
{
  g_autofree char *token = token_for_role("fin");
  snapshot_put("2026-01", "7", "5");
  g_autoptr(Answer) post = call("POST", REVENUE JANUARY, .token = token);
  assert_error(post, 405, "Método não permitido.");
  assert_header(post, "allow", "GET, HEAD");
  g_autoptr(Answer) slash = call("GET", REVENUE "/" JANUARY, .token = token);
  assert_member(slash, "source", "snapshot");
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      CASE(test_a_month_with_a_snapshot_is_shown_without_asking_omie),
      CASE(test_first_to_last_day_is_the_month),
      CASE(test_without_parameters_it_is_the_month_before_this_one),
      CASE(test_every_code_of_a_large_month_is_shown),
      CASE(test_a_month_without_a_snapshot_is_read_from_omie),
      CASE(test_part_of_a_month_is_live_whatever_is_stored),
      CASE(test_several_months_are_one_live_reading),
      CASE(test_a_live_answer_is_used_again_for_two_minutes),
      CASE(test_an_empty_answer_is_used_again_too),
      CASE(test_a_failure_is_told_and_not_remembered),
      CASE(test_an_old_answer_does_not_hide_a_failure),
      CASE(test_each_failure_of_omie_has_its_status),
      CASE(test_a_fault_that_echoes_the_secret_shows_it_nowhere),
      CASE(test_of_two_callers_at_once_one_asks_omie_for_both),
      CASE(test_twenty_callers_at_once_get_one_answer),
      CASE(test_who_waited_for_a_failure_is_told_the_same),
      CASE(test_who_waits_for_a_dead_fetcher_takes_over_after_its_lease),
      CASE(test_who_waits_for_a_killed_fetcher_takes_over_after_its_lease),
      CASE(test_nobody_waits_for_another_for_ever),
      CASE(test_who_waits_leaves_when_the_program_is_asked_to_stop),
      CASE(test_what_is_no_period_is_refused),
      CASE(test_a_whole_leap_year_may_be_asked_for),
      CASE(test_only_the_four_roles_see_revenue),
      CASE(test_other_methods_and_a_trailing_slash),
  };
  return RUN("revenue", tests);
}
