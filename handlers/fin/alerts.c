/* /api/fin/alerts
 *   GET  contracts that are renewed or end within the next 30 days, today included */
#include "base/settings.h"
#include "http/route.h"

static const char sql_alerts[] =
    "with days as (select today, today + 30 as until"
    "                from (select ponte.local_date(now(), $1) as today) clock),"
    "     due as (select 'renewal_date' as kind, renewal_date as day, id, client_id, mrr"
    "               from fin.contracts"
    "             union all"
    "             select 'end_date', end_date, id, client_id, mrr from fin.contracts)"
    " select d.today, d.until, due.kind, due.id, coalesce(c.name, '-'), due.mrr, due.day"
    "   from days d"
    "   left join due on due.day between d.today and d.until"
    "   left join fin.clients c on c.id = due.client_id"
    "  order by due.day, 5, due.id";

enum { TODAY, UNTIL, KIND, CONTRACT, CLIENT, MRR, DAY };

/* The contracts whose date `kind` is near, under the name `list`. */
static void
write_list(JsonWriter *w, const char *list, const char *kind, const PGresult *rows)
{
  json_open_array(w, list);
  for (int row = 0; row < PQntuples(rows); row++) {
    if (g_strcmp0(db_text(rows, row, KIND), kind) != 0)
      continue;
    json_open_object(w, NULL);
    json_add_text(w, "contract_id", db_text(rows, row, CONTRACT));
    json_add_text(w, "client_name", db_text(rows, row, CLIENT));
    json_add_decimal(w, "mrr", db_text(rows, row, MRR));
    json_add_text(w, kind, db_text(rows, row, DAY));
    json_close_object(w);
  }
  json_close_array(w);
}

static gboolean
show(Request *req, Response *res, GError **error)
{
  g_autoptr(PGresult) rows = db_query(request_db(req), request_claims(req), sql_alerts,
                                      DB_PARAMS(setting(APP_TIMEZONE)), error);
  if (rows == NULL)
    return FALSE;
  JsonWriter *w = response_json(res);
  json_open_object(w, NULL);
  json_add_text(w, "today", db_text(rows, 0, TODAY));
  json_add_text(w, "until", db_text(rows, 0, UNTIL));
  write_list(w, "renewals", "renewal_date", rows);
  write_list(w, "expirations", "end_date", rows);
  json_close_object(w);
  return TRUE;
}

const Route route = {
    .family = &family_fin,
    .summary = "Lista renovações e vencimentos de contratos nos próximos 30 dias",
    .methods = {{"GET", show, ACCESS_ROLES(AREA_FIN), NULL}},
};
