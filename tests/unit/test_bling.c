/* erp-connectors.md 6.4: what movements of Bling mean. */
#include "erp_fixture.h"

#include "erp/bling_caixas.h"
#include "erp/bling_v2.h"
#include "voucher_fixture.h"

/* ---- windows and filters ----------------------------------------------------------------------*/

static ErpPeriod
period(const char *first, const char *last)
{
  ErpPeriod whole;
  assert_true(date_parse_iso(first, &whole.first));
  assert_true(date_parse_iso(last, &whole.last));
  return whole;
}

/* F-48 */
static void
test_a_long_period_is_asked_for_in_years(G_GNUC_UNUSED void **state)
{
  static const struct {
    const char *first, *last, *windows;
  } cases[] = {
      {"2025-01-01", "2026-02-04", "2025-01-01 2025-12-31 2026-01-01 2026-02-04 "}, /* 400 days */
      {"2024-01-01", "2024-12-31", "2024-01-01 2024-12-30 2024-12-31 2024-12-31 "}, /* 366 */
      {"2025-01-01", "2025-12-31", "2025-01-01 2025-12-31 "},
      {"2026-01-05", "2026-01-05", "2026-01-05 2026-01-05 "},
  };
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(GString) seen = g_string_new(NULL);
    ErpPeriod whole = period(cases[i].first, cases[i].last), window = {0};
    while (erp_next_window(&whole, BLING_WINDOW_DAYS, &window)) {
      g_string_append_printf(seen, "%s ", date_iso(&window.first).text);
      g_string_append_printf(seen, "%s ", date_iso(&window.last).text);
    }
    assert_string_equal(seen->str, cases[i].windows);
  }
}

static void
test_v2_asks_by_a_filter_and_a_path_of_pages(G_GNUC_UNUSED void **state)
{
  ErpPeriod january = period("2026-01-01", "2026-01-31");
  g_autofree char *filter = bling_v2_filter("dataEmissao", &january);
  assert_string_equal(filter, "dataEmissao[01/01/2026 TO 31/01/2026]");
  g_autofree char *page = bling_v2_page_path("/contasreceber/xml/", 2);
  assert_string_equal(page, "/contasreceber/page=2/xml/");
  g_autofree char *other = bling_v2_page_path("/contas", 12);
  assert_string_equal(other, "/contas/page=12");
}

/* ---- v3 ---------------------------------------------------------------------------------------*/

static gboolean
read_movement(gpointer data, const RowCell *cells, gboolean *fine, GError **error)
{
  Dialect *dialect = data;
  BlingAccount caixa = {(char *)"501", (char *)"Caixa"};
  return bling_read_movement(&dialect->erp, cells, &caixa, "1.01.001", &dialect->sink,
                             &dialect->voucher, fine, error);
}

static void
feed(Dialect *dialect, const char *movement)
{
  g_autofree char *text =
      g_strdup_printf("{\"data\":[{\"id\":7,\"data\":\"2026-01-15\",%s}]}", movement);
  dialect->read = read_movement;
  dialect_feed(dialect, "rows.movements", NULL, 0, &json_rows, text);
}

static void
test_a_movement_has_two_columns_or_a_letter(G_GNUC_UNUSED void **state)
{
  static const struct {
    const char *row, *told;
  } cases[] = {
      {"\"valorDebito\":10.5,\"valorCredito\":0", "2026-01-15 1.01.001 10.50 0.00\n"},
      {"\"valorDebito\":0,\"valorCredito\":3", "2026-01-15 1.01.001 0.00 3.00\n"},
      {"\"valor\":3,\"debCred\":\"D\"", "2026-01-15 1.01.001 3.00 0.00\n"},
      {"\"valor\":\"1.500,50\",\"debCred\":\"C\"", "2026-01-15 1.01.001 0.00 1500.50\n"},
      {"\"valorDebito\":3,\"valorCredito\":0,\"valor\":-3", "2026-01-15 1.01.001 3.00 0.00\n"},
      {"\"valor\":3", "7: direction missing_field\n"},
      {"\"valor\":3,\"debCred\":\"X\"", "7: direction missing_field\n"},
      {"\"valor\":-3,\"debCred\":\"D\"", "7: amount negative_amount\n"},
      {"\"debCred\":\"D\"", "7: amount amount_required\n"},
      {"\"situacao\":\"R\"", "7: amount amount_required\n"},
      {"\"valorDebito\":null,\"valor\":null", "7: amount amount_required\n"},
  };
  g_auto(Dialect) dialect = {0};
  dialect_init(&dialect, &bling_v3, "LEADLOVERS");
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    feed(&dialect, cases[i].row);
    dialect_assert_told(&dialect, cases[i].told);
  }
}

/* ---- v3_caixas --------------------------------------------------------------------------------*/

static const char *const cash_keys[] = {"entry.bank", "entry.state", "entry.competence",
                                        "entry.category"};
static const CashCounter sales = {"CAT:12", "Vendas", ACCOUNT_REVENUE};

static gboolean
read_cash(gpointer data, const RowCell *cells, gboolean *fine, GError **error)
{
  Dialect *dialect = data;
  return bling_read_cash(&dialect->erp, cells, NULL, &sales, &dialect->sink, &dialect->voucher,
                         fine, error);
}

static void
feed_cash(Dialect *dialect, const char *movement)
{
  g_autofree char *text =
      g_strdup_printf("{\"data\":[{\"id\":7,\"data\":\"2026-01-15\",\"valor\":20.00,"
                      "\"contaFinanceira\":{\"id\":3},%s}]}",
                      movement);
  dialect->read = read_cash;
  dialect_feed(dialect, "rows.cash", cash_keys, G_N_ELEMENTS(cash_keys), &json_rows, text);
}

static void
test_money_in_is_a_debit_of_the_bank_account(G_GNUC_UNUSED void **state)
{
  g_auto(Dialect) dialect = {0};
  dialect_init(&dialect, &bling_v3_caixas, "LEADLOVERS");
  feed_cash(&dialect, "\"debCred\":\"C\",\"situacao\":\"R\"");
  dialect_assert_told(&dialect, "2026-01-15 CF:3 20.00 0.00\n2026-01-15 CAT:12* 0.00 20.00\n");
  feed_cash(&dialect, "\"debCred\":\"D\",\"situacao\":\"R\"");
  dialect_assert_told(&dialect, "2026-01-15 CF:3 0.00 20.00\n2026-01-15 CAT:12* 20.00 0.00\n");
  feed_cash(&dialect, "\"debCred\":\"D\",\"situacao\":\"P\"");
  dialect_assert_told(&dialect, "");
  feed_cash(&dialect, "\"situacao\":\"R\"");
  dialect_assert_told(&dialect, "7: direction missing_field\n");
}

/* Registered ones only, and nothing else without a word. */
static void
test_what_did_not_take_place_is_counted(G_GNUC_UNUSED void **state)
{
  static const char *const states[] = {"E", "H", "N", "P", "C", "p"};
  g_auto(Dialect) dialect = {0};
  dialect_init(&dialect, &bling_v3_caixas, "LEADLOVERS");
  for (gsize i = 0; i < G_N_ELEMENTS(states); i++) {
    g_autofree char *row = g_strdup_printf("\"debCred\":\"D\",\"situacao\":\"%s\"", states[i]);
    feed_cash(&dialect, row);
    dialect_assert_told(&dialect, "");
    assert_int_equal(dialect_warnings(&dialect, "not_registered"), i + 1);
  }
  feed_cash(&dialect, "\"debCred\":\"D\",\"situacao\":\"Registrado\"");
  feed_cash(&dialect, "\"debCred\":\"D\",\"situacao\":1");
  dialect_assert_told(&dialect, "7: state invalid_state\n7: state invalid_state\n");
  feed_cash(&dialect, "\"debCred\":\"D\",\"situacao\":\"r\"");
  feed_cash(&dialect, "\"debCred\":\"D\"");
  dialect_assert_told(&dialect, "2026-01-15 CF:3 0.00 20.00\n2026-01-15 CAT:12* 20.00 0.00\n"
                                "2026-01-15 CF:3 0.00 20.00\n2026-01-15 CAT:12* 20.00 0.00\n");
  assert_int_equal(dialect_warnings(&dialect, "not_registered"), G_N_ELEMENTS(states));
}

static void
test_the_ledgers_perspective_flips_both_sides(G_GNUC_UNUSED void **state)
{
  g_auto(Dialect) dialect = {0};
  erp_fixture_set("BLING_DEBCRED_PERSPECTIVE", "ledger");
  dialect_init(&dialect, &bling_v3_caixas, "LEADLOVERS");
  feed_cash(&dialect, "\"debCred\":\"C\"");
  dialect_assert_told(&dialect, "2026-01-15 CF:3 0.00 20.00\n2026-01-15 CAT:12* 20.00 0.00\n");
}

static void
test_the_entry_of_an_account_is_its_own_side(G_GNUC_UNUSED void **state)
{
  g_auto(Dialect) dialect = {0};
  dialect_init(&dialect, &bling_v3_caixas, "LEADLOVERS");
  dialect_ask_account(&dialect, "CF:3");
  feed_cash(&dialect, "\"debCred\":\"C\",\"numeroDocumento\":\"N1\"");
  dialect_assert_told(&dialect, "7 2026-01-15 CF:3 20.00 0.00 N1\n");
  dialect_ask_account(&dialect, "CAT:12");
  feed_cash(&dialect, "\"debCred\":\"C\",\"numeroDocumento\":\"N1\"");
  dialect_assert_told(&dialect, "7 2026-01-15 CAT:12 0.00 20.00 N1\n");
}

static void
test_category_types_are_blings_numbers(G_GNUC_UNUSED void **state)
{
  assert_int_equal(bling_category_type("1"), ACCOUNT_EXPENSE);
  assert_int_equal(bling_category_type("2"), ACCOUNT_REVENUE);
  assert_int_equal(bling_category_type("3"), ACCOUNT_UNTYPED);
  assert_int_equal(bling_category_type(NULL), ACCOUNT_UNTYPED);
}

#define TEST(name) cmocka_unit_test_setup(test_##name, erp_fixture_clear)

int
main(void)
{
  const struct CMUnitTest tests[] = {
      TEST(a_long_period_is_asked_for_in_years),     TEST(v2_asks_by_a_filter_and_a_path_of_pages),
      TEST(a_movement_has_two_columns_or_a_letter),  TEST(money_in_is_a_debit_of_the_bank_account),
      TEST(what_did_not_take_place_is_counted),      TEST(the_ledgers_perspective_flips_both_sides),
      TEST(the_entry_of_an_account_is_its_own_side), TEST(category_types_are_blings_numbers),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
