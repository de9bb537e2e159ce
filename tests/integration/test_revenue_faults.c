/* Whatever stops a reading of revenue before its end, the stored month stays as it was, the run is
 * in the log, and the next run leaves exactly what an undisturbed one does (fin.md 5.4 to 5.9, 7.5,
 * 7.8, 7.9, 7.11). */
#include "harness_revenue.h"

#include <signal.h>
#include <string.h>

#define OLD    "7=5.00 8=6.00"
#define NEW    "7=3.00 9=300.00"
#define ONE_BY "OMIE_PAGE_SIZE=1"

/* A stored month, and three titles, one on each page, that would change it. */
static void
arrange(void)
{
  snapshot_put("2026-01", "7", "5.00");
  snapshot_put("2026-01", "8", "6.00");
  title(1, "10/01/2026", "7", "1", "");
  title(2, "10/01/2026", "7", "2", "");
  title(3, "10/01/2026", "9", "300", "");
}

/* The month is still what it was, to the instant of its reading. */
#define assert_untouched() assert_untouched_at(__FILE__, __LINE__)
static void
assert_untouched_at(const char *file, int line)
{
  assert_snapshot_at("2026-01", OLD, file, line);
  assert_sql_text(file, line, "2",
                  "select count(*)::text from fin.erp_revenue_snapshot"
                  " where created_at = '2026-02-01T05:00:07.112Z'",
                  NULL);
}

/* The sandbox plays no tricks any more, and time has passed. */
static void
all_is_well_again(void)
{
  omie_release();
  omie_answers_clear();
  omie_forget();
  sql("delete from erp.call_guard");
  sql("delete from erp.call_slot");
}

#define assert_next_run_is_good() assert_next_run_is_good_at(__FILE__, __LINE__)
static void
assert_next_run_is_good_at(const char *file, int line)
{
  all_is_well_again();
  if (cron_ok_at(JANUARY, file, line) != 2)
    _fail(file, line);
  assert_snapshot_at("2026-01", NEW, file, line);
  assert_last_job_at("status", "success", file, line);
  assert_sql_text(file, line, "0",
                  "select count(*)::text from fin.job_run where status = 'running'", NULL);
}

/* What a run that is under way looks like to others, at its second page. */
static Pending *
start_and_hold_at_page_two(void)
{
  titles_hold(2);
  Pending *call = cron_start(JANUARY);
  WAIT_FOR(held_count() == 1);
  assert_untouched();
  assert_last_job("status", "running");
  assert_last_job("finished_at", NULL);
  return call;
}

/* F58 */
static void
test_a_fault_on_page_two_leaves_the_stored_month(G_GNUC_UNUSED void **state)
{
  program_restart(CRON_PROGRAM, ONE_BY);
  arrange();
  titles_fault(2, 500, "SOAP-ENV:Client-105", "ERROR: Algo deu errado!");
  assert_cron_fails(JANUARY, "Omie API 500: ERROR: Algo deu errado!");
  assert_untouched();
  g_autofree char *pages = titles_pages();
  assert_string_equal(pages, "1,2");
  assert_next_run_is_good();
}

static void
test_a_fault_on_the_last_page_leaves_the_stored_month(G_GNUC_UNUSED void **state)
{
  program_restart(CRON_PROGRAM, ONE_BY);
  arrange();
  titles_fault(3, 200, "SOAP-ENV:Client-105", "ERROR: Quase!");
  assert_cron_fails(JANUARY, "Omie: ERROR: Quase!");
  assert_untouched();
  assert_next_run_is_good();
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
  program_restart(CRON_PROGRAM, ONE_BY, SHORT_WAITS);
  arrange();
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
    assert_untouched();
    all_is_well_again();
    sql("delete from erp.rate_bucket");
  }
  assert_next_run_is_good();
}

/* F24 */
static void
test_a_page_that_never_comes_is_a_time_limit(G_GNUC_UNUSED void **state)
{
  program_restart(CRON_PROGRAM, ONE_BY, SHORT_WAITS, "OMIE_TIMEOUT_MS=1000");
  arrange();
  titles_hold(2);
  assert_cron_fails(JANUARY, "Omie: tempo limite de 1 s excedido.");
  assert_untouched();
  assert_next_run_is_good();
}

/* F28 */
static void
test_a_redundant_call_is_repeated_after_the_time_that_omie_names(G_GNUC_UNUSED void **state)
{
  arrange();
  g_autofree char *body = sql_text(
      "select sandbox.omie_fault_text('SOAP-ENV:Client-6', 'ERROR: Consumo redundante detectado."
      " Aguarde 2 segundos para tentar novamente (REDUNDANT).')");
  omie_answer(.method = LIST_TITLES, .times = 1, .status = 500, .body = body);
  assert_int_equal(cron_ok(JANUARY), 2);
  assert_int_equal(titles_calls(), 2);
  assert_sql("t", "select max(at) - min(at) between '3 s' and '6 s' from sandbox.omie_call");
  assert_snapshot("2026-01", NEW);
}

/* F29 */
static void
test_a_block_ends_the_run_and_holds_back_the_next(G_GNUC_UNUSED void **state)
{
  static const char text[] =
      "API bloqueada por consumo indevido. Tente novamente em 1764 segundos.";
  arrange();
  titles_fault(0, 425, "MISUSE_API_PROCESS", text);
  g_autofree char *expected = g_strconcat("Omie API 425: ", text, NULL);
  assert_cron_fails(JANUARY, expected);
  assert_int_equal(titles_calls(), 1);
  assert_cron_fails(JANUARY, "Omie: chamadas suspensas para evitar bloqueio.");
  assert_int_equal(titles_calls(), 1);
  assert_count(2, "fin.job_run where status = 'error'");
  assert_untouched();
  assert_next_run_is_good();
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
  arrange();
  assert_cron_fails(JANUARY, "OMIE_APP_KEY e OMIE_APP_SECRET devem estar definidos.");
  assert_untouched();
}

/* 7.5, 7.8: kill -9 of parent and workers before the last page */
static void
test_a_killed_program_leaves_the_stored_month(G_GNUC_UNUSED void **state)
{
  program_restart(CRON_PROGRAM, ONE_BY);
  arrange();
  Pending *call = start_and_hold_at_page_two();
  program_kill(CRON_PROGRAM);
  omie_release();
  answer_free(call_finish(call));
  program_restart(CRON_PROGRAM, ONE_BY);
  assert_untouched();
  assert_last_job("status", "running"); /* nobody was there to say otherwise */
  {
    g_autoptr(Answer) early = cron_post(JANUARY);
    assert_error_code(early, 409, "Execução em andamento para 2026-01-01.", "in_progress");
  }
  sql("update fin.job_run set lease_until = now() - interval '1 ms'");
  assert_next_run_is_good();
  assert_count(2, "fin.job_run");
  assert_count(1, "fin.job_run where status = 'error' and error_message = '" INTERRUPTED "'"
                  "   and finished_at is not null");
}

/* 7.5: the lease itself, without anybody's help */
static void
test_the_run_of_a_dead_program_is_taken_over_after_its_lease(G_GNUC_UNUSED void **state)
{
  program_restart(CRON_PROGRAM, ONE_BY, "FIN_JOB_LEASE_S=2");
  arrange();
  Pending *call = start_and_hold_at_page_two();
  program_kill(CRON_PROGRAM);
  answer_free(call_finish(call));
  program_restart(CRON_PROGRAM, ONE_BY, "FIN_JOB_LEASE_S=2");
  WAIT_FOR(sql_number("select count(*) from fin.job_run where lease_until < now()") == 1);
  assert_next_run_is_good();
  assert_count(1, "fin.job_run where status = 'error' and error_message = '" INTERRUPTED "'");
}

/* 7.5: every attempt renews it */
static void
test_a_long_run_keeps_its_lease(G_GNUC_UNUSED void **state)
{
  program_restart(CRON_PROGRAM, ONE_BY, "FIN_JOB_LEASE_S=2");
  arrange();
  omie_setting("latency_ms", "1100");
  Pending *call = cron_start(JANUARY);
  WAIT_FOR(titles_calls() == 3); /* beyond the first lease */
  g_autoptr(Answer) second = cron_post(JANUARY);
  assert_error_code(second, 409, NULL, "in_progress");
  g_autoptr(Answer) answer = call_finish(call);
  assert_status(answer, 200);
  assert_snapshot("2026-01", NEW);
}

/* 7.8: who was declared dead stores nothing, not even with everything read */
static void
test_a_run_that_lost_its_lease_stores_nothing(G_GNUC_UNUSED void **state)
{
  arrange();
  titles_hold(1);
  Pending *call = cron_start(JANUARY);
  WAIT_FOR(held_count() == 1);
  sql("update fin.job_run set status = 'error', finished_at = now(), error_message = 'tomada'");
  omie_release();
  g_autoptr(Answer) answer = call_finish(call);
  assert_error_code(answer, 500, INTERRUPTED, "job_failed");
  assert_untouched();
  assert_last_job("error_message", "tomada"); /* the other one's word stands */
  assert_next_run_is_good();
}

static void
test_postgres_restarted_between_pages_leaves_old_or_new(G_GNUC_UNUSED void **state)
{
  program_restart(CRON_PROGRAM, ONE_BY, SHORT_WAITS);
  arrange();
  omie_answer(.method = LIST_TITLES, .page = 2, .trick = "hang", .times = 1, .delay_ms = 3000);
  Pending *call = cron_start(JANUARY);
  WAIT_FOR(titles_calls() == 2);
  postgres_restart();
  g_autoptr(Answer) answer = call_finish(call);
  if (answer->status == 200) {
    assert_snapshot("2026-01", NEW);
  } else {
    assert_error_code(answer, 500, NULL, "job_failed");
    assert_untouched();
  }
  sql("update fin.job_run set lease_until = now() - interval '1 s' where status = 'running'");
  assert_next_run_is_good();
}

/* 7.11 */
static void
test_a_database_that_is_away_is_a_failed_job(G_GNUC_UNUSED void **state)
{
  arrange();
  postgres_stop();
  g_autoptr(Answer) answer = cron_post(JANUARY);
  postgres_start();
  assert_error_code(answer, 500, "Serviço indisponível.", "job_failed");
  assert_untouched();
}

/* 7.8: a row that the database refuses takes the others back */
static void
test_a_refused_row_leaves_the_stored_month(G_GNUC_UNUSED void **state)
{
  arrange();
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
  assert_untouched();
  assert_next_run_is_good();
}

/* SIGTERM while a page is awaited: the run ends at once and says so */
static void
test_a_program_asked_to_stop_says_so_and_stores_nothing(G_GNUC_UNUSED void **state)
{
  program_restart(CRON_PROGRAM, ONE_BY);
  arrange();
  Pending *call = start_and_hold_at_page_two();
  kill(program_parent(CRON_PROGRAM), SIGTERM);
  omie_release();
  g_autoptr(Answer) answer = call_finish(call);
  assert_error_code(answer, 500, INTERRUPTED, "job_failed");
  assert_last_job("status", "error");
  assert_last_job("error_message", INTERRUPTED);
  assert_untouched();
  WAIT_FOR(program_parent(CRON_PROGRAM) == 0);
  program_restart(CRON_PROGRAM, ONE_BY);
  assert_next_run_is_good();
}

static void
test_a_program_asked_to_stop_does_not_sit_out_a_wait(G_GNUC_UNUSED void **state)
{
  program_restart(CRON_PROGRAM, "OMIE_RATE_WAITS_MS=100000");
  arrange();
  omie_answer(.method = LIST_TITLES, .status = 429);
  Pending *call = cron_start(JANUARY);
  WAIT_FOR(sql_number("select count(*) from sandbox.omie_call where not running") == 1);
  kill(program_parent(CRON_PROGRAM), SIGTERM);
  WAIT_FOR(call_is_done(call));
  g_autoptr(Answer) answer = call_finish(call);
  assert_error_code(answer, 500, INTERRUPTED, "job_failed");
  assert_untouched();
}

/* 3.8 */
static void
test_a_run_goes_on_when_its_caller_has_left(G_GNUC_UNUSED void **state)
{
  arrange();
  titles_hold(1);
  g_autoptr(Answer) answer =
      call("POST", CRON_REVENUE JANUARY, .token = harness_env("CRON_SECRET"), .timeout_ms = 300);
  assert_status(answer, 0);
  WAIT_FOR(held_count() == 1);
  omie_release();
  WAIT_FOR(sql_number("select count(*) from fin.job_run where status = 'success'") == 1);
  assert_snapshot("2026-01", NEW);
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
      CASE(test_a_killed_program_leaves_the_stored_month),
      CASE(test_the_run_of_a_dead_program_is_taken_over_after_its_lease),
      CASE(test_a_long_run_keeps_its_lease),
      CASE(test_a_run_that_lost_its_lease_stores_nothing),
      CASE(test_postgres_restarted_between_pages_leaves_old_or_new),
      CASE(test_a_database_that_is_away_is_a_failed_job),
      CASE(test_a_refused_row_leaves_the_stored_month),
      CASE(test_a_program_asked_to_stop_says_so_and_stores_nothing),
      CASE(test_a_program_asked_to_stop_does_not_sit_out_a_wait),
      CASE(test_a_run_goes_on_when_its_caller_has_left),
  };
  return RUN("revenue: faults", tests);
}
