/* Amounts as ERPs write them, read into centavos (erp-connectors.md 5.3). */
#include "unit.h"

#include "erp/values.h"

#define UNTOUCHED 424242

typedef struct {
  const char *in;
  gint64 centavos;
  const char *problem; /* NULL: it is fine */
} Case;

static void
assert_case(const Case *wanted, const char *problem, gint64 centavos)
{
  if (g_strcmp0(problem, wanted->problem) != 0)
    fail_msg("\"%s\": %s", wanted->in, problem != NULL ? problem : "accepted");
  if (centavos != (problem == NULL ? wanted->centavos : UNTOUCHED))
    fail_msg("\"%s\" is %" G_GINT64_FORMAT, wanted->in, centavos);
}

static void
assert_texts(DecimalHint hint, const Case *cases, gsize n)
{
  for (gsize i = 0; i < n; i++) {
    gint64 centavos = UNTOUCHED;
    const char *problem = amount_parse_text(cases[i].in, hint, &centavos, NULL);
    assert_case(&cases[i], problem, centavos);
  }
}
#define ASSERT_TEXTS(hint, cases) assert_texts(hint, cases, G_N_ELEMENTS(cases))

static void
assert_numbers(const Case *cases, gsize n)
{
  for (gsize i = 0; i < n; i++) {
    gint64 centavos = UNTOUCHED;
    const char *problem = amount_parse_number(cases[i].in, &centavos);
    assert_case(&cases[i], problem, centavos);
  }
}

/* AM-1 AM-2 AM-4 */
static void
test_a_json_number_keeps_its_centavos(G_GNUC_UNUSED void **state)
{
  static const Case cases[] = {
      {"100", 10000, NULL},
      {"123.45", 12345, NULL},
      {"-50.00", -5000, NULL},
      {"-50", -5000, NULL},
      {"0", 0, NULL},
      {"-0", 0, NULL},
      {"-0.004", 0, NULL},
      {"0.29", 29, NULL},
      {"1e3", 100000, NULL},
      {"1.5E-1", 15, NULL},
      {"1e-400", 0, NULL},
      {"92233720368547758", 9223372036854775800, NULL},
      {"90071992547409.91", 9007199254740991, NULL},
      {"90071992547409.90", 9007199254740990, NULL},
  };
  assert_numbers(cases, G_N_ELEMENTS(cases));
}

static void
test_rounding_is_half_to_even_on_the_decimal_text(G_GNUC_UNUSED void **state)
{
  static const Case cases[] = {
      {"0.125", 12, NULL},
      {"0.135", 14, NULL},
      {"2.675", 268, NULL},
      {"-0.125", -12, NULL},
      {"-0.135", -14, NULL},
      {"0.1250001", 13, NULL},
      {"0.1249999", 12, NULL},
      {"5e-3", 0, NULL},
      {"15e-3", 2, NULL},
      {"0.996", 100, NULL},
      {"9.995", 1000, NULL},
      {"2.6749999999999998", 268, NULL}, /* how a double with 17 digits shows 2.675 */
      {"1.0049999999999999", 100, NULL}, /* 1.005: to the even side */
      {"350.00000000000006", 35000, NULL},
  };
  assert_numbers(cases, G_N_ELEMENTS(cases));
}

static void
test_a_json_number_beyond_the_limits_is_refused(G_GNUC_UNUSED void **state)
{
  static const Case cases[] = {
      {"92233720368547759", 0, "amount_out_of_range"},
      {"-92233720368547759", 0, "amount_out_of_range"},
      {"99999999999999999999", 0, "amount_out_of_range"},
      {"90071992547409.92", 0, "amount_out_of_range"},
      {"1e400", 0, "amount_out_of_range"},
      {"1e15", 0, "amount_out_of_range"},
      {"1e", 0, "invalid_amount"},
      {"1.", 0, "invalid_amount"},
      {".5", 0, "invalid_amount"},
      {"-", 0, "invalid_amount"},
      {"", 0, "invalid_amount"},
      {"0x10", 0, "invalid_amount"},
      {"12 ", 0, "invalid_amount"},
  };
  assert_numbers(cases, G_N_ELEMENTS(cases));
}

/* AM-3 F-59 */
static void
test_text_is_read_by_its_separators(G_GNUC_UNUSED void **state)
{
  static const Case cases[] = {
      {"123.45", 12345, NULL},
      {"1.234,56", 123456, NULL},
      {"1,234.56", 123456, NULL},
      {"1.234.567,89", 123456789, NULL},
      {"1,234,567.89", 123456789, NULL},
      {"1234,5", 123450, NULL},
      {"1234,56", 123456, NULL},
      {"1,234", 123400, NULL},
      {"0,004", 0, NULL},
      {"0,125", 12, NULL},
      {"0,1250", 12, NULL},
      {"1.234.567", 123456700, NULL},
      {"1,234,567", 123456700, NULL},
      {"1234.56", 123456, NULL},
      {"1.23456", 123, NULL},
      {"0.125", 12, NULL},
      {".5", 50, NULL},
      {"1234", 123400, NULL},
      {"1.234", 0, "ambiguous_amount"},
      {"1,2345", 0, "invalid_amount"},
      {"12.34.56", 0, "invalid_amount"},
      {"1.234.56", 0, "invalid_amount"},
      {"1234.567,89", 0, "invalid_amount"},
      {"1.234,567,89", 0, "invalid_amount"},
      {"1,234,", 0, "invalid_amount"},
      {"1.234,", 0, "invalid_amount"},
      {"1,", 0, "invalid_amount"},
      {",", 0, "invalid_amount"},
      {"1..234", 0, "invalid_amount"},
      {",234,567", 0, "invalid_amount"},
  };
  ASSERT_TEXTS(HINT_AUTO, cases);
}

static void
test_the_hint_settles_what_one_separator_means(G_GNUC_UNUSED void **state)
{
  static const Case comma[] = {
      {"1.234", 123400, NULL},   {"1,234", 123, NULL},
      {"0,004", 0, NULL},        {"0,005", 0, NULL},
      {"0,006", 1, NULL},        {"1234,5678", 123457, NULL},
      {"12.345", 1234500, NULL}, {"1.23", 123, NULL},
      {"0.125", 12, NULL},       {"1234.567", 0, "invalid_amount"},
  };
  ASSERT_TEXTS(HINT_COMMA, comma);
  static const Case dot[] = {
      {"1.234", 123, NULL}, {"1,234", 123400, NULL}, {"1.235", 124, NULL}, {"0,004", 0, NULL}};
  ASSERT_TEXTS(HINT_DOT, dot);
}

/* F-59 */
static void
test_signs_currency_and_spaces_around_are_understood(G_GNUC_UNUSED void **state)
{
  static const Case cases[] = {
      {"(10,00)", -1000, NULL},
      {"R$ 5,00", 500, NULL},
      {"5,00-", -500, NULL},
      {"-5,00", -500, NULL},
      {"+5,00", 500, NULL},
      {"\xE2\x88\x92"
       "5,00",
       -500, NULL},
      {"-R$ 5,00", -500, NULL},
      {"R$ -5,00", -500, NULL},
      {"(R$ 5,00)", -500, NULL},
      {"R$\xC2\xA0"
       "1.234,56",
       123456, NULL},
      {" 1 234,56 ", 123456, NULL},
      {"--5", 0, "invalid_amount"},
      {"-5-", 0, "invalid_amount"},
      {"(-5)", 0, "invalid_amount"},
      {"(5", 0, "invalid_amount"},
      {"5)", 0, "invalid_amount"},
      {"R$", 0, "invalid_amount"},
      {"R$R$5", 0, "invalid_amount"},
      {"()", 0, "invalid_amount"},
      {"-", 0, "invalid_amount"},
  };
  ASSERT_TEXTS(HINT_AUTO, cases);
}

/* F-59 */
static void
test_what_is_no_amount_is_refused(G_GNUC_UNUSED void **state)
{
  static const Case cases[] = {
      {"", 0, "invalid_amount"},
      {"   ", 0, "invalid_amount"},
      {"1e3", 0, "invalid_amount"},
      {"NaN", 0, "invalid_amount"},
      {"Infinity", 0, "invalid_amount"},
      {"0x1F", 0, "invalid_amount"},
      {"abc", 0, "invalid_amount"},
      {"5,00 D", 0, "invalid_amount"}, /* only balances state a side */
      {"US$ 5", 0, "invalid_amount"},
      {"92233720368547758,08", 0, "amount_out_of_range"},
      {"1234567890123456789012345678901234567890123456789012345678901234", 0, "invalid_amount"},
  };
  ASSERT_TEXTS(HINT_AUTO, cases);
}

static void
test_a_balance_may_say_on_which_side_it_stands(G_GNUC_UNUSED void **state)
{
  static const struct {
    const char *in;
    gint64 centavos;
    AccountSide side;
  } cases[] = {{"1.234,56 D", 123456, SIDE_DEBIT},
               {"1.234,56C", 123456, SIDE_CREDIT},
               {"10,00d", 1000, SIDE_DEBIT},
               {"10,00", 1000, SIDE_UNSTATED},
               {"-10,00 C", -1000, SIDE_CREDIT}};
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    gint64 centavos;
    AccountSide side;
    assert_null(amount_parse_text(cases[i].in, HINT_COMMA, &centavos, &side));
    assert_int_equal(centavos, cases[i].centavos);
    assert_int_equal(side, cases[i].side);
  }
  gint64 centavos;
  AccountSide side;
  static const char *const refused[] = {"D", "10,00 DC", "(D", "-C"};
  for (gsize i = 0; i < G_N_ELEMENTS(refused); i++)
    assert_string_equal(amount_parse_text(refused[i], HINT_COMMA, &centavos, &side),
                        "invalid_amount");
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_a_json_number_keeps_its_centavos),
      cmocka_unit_test(test_rounding_is_half_to_even_on_the_decimal_text),
      cmocka_unit_test(test_a_json_number_beyond_the_limits_is_refused),
      cmocka_unit_test(test_text_is_read_by_its_separators),
      cmocka_unit_test(test_the_hint_settles_what_one_separator_means),
      cmocka_unit_test(test_signs_currency_and_spaces_around_are_understood),
      cmocka_unit_test(test_what_is_no_amount_is_refused),
      cmocka_unit_test(test_a_balance_may_say_on_which_side_it_stands),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
