/* F79: what a connection of the programs sees without right claims.  This guards against missing or
 * wrong claims, not against somebody who holds DATABASE_URL. */
#include "harness.h"

#include <string.h>

#define AUTHORISED   "{\"sub\":\"" USER_ID "\",\"role\":\"fin\",\"areas\":[\"fin\"]}"
#define UNAUTHORISED "{\"sub\":\"" USER_ID "\",\"role\":\"sales\",\"areas\":[]}"
#define OTHER_AREA   "{\"sub\":\"" USER_ID "\",\"role\":\"crm\",\"areas\":[\"crm\"]}"
#define SYSTEM       "{\"role\":\"system\"}"

/* At least a row in every table of schema fin. */
static void
fill_tables(void)
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

/* All tables of schema fin, as the catalog knows them: one that is added later is judged too. */
static char **
all_tables(void)
{
  g_autofree char *names =
      sql_text("select string_agg('fin.' || quote_ident(relname), ',' order by relname)"
               "  from pg_class where relnamespace = 'fin'::regnamespace"
               "   and relkind in ('r', 'p', 'v', 'm', 'f')");
  return g_strsplit(names, ",", -1);
}

/* How many rows a table has; it has some, or what is not seen would prove nothing. */
static gint64
rows_of(const char *table)
{
  g_autofree char *query = g_strdup_printf("select count(*) from %s", table);
  gint64 rows = sql_number(query);
  if (rows == 0)
    fail_msg("%s is empty: let fill_tables put a row there", table);
  return rows;
}

static PGconn *
programs_connect(void)
{
  PGconn *connection = PQconnectdb(harness_env("PONTE_DATABASE_URL"));
  if (PQstatus(connection) != CONNECTION_OK)
    fail_msg("%s", PQerrorMessage(connection));
  return connection;
}

/* Runs a statement as programs do, with claims (NULL: none are set), and takes it back.  Returns
 * the first cell, the number of rows touched for a write, or "refused: SQLSTATE". */
static char *
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

static void
assert_as(const char *claims, const char *statement, const char *expected)
{
  g_autofree char *found = as_program(claims, statement);
  if (g_strcmp0(found, expected) != 0)
    fail_msg("with %s: %s gave %s, not %s", claims ? claims : "no claims", statement, found,
             expected);
}

/* The four statements on a table; an update changes nothing but would touch every row. */
typedef struct {
  char *count, *add, *change, *drop;
} Statements;

static void
statements_clear(Statements *statements)
{
  g_free(statements->count);
  g_free(statements->add);
  g_free(statements->change);
  g_free(statements->drop);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Statements, statements_clear)

static Statements
statements_on(const char *table)
{
  g_autofree char *column = sql_text("select quote_ident(attname) from pg_attribute"
                                     " where attrelid = $1::regclass and attnum = 1",
                                     table);
  return (Statements){
      .count = g_strconcat("select count(*) from ", table, NULL),
      .add = g_strdup_printf("insert into %s default values", table),
      .change = g_strdup_printf("update %s set %s = %s", table, column, column),
      .drop = g_strconcat("delete from ", table, NULL),
  };
}

static void
assert_may_not_write(const char *claims, const Statements *statements)
{
  assert_as(claims, statements->add, "refused: 42501"); /* asked before any constraint */
  assert_as(claims, statements->change, "0");
  assert_as(claims, statements->drop, "0");
}

static const char count_clients[] = "select count(*) from fin.clients";
static const char count_profiles[] = "select count(*) from fin.profiles";
static const char add_client[] = "insert into fin.clients (name) values ('X')";
static const char change_clients[] = "update fin.clients set name = 'X'";

/* 4.10 */
static void
test_no_table_shows_or_takes_anything_without_right_claims(G_GNUC_UNUSED void **state)
{
  static const char unauthorised[] = UNAUTHORISED, other_area[] = OTHER_AREA;
  static const char *const claims[] = {NULL,
                                       "",
                                       "{}",
                                       "null",
                                       "[]",
                                       "\"system\"",
                                       "{\"role\":null,\"areas\":null}",
                                       "{\"role\":[\"system\"],\"areas\":{}}",
                                       "{\"role\":\"fin\"}",
                                       "{\"role\":\"System\",\"areas\":[\"FIN\"]}",
                                       "{\"areas\":[[\"fin\"]]}",
                                       "{\"areas\":null}",
                                       "{\"areas\":\"\"}",
                                       "{\"role\":\"sales\",\"areas\":[]}",
                                       unauthorised,
                                       other_area};
  fill_tables();
  g_auto(GStrv) tables = all_tables();
  for (gsize i = 0; tables[i] != NULL; i++) {
    gboolean is_own = g_str_equal(tables[i], "fin.profiles"); /* a user sees the own profile */
    g_auto(Statements) statements = statements_on(tables[i]);
    gint64 rows = rows_of(tables[i]);
    for (gsize j = 0; j < G_N_ELEMENTS(claims); j++) {
      if (!is_own || claims[j] == NULL || strstr(claims[j], USER_ID) == NULL)
        assert_as(claims[j], statements.count, "0");
      assert_may_not_write(claims[j], &statements);
    }
    assert_int_equal(rows_of(tables[i]), rows);
  }
}

static void
test_no_table_answers_to_claims_that_are_no_json(G_GNUC_UNUSED void **state)
{
  static const char *const claims[] = {"{", "system", "{\"role\":\"system\"", "{'role':'system'}",
                                       "{\"role\":\"system\"}x"};
  fill_tables();
  g_auto(GStrv) tables = all_tables();
  for (gsize i = 0; tables[i] != NULL; i++) {
    g_auto(Statements) statements = statements_on(tables[i]);
    const char *const all[] = {statements.count, statements.add, statements.change,
                               statements.drop};
    rows_of(tables[i]);
    for (gsize j = 0; j < G_N_ELEMENTS(claims) * G_N_ELEMENTS(all); j++)
      assert_as(claims[j / G_N_ELEMENTS(all)], all[j % G_N_ELEMENTS(all)], "refused: 22P02");
  }
}

/* 4.10: the area reads; only the programs' own work writes, on every table alike */
static void
test_the_finance_area_reads_every_table_and_writes_none(G_GNUC_UNUSED void **state)
{
  fill_tables();
  g_auto(GStrv) tables = all_tables();
  for (gsize i = 0; tables[i] != NULL; i++) {
    g_auto(Statements) statements = statements_on(tables[i]);
    g_autofree char *rows = g_strdup_printf("%d", (int)rows_of(tables[i]));
    assert_as(AUTHORISED, statements.count,
              g_str_equal(tables[i], "fin.profiles") ? "1" : rows); /* a profile is one's own */
    assert_may_not_write(AUTHORISED, &statements);
    assert_as(SYSTEM, statements.count, rows);
    assert_as(SYSTEM, statements.change, rows);
  }
}

/* 4: also of the schemas that programs share, and of tables to come */
static void
test_every_table_has_row_security_enabled_and_forced(G_GNUC_UNUSED void **state)
{
  assert_sql(NULL, "select string_agg(oid::regclass::text, ', ') from pg_class"
                   " where relnamespace in ('fin'::regnamespace, 'erp'::regnamespace)"
                   "   and relkind in ('r', 'p') and not (relrowsecurity and relforcerowsecurity)");
  assert_sql(NULL, "select string_agg(oid::regclass::text, ', ') from pg_class"
                   " where relnamespace in ('fin'::regnamespace, 'erp'::regnamespace)"
                   "   and relkind in ('r', 'p') and relowner <> 'ponte_owner'::regrole");
  /* a function or a view that works with its owner's rights would be a way round it */
  assert_sql(NULL, "select string_agg(oid::regprocedure::text, ', ') from pg_proc"
                   " where pronamespace in ('fin'::regnamespace, 'erp'::regnamespace,"
                   "                        'ponte'::regnamespace) and prosecdef");
  assert_sql("false|false", "select has_schema_privilege('public', 'fin', 'usage') || '|' ||"
                            "       has_schema_privilege('public', 'fin', 'create')");
}

/* Whatever is no JSON object opens nothing: no rows, or the statement fails. */
static void
test_malformed_claims_see_nothing(G_GNUC_UNUSED void **state)
{
  static const char *const claims[] = {"{",
                                       "[]",
                                       "\"system\"",
                                       "system",
                                       "1",
                                       "[\"fin\"]",
                                       "{\"role\":[\"system\"]}",
                                       "{\"areas\":{\"fin\":1}}x",
                                       "{\"sub\":\"no uuid\"}"};
  fill_tables();
  for (gsize i = 0; i < G_N_ELEMENTS(claims); i++) {
    g_autofree char *found = as_program(claims[i], count_clients);
    if (!g_str_equal(found, "0") && !g_str_has_prefix(found, "refused"))
      fail_msg("%s saw %s clients", claims[i], found);
    g_autofree char *written = as_program(claims[i], add_client);
    assert_true(g_str_has_prefix(written, "refused"));
  }
}

/* 4.10: own row only, and never a better role */
static void
test_a_user_sees_the_own_profile_and_cannot_raise_it(G_GNUC_UNUSED void **state)
{
  fill_tables();
  assert_as(AUTHORISED, count_profiles, "1");
  assert_as(NULL, count_profiles, "0");
  assert_as(AUTHORISED, "update fin.profiles set role = 'superadmin'", "0");
  assert_as(AUTHORISED, "insert into fin.profiles (id, role) values (gen_random_uuid(), 'admin')",
            "refused: 42501");
  assert_as(AUTHORISED, "delete from fin.profiles", "0");
}

static void
test_the_programs_own_work_reads_and_writes(G_GNUC_UNUSED void **state)
{
  fill_tables();
  assert_as(SYSTEM, count_clients, "2");
  assert_as(SYSTEM, count_profiles, "2");
  assert_as(SYSTEM, add_client, "1");
  assert_as(SYSTEM, change_clients, "2");
}

/* The guards of calls to ERPs belong to the programs alone. */
static void
test_a_user_does_not_see_or_touch_the_guards_of_calls(G_GNUC_UNUSED void **state)
{
  sql("insert into erp.call_guard (account, call) values ('a', 'b')");
  assert_as(AUTHORISED, "select count(*) from erp.call_guard", "0");
  assert_as(AUTHORISED, "delete from erp.call_guard", "0");
  assert_as(SYSTEM, "select count(*) from erp.call_guard", "1");
}

/* Claims are local: the next transaction of the same connection starts with none. */
static void
test_claims_do_not_outlive_their_transaction(G_GNUC_UNUSED void **state)
{
  fill_tables();
  g_autoptr(PGconn) connection = programs_connect();
  PQclear(PQexec(connection,
                 "begin; set local role ponte_app;"
                 "select set_config('request.jwt.claims', '" SYSTEM "', true); commit"));
  PGresult *result =
      PQexec(connection, "begin; set local role ponte_app; select count(*) from fin.clients");
  assert_string_equal(PQgetvalue(result, 0, 0), "0");
  PQclear(result);
}

/* The login itself may do nothing but become the programs' role. */
static void
test_the_login_alone_reaches_no_table(G_GNUC_UNUSED void **state)
{
  g_autoptr(PGconn) connection = programs_connect();
  static const char *const statements[] = {"select count(*) from fin.clients",
                                           "set role ponte_owner",
                                           "select count(*) from erp.call_guard"};
  for (gsize i = 0; i < G_N_ELEMENTS(statements); i++) {
    PGresult *result = PQexec(connection, statements[i]);
    assert_int_equal(PQresultStatus(result), PGRES_FATAL_ERROR);
    assert_string_equal(PQresultErrorField(result, PG_DIAG_SQLSTATE), "42501");
    PQclear(result);
  }
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      CASE(test_malformed_claims_see_nothing),
      CASE(test_no_table_shows_or_takes_anything_without_right_claims),
      CASE(test_no_table_answers_to_claims_that_are_no_json),
      CASE(test_the_finance_area_reads_every_table_and_writes_none),
      CASE(test_every_table_has_row_security_enabled_and_forced),
      CASE(test_a_user_sees_the_own_profile_and_cannot_raise_it),
      CASE(test_the_programs_own_work_reads_and_writes),
      CASE(test_a_user_does_not_see_or_touch_the_guards_of_calls),
      CASE(test_claims_do_not_outlive_their_transaction),
      CASE(test_the_login_alone_reaches_no_table),
  };
  return RUN("row security", tests);
}
