/* The scheduled reading of revenue: who may start it, for which month, what it answers, and that
 * one run at a time works on a month (fin.md 2.12, 3.2, 3.3, 7.1 to 7.5, 7.11). */
#include "harness_revenue.h"

#include <string.h>

#define BAD_PERIOD "period deve ser YYYY-MM ou YYYY-MM-01."

static void
assert_nothing_happened(void)
{
  assert_count(0, "fin.job_run");
  assert_count(0, "fin.erp_revenue_snapshot");
  assert_int_equal(titles_calls(), 0);
}

/* 7.1, 2.12 */
static void
test_the_secret_opens_both_methods_in_both_headers(G_GNUC_UNUSED void **state)
{
  static const char *const methods[] = {"GET", "POST"};
  const char *secret = harness_env("CRON_SECRET");
  g_autofree char *header = g_strconcat("x-cron-secret: ", secret, NULL);
  title(1, "10/01/2026", "7", "1.5", "");
  for (gsize i = 0; i < G_N_ELEMENTS(methods); i++) {
    g_autoptr(Answer) bearer = call(methods[i], CRON_REVENUE JANUARY, .token = secret);
    assert_status(bearer, 200);
    omie_forget();
    g_autoptr(Answer) own = call(methods[i], CRON_REVENUE JANUARY, .headers = {header});
    assert_status(own, 200);
    assert_string_equal(own->body, bearer->body);
    omie_forget();
  }
  assert_count(4, "fin.job_run where status = 'success'");
}

/* F51, F53: a bearer value alone decides, whatever stands beside it */
static void
test_without_the_secret_nothing_runs(G_GNUC_UNUSED void **state)
{
  const char *secret = harness_env("CRON_SECRET");
  g_autofree char *right = g_strconcat("x-cron-secret: ", secret, NULL);
  g_autofree char *longer = g_strconcat(secret, "x", NULL);
  g_autofree char *shorter = g_strndup(secret, strlen(secret) - 1);
  g_autofree char *admin = token_for_role("admin");
  const struct {
    const char *token, *header;
  } cases[] = {{NULL, NULL},
               {NULL, "x-cron-secret: wrong-wrong-wrong-wrong"},
               {NULL, "x-cron-secret;"},
               {"wrong-wrong-wrong-wrong", NULL},
               {"wrong-wrong-wrong-wrong", right},
               {longer, NULL},
               {shorter, NULL},
               {admin, NULL},
               {admin, right}};
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(Answer) post =
        call("POST", CRON_REVENUE JANUARY, .token = cases[i].token, .headers = {cases[i].header});
    assert_error(post, 401, "Não autorizado.");
    g_autoptr(Answer) get = call("GET", CRON_REVENUE "?period=abc", .token = cases[i].token,
                                 .headers = {cases[i].header});
    assert_error(get, 401, "Não autorizado.");
  }
  assert_nothing_happened();
}

/* F52; DESIGN: one shorter than 16 characters is none */
static void
test_without_a_configured_secret_the_route_is_closed(G_GNUC_UNUSED void **state)
{
  static const char *const settings[] = {"CRON_SECRET=", "CRON_SECRET=fifteen-letters"};
  for (gsize i = 0; i < G_N_ELEMENTS(settings); i++) {
    program_restart(CRON_PROGRAM, settings[i]);
    g_autoptr(Answer) answer =
        call("POST", CRON_REVENUE JANUARY, .token = strchr(settings[i], '=') + 1);
    assert_error(answer, 500, "CRON_SECRET não configurado.");
  }
  assert_nothing_happened();
}

/* 7.11, 3.1 */
static void
test_the_answer_has_exactly_the_documented_members(G_GNUC_UNUSED void **state)
{
  title(1, "10/01/2026", "7", "1.5", "");
  title(2, "10/01/2026", "7", "1.5", "");
  title(3, "10/01/2026", "8", "1.5", "");
  g_autoptr(Answer) answer = cron_post(JANUARY);
  assert_status(answer, 200);
  assert_string_equal(answer->body,
                      "{\"ok\":true,\"period\":\"2026-01-01\",\"recordCount\":2,"
                      "\"message\":\"Snapshot Omie para 2026-01-01: 2 cliente(s).\"}");
  assert_header(answer, "content-type", "application/json; charset=utf-8");
  assert_header(answer, "cache-control", "no-store");
  assert_header(answer, "x-content-type-options", "nosniff");
}

/* 4.7 */
static void
test_a_run_is_kept_in_the_log_of_jobs(G_GNUC_UNUSED void **state)
{
  title(1, "10/01/2026", "7", "1.5", "");
  cron_ok(JANUARY);
  assert_count(1, "fin.job_run");
  assert_last_job("job", "sync-omie-revenue");
  assert_last_job("period", "2026-01-01");
  assert_last_job("status", "success");
  assert_last_job("record_count", "1");
  assert_last_job("error_message", NULL);
  assert_last_job("finished_at >= started_at", "true");
}

static void
assert_asked(guint nth, const char *from, const char *to)
{
  g_autofree char *text = titles_parameters(nth);
  g_autoptr(json_t) param = json_loads(text, 0, NULL);
  const char *first = json_string_value(json_object_get(param, "filtrar_por_registro_de"));
  const char *last = json_string_value(json_object_get(param, "filtrar_por_registro_ate"));
  assert_non_null(first);
  assert_non_null(last);
  assert_string_equal(first, from);
  assert_string_equal(last, to);
}

/* F50: first and last day of the month that was named, leap years included */
static void
test_omie_is_asked_for_the_whole_month_that_was_named(G_GNUC_UNUSED void **state)
{
  static const struct {
    const char *query, *period, *from, *to;
  } cases[] = {{"?period=2024-02", "2024-02-01", "01/02/2024", "29/02/2024"},
               {"?period=2026-02", "2026-02-01", "01/02/2026", "28/02/2026"},
               {"?period=2026-01", "2026-01-01", "01/01/2026", "31/01/2026"},
               {"?period=2026-04-01", "2026-04-01", "01/04/2026", "30/04/2026"},
               {"?period=2025-12-01&x=1", "2025-12-01", "01/12/2025", "31/12/2025"}};
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(Answer) answer = cron_post(cases[i].query);
    assert_status(answer, 200);
    assert_member(answer, "period", cases[i].period);
    assert_asked(i + 1, cases[i].from, cases[i].to);
  }
}

/* F48, F49, F50: the day of an instant in São Paulo; the month before a day is test_date.c's */
static void
test_the_calendar_is_that_of_sao_paulo(G_GNUC_UNUSED void **state)
{
  static const struct {
    const char *instant, *zone, *day;
  } cases[] = {{"2026-02-15T12:00Z", "America/Sao_Paulo", "2026-02-15"},
               {"2026-03-01T02:00Z", "America/Sao_Paulo", "2026-02-28"},
               {"2026-03-01T02:59:59.999Z", "America/Sao_Paulo", "2026-02-28"},
               {"2026-03-01T03:00Z", "America/Sao_Paulo", "2026-03-01"},
               {"2026-03-01T05:00Z", "America/Sao_Paulo", "2026-03-01"},
               {"2024-03-01T02:00Z", "America/Sao_Paulo", "2024-02-29"},
               {"2019-01-01T01:30Z", "America/Sao_Paulo", "2018-12-31"}, /* summer time: -2 h */
               {"2019-01-01T02:30Z", "America/Sao_Paulo", "2019-01-01"},
               {"2026-03-01T02:00Z", "UTC", "2026-03-01"},
               {"2026-02-28T23:00-03", "America/Sao_Paulo", "2026-02-28"}};
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++)
    assert_sql(cases[i].day, "select ponte.local_date($1::timestamptz, $2)::text", cases[i].instant,
               cases[i].zone);
}

/* The program's clock: a now() that its login finds before Postgres's own. */
static void
clock_is(const char *instant)
{
  g_autofree char *now =
      g_strdup_printf("create or replace function probe.now() returns timestamptz"
                      "  language sql stable as $$ select timestamptz '%s' $$",
                      instant);
  sql("create schema if not exists probe");
  sql("grant usage on schema probe to public");
  sql(now);
  sql("alter role ponte set search_path = probe, pg_catalog");
  program_restart(CRON_PROGRAM, "OMIE_PAGE_SIZE=500"); /* which reads it when it connects */
}

static int
clock_after(void **state)
{
  sql("alter role ponte reset search_path");
  sql("drop schema if exists probe cascade");
  return harness_after(state);
}

#define CASE_OF_CLOCK(test) cmocka_unit_test_setup_teardown(test, harness_before, clock_after)

/* F48, F49, F50, 3.6: the month before, as São Paulo's calendar has it at that instant */
static void
test_the_month_before_is_that_of_sao_paulo(G_GNUC_UNUSED void **state)
{
  static const struct {
    const char *now, *period, *from, *to;
  } cases[] = {{"2026-02-15T12:00Z", "2026-01-01", "01/01/2026", "31/01/2026"},
               {"2026-03-01T02:00Z", "2026-01-01", "01/01/2026", "31/01/2026"},
               {"2026-03-01T05:00Z", "2026-02-01", "01/02/2026", "28/02/2026"},
               {"2024-03-31T12:00Z", "2024-02-01", "01/02/2024", "29/02/2024"},
               {"2026-01-01T02:59Z", "2025-11-01", "01/11/2025", "30/11/2025"}};
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    clock_is(cases[i].now);
    omie_forget();
    g_autoptr(Answer) answer = cron_post("");
    assert_status(answer, 200);
    assert_member(answer, "period", cases[i].period);
    assert_asked(i + 1, cases[i].from, cases[i].to);
  }
}

/* F49, 7.4: at 23:00 of 28 February March is yet to come */
static void
test_a_month_begins_at_midnight_of_sao_paulo(G_GNUC_UNUSED void **state)
{
  clock_is("2026-03-01T02:00Z");
  g_autoptr(Answer) early = cron_post("?period=2026-03");
  assert_error(early, 400, "period não pode ser futuro.");
  clock_is("2026-03-01T03:00Z");
  assert_int_equal(cron_ok("?period=2026-03"), 0);
}

/* 7.3, by the database's clock */
static void
test_without_a_period_the_month_before_this_one_is_read(G_GNUC_UNUSED void **state)
{
  g_autofree char *first =
      sql_text("select (date_trunc('month', now() at time zone 'America/Sao_Paulo')"
               "        - interval '1 month')::date::text");
  g_autofree char *from = sql_text("select to_char($1::date, 'DD/MM/YYYY')", first);
  g_autofree char *to = sql_text(
      "select to_char($1::date + interval '1 month' - interval '1 day', 'DD/MM/YYYY')", first);
  g_autoptr(Answer) answer = cron_post("");
  assert_status(answer, 200);
  assert_member(answer, "period", first);
  assert_asked(1, from, to);
}

/* F54 */
static void
test_what_is_no_month_is_refused(G_GNUC_UNUSED void **state)
{
  static const char *const periods[] = {
      "2026-13",
      "2026-00",
      "2026-1",
      "2026-01-15",
      "2026-01-31",
      "2026-01-1",
      "abc",
      "",
      "2026",
      "2026-",
      "202601",
      "01/2026",
      "2026-01-01T00:00Z",
      "%202026-01",
      "2026-01%20",
      "-2026-01",

      "2026%E2%80%9001",
      "2026-01;drop",
      "0000-01",
  };
  for (gsize i = 0; i < G_N_ELEMENTS(periods); i++) {
    g_autofree char *query = g_strconcat("?period=", periods[i], NULL);
    g_autoptr(Answer) answer = cron_post(query);
    assert_error_code(answer, 400, BAD_PERIOD, "invalid_parameter");
  }
  assert_nothing_happened();
}

/* 3.3 */
static void
test_a_period_given_twice_is_refused(G_GNUC_UNUSED void **state)
{
  g_autoptr(Answer) answer = cron_post("?period=2026-01&period=2026-01");
  assert_error_code(answer, 400, "Parâmetro repetido: period.", "repeated_parameter");
  assert_nothing_happened();
}

/* 7.4 */
static void
test_a_month_to_come_is_refused_and_the_current_one_is_not(G_GNUC_UNUSED void **state)
{
  static const char month_of[] = "select to_char((now() at time zone 'America/Sao_Paulo')"
                                 "  + $1::interval, '\"?period=\"YYYY-MM')";
  g_autofree char *this_month = sql_text(month_of, "0");
  g_autofree char *next_month =
      sql_text("select to_char(date_trunc('month', now() at time zone 'America/Sao_Paulo')"
               "  + interval '1 month', '\"?period=\"YYYY-MM-DD')");
  const char *const future[] = {next_month, "?period=2999-01", "?period=9999-12"};
  for (gsize i = 0; i < G_N_ELEMENTS(future); i++) {
    g_autoptr(Answer) refused = cron_post(future[i]);
    assert_error_code(refused, 400, "period não pode ser futuro.", "invalid_parameter");
  }
  assert_nothing_happened();
  assert_int_equal(cron_ok(this_month), 0);
}

/* 3.2, 3.3 */
static void
test_a_body_carries_nothing_and_must_be_an_object(G_GNUC_UNUSED void **state)
{
  const char *secret = harness_env("CRON_SECRET");
  g_autofree char *large = g_strnfill(4097, ' ');
  g_autofree char *x = g_strnfill(2100, 'x');
  g_autofree char *long_path = g_strconcat(CRON_REVENUE JANUARY "&x=", x, NULL);
  g_autoptr(Answer) text = call("POST", CRON_REVENUE JANUARY, .token = secret, .body = "x",
                                .content_type = "text/plain");
  assert_error(text, 415, "Content-Type deve ser application/json.");
  g_autoptr(Answer) broken = call("POST", CRON_REVENUE JANUARY, .token = secret, .body = "[1,2");
  assert_error(broken, 400, "Body JSON inválido.");
  g_autoptr(Answer) too_large = call("POST", CRON_REVENUE JANUARY, .token = secret, .body = large);
  assert_error(too_large, 413, "Corpo da requisição excede o limite.");
  g_autoptr(Answer) too_long = call("GET", long_path, .token = secret);
  assert_error_code(too_long, 414, NULL, "uri_too_long");
  g_autoptr(Answer) put = call("PUT", CRON_REVENUE JANUARY, .token = secret);
  assert_error(put, 405, "Método não permitido.");
  assert_nothing_happened();
  g_autoptr(Answer) fine =
      call("POST", CRON_REVENUE JANUARY, .token = secret, .body = "{\"period\":\"2025-01\"}");
  assert_status(fine, 200);
  assert_member(fine, "period", "2026-01-01");
}

static void
test_a_trailing_slash_makes_no_difference(G_GNUC_UNUSED void **state)
{
  g_autoptr(Answer) answer =
      call("GET", CRON_REVENUE "/" JANUARY, .token = harness_env("CRON_SECRET"));
  assert_status(answer, 200);
  assert_member(answer, "period", "2026-01-01");
}

/* F60, 7.5 */
static void
test_a_second_run_of_the_same_month_is_turned_away(G_GNUC_UNUSED void **state)
{
  title(1, "10/01/2026", "7", "1.5", "");
  titles_hold(1);
  Pending *first = cron_start(JANUARY);
  WAIT_FOR(held_count() == 1);
  {
    g_autoptr(Answer) second = cron_post("?period=2026-01-01");
    assert_error_code(second, 409, "Execução em andamento para 2026-01-01.", "in_progress");
  }
  omie_release();
  g_autoptr(Answer) answer = call_finish(first);
  assert_status(answer, 200);
  assert_count(1, "fin.job_run");
  assert_int_equal(titles_calls(), 1);
  assert_snapshot("2026-01", "7=1.50");
}

static guint
done_of(Pending *const *calls, guint count)
{
  guint done = 0;
  for (guint i = 0; i < count; i++)
    done += call_is_done(calls[i]) ? 1 : 0;
  return done;
}

/* F60 */
static void
test_of_ten_callers_at_the_same_instant_one_runs(G_GNUC_UNUSED void **state)
{
  enum { CALLERS = 10 };
  Pending *calls[CALLERS];
  guint good = 0, busy = 0;
  program_restart(CRON_PROGRAM, "ROUTE_WORKERS=10");
  title(1, "10/01/2026", "7", "1.5", "");
  titles_hold(1);
  for (guint i = 0; i < CALLERS; i++)
    calls[i] = cron_start(JANUARY);
  WAIT_FOR(done_of(calls, CALLERS) == CALLERS - 1);
  omie_release();
  for (guint i = 0; i < CALLERS; i++) {
    g_autoptr(Answer) answer = call_finish(calls[i]);
    good += answer->status == 200;
    busy += answer->status == 409;
  }
  assert_int_equal(good, 1);
  assert_int_equal(busy, CALLERS - 1);
  assert_count(1, "fin.job_run");
  assert_snapshot("2026-01", "7=1.50");
}

/* 7.5: the exclusion is per month; Omie still sees one call at a time */
static void
test_another_month_may_run_meanwhile(G_GNUC_UNUSED void **state)
{
  title(1, "10/01/2026", "7", "1.5", "");
  title(2, "10/02/2026", "8", "2.5", "");
  titles_hold(1);
  Pending *january = cron_start(JANUARY);
  WAIT_FOR(held_count() == 1);
  Pending *february = cron_start("?period=2026-02");
  WAIT_FOR(sql_number("select count(*) from fin.job_run where status = 'running'") == 2);
  omie_release();
  g_autoptr(Answer) first = call_finish(january), second = call_finish(february);
  assert_status(first, 200);
  assert_status(second, 200);
  assert_snapshot("2026-01", "7=1.50");
  assert_snapshot("2026-02", "8=2.50");
  assert_count(0, "sandbox.omie_call where verdict = 'busy'");
}

/* 7.5: a run of another host, alive */
static void
test_a_live_run_of_another_host_is_respected(G_GNUC_UNUSED void **state)
{
  sql("insert into fin.job_run (id, job, period, lease_until) values"
      " (gen_random_uuid(), 'sync-omie-revenue', '2026-01-01', now() + interval '1 min')");
  g_autoptr(Answer) answer = cron_post(JANUARY);
  assert_error_code(answer, 409, "Execução em andamento para 2026-01-01.", "in_progress");
  assert_int_equal(titles_calls(), 0);
  assert_count(1, "fin.job_run where status = 'running'");
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      CASE(test_the_secret_opens_both_methods_in_both_headers),
      CASE(test_without_the_secret_nothing_runs),
      CASE(test_without_a_configured_secret_the_route_is_closed),
      CASE(test_the_answer_has_exactly_the_documented_members),
      CASE(test_a_run_is_kept_in_the_log_of_jobs),
      CASE(test_omie_is_asked_for_the_whole_month_that_was_named),
      CASE(test_the_calendar_is_that_of_sao_paulo),
      CASE(test_without_a_period_the_month_before_this_one_is_read),
      CASE_OF_CLOCK(test_the_month_before_is_that_of_sao_paulo),
      CASE_OF_CLOCK(test_a_month_begins_at_midnight_of_sao_paulo),
      CASE(test_what_is_no_month_is_refused),
      CASE(test_a_period_given_twice_is_refused),
      CASE(test_a_month_to_come_is_refused_and_the_current_one_is_not),
      CASE(test_a_body_carries_nothing_and_must_be_an_object),
      CASE(test_a_trailing_slash_makes_no_difference),
      CASE(test_a_second_run_of_the_same_month_is_turned_away),
      CASE(test_of_ten_callers_at_the_same_instant_one_runs),
      CASE(test_another_month_may_run_meanwhile),
      CASE(test_a_live_run_of_another_host_is_respected),
  };
  return RUN("revenue: cron", tests);
}
