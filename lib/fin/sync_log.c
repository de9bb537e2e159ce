#include "fin/sync_log.h"

#include "base/error.h"
#include "base/json.h"
#include "base/log.h"
#include "base/settings.h"
#include "base/text.h"

gint64
sync_progress_records(const SyncProgress *progress)
{
  return progress->counts.inserted + progress->counts.updated;
}

char *
sync_progress_json(const SyncProgress *progress)
{
  g_autoptr(JsonWriter) w = json_writer_new();
  json_open_object(w, NULL);
  json_add_int(w, "paginas", progress->pages);
  if (progress->total_pages >= 0)
    json_add_int(w, "total_de_paginas", progress->total_pages);
  json_add_int(w, "inseridos", progress->counts.inserted);
  json_add_int(w, "atualizados", progress->counts.updated);
  json_add_int(w, "ignorados", progress->counts.ignored);
  json_add_int(w, "documento_repetido", progress->counts.repeated_documents);
  json_close_object(w);
  return g_strdup(json_writer_text(w));
}

gint64
sync_cooldown_minutes(gint64 wait_ms)
{
  return (wait_ms + 59999) / 60000;
}

gint64
sync_cooldown_seconds(gint64 wait_ms)
{
  return (wait_ms + 999) / 1000;
}

/* Callers pass one after another: the clock is read after the lock, not at the transaction's start.
 */
static const char sql_serialise[] =
    "select pg_advisory_xact_lock(hashtextextended('ponte:client-sync:gate', 0))";

static const char sql_close_dead[] =
    "update fin.erp_sync_log"
    "   set status = 'error', finished_at = clock_timestamp(), error_message = $1"
    " where status = 'running' and lease_until <= clock_timestamp()";

static const char sql_state[] =
    "select ceil(extract(epoch from make_interval(secs => $1::int)"
    "            - greatest(clock_timestamp() - started_at, interval '0')) * 1000)::bigint,"
    "       (select id from fin.erp_sync_log where status = 'running')"
    "  from fin.erp_sync_log order by started_at desc, id desc limit 1";

static const char sql_open[] =
    "insert into fin.erp_sync_log (started_at, lease_until, proxima_tentativa_em, requested_by,"
    "                              record_count)"
    " select clock_timestamp(),"
    "        case when not later then clock_timestamp() + make_interval(secs => $1::int) end,"
    "        case when later then clock_timestamp() end, $2::uuid, 0"
    "   from (select $3::boolean as later) asked"
    " returning id";

/* The gate inside its transaction. */
static gboolean
pass_gate(Db *db, const char *requested_by, gboolean later, SyncGate *gate, char **log_id,
          gint64 *wait_ms, GError **error)
{
  g_autoptr(PGresult) locked = db_exec(db, sql_serialise, DB_NO_PARAMS, error);
  g_autoptr(PGresult) closed =
      locked != NULL ? db_exec(db, sql_close_dead, DB_PARAMS(SYNC_INTERRUPTED), error) : NULL;
  g_autoptr(PGresult) state =
      closed != NULL ? db_exec(db, sql_state, DB_PARAMS(setting(FIN_SYNC_COOLDOWN_S)), error)
                     : NULL;
  if (state == NULL)
    return FALSE;
  if (PQntuples(state) > 0 && db_int(state, 0, 0) > 0) {
    *gate = SYNC_COOLING_DOWN;
    *wait_ms = db_int(state, 0, 0);
    return TRUE;
  }
  if (PQntuples(state) > 0 && db_text(state, 0, 1) != NULL) {
    *gate = SYNC_RUNNING;
    *log_id = g_strdup(db_text(state, 0, 1));
    return TRUE;
  }
  g_autoptr(PGresult) opened =
      db_exec(db, sql_open,
              DB_PARAMS(setting(FIN_SYNC_LEASE_S), requested_by, later ? "true" : "false"), error);
  if (opened == NULL)
    return FALSE;
  *gate = SYNC_OPENED;
  *log_id = g_strdup(db_text(opened, 0, 0));
  return TRUE;
}

gboolean
sync_log_open(Db *db, const char *requested_by, gboolean later, SyncGate *gate, char **log_id,
              gint64 *wait_ms, GError **error)
{
  g_autoptr(GError) failure = NULL;
  g_autofree char *id = NULL;
  gboolean done = FALSE;
  for (guint attempt = 0; attempt < 2 && !done; attempt++) {
    g_clear_error(&failure);
    g_clear_pointer(&id, g_free);
    done = db_begin(db, DB_CLAIMS_SYSTEM, &failure) &&
           pass_gate(db, requested_by, later, gate, &id, wait_ms, &failure) &&
           db_commit(db, &failure);
    if (!done)
      db_rollback(db);
    /* somebody else's running row came in between: the gate answers for it */
    if (!g_error_matches(failure, PONTE_ERROR, ERROR_DATABASE_CONFLICT))
      break;
  }
  if (done) {
    *log_id = g_steal_pointer(&id);
    return TRUE;
  }
  if (g_error_matches(failure, PONTE_ERROR, ERROR_DATABASE_UNAVAILABLE)) {
    g_propagate_error(error, g_steal_pointer(&failure));
    return FALSE;
  }
  log_error("sync row refused", "cause", failure->message, NULL);
  g_set_error_literal(error, PONTE_ERROR, ERROR_STORAGE_REFUSED,
                      "Falha ao criar registro de sync.");
  return FALSE;
}

static const char sql_close[] =
    "update fin.erp_sync_log"
    "   set status = case when $2::text is null then 'success' else 'error' end,"
    "       finished_at = clock_timestamp(), error_message = $2, record_count = $3::int,"
    "       details = $4::jsonb"
    " where id = $1::uuid and (status = 'running'" /* or this very statement was here before */
    "   or (status <> 'running' and error_message is not distinct from $2 and details = "
    "$4::jsonb))";

gboolean
sync_log_close(Db *db, const char *log_id, const SyncProgress *progress, const char *failure,
               GError **error)
{
  g_autofree char *cut = failure != NULL ? text_cut(failure, SYNC_MAX_MESSAGE) : NULL;
  g_autofree char *details = sync_progress_json(progress);
  g_autoptr(PGresult) closed =
      db_query(db, DB_CLAIMS_SYSTEM, sql_close,
               DB_PARAMS(log_id, cut, int_text(sync_progress_records(progress)), details), error);
  if (closed == NULL || !g_str_equal(PQcmdTuples(closed), "0"))
    return closed != NULL;
  g_set_error_literal(error, PONTE_ERROR, ERROR_INTERRUPTED, SYNC_INTERRUPTED);
  return FALSE;
}

static const char sql_last[] = "select * from fin.last_sync($1, $2)";

PGresult *
sync_log_last(Db *db, const char *claims, GError **error)
{
  return db_query(db, claims, sql_last, DB_PARAMS(setting(FIN_SYNC_COOLDOWN_S), SYNC_INTERRUPTED),
                  error);
}

static void
add_number(JsonWriter *w, const char *name, const PGresult *run, SyncColumn column)
{
  if (db_text(run, 0, column) != NULL)
    json_add_int(w, name, db_int(run, 0, column));
  else
    json_add_null(w, name);
}

static void
write_progress(JsonWriter *w, const PGresult *run)
{
  if (db_text(run, 0, SYNC_PAGE) == NULL) {
    json_add_null(w, "progress");
    return;
  }
  json_open_object(w, "progress");
  add_number(w, "pagina", run, SYNC_PAGE);
  add_number(w, "total_de_paginas", run, SYNC_TOTAL_PAGES);
  add_number(w, "registros", run, SYNC_RECORD_COUNT);
  json_close_object(w);
}

void
sync_log_write_last(JsonWriter *w, const PGresult *run)
{
  if (PQntuples(run) == 0 || db_text(run, 0, SYNC_ID) == NULL) {
    json_add_null(w, "lastSync");
    return;
  }
  json_open_object(w, "lastSync");
  json_add_text(w, "id", db_text(run, 0, SYNC_ID));
  json_add_text(w, "started_at", db_text(run, 0, SYNC_STARTED_AT));
  json_add_text(w, "finished_at", db_text(run, 0, SYNC_FINISHED_AT));
  json_add_text(w, "status", db_text(run, 0, SYNC_STATUS));
  add_number(w, "record_count", run, SYNC_RECORD_COUNT);
  json_add_text(w, "error_message", db_text(run, 0, SYNC_ERROR_MESSAGE));
  write_progress(w, run);
  json_close_object(w);
}
