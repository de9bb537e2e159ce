/* fin.md 6.8: minutes and seconds of the cooldown are rounded up. */

#include "fin/sync_log.h"
#include "unit.h"

static void
test_the_cooldown_is_told_in_whole_minutes_and_seconds(G_GNUC_UNUSED void **state)
{
  static const struct {
    gint64 wait_ms, minutes, seconds;
  } cases[] = {{1, 1, 1},      {1000, 1, 1},     {1001, 1, 2},    {60000, 1, 60},
               {60001, 2, 61}, {299999, 5, 300}, {300000, 5, 300}};
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    assert_int_equal(sync_cooldown_minutes(cases[i].wait_ms), cases[i].minutes);
    assert_int_equal(sync_cooldown_seconds(cases[i].wait_ms), cases[i].seconds);
  }
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_the_cooldown_is_told_in_whole_minutes_and_seconds)};
  return cmocka_run_group_tests_name("sync_log", tests, NULL, NULL) != 0;
}
