/* The scheduled reading of revenue: who may start it, which parameters and bodies it takes, and
 * what it answers (fin.md 2.12, 3.2, 3.3, 7.1 to 7.4, 7.11). */
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

int
main(void)
{
  const struct CMUnitTest tests[] = {
      CASE(test_the_secret_opens_both_methods_in_both_headers),
      CASE(test_without_the_secret_nothing_runs),
      CASE(test_without_a_configured_secret_the_route_is_closed),
      CASE(test_the_answer_has_exactly_the_documented_members),
      CASE(test_a_run_is_kept_in_the_log_of_jobs),
      CASE(test_what_is_no_month_is_refused),
      CASE(test_a_period_given_twice_is_refused),
      CASE(test_a_month_to_come_is_refused_and_the_current_one_is_not),
      CASE(test_a_body_carries_nothing_and_must_be_an_object),
      CASE(test_a_trailing_slash_makes_no_difference),
  };
  return RUN("revenue: cron", tests);
}
