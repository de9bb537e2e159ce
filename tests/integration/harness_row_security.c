#include "harness_row_security.h"

void
finance_tables_fill(void)
{
  sql("insert into fin.clients (name, omie_codigo) values ('A', '1'), ('B', '2')");
  sql("insert into fin.erp_sync_log (status, finished_at) values ('success', now())");
  profile_put(USER_ID, "fin", TRUE);
  profile_put("00000000-0000-4000-8000-000000000001", "admin", TRUE);
  sql("insert into fin.contracts (client_id, mrr) select id, 1000 from fin.clients");
  sql("insert into fin.erp_revenue_snapshot (period, omie_codigo) values ('2026-01-01', '1')");
  sql("insert into fin.erp_revenue_live_cache (date_from, date_to)"
      " values ('2026-01-01', '2026-01-02')");
  sql("insert into fin.job_run (id, job, period, lease_until)"
      " values (gen_random_uuid(), 'aggregate-events', '2026-01-01', now())");
  sql("insert into fin.module_events (module, event_type) values ('fin', 'x')");
  sql("insert into fin.event_aggregates (period, module, event_type, count)"
      " values ('2026-01-01', 'fin', 'x', 1)");
  sql("insert into fin.data_indices (period, index_key, value) values ('2026-01-01', 'x', 1)");
  sql("insert into fin.inbound_leads default values");
}

PGconn *
programs_connect(void)
{
  PGconn *connection = PQconnectdb(harness_env("PONTE_DATABASE_URL"));
  if (PQstatus(connection) != CONNECTION_OK)
    fail_msg("%s", PQerrorMessage(connection));
  return connection;
}

char *
as_program(const char *claims, const char *statement)
{
  static PGconn *connection; /* kept: nothing may be left of the claims before */
  if (connection == NULL || claims == NULL) {
    PQfinish(connection); /* where claims were set once, they read as '' and not as null */
    connection = programs_connect();
  }
  PQclear(PQexec(connection, "begin; set local role ponte_app"));
  if (claims != NULL)
    PQclear(PQexecParams(connection, "select set_config('request.jwt.claims', $1, true)", 1, NULL,
                         &claims, NULL, NULL, 0));
  PGresult *result = PQexec(connection, statement);
  char *text = PQresultStatus(result) == PGRES_TUPLES_OK ? g_strdup(PQgetvalue(result, 0, 0))
               : PQresultStatus(result) == PGRES_COMMAND_OK
                   ? g_strdup(PQcmdTuples(result))
                   : g_strconcat("refused: ", PQresultErrorField(result, PG_DIAG_SQLSTATE), NULL);
  PQclear(result);
  PQclear(PQexec(connection, "rollback"));
  return text;
}

void
assert_as(const char *claims, const char *statement, const char *expected)
{
  g_autofree char *found = as_program(claims, statement);
  if (g_strcmp0(found, expected) != 0)
    fail_msg("with %s: %s gave %s, not %s", claims ? claims : "no claims", statement, found,
             expected);
}
