/* /api/data/event-aggregates
 *   GET  events counted per day, newest first; ?period=YYYY-MM-DD, ?limit=1..500 */
#include "base/text.h"
#include "fin/period.h"
#include "http/route.h"

static const char sql_list[] = "select fin.list_aggregates($1::date, $2::int)";

static gboolean
list(Request *req, Response *res, GError **error)
{
  const char *period, *asked_limit;
  GDate day;
  gint64 limit;
  if (!request_query(req, "period", &period, error) ||
      !request_query(req, "limit", &asked_limit, error) ||
      (period != NULL && !period_parse_day(period, &day, error)) ||
      !list_limit(asked_limit, &limit, error))
    return FALSE;
  g_autoptr(PGresult) rows = db_query(request_db(req), request_claims(req), sql_list,
                                      DB_PARAMS(period, int_text(limit)), error);
  if (rows == NULL)
    return FALSE;
  JsonWriter *w = response_json(res);
  json_open_object(w, NULL);
  json_add_raw(w, "rows", db_text(rows, 0, 0));
  json_close_object(w);
  return TRUE;
}

const Route route = {
    .family = &family_fin,
    .summary = "Lista os acontecimentos contados por dia",
    .methods = {{"GET", list, ACCESS_ROLES(AREA_FIN), NULL}},
};
