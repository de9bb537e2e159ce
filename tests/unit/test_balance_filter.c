/* Which accounts of a trial balance are shown (erp-connectors.md 2.3). */
#include "unit.h"

#include "books_fixture.h"

/* The codes that remain of a small chart, by blanks. */
static void
assert_kept(const char *filters, const char *expected)
{
  g_auto(TrialBalance) balance;
  g_auto(Question) question = {0};
  g_autoptr(GString) kept = g_string_new(NULL);
  const char *field;
  g_autofree char *query =
      g_strconcat("company=EFFECTI&from=2024-01-01&to=2024-01-31", filters, NULL);
  books_init(&balance);
  books_add(&balance, "1", ACCOUNT_ASSET, 0, 500, 300, 200);
  books_add(&balance, "1.2", ACCOUNT_ASSET, 0, 500, 300, 200);
  books_add(&balance, "1.10", ACCOUNT_ASSET, 0, 0, 0, 0);
  books_add(&balance, "2", ACCOUNT_LIABILITY, 0, 0, 200, 200);
  books_add(&balance, "3", ACCOUNT_EQUITY, 100, 100, 0, 0);
  assert_true(question_read(QUESTION_TRIAL_BALANCE, query, NULL, &question, &field, NULL));
  assert_true(trial_balance_complete(&balance, NULL, NULL));
  assert_true(trial_balance_check(&balance, NULL));
  trial_balance_filter(&balance, &question);
  for (guint i = 0; i < balance.accounts->len; i++)
    g_string_append_printf(kept, "%s%s", i > 0 ? " " : "",
                           ((AccountBalance *)balance.accounts->pdata[i])->code);
  assert_string_equal(kept->str, expected);
  /* totals tell of the whole */
  assert_int_equal(balance.total_debit, 600);
  assert_int_equal(balance.total_credit, 500);
  assert_int_equal(balance.account_count, 5);
}

/* F-64 */
static void
test_filters_choose_accounts_and_leave_totals(G_GNUC_UNUSED void **state)
{
  assert_kept("", "1 1.2 1.10 2 3");
  assert_kept("&account_types=Ativo,passivo", "1 1.2 1.10 2");
  assert_kept("&include_zero_balances=false", "1 1.2 2 3");
  assert_kept("&include_zero_balances=1", "1 1.2 1.10 2 3");
  assert_kept("&level=2", "1.2 1.10");
  assert_kept("&account_types=Ativo,passivo&include_zero_balances=false&level=2", "1.2");
  assert_kept("&account_types=REVENUE", "");
}

static void
test_a_range_goes_by_segments(G_GNUC_UNUSED void **state)
{
  assert_kept("&account_from=1.2", "1.2 1.10 2 3");
  assert_kept("&account_to=1.9", "1 1.2");
  assert_kept("&account_from=1.3&account_to=2", "1.10 2");
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_filters_choose_accounts_and_leave_totals),
      cmocka_unit_test(test_a_range_goes_by_segments),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
