/* No ERP gets more calls than it allows, all processes together (erp-connectors.md 4.3). */
#include "harness_rate.h"

#include <sys/wait.h>
#include <unistd.h>

#define NOWHERE "host=/nonexistent dbname=none"

/* RL-1 */
static void
test_the_first_call_waits_for_nothing(G_GNUC_UNUSED void **state)
{
  RatePolicy policy = bucket_policy("totvs:T1", 20, 10, 10);
  assert_true(tokens_left(&policy) == 10);
  assert_int_equal(enter_ok(&policy).wait_ms, 0);
  double left = tokens_left(&policy);
  assert_true(left >= 9 && left < 10);
}

/* RL-2 */
static void
test_after_the_burst_calls_wait_for_their_turn(G_GNUC_UNUSED void **state)
{
  RatePolicy policy = bucket_policy("totvs:T1", 15, 100, 5); /* one in ten seconds */
  assert_true(tokens_left(&policy) == 5);
  for (guint i = 0; i < 5; i++)
    assert_int_equal(enter_ok(&policy).wait_ms, 0);
  assert_in_range(enter_ok(&policy).wait_ms, 9000, 10000);
  assert_in_range(enter_ok(&policy).wait_ms, 19000, 20000);
}

static void
test_a_share_slows_the_rate_down(G_GNUC_UNUSED void **state)
{
  RatePolicy policy = bucket_policy("totvs:T1", 11, 100, 1);
  policy.share = 0.5;
  enter_ok(&policy);
  assert_in_range(enter_ok(&policy).wait_ms, 19000, 20000);
}

/* 4.3: nothing is taken by those who do not wait */
static void
test_who_cannot_wait_takes_no_place(G_GNUC_UNUSED void **state)
{
  RatePolicy policy = bucket_policy("totvs:T1", 11, 100, 1);
  enter_ok(&policy);
  for (guint i = 0; i < 3; i++) {
    RateGrant grant = enter_within(&policy, 5000);
    assert_int_equal(grant.verdict, RATE_TOO_LONG);
    assert_in_range(grant.wait_ms, 9000, 10000);
  }
  assert_in_range(enter_ok(&policy).wait_ms, 9000, 10000);
}

/* 4.3: all buckets or none, the longest wait */
static void
test_a_call_needs_a_place_in_every_bucket(G_GNUC_UNUSED void **state)
{
  RatePolicy policy = bucket_policy("omie:A", 30, 60, 20);
  policy.buckets[1] = bucket_policy("A:ListarContas", 2, 20, 1).buckets[0];
  policy.count = 2;
  RatePolicy first = bucket_policy("omie:A", 30, 60, 20);
  assert_int_equal(enter_ok(&policy).wait_ms, 0);
  assert_int_equal(enter_within(&policy, 5000).verdict, RATE_TOO_LONG);
  double left = tokens_left(&first);
  assert_true(left >= 19 && left < 20);
  assert_in_range(enter_ok(&policy).wait_ms, 18000, 20000);
  left = tokens_left(&first);
  assert_true(left >= 18 && left < 19);
}

/* The client sync and the books share the bucket of a method */
static void
test_the_client_sync_and_the_books_share_a_bucket(G_GNUC_UNUSED void **state)
{
  RatePolicy policy = bucket_policy("A:ListarContas", 240, 60, 20);
  enter_ok(&policy);
  sql("select set_config('role', 'ponte_app', true),"
      "       set_config('request.jwt.claims', $1, true), erp.take_token('A:ListarContas', 240, "
      "20)",
      DB_CLAIMS_SYSTEM);
  assert_sql("t", "select tokens between 18 and 19 and capacity = 20"
                  "   and abs(refill_per_s - 220 / 60.0) < 0.000001 from erp.rate_bucket");
}

/* F-41: whatever clocks the hosts have; and one of the database that was set back */
static void
test_a_clock_that_was_set_back_changes_nothing(G_GNUC_UNUSED void **state)
{
  RatePolicy policy = bucket_policy("totvs:T1", 15, 100, 5);
  enter_ok(&policy);
  sql("update erp.rate_bucket set updated_at = now() + interval '5 min'");
  for (guint i = 0; i < 4; i++)
    assert_int_equal(enter_ok(&policy).wait_ms, 0);
  assert_int_equal(enter_ok(&policy).wait_ms, 10000);
}

/* F-42 */
static void
test_bling_is_never_called_more_than_three_times_a_second(G_GNUC_UNUSED void **state)
{
  RatePolicy policy = bucket_policy("bling-s:A", 3, 1, 1);
  gint64 sent_ms[12];
  for (guint i = 0; i < G_N_ELEMENTS(sent_ms); i++)
    sent_ms[i] = g_get_monotonic_time() / 1000 + enter_ok(&policy).wait_ms;
  for (guint i = 3; i < G_N_ELEMENTS(sent_ms); i++)
    assert_true(sent_ms[i] - sent_ms[i - 3] > 1000);
}

/* 4.3: the lowest wins where programs disagree */
static void
test_where_programs_disagree_the_lowest_rate_holds(G_GNUC_UNUSED void **state)
{
  RatePolicy low = bucket_policy("totvs:T1", 11, 100, 1);
  RatePolicy high = bucket_policy("totvs:T1", 100, 60, 10);
  enter_ok(&high);
  assert_int_equal(enter_ok(&low).wait_ms, 0);
  assert_in_range(enter_ok(&high).wait_ms, 9000, 10000);
  sql("update erp.rate_bucket set configured_at = configured_at - interval '11 min',"
      "  updated_at = updated_at - interval '1 min'"); /* the low one was silent */
  enter_ok(&high);
  assert_sql("10", "select capacity::text from erp.rate_bucket");
}

static void
test_rows_that_somebody_holds_for_long_are_given_up(G_GNUC_UNUSED void **state)
{
  RatePolicy policy = bucket_policy("totvs:T1", 15, 100, 5);
  enter_ok(&policy);
  g_autoptr(PGconn) other = admin_connect();
  PQclear(PQexec(other, "begin"));
  PQclear(PQexec(other, "select from erp.rate_bucket for update"));
  assert_int_equal(enter(&policy).verdict, RATE_TOO_LONG);
  PQclear(PQexec(other, "rollback"));
  enter_ok(&policy);
}

/* Without limits Postgres is not asked, nor is it told of what changes nothing */
static void
test_an_unlimited_erp_costs_no_statement(G_GNUC_UNUSED void **state)
{
  g_autoptr(Db) nowhere = db_new(NOWHERE);
  RatePolicy policy = bucket_policy("totvs:T1", 0, 60, 10);
  RateGrant grant;
  assert_true(rate_enter(nowhere, &policy, 0, &grant, NULL));
  assert_int_equal(grant.verdict, RATE_GO);
  assert_int_equal(grant.wait_ms, 0);
  assert_true(rate_leave(nowhere, &policy, &grant, RATE_FAILED, 1000, FALSE, NULL));
  policy = breaker_policy();
  assert_true(rate_leave(nowhere, &policy, &grant, RATE_SUCCEEDED, 0, FALSE, NULL));
}

/* F-40 */
static void
test_without_the_database_nothing_goes_out(G_GNUC_UNUSED void **state)
{
  RatePolicy policy = bucket_policy("totvs:T1", 15, 100, 5);
  g_autoptr(GError) error = NULL;
  RateGrant grant;
  enter_ok(&policy);
  postgres_stop();
  assert_false(rate_enter(program_db(), &policy, 1000, &grant, &error));
  assert_int_equal(error->code, ERROR_RATE_STORE_UNAVAILABLE);
  postgres_start();
  enter_ok(&policy);
}

/* One process of F-39: calls as fast as it may for some seconds, and writes down when. */
static void
load(const RatePolicy *policy, gint64 until_us, int out)
{
  Db *db = db_new(harness_env("PONTE_DATABASE_URL"));
  RateGrant grant;
  while (rate_enter(db, policy, 60000, &grant, NULL)) {
    gint64 at = g_get_monotonic_time() + grant.wait_ms * 1000;
    if (at > until_us || write(out, &at, sizeof at) != sizeof at)
      break;
    g_usleep((gulong)grant.wait_ms * 1000);
  }
  _exit(0);
}

static int
compare(gconstpointer a, gconstpointer b)
{
  gint64 left = *(const gint64 *)a, right = *(const gint64 *)b;
  return left < right ? -1 : left > right;
}

/* F-39, in seconds for minutes: four processes on one bucket of 60 in 2 s, burst 5 */
static void
test_four_processes_use_the_whole_rate_and_never_more(G_GNUC_UNUSED void **state)
{
  RatePolicy policy = bucket_policy("totvs:T1", 60, 2, 5);
  g_autoptr(GArray) sent = g_array_new(FALSE, FALSE, sizeof(gint64));
  int ends[2];
  const gint64 duration_us = 5 * G_USEC_PER_SEC, allowance_us = 50000;
  assert_int_equal(pipe(ends), 0);
  gint64 begin_us = g_get_monotonic_time();
  pid_t processes[4];
  for (guint i = 0; i < G_N_ELEMENTS(processes); i++)
    if ((processes[i] = fork()) == 0)
      load(&policy, begin_us + duration_us, ends[1]);
  close(ends[1]);
  for (gint64 at; read(ends[0], &at, sizeof at) == sizeof at;)
    g_array_append_val(sent, at);
  close(ends[0]);
  for (guint i = 0; i < G_N_ELEMENTS(processes); i++)
    assert_int_equal(waitpid(processes[i], NULL, 0), processes[i]);
  g_array_sort(sent, compare);
  const gint64 *at = (const gint64 *)sent->data;
  for (guint i = 60; i < sent->len; i++)
    assert_true(at[i] - at[i - 60] > 2 * G_USEC_PER_SEC - allowance_us);
  assert_in_range(sent->len, (5 + 55 * 5 / 2) * 95 / 100, 5 + 55 * 5 / 2 + 1);
}

static int
after(void **state)
{
  program_db_close();
  return harness_after(state);
}

#undef CASE
#define CASE(test) cmocka_unit_test_setup_teardown(test, harness_before, after)

int
main(void)
{
  const struct CMUnitTest tests[] = {
      CASE(test_the_first_call_waits_for_nothing),
      CASE(test_after_the_burst_calls_wait_for_their_turn),
      CASE(test_a_share_slows_the_rate_down),
      CASE(test_who_cannot_wait_takes_no_place),
      CASE(test_a_call_needs_a_place_in_every_bucket),
      CASE(test_the_client_sync_and_the_books_share_a_bucket),
      CASE(test_a_clock_that_was_set_back_changes_nothing),
      CASE(test_bling_is_never_called_more_than_three_times_a_second),
      CASE(test_where_programs_disagree_the_lowest_rate_holds),
      CASE(test_rows_that_somebody_holds_for_long_are_given_up),
      CASE(test_an_unlimited_erp_costs_no_statement),
      CASE(test_without_the_database_nothing_goes_out),
      CASE(test_four_processes_use_the_whole_rate_and_never_more),
  };
  return RUN("rate", tests);
}
