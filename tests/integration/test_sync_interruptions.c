/* Whatever ends a run half way, a later one leaves exactly the rows of an undisturbed run. */
#include "harness.h"

#include <signal.h>
#include <string.h>

#define CLIENTS    240
#define SMALL_PAGE "OMIE_PAGE_SIZE=50", "OMIE_TRANSIENT_WAITS_MS=300,1000"

static char *
code_at(const char *position)
{
  return sql_text("select id::text from sandbox.omie_client where position = $1::bigint", position);
}

/* F21: kill -9 of parent and workers while the answer for page 2 is awaited */
static void
test_a_program_killed_between_pages_leaves_nothing_wrong(G_GNUC_UNUSED void **state)
{
  program_restart(SYNC_PROGRAM, SMALL_PAGE);
  g_autofree char *rows = undisturbed_rows(CLIENTS);
  omie_hold(2);
  Pending *call = sync_start();
  WAIT_FOR(held_count() > 0 && sql_number("select count(*) from fin.clients") == 50);
  program_kill(SYNC_PROGRAM);
  omie_release();
  answer_free(call_finish(call));
  program_restart(SYNC_PROGRAM, SMALL_PAGE);
  assert_next_run_leaves(rows, CLIENTS);
}

/* F21: the same in the middle of storing page 2 */
static void
test_a_program_killed_inside_a_page_leaves_nothing_wrong(G_GNUC_UNUSED void **state)
{
  program_restart(SYNC_PROGRAM, SMALL_PAGE);
  g_autofree char *rows = undisturbed_rows(CLIENTS);
  g_autofree char *codigo = code_at("75");
  page_hold(codigo);
  Pending *call = sync_start();
  WAIT_FOR(held_count() == 1);
  assert_count(50, "fin.clients");
  program_kill(SYNC_PROGRAM);
  sql("select pg_terminate_backend(pid) from pg_locks"
      " where locktype = 'advisory' and classid = 77 and not granted"); /* as a host's crash would
                                                                         */
  omie_release();
  answer_free(call_finish(call));
  program_restart(SYNC_PROGRAM, SMALL_PAGE);
  assert_count(50, "fin.clients"); /* a page is stored whole or not at all */
  assert_next_run_leaves(rows, CLIENTS);
}

/* A worker alone is killed: its parent replaces it, and the route answers at once */
static void
test_a_killed_worker_is_replaced_and_the_next_run_is_complete(G_GNUC_UNUSED void **state)
{
  program_restart(SYNC_PROGRAM, SMALL_PAGE);
  g_autofree char *rows = undisturbed_rows(CLIENTS);
  pid_t parent = program_parent(SYNC_PROGRAM);
  omie_hold(3);
  Pending *call = sync_start();
  WAIT_FOR(held_count() > 0 && sql_number("select count(*) from fin.clients") == 100);
  program_kill_workers(SYNC_PROGRAM);
  omie_release();
  {
    g_autoptr(Answer) answer = call_finish(call);
    assert_error(answer, 502, NULL); /* nginx's words, in the same envelope */
  }
  g_autoptr(Answer) shown = sync_get();
  assert_status(shown, 200);
  assert_int_equal(program_parent(SYNC_PROGRAM), parent);
  assert_next_run_leaves(rows, CLIENTS);
}

/* The caller hears 200 when the program could go on, else 503: never silence or a half truth. */
static void
assert_recovered_or_unavailable(Pending *call)
{
  g_autoptr(Answer) answer = call_finish(call);
  if (answer->status == 200) {
    assert_int_equal(answer_int(answer, "recordCount"), CLIENTS);
    return;
  }
  assert_error_code(answer, 503, "Serviço indisponível.", "database_unavailable");
  g_autofree char *id = last_run("id");
  assert_member(answer, "logId", id);
}

static void
test_postgres_restarted_between_pages_leaves_nothing_wrong(G_GNUC_UNUSED void **state)
{
  program_restart(SYNC_PROGRAM, SMALL_PAGE);
  g_autofree char *rows = undisturbed_rows(CLIENTS);
  omie_answer(.page = 2, .trick = "hang", .times = 1, .delay_ms = 3000);
  Pending *call = sync_start();
  WAIT_FOR(sql_number("select count(*) from fin.clients") == 50 && omie_calls() == 2);
  postgres_restart();
  assert_recovered_or_unavailable(call);
  assert_next_run_leaves(rows, CLIENTS);
}

static void
test_postgres_restarted_inside_a_page_leaves_nothing_wrong(G_GNUC_UNUSED void **state)
{
  program_restart(SYNC_PROGRAM, SMALL_PAGE);
  g_autofree char *rows = undisturbed_rows(CLIENTS);
  g_autofree char *codigo = code_at("75");
  page_hold(codigo);
  Pending *call = sync_start();
  WAIT_FOR(held_count() == 1);
  postgres_restart();
  omie_release();
  assert_recovered_or_unavailable(call);
  assert_next_run_leaves(rows, CLIENTS);
}

/* One connection is cut by the administrator */
static void
test_a_cut_database_connection_leaves_nothing_wrong(G_GNUC_UNUSED void **state)
{
  program_restart(SYNC_PROGRAM, SMALL_PAGE);
  g_autofree char *rows = undisturbed_rows(CLIENTS);
  omie_hold(2);
  Pending *call = sync_start();
  WAIT_FOR(held_count() > 0 && sql_number("select count(*) from fin.clients") == 50);
  sql("select pg_terminate_backend(pid) from pg_stat_activity where usename = 'ponte'");
  omie_release();
  assert_recovered_or_unavailable(call);
  assert_next_run_leaves(rows, CLIENTS);
}

/* 6.8c: SIGTERM to the program while it waits for Omie */
static void
test_a_program_asked_to_stop_says_so_and_keeps_its_pages(G_GNUC_UNUSED void **state)
{
  program_restart(SYNC_PROGRAM, SMALL_PAGE);
  g_autofree char *rows = undisturbed_rows(CLIENTS);
  omie_hold(3);
  Pending *call = sync_start();
  WAIT_FOR(held_count() > 0 && sql_number("select count(*) from fin.clients") == 100);
  kill(program_parent(SYNC_PROGRAM), SIGTERM);
  omie_release();
  {
    g_autoptr(Answer) answer = call_finish(call);
    assert_error_code(answer, 503, "Sincronização interrompida.", "interrupted");
    g_autofree char *id = last_run("id");
    assert_member(answer, "logId", id);
  }
  assert_last_run("status", "error");
  assert_last_run("error_message", "Sincronização interrompida.");
  gint64 stored = sql_number("select count(*) from fin.clients");
  assert_true(stored == 100 || stored == 150); /* the page in hand may still have been finished */
  assert_sql("t", "select record_count = $1::int from fin.erp_sync_log",
             stored == 100 ? "100" : "150");
  WAIT_FOR(program_parent(SYNC_PROGRAM) == 0);
  program_restart(SYNC_PROGRAM, SMALL_PAGE);
  assert_next_run_leaves(rows, CLIENTS);
}

/* A stop asked for while a long wait lasts does not wait for its end */
static void
test_a_program_asked_to_stop_does_not_sit_out_a_wait(G_GNUC_UNUSED void **state)
{
  program_restart(SYNC_PROGRAM, "OMIE_RATE_WAITS_MS=100000");
  omie_answer(.status = 429);
  Pending *call = sync_start();
  WAIT_FOR(sql_number("select count(*) from sandbox.omie_call where not running") == 1);
  kill(program_parent(SYNC_PROGRAM), SIGTERM);
  WAIT_FOR(call_is_done(call));
  g_autoptr(Answer) answer = call_finish(call);
  assert_error(answer, 503, "Sincronização interrompida.");
  assert_last_run("error_message", "Sincronização interrompida.");
}

/* 6.7: somebody types the same client in while the run is under way */
static void
test_a_client_typed_in_at_the_same_moment_is_no_duplicate(G_GNUC_UNUSED void **state)
{
  program_restart(SYNC_PROGRAM, SMALL_PAGE);
  omie_seed(CLIENTS);
  g_autofree char *codigo = code_at("120");
  g_autofree char *held = code_at("101");
  page_hold(held);
  Pending *call = sync_start();
  WAIT_FOR(held_count() == 1);
  sql("insert into fin.clients (name, omie_codigo) values ('Digitado agora', $1)", codigo);
  omie_release();
  g_autoptr(Answer) answer = call_finish(call);
  assert_status(answer, 200);
  assert_int_equal(answer_int(answer, "recordCount"), CLIENTS);
  assert_count(CLIENTS, "fin.clients");
  assert_count(0, "fin.clients where name = 'Digitado agora'");
}

/* 6.3 d: a run that lost its lease to another stops without touching the other's row */
static void
test_a_paused_run_that_was_declared_dead_stores_nothing_more(G_GNUC_UNUSED void **state)
{
  program_restart(SYNC_PROGRAM, SMALL_PAGE);
  omie_seed(CLIENTS);
  omie_hold(2);
  Pending *call = sync_start();
  WAIT_FOR(held_count() > 0 && sql_number("select count(*) from fin.clients") == 50);
  sql("update fin.erp_sync_log set status = 'error', finished_at = now(),"
      "  error_message = 'Sincronização interrompida.'");
  omie_release();
  g_autoptr(Answer) answer = call_finish(call);
  assert_true(answer->status != 200);
  assert_count(50, "fin.clients");
  assert_last_run("status", "error");
  assert_last_run("error_message", "Sincronização interrompida.");
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      CASE(test_a_program_killed_between_pages_leaves_nothing_wrong),
      CASE(test_a_program_killed_inside_a_page_leaves_nothing_wrong),
      CASE(test_a_killed_worker_is_replaced_and_the_next_run_is_complete),
      CASE(test_postgres_restarted_between_pages_leaves_nothing_wrong),
      CASE(test_postgres_restarted_inside_a_page_leaves_nothing_wrong),
      CASE(test_a_cut_database_connection_leaves_nothing_wrong),
      CASE(test_a_program_asked_to_stop_says_so_and_keeps_its_pages),
      CASE(test_a_program_asked_to_stop_does_not_sit_out_a_wait),
      CASE(test_a_client_typed_in_at_the_same_moment_is_no_duplicate),
      CASE(test_a_paused_run_that_was_declared_dead_stores_nothing_more),
  };
  return RUN("sync: interruptions", tests);
}
