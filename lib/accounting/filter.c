/* Which accounts of a trial balance a caller wants to see (erp-connectors.md 2.3). */
#include "accounting/trial_balance.h"

static gboolean
has_type(const GArray *types, AccountType type)
{
  if (types == NULL || types->len == 0)
    return TRUE;
  for (guint i = 0; i < types->len; i++)
    if (g_array_index(types, AccountType, i) == type)
      return TRUE;
  return FALSE;
}

static gboolean
is_zero(const AccountBalance *account)
{
  return account->opening == 0 && account->debit == 0 && account->credit == 0 &&
         account->closing == 0;
}

static gboolean
is_wanted(const AccountBalance *account, const Question *question)
{
  const char *from = question->range_from, *to = question->range_to;
  return has_type(question->account_types, account->type) &&
         (question->level == 0 || account->level == question->level) &&
         !(question->leave_out_zero && is_zero(account)) &&
         (from == NULL || account_code_compare(from, account->code) <= 0) &&
         (to == NULL || account_code_compare(account->code, to) <= 0);
}

void
trial_balance_filter(TrialBalance *balance, const Question *question)
{
  GPtrArray *all = g_steal_pointer(&balance->accounts);
  balance->accounts = g_ptr_array_new_with_free_func((GDestroyNotify)account_balance_free);
  for (guint i = 0; i < all->len; i++) {
    AccountBalance *account = g_ptr_array_index(all, i);
    if (!is_wanted(account, question))
      continue;
    g_ptr_array_index(all, i) = NULL;
    g_ptr_array_add(balance->accounts, account);
  }
  g_ptr_array_unref(all);
}
