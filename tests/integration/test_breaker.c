/* An ERP that keeps failing is left alone, by all processes together (erp-connectors.md 4.2). */
#include "harness_rate.h"

#include <sys/wait.h>
#include <unistd.h>

static void
fail_five_times(const RatePolicy *policy)
{
  for (guint i = 0; i < 5; i++)
    pass(policy, RATE_FAILED);
  assert_breaker("OPEN 5");
}

static RateGrant
become_probe(const RatePolicy *policy)
{
  breaker_ages("60 s");
  RateGrant grant = enter_ok(policy);
  assert_true(grant.is_probe);
  assert_breaker("HALF_OPEN 5");
  return grant;
}

static void
assert_refused(const RatePolicy *policy, gint64 least_ms, gint64 most_ms)
{
  RateGrant grant = enter(policy);
  assert_int_equal(grant.verdict, RATE_OPEN);
  assert_in_range(grant.wait_ms, least_ms, most_ms);
}

/* F-35 */
static void
test_five_failures_in_a_row_hold_calls_back_for_a_minute(G_GNUC_UNUSED void **state)
{
  RatePolicy policy = breaker_policy();
  fail_five_times(&policy);
  assert_refused(&policy, 55000, 60000);
  breaker_ages("59 s");
  assert_refused(&policy, 1, 1000);
  breaker_ages("1 s");
  RateGrant probe = enter_ok(&policy);
  assert_true(probe.is_probe);
  assert_refused(&policy, 1000, 1000);
}

/* 4.2: in a row */
static void
test_a_success_in_between_begins_the_count_anew(G_GNUC_UNUSED void **state)
{
  RatePolicy policy = breaker_policy();
  for (guint round = 0; round < 3; round++) {
    for (guint i = 0; i < 4; i++)
      pass(&policy, RATE_FAILED);
    assert_breaker("CLOSED 4");
    pass(&policy, RATE_SUCCEEDED);
    assert_breaker("CLOSED 0");
  }
}

/* F-38 */
static void
test_answers_that_are_no_failures_neither_count_nor_reset(G_GNUC_UNUSED void **state)
{
  RatePolicy policy = breaker_policy();
  pass(&policy, RATE_FAILED);
  for (guint i = 0; i < 10; i++) {
    pass(&policy, RATE_UNCOUNTED);
    pass(&policy, RATE_CANCELLED);
  }
  assert_breaker("CLOSED 1");
}

/* Asks in a process of its own; its exit status is the verdict. */
static pid_t
ask_elsewhere(const RatePolicy *policy)
{
  pid_t pid = fork();
  if (pid != 0)
    return pid;
  RateGrant grant;
  Db *db = db_new(harness_env("PONTE_DATABASE_URL"));
  gboolean asked = rate_enter(db, policy, 1000, &grant, NULL);
  _exit(asked ? (int)grant.verdict : 99);
}

/* F-36 */
static void
test_of_ten_at_once_one_tries_whether_the_erp_is_back(G_GNUC_UNUSED void **state)
{
  RatePolicy policy = breaker_policy();
  pid_t callers[10];
  guint probes = 0, refused = 0;
  fail_five_times(&policy);
  breaker_ages("60 s");
  for (guint i = 0; i < G_N_ELEMENTS(callers); i++)
    callers[i] = ask_elsewhere(&policy);
  for (guint i = 0; i < G_N_ELEMENTS(callers); i++) {
    int status;
    assert_int_equal(waitpid(callers[i], &status, 0), callers[i]);
    probes += WEXITSTATUS(status) == RATE_GO;
    refused += WEXITSTATUS(status) == RATE_OPEN;
  }
  assert_int_equal(probes, 1);
  assert_int_equal(refused, 9);
}

/* F-36 */
static void
test_a_probe_that_succeeds_lets_everybody_in_again(G_GNUC_UNUSED void **state)
{
  RatePolicy policy = breaker_policy();
  fail_five_times(&policy);
  RateGrant probe = become_probe(&policy);
  leave(&policy, &probe, RATE_SUCCEEDED);
  assert_breaker("CLOSED 0");
  assert_false(enter_ok(&policy).is_probe);
}

/* F-37 */
static void
test_a_probe_that_fails_holds_calls_back_for_a_fresh_minute(G_GNUC_UNUSED void **state)
{
  RatePolicy policy = breaker_policy();
  fail_five_times(&policy);
  RateGrant probe = become_probe(&policy);
  leave(&policy, &probe, RATE_FAILED);
  assert_refused(&policy, 55000, 60000);
}

/* F-37: a 401 shows that the host answers */
static void
test_a_probe_that_is_answered_at_all_lets_everybody_in_again(G_GNUC_UNUSED void **state)
{
  RatePolicy policy = breaker_policy();
  fail_five_times(&policy);
  RateGrant probe = become_probe(&policy);
  leave(&policy, &probe, RATE_UNCOUNTED);
  assert_breaker("CLOSED 0");
}

static void
test_a_probe_that_was_cancelled_leaves_its_place_to_the_next(G_GNUC_UNUSED void **state)
{
  RatePolicy policy = breaker_policy();
  fail_five_times(&policy);
  RateGrant probe = become_probe(&policy);
  leave(&policy, &probe, RATE_CANCELLED);
  assert_true(enter_ok(&policy).is_probe);
}

static void
test_a_probe_that_is_lost_leaves_its_place_after_two_and_a_half_minutes(G_GNUC_UNUSED void **state)
{
  RatePolicy policy = breaker_policy();
  fail_five_times(&policy);
  RateGrant lost = become_probe(&policy);
  breaker_ages("149 s");
  assert_refused(&policy, 1000, 1000);
  breaker_ages("2 s");
  RateGrant next = enter_ok(&policy);
  assert_true(next.is_probe);
  leave(&policy, &lost, RATE_FAILED); /* late: the next one's verdict counts */
  assert_breaker("HALF_OPEN 5");
  leave(&policy, &next, RATE_SUCCEEDED);
  assert_breaker("CLOSED 0");
}

static void
test_a_late_answer_of_an_earlier_time_is_ignored(G_GNUC_UNUSED void **state)
{
  RatePolicy policy = breaker_policy();
  pass(&policy, RATE_FAILED);
  RateGrant good = enter_ok(&policy), bad = enter_ok(&policy);
  for (guint i = 0; i < 4; i++)
    pass(&policy, RATE_FAILED);
  leave(&policy, &good, RATE_SUCCEEDED);
  assert_breaker("OPEN 5");
  RateGrant probe = become_probe(&policy);
  leave(&policy, &bad, RATE_FAILED);
  assert_breaker("HALF_OPEN 5");
  leave(&policy, &probe, RATE_SUCCEEDED);
  leave(&policy, &bad, RATE_FAILED);
  assert_breaker("CLOSED 0");
}

/* All or none: who is refused by the breaker takes no token, and who gets no token is no probe. */
static void
test_breaker_and_rate_agree_or_nothing_is_taken(G_GNUC_UNUSED void **state)
{
  RatePolicy policy = bucket_policy("totvs:T1", 2, 3600, 1);
  RatePolicy breaker = breaker_policy();
  policy.breaker = breaker.breaker;
  policy.threshold = 5;
  policy.recovery_ms = 60000;
  fail_five_times(&breaker);
  assert_int_equal(enter(&policy).verdict, RATE_OPEN);
  assert_count(0, "erp.rate_bucket");
  breaker_ages("60 s");
  RatePolicy bucket = bucket_policy("totvs:T1", 2, 3600, 1);
  enter_ok(&bucket);
  assert_int_equal(enter(&policy).verdict, RATE_TOO_LONG);
  assert_breaker("OPEN 5");
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
      CASE(test_five_failures_in_a_row_hold_calls_back_for_a_minute),
      CASE(test_a_success_in_between_begins_the_count_anew),
      CASE(test_answers_that_are_no_failures_neither_count_nor_reset),
      CASE(test_of_ten_at_once_one_tries_whether_the_erp_is_back),
      CASE(test_a_probe_that_succeeds_lets_everybody_in_again),
      CASE(test_a_probe_that_fails_holds_calls_back_for_a_fresh_minute),
      CASE(test_a_probe_that_is_answered_at_all_lets_everybody_in_again),
      CASE(test_a_probe_that_was_cancelled_leaves_its_place_to_the_next),
      CASE(test_a_probe_that_is_lost_leaves_its_place_after_two_and_a_half_minutes),
      CASE(test_a_late_answer_of_an_earlier_time_is_ignored),
      CASE(test_breaker_and_rate_agree_or_nothing_is_taken),
  };
  return RUN("breaker", tests);
}
