/* CSV that spreadsheets read, and do not run (erp-connectors.md 9). */
#include "unit.h"

#include <string.h>

#include "accounting/csv.h"
#include "books_fixture.h"

static void
assert_cell(const char *value, const char *expected)
{
  g_autoptr(GString) text = g_string_new(NULL);
  csv_add_text(text, value);
  csv_end_row(text);
  g_autofree char *row = g_strconcat(expected, "\r\n", NULL);
  assert_string_equal(text->str, row);
}

/* F-67 */
static void
test_a_formula_is_text_and_is_quoted(G_GNUC_UNUSED void **state)
{
  assert_cell("=HYPERLINK(1),\"x\"\ny", "\"'=HYPERLINK(1),\"\"x\"\"\ny\"");
}

static void
test_cells(G_GNUC_UNUSED void **state)
{
  static const struct {
    const char *value, *cell;
  } rows[] = {{"Caixa", "Caixa"},      {NULL, ""},          {"", ""},
              {"+1", "'+1"},           {"-1", "'-1"},       {"@a", "'@a"},
              {"\tx", "'\tx"},         {"\rx", "\"'\rx\""}, {"a=b", "a=b"},
              {"a,b", "\"a,b\""},      {"\"", "\"\"\"\""},  {"Água; luz", "Água; luz"},
              {"a\r\nb", "\"a\r\nb\""}};
  for (gsize i = 0; i < G_N_ELEMENTS(rows); i++)
    assert_cell(rows[i].value, rows[i].cell);
}

static void
test_numbers_keep_their_sign(G_GNUC_UNUSED void **state)
{
  g_autoptr(GString) text = g_string_new(NULL);
  csv_add_plain(text, "-10.00");
  csv_add_plain(text, NULL);
  csv_end_row(text);
  assert_string_equal(text->str, "-10.00,\r\n");
}

static void
test_file_names_are_safe(G_GNUC_UNUSED void **state)
{
  const char *const parts[] = {"EFFECTI", "1.01/..\"\r\nx", "2026-01-01", NULL};
  g_autofree char *name = csv_file_name("subledger", parts);
  assert_string_equal(name, "subledger_EFFECTI_1.01_..___x_2026-01-01.csv");
}

static void
test_a_trial_balance_is_its_fields_in_order(G_GNUC_UNUSED void **state)
{
  g_auto(TrialBalance) balance;
  g_autoptr(GString) text = g_string_new(NULL);
  books_init(&balance);
  AccountBalance *account = books_add(&balance, "1.01", ACCOUNT_ASSET, -1000, 5, 0, -995);
  account->is_summary = TRUE;
  account->level = 2;
  trial_balance_write_csv(&balance, TRUE, text);
  assert_string_equal(
      text->str,
      CSV_BOM "account_code,account_name,account_type,parent_account_code,level,opening_balance,"
              "debit_amount,credit_amount,closing_balance,is_summary\r\n"
              "1.01,Conta 1.01,ASSET,,2,-10.00,0.05,0.00,-9.95,true\r\n");
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_a_formula_is_text_and_is_quoted),
      cmocka_unit_test(test_cells),
      cmocka_unit_test(test_numbers_keep_their_sign),
      cmocka_unit_test(test_file_names_are_safe),
      cmocka_unit_test(test_a_trial_balance_is_its_fields_in_order),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
