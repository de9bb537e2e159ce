/* Migrations on a database of their own: each file once, and back again. */
#include "harness.h"

#include <glib/gstdio.h>
#include <string.h>

#define SCRATCH "ponte_probe"

static char *sql_folder; /* a copy of sql/ that tests may change */

static char *
scratch_url(void)
{
  return g_strconcat(harness_env("PONTE_ADMIN_URL"), " dbname=" SCRATCH, NULL);
}

static int
migrate(const char *verb, const char *level, char **errors)
{
  g_autofree char *program = g_build_filename(harness_env("PONTE_BUILD"), "bin", "_migrate", NULL);
  g_autofree char *url = scratch_url();
  char **environment = g_environ_setenv(program_environment(), "MIGRATE_DATABASE_URL", url, TRUE);
  g_autofree char *output = NULL;
  const char *const argv[] = {program, "--dir", sql_folder, verb, level, NULL};
  int status = run_command(argv, environment, NULL, &output, errors);
  g_strfreev(environment);
  return status;
}

static void
assert_migrates(const char *verb, const char *level)
{
  g_autofree char *errors = NULL;
  if (migrate(verb, level, &errors) != 0)
    fail_msg("migrate %s: %s", verb, errors);
}

/* The migration is refused with words that name `part`. */
static void
assert_refused(const char *verb, const char *part)
{
  g_autofree char *errors = NULL;
  assert_int_not_equal(migrate(verb, NULL, &errors), 0);
  if (strstr(errors, part) == NULL)
    fail_msg("\"%s\" is not in: %s", part, errors);
}

/* One cell of a query on the scratch database. */
static char *
scratch_text(const char *query)
{
  g_autofree char *url = scratch_url();
  g_autoptr(PGconn) connection = PQconnectdb(url);
  PGresult *result = PQexec(connection, query);
  if (PQresultStatus(result) != PGRES_TUPLES_OK && PQresultStatus(result) != PGRES_COMMAND_OK)
    fail_msg("%s: %s", query, PQresultErrorMessage(result));
  char *text = PQntuples(result) > 0 ? g_strdup(PQgetvalue(result, 0, 0)) : NULL;
  PQclear(result);
  return text;
}

/* The whole schema as text, without what differs between two dumps of the same one. */
static char *
schema(void)
{
  g_autofree char *url = scratch_url();
  g_autofree char *dump = RUN_OK("pg_dump", "--schema-only", "--dbname", url);
  g_auto(GStrv) lines = g_strsplit(dump, "\n", -1);
  GString *kept = g_string_new(NULL);
  for (char **line = lines; *line != NULL; line++) {
    if (**line != '\\' && !g_str_has_prefix(*line, "--"))
      g_string_append_printf(kept, "%s\n", *line);
  }
  return g_string_free(kept, FALSE);
}

static void
change_file(const char *name, const char *text)
{
  g_autofree char *path = g_build_filename(sql_folder, name, NULL);
  assert_true(g_file_set_contents(path, text, -1, NULL));
}

static void
remove_from_folder(const char *name)
{
  g_autofree char *path = g_build_filename(sql_folder, name, NULL);
  g_remove(path);
}

static int
before(void **state)
{
  harness_before(state);
  g_free(sql_folder);
  sql_folder = g_build_filename(harness_folder(), "sql", NULL);
  g_autofree char *original = g_build_filename(harness_env("PONTE_ROOT"), "sql", NULL);
  g_free(RUN_OK("rm", "-rf", sql_folder));
  g_free(RUN_OK("cp", "-r", original, sql_folder));
  sql("drop database if exists " SCRATCH " with (force)");
  sql("create database " SCRATCH);
  return 0;
}

static int
after(void **state)
{
  sql("drop database if exists " SCRATCH " with (force)");
  return harness_after(state);
}

static void
test_up_down_up_gives_the_same_schema(G_GNUC_UNUSED void **state)
{
  assert_migrates("up", NULL);
  g_autofree char *first = schema();
  assert_non_null(strstr(first, "CREATE TABLE fin.clients"));
  assert_migrates("down", "0");
  g_autofree char *empty =
      scratch_text("select count(*) from pg_namespace where nspname in ('fin','erp')");
  assert_string_equal(empty, "0");
  assert_migrates("up", NULL);
  g_autofree char *second = schema();
  assert_string_equal(second, first);
}

static void
test_each_single_step_back_and_forth_gives_the_same_schema(G_GNUC_UNUSED void **state)
{
  assert_migrates("up", NULL);
  g_autofree char *whole = schema();
  g_autofree char *newest = scratch_text("select max(level) from ponte.schema_migrations");
  for (gint64 level = g_ascii_strtoll(newest, NULL, 10) - 1; level >= 0; level--) {
    g_autofree char *text = g_strdup_printf("%" G_GINT64_FORMAT, level);
    assert_migrates("down", text);
    assert_migrates("up", NULL);
    g_autofree char *again = schema();
    assert_string_equal(again, whole);
  }
}

static void
test_a_second_up_does_nothing(G_GNUC_UNUSED void **state)
{
  assert_migrates("up", NULL);
  g_autofree char *before_it =
      scratch_text("select string_agg(m::text, ',') from ponte.schema_migrations m");
  assert_migrates("up", NULL);
  g_autofree char *after_it =
      scratch_text("select string_agg(m::text, ',') from ponte.schema_migrations m");
  assert_string_equal(after_it, before_it);
}

static void
test_an_applied_file_that_was_changed_is_refused(G_GNUC_UNUSED void **state)
{
  assert_migrates("up", NULL);
  g_autofree char *path = g_build_filename(sql_folder, "0003_fin.up.sql", NULL);
  g_autofree char *text = NULL;
  assert_true(g_file_get_contents(path, &text, NULL, NULL));
  g_autofree char *changed = g_strconcat(text, "-- a harmless line\n", NULL);
  change_file("0003_fin.up.sql", changed);
  assert_refused("up", "0003_fin");
  change_file("0003_fin.up.sql", text);
  assert_migrates("up", NULL);
}

static void
test_an_applied_file_that_is_gone_is_refused(G_GNUC_UNUSED void **state)
{
  assert_migrates("up", NULL);
  remove_from_folder("0003_fin.up.sql");
  assert_refused("up", "0003");
}

static void
test_a_new_file_before_an_applied_one_is_refused(G_GNUC_UNUSED void **state)
{
  change_file("0902_late.up.sql", "create schema late;\n");
  change_file("0902_late.down.sql", "drop schema late;\n");
  assert_migrates("up", NULL);
  change_file("0901_early.up.sql", "create schema early;\n");
  change_file("0901_early.down.sql", "drop schema early;\n");
  assert_refused("up", "0901_early");
}

static void
test_a_file_that_fails_leaves_nothing_behind(G_GNUC_UNUSED void **state)
{
  change_file("0900_broken.up.sql", "create table fin.half_done (id int);\nselect 1 / 0;\n");
  change_file("0900_broken.down.sql", "drop table fin.half_done;\n");
  assert_refused("up", "0900_broken");
  g_autofree char *table = scratch_text("select to_regclass('fin.half_done')");
  assert_string_equal(table, "");
  g_autofree char *level = scratch_text("select max(level) < 900 from ponte.schema_migrations");
  assert_string_equal(level, "t");
  remove_from_folder("0900_broken.up.sql");
  remove_from_folder("0900_broken.down.sql");
  assert_migrates("up", NULL);
}

static gpointer
migrate_up(G_GNUC_UNUSED gpointer data)
{
  g_autofree char *errors = NULL;
  int status = migrate("up", NULL, &errors);
  if (status != 0)
    print_error("%s", errors);
  return GINT_TO_POINTER(status);
}

static void
test_two_migrators_at_the_same_instant_apply_each_file_once(G_GNUC_UNUSED void **state)
{
  GThread *threads[4];
  for (guint i = 0; i < G_N_ELEMENTS(threads); i++)
    threads[i] = g_thread_new("migrate", migrate_up, NULL);
  int failures = 0;
  for (guint i = 0; i < G_N_ELEMENTS(threads); i++)
    failures += GPOINTER_TO_INT(g_thread_join(threads[i])) != 0;
  assert_int_equal(failures, 0);
  g_autofree char *levels =
      scratch_text("select count(*) = max(level) from ponte.schema_migrations");
  assert_string_equal(levels, "t");
}

/* 4: row security is on and forced everywhere, and the programs' role owns nothing */
static void
test_every_table_is_guarded_and_owned_by_nobody_who_logs_in(G_GNUC_UNUSED void **state)
{
  assert_migrates("up", NULL);
  g_autofree char *open =
      scratch_text("select string_agg(c.oid::regclass::text, ',') from pg_class c"
                   "  join pg_namespace n on n.oid = c.relnamespace"
                   " where n.nspname in ('fin', 'erp', 'crm') and c.relkind = 'r'"
                   "   and not (c.relrowsecurity and c.relforcerowsecurity)");
  assert_string_equal(open, "");
  g_autofree char *owned =
      scratch_text("select string_agg(c.oid::regclass::text, ',') from pg_class c"
                   "  join pg_namespace n on n.oid = c.relnamespace"
                   " where n.nspname in ('fin', 'erp', 'crm', 'ponte')"
                   "   and c.relowner <> 'ponte_owner'::regrole");
  assert_string_equal(owned, "");
  g_autofree char *roles = scratch_text("select string_agg(rolname, ',') from pg_roles"
                                        " where rolname in ('ponte_owner', 'ponte_app')"
                                        "   and (rolcanlogin or rolsuper or rolbypassrls)");
  assert_string_equal(roles, "");
  g_autofree char *public = scratch_text("select has_schema_privilege('public', 'fin', 'usage')"
                                         "    or has_schema_privilege('public', 'crm', 'usage')");
  assert_string_equal(public, "f");
}

#undef CASE
#define CASE(test) cmocka_unit_test_setup_teardown(test, before, after)

int
main(void)
{
  const struct CMUnitTest tests[] = {
      CASE(test_up_down_up_gives_the_same_schema),
      CASE(test_each_single_step_back_and_forth_gives_the_same_schema),
      CASE(test_a_second_up_does_nothing),
      CASE(test_an_applied_file_that_was_changed_is_refused),
      CASE(test_an_applied_file_that_is_gone_is_refused),
      CASE(test_a_new_file_before_an_applied_one_is_refused),
      CASE(test_a_file_that_fails_leaves_nothing_behind),
      CASE(test_two_migrators_at_the_same_instant_apply_each_file_once),
      CASE(test_every_table_is_guarded_and_owned_by_nobody_who_logs_in),
  };
  return RUN("migrations", tests);
}
