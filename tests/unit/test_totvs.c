/* erp-connectors.md 6.1: what rows and answers of Protheus mean. */
#include <string.h>

#include "erp/totvs.h"
#include "unit.h"

static RowCell
text(char *value)
{
  return value != NULL ? (RowCell){ROW_TEXT, value} : (RowCell){ROW_ABSENT, NULL};
}

static void
test_type_codes_are_those_of_protheus(G_GNUC_UNUSED void **state)
{
  static const struct {
    const char *code;
    AccountType type; /* ACCOUNT_UNTYPED: no code of Protheus */
  } cases[] = {{"1", ACCOUNT_ASSET},   {"2", ACCOUNT_LIABILITY}, {"3", ACCOUNT_EQUITY},
               {"4", ACCOUNT_REVENUE}, {"5", ACCOUNT_EXPENSE},   {"0", ACCOUNT_UNTYPED},
               {"6", ACCOUNT_UNTYPED}, {"11", ACCOUNT_UNTYPED},  {"Ativo", ACCOUNT_UNTYPED},
               {"", ACCOUNT_UNTYPED}};
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    AccountType type = ACCOUNT_UNTYPED;
    gboolean known = totvs_account_type(cases[i].code, &type);
    if (known != (cases[i].type != ACCOUNT_UNTYPED) || type != cases[i].type)
      fail_msg("%s: type %d", cases[i].code, (int)type);
  }
}

static void
test_a_row_of_ct2_is_known_by_its_key_fields(G_GNUC_UNUSED void **state)
{
  char branch[] = "01", date[] = "20260105", lot[] = "008810", sub_lot[] = "001",
       document[] = "000042", line[] = "003";
  RowCell cells[ROWS_MAX_CELLS] = {0};
  cells[TOTVS_BRANCH] = text(branch);
  cells[ENTRY_DATE] = text(date);
  cells[TOTVS_LOT] = text(lot);
  cells[TOTVS_SUB_LOT] = text(sub_lot);
  cells[ENTRY_DOCUMENT] = text(document);
  cells[TOTVS_LINE] = text(line);
  g_autoptr(GString) id = g_string_new("what was there");
  assert_true(totvs_entry_id(cells, id));
  assert_string_equal(id->str, "01-20260105-008810-001-000042-003");
  cells[TOTVS_SUB_LOT] = text(NULL);
  assert_true(totvs_entry_id(cells, id));
  assert_string_equal(id->str, "01-20260105-008810--000042-003");
}

/* Without its line a row is known by its accounts and its amount besides. */
static void
test_rows_of_a_document_without_lines_are_told_apart(G_GNUC_UNUSED void **state)
{
  char document[] = "000042", debit[] = "1.01.001", credit[] = "4.01.001", amount[] = "10.5";
  RowCell cells[ROWS_MAX_CELLS] = {0};
  cells[ENTRY_DOCUMENT] = text(document);
  cells[TOTVS_DEBIT_ACCOUNT] = text(debit);
  cells[ENTRY_AMOUNT] = text(amount);
  g_autoptr(GString) id = g_string_new(NULL);
  assert_true(totvs_entry_id(cells, id));
  assert_string_equal(id->str, "----000042-1.01.001-10.5");
  cells[TOTVS_CREDIT_ACCOUNT] = text(credit);
  assert_true(totvs_entry_id(cells, id));
  assert_string_equal(id->str, "----000042-1.01.001-4.01.001-10.5");
}

static void
test_a_row_with_a_day_alone_has_no_id(G_GNUC_UNUSED void **state)
{
  char date[] = "20260105";
  RowCell cells[ROWS_MAX_CELLS] = {0};
  cells[ENTRY_DATE] = text(date);
  g_autoptr(GString) id = g_string_new(NULL);
  assert_false(totvs_entry_id(cells, id));
}

/* The one amount of a CT2 row, seen from the account asked for. */
static const struct {
  const char *why;
  const char *direction, *debit_account, *credit_account;
  gint64 debit, credit;
  const char *account, *center;
} sides[] = {
    {"double entry, our side is debit", "3", "1.01.001", "4.01.001", 1050, 0, NULL, "ADM"},
    {"double entry, our side is credit", "3", "5.01.001", "1.01.001", 0, 1050, NULL, "VEN"},
    {"from the account to itself", "3", "1.01.001", "1.01.001", 1050, 1050, NULL, "ADM"},
    {"debit only", "1", "1.01.001", NULL, 1050, 0, NULL, "ADM"},
    {"credit only", "2", NULL, "1.01.001", 0, 1050, NULL, "VEN"},
    {"no accounts, debit", "1", NULL, NULL, 1050, 0, NULL, "ADM"},
    {"no accounts, credit", "2", NULL, NULL, 0, 1050, NULL, "VEN"},
    {"no accounts, double: nobody knows", "3", NULL, NULL, 0, 0, NULL, "VEN"},
    {"another account's debit", "1", "2.01.001", NULL, 1050, 0, "2.01.001", "ADM"},
    {"another account's credit", "2", NULL, "2.01.001", 0, 1050, "2.01.001", "VEN"},
};

static void
test_an_amount_stands_on_the_side_of_the_account_asked_for(G_GNUC_UNUSED void **state)
{
  for (gsize i = 0; i < G_N_ELEMENTS(sides); i++) {
    g_autofree char *debit = g_strdup(sides[i].debit_account);
    g_autofree char *credit = g_strdup(sides[i].credit_account);
    char debit_center[] = "ADM", credit_center[] = "VEN";
    RowCell cells[ROWS_MAX_CELLS] = {0};
    LedgerEntry entry = {0};
    cells[TOTVS_DEBIT_ACCOUNT] = text(debit);
    cells[TOTVS_CREDIT_ACCOUNT] = text(credit);
    cells[TOTVS_DEBIT_CENTER] = text(debit_center);
    cells[TOTVS_CREDIT_CENTER] = text(credit_center);
    totvs_place_amount(cells, "1.01.001", sides[i].direction, 1050, &entry);
    if (entry.debit != sides[i].debit || entry.credit != sides[i].credit ||
        g_strcmp0(entry.account, sides[i].account) != 0 ||
        g_strcmp0(entry.cost_center, sides[i].center) != 0)
      fail_msg("%s: %ld, %ld, %s, %s", sides[i].why, (long)entry.debit, (long)entry.credit,
               entry.account, entry.cost_center);
  }
}

static void
test_a_cost_center_of_the_row_itself_stays(G_GNUC_UNUSED void **state)
{
  char center[] = "ADM";
  RowCell cells[ROWS_MAX_CELLS] = {0};
  LedgerEntry entry = {.cost_center = "MATRIZ"};
  cells[TOTVS_DEBIT_CENTER] = text(center);
  totvs_place_amount(cells, "1.01.001", "1", 1, &entry);
  assert_string_equal(entry.cost_center, "MATRIZ");
}

static void
test_pages_go_on_while_has_next_is_true(G_GNUC_UNUSED void **state)
{
  char remaining[] = "70", name[] = "Effecti Tecnologia";
  const RowCell none = {0}, yes = {ROW_TRUE, NULL}, no = {ROW_FALSE, NULL};
  Erp erp = {0};
  ErpPages pages = {.declared_total = -1};
  assert_true(totvs_note_page(&erp, &pages, 100, yes, text(remaining), text(name)));
  assert_string_equal(erp.company_name, "Effecti Tecnologia");
  assert_int_equal(pages.declared_total, 170);
  assert_false(totvs_note_page(&erp, &pages, 70, no, none, none));
  assert_false(totvs_note_page(&erp, &pages, 70, none, none, none)); /* without it: complete */
  assert_int_equal(pages.declared_total, 170);
  g_free(erp.company_name);
}

static const char *
name_of(const ErpProfile *profile, const char *key)
{
  for (const WireName *wire = profile->wire; wire->key != NULL; wire++)
    if (g_str_equal(wire->key, key))
      return wire->value;
  return NULL;
}

static void
test_each_service_is_asked_by_its_own_names(G_GNUC_UNUSED void **state)
{
  assert_string_equal(name_of(&totvs_ctbr020, "trial_balance.path"), "/rest/CTBR020/balancete");
  assert_string_equal(name_of(&totvs_ctbr020, "trial_balance.company"), "empresa");
  assert_string_equal(name_of(&totvs_ctbr020, "entries.path"), "/rest/CTBR020/movimentacao");
  assert_null(name_of(&totvs_ctbr020, "header.company"));
  assert_null(totvs_ctbr020.companies);
  assert_string_equal(name_of(&totvs_ctb_v1, "trial_balance.path"), "/api/ctb/v1/trialbalance");
  assert_string_equal(name_of(&totvs_ctb_v1, "header.company"), "companyId");
  assert_null(name_of(&totvs_ctb_v1, "trial_balance.company"));
  assert_true(totvs_ctb_v1.takes_cost_center);
  assert_false(totvs_ctbr020.takes_cost_center);
}

static void
test_every_name_on_the_wire_is_given_once(G_GNUC_UNUSED void **state)
{
  const ErpProfile *const profiles[] = {&totvs_ctbr020, &totvs_ctb_v1};
  for (gsize i = 0; i < G_N_ELEMENTS(profiles); i++) {
    g_autoptr(GHashTable) keys = g_hash_table_new(g_str_hash, g_str_equal);
    for (const WireName *wire = profiles[i]->wire; wire->key != NULL; wire++)
      if (!g_hash_table_add(keys, (gpointer)wire->key))
        fail_msg("%s: %s twice", profiles[i]->name, wire->key);
    for (guint k = 0; k < N_ACCOUNT_CELLS; k++)
      if (k != ACCOUNT_ID && !g_hash_table_contains(keys, account_wire_keys[k]))
        fail_msg("%s: %s is missing", profiles[i]->name, account_wire_keys[k]);
    for (guint k = 0; k < N_ENTRY_CELLS; k++)
      if (!g_hash_table_contains(keys, entry_wire_keys[k]))
        fail_msg("%s: %s is missing", profiles[i]->name, entry_wire_keys[k]);
  }
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_type_codes_are_those_of_protheus),
      cmocka_unit_test(test_a_row_of_ct2_is_known_by_its_key_fields),
      cmocka_unit_test(test_rows_of_a_document_without_lines_are_told_apart),
      cmocka_unit_test(test_a_row_with_a_day_alone_has_no_id),
      cmocka_unit_test(test_an_amount_stands_on_the_side_of_the_account_asked_for),
      cmocka_unit_test(test_a_cost_center_of_the_row_itself_stays),
      cmocka_unit_test(test_pages_go_on_while_has_next_is_true),
      cmocka_unit_test(test_each_service_is_asked_by_its_own_names),
      cmocka_unit_test(test_every_name_on_the_wire_is_given_once),
  };
  return cmocka_run_group_tests_name("totvs", tests, NULL, NULL) != 0;
}
