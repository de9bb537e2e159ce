/* Whatever ends a reading of revenue half way, the stored month stays as it was, and a later run
 * leaves exactly what an undisturbed one does (fin.md 3.8, 7.5, 7.8, 7.9). */
#include "harness_stored_month.h"

#include <signal.h>

/* What a run that is under way looks like to others, at its second page. */
static Pending *
start_and_hold_at_page_two(void)
{
  titles_hold(2);
  Pending *call = cron_start(JANUARY);
  WAIT_FOR(held_count() == 1);
  assert_stored_month_stays();
  assert_last_job("status", "running");
  assert_last_job("finished_at", NULL);
  return call;
}

/* 7.5, 7.8: kill -9 of parent and workers before the last page */
static void
test_a_killed_program_leaves_the_stored_month(G_GNUC_UNUSED void **state)
{
  program_restart(CRON_PROGRAM, ONE_A_PAGE);
  stored_month_put();
  Pending *call = start_and_hold_at_page_two();
  program_kill(CRON_PROGRAM);
  omie_release();
  answer_free(call_finish(call));
  program_restart(CRON_PROGRAM, ONE_A_PAGE);
  assert_stored_month_stays();
  assert_last_job("status", "running"); /* nobody was there to say otherwise */
  {
    g_autoptr(Answer) early = cron_post(JANUARY);
    assert_error_code(early, 409, "Execução em andamento para 2026-01-01.", "in_progress");
  }
  sql("update fin.job_run set lease_until = now() - interval '1 ms'");
  assert_next_run_stores_new_month();
  assert_count(2, "fin.job_run");
  assert_count(1, "fin.job_run where status = 'error' and error_message = '" INTERRUPTED "'"
                  "   and finished_at is not null");
}

/* 7.5: the lease itself, without anybody's help */
static void
test_the_run_of_a_dead_program_is_taken_over_after_its_lease(G_GNUC_UNUSED void **state)
{
  program_restart(CRON_PROGRAM, ONE_A_PAGE, "FIN_JOB_LEASE_S=2");
  stored_month_put();
  Pending *call = start_and_hold_at_page_two();
  program_kill(CRON_PROGRAM);
  answer_free(call_finish(call));
  program_restart(CRON_PROGRAM, ONE_A_PAGE, "FIN_JOB_LEASE_S=2");
  WAIT_FOR(sql_number("select count(*) from fin.job_run where lease_until < now()") == 1);
  assert_next_run_stores_new_month();
  assert_count(1, "fin.job_run where status = 'error' and error_message = '" INTERRUPTED "'");
}

/* 7.5: every attempt renews it */
static void
test_a_long_run_keeps_its_lease(G_GNUC_UNUSED void **state)
{
  program_restart(CRON_PROGRAM, ONE_A_PAGE, "FIN_JOB_LEASE_S=2");
  stored_month_put();
  omie_setting("latency_ms", "1100");
  Pending *call = cron_start(JANUARY);
  WAIT_FOR(titles_calls() == 3); /* beyond the first lease */
  g_autoptr(Answer) second = cron_post(JANUARY);
  assert_error_code(second, 409, NULL, "in_progress");
  g_autoptr(Answer) answer = call_finish(call);
  assert_status(answer, 200);
  assert_snapshot("2026-01", NEW_MONTH);
}

/* 7.8: who was declared dead stores nothing, not even with everything read */
static void
test_a_run_that_lost_its_lease_stores_nothing(G_GNUC_UNUSED void **state)
{
  stored_month_put();
  titles_hold(1);
  Pending *call = cron_start(JANUARY);
  WAIT_FOR(held_count() == 1);
  sql("update fin.job_run set status = 'error', finished_at = now(), error_message = 'tomada'");
  omie_release();
  g_autoptr(Answer) answer = call_finish(call);
  assert_error_code(answer, 500, INTERRUPTED, "job_failed");
  assert_stored_month_stays();
  assert_last_job("error_message", "tomada"); /* the other one's word stands */
  assert_next_run_stores_new_month();
}

static void
test_postgres_restarted_between_pages_leaves_old_or_new(G_GNUC_UNUSED void **state)
{
  program_restart(CRON_PROGRAM, ONE_A_PAGE, SHORT_WAITS);
  stored_month_put();
  omie_answer(.method = LIST_TITLES, .page = 2, .trick = "hang", .times = 1, .delay_ms = 3000);
  Pending *call = cron_start(JANUARY);
  WAIT_FOR(titles_calls() == 2);
  postgres_restart();
  g_autoptr(Answer) answer = call_finish(call);
  if (answer->status == 200) {
    assert_snapshot("2026-01", NEW_MONTH);
  } else {
    assert_error_code(answer, 500, NULL, "job_failed");
    assert_stored_month_stays();
  }
  sql("update fin.job_run set lease_until = now() - interval '1 s' where status = 'running'");
  assert_next_run_stores_new_month();
}

/* SIGTERM while a page is awaited: the run ends at once and says so */
static void
test_a_program_asked_to_stop_says_so_and_stores_nothing(G_GNUC_UNUSED void **state)
{
  program_restart(CRON_PROGRAM, ONE_A_PAGE);
  stored_month_put();
  Pending *call = start_and_hold_at_page_two();
  kill(program_parent(CRON_PROGRAM), SIGTERM);
  omie_release();
  g_autoptr(Answer) answer = call_finish(call);
  assert_error_code(answer, 500, INTERRUPTED, "job_failed");
  assert_last_job("status", "error");
  assert_last_job("error_message", INTERRUPTED);
  assert_stored_month_stays();
  WAIT_FOR(program_parent(CRON_PROGRAM) == 0);
  program_restart(CRON_PROGRAM, ONE_A_PAGE);
  assert_next_run_stores_new_month();
}

static void
test_a_program_asked_to_stop_does_not_sit_out_a_wait(G_GNUC_UNUSED void **state)
{
  program_restart(CRON_PROGRAM, "OMIE_RATE_WAITS_MS=100000");
  stored_month_put();
  omie_answer(.method = LIST_TITLES, .status = 429);
  Pending *call = cron_start(JANUARY);
  WAIT_FOR(sql_number("select count(*) from sandbox.omie_call where not running") == 1);
  kill(program_parent(CRON_PROGRAM), SIGTERM);
  WAIT_FOR(call_is_done(call));
  g_autoptr(Answer) answer = call_finish(call);
  assert_error_code(answer, 500, INTERRUPTED, "job_failed");
  assert_stored_month_stays();
}

/* 3.8 */
static void
test_a_run_goes_on_when_its_caller_has_left(G_GNUC_UNUSED void **state)
{
  stored_month_put();
  titles_hold(1);
  g_autoptr(Answer) answer =
      call("POST", CRON_REVENUE JANUARY, .token = harness_env("CRON_SECRET"), .timeout_ms = 300);
  assert_status(answer, 0);
  WAIT_FOR(held_count() == 1);
  omie_release();
  WAIT_FOR(sql_number("select count(*) from fin.job_run where status = 'success'") == 1);
  assert_snapshot("2026-01", NEW_MONTH);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      CASE(test_a_killed_program_leaves_the_stored_month),
      CASE(test_the_run_of_a_dead_program_is_taken_over_after_its_lease),
      CASE(test_a_long_run_keeps_its_lease),
      CASE(test_a_run_that_lost_its_lease_stores_nothing),
      CASE(test_postgres_restarted_between_pages_leaves_old_or_new),
      CASE(test_a_program_asked_to_stop_says_so_and_stores_nothing),
      CASE(test_a_program_asked_to_stop_does_not_sit_out_a_wait),
      CASE(test_a_run_goes_on_when_its_caller_has_left),
  };
  return RUN("revenue: interruptions", tests);
}
