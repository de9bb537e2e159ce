/* Whatever Omie or the database does to a reading of revenue, the stored month stays as it was, the
 * run is in the log, and the next run leaves exactly what an undisturbed one does (fin.md 5.4
 * to 5.9, 7.8, 7.11). */
#include "harness_stored_month.h"

#include <string.h>

/* F58 */
static void
test_a_fault_on_page_two_leaves_the_stored_month(G_GNUC_UNUSED void **state)
{
  program_restart(CRON_PROGRAM, ONE_A_PAGE);
  stored_month_put();
  titles_fault(2, 500, "SOAP-ENV:Client-105", "ERROR: Algo deu errado!");
  assert_cron_fails(JANUARY, "Omie API 500: ERROR: Algo deu errado!");
  assert_stored_month_stays();
  g_autofree char *pages = titles_pages();
  assert_string_equal(pages, "1,2");
  assert_next_run_stores_new_month();
}

static void
test_a_fault_on_the_last_page_leaves_the_stored_month(G_GNUC_UNUSED void **state)
{
  program_restart(CRON_PROGRAM, ONE_A_PAGE);
  stored_month_put();
  titles_fault(3, 200, "SOAP-ENV:Client-105", "ERROR: Quase!");
  assert_cron_fails(JANUARY, "Omie: ERROR: Quase!");
  assert_stored_month_stays();
  assert_next_run_stores_new_month();
}

/* What Omie may answer instead of a page, and what the scheduler and the log say then */
static void
test_an_unusable_answer_leaves_the_stored_month(G_GNUC_UNUSED void **state)
{
  static const struct {
    OmieAnswer answer;
    const char *text;
    gint64 calls; /* with the page before it */
  } cases[] = {
      {{.body = "<html><body>Manutenção</body></html>", .type = "text/html"},
       "Omie: resposta inválida (JSON).",
       4},
      {{.body = "[]"}, "Omie: resposta inválida (JSON).", 4},
      {{.body = ""}, "Omie: resposta inválida (JSON).", 4},
      {{.trick = "cut"}, "Omie: resposta inválida (JSON).", 4},
      {{.trick = "reset"}, "Omie: falha de conexão.", 4},
      {{.status = 502, .body = "<html></html>", .type = "text/html"},
       "Omie API 502: Bad Gateway",
       4},
      {{.status = 429}, "Omie API 429: Too Many Requests", 5},
      {{.status = 401, .body = "{\"faultstring\":\"Chave inv\\u00e1lida.\"}"},
       "Omie API 401: Chave inválida.",
       2},
  };
  program_restart(CRON_PROGRAM, ONE_A_PAGE, SHORT_WAITS);
  stored_month_put();
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    OmieAnswer answer = cases[i].answer;
    answer.method = LIST_TITLES;
    answer.page = 2;
    omie_answer_with(&answer);
    gint64 before = titles_calls();
    assert_cron_fails(JANUARY, cases[i].text);
    /* libcurl itself sends a request once more when a kept connection dies under it */
    gint64 more = g_strcmp0(answer.trick, "reset") == 0;
    assert_in_range(titles_calls() - before, cases[i].calls, cases[i].calls + more);
    assert_stored_month_stays();
    omie_recovers();
    sql("delete from erp.rate_bucket");
  }
  assert_next_run_stores_new_month();
}

/* F24 */
static void
test_a_page_that_never_comes_is_a_time_limit(G_GNUC_UNUSED void **state)
{
  program_restart(CRON_PROGRAM, ONE_A_PAGE, SHORT_WAITS, "OMIE_TIMEOUT_MS=1000");
  stored_month_put();
  titles_hold(2);
  assert_cron_fails(JANUARY, "Omie: tempo limite de 1 s excedido.");
  assert_stored_month_stays();
  assert_next_run_stores_new_month();
}

/* F28 */
static void
test_a_redundant_call_is_repeated_after_the_time_that_omie_names(G_GNUC_UNUSED void **state)
{
  stored_month_put();
  g_autofree char *body = sql_text(
      "select sandbox.omie_fault_text('SOAP-ENV:Client-6', 'ERROR: Consumo redundante detectado."
      " Aguarde 2 segundos para tentar novamente (REDUNDANT).')");
  omie_answer(.method = LIST_TITLES, .times = 1, .status = 500, .body = body);
  assert_int_equal(cron_ok(JANUARY), 2);
  assert_int_equal(titles_calls(), 2);
  assert_sql("t", "select max(at) - min(at) between '3 s' and '6 s' from sandbox.omie_call");
  assert_snapshot("2026-01", NEW_MONTH);
}

/* F29 */
static void
test_a_block_ends_the_run_and_holds_back_the_next(G_GNUC_UNUSED void **state)
{
  static const char text[] =
      "API bloqueada por consumo indevido. Tente novamente em 1764 segundos.";
  stored_month_put();
  titles_fault(0, 425, "MISUSE_API_PROCESS", text);
  g_autofree char *expected = g_strconcat("Omie API 425: ", text, NULL);
  assert_cron_fails(JANUARY, expected);
  assert_int_equal(titles_calls(), 1);
  assert_cron_fails(JANUARY, "Omie: chamadas suspensas para evitar bloqueio.");
  assert_int_equal(titles_calls(), 1);
  assert_count(2, "fin.job_run where status = 'error'");
  assert_stored_month_stays();
  assert_next_run_stores_new_month();
}

/* F26 */
static void
test_a_long_fault_is_cut_at_500_characters_for_log_and_caller(G_GNUC_UNUSED void **state)
{
  g_autofree char *body = sql_text("select sandbox.omie_fault_text('X-1', repeat('ção', 300))");
  omie_answer(.method = LIST_TITLES, .status = 500, .body = body);
  g_autoptr(Answer) answer = cron_post(JANUARY);
  assert_error_code(answer, 500, NULL, "job_failed");
  const char *text = answer_text(answer, "error");
  assert_int_equal(g_utf8_strlen(text, -1), 500);
  assert_true(g_str_has_prefix(text, "Omie API 500: çãoção"));
  assert_last_job("error_message", text);
}

/* F27, 15.2 */
static void
test_a_fault_that_echoes_the_secret_shows_it_nowhere(G_GNUC_UNUSED void **state)
{
  gsize mark = program_log_mark(CRON_PROGRAM);
  const char *secret = harness_env("OMIE_APP_SECRET"), *key = harness_env("OMIE_APP_KEY");
  g_autofree char *fault = g_strdup_printf("ERROR: chave %s, segredo %s!", key, secret);
  titles_fault(0, 500, "SOAP-ENV:Client-101", fault);
  assert_cron_fails(JANUARY, "Omie API 500: ERROR: chave ***, segredo ***!");
  g_autofree char *log = program_log_since(CRON_PROGRAM, mark);
  assert_non_null(strstr(log, "job failed"));
  assert_null(strstr(log, secret));
  assert_null(strstr(log, key));
  assert_null(strstr(log, harness_env("CRON_SECRET")));
  assert_sql("0", "select count(*)::text from fin.job_run r where strpos(r::text, $1) > 0", secret);
}

/* F30 */
static void
test_without_credentials_the_run_says_which_variables_are_missing(G_GNUC_UNUSED void **state)
{
  program_restart(CRON_PROGRAM, "OMIE_APP_KEY=", "OMIE_APP_SECRET=");
  stored_month_put();
  assert_cron_fails(JANUARY, "OMIE_APP_KEY e OMIE_APP_SECRET devem estar definidos.");
  assert_stored_month_stays();
}

/* 7.11 */
static void
test_a_database_that_is_away_is_a_failed_job(G_GNUC_UNUSED void **state)
{
  stored_month_put();
  postgres_stop();
  g_autoptr(Answer) answer = cron_post(JANUARY);
  postgres_start();
  assert_error_code(answer, 500, "Serviço indisponível.", "job_failed");
  assert_stored_month_stays();
}

/* 7.8: a row that the database refuses takes the others back */
static void
test_a_refused_row_leaves_the_stored_month(G_GNUC_UNUSED void **state)
{
  stored_month_put();
  sql("create schema if not exists probe");
  sql("create or replace function probe.refuse() returns trigger language plpgsql as $$"
      "  begin raise exception 'refused by the test'; end $$");
  sql("create trigger probe_refuse before insert on fin.erp_revenue_snapshot for each row"
      " when (new.omie_codigo = '9') execute function probe.refuse()");
  g_autoptr(Answer) answer = cron_post(JANUARY);
  sql("drop schema probe cascade");
  assert_error_code(answer, 500, "Erro interno.", "job_failed");
  assert_last_job("status", "error");
  assert_last_job("error_message", "Erro interno.");
  assert_stored_month_stays();
  assert_next_run_stores_new_month();
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      CASE(test_a_fault_on_page_two_leaves_the_stored_month),
      CASE(test_a_fault_on_the_last_page_leaves_the_stored_month),
      CASE(test_an_unusable_answer_leaves_the_stored_month),
      CASE(test_a_page_that_never_comes_is_a_time_limit),
      CASE(test_a_redundant_call_is_repeated_after_the_time_that_omie_names),
      CASE(test_a_block_ends_the_run_and_holds_back_the_next),
      CASE(test_a_long_fault_is_cut_at_500_characters_for_log_and_caller),
      CASE(test_a_fault_that_echoes_the_secret_shows_it_nowhere),
      CASE(test_without_credentials_the_run_says_which_variables_are_missing),
      CASE(test_a_database_that_is_away_is_a_failed_job),
      CASE(test_a_refused_row_leaves_the_stored_month),
  };
  return RUN("revenue: faults", tests);
}
