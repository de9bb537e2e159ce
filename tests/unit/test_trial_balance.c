/* A trial balance from what a connector delivers to the answer (erp-connectors.md 2.4, 2.5, 5). */
#include "unit.h"

#include <string.h>

#include "base/error.h"
#include "books_fixture.h"

static LedgerAccount rows[8]; /* what the ERP has; ended by a NULL code */

static gboolean
deliver(G_GNUC_UNUSED Erp *erp, G_GNUC_UNUSED const ErpPeriod *period, const LedgerSink *sink,
        GError **error)
{
  for (const LedgerAccount *row = rows; row->code != NULL; row++)
    if (!sink->account(row, sink->data, error))
      return FALSE;
  return TRUE;
}

static gboolean
list_companies(G_GNUC_UNUSED Erp *erp, void (*take)(const char *, const char *, gpointer),
               gpointer data, G_GNUC_UNUSED GError **error)
{
  take("01", "Effecti Tecnologia", data);
  return TRUE;
}

static const ErpProfile profile = {.erp = ERP_TOTVS,
                                   .name = "ctbr020",
                                   .source = "TOTVS Protheus",
                                   .books = deliver,
                                   .companies = list_companies};

static gboolean
extract(Erp *erp, const char *more, TrialBalance *balance, GError **error)
{
  g_auto(Question) question = {0};
  const char *field;
  g_autofree char *query = g_strconcat("company=EFFECTI&from=2024-01-01&to=2024-12-31", more, NULL);
  trial_balance_init(balance);
  assert_true(question_read(QUESTION_TRIAL_BALANCE, query, NULL, &question, &field, NULL));
  return trial_balance_extract(erp, &question, balance, error);
}

static int
set_up(G_GNUC_UNUSED void **state)
{
  books_settings(NULL, NULL);
  books_credentials();
  memset(rows, 0, sizeof rows);
  return 0;
}

/* TB-1 */
static void
test_one_account_does_not_balance_and_is_delivered(G_GNUC_UNUSED void **state)
{
  g_auto(TrialBalance) balance;
  books_init(&balance);
  balance.period = (ErpPeriod){books_day("2024-01-01"), books_day("2024-12-31")};
  books_add(&balance, "1", ACCOUNT_ASSET, 0, 100000, 50000, 50000);
  assert_true(trial_balance_complete(&balance, NULL, NULL));
  assert_true(trial_balance_check(&balance, NULL));
  assert_string_equal(books_found(&balance, FINDING_ERROR), "unbalanced");
  assert_false(trial_balance_is_valid(&balance));
}

/* TB-2 */
static void
test_missing_fields_are_named(G_GNUC_UNUSED void **state)
{
  g_auto(TrialBalance) balance;
  g_autoptr(GError) error = NULL;
  trial_balance_init(&balance);
  balance.company_id = g_strdup("01");
  assert_false(trial_balance_check(&balance, &error));
  assert_int_equal(error->code, ERROR_ERP_DATA);
  assert_non_null(strstr(error->message, "(missing_field): company_name, period_start, period_end, "
                                         "currency, accounts."));
}

/* TB-3 */
static void
test_a_period_does_not_end_before_it_begins(G_GNUC_UNUSED void **state)
{
  g_auto(TrialBalance) balance;
  g_autoptr(GError) error = NULL;
  books_init(&balance);
  balance.period = (ErpPeriod){books_day("2024-12-31"), books_day("2024-01-01")};
  books_add(&balance, "1", ACCOUNT_ASSET, 0, 0, 0, 0);
  assert_false(trial_balance_check(&balance, &error));
  assert_int_equal(error->code, ERROR_INVALID_PERIOD);
}

/* IN-2 */
static void
test_the_minimal_sample_is_one_account(G_GNUC_UNUSED void **state)
{
  g_autoptr(Erp) erp = books_erp("EFFECTI", &profile);
  g_auto(TrialBalance) balance;
  g_auto(Question) question = {0};
  const char *field;
  rows[0] = books_row("1.01.001", 0, 0, 0, 10000000);
  rows[0].name = "Caixa";
  trial_balance_init(&balance);
  assert_true(question_read(QUESTION_TRIAL_BALANCE,
                            "company=EFFECTI&from=2024-01-01&to=2024-12-31&level=3", NULL,
                            &question, &field, NULL));
  assert_true(trial_balance_extract(erp, &question, &balance, NULL));
  balance.extracted_s = 1770120007;
  g_autoptr(JsonWriter) w = json_writer_new();
  trial_balance_write_json(&balance, erp, &question, w);
  assert_string_equal(
      json_writer_text(w),
      "{\"company_id\":\"01\",\"company_name\":\"01\",\"period_start\":\"2024-01-01\","
      "\"period_end\":\"2024-12-31\",\"currency\":\"BRL\",\"accounts\":[{\"account_code\":"
      "\"1.01.001\",\"account_name\":\"Caixa\",\"account_type\":\"ASSET\","
      "\"parent_account_code\":null,\"level\":3,\"opening_balance\":\"0.00\",\"debit_amount\":"
      "\"0.00\",\"credit_amount\":\"0.00\",\"closing_balance\":\"100000.00\",\"is_summary\":"
      "false}],\"extracted_at\":\"2026-02-03T12:00:07Z\",\"metadata\":{\"source\":\"TOTVS "
      "Protheus\",\"api_profile\":\"ctbr020\",\"tenant\":\"x\",\"environment\":\"production\","
      "\"aggregated_from_transactions\":false,\"opening_balance_policy\":\"source\","
      "\"total_debit\":\"0.00\",\"total_credit\":\"0.00\",\"account_count\":1,"
      "\"returned_count\":1,\"page_count\":0,\"request_count\":0,\"filters\":{\"level\":3},"
      "\"validation\":{\"is_valid\":false,\"errors\":[{\"code\":\"roll_forward\","
      "\"account_code\":\"1.01.001\",\"message\":\"O saldo inicial e os movimentos não levam ao "
      "saldo final.\",\"expected\":\"0.00\",\"actual\":\"100000.00\"}],\"warnings\":[{\"code\":"
      "\"accounting_equation\",\"account_code\":null,\"message\":\"Ativo e despesa diferem de "
      "passivo, patrimônio e receita.\",\"expected\":\"100000.00\",\"actual\":\"0.00\"}],"
      "\"not_applicable\":[]}}}");
}

/* F-61 */
static void
test_strict_refuses_what_does_not_add_up(G_GNUC_UNUSED void **state)
{
  g_autoptr(Erp) erp = books_erp("EFFECTI", &profile);
  g_auto(TrialBalance) fine, strict;
  g_autoptr(GError) error = NULL;
  rows[0] = books_row("1.01.001", 0, 102, 100, 2);
  assert_true(extract(erp, "", &fine, NULL));
  assert_false(extract(erp, "&strict=true", &strict, &error));
  assert_int_equal(error->code, ERROR_ERP_STRICT);
  assert_int_equal(erp->error_details->len, 3);
  assert_string_equal(erp->error_details->pdata[1], "unbalanced");
}

static void
test_signs_of_the_erp_become_natural(G_GNUC_UNUSED void **state)
{
  static const struct {
    const char *sign;
    gint64 asset, equity; /* as the ERP writes 10.00 on each natural side */
  } ways[] = {
      {"natural", 1000, 1000}, {"debit_positive", 1000, -1000}, {"credit_positive", -1000, 1000}};
  for (gsize i = 0; i < G_N_ELEMENTS(ways); i++) {
    books_settings("TOTVS_EFFECTI_BALANCE_SIGN", ways[i].sign, NULL);
    books_credentials();
    g_autoptr(Erp) erp = books_erp("EFFECTI", &profile);
    g_auto(TrialBalance) balance;
    rows[0] = books_row("1", ways[i].asset, 0, 0, ways[i].asset);
    rows[1] = books_row("3", ways[i].equity, 0, 0, -1000);
    rows[1].closing_side = SIDE_DEBIT; /* "-10,00 D" overrules the sign: 10.00 on the credit side */
    assert_true(extract(erp, "", &balance, NULL));
    assert_int_equal(books_find(&balance, "1")->closing, 1000);
    assert_int_equal(books_find(&balance, "3")->opening, 1000);
    assert_int_equal(books_find(&balance, "3")->closing, 1000);
    assert_true(trial_balance_is_valid(&balance));
  }
}

static void
test_a_type_is_stated_mapped_or_the_first_digit(G_GNUC_UNUSED void **state)
{
  books_settings("TOTVS_EFFECTI_TYPE_MAP", "2=LIABILITY, 2.3=Patrimônio, 3=REVENUE", NULL);
  books_credentials();
  g_autoptr(Erp) erp = books_erp("EFFECTI", &profile);
  g_auto(TrialBalance) balance;
  const char *const codes[] = {"1", "2.1", "2.3.1", "3", "5", "9"};
  for (gsize i = 0; i < G_N_ELEMENTS(codes); i++)
    rows[i] = books_row(codes[i], 0, 0, 0, 0);
  rows[5].type = ACCOUNT_EXPENSE;
  assert_true(extract(erp, "", &balance, NULL));
  const AccountType types[] = {ACCOUNT_ASSET,   ACCOUNT_LIABILITY, ACCOUNT_EQUITY,
                               ACCOUNT_REVENUE, ACCOUNT_EXPENSE,   ACCOUNT_EXPENSE};
  for (gsize i = 0; i < G_N_ELEMENTS(codes); i++)
    assert_int_equal(books_find(&balance, codes[i])->type, types[i]);
}

static void
test_an_unknown_type_is_an_error_unless_told_otherwise(G_GNUC_UNUSED void **state)
{
  g_auto(TrialBalance) refused, taken;
  g_autoptr(GError) error = NULL;
  rows[0] = books_row("9.1", 0, 0, 0, 0);
  rows[0].type_text = "Compensação";
  g_autoptr(Erp) erp = books_erp("EFFECTI", &profile);
  assert_false(extract(erp, "", &refused, &error));
  assert_int_equal(error->code, ERROR_ERP_DATA);
  assert_string_equal(erp->error_details->pdata[0], "account_type");
  assert_string_equal(erp->error_details->pdata[1], "invalid_account_type");
  books_settings("TOTVS_EFFECTI_UNKNOWN_ACCOUNT_TYPE", "asset", NULL);
  books_credentials();
  g_autoptr(Erp) lenient = books_erp("EFFECTI", &profile);
  assert_true(extract(lenient, "", &taken, NULL));
  assert_string_equal(books_found(&taken, FINDING_WARNING), "type_defaulted 9.1");
}

static void
test_nothing_is_an_error_of_its_own(G_GNUC_UNUSED void **state)
{
  g_autoptr(Erp) erp = books_erp("EFFECTI", &profile);
  g_auto(TrialBalance) balance;
  g_autoptr(GError) error = NULL;
  assert_false(extract(erp, "", &balance, &error));
  assert_int_equal(error->code, ERROR_ERP_EMPTY_BALANCE);
}

static void
test_the_number_of_the_company_is_needed_and_checked(G_GNUC_UNUSED void **state)
{
  g_auto(TrialBalance) known, other, without, filtered;
  g_autoptr(GError) unknown = NULL, missing = NULL, unsupported = NULL;
  rows[0] = books_row("1", 0, 0, 0, 0);
  books_settings("TOTVS_EFFECTI_CHECK_COMPANY", "1", NULL);
  books_credentials();
  g_autoptr(Erp) erp = books_erp("EFFECTI", &profile);
  assert_true(extract(erp, "", &known, NULL));
  assert_string_equal(known.company_name, "Effecti Tecnologia");
  assert_false(extract(erp, "&company_id=02", &other, &unknown));
  assert_int_equal(unknown->code, ERROR_INVALID_PARAMETER);
  assert_int_equal(erp->error_details->len, 3);
  assert_string_equal(erp->error_details->pdata[0], "company_id");
  g_clear_pointer(&erp->company_id, g_free);
  assert_false(extract(erp, "", &without, &missing));
  assert_int_equal(missing->code, ERROR_ERP_NOT_CONFIGURED);
  assert_non_null(strstr(missing->message, "COMPANY_ID"));
  assert_false(extract(erp, "&cost_center=1", &filtered, &unsupported));
  assert_int_equal(unsupported->code, ERROR_ERP_UNSUPPORTED);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup(test_one_account_does_not_balance_and_is_delivered, set_up),
      cmocka_unit_test_setup(test_missing_fields_are_named, set_up),
      cmocka_unit_test_setup(test_a_period_does_not_end_before_it_begins, set_up),
      cmocka_unit_test_setup(test_the_minimal_sample_is_one_account, set_up),
      cmocka_unit_test_setup(test_strict_refuses_what_does_not_add_up, set_up),
      cmocka_unit_test_setup(test_signs_of_the_erp_become_natural, set_up),
      cmocka_unit_test_setup(test_a_type_is_stated_mapped_or_the_first_digit, set_up),
      cmocka_unit_test_setup(test_an_unknown_type_is_an_error_unless_told_otherwise, set_up),
      cmocka_unit_test_setup(test_nothing_is_an_error_of_its_own, set_up),
      cmocka_unit_test_setup(test_the_number_of_the_company_is_needed_and_checked, set_up),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
