/* Numbers as shops' ERPs write them, exact at their scale (data-collecting.md 0.3, 2.6, 6.2). */
#include "unit.h"

#include "base/decimal.h"

#define REFUSED   G_MININT64
#define UNTOUCHED 424242

typedef struct {
  const char *in;
  gint64 value; /* or REFUSED */
} Case;

static void
assert_read(guint scale, gint64 max, const Case *cases, gsize count)
{
  for (gsize i = 0; i < count; i++) {
    gint64 value = UNTOUCHED;
    gboolean is_read = decimal_parse(cases[i].in, scale, max, &value);
    if (is_read != (cases[i].value != REFUSED))
      fail_msg("\"%.60s\" is %s", cases[i].in, is_read ? "accepted" : "refused");
    if (value != (is_read ? cases[i].value : UNTOUCHED))
      fail_msg("\"%.60s\" is %" G_GINT64_FORMAT, cases[i].in, value);
  }
}
#define ASSERT_READ(scale, max, cases) assert_read(scale, max, cases, G_N_ELEMENTS(cases))

/* DC 21 */
static void
test_a_number_is_read_in_either_notation(G_GNUC_UNUSED void **state)
{
  static const Case cases[] = {
      {"199.90", 19990},
      {"199,90", 19990},
      {"1.234,56", 123456},
      {"1.234.567,89", 123456789},
      {"12.345,6", 1234560},
      {"1.234", 123}, /* a dot without comma is the decimal mark */
      {"1.235", 124},
      {".5", 50},
      {"+.5", 50},
      {"-.5", -50},
      {"+3", 300},
      {"-3", -300},
      {"-0", 0},
      {"007", 700},
      {" 10 ", 1000},
      {"\t10\n", 1000},
      {"", 0},
      {"   ", 0},
      {NULL, 0},
      {"1e3", 100000},
      {"1.5E+2", 15000},
      {"150e-2", 150},
      {"0e999999999999999999", 0},
  };
  ASSERT_READ(SCALE_MONEY, DECIMAL_MONEY_MAX, cases);
}

/* DC 20 */
static void
test_what_is_no_number_is_refused(G_GNUC_UNUSED void **state)
{
  static const Case cases[] = {
      {"abc", REFUSED},     {"1.2.3", REFUSED},      {"1,2,3", REFUSED},    {"1,234.56", REFUSED},
      {"1.23,45", REFUSED}, {"1234.567,8", REFUSED}, {".123,4", REFUSED},   {"1.234.567", REFUSED},
      {"5.", REFUSED},      {"5,", REFUSED},         {",5", REFUSED},       {".", REFUSED},
      {",", REFUSED},       {"-", REFUSED},          {"+", REFUSED},        {"--1", REFUSED},
      {"1-", REFUSED},      {"1 000", REFUSED},      {"R$ 1", REFUSED},     {"NaN", REFUSED},
      {"0x1", REFUSED},     {"1e", REFUSED},         {"1e+", REFUSED},      {"e1", REFUSED},
      {"1e1.5", REFUSED},   {"1.234.,5", REFUSED},   {"1..234,5", REFUSED}, {"\xC2\xB2", REFUSED},
  };
  ASSERT_READ(SCALE_MONEY, DECIMAL_MONEY_MAX, cases);
}

/* 0.3 */
static void
test_further_decimals_are_rounded_half_away_from_zero(G_GNUC_UNUSED void **state)
{
  static const Case money[] = {
      {"0.005", 1},     {"-0.005", -1}, {"0.0049999", 0},      {"1.005", 101},
      {"-1.005", -101}, {"0,995", 100}, {"9.999", 1000},       {"4.995", 500},
      {"5e-3", 1},      {"4e-3", 0},    {"1.234,565", 123457},
  };
  static const Case quantity[] = {{"0.00005", 1}, {"2", 20000}, {"0,1234", 1234}};
  ASSERT_READ(SCALE_MONEY, DECIMAL_MONEY_MAX, money);
  ASSERT_READ(SCALE_QUANTITY, DECIMAL_QUANTITY_MAX, quantity);
}

/* 0.3: range */
static void
test_what_is_too_large_is_refused(G_GNUC_UNUSED void **state)
{
  g_autofree char *nines = g_strnfill(10000, '9'), *zeros = g_strnfill(10000, '0');
  g_autofree char *small = g_strconcat("0.", zeros, "9", NULL);
  const Case money[] = {{"999999999999.99", DECIMAL_MONEY_MAX},
                        {"-999999999999.99", -DECIMAL_MONEY_MAX},
                        {"999999999999.994", DECIMAL_MONEY_MAX},
                        {"999999999999.995", REFUSED},
                        {"1000000000000", REFUSED},
                        {"1e12", REFUSED},
                        {"1e999999999999999999", REFUSED},
                        {nines, REFUSED},
                        {small, 0}};
  static const Case units[] = {{"999999999999.99", DECIMAL_UNIT_MAX},
                               {"999999999999.990001", REFUSED},
                               {"9999999999999999999999", REFUSED}};
  static const Case quantities[] = {{"9999999999.9999", DECIMAL_QUANTITY_MAX},
                                    {"9999999999.99995", REFUSED}};
  static const Case everything[] = {{"9223372036854775807", G_MAXINT64},
                                    {"9223372036854775808", REFUSED}};
  ASSERT_READ(SCALE_MONEY, DECIMAL_MONEY_MAX, money);
  ASSERT_READ(SCALE_UNIT, DECIMAL_UNIT_MAX, units);
  ASSERT_READ(SCALE_QUANTITY, DECIMAL_QUANTITY_MAX, quantities);
  ASSERT_READ(0, G_MAXINT64, everything);
}

/* DC 55: the table of 6.2, a percentage of a value */
static void
test_a_product_is_rounded_once(G_GNUC_UNUSED void **state)
{
  static const struct {
    gint64 value, percent, credited; /* centavos, scale 4, centavos */
  } cases[] = {{9990, 50000, 500},  {3333, 33300, 111}, {1010, 25000, 25},
               {19999, 25000, 500}, {10, 40000, 0},     {-9990, 50000, -500}};
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    gint64 credited = UNTOUCHED; /* percent: two more decimals */
    assert_true(decimal_multiply(cases[i].value, SCALE_MONEY, cases[i].percent, SCALE_RATE + 2,
                                 SCALE_MONEY, &credited));
    assert_int_equal(credited, cases[i].credited);
  }
}

static void
test_a_product_may_have_more_decimals_than_its_factors(G_GNUC_UNUSED void **state)
{
  gint64 product = UNTOUCHED;
  assert_true(decimal_multiply(3, 0, -5, 0, 4, &product));
  assert_int_equal(product, -150000);
}

static void
test_a_product_that_does_not_fit_is_refused(G_GNUC_UNUSED void **state)
{
  gint64 product = UNTOUCHED;
  assert_false(decimal_multiply(DECIMAL_QUANTITY_MAX, SCALE_QUANTITY, DECIMAL_UNIT_MAX, SCALE_UNIT,
                                SCALE_MONEY, &product));
  assert_false(decimal_multiply(G_MININT64, 0, G_MININT64, 0, 0, &product));
  assert_false(decimal_multiply(G_MAXINT64, 0, G_MAXINT64, 0, 18, &product));
  assert_int_equal(product, UNTOUCHED);
}

/* 2.6 */
static void
test_a_quotient_is_rounded_half_away_from_zero(G_GNUC_UNUSED void **state)
{
  static const struct {
    gint64 cost, quantity, unit; /* centavos, scale 4, scale 6 */
  } cases[] = {{800, 20000, 4000000},    {1000, 30000, 3333333}, {2000, 30000, 6666667},
               {-2000, 30000, -6666667}, {1, 20000, 5000},       {0, 10000, 0},
               {2000, -30000, -6666667}};
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    gint64 unit = UNTOUCHED;
    assert_true(decimal_divide(cases[i].cost, SCALE_MONEY, cases[i].quantity, SCALE_QUANTITY,
                               SCALE_UNIT, &unit));
    assert_int_equal(unit, cases[i].unit);
  }
  gint64 coarse = UNTOUCHED;
  assert_true(decimal_divide(150, 2, 1, 0, 0, &coarse));
  assert_int_equal(coarse, 2);
}

static void
test_a_quotient_by_zero_or_too_large_is_refused(G_GNUC_UNUSED void **state)
{
  gint64 quotient = UNTOUCHED;
  assert_false(decimal_divide(1, 2, 0, 4, 6, &quotient));
  assert_false(decimal_divide(G_MAXINT64, 0, 1, 4, 6, &quotient));
  assert_int_equal(quotient, UNTOUCHED);
}

static void
test_a_decimal_is_shown_at_its_scale(G_GNUC_UNUSED void **state)
{
  assert_string_equal(decimal_text(195000, SCALE_MONEY).text, "1950.00");
  assert_string_equal(decimal_text(-50, SCALE_RATE).text, "-0.0050");
  assert_string_equal(decimal_text(0, SCALE_UNIT).text, "0.000000");
  assert_string_equal(decimal_text(-7, 0).text, "-7");
  assert_string_equal(decimal_text(G_MININT64, SCALE_MONEY).text, "-92233720368547758.08");
  assert_string_equal(decimal_text(G_MININT64, 18).text, "-9.223372036854775808");
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_a_number_is_read_in_either_notation),
      cmocka_unit_test(test_what_is_no_number_is_refused),
      cmocka_unit_test(test_further_decimals_are_rounded_half_away_from_zero),
      cmocka_unit_test(test_what_is_too_large_is_refused),
      cmocka_unit_test(test_a_product_is_rounded_once),
      cmocka_unit_test(test_a_product_may_have_more_decimals_than_its_factors),
      cmocka_unit_test(test_a_product_that_does_not_fit_is_refused),
      cmocka_unit_test(test_a_quotient_is_rounded_half_away_from_zero),
      cmocka_unit_test(test_a_quotient_by_zero_or_too_large_is_refused),
      cmocka_unit_test(test_a_decimal_is_shown_at_its_scale),
  };
  return cmocka_run_group_tests_name("decimal", tests, NULL, NULL) != 0;
}
