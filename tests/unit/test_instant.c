/* Instants and the calendar of São Paulo around them (data-collecting.md 0.4). */
#include "unit.h"

#include "base/instant.h"

static GTimeZone *zone;

static int
find_zone(G_GNUC_UNUSED void **state)
{
  zone = g_time_zone_new_identifier("America/Sao_Paulo");
  return zone != NULL ? 0 : -1;
}

static int
lose_zone(G_GNUC_UNUSED void **state)
{
  g_time_zone_unref(zone);
  return 0;
}

static Instant
at(const char *text)
{
  Instant instant = INSTANT_NONE;
  if (!instant_parse(text, zone, &instant))
    fail_msg("\"%s\" is refused", text);
  return instant;
}

static void
test_an_instant_is_read_with_its_offset_or_as_wall_time(G_GNUC_UNUSED void **state)
{
  static const struct {
    const char *in, *utc;
  } cases[] = {
      {"1970-01-01T00:00:00Z", "1970-01-01T00:00:00.000000Z"},
      {"2026-03-05T14:07:00-03:00", "2026-03-05T17:07:00.000000Z"},
      {"2026-03-05T14:07:00", "2026-03-05T17:07:00.000000Z"},
      {"2026-03-05 14:07", "2026-03-05T17:07:00.000000Z"},
      {"2026-03-05T14:07:01.5", "2026-03-05T17:07:01.500000Z"},
      {"2026-03-05T14:07:01.1234567899Z", "2026-03-05T14:07:01.123456Z"},
      {"2026-03-05T23:30:00+0530", "2026-03-05T18:00:00.000000Z"},
      {"2026-03-05t14:07:00z", "2026-03-05T14:07:00.000000Z"},
      {"2026-03-05T14:07-03", "2026-03-05T17:07:00.000000Z"},
      {"1969-12-31T23:59:59.999999Z", "1969-12-31T23:59:59.999999Z"},
      {"0001-01-01T00:00:00Z", "0001-01-01T00:00:00.000000Z"},
      {"2018-12-01T12:00:00", "2018-12-01T14:00:00.000000Z"}, /* summer time, then */
      {"2018-11-04T00:30:00", "2018-11-04T03:00:00.000000Z"}, /* skipped: the next there is */
  };
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++)
    assert_string_equal(instant_text(at(cases[i].in)).text, cases[i].utc);
}

static void
test_what_is_no_instant_is_refused(G_GNUC_UNUSED void **state)
{
  static const char *const cases[] = {"",
                                      "2026-03-05",
                                      "2026-03-05T",
                                      "2026-03-05T14",
                                      "2026-02-29T10:00:00",
                                      "2026-13-01T10:00:00",
                                      "2026-03-05T24:00:00",
                                      "2026-03-05T10:60:00",
                                      "2026-03-05T10:00:60",
                                      "2026-03-05T1:00:00",
                                      "2026-03-05T10:00:00.",
                                      "2026-03-05T10:00:00+3",
                                      "2026-03-05T10:00:00+03:",
                                      "2026-03-05T10:00:00+03:60",
                                      "2026-03-05T10:00:00Zx",
                                      "2026-03-05T10:00:00 ",
                                      "2026-03-05X10:00:00",
                                      "05/03/2026 10:00:00",
                                      "agora"};
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    Instant instant = 7;
    if (instant_parse(cases[i], zone, &instant))
      fail_msg("\"%s\" is accepted", cases[i]);
    assert_int_equal(instant, 7);
  }
}

/* DC 11 */
static void
test_the_day_is_that_of_the_zone(G_GNUC_UNUSED void **state)
{
  GDate late = instant_day(at("2026-03-06T02:30:00Z"), zone);
  GDate next = instant_day(at("2026-03-06T03:00:00Z"), zone);
  assert_string_equal(date_iso(&late).text, "2026-03-05");
  assert_string_equal(date_iso(&next).text, "2026-03-06");
}

static void
test_an_instant_is_shown_with_the_offset_of_its_zone(G_GNUC_UNUSED void **state)
{
  assert_string_equal(instant_local_text(at("2026-03-05T17:07:00Z"), zone).text,
                      "2026-03-05T14:07:00-03:00");
  assert_string_equal(instant_local_text(at("2018-12-01T14:00:00Z"), zone).text,
                      "2018-12-01T12:00:00-02:00");
  g_autoptr(GTimeZone) india = g_time_zone_new_identifier("Asia/Kolkata");
  assert_string_equal(instant_local_text(at("2026-03-05T18:00:00Z"), india).text,
                      "2026-03-05T23:30:00+05:30");
}

/* 2.5 */
static void
test_midnight_of_a_day_is_three_in_the_morning_of_utc(G_GNUC_UNUSED void **state)
{
  GDate day = instant_day(at("2026-03-05T14:07:00"), zone);
  assert_string_equal(instant_text(instant_at(&day, 0, 0, 0, zone)).text,
                      "2026-03-05T03:00:00.000000Z");
  assert_string_equal(instant_text(instant_at(&day, 23, 59, 59, zone)).text,
                      "2026-03-06T02:59:59.000000Z");
}

/* 0.4, DC 75 */
static void
test_units_are_added_by_the_calendar(G_GNUC_UNUSED void **state)
{
  static const struct {
    const char *from;
    gint64 count;
    const char *unit, *to;
  } cases[] = {
      {"2026-01-31T10:00:00", 1, "MESES", "2026-02-28T10:00:00"},
      {"2028-01-31T10:00:00", 1, "MESES", "2028-02-29T10:00:00"},
      {"2025-12-31T10:00:00", 2, "MESES", "2026-02-28T10:00:00"},
      {"2027-12-31T10:00:00", 2, "MESES", "2028-02-29T10:00:00"},
      {"2026-03-31T10:00:00", -1, "MESES", "2026-02-28T10:00:00"},
      {"2026-01-15T10:00:00", -1, "MESES", "2025-12-15T10:00:00"},
      {"2026-01-15T10:00:00", -13, "MESES", "2024-12-15T10:00:00"},
      {"2028-02-29T10:00:00", 1, "ANOS", "2029-02-28T10:00:00"},
      {"2028-02-29T10:00:00", -4, "ANOS", "2024-02-29T10:00:00"},
      {"2026-03-05T14:07:01.123456", 60, "DIAS", "2026-05-04T14:07:01.123456"},
      {"2026-03-05T23:30:00", 2, "DIAS", "2026-03-07T23:30:00"},
      {"2026-03-05T14:07:00", -7, "DIAS", "2026-02-26T14:07:00"},
      {"2026-03-05T14:07:00", 2, "SEMANAS", "2026-03-19T14:07:00"},
      {"2018-11-03T12:00:00", 1, "DIAS", "2018-11-04T12:00:00"}, /* 23 hours later */
      {"2026-03-05T14:07:00", 3, "QUINZENAS", "2026-03-05T14:07:00"},
      {"2026-03-05T14:07:00", 3, NULL, "2026-03-05T14:07:00"},
      {"2026-03-05T14:07:00", 0, "MESES", "2026-03-05T14:07:00"},
      {"2026-03-05T14:07:00", G_MAXINT64, "DIAS", "9999-12-31T14:07:00"},
      {"2026-03-05T14:07:00", G_MAXINT64, "ANOS", "9999-12-05T14:07:00"},
  };
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    Instant to =
        instant_plus(at(cases[i].from), cases[i].count, calendar_unit(cases[i].unit), zone);
    assert_string_equal(instant_text(to).text, instant_text(at(cases[i].to)).text);
  }
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_an_instant_is_read_with_its_offset_or_as_wall_time),
      cmocka_unit_test(test_what_is_no_instant_is_refused),
      cmocka_unit_test(test_the_day_is_that_of_the_zone),
      cmocka_unit_test(test_an_instant_is_shown_with_the_offset_of_its_zone),
      cmocka_unit_test(test_midnight_of_a_day_is_three_in_the_morning_of_utc),
      cmocka_unit_test(test_units_are_added_by_the_calendar),
  };
  return cmocka_run_group_tests_name("instant", tests, find_zone, lose_zone) != 0;
}
