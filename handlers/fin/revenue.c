/* /api/fin/revenue
 *   GET  what Omie billed per client code, from the snapshot of a month or live; the month before
 *        this one, or ?period=YYYY-MM, or ?from=YYYY-MM-DD&to=YYYY-MM-DD */
#include "fin/revenue.h"
#include "fin/period.h"
#include "http/route.h"

/* *is_month: the caller named a month, or nothing. */
static gboolean
read_days(Request *req, DateRange *days, gboolean *is_month, GError **error)
{
  const char *period, *from, *to;
  GDate today, first;
  if (!request_query(req, "period", &period, error) || !request_query(req, "from", &from, error) ||
      !request_query(req, "to", &to, error))
    return FALSE;
  *is_month = from == NULL && to == NULL;
  if (!*is_month) /* a month beside them would be a second answer */
    return period_parse_range(period == NULL ? from : NULL, to, days, error);
  if (!period_today(request_db(req), &today, error) ||
      !period_past_month(period, &today, &first, error))
    return FALSE;
  *days = date_month(&first);
  return TRUE;
}

static void
write_rows(JsonWriter *w, const PGresult *rows)
{
  json_open_array(w, "rows");
  for (int row = 0; row < PQntuples(rows) && db_text(rows, row, REVENUE_CODE) != NULL; row++) {
    json_open_object(w, NULL);
    json_add_text(w, "client_name", db_text(rows, row, REVENUE_CLIENT));
    json_add_text(w, "omie_codigo", db_text(rows, row, REVENUE_CODE));
    json_add_decimal(w, "valor", db_text(rows, row, REVENUE_VALUE));
    json_close_object(w);
  }
  json_close_array(w);
}

static gboolean
show(Request *req, Response *res, GError **error)
{
  DateRange days;
  gboolean is_month;
  if (!read_days(req, &days, &is_month, error))
    return FALSE;
  g_autoptr(PGresult) rows =
      revenue_read(request_db(req), request_claims(req), &days, request_deadline_us(req), error);
  if (rows == NULL)
    return FALSE;
  JsonWriter *w = response_json(res);
  json_open_object(w, NULL);
  json_add_text(w, "period", is_month ? date_iso(&days.first).text : NULL);
  json_add_text(w, "dataInicio", date_br(&days.first).text);
  json_add_text(w, "dataFim", date_br(&days.last).text);
  json_add_text(w, "source", db_text(rows, 0, REVENUE_SOURCE));
  json_add_text(w, "fetchedAt", db_text(rows, 0, REVENUE_FETCHED_AT));
  write_rows(w, rows);
  json_add_decimal(w, "total", db_text(rows, 0, REVENUE_TOTAL));
  json_close_object(w);
  return TRUE;
}

const Route route = {
    .family = &family_fin,
    .summary = "Mostra o faturamento do Omie em um período",
    .methods = {{"GET", show, ACCESS_ROLES(AREA_FIN), NULL}},
    .deadline_seconds = 300, /* a live answer may have to wait for Omie */
};
