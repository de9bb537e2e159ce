#include "accounting/inquiry.h"

#include "accounting/csv.h"
#include "accounting/failure.h"

static const char *const operations[] = {
    [QUESTION_HEALTH] = "health_check",
    [QUESTION_TRIAL_BALANCE] = "get_trial_balance",
    [QUESTION_SUBLEDGER] = "get_subledger_details",
};

Inquiry *
inquiry_new(ExchangeAbandoned has_left, gpointer caller)
{
  Inquiry *inquiry = g_new0(Inquiry, 1);
  inquiry->has_left = has_left;
  inquiry->caller = caller;
  return inquiry;
}

void
inquiry_free(gpointer data)
{
  Inquiry *inquiry = data;
  erp_run_leave(&inquiry->run);
  g_clear_pointer(&inquiry->erp, erp_free);
  question_clear(&inquiry->question);
  g_free(inquiry);
}

/* The company asked about; NULL before it is known. */
static const ErpCompany *
company_of(const Inquiry *inquiry)
{
  const GPtrArray *companies = inquiry->question.companies;
  return companies != NULL && companies->len == 1 ? companies->pdata[0] : NULL;
}

gboolean
inquiry_begin(Inquiry *inquiry, QuestionKind kind, const char *query, const char *accept, Db *db,
              gint64 deadline_us, GError **error)
{
  if (!question_read(kind, query, accept, &inquiry->question, &inquiry->field, error))
    return FALSE;
  const ErpCompany *company = company_of(inquiry);
  inquiry->erp = erp_new(company, db, error);
  if (inquiry->erp == NULL)
    return FALSE;
  erp_begin(inquiry->erp, operations[kind], deadline_us);
  if (!erp_run_enter(&inquiry->run, db, company, error))
    return FALSE;
  erp_run_watch(&inquiry->run, inquiry->erp, inquiry->has_left, inquiry->caller);
  return TRUE;
}

gint64
inquiry_describe_error(const GError *error, gconstpointer data, JsonWriter *w)
{
  const Inquiry *inquiry = data;
  Failure failure = {.error = error};
  if (inquiry != NULL) {
    failure.erp = inquiry->erp;
    failure.field = inquiry->field;
    failure.company = company_of(inquiry);
  }
  failure_write_members(w, &failure);
  return failure_retry_after_s(&failure);
}

/* trial_balance_EFFECTI_2026-01-01_2026-01-31.csv; a subledger's names the account as well. */
char *
inquiry_file_name(const Inquiry *inquiry)
{
  const Question *question = &inquiry->question;
  gboolean has_account = question->kind == QUESTION_SUBLEDGER;
  const char *parts[5] = {company_of(inquiry)->code};
  guint n = 1;
  DateText first = date_iso(&question->period.first), last = date_iso(&question->period.last);
  if (has_account)
    parts[n++] = question->account;
  parts[n++] = first.text;
  parts[n++] = last.text;
  return csv_file_name(has_account ? "subledger" : "trial_balance", parts);
}
