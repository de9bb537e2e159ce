/* erp-connectors.md 6.2: the posting table of ContaAzul's second API. */
#include "erp_fixture.h"

#include "erp/contaazul_v2.h"
#include "voucher_fixture.h"

static void
begin(Dialect *dialect)
{
  dialect_init(dialect, &contaazul_v2, "MUNDDI");
  dialect->voucher.entry.id = "p-1";
  assert_true(date_parse_iso("2026-01-31", &dialect->voucher.entry.transaction));
}

static void
test_an_instalment_is_split_over_its_categories_to_the_centavo(G_GNUC_UNUSED void **state)
{
  static const CategoryShare thirds[] = {
      {"a", NULL, 10000}, {"b", NULL, 10000}, {"c", NULL, 10000}};
  static const CategoryShare whole[] = {{"a", "Vendas", 0}};
  g_auto(Dialect) dialect = {0};
  begin(&dialect);
  contaazul_post_instalment(&dialect.voucher, &contaazul_receivable, 10000, thirds, 3);
  dialect_tell(&dialect);
  dialect_assert_told(&dialect, "2026-01-31 RECEIVABLES 100.00 0.00\n"
                                "2026-01-31 a* 0.00 33.33\n"
                                "2026-01-31 b* 0.00 33.33\n"
                                "2026-01-31 c* 0.00 33.34\n");
  g_array_set_size(dialect.voucher.lines, 0);
  contaazul_post_instalment(&dialect.voucher, &contaazul_payable, 10000, whole, 1);
  dialect_tell(&dialect);
  dialect_assert_told(&dialect, "2026-01-31 PAYABLES 0.00 100.00\n"
                                "2026-01-31 a* 100.00 0.00\n");
  g_array_set_size(dialect.voucher.lines, 0);
  contaazul_post_instalment(&dialect.voucher, &contaazul_payable, 10000, NULL, 0);
  dialect_tell(&dialect);
  dialect_assert_told(&dialect, "2026-01-31 PAYABLES 0.00 100.00\n"
                                "2026-01-31 SEM_CATEGORIA* 100.00 0.00\n");
}

static void
test_shares_of_large_amounts_do_not_overflow(G_GNUC_UNUSED void **state)
{
  gint64 large = G_GINT64_CONSTANT(9007199254740991);
  const CategoryShare halves[] = {{"a", NULL, large / 2}, {"b", NULL, large - large / 2}};
  g_auto(Dialect) dialect = {0};
  begin(&dialect);
  contaazul_post_instalment(&dialect.voucher, &contaazul_receivable, large, halves, 2);
  dialect_tell(&dialect);
  dialect_assert_told(&dialect, "2026-01-31 RECEIVABLES 90071992547409.91 0.00\n"
                                "2026-01-31 a* 0.00 45035996273704.95\n"
                                "2026-01-31 b* 0.00 45035996273704.96\n");
}

static const struct {
  const char *why;
  const TitleKind *kind;
  Settlement settled;
  const char *told;
} settlements[] = {
    {"paid as it was",
     &contaazul_receivable,
     {.bank = "cf", .gross = 10000, .net = 10000},
     "2026-01-31 cf 100.00 0.00\n2026-01-31 RECEIVABLES 0.00 100.00\n"},
    {"interest and fine received, fee and discount borne",
     &contaazul_receivable,
     {.bank = "cf",
      .gross = 10000,
      .interest = 200,
      .fine = 100,
      .fee = 50,
      .discount = 70,
      .net = -1},
     "2026-01-31 cf 101.80 0.00\n2026-01-31 RECEIVABLES 0.00 100.00\n"
     "2026-01-31 FINANCIAL_RESULT 0.00 3.00\n2026-01-31 FINANCIAL_RESULT 1.20 0.00\n"},
    {"interest paid",
     &contaazul_payable,
     {.bank = "cf", .gross = 10000, .interest = 200, .fee = 50, .discount = 30, .net = 10220},
     "2026-01-31 cf 0.00 102.20\n2026-01-31 PAYABLES 100.00 0.00\n"
     "2026-01-31 FINANCIAL_RESULT 2.50 0.00\n2026-01-31 FINANCIAL_RESULT 0.00 0.30\n"},
    {"a difference nobody explained",
     &contaazul_receivable,
     {.bank = "cf", .gross = 10000, .net = 9990},
     "2026-01-31 cf 99.90 0.00\n2026-01-31 RECEIVABLES 0.00 100.00\n"
     "2026-01-31 FINANCIAL_RESULT 0.10 0.00\n"},
    {"no account told",
     &contaazul_payable,
     {.gross = 500, .net = -1},
     "2026-01-31 SEM_CONTA 0.00 5.00\n2026-01-31 PAYABLES 5.00 0.00\n"},
};

static void
test_a_settlement_balances_with_what_it_cost(G_GNUC_UNUSED void **state)
{
  for (gsize i = 0; i < G_N_ELEMENTS(settlements); i++) {
    g_auto(Dialect) dialect = {0};
    begin(&dialect);
    contaazul_post_settlement(&dialect.voucher, settlements[i].kind, &settlements[i].settled);
    dialect_tell(&dialect);
    dialect_assert_told(&dialect, settlements[i].told);
  }
}

static void
test_a_transfer_goes_from_one_account_to_the_other(G_GNUC_UNUSED void **state)
{
  g_auto(Dialect) dialect = {0};
  begin(&dialect);
  contaazul_post_transfer(&dialect.voucher, "cf-1", "cf-2", 1050);
  dialect_tell(&dialect);
  dialect_assert_told(&dialect, "2026-01-31 cf-2 10.50 0.00\n2026-01-31 cf-1 0.00 10.50\n");
  dialect_ask_account(&dialect, "cf-1");
  dialect_tell(&dialect);
  dialect_assert_told(&dialect, "p-1 2026-01-31 cf-1 0.00 10.50 -\n");
}

static void
test_pages_have_a_size_contaazul_accepts(G_GNUC_UNUSED void **state)
{
  static const gint64 cases[][2] = {{0, 100},   {1, 10},    {10, 10},     {99, 50},
                                    {100, 100}, {499, 200}, {1000, 1000}, {5000, 1000}};
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++)
    assert_int_equal(contaazul_page_size(cases[i][0]), cases[i][1]);
}

#define TEST(name) cmocka_unit_test_setup(test_##name, erp_fixture_clear)

int
main(void)
{
  const struct CMUnitTest tests[] = {
      TEST(an_instalment_is_split_over_its_categories_to_the_centavo),
      TEST(shares_of_large_amounts_do_not_overflow),
      TEST(a_settlement_balances_with_what_it_cost),
      TEST(a_transfer_goes_from_one_account_to_the_other),
      TEST(pages_have_a_size_contaazul_accepts),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
