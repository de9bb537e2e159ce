/* Which titles are made into revenue, and for which code (fin.md 7.7): what is left out, and what
 * replaces what. */
#include "revenue_fixture.h"

/* 7.7: what is not counted is not read either */
static void
test_the_value_of_a_title_that_does_not_count_is_not_looked_at(G_GNUC_UNUSED void **state)
{
  const Row rows[] = {
      {.id = N("1"), .client = N("7"), .value = T("x"), .status = T("CANCELADO")},
      {.id = N("2"), .client = N("0"), .value = OBJECT},
      {.id = N("3"), .client = N("7"), .value = T(""), .registered = T("01/02/2026")},
  };
  ASSERT_TOTAL("", rows);
}

static void
test_the_code_is_a_text_that_is_neither_blank_nor_zero(G_GNUC_UNUSED void **state)
{
  static const struct {
    const char *why;
    OmieCell client, other;
    const char *total;
  } cases[] = {
      {"a number", N("2485994017"), NONE, "2485994017=1.00"},
      {"beyond 32 bits", N("24859940171234"), NONE, "24859940171234=1.00"},
      {"a text", T("2485994017"), NONE, "2485994017=1.00"},
      {"a text with blanks", T(" 77 "), NONE, "77=1.00"},
      {"the first one wins", N("7"), N("8"), "7=1.00"},
      {"only the other one", NONE, N("8"), "8=1.00"},
      {"the other one as text", NONE, T("8"), "8=1.00"},
      {"0, and another one", N("0"), N("8"), "8=1.00"},
      {"blank, and another one", T(" "), N("8"), "8=1.00"},
      {"none", NONE, NONE, ""},
      {"0", N("0"), NONE, ""},
      {"0 as text", T("0"), NONE, ""},
      {"empty", T(""), NONE, ""},
      {"blank", T(" \t\xC2\xA0"), NONE, ""},
      {"0 in both", N("0"), T("0"), ""},
      {"no whole number", N("7.5"), NONE, ""},
      {"an object", OBJECT, NONE, ""},
  };
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    const Row row = {
        .id = N("1"), .client = cases[i].client, .other_client = cases[i].other, .value = N("1")};
    assert_total_by(&by_registration, cases[i].total, &row, 1, cases[i].why);
  }
}

/* F56; omie-api.md 5.3: compared without spaces and _, in capitals */
static void
test_a_cancelled_title_is_left_out_however_it_is_spelt(G_GNUC_UNUSED void **state)
{
  static const struct {
    OmieCell status;
    gboolean counts;
  } cases[] = {
      {T("CANCELADO"), FALSE},
      {T("cancelado"), FALSE},
      {T("Cancelado"), FALSE},
      {T(" CANCELADO "), FALSE},
      {T("CAN_CELADO"), FALSE},
      {T("C A N C E L A D O"), FALSE},
      {T("_CANCELADO_"), FALSE},
      {NONE, TRUE},
      {T(""), TRUE},
      {T("A VENCER"), TRUE},
      {T("ATRASADO"), TRUE},
      {T("VENCE HOJE"), TRUE},
      {T("RECEBIDO"), TRUE},
      {T("LIQUIDADO"), TRUE},
      {T("PAGTO_PARCIAL"), TRUE},
      {T("CANCELAD"), TRUE},
      {T("CANCELADOS"), TRUE},
      {T("NAO CANCELADO"), TRUE},
      {T("INVENTADO"), TRUE},
      {T("CANCELADO CANCELADO"), TRUE},
      {OBJECT, TRUE},
  };
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    const Row row = {.id = N("1"), .client = N("7"), .value = N("1"), .status = cases[i].status};
    assert_total_by(&by_registration, cases[i].counts ? "7=1.00" : "", &row, 1,
                    cases[i].status.text != NULL ? cases[i].status.text : "no status");
  }
}

/* F56: pages shift while they are read */
static void
test_of_a_repeated_title_the_last_copy_counts(G_GNUC_UNUSED void **state)
{
  const Row changed[] = {{.id = N("1"), .client = N("7"), .value = N("10")},
                         {.id = N("2"), .client = N("8"), .value = N("1")},
                         {.id = N("1"), .client = N("7"), .value = N("12.34")}};
  ASSERT_TOTAL("7=12.34 8=1.00", changed);
  const Row three_times[] = {{.id = N("1"), .client = N("7"), .value = N("3")},
                             {.id = N("1"), .client = N("7"), .value = N("2")},
                             {.id = N("1"), .client = N("7"), .value = N("1")}};
  ASSERT_TOTAL("7=1.00", three_times);
  const Row cancelled_last[] = {
      {.id = N("1"), .client = N("7"), .value = N("10")},
      {.id = N("1"), .client = N("7"), .value = N("10"), .status = T("CANCELADO")}};
  ASSERT_TOTAL("", cancelled_last);
  const Row cancelled_first[] = {
      {.id = N("1"), .client = N("7"), .value = N("10"), .status = T("CANCELADO")},
      {.id = N("1"), .client = N("7"), .value = N("10")}};
  ASSERT_TOTAL("7=10.00", cancelled_first);
  const Row other_client[] = {{.id = N("1"), .client = N("7"), .value = N("10")},
                              {.id = N("1"), .client = N("8"), .value = N("10")}};
  ASSERT_TOTAL("8=10.00", other_client);
  const Row no_client_last[] = {{.id = N("1"), .client = N("7"), .value = N("10")},
                                {.id = N("1"), .client = N("0"), .value = N("10")}};
  ASSERT_TOTAL("", no_client_last);
  const Row left_the_month[] = {
      {.id = N("1"), .client = N("7"), .value = N("10"), .registered = T("31/01/2026")},
      {.id = N("1"), .client = N("7"), .value = N("10"), .registered = T("01/02/2026")}};
  ASSERT_TOTAL("", left_the_month);
  const Row one_stays[] = {
      {.id = N("1"), .client = N("7"), .value = N("10")},
      {.id = N("2"), .client = N("7"), .value = N("5")},
      {.id = N("1"), .client = N("7"), .value = N("10"), .status = T("CANCELADO")}};
  ASSERT_TOTAL("7=5.00", one_stays);
}

/* 5.8: identifiers exceed 32 bits and come as number or text */
static void
test_titles_are_told_apart_by_their_whole_id(G_GNUC_UNUSED void **state)
{
  const Row both_kinds[] = {{.id = N("24861044551"), .client = N("7"), .value = N("1")},
                            {.id = T("24861044551"), .client = N("7"), .value = N("2")}};
  ASSERT_TOTAL("7=2.00", both_kinds);
  const Row high_bits[] = {{.id = N("1"), .client = N("7"), .value = N("1")},
                           {.id = N("4294967297"), .client = N("7"), .value = N("1")}};
  ASSERT_TOTAL("7=2.00", high_bits);
  const Row no_id[] = {{.id = NONE, .client = N("7"), .value = N("1")},
                       {.id = NONE, .client = N("7"), .value = N("1")},
                       {.id = N("0"), .client = N("7"), .value = N("1")},
                       {.id = N("0"), .client = N("7"), .value = N("1")},
                       {.id = T(""), .client = N("7"), .value = N("1")},
                       {.id = OBJECT, .client = N("7"), .value = N("1")}};
  ASSERT_TOTAL("7=6.00", no_id); /* each is a title of its own: none is lost */
}

/* OMIE_CR_FILTRO_DATA: Omie's own filter is checked again by the date that was asked for */
static void
test_a_title_of_another_month_is_left_out(G_GNUC_UNUSED void **state)
{
  static const struct {
    OmieCell date;
    gboolean counts;
  } cases[] = {
      {T("01/01/2026"), TRUE},
      {T("31/01/2026"), TRUE},
      {T("31/12/2025"), FALSE},
      {T("01/02/2026"), FALSE},
      {T("15/01/2025"), FALSE},
      {NONE, TRUE},
      {T(""), TRUE},
      {T("2025-12-31"), TRUE}, /* unreadable: Omie's word stands */
      {T("31/02/2025"), TRUE},
      {T("amanhã"), TRUE},
      {OBJECT, TRUE},
      {N("20251231"), TRUE},
  };
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    const char *why = cases[i].date.text != NULL ? cases[i].date.text : "no date";
    const char *expected = cases[i].counts ? "7=1.00" : "";
    const Row registered = {
        .id = N("1"), .client = N("7"), .value = N("1"), .registered = cases[i].date};
    const Row issued = {.id = N("1"), .client = N("7"), .value = N("1"), .issued = cases[i].date};
    assert_total_by(&by_registration, expected, &registered, 1, why);
    assert_total_by(&by_issue, expected, &issued, 1, why);
    assert_total_by(&by_registration, "7=1.00", &issued, 1, why);
    assert_total_by(&by_issue, "7=1.00", &registered, 1, why);
    assert_total_by(&by_change, "7=1.00", &registered, 1, why);
    assert_total_by(&by_change, "7=1.00", &issued, 1, why);
  }
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_the_value_of_a_title_that_does_not_count_is_not_looked_at),
      cmocka_unit_test(test_the_code_is_a_text_that_is_neither_blank_nor_zero),
      cmocka_unit_test(test_a_cancelled_title_is_left_out_however_it_is_spelt),
      cmocka_unit_test(test_of_a_repeated_title_the_last_copy_counts),
      cmocka_unit_test(test_titles_are_told_apart_by_their_whole_id),
      cmocka_unit_test(test_a_title_of_another_month_is_left_out),
  };
  return cmocka_run_group_tests_name("revenue_sum: titles", tests, NULL, NULL) != 0;
}
