/* Days as ERPs write them (erp-connectors.md 5.4). */
#include "unit.h"

#include "erp/values.h"

#define SAO_PAULO "America/Sao_Paulo"

typedef struct {
  const char *in, *day, *instant;
} Case;

static void
assert_days(gboolean is_number, const Case *cases, gsize n)
{
  g_autoptr(GTimeZone) zone = g_time_zone_new_identifier(SAO_PAULO);
  for (gsize i = 0; i < n; i++) {
    GDate day;
    TimeText instant;
    const char *problem = day_parse(cases[i].in, is_number, zone, &day, &instant);
    if (problem != NULL)
      fail_msg("\"%s\": \"%s\"", cases[i].in, problem);
    assert_string_equal(date_iso(&day).text, cases[i].day);
    assert_string_equal(instant.text, cases[i].instant);
  }
}
#define ASSERT_DAYS(is_number, cases) assert_days(is_number, cases, G_N_ELEMENTS(cases))

/* DT-1 DT-2 DT-3 */
static void
test_the_forms_of_erps_are_read(G_GNUC_UNUSED void **state)
{
  static const Case cases[] = {
      {"2024-01-31", "2024-01-31", ""},
      {"2024-01-31T10:30:00", "2024-01-31", "2024-01-31T10:30:00"},
      {"2024-01-31 10:30:00", "2024-01-31", "2024-01-31T10:30:00"},
      {"2024-01-31T10:30:00.1", "2024-01-31", "2024-01-31T10:30:00"},
      {"2024-01-31T10:30:00.123456789", "2024-01-31", "2024-01-31T10:30:00"},
      {"31/01/2024", "2024-01-31", ""},
      {"31/01/2024 10:30:00", "2024-01-31", "2024-01-31T10:30:00"},
      {"20240131", "2024-01-31", ""},
      {" 20240131  ", "2024-01-31", ""},
      {"2024-02-29", "2024-02-29", ""},
      {"1900-01-01", "1900-01-01", ""},
      {"2100-12-31", "2100-12-31", ""},
  };
  ASSERT_DAYS(FALSE, cases);
}

static void
test_an_instant_counts_as_the_day_it_is_in_sao_paulo(G_GNUC_UNUSED void **state)
{
  static const Case texts[] = {
      {"2024-02-01T02:00:00Z", "2024-01-31", "2024-01-31T23:00:00"},
      {"2024-01-31T23:30:00-03:00", "2024-01-31", "2024-01-31T23:30:00"},
      {"2024-01-31 23:30:00-05:00", "2024-02-01", "2024-02-01T01:30:00"},
      {"2024-02-01T00:00:00.5+14:00", "2024-01-31", "2024-01-31T07:00:00"},
      {"2018-12-01T02:30:00Z", "2018-12-01", "2018-12-01T00:30:00"}, /* daylight saving time */
  };
  ASSERT_DAYS(FALSE, texts);
  static const Case numbers[] = {
      {"1706756400", "2024-02-01", "2024-02-01T00:00:00"},
      {"1706756399", "2024-01-31", "2024-01-31T23:59:59"},
      {"1706756399999", "2024-01-31", "2024-01-31T23:59:59"},
      {"1706756399.9", "2024-01-31", "2024-01-31T23:59:59"},
      {"0", "1969-12-31", "1969-12-31T21:00:00"},
      {"-86400", "1969-12-30", "1969-12-30T21:00:00"},
  };
  ASSERT_DAYS(TRUE, numbers);
}

static void
assert_problem(const char *text, gboolean is_number, const char *wanted)
{
  g_autoptr(GTimeZone) zone = g_time_zone_new_identifier(SAO_PAULO);
  GDate day;
  TimeText instant;
  const char *problem = day_parse(text, is_number, zone, &day, &instant);
  if (g_strcmp0(problem, wanted) != 0)
    fail_msg("\"%s\": %s", text, problem != NULL ? problem : "accepted");
}

/* DT-4 */
static void
test_what_is_no_day_is_refused(G_GNUC_UNUSED void **state)
{
  static const char *const texts[] = {"invalid-date",
                                      "31/02/2024",
                                      "29/02/2023",
                                      "12/31/2024",
                                      "2024-13-01",
                                      "2024-1-1",
                                      "20240231",
                                      "2024013",
                                      "202401311",
                                      "1899-12-31",
                                      "2101-01-01",
                                      "2024-01-31T24:00:00",
                                      "2024-01-31T10:60:00",
                                      "2024-01-31T10:30",
                                      "2024-01-31T10:30:00.",
                                      "2024-01-31X10:30:00",
                                      "2024-01-31T10:30:00.1234567890",
                                      "2024-01-31T10:30:00z",
                                      "2024-01-31T10:30:00-0300",
                                      "2024-01-31T10:30:00+24:00",
                                      "31/01/24",
                                      "31/01/2024T10:30:00",
                                      "31-01-2024",
                                      "2024/01/31",
                                      "1706756400",
                                      "1899-12-31T10:00:00Z"};
  for (gsize i = 0; i < G_N_ELEMENTS(texts); i++)
    assert_problem(texts[i], FALSE, "invalid_date");
  static const char *const numbers[] = {"1e300", "-1e300", "99999999999999999", "5000000000"};
  for (gsize i = 0; i < G_N_ELEMENTS(numbers); i++)
    assert_problem(numbers[i], TRUE, "invalid_date");
}

static void
test_an_empty_date_field_means_no_date(G_GNUC_UNUSED void **state)
{
  static const char *const texts[] = {"",           "   ",        "  /  /    ",  "/  /",
                                      "0000-00-00", "00/00/0000", " 00/00/0000 "};
  for (gsize i = 0; i < G_N_ELEMENTS(texts); i++)
    assert_problem(texts[i], FALSE, "");
}

static void
test_whoever_wants_no_time_need_not_take_one(G_GNUC_UNUSED void **state)
{
  g_autoptr(GTimeZone) zone = g_time_zone_new_identifier(SAO_PAULO);
  GDate day;
  assert_null(day_parse("2024-01-31T10:30:00", FALSE, zone, &day, NULL));
  assert_string_equal(date_iso(&day).text, "2024-01-31");
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_the_forms_of_erps_are_read),
      cmocka_unit_test(test_an_instant_counts_as_the_day_it_is_in_sao_paulo),
      cmocka_unit_test(test_what_is_no_day_is_refused),
      cmocka_unit_test(test_an_empty_date_field_means_no_date),
      cmocka_unit_test(test_whoever_wants_no_time_need_not_take_one),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
