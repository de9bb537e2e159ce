/* /api/cron/aggregate-events
 *   GET, POST  counts the module events of a day: yesterday, or ?period=YYYY-MM-DD.  Running it
 *              again counts late events too. */
#include "fin/derived.h"
#include "http/route.h"

static gboolean
aggregate(Request *req, Response *res, GError **error)
{
  const char *asked;
  GDate day;
  gint64 groups;
  if (!request_query(req, "period", &asked, error) ||
      !derived_aggregate_events(request_db(req), asked, &day, &groups, error))
    return FALSE;

  DateText period = date_iso(&day);
  g_autofree char *message = g_strdup_printf(
      "Eventos agregados para %s: %" G_GINT64_FORMAT " grupo(s).", period.text, groups);
  JsonWriter *w = response_json(res);
  json_open_object(w, NULL);
  json_add_bool(w, "ok", TRUE);
  json_add_text(w, "period", period.text);
  json_add_int(w, "rowsAffected", groups);
  json_add_text(w, "message", message);
  json_close_object(w);
  return TRUE;
}

const Route route = {
    .family = &family_fin,
    .summary = "Conta os acontecimentos de um dia",
    .methods = {{"GET", aggregate, ACCESS_CRON, NULL}, {"POST", aggregate, ACCESS_CRON, NULL}},
    .deadline_seconds = 300,
};
