/* Each step is a transaction: lock, look what is applied, check it against the files, take one file
 * on, commit.  Looking anew under the lock each time is what makes two migrators harmless. */
#include "db/migrate.h"

#include <string.h>

#include "base/error.h"
#include "base/settings.h"
#include "db/migration_files.h"

G_DEFINE_AUTOPTR_CLEANUP_FUNC(PGconn, PQfinish)

/* The table is there before the first file runs, which may give it away to another owner. */
static const char sql_begin[] =
    "begin;"
    "select pg_advisory_xact_lock(hashtextextended('ponte:migrate:schema', 0))";
static const char sql_create_table[] =
    "create schema ponte;"
    "create table ponte.schema_migrations ("
    "  level integer primary key,"
    "  name text not null,"
    "  checksum text not null,"
    "  applied_at timestamptz not null default clock_timestamp());"
    "grant usage on schema ponte to public;"
    "grant select on ponte.schema_migrations to public";
static const char sql_table_exists[] = "select to_regclass('ponte.schema_migrations') is not null";
static const char sql_applied[] =
    "select level, name, checksum from ponte.schema_migrations order by level";
static const char sql_record[] =
    "insert into ponte.schema_migrations (level, name, checksum) values ($1::int, $2, $3)";
static const char sql_forget[] = "delete from ponte.schema_migrations where level = $1::int";
static const char sql_current_level[] =
    "select coalesce(max(level), 0) from ponte.schema_migrations";

/* Writes "line N: " when Postgres says where in the text (counted in characters) it stopped. */
static void
add_line(GString *message, const char *text, const char *position)
{
  glong characters = position != NULL ? (glong)g_ascii_strtoll(position, NULL, 10) : 0;
  if (characters <= 0 || characters > g_utf8_strlen(text, -1))
    return;
  guint line = 1;
  const char *stop = g_utf8_offset_to_pointer(text, characters - 1);
  for (const char *c = text; c < stop; c++)
    line += *c == '\n';
  g_string_append_printf(message, "line %u: ", line);
}

/* The operator's own SQL failed: unlike an answer to a caller this says all that Postgres says. */
static void
set_error(PGconn *connection, const PGresult *result, const char *text, GError **error)
{
  const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
  const char *detail = PQresultErrorField(result, PG_DIAG_MESSAGE_DETAIL);
  const char *context = PQresultErrorField(result, PG_DIAG_CONTEXT);
  const char *primary = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
  g_autoptr(GString) message = g_string_new(NULL);
  add_line(message, text, PQresultErrorField(result, PG_DIAG_STATEMENT_POSITION));
  g_string_append(message, primary != NULL ? primary : g_strstrip(PQerrorMessage(connection)));
  if (state != NULL)
    g_string_append_printf(message, " (SQLSTATE %s)", state);
  if (detail != NULL)
    g_string_append_printf(message, "; %s", detail);
  if (context != NULL)
    g_string_append_printf(message, "; %s", context);
  g_set_error_literal(error, PONTE_ERROR,
                      state != NULL ? ERROR_DATABASE : ERROR_DATABASE_UNAVAILABLE, message->str);
}

/* One or several statements without parameters; the last one's result. */
static PGresult *
run(PGconn *connection, const char *text, GError **error)
{
  g_autoptr(PGresult) result = PQexec(connection, text);
  ExecStatusType status = PQresultStatus(result);
  if (status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK || status == PGRES_EMPTY_QUERY)
    return g_steal_pointer(&result);
  set_error(connection, result, text, error);
  return NULL;
}

static gboolean
run_quietly(PGconn *connection, const char *text, GError **error)
{
  g_autoptr(PGresult) result = run(connection, text, error);
  return result != NULL;
}

static gboolean
run_with(PGconn *connection, const char *sql, DbParams params, GError **error)
{
  g_autoptr(PGresult) result =
      PQexecParams(connection, sql, params.count, NULL, params.values, NULL, NULL, 0);
  if (PQresultStatus(result) == PGRES_COMMAND_OK)
    return TRUE;
  set_error(connection, result, sql, error);
  return FALSE;
}

/* What is applied, in a transaction that holds the lock; no rows where the table is not yet. */
static PGresult *
begin(PGconn *connection, gboolean may_create, GError **error)
{
  if (!run_quietly(connection, sql_begin, error))
    return NULL;
  g_autoptr(PGresult) found = run(connection, sql_table_exists, error);
  if (found == NULL)
    return NULL;
  if (!db_bool(found, 0, 0) && !may_create)
    return run(connection, "select where false", error);
  if (!db_bool(found, 0, 0) && !run_quietly(connection, sql_create_table, error))
    return NULL;
  return run(connection, sql_applied, error);
}

static const char *
state_of(const Migration *file, const PGresult *applied, int row)
{
  if (file == NULL)
    return "missing";
  return strcmp(file->checksum, db_text(applied, row, 2)) == 0 ? "applied" : "changed";
}

static int
newest(const PGresult *applied)
{
  int rows = PQntuples(applied);
  return rows > 0 ? (int)db_int(applied, rows - 1, 0) : 0;
}

static gboolean
check_history(const GPtrArray *files, const PGresult *applied, GError **error)
{
  for (int row = 0; row < PQntuples(applied); row++) {
    const Migration *file = migration_files_find(files, (int)db_int(applied, row, 0));
    const char *state = state_of(file, applied, row);
    if (strcmp(state, "applied") != 0) {
      g_set_error(error, PONTE_ERROR, ERROR_NOT_CONFIGURED,
                  "%s.up.sql is %s: what is applied must stay as it was; write a new file",
                  db_text(applied, row, 1), state);
      return FALSE;
    }
  }
  return TRUE;
}

static gboolean
is_applied(const PGresult *applied, int level)
{
  for (int row = 0; row < PQntuples(applied); row++)
    if (db_int(applied, row, 0) == level)
      return TRUE;
  return FALSE;
}

/* The first file that is not applied; NULL when there is none, or with `error` when it is late. */
static const Migration *
next_pending(const GPtrArray *files, const PGresult *applied, GError **error)
{
  for (guint i = 0; i < files->len; i++) {
    const Migration *file = files->pdata[i];
    if (is_applied(applied, file->level))
      continue;
    if (file->level > newest(applied))
      return file;
    g_set_error(error, PONTE_ERROR, ERROR_NOT_CONFIGURED,
                "%s.up.sql comes before level %d, which is applied: give it a higher number",
                file->name, newest(applied));
    return NULL;
  }
  return NULL;
}

/* Runs a file inside the open transaction, notes it in the table, and commits. */
static gboolean
take_step(PGconn *connection, const Migration *file, gboolean up, GError **error)
{
  g_autofree char *level = g_strdup_printf("%d", file->level);
  g_autofree char *prefix = g_strconcat(file->name, up ? ".up.sql: " : ".down.sql: ", NULL);
  const char *text = up ? file->up : file->down;
  if (text == NULL) {
    g_set_error(error, PONTE_ERROR, ERROR_NOT_CONFIGURED, "%s.down.sql is missing", file->name);
    return FALSE;
  }
  if (!run_quietly(connection, text, error)) {
    g_prefix_error(error, "%s", prefix);
    return FALSE;
  }
  if (PQtransactionStatus(connection) != PQTRANS_INTRANS) {
    g_set_error(error, PONTE_ERROR, ERROR_NOT_CONFIGURED, "%sit must not end the transaction",
                prefix);
    return FALSE;
  }
  return run_quietly(connection, "reset role", error) &&
         (up ? run_with(connection, sql_record, DB_PARAMS(level, file->name, file->checksum), error)
             : run_with(connection, sql_forget, DB_PARAMS(level), error)) &&
         run_quietly(connection, "commit", error);
}

gboolean
migrate_up(const char *url, const char *dir, MigrateNote note, GError **error)
{
  g_autoptr(GPtrArray) files = migration_files_load(dir, error);
  g_autoptr(PGconn) connection = files != NULL ? db_connect(url, "ponte-migrate", error) : NULL;
  while (connection != NULL) {
    g_autoptr(GError) late = NULL;
    g_autoptr(PGresult) applied = begin(connection, TRUE, error);
    if (applied == NULL || !check_history(files, applied, error))
      return FALSE;
    const Migration *file = next_pending(files, applied, &late);
    if (file == NULL && late == NULL)
      return run_quietly(connection, "commit", error);
    if (late != NULL) {
      g_propagate_error(error, g_steal_pointer(&late));
      return FALSE;
    }
    if (!take_step(connection, file, TRUE, error))
      return FALSE;
    note("applied", file->name);
  }
  return FALSE;
}

gboolean
migrate_down(const char *url, const char *dir, int level, MigrateNote note, GError **error)
{
  g_autoptr(GPtrArray) files = migration_files_load(dir, error);
  g_autoptr(PGconn) connection = files != NULL ? db_connect(url, "ponte-migrate", error) : NULL;
  while (connection != NULL) {
    g_autoptr(PGresult) applied = begin(connection, FALSE, error);
    if (applied == NULL || !check_history(files, applied, error))
      return FALSE;
    if (level < 0)
      level = MAX(newest(applied) - 1, 0);
    const Migration *file = migration_files_find(files, newest(applied));
    if (file == NULL || file->level <= level)
      return run_quietly(connection, "commit", error);
    if (!take_step(connection, file, FALSE, error))
      return FALSE;
    note("reverted", file->name);
  }
  return FALSE;
}

gboolean
migrate_status(const char *url, const char *dir, MigrateNote note, GError **error)
{
  g_autoptr(GPtrArray) files = migration_files_load(dir, error);
  g_autoptr(PGconn) connection = files != NULL ? db_connect(url, "ponte-migrate", error) : NULL;
  g_autoptr(PGresult) applied = connection != NULL ? begin(connection, FALSE, error) : NULL;
  if (applied == NULL)
    return FALSE;
  for (int row = 0; row < PQntuples(applied); row++) {
    const Migration *file = migration_files_find(files, (int)db_int(applied, row, 0));
    note(state_of(file, applied, row), db_text(applied, row, 1));
  }
  for (guint i = 0; i < files->len; i++) {
    const Migration *file = files->pdata[i];
    if (!is_applied(applied, file->level))
      note("pending", file->name);
  }
  return run_quietly(connection, "rollback", error);
}

int
migrate_expected_level(void)
{
  return MIGRATION_LEVEL;
}

int
migrate_current_level(Db *db, GError **error)
{
  g_autoptr(PGresult) exists = db_query(db, NULL, sql_table_exists, DB_NO_PARAMS, error);
  if (exists == NULL || !db_bool(exists, 0, 0))
    return exists != NULL ? 0 : -1;
  g_autoptr(PGresult) result =
      db_query(db, DB_CLAIMS_SYSTEM, sql_current_level, DB_NO_PARAMS, error);
  return result != NULL ? (int)db_int(result, 0, 0) : -1;
}
