/* Titles made into revenue per client code (fin.md 7.7): which value counts, and that sums are
 * exact. */
#include "revenue_fixture.h"

#include "base/error.h"

#define INVALID "Omie: valor inválido em contas a receber."

/* F55 */
static void
test_titles_of_a_code_are_added_up_exactly(G_GNUC_UNUSED void **state)
{
  const Row cents[] = {{.id = N("1"), .client = N("7"), .value = N("0.10")},
                       {.id = N("2"), .client = N("7"), .value = N("0.20")},
                       {.id = N("3"), .client = N("8"), .value = N("5")},
                       {.id = N("4"), .client = T(" 7 "), .value = T("0.30")}};
  ASSERT_TOTAL("7=0.60 8=5.00", cents);
  const Row negative[] = {{.id = N("1"), .client = N("7"), .value = N("100")},
                          {.id = N("2"), .client = N("7"), .value = N("-250.5")}};
  ASSERT_TOTAL("7=-150.50", negative);
  const Row nothing[] = {{.id = N("1"), .client = N("7"), .value = N("1")},
                         {.id = N("2"), .client = N("7"), .value = N("-1")}};
  ASSERT_TOTAL("7=0.00", nothing);
}

static void
test_no_titles_are_no_codes(G_GNUC_UNUSED void **state)
{
  assert_total_by(&by_registration, "", NULL, 0, "nothing");
}

/* 3.4: each title is rounded by itself, half away from zero */
static void
test_each_title_is_rounded_by_itself(G_GNUC_UNUSED void **state)
{
  const Row halves[] = {{.id = N("1"), .client = N("7"), .value = N("0.005")},
                        {.id = N("2"), .client = N("7"), .value = N("0.005")},
                        {.id = N("3"), .client = N("8"), .value = N("-0.005")},
                        {.id = N("4"), .client = N("9"), .value = N("1.0049")},
                        {.id = N("5"), .client = N("9"), .value = N("1.0049")}};
  ASSERT_TOTAL("7=0.02 8=-0.01 9=2.00", halves);
}

static void
test_the_value_is_read_from_either_member_in_any_form(G_GNUC_UNUSED void **state)
{
  static const struct {
    const char *why;
    OmieCell value, other;
    const char *total; /* NULL: the run fails */
  } cases[] = {
      {"a number", N("1500.5"), NONE, "7=1500.50"},
      {"a text", T("1500.5"), NONE, "7=1500.50"},
      {"an exponent", N("1.5e3"), NONE, "7=1500.00"},
      {"an exponent in a text", T("15E-1"), NONE, "7=1.50"},
      {"three decimals", N("2.675"), NONE, "7=2.68"},
      {"three decimals below zero", N("-2.675"), NONE, "7=-2.68"},
      {"below zero", N("-3"), NONE, "7=-3.00"},
      {"zero", N("0"), NONE, "7=0.00"},
      {"the other member", NONE, N("2.5"), "7=2.50"},
      {"the first one wins", N("1"), N("2"), "7=1.00"},
      {"a zero is a value", N("0"), N("2"), "7=0.00"},
      {"null in both, or neither", NONE, NONE, "7=0.00"},
      {"the largest", N("9999999999999.99"), NONE, "7=9999999999999.99"},
      {"an empty text", T(""), NONE, NULL},
      {"an empty text, though the other is fine", T(""), N("2"), NULL},
      {"blanks", T(" "), NONE, NULL},
      {"a comma", T("1,50"), NONE, NULL},
      {"Brazilian", T("1.234,56"), NONE, NULL},
      {"blanks around it", T(" 1.50 "), NONE, NULL},
      {"words", T("cem"), NONE, NULL},
      {"a currency", T("R$ 1.00"), NONE, NULL},
      {"a plus", T("+1"), NONE, NULL},
      {"a leading zero", T("01"), NONE, NULL},
      {"an object", OBJECT, NONE, NULL},
      {"an object, though the other is fine", OBJECT, N("2"), NULL},
      {"an object in the other member", NONE, OBJECT, NULL},
      {"rubbish in the other member", NONE, T("x"), NULL},
      {"too large", N("10000000000000"), NONE, NULL},
      {"too large below zero", N("-1e13"), NONE, NULL},
      {"too large once rounded", N("9999999999999.995"), NONE, NULL},
  };
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    const Row row = {
        .id = N("1"), .client = N("7"), .value = cases[i].value, .other_value = cases[i].other};
    if (cases[i].total != NULL) {
      assert_total_by(&by_registration, cases[i].total, &row, 1, cases[i].why);
      continue;
    }
    g_autoptr(RevenueSum) sum = revenue_sum_new(&by_registration, january());
    g_autoptr(GError) error = NULL;
    OmieRow cells = row_of(&row);
    if (revenue_sum_add(sum, &cells, &error))
      fail_msg("%s is accepted", cases[i].why);
    assert_true(g_error_matches(error, PONTE_ERROR, ERROR_UPSTREAM_FAULT));
    assert_string_equal(error->message, INVALID);
  }
}

static void
test_a_total_without_room_is_refused(G_GNUC_UNUSED void **state)
{
  static const struct {
    const char *value;
    guint times;
    gboolean fits;
  } cases[] = {{"5000000000000", 1, TRUE},
               {"5000000000000", 2, FALSE},
               {"-5000000000000", 2, FALSE},
               {"9999999999999.99", 1, TRUE},
               {"9999999999999.99", 10000, FALSE}}; /* more than 64 bits hold */
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(RevenueSum) sum = revenue_sum_new(&by_registration, january());
    g_autoptr(GError) error = NULL;
    const Row row = {.client = N("7"), .value = N(cases[i].value)};
    OmieRow cells = row_of(&row);
    for (guint n = 0; n < cases[i].times; n++)
      assert_true(revenue_sum_add(sum, &cells, &error));
    g_autoptr(GArray) totals = revenue_sum_totals(sum, &error);
    assert_int_equal(totals != NULL, cases[i].fits);
    if (!cases[i].fits)
      assert_string_equal(error->message, INVALID);
  }
}

/* A large sum on the way is fine as long as the total has room */
static void
test_only_the_total_must_have_room(G_GNUC_UNUSED void **state)
{
  const Row rows[] = {{.id = N("1"), .client = N("7"), .value = N("9999999999999.99")},
                      {.id = N("2"), .client = N("7"), .value = N("9999999999999.99")},
                      {.id = N("3"), .client = N("7"), .value = N("-9999999999999.99")}};
  ASSERT_TOTAL("7=9999999999999.99", rows);
}

#ifdef __SANITIZE_ADDRESS__ /* which takes a hundred times as long */
#define MANY 100000
#else
#define MANY 1000000
#endif

/* 7.7: 1000 times 0.01 is 10.00, and a million times 10000.00 */
static void
test_a_million_centavos_are_ten_thousand_reais(G_GNUC_UNUSED void **state)
{
  g_autoptr(RevenueSum) sum = revenue_sum_new(&by_registration, january());
  g_autoptr(GError) error = NULL;
  for (guint i = 1; i <= MANY; i++) {
    char id[16];
    g_snprintf(id, sizeof id, "%u", 2000000000 + i);
    const Row row = {.id = {OMIE_NUMBER, id},
                     .client = i % 4 == 0 ? (OmieCell)N("8") : (OmieCell)N("7"),
                     .value = N("0.01"),
                     .status = T("RECEBIDO"),
                     .registered = T("15/01/2026")};
    OmieRow cells = row_of(&row);
    assert_true(revenue_sum_add(sum, &cells, &error));
    if (i % 10 == 0) /* every tenth is listed again */
      assert_true(revenue_sum_add(sum, &cells, &error));
  }
  g_autoptr(GArray) totals = revenue_sum_totals(sum, &error);
  assert_non_null(totals);
  assert_int_equal(totals->len, 2);
  assert_string_equal(g_array_index(totals, CodeRevenue, 0).code, "7");
  assert_int_equal(g_array_index(totals, CodeRevenue, 0).centavos, MANY / 4 * 3);
  assert_int_equal(g_array_index(totals, CodeRevenue, 1).centavos, MANY / 4);
}

static void
test_a_thousand_centavos_are_ten_reais(G_GNUC_UNUSED void **state)
{
  g_autofree Row *rows = g_new0(Row, 1000);
  for (guint i = 0; i < 1000; i++)
    rows[i] = (Row){.client = N("7"), .value = N("0.01")};
  assert_total_by(&by_registration, "7=10.00", rows, 1000, "1000 times 0.01");
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_titles_of_a_code_are_added_up_exactly),
      cmocka_unit_test(test_no_titles_are_no_codes),
      cmocka_unit_test(test_each_title_is_rounded_by_itself),
      cmocka_unit_test(test_the_value_is_read_from_either_member_in_any_form),
      cmocka_unit_test(test_a_total_without_room_is_refused),
      cmocka_unit_test(test_only_the_total_must_have_room),
      cmocka_unit_test(test_a_million_centavos_are_ten_thousand_reais),
      cmocka_unit_test(test_a_thousand_centavos_are_ten_reais),
  };
  return cmocka_run_group_tests_name("revenue_sum", tests, NULL, NULL) != 0;
}
