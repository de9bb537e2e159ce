/* /api/fin/erp/sync
 *   POST  copies Omie's clients into fin.clients, at most once in five minutes; with
 *         Prefer: respond-async a worker does it
 *   GET   the last run, with its progress while it lasts */
#include "base/error.h"
#include "base/settings.h"
#include "fin/client_sync.h"
#include "http/route.h"

/* The gate is closed: say for how long, or which run holds it. */
static gboolean
refuse(SyncGate gate, const char *log_id, gint64 wait_ms, Response *res, GError **error)
{
  if (gate == SYNC_COOLING_DOWN) {
    response_retry_after(res, sync_cooldown_seconds(wait_ms));
    g_set_error(error, PONTE_ERROR, ERROR_COOLDOWN,
                "Aguarde %" G_GINT64_FORMAT " minuto(s) para sincronizar novamente.",
                sync_cooldown_minutes(wait_ms));
  } else {
    response_retry_after(res, 30);
    response_error_text(res, "logId", log_id);
    g_set_error_literal(error, PONTE_ERROR, ERROR_IN_PROGRESS, "Sincronização em andamento.");
  }
  return FALSE;
}

static gboolean
start(Request *req, Response *res, GError **error)
{
  g_autofree char *log_id = NULL;
  SyncGate gate;
  gint64 wait_ms = 0, records = 0;
  gboolean later = request_prefers_async(req);

  if (setting_flag(FIN_SYNC_DISABLED)) {
    g_set_error_literal(error, PONTE_ERROR, ERROR_DISABLED, "Sincronização de ERP desativada.");
    return FALSE;
  }
  if (!sync_log_open(request_db(req), request_caller(req)->sub, later, &gate, &log_id, &wait_ms,
                     error))
    return FALSE;
  if (gate != SYNC_OPENED)
    return refuse(gate, log_id, wait_ms, res, error);
  response_error_text(res, "logId", log_id);
  if (later)
    response_accepted(res, req);
  else if (!client_sync_run(request_db(req), log_id, request_deadline_us(req), &records, error))
    return FALSE;

  JsonWriter *w = response_json(res);
  json_open_object(w, NULL);
  json_add_bool(w, "success", TRUE);
  json_add_text(w, "logId", log_id);
  if (later)
    json_add_text(w, "task_id", log_id);
  else
    json_add_int(w, "recordCount", records);
  json_close_object(w);
  return TRUE;
}

static gboolean
last(Request *req, Response *res, GError **error)
{
  g_autoptr(PGresult) run = sync_log_last(request_db(req), request_claims(req), error);
  if (run == NULL)
    return FALSE;
  JsonWriter *w = response_json(res);
  json_open_object(w, NULL);
  sync_log_write_last(w, run);
  json_add_int(w, "cooldownSeconds",
               PQntuples(run) > 0 ? db_int(run, 0, SYNC_COOLDOWN_SECONDS) : 0);
  json_close_object(w);
  return TRUE;
}

const Route route = {
    .family = &family_fin,
    .summary = "Sincroniza clientes do Omie",
    .methods = {{"POST", start, ACCESS_ROLES(AREA_FIN) | ACCESS_CRON,
                 "Sem permissão para sincronizar ERP. Apenas admin, superadmin, cfo ou fin."},
                {"GET", last, ACCESS_ROLES(AREA_FIN), NULL}},
    .deadline_seconds = 300,
};
