/* /api/erp/health
 *   GET  how a company's ERP is (?company=EFFECTI; 503 when it is not connected), or how those of
 * all companies of one ERP (?company=bling), or of all, are: {"results":[…]}, 503 when none is
 *        connected.  A result of a moment ago is shown again. */
#include "accounting/inquiry.h"
#include "erp/health_check.h"
#include "http/route.h"

static void
write_results(Response *res, const GPtrArray *checks)
{
  JsonWriter *w = response_json(res);
  json_open_object(w, NULL);
  json_open_array(w, "results");
  for (guint i = 0; i < checks->len; i++)
    json_add_raw(w, NULL, ((const ErpHealthCheck *)checks->pdata[i])->result);
  json_close_array(w);
  json_close_object(w);
}

static gboolean
show(Request *req, Response *res, GError **error)
{
  Inquiry *inquiry = inquiry_new(request_is_abandoned, req);
  response_error_about(res, inquiry, inquiry_free);
  const Question *question = &inquiry->question;
  if (!question_read(QUESTION_HEALTH, request_query_text(req), request_accept(req),
                     &inquiry->question, &inquiry->field, error))
    return FALSE;
  g_autoptr(GPtrArray) checks = erp_health_check(request_db(req), question->companies);
  gboolean any_connected = FALSE;
  for (guint i = 0; i < checks->len; i++)
    any_connected = any_connected || ((const ErpHealthCheck *)checks->pdata[i])->connected;
  response_status(res, any_connected ? 200 : 503);
  if (question->is_list)
    write_results(res, checks);
  else
    json_add_raw(response_json(res), NULL, ((const ErpHealthCheck *)checks->pdata[0])->result);
  return TRUE;
}

const Route route = {
    .family = &family_erp,
    .summary = "Saúde das conexões com os ERPs",
    .methods = {{"GET", show, ACCESS_ROLES(AREA_ERP) | ACCESS_CRON, NULL}},
    .deadline_seconds = 60,
    .describe_error = inquiry_describe_error,
};
