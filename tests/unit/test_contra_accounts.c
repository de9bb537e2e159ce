/* Accounts that stand on the other side than their type (erp-connectors.md 2.5). */
#include "unit.h"

#include "postings_fixture.h"

static const Posting no_postings[] = {{NULL, NULL, NULL, 0, 0, 0}};

/* Depreciation of 5.00 of a machine, of which the ERP tells no side. */
static int
set_up(void **state)
{
  postings_set_up(state);
  postings = no_postings;
  postings_chart[0] = books_row("1.01", 10000, 0, 0, 10000);
  postings_chart[1] = books_row("1.02", 3000, 0, 500, 3500);
  postings_chart[2] = books_row("5.01", 0, 500, 0, 500);
  postings_chart[3] = books_row("3.01", 7000, 0, 0, 7000);
  return 0;
}

static void
test_an_account_that_fits_the_other_side_stands_there(G_GNUC_UNUSED void **state)
{
  g_auto(TrialBalance) balance;
  assert_extracted(&balance);
  assert_amounts(&balance, "1.02", 3000, 0, 500, 3500);
  assert_string_equal(books_found(&balance, FINDING_WARNING), "contra_account 1.02");
  assert_string_equal(books_found(&balance, FINDING_ERROR), "");
}

static void
test_where_the_erp_tells_the_side_nothing_is_guessed(G_GNUC_UNUSED void **state)
{
  g_auto(TrialBalance) balance;
  postings_chart[1].side = SIDE_DEBIT;
  assert_extracted(&balance);
  assert_string_equal(books_found(&balance, FINDING_ERROR), "roll_forward 1.02");
}

/* "30,00 C" and a credit of 5.00 are no "25,00 C", on whichever side. */
static void
test_a_balance_with_its_side_is_read_as_it_is(G_GNUC_UNUSED void **state)
{
  g_auto(TrialBalance) suffixed, credit_positive;
  postings_chart[1] = books_row("1.02", 3000, 0, 500, 2500);
  postings_chart[1].opening_side = postings_chart[1].closing_side = SIDE_CREDIT;
  assert_extracted(&suffixed);
  assert_amounts(&suffixed, "1.02", -3000, 0, 500, -2500);
  assert_string_equal(books_found(&suffixed, FINDING_ERROR), "roll_forward 1.02");
  postings_set_up(NULL);
  books_settings("CONTAAZUL_BALANCE_SIGN", "credit_positive", NULL);
  books_credentials();
  postings_chart[0] = books_row("1.02", 3000, 0, 500, 2500);
  postings_chart[1].code = NULL;
  assert_extracted(&credit_positive);
  assert_amounts(&credit_positive, "1.02", -3000, 0, 500, -2500);
  assert_string_equal(books_found(&credit_positive, FINDING_ERROR), "roll_forward 1.02,unbalanced");
}

static void
test_a_parent_that_is_summed_up_is_less_by_it(G_GNUC_UNUSED void **state)
{
  g_auto(TrialBalance) balance;
  postings_chart[4] = (LedgerAccount){.code = "1", .name = "Ativo"};
  assert_extracted(&balance);
  assert_true(balance.is_aggregated);
  assert_amounts(&balance, "1", 7000, 0, 500, 6500);
  assert_string_equal(books_found(&balance, FINDING_ERROR), "");
}

/* Both sides fit: it is taken for what its type says. */
static void
test_without_movement_nothing_tells_of_another_side(G_GNUC_UNUSED void **state)
{
  g_auto(TrialBalance) balance;
  postings_chart[1] = books_row("1.02", 3000, 0, 0, 3000);
  postings_chart[2].code = NULL;
  assert_extracted(&balance);
  assert_string_equal(books_found(&balance, FINDING_WARNING), "accounting_equation");
  assert_string_equal(books_found(&balance, FINDING_ERROR), "");
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup(test_an_account_that_fits_the_other_side_stands_there, set_up),
      cmocka_unit_test_setup(test_where_the_erp_tells_the_side_nothing_is_guessed, set_up),
      cmocka_unit_test_setup(test_a_balance_with_its_side_is_read_as_it_is, set_up),
      cmocka_unit_test_setup(test_a_parent_that_is_summed_up_is_less_by_it, set_up),
      cmocka_unit_test_setup(test_without_movement_nothing_tells_of_another_side, set_up),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
