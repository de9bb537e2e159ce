/* /api/erp/trial-balance
 *   GET  the accounts of a company with their balances in a period, checked and summed, straight
 * from its ERP: ?company=&from=YYYY-MM-DD&to=YYYY-MM-DD, and perhaps account_types=, level=,
 *        include_zero_balances=, account_from=&account_to=, cost_center=, company_id=, strict=true,
 *        format=csv */
#include "accounting/inquiry.h"
#include "accounting/trial_balance.h"
#include "http/route.h"

static void
write_csv(Response *res, const TrialBalance *balance, const Inquiry *inquiry)
{
  g_autoptr(GString) text = g_string_new(NULL);
  g_autofree char *name = inquiry_file_name(inquiry);
  trial_balance_write_csv(balance, inquiry->question.bom, text);
  response_header(res, "X-Erp-Valid", trial_balance_is_valid(balance) ? "true" : "false");
  response_file_name(res, name);
  response_body(res, "text/csv; charset=utf-8", text->str, text->len);
}

static gboolean
show(Request *req, Response *res, GError **error)
{
  Inquiry *inquiry = inquiry_new(request_is_abandoned, req);
  response_error_about(res, inquiry, inquiry_free);
  if (!inquiry_begin(inquiry, QUESTION_TRIAL_BALANCE, request_query_text(req), request_accept(req),
                     request_db(req), request_deadline_us(req), error))
    return FALSE;
  g_auto(TrialBalance) balance;
  trial_balance_init(&balance);
  if (!trial_balance_extract(inquiry->erp, &inquiry->question, &balance, error))
    return FALSE;
  if (inquiry->question.format == FORMAT_CSV)
    write_csv(res, &balance, inquiry);
  else
    trial_balance_write_json(&balance, inquiry->erp, &inquiry->question, response_json(res));
  return TRUE;
}

const Route route = {
    .family = &family_erp,
    .summary = "Balancete de uma empresa em seu ERP",
    .methods = {{"GET", show, ACCESS_ROLES(AREA_ERP) | ACCESS_CRON, NULL}},
    .deadline_seconds = 600,
    .no_head = TRUE,
    .least_workers = erp_run_workers,
    .describe_error = inquiry_describe_error,
};
