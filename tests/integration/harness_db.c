/* The superuser's connection and the questions tests ask over it. */
#include "harness.h"

#include <string.h>

static PGconn *admin;

static void
ignore_notice(G_GNUC_UNUSED void *data, G_GNUC_UNUSED const char *message)
{
}

PGconn *
admin_connect(void)
{
  PGconn *connection = PQconnectdb(harness_env("PONTE_ADMIN_URL"));
  PQsetNoticeProcessor(connection, ignore_notice, NULL);
  if (PQstatus(connection) != CONNECTION_OK)
    fail_msg("no database: %s", PQerrorMessage(connection));
  return connection;
}

void
admin_disconnect(void)
{
  g_clear_pointer(&admin, PQfinish);
}

gboolean
database_answers(void)
{
  return PQping(harness_env("PONTE_ADMIN_URL")) == PQPING_OK;
}

/* Runs one statement; connects anew once, since tests restart the server. */
static PGresult *
run_statement(const char *file, int line, const char *statement, va_list args)
{
  const char *values[16];
  int count = 0;
  for (const char *value; (value = va_arg(args, const char *)) != NULL;)
    values[count++] = value;
  PGresult *result = NULL;
  for (int attempt = 0; attempt < 2; attempt++) {
    if (admin == NULL || PQstatus(admin) != CONNECTION_OK) {
      admin_disconnect();
      admin = admin_connect();
    }
    PQclear(result);
    result = count > 0 ? PQexecParams(admin, statement, count, NULL, values, NULL, NULL, 0)
                       : PQexec(admin, statement);
    if (PQstatus(admin) == CONNECTION_OK)
      break;
  }
  ExecStatusType status = PQresultStatus(result);
  if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK) {
    print_error("%s\n%s\n", statement, PQresultErrorMessage(result));
    _fail(file, line);
  }
  return result;
}

void
sql_run(const char *file, int line, const char *statement, ...)
{
  va_list args;
  va_start(args, statement);
  PQclear(run_statement(file, line, statement, args));
  va_end(args);
}

static char *
first_cell(const PGresult *result)
{
  if (PQntuples(result) == 0 || PQgetisnull(result, 0, 0))
    return NULL;
  return g_strdup(PQgetvalue(result, 0, 0));
}

char *
sql_text_at(const char *file, int line, const char *query, ...)
{
  va_list args;
  va_start(args, query);
  PGresult *result = run_statement(file, line, query, args);
  va_end(args);
  char *text = first_cell(result);
  PQclear(result);
  return text;
}

gint64
sql_number_at(const char *file, int line, const char *query, ...)
{
  va_list args;
  va_start(args, query);
  PGresult *result = run_statement(file, line, query, args);
  va_end(args);
  g_autofree char *text = first_cell(result);
  PQclear(result);
  return text != NULL ? g_ascii_strtoll(text, NULL, 10) : 0;
}

void
assert_sql_text(const char *file, int line, const char *expected, const char *query, ...)
{
  va_list args;
  va_start(args, query);
  PGresult *result = run_statement(file, line, query, args);
  va_end(args);
  g_autofree char *text = first_cell(result);
  PQclear(result);
  if (g_strcmp0(text, expected) == 0)
    return;
  print_error("%s\ngave \"%s\", not \"%s\"\n", query, text ? text : "(null)",
              expected ? expected : "(null)");
  _fail(file, line);
}

/* A worker that looks for work holds a table while it waits for another: one of the two gives way,
 * and it is we who ask again. */
void
database_reset(void)
{
  sql("do $$ declare names text; begin"
      "  select string_agg(format('%I.%I', schemaname, tablename), ', ') into names"
      "    from pg_tables where schemaname in ('fin', 'erp', 'backoffice', 'crm')"
      "     and pg_relation_size(format('%I.%I', schemaname, tablename)::regclass) > 0;"
      "  while names is not null loop"
      "    begin"
      "      execute 'truncate ' || names || ' cascade';"
      "      exit;"
      "    exception when deadlock_detected then"
      "    end;"
      "  end loop;"
      "end $$");
}

void
profile_put(const char *id, const char *role, gboolean active)
{
  sql("insert into fin.profiles (id, full_name, role, is_active) values ($1, 'Pessoa', $2, $3)"
      " on conflict (id) do update set role = excluded.role, is_active = excluded.is_active",
      id, role, active ? "true" : "false");
}
