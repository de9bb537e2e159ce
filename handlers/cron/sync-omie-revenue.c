/* /api/cron/sync-omie-revenue
 *   GET, POST  stores what Omie billed in a month, per client code: the month before this one, or
 *              ?period=YYYY-MM.  The stored month is replaced as a whole, or left as it is. */
#include "fin/revenue.h"
#include "http/route.h"

static gboolean
store(Request *req, Response *res, GError **error)
{
  const char *asked;
  GDate first;
  gint64 records;
  if (!request_query(req, "period", &asked, error) ||
      !revenue_store_month(request_db(req), asked, request_deadline_us(req), &first, &records,
                           error))
    return FALSE;

  DateText period = date_iso(&first);
  g_autofree char *message = g_strdup_printf(
      "Snapshot Omie para %s: %" G_GINT64_FORMAT " cliente(s).", period.text, records);
  JsonWriter *w = response_json(res);
  json_open_object(w, NULL);
  json_add_bool(w, "ok", TRUE);
  json_add_text(w, "period", period.text);
  json_add_int(w, "recordCount", records);
  json_add_text(w, "message", message);
  json_close_object(w);
  return TRUE;
}

const Route route = {
    .family = &family_fin,
    .summary = "Grava o faturamento de um mês do Omie",
    .methods = {{"GET", store, ACCESS_CRON, NULL}, {"POST", store, ACCESS_CRON, NULL}},
    .deadline_seconds = 900, /* a month of 50,000 titles is a hundred pages, one at a time */
};
