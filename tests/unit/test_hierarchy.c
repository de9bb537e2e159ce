/* Level, parent and summary where an ERP leaves them out; accounts that come twice
 * (erp-connectors.md 5.6). */
#include "unit.h"

#include "base/error.h"
#include "books_fixture.h"

#define ASSET(balance, code) books_add(balance, code, ACCOUNT_ASSET, 0, 0, 0, 0)

static void
complete(TrialBalance *balance, const char *mask)
{
  g_autoptr(GError) error = NULL;
  if (!trial_balance_complete(balance, mask, &error))
    fail_msg("%s", error->message);
}

/* "code level parent summary" of each account, in order. */
static void
assert_tree(const TrialBalance *balance, const char *expected)
{
  g_autoptr(GString) text = g_string_new(NULL);
  for (guint i = 0; i < balance->accounts->len; i++) {
    const AccountBalance *account = g_ptr_array_index(balance->accounts, i);
    g_string_append_printf(text, "%s %d %s%s\n", account->code, (int)account->level,
                           account->parent != NULL ? account->parent : "-",
                           account->is_summary ? " +" : "");
  }
  assert_string_equal(text->str, expected);
}

static void
test_dots_tell_level_and_parent(G_GNUC_UNUSED void **state)
{
  g_auto(TrialBalance) balance;
  books_init(&balance);
  ASSET(&balance, "1.10.001");
  ASSET(&balance, "1.2");
  ASSET(&balance, "1.01.001");
  ASSET(&balance, "1.01");
  ASSET(&balance, "1");
  complete(&balance, NULL);
  assert_tree(&balance, "1 1 - +\n"
                        "1.01 2 1 +\n"
                        "1.01.001 3 1.01\n"
                        "1.2 2 1\n"
                        "1.10.001 3 1\n");
}

static void
test_a_mask_tells_the_level_of_plain_numbers(G_GNUC_UNUSED void **state)
{
  g_auto(TrialBalance) balance;
  books_init(&balance);
  ASSET(&balance, "11");
  ASSET(&balance, "1110001");
  ASSET(&balance, "11101");
  complete(&balance, "1, 1,2,4");
  assert_tree(&balance, "11 2 - +\n"
                        "11101 4 11\n"
                        "1110001 4 11\n");
}

static void
test_without_a_mask_the_codes_it_begins_with_do(G_GNUC_UNUSED void **state)
{
  g_auto(TrialBalance) balance;
  books_init(&balance);
  ASSET(&balance, "1110001");
  ASSET(&balance, "1110");
  ASSET(&balance, "1");
  complete(&balance, NULL);
  assert_tree(&balance, "1 1 - +\n"
                        "1110 2 1 +\n"
                        "1110001 3 1110\n");
}

static void
test_accounts_of_our_own_making_are_no_parts_of_each_other(G_GNUC_UNUSED void **state)
{
  g_auto(TrialBalance) balance;
  books_init(&balance);
  ASSET(&balance, "CC:12");
  ASSET(&balance, "CC:1");
  ASSET(&balance, "UNMAPPED:1.01.001");
  complete(&balance, NULL);
  assert_tree(&balance, "CC:1 1 -\n"
                        "CC:12 1 -\n"
                        "UNMAPPED:1.01.001 1 -\n");
}

/* Codes without parts, and parents that come after their children. */
static void
test_a_stated_parent_tells_the_level(G_GNUC_UNUSED void **state)
{
  g_auto(TrialBalance) balance;
  g_autoptr(GError) error = NULL;
  books_init(&balance);
  balance.is_aggregated = TRUE;
  ASSET(&balance, "1.1")->parent = g_strdup("CAT:1"); /* two parts, but below the third level */
  ASSET(&balance, "1.1.1");
  ASSET(&balance, "CAT:1")->parent = g_strdup("CAT:2");
  ASSET(&balance, "CAT:2")->parent = g_strdup("CAT:3");
  ASSET(&balance, "CAT:3");
  ASSET(&balance, "a5")->parent = g_strdup("f7");
  ASSET(&balance, "f7")->parent = g_strdup("gone");
  ASSET(&balance, "f70")->parent = g_strdup("a5");
  ASSET(&balance, "x")->parent = g_strdup("y");
  ASSET(&balance, "y")->parent = g_strdup("x");
  complete(&balance, NULL);
  assert_tree(&balance, "1.1 4 CAT:1 +\n"
                        "1.1.1 5 1.1\n"
                        "CAT:1 3 CAT:2 +\n"
                        "CAT:2 2 CAT:3 +\n"
                        "CAT:3 1 - +\n"
                        "a5 2 f7 +\n"
                        "f7 1 gone +\n"
                        "f70 3 a5\n"
                        "x 1 y +\n"
                        "y 1 x +\n");
  assert_true(trial_balance_check(&balance, &error));
  assert_string_equal(books_found(&balance, FINDING_ERROR),
                      "parent_missing f7,level_order x,level_order y,hierarchy_cycle x");
}

static void
test_what_the_erp_states_stands(G_GNUC_UNUSED void **state)
{
  g_auto(TrialBalance) balance;
  books_init(&balance);
  AccountBalance *parent = ASSET(&balance, "1.01");
  parent->summary_stated = TRUE;
  parent->level = 5;
  ASSET(&balance, "1.01.001")->parent = g_strdup("9");
  ASSET(&balance, "1.01.002");
  complete(&balance, NULL);
  assert_tree(&balance, "1.01 5 -\n"
                        "1.01.001 3 9\n"
                        "1.01.002 3 1.01\n");
}

static void
test_a_summed_up_chart_without_a_tree_is_one_level(G_GNUC_UNUSED void **state)
{
  g_auto(TrialBalance) balance;
  books_init(&balance);
  balance.is_aggregated = TRUE;
  ASSET(&balance, "4.01.001");
  ASSET(&balance, "1.01.001");
  complete(&balance, NULL);
  assert_tree(&balance, "1.01.001 1 -\n"
                        "4.01.001 1 -\n");
}

/* F-63 */
static void
test_an_identical_account_is_kept_once(G_GNUC_UNUSED void **state)
{
  g_auto(TrialBalance) balance;
  books_init(&balance);
  for (int i = 0; i < 3; i++)
    books_add(&balance, "1.01", ACCOUNT_ASSET, 1, 2, 3, 0);
  ASSET(&balance, "1.02");
  complete(&balance, NULL);
  assert_int_equal(balance.accounts->len, 2);
  assert_string_equal(books_found(&balance, FINDING_WARNING),
                      "duplicate_account_identical 1.01,duplicate_account_identical 1.01");
}

/* F-63 */
static void
test_two_different_accounts_of_one_code_are_refused(G_GNUC_UNUSED void **state)
{
  g_auto(TrialBalance) balance;
  g_autoptr(GError) error = NULL;
  books_init(&balance);
  books_add(&balance, "1.01", ACCOUNT_ASSET, 1, 2, 3, 0);
  books_add(&balance, "1.01", ACCOUNT_ASSET, 1, 2, 3, 1);
  assert_false(trial_balance_complete(&balance, NULL, &error));
  assert_int_equal(error->code, ERROR_ERP_DUPLICATE_ACCOUNT);
}

static void
test_a_mask_that_is_none_is_refused(G_GNUC_UNUSED void **state)
{
  g_auto(TrialBalance) balance;
  g_autoptr(GError) error = NULL;
  books_init(&balance);
  assert_false(trial_balance_complete(&balance, "1,x", &error));
  assert_int_equal(error->code, ERROR_ERP_NOT_CONFIGURED);
}

static void
test_fifty_thousand_accounts_in_one_chain_are_no_burden(G_GNUC_UNUSED void **state)
{
  g_auto(TrialBalance) balance;
  books_init(&balance);
  for (int i = 0; i < 50000; i++) {
    g_autofree char *code = g_strdup_printf("%d", i + 100000);
    AccountBalance *account = ASSET(&balance, code);
    account->level = 1;
    account->parent = i > 0 ? g_strdup_printf("%d", i + 99999) : NULL;
  }
  complete(&balance, NULL);
  assert_true(trial_balance_check(&balance, NULL));
  assert_int_equal(balance.findings->len, 49999); /* level_order */
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_dots_tell_level_and_parent),
      cmocka_unit_test(test_a_mask_tells_the_level_of_plain_numbers),
      cmocka_unit_test(test_without_a_mask_the_codes_it_begins_with_do),
      cmocka_unit_test(test_accounts_of_our_own_making_are_no_parts_of_each_other),
      cmocka_unit_test(test_a_stated_parent_tells_the_level),
      cmocka_unit_test(test_what_the_erp_states_stands),
      cmocka_unit_test(test_a_summed_up_chart_without_a_tree_is_one_level),
      cmocka_unit_test(test_an_identical_account_is_kept_once),
      cmocka_unit_test(test_two_different_accounts_of_one_code_are_refused),
      cmocka_unit_test(test_a_mask_that_is_none_is_refused),
      cmocka_unit_test(test_fifty_thousand_accounts_in_one_chain_are_no_burden),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
