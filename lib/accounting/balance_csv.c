/* A trial balance as CSV: the fields of AccountBalance in their order (erp-connectors.md 9). */
#include "accounting/csv.h"
#include "accounting/trial_balance.h"
#include "base/money.h"
#include "base/text.h"

#define HEADER                                                                                     \
  "account_code,account_name,account_type,parent_account_code,level,opening_balance,"              \
  "debit_amount,credit_amount,closing_balance,is_summary\r\n"

void
trial_balance_write_csv(const TrialBalance *balance, gboolean bom, GString *text)
{
  if (bom)
    g_string_append(text, CSV_BOM);
  g_string_append(text, HEADER);
  for (guint i = 0; i < balance->accounts->len; i++) {
    const AccountBalance *account = g_ptr_array_index(balance->accounts, i);
    csv_add_text(text, account->code);
    csv_add_text(text, account->name);
    csv_add_plain(text, account_type_name(account->type));
    csv_add_text(text, account->parent);
    csv_add_plain(text, int_text(account->level));
    csv_add_plain(text, money_text(account->opening).text);
    csv_add_plain(text, money_text(account->debit).text);
    csv_add_plain(text, money_text(account->credit).text);
    csv_add_plain(text, money_text(account->closing).text);
    csv_add_plain(text, account->is_summary ? "true" : "false");
    csv_end_row(text);
  }
}
