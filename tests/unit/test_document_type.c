/* One name for the document types of four ERPs (erp-connectors.md 2.3). */
#include "unit.h"

#include "accounting/entry_filter.h"
#include "accounting/subledger.h"

static void
test_the_table_of_the_specification(G_GNUC_UNUSED void **state)
{
  static const struct {
    const char *raw;
    gboolean outgoing;
    const char *canonical;
  } rows[] = {
      {"NF", FALSE, "invoice"},
      {"nfe", FALSE, "invoice"},
      {"Nota  Fiscal", TRUE, "invoice"},
      {"Duplicata", FALSE, "invoice"},
      {"PAG", FALSE, "payment"},
      {"despesa", FALSE, "payment"},
      {"BOL", TRUE, "payment"},
      {"BOL", FALSE, "receipt"},
      {" rec ", TRUE, "receipt"},
      {"income", FALSE, "receipt"},
      {"Transferência", FALSE, "transfer"},
      {"TRAN", FALSE, "transfer"},
      {"Lançamento", FALSE, "journal"},
      {"borderô", FALSE, "journal"},
      {"XYZ", FALSE, "other"},
      {"", FALSE, "other"},
      {NULL, FALSE, "other"},
      {"NF 1203", FALSE, "other"},
  };
  for (gsize i = 0; i < G_N_ELEMENTS(rows); i++)
    assert_string_equal(document_type_canonical(rows[i].raw, rows[i].outgoing), rows[i].canonical);
}

/* Is an entry of this type and cost center shown? */
static gboolean
is_taken(const char *filters, const char *type, const char *cost_center, gboolean outgoing)
{
  g_auto(Question) question = {0};
  g_auto(EntryFilter) filter = {0};
  const char *field, *canonical;
  g_autofree char *query =
      g_strconcat("company=EFFECTI&account=1&from=2026-01-01&to=2026-01-31", filters, NULL);
  LedgerEntry entry = {.document_type = type, .cost_center = cost_center, .is_outgoing = outgoing};
  assert_true(question_read(QUESTION_SUBLEDGER, query, NULL, &question, &field, NULL));
  entry_filter_init(&filter, &question);
  gboolean taken = entry_filter_takes(&filter, &entry, &canonical);
  assert_int_equal(entry_filter_takes(&filter, &entry, &canonical), taken); /* remembered */
  return taken;
}

static void
test_a_type_is_asked_for_by_either_name(G_GNUC_UNUSED void **state)
{
  assert_true(is_taken("", "NF", NULL, FALSE));
  assert_true(is_taken("&document_types=nf", "NF", NULL, FALSE));
  assert_false(is_taken("&document_types=LC,Invoice", "NFS-e", NULL, FALSE));
  assert_true(is_taken("&document_types=LC,Invoice", "NFSE", NULL, FALSE));
  assert_true(is_taken("&document_type=payment", "BOL", NULL, TRUE));
  assert_false(is_taken("&document_type=payment", "BOL", NULL, FALSE));
  assert_true(is_taken("&document_types=other", NULL, NULL, FALSE));
  assert_false(is_taken("&document_types=nf", NULL, NULL, FALSE));
}

static void
test_a_cost_center_is_matched_whole(G_GNUC_UNUSED void **state)
{
  assert_true(is_taken("&cost_center=cc001", NULL, " CC001 ", FALSE));
  assert_false(is_taken("&cost_center=cc001", NULL, "CC0011", FALSE));
  assert_false(is_taken("&cost_center=cc001", NULL, NULL, FALSE));
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_the_table_of_the_specification),
      cmocka_unit_test(test_a_type_is_asked_for_by_either_name),
      cmocka_unit_test(test_a_cost_center_is_matched_whole),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
