/* /api/erp/subledger
 *   GET  the entries of one account in a period, straight from the company's ERP and sent while
 * they are read: ?company=&account=&from=YYYY-MM-DD&to=YYYY-MM-DD, and perhaps document_types=,
 *        cost_center=, company_id=, format=csv.  A failure after the first ones were sent ends JSON
 *        with "complete": false, and cuts CSV off. */
#include "accounting/subledger.h"
#include "accounting/inquiry.h"
#include "http/route.h"

typedef struct {
  Inquiry *inquiry;
  Response *res;
} Output;

static gboolean
write_piece(const char *bytes, gsize length, gpointer data)
{
  Output *output = data;
  erp_run_renew(&output->inquiry->run); /* a caller that reads slowly is waited for here */
  return response_stream_write(bytes, length, output->res);
}

static gboolean
show(Request *req, Response *res, GError **error)
{
  Inquiry *inquiry = inquiry_new(request_is_abandoned, req);
  response_error_about(res, inquiry, inquiry_free);
  if (!inquiry_begin(inquiry, QUESTION_SUBLEDGER, request_query_text(req), request_accept(req),
                     request_db(req), request_deadline_us(req), error))
    return FALSE;
  g_autofree char *name = inquiry_file_name(inquiry);
  gboolean is_csv = inquiry->question.format == FORMAT_CSV;
  if (is_csv)
    response_file_name(res, name);
  response_stream_begin(res, req,
                        is_csv ? "text/csv; charset=utf-8" : "application/json; charset=utf-8");
  Output output = {inquiry, res};
  return subledger_stream(inquiry->erp, &inquiry->question, write_piece, &output,
                          response_stream_has_begun(res), error);
}

const Route route = {
    .family = &family_erp,
    .summary = "Lançamentos de uma conta no ERP da empresa",
    .methods = {{"GET", show, ACCESS_ROLES(AREA_ERP) | ACCESS_CRON, NULL}},
    .deadline_seconds = 1800,
    .no_head = TRUE,
    .streams = TRUE,
    .least_workers = erp_run_workers,
    .describe_error = inquiry_describe_error,
};
