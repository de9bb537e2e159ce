/* A trial balance as JSON (erp-connectors.md 2.4): every member in the specification's order. */
#include "accounting/run.h"
#include "accounting/trial_balance.h"
#include "accounting/warnings.h"
#include "base/money.h"

static void
add_money(JsonWriter *w, const char *name, gint64 centavos)
{
  json_add_text(w, name, money_text(centavos).text); /* a text: numbers lose decimals on the way */
}

static void
write_account(JsonWriter *w, const AccountBalance *account)
{
  json_open_object(w, NULL);
  json_add_text(w, "account_code", account->code);
  json_add_text(w, "account_name", account->name);
  json_add_text(w, "account_type", account_type_name(account->type));
  json_add_text(w, "parent_account_code", account->parent);
  json_add_int(w, "level", account->level);
  add_money(w, "opening_balance", account->opening);
  add_money(w, "debit_amount", account->debit);
  add_money(w, "credit_amount", account->credit);
  add_money(w, "closing_balance", account->closing);
  json_add_bool(w, "is_summary", account->is_summary);
  json_close_object(w);
}

/* Only those that were asked for. */
static void
write_filters(JsonWriter *w, const Question *question)
{
  json_open_object(w, "filters");
  if (question->account_types->len > 0) {
    json_open_array(w, "account_types");
    for (guint i = 0; i < question->account_types->len; i++)
      json_add_text(w, NULL,
                    account_type_name(g_array_index(question->account_types, AccountType, i)));
    json_close_array(w);
  }
  if (question->leave_out_zero)
    json_add_bool(w, "include_zero_balances", FALSE);
  if (question->level > 0)
    json_add_int(w, "level", question->level);
  if (question->range_from != NULL || question->range_to != NULL) {
    json_open_object(w, "account_range");
    json_add_text(w, "from", question->range_from);
    json_add_text(w, "to", question->range_to);
    json_close_object(w);
  }
  if (question->cost_center != NULL)
    json_add_text(w, "cost_center", question->cost_center);
  json_close_object(w);
}

static void
write_finding(JsonWriter *w, const Finding *finding)
{
  json_open_object(w, NULL);
  json_add_text(w, "code", finding->code);
  json_add_text(w, "account_code", finding->account);
  json_add_text(w, "message", finding->message);
  json_add_text(w, "expected", finding->expected);
  json_add_text(w, "actual", finding->actual);
  json_close_object(w);
}

static void
write_findings(JsonWriter *w, const TrialBalance *balance, FindingKind kind)
{
  for (guint i = 0; i < balance->findings->len; i++) {
    const Finding *finding = g_ptr_array_index(balance->findings, i);
    if (finding->kind == kind && kind == FINDING_NOT_APPLICABLE)
      json_add_text(w, NULL, finding->code);
    else if (finding->kind == kind)
      write_finding(w, finding);
  }
}

static void
write_validation(JsonWriter *w, const TrialBalance *balance, const Erp *erp)
{
  json_open_object(w, "validation");
  json_add_bool(w, "is_valid", trial_balance_is_valid(balance));
  json_open_array(w, "errors");
  write_findings(w, balance, FINDING_ERROR);
  json_close_array(w);
  json_open_array(w, "warnings");
  write_findings(w, balance, FINDING_WARNING);
  warnings_write(w, erp->warnings);
  json_close_array(w);
  json_open_array(w, "not_applicable");
  write_findings(w, balance, FINDING_NOT_APPLICABLE);
  json_close_array(w);
  json_close_object(w);
}

static void
write_metadata(JsonWriter *w, const TrialBalance *balance, const Erp *erp, const Question *question)
{
  json_open_object(w, "metadata");
  json_add_text(w, "source", erp->profile->source);
  json_add_text(w, "api_profile", erp->profile->name);
  if (erp->company->erp == ERP_TOTVS)
    json_add_text(w, "tenant", erp_config_text(erp->config, "TENANT"));
  json_add_text(w, "environment", erp->environment);
  json_add_bool(w, "aggregated_from_transactions", balance->is_aggregated);
  json_add_text(w, "opening_balance_policy", balance->opening_policy);
  add_money(w, "total_debit", balance->total_debit);
  add_money(w, "total_credit", balance->total_credit);
  json_add_int(w, "account_count", balance->account_count);
  json_add_int(w, "returned_count", balance->accounts->len);
  json_add_int(w, "page_count", erp->pages);
  json_add_int(w, "request_count", erp->requests);
  write_filters(w, question);
  write_validation(w, balance, erp);
  json_close_object(w);
}

void
trial_balance_write_json(const TrialBalance *balance, const Erp *erp, const Question *question,
                         JsonWriter *w)
{
  json_open_object(w, NULL);
  json_add_text(w, "company_id", balance->company_id);
  json_add_text(w, "company_name", balance->company_name);
  json_add_text(w, "period_start", date_iso(&balance->period.first).text);
  json_add_text(w, "period_end", date_iso(&balance->period.last).text);
  json_add_text(w, "currency", balance->currency);
  json_open_array(w, "accounts");
  for (guint i = 0; i < balance->accounts->len; i++)
    write_account(w, g_ptr_array_index(balance->accounts, i));
  json_close_array(w);
  json_add_text(w, "extracted_at", run_time_text(balance->extracted_s).text);
  write_metadata(w, balance, erp, question);
  json_close_object(w);
}
