/* /api/data/summary
 *   GET  what the database holds: clients, the last sync, revenue, events, indices */
#include "base/settings.h"
#include "fin/sync_log.h"
#include "http/route.h"

/* One statement, hence one snapshot.  Its first columns are those of the last sync. */
static const char sql_summary[] = "select l.*,"
                                  "       (select count(*) from fin.clients),"
                                  "       (select count(omie_codigo) from fin.clients),"
                                  "       (select max(period) from fin.erp_revenue_snapshot),"
                                  "       (select count(*) from fin.module_events),"
                                  "       (select count(*) from fin.event_aggregates),"
                                  "       fin.list_aggregates(null, 20),"
                                  "       (select max(period) from fin.data_indices),"
                                  "       (select count(*) from fin.data_indices),"
                                  "       fin.list_indices(null, null, 15)"
                                  "  from (values (true)) as head (always)"
                                  "  left join fin.last_sync($1, $2) l on head.always";

enum {
  CLIENTS = SYNC_TOTAL_PAGES + 1,
  CLIENTS_WITH_CODE,
  REVENUE_PERIOD,
  EVENTS,
  AGGREGATES,
  RECENT_AGGREGATES,
  INDICES_PERIOD,
  INDICES,
  RECENT_INDICES,
};

static gboolean
show(Request *req, Response *res, GError **error)
{
  g_autoptr(PGresult) row =
      db_query(request_db(req), request_claims(req), sql_summary,
               DB_PARAMS(setting(FIN_SYNC_COOLDOWN_S), SYNC_INTERRUPTED), error);
  if (row == NULL)
    return FALSE;
  JsonWriter *w = response_json(res);
  json_open_object(w, NULL);
  json_add_int(w, "clientsTotal", db_int(row, 0, CLIENTS));
  json_add_int(w, "clientsWithOmie", db_int(row, 0, CLIENTS_WITH_CODE));
  sync_log_write_last(w, row);
  json_add_text(w, "lastErpRevenuePeriod", db_text(row, 0, REVENUE_PERIOD));
  json_add_int(w, "eventsTotal", db_int(row, 0, EVENTS));
  json_add_int(w, "eventAggregatesCount", db_int(row, 0, AGGREGATES));
  json_add_raw(w, "recentEventAggregates", db_text(row, 0, RECENT_AGGREGATES));
  json_add_text(w, "lastDataIndicesPeriod", db_text(row, 0, INDICES_PERIOD));
  json_add_int(w, "dataIndicesCount", db_int(row, 0, INDICES));
  json_add_raw(w, "recentDataIndices", db_text(row, 0, RECENT_INDICES));
  json_close_object(w);
  return TRUE;
}

const Route route = {
    .family = &family_fin,
    .summary = "Resume os dados guardados na base",
    .methods = {{"GET", show, ACCESS_ROLES(AREA_FIN), NULL}},
};
