/* What a long run shows while it lasts, and how much it asks of Omie and of the database. */
#include "harness.h"

#include <string.h>

static void
assert_progress(gint64 page, gint64 pages, gint64 records)
{
  g_autoptr(Answer) answer = sync_get();
  assert_status(answer, 200);
  const json_t *last = json_object_get(answer->json, "lastSync");
  const json_t *progress = json_object_get(last, "progress");
  g_autofree char *expected =
      g_strdup_printf("{\"pagina\":%" G_GINT64_FORMAT ",\"registros\":%" G_GINT64_FORMAT
                      ",\"total_de_paginas\":%" G_GINT64_FORMAT "}",
                      page, records, pages);
  g_autofree char *found = json_dumps(progress, JSON_COMPACT | JSON_SORT_KEYS | JSON_ENCODE_ANY);
  assert_string_equal(found, expected);
  assert_string_equal(answer_last_run(answer, "status"), "running");
}

static void
assert_no_progress(void)
{
  g_autoptr(Answer) answer = sync_get();
  assert_status(answer, 200);
  const json_t *last = json_object_get(answer->json, "lastSync");
  assert_true(json_is_null(json_object_get(last, "progress")));
}

static void
test_a_run_shows_its_progress_while_it_lasts(G_GNUC_UNUSED void **state)
{
  program_restart(SYNC_PROGRAM, "OMIE_PAGE_SIZE=50");
  omie_seed(240);
  omie_hold(3);
  Pending *call = sync_start();
  WAIT_FOR(held_count() > 0 && sql_number("select count(*) from fin.clients") == 100);
  WAIT_FOR(sql_number("select count(*) from fin.erp_sync_log where record_count = 100") == 1);
  assert_progress(2, 5, 100);
  omie_release();
  g_autoptr(Answer) answer = call_finish(call);
  assert_status(answer, 200);
  assert_no_progress();
}

static void
test_a_failed_run_shows_no_progress_any_more(G_GNUC_UNUSED void **state)
{
  program_restart(SYNC_PROGRAM, "OMIE_PAGE_SIZE=50");
  omie_seed(120);
  omie_fault(2, 500, "SOAP-ENV:Client-105", "ERROR: Não!");
  g_autoptr(Answer) answer = sync_post();
  assert_error(answer, 502, "Omie API 500: ERROR: Não!");
  assert_no_progress();
}

/* Before the first page there is nothing to count yet */
static void
test_a_run_that_waits_for_its_first_page_is_shown_as_running(G_GNUC_UNUSED void **state)
{
  omie_seed(3);
  omie_hold(1);
  Pending *call = sync_start();
  WAIT_FOR(held_count() == 1);
  g_autoptr(Answer) shown = sync_get();
  assert_status(shown, 200);
  assert_string_equal(answer_last_run(shown, "status"), "running");
  assert_null(answer_last_run(shown, "finished_at"));
  omie_release();
  g_autoptr(Answer) answer = call_finish(call);
  assert_status(answer, 200);
}

/* The next page is on its way while the last one is stored */
static void
test_the_next_page_is_fetched_while_one_is_stored(G_GNUC_UNUSED void **state)
{
  program_restart(SYNC_PROGRAM, "OMIE_PAGE_SIZE=50");
  omie_seed(240);
  g_autofree char *held = sql_text("select id::text from sandbox.omie_client where position = 25");
  page_hold(held);
  Pending *call = sync_start();
  WAIT_FOR(held_count() == 1);
  WAIT_FOR(omie_calls() >= 2);
  omie_release();
  g_autoptr(Answer) answer = call_finish(call);
  assert_status(answer, 200);
  assert_count(240, "fin.clients");
}

/* Omie sees so many calls at once as allowed, never more, and none is refused as busy. */
static void
check_parallel(const char *setting, gint64 allowed)
{
  program_restart("sandbox:omie/api/v1/geral/clientes", "ROUTE_WORKERS=8");
  program_restart(SYNC_PROGRAM, "OMIE_PAGE_SIZE=20", setting);
  omie_seed(400);
  omie_setting("latency_ms", "100");
  assert_int_equal(sync_ok(), 400);
  assert_count(400, "fin.clients");
  assert_int_equal(sql_number("select max(in_flight) from sandbox.omie_call"), allowed);
  assert_count(0, "sandbox.omie_call where verdict = 'busy'");
  assert_int_equal(omie_calls(), 20);
  assert_count(20, "(select distinct param ->> 'pagina' from sandbox.omie_call) p");
}

static void
test_four_pages_are_fetched_at_once_when_allowed(G_GNUC_UNUSED void **state)
{
  check_parallel("OMIE_PARALLEL=4", 4);
}

static void
test_one_page_at_a_time_is_the_rule(G_GNUC_UNUSED void **state)
{
  check_parallel("OMIE_PARALLEL=1", 1);
}

/* Parallel pages, a fault among them: what was stored before it stays, and nothing after it */
static void
test_a_fault_among_parallel_pages_keeps_the_pages_before_it(G_GNUC_UNUSED void **state)
{
  program_restart("sandbox:omie/api/v1/geral/clientes", "ROUTE_WORKERS=8");
  program_restart(SYNC_PROGRAM, "OMIE_PAGE_SIZE=20", "OMIE_PARALLEL=4");
  omie_seed(400);
  omie_fault(7, 500, "SOAP-ENV:Client-105", "ERROR: Não!");
  g_autoptr(Answer) answer = sync_post();
  assert_error(answer, 502, "Omie API 500: ERROR: Não!");
  g_autofree char *stored = sql_text("select count(*)::text from fin.clients");
  assert_last_run("record_count", stored);
  assert_true(sql_number("select count(*) from fin.clients") >= 100);
  omie_answers_clear();
  five_minutes_pass();
  assert_int_equal(sync_ok(), 400);
  assert_count(400, "fin.clients");
}

/* Statements of the programs' login in Postgres's log, without those that only frame one. */
static gint64
statements_of_a_run(guint clients)
{
  omie_seed(clients);
  gsize mark = postgres_log_mark();
  assert_int_equal(sync_ok(), clients);
  g_autofree char *log = postgres_log_since(mark);
  g_auto(GStrv) lines = g_strsplit(log, "\n", -1);
  gint64 count = 0;
  for (char **line = lines; *line != NULL; line++) {
    const char *said = strstr(*line, "LOG:  execute ");
    if (said == NULL)
      said = strstr(*line, "LOG:  statement: ");
    if (said != NULL && strstr(said, "set_config('role'") == NULL &&
        strstr(said, ": begin") == NULL && strstr(said, ": commit") == NULL &&
        strstr(said, ": rollback") == NULL)
      count++;
  }
  database_reset();
  omie_reset();
  return count;
}

static void
test_a_page_takes_at_most_three_statements(G_GNUC_UNUSED void **state)
{
  sql("alter role ponte set log_statement = 'all'");
  program_restart(SYNC_PROGRAM, "OMIE_PAGE_SIZE=50", "ROUTE_WORKERS=1");
  gint64 few = statements_of_a_run(200);
  gint64 many = statements_of_a_run(1200);
  sql("alter role ponte reset log_statement");
  print_message("  %" G_GINT64_FORMAT " statements for 4 pages, %" G_GINT64_FORMAT " for 24\n", few,
                many);
  assert_true(few > 0);
  assert_true(many - few <= 3 * 20);
}

/* The run's own memory does not grow with the register */
static void
test_memory_does_not_grow_with_the_number_of_clients(G_GNUC_UNUSED void **state)
{
  program_restart(SYNC_PROGRAM, "OMIE_PER_MINUTE=0", "ROUTE_WORKERS=1");
  omie_setting("rate_per_minute", "0");
  omie_seed(1000);
  assert_int_equal(sync_ok(), 1000);
  gint64 small = program_peak_kib(SYNC_PROGRAM);
  database_reset();
  omie_reset();
  omie_setting("rate_per_minute", "0");
  omie_seed(10000);
  assert_int_equal(sync_ok(), 10000);
  gint64 large = program_peak_kib(SYNC_PROGRAM);
  print_message("  peak %" G_GINT64_FORMAT " KiB for 1000 clients, %" G_GINT64_FORMAT
                " for 10000\n",
                small, large);
#ifndef __SANITIZE_ADDRESS__ /* which keeps freed memory for a while */
  assert_true(large - small < 4 * 1024);
#endif
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      CASE(test_a_run_shows_its_progress_while_it_lasts),
      CASE(test_a_failed_run_shows_no_progress_any_more),
      CASE(test_a_run_that_waits_for_its_first_page_is_shown_as_running),
      CASE(test_the_next_page_is_fetched_while_one_is_stored),
      CASE(test_four_pages_are_fetched_at_once_when_allowed),
      CASE(test_one_page_at_a_time_is_the_rule),
      CASE(test_a_fault_among_parallel_pages_keeps_the_pages_before_it),
      CASE(test_a_page_takes_at_most_three_statements),
      CASE(test_memory_does_not_grow_with_the_number_of_clients),
  };
  return RUN("progress", tests);
}
