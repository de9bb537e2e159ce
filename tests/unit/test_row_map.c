/* From the cells of a row to accounts and entries (erp-connectors.md 2.4, 5, 6). */
#include "rows_fixture.h"

#include "base/error.h"
#include "base/settings.h"
#include "erp/row_map.h"

#define MONEY(text) ((RowCell){ROW_NUMBER, text})

static Erp *
new_erp(void)
{
  Erp *erp = g_new0(Erp, 1);
  erp->hint = HINT_COMMA;
  erp->warnings = g_ptr_array_new();
  erp->error_details = g_ptr_array_new_with_free_func(g_free);
  return erp;
}

static void
free_erp(Erp *erp)
{
  for (guint i = 0; i < erp->warnings->len; i++) {
    ErpWarning *warning = erp->warnings->pdata[i];
    g_free(warning->code);
    g_free(warning->about);
    g_free(warning);
  }
  g_ptr_array_unref(erp->warnings);
  g_ptr_array_unref(erp->error_details);
  g_free(erp);
}

/* What a sink is told: "1.01/opening_balance/invalid_amount ". */
static gboolean
take_flaw(const LedgerFlaw *flaw, gpointer data, G_GNUC_UNUSED GError **error)
{
  g_string_append_printf(data, "%s/%s/%s ", flaw->row != NULL ? flaw->row : "-", flaw->field,
                         flaw->problem);
  return TRUE;
}

static RowCell
text(const char *value)
{
  return (RowCell){ROW_TEXT, value};
}

/* Reads an account that must be fine, or told as these flaws. */
static LedgerAccount
read_account(const RowCell *cells, const AccountRules *rules, const char *flaws)
{
  Erp *erp = new_erp();
  LedgerAccount account;
  gboolean fine = FALSE;
  g_autoptr(GString) told = g_string_new(NULL);
  const LedgerSink sink = {.flaw = take_flaw, .data = told};
  assert_true(erp_read_account(erp, cells, rules, &account, &sink, &fine, NULL));
  assert_int_equal(fine, *flaws == '\0');
  assert_string_equal(told->str, flaws);
  free_erp(erp);
  return account;
}

static LedgerEntry
read_entry(const RowCell *cells, const char *flaws)
{
  Erp *erp = new_erp();
  LedgerEntry entry;
  const char *direction;
  gint64 amount;
  gboolean fine = FALSE;
  g_autoptr(GString) told = g_string_new(NULL);
  const LedgerSink sink = {.flaw = take_flaw, .data = told};
  assert_true(erp_read_entry(erp, cells, &entry, &direction, &amount, &sink, &fine, NULL));
  assert_string_equal(told->str, flaws);
  assert_int_equal(fine, *flaws == '\0');
  free_erp(erp);
  return entry;
}

static const AccountRules plain = {0};

static void
test_an_account_is_read_with_its_balances(G_GNUC_UNUSED void **state)
{
  const RowCell cells[ROWS_MAX_CELLS] = {
      [ACCOUNT_CODE] = text("1.01"),      [ACCOUNT_NAME] = text("Caixa"),
      [ACCOUNT_TYPE] = text("Ativo"),     [ACCOUNT_PARENT] = text("1"),
      [ACCOUNT_LEVEL] = MONEY("2"),       [ACCOUNT_SIDE] = text("D"),
      [ACCOUNT_OPENING] = MONEY("-10.5"), [ACCOUNT_DEBIT] = text("1.234,56"),
      [ACCOUNT_CREDIT] = MONEY("0"),      [ACCOUNT_CLOSING] = text("1.224,06 C"),
      [ACCOUNT_SUMMARY] = text("1")};
  LedgerAccount account = read_account(cells, &plain, "");
  assert_string_equal(account.code, "1.01");
  assert_string_equal(account.name, "Caixa");
  assert_string_equal(account.parent, "1");
  assert_int_equal(account.type, ACCOUNT_ASSET);
  assert_int_equal(account.level, 2);
  assert_int_equal(account.side, SIDE_DEBIT);
  assert_int_equal(account.opening, -1050);
  assert_int_equal(account.debit, 123456);
  assert_int_equal(account.credit, 0);
  assert_int_equal(account.closing, 122406);
  assert_int_equal(account.opening_side, SIDE_UNSTATED);
  assert_int_equal(account.closing_side, SIDE_CREDIT); /* told, not yet converted */
  assert_true(account.has_amounts && account.has_summary && !account.is_summary);
}

static void
test_an_account_may_have_no_more_than_a_code(G_GNUC_UNUSED void **state)
{
  const RowCell cells[ROWS_MAX_CELLS] = {[ACCOUNT_CODE] = {ROW_NUMBER, "501"},
                                         [ACCOUNT_NAME] = text(""),
                                         [ACCOUNT_LEVEL] = MONEY("16")};
  LedgerAccount account = read_account(cells, &plain, "");
  assert_string_equal(account.code, "501");
  assert_null(account.name);
  assert_null(account.parent);
  assert_null(account.type_text);
  assert_int_equal(account.type, ACCOUNT_UNTYPED);
  assert_int_equal(account.level, 0);
  assert_int_equal(account.side, SIDE_UNSTATED);
  assert_false(account.has_amounts || account.has_summary);
}

static void
test_an_opening_alone_is_no_balance(G_GNUC_UNUSED void **state)
{
  const RowCell cells[ROWS_MAX_CELLS] = {
      [ACCOUNT_CODE] = text("1.01"), [ACCOUNT_OPENING] = MONEY("12.00")};
  LedgerAccount opening = read_account(cells, &plain, "");
  assert_int_equal(opening.opening, 1200);
  assert_false(opening.has_amounts);
}

static gboolean
number_type(const char *code, AccountType *type)
{
  *type = ACCOUNT_EQUITY;
  return g_str_equal(code, "3");
}

static void
test_types_are_those_of_the_erp_then_those_of_all(G_GNUC_UNUSED void **state)
{
  static const struct {
    const char *text, *left;
    AccountType type;
  } cases[] = {
      {"3", NULL, ACCOUNT_EQUITY}, {"Receita", NULL, ACCOUNT_REVENUE}, {"9", "9", ACCOUNT_UNTYPED}};
  const AccountRules rules = {.type = number_type};
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    const RowCell cells[ROWS_MAX_CELLS] = {
        [ACCOUNT_CODE] = text("1"), [ACCOUNT_TYPE] = text(cases[i].text)};
    LedgerAccount account = read_account(cells, &rules, "");
    assert_int_equal(account.type, cases[i].type);
    assert_int_equal(g_strcmp0(account.type_text, cases[i].left), 0);
  }
}

/* F-52 */
static void
test_what_a_class_means_is_a_rule_of_the_erp(G_GNUC_UNUSED void **state)
{
  static const AccountRules flipped = {.flips_class = TRUE};
  static const AccountRules analytic = {.summary_is_analytic = TRUE};
  const struct {
    const AccountRules *rules;
    RowCell cell;
    gboolean is_summary;
  } cases[] = {{&plain, text("1"), FALSE},           {&plain, text("2"), TRUE},
               {&plain, MONEY("2"), TRUE},           {&flipped, text("1"), TRUE},
               {&flipped, text("2"), FALSE},         {&plain, {ROW_TRUE, NULL}, TRUE},
               {&flipped, {ROW_TRUE, NULL}, TRUE},   {&plain, {ROW_FALSE, NULL}, FALSE},
               {&analytic, {ROW_TRUE, NULL}, FALSE}, {&analytic, {ROW_FALSE, NULL}, TRUE},
               {&analytic, text("S"), FALSE},        {&analytic, text("0"), TRUE}};
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    const RowCell cells[ROWS_MAX_CELLS] = {
        [ACCOUNT_CODE] = text("1"), [ACCOUNT_SUMMARY] = cases[i].cell};
    LedgerAccount account = read_account(cells, cases[i].rules, "");
    assert_true(account.has_summary);
    assert_int_equal(account.is_summary, cases[i].is_summary);
  }
}

/* AC-7 AM-4 AM-5 F-59 */
static void
test_an_account_that_cannot_be_read_is_told_by_field(G_GNUC_UNUSED void **state)
{
  const struct {
    guint cell;
    RowCell value;
    const char *flaws;
  } cases[] = {{ACCOUNT_CODE, text(""), "-/account_code/invalid_account_code "},
               {ACCOUNT_OPENING, text("12.34.56"), "1/opening_balance/invalid_amount "},
               {ACCOUNT_OPENING, {ROW_TRUE, NULL}, "1/opening_balance/invalid_amount "},
               {ACCOUNT_OPENING, {ROW_RAW, ""}, "1/opening_balance/invalid_amount "},
               {ACCOUNT_OPENING, text(""), "1/opening_balance/invalid_amount "},
               {ACCOUNT_CLOSING, MONEY("1e30"), "1/closing_balance/amount_out_of_range "},
               {ACCOUNT_CLOSING, MONEY("-50.00"), ""},
               {ACCOUNT_DEBIT, MONEY("-50.00"), "1/debit_amount/negative_amount "},
               {ACCOUNT_CREDIT, text("5,00 D"), "1/credit_amount/invalid_amount "}};
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    RowCell cells[ROWS_MAX_CELLS] = {[ACCOUNT_CODE] = text("1")};
    cells[cases[i].cell] = cases[i].value;
    read_account(cells, &plain, cases[i].flaws);
  }
}

static void
test_without_anybody_to_tell_a_flaw_ends_the_run(G_GNUC_UNUSED void **state)
{
  g_autoptr(GError) error = NULL;
  const RowCell cells[ROWS_MAX_CELLS] = {[ACCOUNT_CODE] = text("1"), [ACCOUNT_DEBIT] = text("x")};
  const LedgerSink sink = {.account = NULL};
  Erp *erp = new_erp();
  LedgerAccount account;
  gboolean fine;
  assert_false(erp_read_account(erp, cells, &plain, &account, &sink, &fine, &error));
  assert_true(g_error_matches(error, PONTE_ERROR, ERROR_ERP_DATA));
  assert_string_equal(erp->error_details->pdata[0], "debit_amount");
  assert_string_equal(erp->error_details->pdata[1], "invalid_amount");
  free_erp(erp);
}

/* DT-2 DT-3 */
static void
test_an_entry_is_read_with_its_days_and_texts(G_GNUC_UNUSED void **state)
{
  const RowCell cells[ROWS_MAX_CELLS] = {
      [ENTRY_ID] = MONEY("77"),        [ENTRY_DATE] = text("2026-01-05T10:30:00"),
      [ENTRY_POSTING] = text("/  /"),  [ENTRY_DEBIT] = MONEY("350.00"),
      [ENTRY_DOCUMENT] = text("1203"), [ENTRY_COST_CENTER] = text("")};
  LedgerEntry entry = read_entry(cells, "");
  assert_string_equal(entry.id, "77");
  assert_string_equal(date_iso(&entry.transaction).text, "2026-01-05");
  assert_string_equal(date_iso(&entry.posting).text, "2026-01-05");
  assert_string_equal(entry.timestamp.text, "2026-01-05T10:30:00");
  assert_int_equal(entry.debit, 35000);
  assert_int_equal(entry.credit, 0);
  assert_string_equal(entry.document_number, "1203");
  assert_string_equal(entry.description, "");
  assert_null(entry.cost_center);
  assert_null(entry.account);
  assert_null(entry.metadata[0].name);
}

/* DT-4 AM-5 AM-6 */
static void
test_an_entry_that_cannot_be_read_is_told_by_field(G_GNUC_UNUSED void **state)
{
  const struct {
    guint cell;
    RowCell value;
    const char *flaws;
  } cases[] = {{ENTRY_ID, {ROW_ABSENT, NULL}, "-/entry_id/missing_field "},
               {ENTRY_DATE, {ROW_ABSENT, NULL}, "7/transaction_date/date_required "},
               {ENTRY_DATE, text("0000-00-00"), "7/transaction_date/date_required "},
               {ENTRY_DATE, text("31/02/2024"), "7/transaction_date/invalid_date "},
               {ENTRY_POSTING, {ROW_TRUE, NULL}, "7/posting_date/invalid_date "},
               {ENTRY_DEBIT, MONEY("-1"), "7/debit_amount/negative_amount "},
               {ENTRY_CREDIT, text("x"), "7/credit_amount/invalid_amount "},
               {ENTRY_AMOUNT, MONEY("-1"), ""},
               {ENTRY_AMOUNT, text("x"), "7/amount/invalid_amount "},
               {ENTRY_DIRECTION, text("D"), "7/amount/amount_required "}};
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    RowCell cells[ROWS_MAX_CELLS] = {[ENTRY_ID] = text("7"), [ENTRY_DATE] = text("20240131")};
    cells[cases[i].cell] = cases[i].value;
    read_entry(cells, cases[i].flaws);
  }
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_an_account_is_read_with_its_balances),
      cmocka_unit_test(test_an_account_may_have_no_more_than_a_code),
      cmocka_unit_test(test_an_opening_alone_is_no_balance),
      cmocka_unit_test(test_types_are_those_of_the_erp_then_those_of_all),
      cmocka_unit_test(test_what_a_class_means_is_a_rule_of_the_erp),
      cmocka_unit_test(test_an_account_that_cannot_be_read_is_told_by_field),
      cmocka_unit_test(test_without_anybody_to_tell_a_flaw_ends_the_run),
      cmocka_unit_test(test_an_entry_is_read_with_its_days_and_texts),
      cmocka_unit_test(test_an_entry_that_cannot_be_read_is_told_by_field),
  };
  g_autoptr(GError) error = NULL;
  if (!settings_load(&error)) /* APP_TIMEZONE */
    g_error("%s", error->message);
  return cmocka_run_group_tests(tests, NULL, NULL);
}
