/* One run of the scheduled reading of revenue at a time works on a month (fin.md 7.5). */
#include "harness_revenue.h"

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
      CASE(test_a_second_run_of_the_same_month_is_turned_away),
      CASE(test_of_ten_callers_at_the_same_instant_one_runs),
      CASE(test_another_month_may_run_meanwhile),
      CASE(test_a_live_run_of_another_host_is_respected),
  };
  return RUN("revenue: runs of the cron", tests);
}
