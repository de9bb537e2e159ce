/* /api/cron/compute-data-indices
 *   GET, POST  computes leads_mes, contratos_ativos and mrr_total of a month: the one before this,
 *              or ?period=YYYY-MM. */
#include "fin/derived.h"
#include "http/route.h"

static gboolean
compute(Request *req, Response *res, GError **error)
{
  const char *asked;
  GDate first;
  gint64 saved;
  if (!request_query(req, "period", &asked, error) ||
      !derived_compute_indices(request_db(req), asked, &first, &saved, error))
    return FALSE;

  DateText period = date_iso(&first);
  g_autofree char *message =
      g_strdup_printf("Índices para %s: %" G_GINT64_FORMAT " registro(s).", period.text, saved);
  JsonWriter *w = response_json(res);
  json_open_object(w, NULL);
  json_add_bool(w, "ok", TRUE);
  json_add_text(w, "period", period.text);
  json_add_int(w, "saved", saved);
  json_add_text(w, "message", message);
  json_close_object(w);
  return TRUE;
}

const Route route = {
    .family = &family_fin,
    .summary = "Calcula os índices de um mês",
    .methods = {{"GET", compute, ACCESS_CRON, NULL}, {"POST", compute, ACCESS_CRON, NULL}},
    .deadline_seconds = 300,
};
