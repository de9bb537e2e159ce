/* /api/data/indices
 *   GET  derived indices, newest month first; ?period=YYYY-MM, ?index_key=, ?limit=1..500 */
#include "base/text.h"
#include "fin/period.h"
#include "http/route.h"

static const char sql_list[] = "select fin.list_indices($1::date, $2, $3::int)";

static gboolean
list(Request *req, Response *res, GError **error)
{
  const char *period, *key, *asked_limit;
  GDate first;
  gint64 limit;
  if (!request_query(req, "period", &period, error) ||
      !request_query(req, "index_key", &key, error) ||
      !request_query(req, "limit", &asked_limit, error) ||
      (period != NULL && !period_parse_month(period, &first, error)) ||
      !list_limit(asked_limit, &limit, error))
    return FALSE;
  DateText month = period != NULL ? date_iso(&first) : (DateText){""};
  g_autoptr(PGresult) rows =
      db_query(request_db(req), request_claims(req), sql_list,
               DB_PARAMS(period != NULL ? month.text : NULL, key, int_text(limit)), error);
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
    .summary = "Lista os índices derivados por mês",
    .methods = {{"GET", list, ACCESS_ROLES(AREA_FIN), NULL}},
};
