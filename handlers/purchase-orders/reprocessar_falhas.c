/* /api/purchase-orders/reprocessar_falhas
 *   POST  tries closures again that failed, oldest first, as far as the time goes */
#include "backoffice/closure.h"
#include "backoffice/reprocess.h"
#include "base/settings.h"
#include "http/route.h"

static gboolean
run(Request *req, Response *res, GError **error)
{
  gint64 deadline_us = request_deadline_within(req, setting_int(BACKOFFICE_BATCH_DEADLINE_S));
  ReprocessCount count;
  if (!reprocess(request_db(req), &closure_queue, reprocess_failed_closures, deadline_us, &count,
                 error))
    return FALSE;
  JsonWriter *w = response_json(res);
  json_open_object(w, NULL);
  json_add_int(w, "total_reprocessados", count.processed);
  json_add_int(w, "sucessos", count.succeeded);
  json_add_int(w, "falhas", count.failed);
  json_add_int(w, "restantes", count.remaining);
  json_close_object(w);
  return TRUE;
}

const Route route = {
    .family = &family_backoffice,
    .summary = "Reprocessa os encerramentos que falharam",
    .methods = {{"POST", run, ACCESS_ROLES(AREA_BACKOFFICE), NULL}},
    .alias = "/api/purchase-orders/closure/reprocessar_falhas",
    .deadline_seconds = 420,
};
