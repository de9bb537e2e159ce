#include "books_fixture.h"

#include <string.h>

#include "base/settings.h"

void
books_settings(const char *name, ...)
{
  g_autoptr(GError) error = NULL;
  g_auto(GStrv) known = g_listenv();
  va_list more;
  for (char **each = known; *each != NULL; each++)
    if (g_str_has_prefix(*each, "TOTVS_") || g_str_has_prefix(*each, "CONTAAZUL_") ||
        g_str_has_prefix(*each, "OMIE_") || g_str_has_prefix(*each, "BLING_"))
      g_unsetenv(*each);
  va_start(more, name);
  for (const char *key = name; key != NULL; key = va_arg(more, const char *))
    g_setenv(key, va_arg(more, const char *), TRUE);
  va_end(more);
  if (!settings_load(&error))
    fail_msg("%s", error->message);
}

void
books_credentials(void)
{
  static const char *const names[] = {
      "TOTVS_CLIENT_ID",     "TOTVS_CLIENT_SECRET",     "TOTVS_TENANT",
      "CONTAAZUL_CLIENT_ID", "CONTAAZUL_CLIENT_SECRET", "OMIE_APP_KEY",
      "OMIE_APP_SECRET",     "BLING_API_KEY",           "BLING_CLIENT_ID",
      "BLING_CLIENT_SECRET", "BLING_REFRESH_TOKEN",     "CONTAAZUL_REFRESH_TOKEN"};
  g_autoptr(GError) error = NULL;
  for (gsize i = 0; i < G_N_ELEMENTS(names); i++)
    g_setenv(names[i], "x", TRUE);
  g_setenv("ERP_TOKEN_KEY", "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=", TRUE);
  g_setenv("TOTVS_COMPANY_ID", "01", TRUE);
  g_setenv("OMIE_COMPANY_ID", "7", TRUE);
  if (!settings_load(&error))
    fail_msg("%s", error->message);
}

Erp *
books_erp(const char *company, const ErpProfile *profile)
{
  g_autoptr(GError) error = NULL;
  Erp *erp = erp_new(erp_company(company), NULL, &error);
  if (erp == NULL) {
    fail_msg("%s", error->message);
    return NULL;
  }
  erp->profile = profile;
  erp->operation = "get_trial_balance";
  return erp;
}

LedgerAccount
books_row(const char *code, gint64 opening, gint64 debit, gint64 credit, gint64 closing)
{
  return (LedgerAccount){.code = code,
                         .name = "Conta",
                         .has_amounts = TRUE,
                         .opening = opening,
                         .debit = debit,
                         .credit = credit,
                         .closing = closing};
}

AccountBalance *
books_add(TrialBalance *balance, const char *code, AccountType type, gint64 opening, gint64 debit,
          gint64 credit, gint64 closing)
{
  AccountBalance *account = g_new0(AccountBalance, 1);
  account->code = g_strdup(code);
  account->name = g_strconcat("Conta ", code, NULL);
  account->type = type;
  account->side = type == ACCOUNT_ASSET || type == ACCOUNT_EXPENSE ? SIDE_DEBIT : SIDE_CREDIT;
  account->opening = opening;
  account->debit = debit;
  account->credit = credit;
  account->closing = closing;
  g_ptr_array_add(balance->accounts, account);
  return account;
}

void
books_init(TrialBalance *balance)
{
  trial_balance_init(balance);
  balance->company_id = g_strdup("01");
  balance->company_name = g_strdup("Effecti");
  balance->currency = g_strdup("BRL");
  balance->period = (ErpPeriod){books_day("2024-01-01"), books_day("2024-01-31")};
}

AccountBalance *
books_find(const TrialBalance *balance, const char *code)
{
  for (guint i = 0; i < balance->accounts->len; i++) {
    AccountBalance *account = g_ptr_array_index(balance->accounts, i);
    if (strcmp(account->code, code) == 0)
      return account;
  }
  return NULL;
}

const char *
books_found(const TrialBalance *balance, FindingKind kind)
{
  static GString *text;
  if (text == NULL)
    text = g_string_new(NULL);
  g_string_truncate(text, 0);
  for (guint i = 0; i < balance->findings->len; i++) {
    const Finding *finding = g_ptr_array_index(balance->findings, i);
    if (finding->kind == kind)
      g_string_append_printf(text, "%s%s%s%s", text->len > 0 ? "," : "", finding->code,
                             finding->account != NULL ? " " : "",
                             finding->account != NULL ? finding->account : "");
  }
  return text->str;
}

guint64
books_warned(const Erp *erp, const char *code)
{
  guint64 count = 0;
  for (guint i = 0; i < erp->warnings->len; i++) {
    const ErpWarning *warning = g_ptr_array_index(erp->warnings, i);
    if (strcmp(warning->code, code) == 0)
      count += warning->count;
  }
  return count;
}

GDate
books_day(const char *iso)
{
  GDate day;
  g_date_clear(&day, 1);
  assert_true(date_parse_iso(iso, &day));
  return day;
}
