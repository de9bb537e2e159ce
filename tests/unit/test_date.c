/* Days and months (fin.md 3.6, 7.3, 7.4, 8.4). */
#include "unit.h"

#include "base/date.h"

/* A day given as "2026-02-28". */
static GDate
day_of(const char *iso)
{
  GDate day;
  if (!date_parse_iso(iso, &day))
    fail_msg("%s is no day", iso);
  return day;
}

typedef struct {
  const char *in, *iso; /* NULL: refused */
} Case;

static void
assert_read(gboolean (*read)(const char *, GDate *), const Case *cases, gsize n)
{
  for (gsize i = 0; i < n; i++) {
    GDate day = day_of("1999-12-31");
    gboolean is_read = read(cases[i].in, &day);
    if (is_read != (cases[i].iso != NULL))
      fail_msg("\"%s\" is %s", cases[i].in, is_read ? "accepted" : "refused");
    assert_string_equal(date_iso(&day).text, is_read ? cases[i].iso : "1999-12-31");
  }
}
#define ASSERT_READ(read, ...)                                                                     \
  do {                                                                                             \
    const Case cases[] = {__VA_ARGS__};                                                            \
    assert_read(read, cases, G_N_ELEMENTS(cases));                                                 \
  } while (0)

static void
test_an_iso_day_is_read_in_exactly_one_form(G_GNUC_UNUSED void **state)
{
  ASSERT_READ(
      date_parse_iso, {"2026-02-28", "2026-02-28"}, {"2024-02-29", "2024-02-29"},
      {"2000-02-29", "2000-02-29"}, {"2026-12-31", "2026-12-31"}, {"0001-01-01", "0001-01-01"},
      {"9999-12-31", "9999-12-31"}, {"2026-02-29", NULL}, /* no leap year */
      {"1900-02-29", NULL}, {"2100-02-29", NULL}, {"2026-04-31", NULL}, {"2026-13-01", NULL},
      {"2026-00-10", NULL}, {"2026-01-00", NULL}, {"2026-01-32", NULL}, {"0000-01-01", NULL},
      {"", NULL}, {"2026", NULL}, {"2026-01", NULL}, {"2026-1-05", NULL}, {"2026-01-5", NULL},
      {"26-01-05", NULL}, {"12026-01-05", NULL}, {"2026-01-055", NULL}, {"2026-01-05 ", NULL},
      {" 2026-01-05", NULL}, {"2026-01-05T00:00", NULL}, {"2026/01/05", NULL}, {"05/01/2026", NULL},
      {"20260105", NULL}, {"+026-01-05", NULL}, {"-026-01-05", NULL}, {"2026--1-05", NULL},
      {"2026-01--5", NULL}, {"abcd-ef-gh", NULL}, {"9999-99-99", NULL});
}

static void
test_a_brazilian_day_is_read_in_exactly_one_form(G_GNUC_UNUSED void **state)
{
  ASSERT_READ(date_parse_br, {"28/02/2026", "2026-02-28"}, {"29/02/2024", "2024-02-29"},
              {"05/01/2026", "2026-01-05"}, {"31/12/9999", "9999-12-31"}, {"29/02/2026", NULL},
              {"31/04/2026", NULL}, {"00/01/2026", NULL}, {"01/00/2026", NULL},
              {"01/13/2026", NULL}, /* never month first */
              {"01/01/0000", NULL}, {"", NULL}, {"1/1/2026", NULL}, {"01/01/26", NULL},
              {"01-01-2026", NULL}, {"2026-01-01", NULL}, {"01/01/2026 10:00", NULL},
              {" 01/01/2026", NULL}, {"01/01/2026 ", NULL}, {"01/01/20266", NULL}, {"//", NULL},
              {"dd/mm/aaaa", NULL});
}

/* F54, 7.4 */
static void
test_a_month_is_read_with_or_without_its_first_day(G_GNUC_UNUSED void **state)
{
  ASSERT_READ(date_parse_month, {"2026-01", "2026-01-01"}, {"2026-12", "2026-12-01"},
              {"2026-01-01", "2026-01-01"}, {"2024-02", "2024-02-01"}, {"9999-12", "9999-12-01"},
              {"2026-13", NULL}, {"2026-00", NULL}, {"2026-13-01", NULL}, {"2026-1", NULL},
              {"2026-1-1", NULL}, {"2026-01-15", NULL}, {"2026-01-31", NULL}, {"2026-01-1", NULL},
              {"2026-01-", NULL}, {"2026-01-011", NULL}, {"2026-01 ", NULL}, {" 2026-01", NULL},
              {"2026-01-01Z", NULL}, {"2026/01", NULL}, {"202601", NULL}, {"01/2026", NULL},
              {"01-2026", NULL}, {"0000-01", NULL}, {"-001-01", NULL}, {"abc", NULL}, {"", NULL},
              {"2026", NULL}, {"2026-", NULL});
}

static void
test_a_day_is_shown_in_both_forms(G_GNUC_UNUSED void **state)
{
  static const struct {
    const char *iso, *br;
  } cases[] = {{"2026-01-01", "01/01/2026"},
               {"2026-12-31", "31/12/2026"},
               {"2024-02-29", "29/02/2024"},
               {"0987-06-05", "05/06/0987"}};
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    GDate day = day_of(cases[i].iso);
    assert_string_equal(date_iso(&day).text, cases[i].iso);
    assert_string_equal(date_br(&day).text, cases[i].br);
  }
}

typedef struct {
  const char *day, *first, *last;
} MonthCase;

static void
assert_months(DateRange (*month_of)(const GDate *), const MonthCase *cases, gsize n)
{
  for (gsize i = 0; i < n; i++) {
    GDate day = day_of(cases[i].day);
    DateRange month = month_of(&day);
    assert_string_equal(date_iso(&month.first).text, cases[i].first);
    assert_string_equal(date_iso(&month.last).text, cases[i].last);
    assert_string_equal(date_iso(&day).text, cases[i].day);
  }
}

/* F50 */
static void
test_a_month_ends_on_its_last_day(G_GNUC_UNUSED void **state)
{
  static const MonthCase cases[] = {
      {"2024-02-01", "2024-02-01", "2024-02-29"}, {"2026-02-28", "2026-02-01", "2026-02-28"},
      {"2000-02-10", "2000-02-01", "2000-02-29"}, {"1900-02-10", "1900-02-01", "1900-02-28"},
      {"2026-01-31", "2026-01-01", "2026-01-31"}, {"2026-04-30", "2026-04-01", "2026-04-30"},
      {"2026-12-31", "2026-12-01", "2026-12-31"},
  };
  assert_months(date_month, cases, G_N_ELEMENTS(cases));
}

/* F48, F50, 3.6: 31 March minus one month is no 3 March */
static void
test_the_month_before_knows_no_day_numbers(G_GNUC_UNUSED void **state)
{
  static const MonthCase cases[] = {
      {"2026-02-15", "2026-01-01", "2026-01-31"}, {"2026-02-28", "2026-01-01", "2026-01-31"},
      {"2026-03-01", "2026-02-01", "2026-02-28"}, {"2026-03-29", "2026-02-01", "2026-02-28"},
      {"2026-03-30", "2026-02-01", "2026-02-28"}, {"2026-03-31", "2026-02-01", "2026-02-28"},
      {"2024-03-31", "2024-02-01", "2024-02-29"}, {"2026-01-01", "2025-12-01", "2025-12-31"},
      {"2026-01-31", "2025-12-01", "2025-12-31"}, {"2026-12-31", "2026-11-01", "2026-11-30"},
      {"2026-05-31", "2026-04-01", "2026-04-30"}, {"2000-01-01", "1999-12-01", "1999-12-31"},
  };
  assert_months(date_month_before, cases, G_N_ELEMENTS(cases));
}

static void
test_days_are_added_across_months_and_years(G_GNUC_UNUSED void **state)
{
  static const struct {
    const char *day;
    int days;
    const char *result;
  } cases[] = {
      {"2026-02-28", 0, "2026-02-28"},    {"2026-02-28", 1, "2026-03-01"},
      {"2024-02-28", 1, "2024-02-29"},    {"2026-03-01", -1, "2026-02-28"},
      {"2024-03-01", -1, "2024-02-29"},   {"2026-12-31", 1, "2027-01-01"},
      {"2026-01-01", -1, "2025-12-31"},   {"2026-01-01", 365, "2027-01-01"},
      {"2024-01-01", 366, "2025-01-01"},  {"2026-01-31", 30, "2026-03-02"},
      {"2026-01-01", -365, "2025-01-01"},
  };
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    GDate day = day_of(cases[i].day);
    GDate result = date_plus(&day, cases[i].days);
    assert_string_equal(date_iso(&result).text, cases[i].result);
    assert_string_equal(date_iso(&day).text, cases[i].day);
  }
}

static void
test_a_range_includes_both_its_ends(G_GNUC_UNUSED void **state)
{
  static const struct {
    const char *day;
    gboolean is_in;
  } cases[] = {{"2025-12-31", FALSE}, {"2026-01-01", TRUE},  {"2026-01-15", TRUE},
               {"2026-01-31", TRUE},  {"2026-02-01", FALSE}, {"2027-01-15", FALSE},
               {"2025-01-15", FALSE}};
  GDate january = day_of("2026-01-20");
  DateRange month = date_month(&january), alone = {january, january};
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    GDate day = day_of(cases[i].day);
    assert_int_equal(date_in_range(&day, &month), cases[i].is_in);
    assert_false(date_in_range(&day, &alone));
  }
  assert_true(date_in_range(&january, &alone));
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_an_iso_day_is_read_in_exactly_one_form),
      cmocka_unit_test(test_a_brazilian_day_is_read_in_exactly_one_form),
      cmocka_unit_test(test_a_month_is_read_with_or_without_its_first_day),
      cmocka_unit_test(test_a_day_is_shown_in_both_forms),
      cmocka_unit_test(test_a_month_ends_on_its_last_day),
      cmocka_unit_test(test_the_month_before_knows_no_day_numbers),
      cmocka_unit_test(test_days_are_added_across_months_and_years),
      cmocka_unit_test(test_a_range_includes_both_its_ends),
  };
  return cmocka_run_group_tests_name("date", tests, NULL, NULL) != 0;
}
