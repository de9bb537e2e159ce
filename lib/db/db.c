/* One connection, transactions of one or several statements, each starting with role and claims. */
#include "db/db.h"

#include "base/error.h"
#include "base/settings.h"

#define STATEMENT_FAILED "statement failed: SQLSTATE " /* and its code */

/* A server ends a connection that was begun and left alone. */
#define PATIENCE_US G_USEC_PER_SEC

struct Db {
  char *url;
  PGconn *connection;
  gboolean connecting; /* begun, not completed */
  gint64 connecting_since_us;
  gboolean sending; /* a statement of db_send is under way */
  gboolean kept;    /* its outcome was fetched before db_receive asked */
  PGresult *kept_result;
  GError *kept_error;
};

static const char sql_identify[] = "select set_config('role', 'ponte_app', true),"
                                   "       set_config('request.jwt.claims', $1, true),"
                                   "       set_config('statement_timeout', $2, true)";

Db *
db_new(const char *url)
{
  Db *db = g_new0(Db, 1);
  db->url = g_strdup(url);
  return db;
}

void
db_free(Db *db)
{
  db_disconnect(db);
  g_free(db->url);
  g_free(db);
}

Db *
db_shared(void)
{
  static Db *shared;
  if (shared == NULL)
    shared = db_new(setting(DATABASE_URL));
  return shared;
}

static void
close_connection(Db *db)
{
  g_clear_pointer(&db->connection, PQfinish);
  db->connecting = FALSE;
}

void
db_disconnect(Db *db)
{
  close_connection(db);
  g_clear_pointer(&db->kept_result, PQclear);
  g_clear_error(&db->kept_error);
  db->kept = db->sending = FALSE;
}

static gboolean
is_lost(const Db *db)
{
  return db->connection == NULL || PQstatus(db->connection) != CONNECTION_OK;
}

static gboolean
begin_connecting(Db *db, GError **error)
{
  gint64 now_us = g_get_monotonic_time();
  if (db->connecting && now_us - db->connecting_since_us < PATIENCE_US)
    return TRUE;
  close_connection(db);
  db->connection = db_connect_begin(db->url, "ponte", error);
  db->connecting = db->connection != NULL;
  db->connecting_since_us = now_us;
  return db->connecting;
}

void
db_prepare(Db *db)
{
  if (is_lost(db) && !begin_connecting(db, NULL))
    close_connection(db); /* whoever needs it will hear why */
}

static gboolean
connect_if_needed(Db *db, GError **error)
{
  if (!db->connecting && !is_lost(db))
    return TRUE;
  if (!begin_connecting(db, error) || !db_connect_complete(db->connection, error)) {
    close_connection(db);
    return FALSE;
  }
  db->connecting = FALSE;
  return TRUE;
}

/* Turns a failed result into an error.  The primary message may quote rows, so only the SQLSTATE
 * and the name of the constraint go into it (fin.md 15.2). */
static void
set_statement_error(const Db *db, const PGresult *result, GError **error)
{
  const char *state = result != NULL ? PQresultErrorField(result, PG_DIAG_SQLSTATE) : NULL;
  PonteErrorCode code = ERROR_DATABASE;
  if (is_lost(db) || state == NULL || g_str_has_prefix(state, "57P") ||
      g_str_has_prefix(state, "08"))
    code = ERROR_DATABASE_UNAVAILABLE;
  else if (g_str_equal(state, "23505") || g_str_equal(state, "40001") ||
           g_str_equal(state, "40P01"))
    code = ERROR_DATABASE_CONFLICT;
  const char *constraint = state ? PQresultErrorField(result, PG_DIAG_CONSTRAINT_NAME) : NULL;
  const char *message = state ? PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY) : NULL;
  gboolean quotes_rows =
      state != NULL && (g_str_has_prefix(state, "22") || g_str_has_prefix(state, "23"));
  g_set_error(error, PONTE_ERROR, code, STATEMENT_FAILED "%s %s", state != NULL ? state : "none",
              constraint != NULL        ? constraint
              : message && !quotes_rows ? message
                                        : "");
}

gboolean
db_error_is_of_rows(const GError *error)
{
  return g_error_matches(error, PONTE_ERROR, ERROR_DATABASE) &&
         (g_str_has_prefix(error->message, STATEMENT_FAILED "22") ||
          g_str_has_prefix(error->message, STATEMENT_FAILED "23"));
}

static gboolean
is_good(const PGresult *result)
{
  ExecStatusType status = PQresultStatus(result);
  return status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK;
}

static void
set_connection_error(Db *db, GError **error)
{
  g_set_error(error, PONTE_ERROR, ERROR_DATABASE_UNAVAILABLE, "database connection lost: %s",
              g_strstrip(PQerrorMessage(db->connection)));
  close_connection(db);
}

static gboolean
send_params(Db *db, const char *sql, DbParams params)
{
  return PQsendQueryParams(db->connection, sql, params.count, NULL, params.values, NULL, NULL, 0) ==
         1;
}

static gboolean
send_identity(Db *db, const char *claims)
{
  return claims == NULL ||
         send_params(db, sql_identify, DB_PARAMS(claims, setting(DB_STATEMENT_TIMEOUT_MS)));
}

/* Sends claims and statement as one pipeline: an implicit transaction that ends at the sync. */
static gboolean
send_pipeline(Db *db, const char *claims, const char *sql, DbParams params, GError **error)
{
  PGconn *c = db->connection;
  if (PQenterPipelineMode(c) == 1 && send_identity(db, claims) && send_params(db, sql, params) &&
      PQpipelineSync(c) == 1 && PQflush(c) >= 0)
    return TRUE;
  set_connection_error(db, error);
  return FALSE;
}

/* Reads everything up to the sync; keeps the first failure, else the last result. */
static PGresult *
read_pipeline(Db *db, GError **error)
{
  g_autoptr(PGresult) kept = NULL;
  gboolean failed = FALSE, synced = FALSE;
  for (guint empty = 0; empty < 2 && !synced;) {
    PGresult *result = PQgetResult(db->connection);
    if (result == NULL) {
      empty++; /* one after each statement; two in a row: nothing more will come */
      continue;
    }
    empty = 0;
    ExecStatusType status = PQresultStatus(result);
    synced = status == PGRES_PIPELINE_SYNC;
    if (synced || failed || status == PGRES_PIPELINE_ABORTED) {
      PQclear(result);
      continue;
    }
    failed = !is_good(result);
    g_clear_pointer(&kept, PQclear);
    kept = result;
  }
  failed |= !synced || kept == NULL; /* without the sync nothing was committed that we know of */
  if (failed)
    set_statement_error(db, synced ? kept : NULL, error);
  if (is_lost(db) || PQexitPipelineMode(db->connection) != 1)
    close_connection(db);
  return failed ? NULL : g_steal_pointer(&kept);
}

/* Fetches the outcome of db_send, so that the connection is free for something else. */
static void
keep_pending(Db *db)
{
  if (!db->sending || db->kept)
    return;
  db->kept_result = read_pipeline(db, &db->kept_error);
  db->kept = TRUE;
}

/* Frees the connection, and opens it anew where it was lost.  The outcome of a statement that
 * somebody still waits for outlives the connection. */
static gboolean
make_ready(Db *db, GError **error)
{
  keep_pending(db);
  return connect_if_needed(db, error);
}

gboolean
db_send(Db *db, const char *claims, const char *sql, DbParams params, GError **error)
{
  g_assert(!db->sending);
  if (!connect_if_needed(db, error) || !send_pipeline(db, claims, sql, params, error))
    return FALSE;
  db->sending = TRUE;
  return TRUE;
}

gboolean
db_is_received(Db *db)
{
  return db->kept || is_lost(db) || PQconsumeInput(db->connection) != 1 ||
         PQisBusy(db->connection) == 0; /* what a transaction brings comes in one piece */
}

PGresult *
db_receive(Db *db, GError **error)
{
  g_assert(db->sending);
  keep_pending(db);
  db->sending = db->kept = FALSE;
  if (db->kept_error != NULL)
    g_propagate_error(error, g_steal_pointer(&db->kept_error));
  return g_steal_pointer(&db->kept_result);
}

PGresult *
db_query(Db *db, const char *claims, const char *sql, DbParams params, GError **error)
{
  for (gboolean again = FALSE;; again = TRUE) {
    g_autoptr(GError) lost = NULL;
    if (!make_ready(db, error))
      return NULL;
    PGresult *result =
        send_pipeline(db, claims, sql, params, &lost) ? read_pipeline(db, &lost) : NULL;
    if (result != NULL)
      return result;
    /* a connection that the server ended while it was idle shows only at its next use */
    if (again || !g_error_matches(lost, PONTE_ERROR, ERROR_DATABASE_UNAVAILABLE)) {
      g_propagate_error(error, g_steal_pointer(&lost));
      return NULL;
    }
    close_connection(db);
  }
}

gboolean
db_begin(Db *db, const char *claims, GError **error)
{
  static const char *const begin = "begin";
  for (gboolean again = FALSE;; again = TRUE) {
    g_autoptr(GError) lost = NULL;
    if (!make_ready(db, error))
      return FALSE;
    PGconn *c = db->connection;
    g_autoptr(PGresult) result = NULL;
    if (PQenterPipelineMode(c) == 1 && send_params(db, begin, DB_NO_PARAMS) &&
        send_identity(db, claims) && PQpipelineSync(c) == 1 && PQflush(c) >= 0)
      result = read_pipeline(db, &lost);
    else
      set_connection_error(db, &lost);
    if (result != NULL)
      return TRUE;
    if (again || !g_error_matches(lost, PONTE_ERROR, ERROR_DATABASE_UNAVAILABLE)) {
      db_rollback(db);
      g_propagate_error(error, g_steal_pointer(&lost));
      return FALSE;
    }
    close_connection(db);
  }
}

PGresult *
db_exec(Db *db, const char *sql, DbParams params, GError **error)
{
  if (is_lost(db)) {
    g_set_error_literal(error, PONTE_ERROR, ERROR_DATABASE_UNAVAILABLE, "transaction lost");
    return NULL;
  }
  g_autoptr(PGresult) result =
      PQexecParams(db->connection, sql, params.count, NULL, params.values, NULL, NULL, 0);
  if (is_good(result))
    return g_steal_pointer(&result);
  set_statement_error(db, result, error);
  return NULL;
}

gboolean
db_commit(Db *db, GError **error)
{
  g_autoptr(PGresult) result = db_exec(db, "commit", DB_NO_PARAMS, error);
  if (result == NULL || g_str_equal(PQcmdStatus(result), "COMMIT"))
    return result != NULL;
  g_set_error_literal(error, PONTE_ERROR, ERROR_DATABASE, "the transaction was rolled back");
  return FALSE;
}

void
db_rollback(Db *db)
{
  if (is_lost(db) || PQtransactionStatus(db->connection) == PQTRANS_IDLE)
    return;
  g_autoptr(PGresult) result = PQexec(db->connection, "rollback");
  if (!is_good(result))
    close_connection(db);
}
