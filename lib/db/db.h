/* Postgres: one connection per process, opened at first use and opened anew after a loss.  Works
 * behind PgBouncer in transaction mode: no prepared statements, no session state (platform-notes,
 * libpq 3).  Every statement runs as the role ponte_app with claims that row security reads; both
 * are set locally by the first statement of its transaction. */
#pragma once
#include <glib.h>
#include <libpq-fe.h>

#include "base/json.h"

G_DEFINE_AUTOPTR_CLEANUP_FUNC(PGresult, PQclear)

typedef struct Db Db;

/* Claims of crons, workers and of the programs' own bookkeeping. */
#define DB_CLAIMS_SYSTEM "{\"role\":\"system\"}"

/* Parameters in text form; NULL is SQL null.
 *   db_query(db, claims, sql_last_run, DB_PARAMS(id, name), &error) */
typedef struct {
  int count;
  const char *const *values;
} DbParams;
#define DB_PARAMS(...)                                                                             \
  ((DbParams){sizeof((const char *const[]){__VA_ARGS__}) / sizeof(const char *),                   \
              (const char *const[]){__VA_ARGS__}})
#define DB_NO_PARAMS ((DbParams){0, NULL})

/* A database that is not connected yet.  `url` is a libpq connection string. */
Db *db_new(const char *url);
void db_free(Db *db);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Db, db_free)

/* The process's own, of DATABASE_URL.  Owned by this room. */
Db *db_shared(void);

/* A connection of one's own, for what Db cannot do (listening, migrating); the caller's.  Its
 * errors (DATABASE_UNAVAILABLE) never quote the URL. */
PGconn *db_connect(const char *url, const char *program, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The same in two halves: between them the server makes itself ready while the caller does
 * something else.  A connection that could not be completed is the caller's to end, like any other.
 */
PGconn *db_connect_begin(const char *url, const char *program,
                         GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean db_connect_complete(PGconn *connection, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Begins to connect, if there is no connection: the next statement finds it ready sooner. */
void db_prepare(Db *db);

/* One statement in a transaction of its own, in one round trip: claims, statement, commit.  When
 * the connection turns out to be lost it is opened anew and the statement repeated once, so give it
 * only statements that may run twice.
 * Errors: DATABASE_UNAVAILABLE (no connection), DATABASE_CONFLICT (23505, 40001, 40P01), DATABASE.
 * The result is the caller's and always holds tuples or a command's success. */
PGresult *db_query(Db *db, const char *claims, const char *sql, DbParams params,
                   GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The same in two halves: after db_send the server works while the caller does something else;
 * db_receive waits for the result.  One statement may be under way; a db_query in between first
 * waits for it and keeps its result for db_receive.  Never repeated by itself. */
gboolean db_send(Db *db, const char *claims, const char *sql, DbParams params,
                 GError **error) G_GNUC_WARN_UNUSED_RESULT;
PGresult *db_receive(Db *db, GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean db_is_received(Db *db); /* would db_receive return at once? */

/* Several statements in one transaction.  After any failure, and when the caller gives up, call
 * db_rollback (harmless when nothing is open). */
gboolean db_begin(Db *db, const char *claims, GError **error) G_GNUC_WARN_UNUSED_RESULT;
PGresult *db_exec(Db *db, const char *sql, DbParams params,
                  GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean db_commit(Db *db, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void db_rollback(Db *db);

/* Ends the connection, if any; the next use opens a new one. */
void db_disconnect(Db *db);

/* Did Postgres refuse what was to be written (a value, a constraint), and not because of how things
 * stand at the moment?  Of an error of this room. */
gboolean db_error_is_of_rows(const GError *error);

/* Cells of a result.  NULL / 0 / FALSE for SQL null; texts are borrowed from the result. */
const char *db_text(const PGresult *result, int row, int column);
gint64 db_int(const PGresult *result, int row, int column);
gboolean db_bool(const PGresult *result, int row, int column);

/* Writes the first `columns` of a row as an object, members named as the columns: numerics as
 * decimals, integers, booleans and JSON as such, everything else as text. */
void db_write_row(JsonWriter *w, const PGresult *result, int row, int columns);

/* The same into an object that is open. */
void db_write_members(JsonWriter *w, const PGresult *result, int row, int columns);

/* Builds a Postgres array literal ("{\"a\",NULL}") for `unnest($1::text[])`. */
typedef struct {
  GString *text;
} DbArray;
void db_array_init(DbArray *array);
void db_array_add(DbArray *array, const char *value); /* NULL adds SQL null */
const char *db_array_text(DbArray *array);            /* closes it; owned by the array */
void db_array_clear(DbArray *array);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(DbArray, db_array_clear)
