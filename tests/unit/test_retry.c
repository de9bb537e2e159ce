/* When an ERP is asked again (erp-connectors.md 4.1). */
#include "unit.h"

#include "net/retry.h"

#define NOW 1700000000 /* Tue, 14 Nov 2023 22:13:20 GMT */

static void
assert_delays(const RetryPolicy *policy, gint64 first, gint64 second, gint64 third)
{
  assert_int_equal(retry_delay_ms(policy, 0, 0), first);
  assert_int_equal(retry_delay_ms(policy, 1, 0), second);
  assert_int_equal(retry_delay_ms(policy, 2, 0), third);
}

/* RT-1 */
static void
test_waits_double(G_GNUC_UNUSED void **state)
{
  const RetryPolicy policy = {RETRY_EXPONENTIAL, 3, 1000, 30000, FALSE};
  assert_delays(&policy, 1000, 2000, 4000);
}

/* RT-2 */
static void
test_waits_grow_by_the_same_amount(G_GNUC_UNUSED void **state)
{
  const RetryPolicy policy = {RETRY_LINEAR, 3, 1000, 30000, FALSE};
  assert_delays(&policy, 1000, 2000, 3000);
}

/* RT-3 */
static void
test_waits_stay_the_same(G_GNUC_UNUSED void **state)
{
  const RetryPolicy policy = {RETRY_FIXED, 3, 5000, 30000, FALSE};
  assert_delays(&policy, 5000, 5000, 5000);
}

/* RT-4 */
static void
test_no_wait_is_longer_than_the_longest(G_GNUC_UNUSED void **state)
{
  static const RetryStrategy strategies[] = {RETRY_EXPONENTIAL, RETRY_LINEAR};
  for (gsize i = 0; i < G_N_ELEMENTS(strategies); i++) {
    const RetryPolicy policy = {strategies[i], 20, 1000, 10000, FALSE};
    assert_int_equal(retry_delay_ms(&policy, 10, 0), 10000);
    assert_int_equal(retry_delay_ms(&policy, G_MAXUINT, 0), 10000);
  }
  const RetryPolicy fixed = {RETRY_FIXED, 20, 20000, 10000, FALSE};
  assert_int_equal(retry_delay_ms(&fixed, 0, 0), 10000);
}

/* RT-4: never more than the longest, never less than half of it */
static void
test_jitter_shortens_a_wait_by_up_to_half(G_GNUC_UNUSED void **state)
{
  const RetryPolicy policy = {RETRY_EXPONENTIAL, 3, 1000, 10000, TRUE};
  assert_int_equal(retry_delay_ms(&policy, 10, 0), 5000);
  assert_in_range(retry_delay_ms(&policy, 10, 0.999), 9990, 9999);
  assert_int_equal(retry_delay_ms(&policy, 0, 0.5), 750);
}

static void
test_chance_is_a_fraction_and_varies(G_GNUC_UNUSED void **state)
{
  double first = retry_chance();
  gboolean varies = FALSE;
  for (guint i = 0; i < 1000; i++) {
    double chance = retry_chance();
    assert_true(chance >= 0 && chance < 1);
    varies = varies || chance != first;
  }
  assert_true(varies);
}

/* F-10 */
static void
test_an_erp_that_names_seconds_is_obeyed(G_GNUC_UNUSED void **state)
{
  assert_int_equal(retry_after_s("2", NULL, NOW), 2);
  assert_int_equal(retry_after_s(" 2 ", NULL, NOW), 2);
  assert_int_equal(retry_after_s("3600", NULL, NOW), 3600);
}

/* F-11 */
static void
test_an_erp_that_names_a_date_is_obeyed(G_GNUC_UNUSED void **state)
{
  assert_int_equal(retry_after_s("Tue, 14 Nov 2023 22:13:23 GMT", NULL, NOW), 3);
  assert_int_equal(retry_after_s("Tuesday, 14-Nov-23 22:13:23 GMT", NULL, NOW), 3);
  assert_int_equal(retry_after_s("Tue Nov 14 22:13:23 2023", NULL, NOW), 3);
}

/* F-11: a server whose clock is an hour ahead means seconds of its own clock */
static void
test_a_date_is_read_by_the_clock_of_the_server(G_GNUC_UNUSED void **state)
{
  const char *until = "Tue, 14 Nov 2023 23:13:23 GMT";
  assert_int_equal(retry_after_s(until, "Tue, 14 Nov 2023 23:13:20 GMT", NOW), 3);
  assert_int_equal(retry_after_s(until, "yesterday", NOW), 3603);
  assert_int_equal(retry_after_s(until, NULL, NOW), 3603);
}

/* F-13 */
static void
test_what_is_no_time_to_come_is_ignored(G_GNUC_UNUSED void **state)
{
  static const char *const nothing[] = {NULL,
                                        "",
                                        " ",
                                        "-5",
                                        "abc",
                                        "0",
                                        "2.5",
                                        "1e3",
                                        "0x10",
                                        "5 min",
                                        "2023 GMT",
                                        "Tue, 14 Nov 2023 22:13:20 GMT",
                                        "Tue, 14 Nov 2023 22:13:19 GMT",
                                        "some day in the near future"};
  for (gsize i = 0; i < G_N_ELEMENTS(nothing); i++)
    assert_int_equal(retry_after_s(nothing[i], NULL, NOW), -1);
}

static void
test_an_endless_wait_is_a_long_one(G_GNUC_UNUSED void **state)
{
  assert_int_equal(retry_after_s("99999999999999999999999", NULL, NOW), 366 * 86400);
  assert_int_equal(retry_after_s("Fri, 31 Dec 2190 23:59:59 GMT", NULL, NOW), 366 * 86400);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_waits_double),
      cmocka_unit_test(test_waits_grow_by_the_same_amount),
      cmocka_unit_test(test_waits_stay_the_same),
      cmocka_unit_test(test_no_wait_is_longer_than_the_longest),
      cmocka_unit_test(test_jitter_shortens_a_wait_by_up_to_half),
      cmocka_unit_test(test_chance_is_a_fraction_and_varies),
      cmocka_unit_test(test_an_erp_that_names_seconds_is_obeyed),
      cmocka_unit_test(test_an_erp_that_names_a_date_is_obeyed),
      cmocka_unit_test(test_a_date_is_read_by_the_clock_of_the_server),
      cmocka_unit_test(test_what_is_no_time_to_come_is_ignored),
      cmocka_unit_test(test_an_endless_wait_is_a_long_one),
  };
  return cmocka_run_group_tests_name("retry", tests, NULL, NULL);
}
