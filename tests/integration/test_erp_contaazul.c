/* ContaAzul's first API (erp-connectors.md 6.2, profile v1): balances summed up from transactions,
 * and what they begin with. */
#include <string.h>

#include "harness_balance.h"

#define JANUARY     "from=2026-01-01&to=2026-01-31"
#define FEBRUARY    "from=2026-02-01&to=2026-02-28"
#define FEBRUARY_OF "2026-02-01", "2026-02-28"
#define SALE        "\"id\":\"t-1\",\"date\":\"2026-01-15\",\"type\":\"receipt\""

static const char *const leaves[] = {"1.01.001", "1.02.001", "2.01.001",
                                     "4.01.001", "4.02.001", "5.01.001"};

/* What entries from a day on (and before February) left on an account, on its normal side. */
static char *
carried(const Book *book, const char *account, const char *from)
{
  return sql_text("select (coalesce(sum(debit - credit), 0)"
                  "        * case when $2 ~ '^[15]' then 1 else -1 end)::numeric(15,2)::text"
                  "  from sandbox.ledger_entry"
                  " where who = $1 and account = $2 and day >= $3 and day < '2026-02-01'",
                  book_who(book), account, from);
}

/* F-53 */
static void
test_debits_equal_credits_and_openings_are_zero(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = book_new("MERCOS", NULL);
  book_seed(book, "2026-01-01", 20, 120, 2);
  g_autoptr(Answer) answer = book_ask(book, TRIAL_BALANCE, FEBRUARY);
  assert_status(answer, 200);
  const json_t *accounts = json_object_get(answer->json, "accounts"), *account;
  for (size_t i = 0; (account = json_array_get(accounts, i)) != NULL; i++)
    assert_string_equal(json_string_value(json_object_get(account, "opening_balance")), "0.00");
  for (gsize i = 0; i < G_N_ELEMENTS(leaves); i++)
    assert_moved_like(answer, leaves[i], book, leaves[i], FEBRUARY_OF);
  g_autofree char *debit = answer_at(answer, "metadata.total_debit");
  assert_at(answer, "metadata.total_credit", debit);
  assert_string_not_equal(debit, "0.00");
  assert_amounts(answer, "3.01.001", "0.00 0.00 0.00 0.00"); /* without movement, yet listed */
  assert_true(json_is_true(json_object_get(balance_account(answer, "1.01"), "is_summary")));
  assert_at(answer, "metadata.validation.is_valid", "true");
  assert_at(answer, "metadata.validation.not_applicable", "[]");
  assert_at(answer, "metadata.source", "ContaAzul");
  assert_at(answer, "metadata.api_profile", "v1");
  assert_at(answer, "metadata.aggregated_from_transactions", "true");
  assert_at(answer, "metadata.opening_balance_policy", "zero");
  assert_true(balance_warns(answer, "opening_not_available"));
  assert_asked(book, "chart", 1, "path", "/contaazul/v1/chart-of-accounts");
  assert_asked(book, "transactions", 1, "path", "/contaazul/v1/transactions");
  assert_asked(book, "transactions", 1, "start_date", "2026-02-01");
  assert_asked(book, "transactions", 1, "end_date", "2026-02-28");
  assert_asked(book, "transactions", 1, "per_page", "100");
  assert_asked(book, "transactions", 2, "page", "2");
  assert_int_equal(book_calls(book, "transactions"), 2);
  assert_asked(book, "token", 1, "grant_type", "client_credentials");
}

/* F-53: earlier years' results are in one account of equity */
static void
test_history_carries_balances_and_only_this_years_results(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = book_new("MERCOS", NULL);
  book_seed(book, "2025-12-01", 20, 120, 3);
  book_set(book, "OPENING_POLICY", "history");
  book_set(book, "HISTORY_START", "2025-12-01");
  g_autoptr(Answer) answer = book_ask(book, TRIAL_BALANCE, FEBRUARY);
  assert_status(answer, 200);
  for (gsize i = 0; i < G_N_ELEMENTS(leaves); i++) {
    gboolean is_result = *leaves[i] >= '4';
    g_autofree char *opening = carried(book, leaves[i], is_result ? "2026-01-01" : "2025-12-01");
    assert_string_equal(balance_text(answer, leaves[i], "opening_balance"), opening);
    assert_moved_like(answer, leaves[i], book, leaves[i], FEBRUARY_OF);
  }
  g_autofree char *result = sql_text("select sum(credit - debit)::text from sandbox.ledger_entry"
                                     " where who = $1 and account ~ '^[45]' and day < '2026-01-01'",
                                     book_who(book));
  assert_string_equal(balance_text(answer, "RESULTADO_ACUMULADO", "opening_balance"), result);
  assert_string_equal(balance_text(answer, "RESULTADO_ACUMULADO", "account_type"), "EQUITY");
  assert_at(answer, "metadata.opening_balance_policy", "history");
  assert_at(answer, "metadata.validation.is_valid", "true");
  assert_at(answer, "metadata.validation.warnings", "[]"); /* so the equation holds, too */
  assert_asked(book, "transactions", 3, "start_date",
               "2025-12-01"); /* after February's two pages */
  assert_asked(book, "transactions", 3, "end_date", "2026-01-31");
  assert_int_equal(book_calls(book, "chart"), 1);
}

/* 6.2 */
static void
test_a_fiscal_year_may_begin_in_another_month(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = book_new("MERCOS", NULL);
  book_seed(book, "2026-01-01", 11, 40, 2);
  book_set(book, "OPENING_POLICY", "history");
  book_set(book, "HISTORY_START", "2026-01-01");
  book_set(book, "FISCAL_YEAR_START", "02-01");
  g_autoptr(Answer) answer = book_ask(book, TRIAL_BALANCE, FEBRUARY);
  assert_status(answer, 200);
  assert_string_equal(balance_text(answer, "4.01.001", "opening_balance"), "0.00");
  assert_string_equal(balance_text(answer, "5", "opening_balance"), "0.00");
  assert_true(balance_has(answer, "RESULTADO_ACUMULADO"));
  /* books that begin with the period carry nothing, and ask for nothing */
  gint64 before = book_calls(book, "transactions");
  book_set(book, "HISTORY_START", "2026-02-01");
  g_autoptr(Answer) fresh = book_ask(book, TRIAL_BALANCE, FEBRUARY);
  assert_string_equal(balance_text(fresh, "1", "opening_balance"), "0.00");
  assert_false(balance_has(fresh, "RESULTADO_ACUMULADO"));
  assert_int_equal(book_calls(book, "transactions") - before, 1);
}

/* 6.2 */
static void
test_an_opening_nobody_can_give_is_said(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = book_new("MERCOS", NULL);
  book_seed(book, "2026-01-01", 11, 10, 1);
  book_set(book, "OPENING_POLICY", "stored");
  g_autoptr(Answer) stored = book_ask(book, TRIAL_BALANCE, JANUARY);
  assert_error_code(stored, 422, NULL, "opening_missing");
  assert_at(stored, "type", "Validation");
  book_set(book, "OPENING_POLICY", "history");
  g_autoptr(Answer) endless = book_ask(book, TRIAL_BALANCE, JANUARY);
  assert_error_code(endless, 503, NULL, "erp_not_configured");
  assert_non_null(strstr(answer_text(endless, "error"), "HISTORY_START"));
}

#define LINES(account)                                                                             \
  "\"lines\":[{\"account_code\":\"1.01.001\",\"debit_amount\":350.00,\"credit_amount\":0},"        \
  "{\"account_code\":\"" account "\",\"debit_amount\":0,\"credit_amount\":350.00}]"

/* F-54 */
static void
test_money_on_an_unknown_account_is_not_lost(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = book_new("MERCOS", NULL);
  book_seed(book, "2026-01-01", 11, 10, 1);
  book_put(book, "transactions", "{" SALE "," LINES("4.99.999") "}");
  g_autoptr(Answer) answer = book_ask(book, TRIAL_BALANCE, JANUARY);
  assert_status(answer, 200);
  assert_amounts(answer, "UNMAPPED:4.99.999", "0.00 0.00 350.00 350.00");
  assert_string_equal(balance_text(answer, "UNMAPPED:4.99.999", "account_type"), "REVENUE");
  assert_at(answer, "metadata.total_debit", "350.00");
  assert_at(answer, "metadata.total_credit", "350.00");
  assert_at(answer, "metadata.validation.warnings.0.code", "unmapped_account");
  assert_at(answer, "metadata.validation.warnings.0.account_code", "UNMAPPED:4.99.999");
  assert_at(answer, "metadata.validation.is_valid", "true");
}

/* 5.7: what is posted on an account that has others below it */
static void
test_money_on_a_parent_is_in_the_totals(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = book_new("MERCOS", NULL);
  book_seed(book, "2026-01-01", 11, 10, 1);
  book_put(book, "transactions", "{" SALE "," LINES("4") "}");
  g_autoptr(Answer) answer = book_ask(book, TRIAL_BALANCE, JANUARY);
  assert_status(answer, 200);
  assert_amounts(answer, "4", "0.00 0.00 350.00 350.00");
  assert_at(answer, "metadata.total_debit", "350.00");
  assert_at(answer, "metadata.total_credit", "350.00");
  assert_at(answer, "metadata.validation.is_valid", "true");
}

/* F-54, 5.1: a code that tells no type is an error, or an asset */
static void
test_an_unknown_account_of_no_type_follows_the_policy(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = book_new("MERCOS", NULL);
  book_seed(book, "2026-01-01", 11, 10, 1);
  book_put(book, "transactions", "{" SALE "," LINES("X9") "}");
  g_autoptr(Answer) refused = book_ask(book, TRIAL_BALANCE, JANUARY);
  assert_error_code(refused, 422, NULL, "erp_data_invalid");
  assert_at(refused, "details.0.code", "invalid_account_type");
  book_set(book, "UNKNOWN_ACCOUNT_TYPE", "asset");
  g_autoptr(Answer) taken = book_ask(book, TRIAL_BALANCE, JANUARY);
  assert_status(taken, 200);
  assert_string_equal(balance_text(taken, "UNMAPPED:X9", "account_type"), "ASSET");
  assert_amounts(taken, "UNMAPPED:X9", "0.00 0.00 350.00 -350.00");
  assert_true(balance_warns(taken, "type_defaulted"));
  book_set(book, "TYPE_MAP", "X=EXPENSE");
  g_autoptr(Answer) told = book_ask(book, TRIAL_BALANCE, JANUARY);
  assert_string_equal(balance_text(told, "UNMAPPED:X9", "account_type"), "EXPENSE");
  assert_false(balance_warns(told, "type_defaulted"));
}

/* 6.2: of other days, or cancelled */
static void
test_what_does_not_count_is_left_out(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = book_new("MERCOS", NULL);
  book_seed(book, "2026-01-01", 11, 10, 1);
  book_put(book, "transactions", "{" SALE "," LINES("4.01.001") "}");
  book_put(
      book, "transactions",
      "{\"id\":\"t-2\",\"date\":\"2026-01-16\",\"status\":\"cancelled\"," LINES("4.01.001") "}");
  book_put(book, "transactions", "{\"id\":\"t-3\",\"date\":\"2026-02-01\"," LINES("4.01.001") "}");
  g_autoptr(Answer) answer = book_ask(book, TRIAL_BALANCE, JANUARY);
  assert_status(answer, 200);
  assert_amounts(answer, "4.01.001", "0.00 0.00 350.00 350.00");
  assert_at(answer, "metadata.total_debit", "350.00");
  assert_true(balance_warns(answer, "out_of_period"));
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      LEDGER_CASE(test_debits_equal_credits_and_openings_are_zero),
      LEDGER_CASE(test_history_carries_balances_and_only_this_years_results),
      LEDGER_CASE(test_a_fiscal_year_may_begin_in_another_month),
      LEDGER_CASE(test_an_opening_nobody_can_give_is_said),
      LEDGER_CASE(test_money_on_an_unknown_account_is_not_lost),
      LEDGER_CASE(test_money_on_a_parent_is_in_the_totals),
      LEDGER_CASE(test_an_unknown_account_of_no_type_follows_the_policy),
      LEDGER_CASE(test_what_does_not_count_is_left_out),
  };
  return RUN("ContaAzul, first API", tests);
}
