/* A trial balance summed up from postings (erp-connectors.md 6.2). */
#include "unit.h"

#include <string.h>

#include "accounting/aggregate.h"
#include "base/error.h"
#include "postings_fixture.h"

/* Sales of 100.00 a month, wages of 40.00; the first sales are of last year. */
static const Posting months[] = {{"2025-12-10", "1.01.001", NULL, 10000, 0, 0},
                                 {"2025-12-10", "4.01.001", NULL, 0, 10000, 0},
                                 {"2025-12-20", "5.01.001", NULL, 3000, 0, 0},
                                 {"2025-12-20", "1.01.001", NULL, 0, 3000, 0},
                                 {"2026-02-10", "1.01.001", NULL, 10000, 0, 0},
                                 {"2026-02-10", "4.01.001", NULL, 0, 10000, 0},
                                 {"2026-03-10", "1.01.001", NULL, 10000, 0, 0},
                                 {"2026-03-10", "4.01.001", NULL, 0, 10000, 0},
                                 {"2026-03-20", "5.01.001", NULL, 4000, 0, 0},
                                 {"2026-03-20", "1.01.001", NULL, 0, 4000, 0},
                                 {NULL, NULL, NULL, 0, 0, 0}};

/* F-53 */
static void
test_openings_are_zero_by_default(G_GNUC_UNUSED void **state)
{
  g_auto(TrialBalance) balance;
  postings = months;
  assert_extracted(&balance);
  assert_amounts(&balance, "1.01.001", 0, 10000, 4000, 6000);
  assert_amounts(&balance, "4.01.001", 0, 0, 10000, 10000);
  assert_amounts(&balance, "5.01.001", 0, 4000, 0, 4000);
  assert_int_equal(balance.total_debit, balance.total_credit);
  assert_true(balance.is_aggregated && trial_balance_is_valid(&balance));
  assert_string_equal(balance.opening_policy, "zero");
}

/* F-53 */
static void
test_history_carries_balances_and_this_years_results(G_GNUC_UNUSED void **state)
{
  g_auto(TrialBalance) balance;
  books_settings("CONTAAZUL_OPENING_POLICY", "history", "CONTAAZUL_HISTORY_START", "2025-01-01",
                 NULL);
  books_credentials();
  postings = months;
  assert_extracted(&balance);
  assert_amounts(&balance, "1.01.001", 17000, 10000, 4000, 23000);
  assert_amounts(&balance, "4.01.001", 10000, 0, 10000, 20000);
  assert_amounts(&balance, "5.01.001", 0, 4000, 0, 4000);
  assert_amounts(&balance, "RESULTADO_ACUMULADO", 7000, 0, 0, 7000);
  assert_int_equal(books_find(&balance, "RESULTADO_ACUMULADO")->type, ACCOUNT_EQUITY);
  assert_string_equal(books_found(&balance, FINDING_WARNING), "");
  assert_true(trial_balance_is_valid(&balance));
}

/* A bank account, a summary, and what only postings tell of. */
static void
test_openings_of_the_erp_are_called_its_own(G_GNUC_UNUSED void **state)
{
  g_auto(TrialBalance) all, some;
  postings_chart[0].has_opening = TRUE;
  postings_chart[0].opening = 900;
  postings_chart[1] =
      (LedgerAccount){.code = "1", .name = "Ativo", .has_summary = TRUE, .is_summary = TRUE};
  postings_chart[2] = (LedgerAccount){.code = "2.01", .name = "Cartão", .has_amounts = TRUE};
  postings = months;
  assert_extracted(&all);
  assert_string_equal(all.opening_policy, "source");
  assert_amounts(&all, "1", 900, 10000, 4000, 6900);
  postings_chart[2].has_amounts = FALSE;
  assert_extracted(&some);
  assert_string_equal(some.opening_policy, "zero");
}

static void
test_history_needs_its_first_day(G_GNUC_UNUSED void **state)
{
  g_auto(TrialBalance) balance;
  g_autoptr(GError) error = NULL;
  books_settings("CONTAAZUL_MERCOS_OPENING_POLICY", "history", NULL);
  books_credentials();
  postings = months;
  assert_false(postings_extract(&balance, &error));
  assert_int_equal(error->code, ERROR_ERP_NOT_CONFIGURED);
  assert_non_null(strstr(error->message, "HISTORY_START"));
}

static void
test_no_closing_is_stored_to_begin_with(G_GNUC_UNUSED void **state)
{
  g_auto(TrialBalance) balance;
  g_autoptr(GError) error = NULL;
  books_settings("CONTAAZUL_MERCOS_OPENING_POLICY", "stored", NULL);
  books_credentials();
  postings = months;
  assert_false(postings_extract(&balance, &error));
  assert_int_equal(error->code, ERROR_ERP_OPENING_MISSING);
  assert_non_null(strstr(error->message, "OPENING_POLICY"));
}

/* F-54 */
static void
test_a_line_outside_the_chart_keeps_its_money(G_GNUC_UNUSED void **state)
{
  static const Posting lines[] = {{"2026-03-01", "1.01.001", NULL, 500, 0, 0},
                                  {"2026-03-01", "4.09.999", NULL, 0, 300, 0},
                                  {"2026-03-02", "4.09.999", NULL, 0, 200, 0},
                                  {NULL, NULL, NULL, 0, 0, 0}};
  g_auto(TrialBalance) balance;
  postings = lines;
  assert_extracted(&balance);
  assert_amounts(&balance, "UNMAPPED:4.09.999", 0, 0, 500, 500);
  assert_string_equal(books_found(&balance, FINDING_WARNING), "unmapped_account UNMAPPED:4.09.999");
  assert_int_equal(balance.total_debit, 500);
  assert_int_equal(balance.total_credit, 500);
}

static void
test_categories_have_accounts_or_bring_their_own(G_GNUC_UNUSED void **state)
{
  static const Posting lines[] = {{"2026-03-01", NULL, "CAT1", 0, 300, ACCOUNT_REVENUE},
                                  {"2026-03-01", NULL, "CAT2", 0, 200, ACCOUNT_REVENUE},
                                  {"2026-03-01", "CAT1", NULL, 7, 0, ACCOUNT_EXPENSE},
                                  {NULL, NULL, NULL, 0, 0, 0}};
  g_auto(TrialBalance) balance;
  books_settings("CONTAAZUL_CATEGORY_MAP", "CAT1=4.01.001,CAT9=5.01.001", NULL);
  books_credentials();
  postings = lines;
  assert_extracted(&balance);
  assert_amounts(&balance, "4.01.001", 0, 0, 300, 300);
  assert_amounts(&balance, "CAT2", 0, 0, 200, 200);
  assert_amounts(&balance, "CAT1", 0, 7, 0, 7); /* an account of that name is no category */
}

/* The category is revenue; the account that it goes to need not be. */
static void
test_a_category_does_not_tell_the_type_of_its_account(G_GNUC_UNUSED void **state)
{
  static const Posting lines[] = {{"2026-03-01", NULL, "LOAN", 0, 300, ACCOUNT_REVENUE},
                                  {"2026-03-01", NULL, "CAPITAL", 0, 200, ACCOUNT_REVENUE},
                                  {"2026-03-01", NULL, "OTHER", 0, 100, ACCOUNT_REVENUE},
                                  {NULL, NULL, NULL, 0, 0, 0}};
  g_auto(TrialBalance) balance;
  books_settings("CONTAAZUL_CATEGORY_MAP", "LOAN=2.05,CAPITAL=2.3.01,OTHER=OUTRAS",
                 "CONTAAZUL_TYPE_MAP", "2.3=EQUITY", NULL);
  books_credentials();
  postings = lines;
  assert_extracted(&balance);
  assert_int_equal(books_find(&balance, "2.05")->type, ACCOUNT_LIABILITY);
  assert_int_equal(books_find(&balance, "2.3.01")->type, ACCOUNT_EQUITY);
  assert_int_equal(books_find(&balance, "OUTRAS")->type, ACCOUNT_REVENUE); /* nobody else says */
}

static void
test_a_posting_on_what_is_no_code_is_refused(G_GNUC_UNUSED void **state)
{
  static const char *const codes[] = {"", "1.01\n002",
                                      "1.01.001.002.003.004.005.006.007.008.009.010.011.01"};
  for (gsize i = 0; i < G_N_ELEMENTS(codes); i++) {
    const Posting lines[] = {{"2026-03-01", codes[i], NULL, 500, 0, 0},
                             {NULL, NULL, NULL, 0, 0, 0}};
    g_auto(TrialBalance) balance;
    g_autoptr(GError) error = NULL;
    postings = lines;
    assert_false(postings_extract(&balance, &error));
    assert_int_equal(error->code, ERROR_ERP_DATA);
  }
}

static void
test_summaries_are_rolled_up(G_GNUC_UNUSED void **state)
{
  g_auto(TrialBalance) balance;
  postings_chart[3] = (LedgerAccount){.code = "1", .name = "Ativo"};
  postings_chart[4] = (LedgerAccount){.code = "1.01", .name = "Caixa e bancos"};
  postings_chart[5] =
      (LedgerAccount){.code = "1.01.002", .name = "Banco", .has_opening = TRUE, .opening = 900};
  postings_chart[6] = (LedgerAccount){
      .code = "1.02", .name = "Provisão", .side = SIDE_CREDIT, .has_opening = TRUE, .opening = 100};
  postings = months;
  assert_extracted(&balance);
  assert_amounts(&balance, "1.01.002", 900, 0, 0, 900);
  assert_amounts(&balance, "1.01", 900, 10000, 4000, 6900);
  assert_amounts(&balance, "1", 800, 10000, 4000, 6800);
  assert_true(books_find(&balance, "1")->is_summary);
  assert_int_equal(books_find(&balance, "1.01.002")->level, 3);
  assert_true(trial_balance_is_valid(&balance));
}

/* Money on 1.01 itself, besides what its child has. */
static const Posting on_parent[] = {
    {"2026-02-10", "1.01", NULL, 500, 0, 0},       {"2026-02-10", "4.01.001", NULL, 0, 500, 0},
    {"2026-03-10", "1.01", NULL, 10000, 3000, 0},  {"2026-03-10", "1.01.001", NULL, 4000, 0, 0},
    {"2026-03-10", "4.01.001", NULL, 0, 11000, 0}, {NULL, NULL, NULL, 0, 0, 0}};

static void
test_what_is_posted_on_a_parent_counts(G_GNUC_UNUSED void **state)
{
  g_auto(TrialBalance) balance;
  books_settings("CONTAAZUL_OPENING_POLICY", "history", "CONTAAZUL_HISTORY_START", "2026-01-01",
                 NULL);
  books_credentials();
  postings_chart[3] = (LedgerAccount){.code = "1", .name = "Ativo"};
  postings_chart[4] = (LedgerAccount){.code = "1.01", .name = "Caixa e bancos"};
  postings = on_parent;
  assert_extracted(&balance);
  assert_amounts(&balance, "1.01.001", 0, 4000, 0, 4000);
  assert_amounts(&balance, "1.01", 500, 14000, 3000, 11500);
  assert_amounts(&balance, "1", 500, 14000, 3000, 11500);
  assert_int_equal(balance.total_debit, 14000);
  assert_int_equal(balance.total_credit, 14000);
  assert_string_equal(books_found(&balance, FINDING_ERROR), "");
  assert_string_equal(books_found(&balance, FINDING_WARNING), "");
}

/* Nothing is rolled up along a circle. */
static void
test_money_in_a_circle_of_parents_counts_once(G_GNUC_UNUSED void **state)
{
  g_auto(TrialBalance) balance;
  postings_chart[3] = (LedgerAccount){.code = "1.01", .name = "Caixa e bancos", .parent = "1.02"};
  postings_chart[4] = (LedgerAccount){.code = "1.02", .name = "Clientes", .parent = "1.01"};
  postings = on_parent;
  assert_extracted(&balance);
  assert_amounts(&balance, "1.01", 0, 14000, 3000, 11000);
  assert_amounts(&balance, "1.02", 0, 0, 0, 0);
  assert_int_equal(balance.total_debit, 14000);
  assert_int_equal(balance.total_credit, 14000);
}

static void
test_balances_of_the_erp_are_not_summed_up_again(G_GNUC_UNUSED void **state)
{
  g_auto(TrialBalance) balance;
  for (int i = 0; i < 3; i++)
    postings_chart[i].has_amounts = TRUE;
  postings = months;
  assert_extracted(&balance);
  assert_amounts(&balance, "1.01.001", 0, 0, 0, 0);
  assert_false(balance.is_aggregated);
  assert_string_equal(balance.opening_policy, "source");
}

static void
test_sums_that_no_number_holds_are_refused(G_GNUC_UNUSED void **state)
{
  static Posting lines[100];
  g_auto(TrialBalance) balance;
  g_autoptr(GError) error = NULL;
  for (gsize i = 0; i + 1 < G_N_ELEMENTS(lines); i++)
    lines[i] = (Posting){"2026-03-01", "1.01.001", NULL, G_GINT64_CONSTANT(9007199254740991), 0, 0};
  postings = lines;
  assert_false(postings_extract(&balance, &error));
  assert_int_equal(error->code, ERROR_ERP_DATA);
}

static void
test_a_fiscal_year_may_begin_on_any_day(G_GNUC_UNUSED void **state)
{
  static const struct {
    const char *start, *day, *first;
  } rows[] = {{"01-01", "2026-03-01", "2026-01-01"},
              {"04-01", "2026-03-31", "2025-04-01"},
              {"04-01", "2026-04-01", "2026-04-01"},
              {"02-29", "2026-03-01", "2026-02-28"},
              {"02-29", "2024-02-28", "2023-02-28"}};
  for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
    GDate day = books_day(rows[i].day), first;
    assert_true(aggregate_fiscal_year(rows[i].start, &day, &first));
    assert_string_equal(date_iso(&first).text, rows[i].first);
  }
  GDate day = books_day("2026-01-01");
  assert_false(aggregate_fiscal_year("13-01", &day, &day));
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup(test_openings_are_zero_by_default, postings_set_up),
      cmocka_unit_test_setup(test_history_carries_balances_and_this_years_results, postings_set_up),
      cmocka_unit_test_setup(test_openings_of_the_erp_are_called_its_own, postings_set_up),
      cmocka_unit_test_setup(test_history_needs_its_first_day, postings_set_up),
      cmocka_unit_test_setup(test_no_closing_is_stored_to_begin_with, postings_set_up),
      cmocka_unit_test_setup(test_a_line_outside_the_chart_keeps_its_money, postings_set_up),
      cmocka_unit_test_setup(test_categories_have_accounts_or_bring_their_own, postings_set_up),
      cmocka_unit_test_setup(test_a_category_does_not_tell_the_type_of_its_account,
                             postings_set_up),
      cmocka_unit_test_setup(test_a_posting_on_what_is_no_code_is_refused, postings_set_up),
      cmocka_unit_test_setup(test_summaries_are_rolled_up, postings_set_up),
      cmocka_unit_test_setup(test_what_is_posted_on_a_parent_counts, postings_set_up),
      cmocka_unit_test_setup(test_money_in_a_circle_of_parents_counts_once, postings_set_up),
      cmocka_unit_test_setup(test_balances_of_the_erp_are_not_summed_up_again, postings_set_up),
      cmocka_unit_test_setup(test_sums_that_no_number_holds_are_refused, postings_set_up),
      cmocka_unit_test_setup(test_a_fiscal_year_may_begin_on_any_day, postings_set_up),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
