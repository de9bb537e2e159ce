/* /api/attachments/processar_pendentes
 *   POST  tries transfers again that wait or failed, oldest first, as far as the time goes */
#include "backoffice/reprocess.h"
#include "backoffice/transfer.h"
#include "base/settings.h"
#include "http/route.h"

static gboolean
run(Request *req, Response *res, GError **error)
{
  gint64 deadline_us = request_deadline_within(req, setting_int(BACKOFFICE_BATCH_DEADLINE_S));
  ReprocessCount count;
  if (!reprocess(request_db(req), &transfer_queue, reprocess_pending_transfers, deadline_us, &count,
                 error))
    return FALSE;
  JsonWriter *w = response_json(res);
  json_open_object(w, NULL);
  json_add_int(w, "total_processados", count.processed);
  json_add_int(w, "sucessos", count.succeeded);
  json_add_int(w, "falhas", count.failed);
  json_add_int(w, "restantes", count.remaining);
  json_close_object(w);
  return TRUE;
}

const Route route = {
    .family = &family_backoffice,
    .summary = "Reprocessa as transferências de anexos pendentes",
    .methods = {{"POST", run, ACCESS_ROLES(AREA_BACKOFFICE), NULL}},
    .deadline_seconds = 420,
};
