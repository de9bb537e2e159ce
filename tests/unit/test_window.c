/* data-collecting.md 1.3, 1.5, 1.11: which days a run asks for. */
#include "crm/window.h"

#include <string.h>

#include "unit.h"

static GTimeZone *zone;

static int
set_up(G_GNUC_UNUSED void **state)
{
  zone = g_time_zone_new_identifier("America/Sao_Paulo");
  return zone != NULL ? 0 : -1;
}

static int
tear_down(G_GNUC_UNUSED void **state)
{
  g_time_zone_unref(zone);
  return 0;
}

static Instant
instant(const char *text)
{
  Instant at;
  if (!instant_parse(text, zone, &at))
    fail_msg("%s is no instant", text);
  return at;
}

static void
expect(const DateRange *window, const char *first, const char *last)
{
  assert_string_equal(date_iso(&window->first).text, first);
  assert_string_equal(date_iso(&window->last).text, last);
}

/* DC 10 and 11 */
static void
test_days_are_those_of_sao_paulo_and_reach_back_over_midnight(G_GNUC_UNUSED void **state)
{
  static const struct {
    const char *now;
    gint64 tolerance;
    const char *first, *last;
  } cases[] = {
      {"2026-03-05T14:07:00-03:00", 5, "2026-03-05", "2026-03-05"},
      {"2026-03-06T01:30:00-03:00", 5, "2026-03-05", "2026-03-06"},
      {"2026-03-06T00:00:00-03:00", 5, "2026-03-05", "2026-03-06"},
      {"2026-03-06T04:59:59-03:00", 5, "2026-03-05", "2026-03-06"},
      {"2026-03-06T05:00:00-03:00", 5, "2026-03-06", "2026-03-06"},
      {"2026-03-06T02:30:00Z", 5, "2026-03-05", "2026-03-05"}, /* 23:30 of the 5th */
      {"2026-03-06T01:30:00-03:00", 0, "2026-03-06", "2026-03-06"},
      {"2026-03-06T01:30:00-03:00", 48, "2026-03-04", "2026-03-06"},
      {"2026-01-01T03:00:00-03:00", 5, "2025-12-31", "2026-01-01"},
  };
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    DateRange window = window_of(COLLECT_NORMAL, instant(cases[i].now), cases[i].tolerance, zone);
    expect(&window, cases[i].first, cases[i].last);
  }
}

/* DC 17 */
static void
test_a_retroactive_run_covers_the_five_days_before_today(G_GNUC_UNUSED void **state)
{
  DateRange window = window_of(COLLECT_RETROACTIVE, instant("2026-03-05T14:07:00-03:00"), 5, zone);
  expect(&window, "2026-02-28", "2026-03-04");
  window = window_of(COLLECT_RETROACTIVE, instant("2026-03-06T02:59:59Z"), 5, zone);
  expect(&window, "2026-02-28", "2026-03-04");
}

static void
test_a_mode_is_named_by_its_word_or_not_at_all(G_GNUC_UNUSED void **state)
{
  CollectMode mode;
  assert_true(collect_mode_parse(NULL, &mode) && mode == COLLECT_NORMAL);
  assert_true(collect_mode_parse("normal", &mode) && mode == COLLECT_NORMAL);
  assert_true(collect_mode_parse("retroativo", &mode) && mode == COLLECT_RETROACTIVE);
  assert_false(collect_mode_parse("", &mode));
  assert_false(collect_mode_parse("RETROATIVO", &mode));
  assert_string_equal(collect_mode_word(COLLECT_RETROACTIVE), "retroativo");
}

/* DC 3 */
static void
test_days_named_by_the_caller_replace_the_computed_ones(G_GNUC_UNUSED void **state)
{
  static const struct {
    const char *from, *to;
    const char *first, *last; /* of the result … */
    const char *wrong;        /* … or the parameter that is wrong */
  } cases[] = {
      {NULL, NULL, "2026-03-05", "2026-03-05", NULL},
      {"2026-03-01", "2026-03-31", "2026-03-01", "2026-03-31", NULL},
      {"2026-03-01", NULL, "2026-03-01", "2026-03-05", NULL},
      {NULL, "2026-03-05", "2026-03-05", "2026-03-05", NULL},
      {"2026-03-01", "2026-03-01", "2026-03-01", "2026-03-01", NULL},
      {"2026-03-01", "2026-04-01", NULL, NULL, "de"}, /* 32 days */
      {"2026-03-02", "2026-03-01", NULL, NULL, "de"},
      {NULL, "2026-03-04", NULL, NULL, "ate"},
      {"2026-3-1", "2026-03-04", NULL, NULL, "de"},
      {"2026-02-30", NULL, NULL, NULL, "de"},
      {"", NULL, NULL, NULL, "de"},
      {NULL, "05/03/2026", NULL, NULL, "ate"},
  };
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    DateRange window = window_of(COLLECT_NORMAL, instant("2026-03-05T14:07:00-03:00"), 5, zone);
    const char *wrong = NULL;
    gboolean good = window_override(&window, cases[i].from, cases[i].to, &wrong);
    assert_int_equal(good, cases[i].wrong == NULL);
    if (good)
      expect(&window, cases[i].first, cases[i].last);
    else {
      assert_string_equal(wrong, cases[i].wrong);
      expect(&window, "2026-03-05", "2026-03-05"); /* as it was */
    }
  }
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_days_are_those_of_sao_paulo_and_reach_back_over_midnight),
      cmocka_unit_test(test_a_retroactive_run_covers_the_five_days_before_today),
      cmocka_unit_test(test_a_mode_is_named_by_its_word_or_not_at_all),
      cmocka_unit_test(test_days_named_by_the_caller_replace_the_computed_ones),
  };
  return cmocka_run_group_tests_name("window", tests, set_up, tear_down);
}
