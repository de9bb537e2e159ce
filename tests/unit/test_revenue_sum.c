/* Titles made into revenue per client code (fin.md 7.7): what is left out, what replaces what,
 * which code and which value count, and that sums are exact. */
#include "unit.h"

#include "base/error.h"
#include "base/money.h"
#include "fin/revenue_sum.h"

/* clang-format off */
#define T(content) {OMIE_TEXT, content}
#define N(content) {OMIE_NUMBER, content}
#define NONE       {OMIE_ABSENT, NULL}
#define OBJECT     {OMIE_OTHER, NULL}
/* clang-format on */

#define INVALID "Omie: valor inválido em contas a receber."

typedef struct {
  OmieCell id, client, other_client, value, other_value, status, registered, issued;
} Row;

static OmieRow
row_of(const Row *row)
{
  return (OmieRow){.cells = {[OMIE_TITLE_ID] = row->id,
                             [OMIE_TITLE_CLIENT] = row->client,
                             [OMIE_TITLE_OTHER_CLIENT] = row->other_client,
                             [OMIE_TITLE_VALUE] = row->value,
                             [OMIE_TITLE_OTHER_VALUE] = row->other_value,
                             [OMIE_TITLE_STATUS] = row->status,
                             [OMIE_TITLE_REGISTERED] = row->registered,
                             [OMIE_TITLE_ISSUED] = row->issued}};
}

/* The month of all tests, January 2026, and the three meanings of it. */
static const OmieTitleDate by_registration = {"registro", "", "", OMIE_TITLE_REGISTERED};
static const OmieTitleDate by_issue = {"emissao", "", "", OMIE_TITLE_ISSUED};
static const OmieTitleDate by_change = {"alteracao", "", "", -1};

static const DateRange *
january(void)
{
  static DateRange month;
  GDate day;
  assert_true(date_parse_iso("2026-01-01", &day));
  month = date_month(&day);
  return &month;
}

/* "code=1.00 other=2.00", in order of first sight, of rows that must all be taken. */
static char *
total_by(const OmieTitleDate *date, const Row *rows, gsize n)
{
  g_autoptr(RevenueSum) sum = revenue_sum_new(date, january());
  g_autoptr(GError) error = NULL;
  for (gsize i = 0; i < n; i++) {
    OmieRow row = row_of(&rows[i]);
    if (!revenue_sum_add(sum, &row, &error))
      fail_msg("row %zu is refused: %s", i, error->message);
  }
  g_autoptr(GArray) totals = revenue_sum_totals(sum, &error);
  assert_non_null(totals);
  GString *text = g_string_new(NULL);
  for (guint i = 0; i < totals->len; i++) {
    const CodeRevenue *revenue = &g_array_index(totals, CodeRevenue, i);
    g_string_append_printf(text, "%s%s=%s", i > 0 ? " " : "", revenue->code,
                           money_text(revenue->centavos).text);
  }
  return g_string_free(text, FALSE);
}

static void
assert_total_by(const OmieTitleDate *date, const char *expected, const Row *rows, gsize n,
                const char *why)
{
  g_autofree char *total = total_by(date, rows, n);
  if (g_strcmp0(total, expected) != 0)
    fail_msg("%s: got \"%s\", want \"%s\"", why, total, expected);
}
#define ASSERT_TOTAL(expected, rows)                                                               \
  assert_total_by(&by_registration, expected, rows, G_N_ELEMENTS(rows), #rows)

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
      cmocka_unit_test(test_the_value_of_a_title_that_does_not_count_is_not_looked_at),
      cmocka_unit_test(test_the_code_is_a_text_that_is_neither_blank_nor_zero),
      cmocka_unit_test(test_a_cancelled_title_is_left_out_however_it_is_spelt),
      cmocka_unit_test(test_of_a_repeated_title_the_last_copy_counts),
      cmocka_unit_test(test_titles_are_told_apart_by_their_whole_id),
      cmocka_unit_test(test_a_title_of_another_month_is_left_out),
      cmocka_unit_test(test_a_total_without_room_is_refused),
      cmocka_unit_test(test_only_the_total_must_have_room),
      cmocka_unit_test(test_a_million_centavos_are_ten_thousand_reais),
      cmocka_unit_test(test_a_thousand_centavos_are_ten_reais),
  };
  return cmocka_run_group_tests_name("revenue_sum", tests, NULL, NULL) != 0;
}
