/* F79 of schema crm: what a connection of the programs sees of shops and their customers. */
#include "harness_row_security.h"

#define FINANCE AUTHORISED
#define CRM     "{\"sub\":\"" USER_ID "\",\"role\":\"admin\",\"areas\":[\"crm\"]}"

static void
test_nobody_outside_the_area_sees_or_changes_a_table_of_the_crm(G_GNUC_UNUSED void **state)
{
  static const char finance[] = FINANCE;
  static const char *const claims[] = {NULL, "{}", finance, "{\"role\":\"crm\"}",
                                       "{\"role\":\"admin\",\"areas\":[\"CRM\"]}"};
  crm_tables_fill();
  g_auto(GStrv) tables = tables_of("crm");
  for (gsize i = 0; tables[i] != NULL; i++) {
    g_auto(Statements) statements = statements_on(tables[i]);
    gint64 rows = rows_of(tables[i]);
    for (gsize j = 0; j < G_N_ELEMENTS(claims); j++) {
      assert_as(claims[j], statements.count, "0");
      assert_may_not_write(claims[j], &statements);
    }
    assert_int_equal(rows_of(tables[i]), rows);
  }
}

static void
test_the_area_reads_every_table_of_the_crm_and_writes_none(G_GNUC_UNUSED void **state)
{
  crm_tables_fill();
  g_auto(GStrv) tables = tables_of("crm");
  for (gsize i = 0; tables[i] != NULL; i++) {
    g_auto(Statements) statements = statements_on(tables[i]);
    g_autofree char *rows = g_strdup_printf("%d", (int)rows_of(tables[i]));
    assert_as(CRM, statements.count, rows);
    assert_may_not_write(CRM, &statements);
    assert_as(SYSTEM, statements.count, rows);
    assert_as(SYSTEM, statements.change, rows);
  }
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      CASE(test_nobody_outside_the_area_sees_or_changes_a_table_of_the_crm),
      CASE(test_the_area_reads_every_table_of_the_crm_and_writes_none),
  };
  return RUN("row security: crm", tests);
}
