/* What the checks of a trial balance find (erp-connectors.md 5.7). */
#include "unit.h"

#include "accounting/checks.h"
#include "base/error.h"
#include "books_fixture.h"

static void
check(TrialBalance *balance)
{
  g_autoptr(GError) error = NULL;
  if (!trial_balance_complete(balance, NULL, &error) || !trial_balance_check(balance, &error))
    fail_msg("%s", error->message);
}

/* One account alone, whose side is stated, and which errors were found. */
static const char *
errors_of_one(AccountType type, gint64 opening, gint64 debit, gint64 credit, gint64 closing)
{
  g_auto(TrialBalance) balance;
  books_init(&balance);
  books_add(&balance, "1", type, opening, debit, credit, closing)->side_stated = TRUE;
  check(&balance);
  return books_found(&balance, FINDING_ERROR);
}

/* F-60 */
static void
test_a_balance_rolls_forward_on_its_side(G_GNUC_UNUSED void **state)
{
  static const struct {
    AccountType type;
    gint64 closing;
    gboolean holds;
  } rows[] = {
      {ACCOUNT_ASSET, 13000, TRUE},  {ACCOUNT_LIABILITY, 7000, TRUE}, {ACCOUNT_ASSET, 13002, FALSE},
      {ACCOUNT_ASSET, 13001, TRUE},  {ACCOUNT_EXPENSE, 13000, TRUE},  {ACCOUNT_EQUITY, 7000, TRUE},
      {ACCOUNT_REVENUE, 7000, TRUE}, {ACCOUNT_REVENUE, 13000, FALSE},
  };
  for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
    const char *found = errors_of_one(rows[i].type, 10000, 5000, 2000, rows[i].closing);
    assert_string_equal(found, rows[i].holds ? "unbalanced" : "roll_forward 1,unbalanced");
  }
}

/* F-61 */
static void
test_totals_may_differ_by_a_centavo(G_GNUC_UNUSED void **state)
{
  assert_string_equal(errors_of_one(ACCOUNT_ASSET, 0, 101, 100, 1), "");
  assert_string_equal(errors_of_one(ACCOUNT_ASSET, 0, 102, 100, 2), "unbalanced");
}

/* F-62 */
static void
test_a_chain_of_parents_that_loops_is_found_once(G_GNUC_UNUSED void **state)
{
  g_auto(TrialBalance) balance;
  books_init(&balance);
  books_add(&balance, "1.01", ACCOUNT_ASSET, 0, 0, 0, 0)->parent = g_strdup("1.02");
  books_add(&balance, "1.02", ACCOUNT_ASSET, 0, 0, 0, 0)->parent = g_strdup("1.01");
  books_add(&balance, "1.02.1", ACCOUNT_ASSET, 0, 0, 0, 0);
  check(&balance);
  assert_string_equal(books_found(&balance, FINDING_ERROR),
                      "level_order 1.01,level_order 1.02,hierarchy_cycle 1.01");
  assert_false(trial_balance_is_valid(&balance));
}

/* F-62 */
static void
test_a_child_stands_below_its_parent(G_GNUC_UNUSED void **state)
{
  g_auto(TrialBalance) balance;
  books_init(&balance);
  books_add(&balance, "1", ACCOUNT_ASSET, 0, 0, 0, 0)->level = 3;
  books_add(&balance, "1.1", ACCOUNT_ASSET, 0, 0, 0, 0)->level = 2;
  check(&balance);
  assert_string_equal(books_found(&balance, FINDING_ERROR), "level_order 1.1");
}

static void
test_stated_parents_are_looked_for(G_GNUC_UNUSED void **state)
{
  g_auto(TrialBalance) balance;
  books_init(&balance);
  books_add(&balance, "1.1", ACCOUNT_ASSET, 0, 0, 0, 0)->parent = g_strdup("9");
  AccountBalance *parent = books_add(&balance, "2", ACCOUNT_EXPENSE, 0, 0, 0, 0);
  books_add(&balance, "2.1", ACCOUNT_ASSET, 0, 0, 0, 0);
  parent->summary_stated = TRUE;
  check(&balance);
  assert_string_equal(books_found(&balance, FINDING_ERROR), "parent_missing 1.1");
  assert_string_equal(books_found(&balance, FINDING_WARNING),
                      "parent_not_summary 2.1,type_mismatch 2.1");
}

/* A summary of two may be two centavos off; a child on the other side takes away. */
static void
test_a_summary_is_the_sum_of_its_children(G_GNUC_UNUSED void **state)
{
  g_auto(TrialBalance) balance;
  books_init(&balance);
  AccountBalance *summary = books_add(&balance, "1", ACCOUNT_ASSET, 7002, 0, 0, 7002);
  books_add(&balance, "1.1", ACCOUNT_ASSET, 10000, 0, 0, 10000);
  AccountBalance *contra = books_add(&balance, "1.2", ACCOUNT_ASSET, 3000, 0, 0, 3000);
  contra->side = SIDE_CREDIT;
  contra->side_stated = TRUE;
  books_add(&balance, "2", ACCOUNT_EQUITY, 7000, 0, 0, 7000);
  check(&balance);
  assert_string_equal(books_found(&balance, FINDING_ERROR), "");
  assert_string_equal(books_found(&balance, FINDING_WARNING), "");
  summary->opening = summary->closing = 7003;
  check(&balance);
  assert_string_equal(books_found(&balance, FINDING_ERROR), "summary_sum 1,summary_sum 1");
}

static void
test_totals_count_analytic_accounts_only(G_GNUC_UNUSED void **state)
{
  g_auto(TrialBalance) balance;
  books_init(&balance);
  books_add(&balance, "1", ACCOUNT_ASSET, 0, 500, 200, 300);
  books_add(&balance, "1.1", ACCOUNT_ASSET, 0, 500, 200, 300);
  books_add(&balance, "2", ACCOUNT_REVENUE, 0, 0, 300, 300);
  check(&balance);
  assert_int_equal(balance.total_debit, 500);
  assert_int_equal(balance.total_credit, 500);
  assert_int_equal(balance.account_count, 3);
  assert_true(trial_balance_is_valid(&balance));
  assert_int_equal(balance.findings->len, 0);
}

static void
test_where_all_are_summaries_the_top_level_counts(G_GNUC_UNUSED void **state)
{
  g_auto(TrialBalance) balance;
  books_init(&balance);
  const char *const codes[] = {"1", "1.1", "2"};
  for (guint i = 0; i < 3; i++) {
    AccountBalance *account = books_add(&balance, codes[i], i < 2 ? ACCOUNT_ASSET : ACCOUNT_REVENUE,
                                        0, i < 2 ? 300 : 0, i < 2 ? 0 : 300, 300);
    account->is_summary = account->summary_stated = TRUE;
  }
  check(&balance);
  assert_int_equal(balance.total_debit, 300);
  assert_string_equal(books_found(&balance, FINDING_ERROR), "");
}

static void
test_the_equation_has_a_tolerance_per_account(G_GNUC_UNUSED void **state)
{
  for (gint64 off = 2; off <= 3; off++) {
    g_auto(TrialBalance) balance;
    books_init(&balance);
    books_add(&balance, "1", ACCOUNT_ASSET, 1000 + off, 0, 0, 1000 + off);
    books_add(&balance, "2", ACCOUNT_EQUITY, 1000, 0, 0, 1000);
    check(&balance);
    assert_string_equal(books_found(&balance, FINDING_WARNING),
                        off > 2 ? "accounting_equation" : "");
  }
}

static void
test_one_sided_books_cannot_balance(G_GNUC_UNUSED void **state)
{
  g_auto(TrialBalance) balance;
  books_init(&balance);
  balance.is_aggregated = balance.is_single_sided = TRUE;
  books_add(&balance, "RECEIVABLES", ACCOUNT_ASSET, 0, 500, 0, 500);
  check(&balance);
  assert_true(trial_balance_is_valid(&balance));
  assert_string_equal(books_found(&balance, FINDING_NOT_APPLICABLE),
                      "unbalanced,accounting_equation");
}

/* F-52 */
static void
test_classes_that_contradict_the_tree_are_told(G_GNUC_UNUSED void **state)
{
  static const gboolean flags[][3] = {
      {FALSE, TRUE, TRUE}, {TRUE, FALSE, FALSE}, {FALSE, TRUE, FALSE}};
  for (gsize i = 0; i < G_N_ELEMENTS(flags); i++) {
    g_auto(TrialBalance) balance;
    books_init(&balance);
    const char *const codes[] = {"1", "1.1", "2"};
    for (guint k = 0; k < 3; k++) {
      AccountBalance *account = books_add(&balance, codes[k], ACCOUNT_ASSET, 0, 0, 0, 0);
      account->summary_stated = TRUE;
      account->is_summary = flags[i][k];
    }
    assert_true(trial_balance_complete(&balance, NULL, NULL));
    check_classes(&balance);
    assert_string_equal(books_found(&balance, FINDING_WARNING), i == 0 ? "classe_inverted" : "");
  }
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_a_balance_rolls_forward_on_its_side),
      cmocka_unit_test(test_totals_may_differ_by_a_centavo),
      cmocka_unit_test(test_a_chain_of_parents_that_loops_is_found_once),
      cmocka_unit_test(test_a_child_stands_below_its_parent),
      cmocka_unit_test(test_stated_parents_are_looked_for),
      cmocka_unit_test(test_a_summary_is_the_sum_of_its_children),
      cmocka_unit_test(test_totals_count_analytic_accounts_only),
      cmocka_unit_test(test_where_all_are_summaries_the_top_level_counts),
      cmocka_unit_test(test_the_equation_has_a_tolerance_per_account),
      cmocka_unit_test(test_one_sided_books_cannot_balance),
      cmocka_unit_test(test_classes_that_contradict_the_tree_are_told),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
