#include "accounting/trial_balance.h"

#include "accounting/aggregate.h"
#include "accounting/checks.h"
#include "accounting/findings.h"
#include "accounting/run.h"
#include "base/error.h"

#define CURRENCY    "BRL"
#define MAX_DETAILS 100 /* errors that a refusal lists */

void
account_balance_free(AccountBalance *account)
{
  if (account == NULL)
    return;
  g_free(account->code);
  g_free(account->name);
  g_free(account->parent);
  g_free(account);
}

void
trial_balance_init(TrialBalance *balance)
{
  *balance = (TrialBalance){.opening_policy = "source"};
  balance->accounts = g_ptr_array_new_with_free_func((GDestroyNotify)account_balance_free);
  balance->findings = g_ptr_array_new_with_free_func((GDestroyNotify)finding_free);
}

void
trial_balance_clear(TrialBalance *balance)
{
  g_clear_pointer(&balance->company_id, g_free);
  g_clear_pointer(&balance->company_name, g_free);
  g_clear_pointer(&balance->currency, g_free);
  g_clear_pointer(&balance->accounts, g_ptr_array_unref);
  g_clear_pointer(&balance->findings, g_ptr_array_unref);
}

gboolean
trial_balance_is_valid(const TrialBalance *balance)
{
  for (guint i = 0; i < balance->findings->len; i++)
    if (((const Finding *)g_ptr_array_index(balance->findings, i))->kind == FINDING_ERROR)
      return FALSE;
  return TRUE;
}

/* Whose it is, and in what currency: known once the ERP answered. */
static gboolean
set_head(const Erp *erp, TrialBalance *balance, GError **error)
{
  const char *currency = erp->currency != NULL ? erp->currency : CURRENCY;
  gboolean usual;
  const char *id = erp->company_id != NULL ? erp->company_id : erp->company->code;
  balance->company_id = g_strdup(id);
  balance->company_name = g_strdup(erp->company_name != NULL ? erp->company_name : id);
  balance->currency = g_strdup(currency);
  balance->is_single_sided = erp->profile->is_single_sided || erp->is_single_sided;
  balance->extracted_s = g_get_real_time() / G_USEC_PER_SEC;
  if (!currency_check(currency, &usual)) {
    g_set_error_literal(error, PONTE_ERROR, ERROR_ERP_DATA,
                        "O ERP enviou uma moeda que não é uma (invalid_currency).");
    return FALSE;
  }
  if (!usual)
    finding_add(balance, FOUND_UNUSUAL_CURRENCY, NULL, NULL, currency);
  return TRUE;
}

/* Everything the connector has to say, as accounts with amounts. */
static gboolean
collect(Erp *erp, Book *book, GError **error)
{
  TrialBalance *balance = book->balance;
  const char *mask = erp_config_text(erp->config, "CODE_MASK");
  LedgerSink sink = book_sink(book);
  if (!erp->profile->books(erp, &balance->period, &sink, error) ||
      (balance->is_aggregated && !aggregate_open(book, error)))
    return FALSE;
  if (balance->accounts->len == 0) {
    g_set_error_literal(error, PONTE_ERROR, ERROR_ERP_EMPTY_BALANCE,
                        "O ERP não tem contas neste período.");
    return FALSE;
  }
  if (!set_head(erp, balance, error) || !trial_balance_complete(balance, mask, error))
    return FALSE;
  if (balance->is_aggregated)
    aggregate_close(book);
  return TRUE;
}

static gboolean
refuse_invalid(Erp *erp, const TrialBalance *balance, GError **error)
{
  guint count = 0;
  for (guint i = 0; i < balance->findings->len; i++) {
    const Finding *finding = g_ptr_array_index(balance->findings, i);
    if (finding->kind == FINDING_ERROR && count++ < MAX_DETAILS)
      erp_detail(erp, finding->account, finding->code, finding->message);
  }
  g_set_error(error, PONTE_ERROR, ERROR_ERP_STRICT, "O balancete tem %u %s de validação.", count,
              count == 1 ? "erro" : "erros");
  return FALSE;
}

gboolean
trial_balance_extract(Erp *erp, const Question *question, TrialBalance *balance, GError **error)
{
  g_auto(Book) book = {0};
  if (question->cost_center != NULL && !erp->profile->takes_cost_center) {
    g_set_error(error, PONTE_ERROR, ERROR_ERP_UNSUPPORTED,
                "%s não filtra um balancete por centro de custo.", erp->profile->source);
    return FALSE;
  }
  erp->cost_center = question->cost_center;
  balance->period = question->period;
  if (!run_prepare(erp, question, error) || !book_init(&book, erp, balance, error) ||
      !collect(erp, &book, error) || !trial_balance_check(balance, error))
    return FALSE;
  if (erp->company->erp == ERP_TOTVS)
    check_classes(balance);
  if (question->strict && !trial_balance_is_valid(balance))
    return refuse_invalid(erp, balance, error);
  trial_balance_filter(balance, question);
  return TRUE;
}
