/* How long an ERP may take (erp-connectors.md 1.2). */
#include "unit.h"

#include "net/call_clock.h"

#define SECONDS *G_USEC_PER_SEC
#define NOW     (1000 SECONDS)

/* F-24 */
static void
test_an_erp_that_never_answers_is_given_up_at_the_time_out(G_GNUC_UNUSED void **state)
{
  CallClock clock;
  call_clock_start(&clock, NOW, 10000, 5);
  assert_int_equal(call_clock_next_us(&clock), NOW + 10 SECONDS);
  assert_false(call_clock_is_over(&clock, NOW + 10 SECONDS - 1, FALSE, 0));
  assert_true(call_clock_is_over(&clock, NOW + 10 SECONDS, FALSE, 0));
}

/* Looks whenever it is due, while so many bytes come a second; the second in which it is over. */
static gint64
ends_at(CallClock *clock, gint64 begin_s, gint64 until_s, gint64 bytes_per_s)
{
  static gint64 bytes;
  for (gint64 s = begin_s; s <= until_s; s++) {
    if (call_clock_is_over(clock, NOW + s SECONDS, TRUE, bytes))
      return s;
    assert_true(call_clock_next_us(clock) <= NOW + (s + 1) SECONDS);
    bytes += bytes_per_s;
  }
  return -1;
}

/* F-23 */
static void
test_a_body_that_drips_is_given_up_after_twenty_seconds(G_GNUC_UNUSED void **state)
{
  CallClock clock;
  call_clock_start(&clock, NOW, 120000, 20);
  assert_int_equal(ends_at(&clock, 5, 119, 10), 25); /* the answer began in the fifth second */
}

static void
test_a_body_that_stands_still_is_given_up_twenty_seconds_later(G_GNUC_UNUSED void **state)
{
  CallClock clock;
  call_clock_start(&clock, NOW, 120000, 20);
  assert_int_equal(ends_at(&clock, 1, 30, 1000), -1);
  assert_in_range(ends_at(&clock, 31, 119, 0), 50, 51);
}

static void
test_a_slow_body_that_goes_on_is_waited_for(G_GNUC_UNUSED void **state)
{
  CallClock clock;
  call_clock_start(&clock, NOW, 120000, 20);
  assert_int_equal(ends_at(&clock, 1, 119, 100), -1);
}

static void
test_without_a_rule_nothing_is_a_stall(G_GNUC_UNUSED void **state)
{
  CallClock clock;
  call_clock_start(&clock, NOW, 120000, 0);
  assert_false(call_clock_is_over(&clock, NOW + 1 SECONDS, TRUE, 1));
  assert_false(call_clock_is_over(&clock, NOW + 119 SECONDS, TRUE, 1));
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_an_erp_that_never_answers_is_given_up_at_the_time_out),
      cmocka_unit_test(test_a_body_that_drips_is_given_up_after_twenty_seconds),
      cmocka_unit_test(test_a_body_that_stands_still_is_given_up_twenty_seconds_later),
      cmocka_unit_test(test_a_slow_body_that_goes_on_is_waited_for),
      cmocka_unit_test(test_without_a_rule_nothing_is_a_stall),
  };
  return cmocka_run_group_tests_name("call clock", tests, NULL, NULL);
}
