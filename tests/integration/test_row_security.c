/* F79: what a connection of the programs sees without right claims, of every table that there is.
 * This guards against missing or wrong claims, not against somebody who holds DATABASE_URL. */
#include "harness_row_security.h"

#include <string.h>

#define UNAUTHORISED "{\"sub\":\"" USER_ID "\",\"role\":\"sales\",\"areas\":[]}"
#define OTHER_AREA   "{\"sub\":\"" USER_ID "\",\"role\":\"crm\",\"areas\":[\"crm\"]}"

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
  finance_tables_fill();
  g_auto(GStrv) tables = tables_of("fin");
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
  finance_tables_fill();
  g_auto(GStrv) tables = tables_of("fin");
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
  finance_tables_fill();
  g_auto(GStrv) tables = tables_of("fin");
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
  assert_sql(
      NULL, "select string_agg(oid::regclass::text, ', ') from pg_class"
            " where relnamespace in ('fin'::regnamespace, 'erp'::regnamespace, 'crm'::regnamespace)"
            "   and relkind in ('r', 'p') and not (relrowsecurity and relforcerowsecurity)");
  assert_sql(
      NULL, "select string_agg(oid::regclass::text, ', ') from pg_class"
            " where relnamespace in ('fin'::regnamespace, 'erp'::regnamespace, 'crm'::regnamespace)"
            "   and relkind in ('r', 'p') and relowner <> 'ponte_owner'::regrole");
  /* a function or a view that works with its owner's rights would be a way round it */
  assert_sql(NULL,
             "select string_agg(oid::regprocedure::text, ', ') from pg_proc"
             " where pronamespace in ('fin'::regnamespace, 'erp'::regnamespace,"
             "                        'crm'::regnamespace, 'ponte'::regnamespace) and prosecdef");
  assert_sql(NULL,
             "select string_agg(nspname, ', ') from pg_namespace where nspname in ('fin', 'crm')"
             "   and (has_schema_privilege('public', oid, 'usage')"
             "        or has_schema_privilege('public', oid, 'create'))");
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      CASE(test_no_table_shows_or_takes_anything_without_right_claims),
      CASE(test_no_table_answers_to_claims_that_are_no_json),
      CASE(test_the_finance_area_reads_every_table_and_writes_none),
      CASE(test_every_table_has_row_security_enabled_and_forced),
  };
  return RUN("row security", tests);
}
