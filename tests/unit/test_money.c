/* Amounts: reading decimals into centavos, and showing them (DESIGN "Money is exact"; fin.md 3.4).
 */
#include "unit.h"

#include "base/money.h"

#define REFUSED   G_MININT64
#define UNTOUCHED 424242

typedef struct {
  const char *in;
  gint64 centavos; /* or REFUSED */
} Case;

static void
assert_read(gboolean (*read)(const char *, gint64 *), const Case *cases, gsize n)
{
  for (gsize i = 0; i < n; i++) {
    gint64 centavos = UNTOUCHED;
    gboolean is_read = read(cases[i].in, &centavos);
    if (is_read != (cases[i].centavos != REFUSED))
      fail_msg("\"%.60s\" is %s", cases[i].in, is_read ? "accepted" : "refused");
    if (centavos != (is_read ? cases[i].centavos : UNTOUCHED))
      fail_msg("\"%.60s\" is %" G_GINT64_FORMAT, cases[i].in, centavos);
  }
}
#define ASSERT_READ(read, cases) assert_read(read, cases, G_N_ELEMENTS(cases))

/* What both readings take alike */
static const Case plain[] = {
    {"0", 0},
    {"-0", 0},
    {"0.0", 0},
    {"1", 100},
    {"1.5", 150},
    {"1500.5", 150050},
    {"1234.56", 123456},
    {"0.01", 1},
    {"-0.01", -1},
    {"-3", -300},
    {"100.00", 10000},
    {"0.1", 10},
    {"0.29", 29}, /* 28.999999999999996 as a double times 100 */
    {"4.35", 435},
    {"1.1", 110},
    {"9007199254740.93", 900719925474093}, /* beyond what a double keeps apart */
    {"9999999999999.99", MONEY_MAX},
    {"-9999999999999.99", -MONEY_MAX},
    {"1e3", 100000},
    {"1E3", 100000},
    {"1e+3", 100000},
    {"1.5e2", 15000},
    {"1e-2", 1},
    {"150e-2", 150},
    {"12.34e0", 1234},
    {"1e12", 100000000000000},
    {"0e5", 0},
    {"0e999999999999999999999", 0},
    {"0.00e999999999999999999999", 0},
};

/* What is no JSON number, or no amount of ours */
static const Case refused[] = {
    {"", REFUSED},
    {" ", REFUSED},
    {" 1", REFUSED},
    {"1 ", REFUSED},
    {"1\n", REFUSED},
    {"+1", REFUSED},
    {"-", REFUSED},
    {"--1", REFUSED},
    {".5", REFUSED},
    {"-.5", REFUSED},
    {"1.", REFUSED},
    {"1.e2", REFUSED},
    {"01", REFUSED},
    {"-01", REFUSED},
    {"00", REFUSED},
    {"1e", REFUSED},
    {"1e+", REFUSED},
    {"1e-", REFUSED},
    {"1e1.5", REFUSED},
    {"1e2e3", REFUSED},
    {"e3", REFUSED},
    {"1.2.3", REFUSED},
    {"1,50", REFUSED},
    {"1.234,56", REFUSED},
    {"1 000", REFUSED},
    {"1_000", REFUSED},
    {"0x10", REFUSED},
    {"NaN", REFUSED},
    {"Infinity", REFUSED},
    {"-Infinity", REFUSED},
    {"null", REFUSED},
    {"true", REFUSED},
    {"abc", REFUSED},
    {"R$ 1", REFUSED},
    {"1a", REFUSED},
    {"\xD9\xA1", REFUSED}, /* an Arabic digit */
    {"10000000000000", REFUSED},
    {"-10000000000000", REFUSED},
    {"10000000000000.00", REFUSED},
    {"1e13", REFUSED},
    {"-1e13", REFUSED},
    {"1e999999999999999999999", REFUSED},
    {"99999999999999999999999999999999999999", REFUSED},
};

static void
test_a_decimal_becomes_centavos(G_GNUC_UNUSED void **state)
{
  ASSERT_READ(money_parse, plain);
  ASSERT_READ(money_parse_exact, plain);
}

static void
test_what_is_no_json_number_or_too_large_is_refused(G_GNUC_UNUSED void **state)
{
  ASSERT_READ(money_parse, refused);
  ASSERT_READ(money_parse_exact, refused);
}

/* fin.md 3.4: half away from zero, as written and not as a double would have it */
static void
test_further_decimals_are_rounded_half_away_from_zero(G_GNUC_UNUSED void **state)
{
  static const Case cases[] = {
      {"0.004", 0},
      {"0.005", 1},
      {"0.0049999999999999999999999999", 0},
      {"0.0050000000000000000000000001", 1},
      {"-0.004", 0},
      {"-0.005", -1},
      {"1.005", 101}, /* 1.00499999999999989… as a double */
      {"2.675", 268}, /* 2.67499999999999982… */
      {"1.115", 112}, /* 1.11499999999999999… */
      {"-1.005", -101},
      {"0.994", 99},
      {"0.995", 100},
      {"0.999", 100},
      {"9.999", 1000},
      {"-9.995", -1000},
      {"5e-3", 1},
      {"4.9e-3", 0},
      {"5e-4", 0},
      {"9e-4", 0},
      {"1234.5678e-1", 12346},
      {"1e-999999999999999999999", 0},
      {"9999999999999.994", MONEY_MAX},
      {"-9999999999999.994", -MONEY_MAX},
      {"9999999999999.995", REFUSED}, /* rounded it has no room */
      {"-9999999999999.995", REFUSED},
  };
  ASSERT_READ(money_parse, cases);
}

static void
test_further_decimals_that_a_person_types_are_refused(G_GNUC_UNUSED void **state)
{
  static const Case cases[] = {
      {"0.001", REFUSED},
      {"1.005", REFUSED},
      {"-1.009", REFUSED},
      {"5e-3", REFUSED},
      {"1e-3", REFUSED},
      {"0.0000000000000000000000000001", REFUSED},
      {"9999999999999.991", REFUSED},
  };
  ASSERT_READ(money_parse_exact, cases);
}

/* "1.000" is a thousand to whoever types it in Brazil: never a silent 1.00 */
static void
test_three_typed_decimals_are_refused_even_when_they_are_zeros(G_GNUC_UNUSED void **state)
{
  static const Case cases[] = {{"1.000", REFUSED}, {"1500.000", REFUSED}, {"0.100", REFUSED}};
  ASSERT_READ(money_parse_exact, cases);
}

static void
test_a_number_of_ten_thousand_digits_is_read_as_any_other(G_GNUC_UNUSED void **state)
{
  g_autofree char *zeros = g_strnfill(10000, '0'), *nines = g_strnfill(10000, '9');
  g_autofree char *small = g_strconcat("1.", zeros, NULL);
  g_autofree char *nearly = g_strconcat("0.", nines, NULL);
  const Case cases[] = {{small, 100}, {nearly, 100}, {nines, REFUSED}};
  ASSERT_READ(money_parse, cases);
}

static void
test_an_amount_is_shown_with_two_decimals(G_GNUC_UNUSED void **state)
{
  static const struct {
    gint64 centavos;
    const char *text;
  } cases[] = {
      {0, "0.00"},
      {1, "0.01"},
      {-1, "-0.01"},
      {10, "0.10"},
      {99, "0.99"},
      {-99, "-0.99"},
      {100, "1.00"},
      {-100, "-1.00"},
      {195000, "1950.00"},
      {MONEY_MAX, "9999999999999.99"},
      {-MONEY_MAX, "-9999999999999.99"},
      {G_MAXINT64, "92233720368547758.07"},
      {G_MININT64, "-92233720368547758.08"},
  };
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++)
    assert_string_equal(money_text(cases[i].centavos).text, cases[i].text);
}

static void
test_what_is_shown_can_be_read_again(G_GNUC_UNUSED void **state)
{
  for (gint64 centavos = -MONEY_MAX; centavos <= MONEY_MAX; centavos += MONEY_MAX / 997) {
    gint64 again = 0;
    assert_true(money_parse_exact(money_text(centavos).text, &again));
    assert_int_equal(again, centavos);
  }
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_a_decimal_becomes_centavos),
      cmocka_unit_test(test_what_is_no_json_number_or_too_large_is_refused),
      cmocka_unit_test(test_further_decimals_are_rounded_half_away_from_zero),
      cmocka_unit_test(test_further_decimals_that_a_person_types_are_refused),
      cmocka_unit_test(test_three_typed_decimals_are_refused_even_when_they_are_zeros),
      cmocka_unit_test(test_a_number_of_ten_thousand_digits_is_read_as_any_other),
      cmocka_unit_test(test_an_amount_is_shown_with_two_decimals),
      cmocka_unit_test(test_what_is_shown_can_be_read_again),
  };
  return cmocka_run_group_tests_name("money", tests, NULL, NULL) != 0;
}
