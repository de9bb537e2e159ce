/* The trial balance as its callers get it: checks, filters, totals, CSV
 * (erp-connectors.md 2.4, 5.7, 9). (Who may ask, and how: test_erp_routes.c.) */
#include <string.h>

#include "harness_ledger_look.h"

#define JANUARY "from=2026-01-01&to=2026-01-31"

/* An account as TOTVS tells it. */
static void
put(Book *book, const char *code, const char *name, const char *debit, const char *credit)
{
  static const char *const credit_types = "234";
  gboolean is_credit = strchr(credit_types, *code) != NULL;
  g_autofree char *row = g_strdup_printf(
      "{\"CT1_CONTA\":\"%s\",\"CT1_DESC01\":\"%s\",\"CTI_CLASSE\":\"1\",\"CTI_NORMAL\":\"%s\","
      "\"CTI_SALDOI\":0,\"CTI_DEBITO\":%s,\"CTI_CREDITO\":%s,\"CTI_SALDOF\":%s}",
      code, name, is_credit ? "C" : "D", debit, credit, is_credit ? credit : debit);
  book_put(book, "trial-balance", row);
}

/* F-61 */
static void
test_totals_may_differ_by_a_centavo(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = book_new("EFFECTI", NULL);
  put(book, "1.01.001", "Caixa", "100.00", "0");
  put(book, "4.01.001", "Receita", "0", "99.99");
  g_autoptr(Answer) answer = book_ask(book, TRIAL_BALANCE, JANUARY "&strict=true");
  assert_status(answer, 200);
  assert_at(answer, "metadata.validation.is_valid", "true");
  assert_at(answer, "metadata.total_debit", "100.00");
  assert_at(answer, "metadata.total_credit", "99.99");
}

/* F-61 */
static void
test_totals_that_differ_by_two_are_told_or_refused(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = book_new("EFFECTI", NULL);
  put(book, "1.01.001", "Caixa", "100.00", "0");
  put(book, "4.01.001", "Receita", "0", "99.98");
  g_autoptr(Answer) told = book_ask(book, TRIAL_BALANCE, JANUARY);
  assert_status(told, 200);
  assert_at(told, "metadata.validation.is_valid", "false");
  assert_at(told, "metadata.validation.errors.0.code", "unbalanced");
  assert_at(told, "metadata.validation.errors.0.account_code", "null");
  assert_at(told, "metadata.validation.errors.0.expected", "100.00");
  assert_at(told, "metadata.validation.errors.0.actual", "99.98");
  g_autoptr(Answer) csv = book_ask(book, TRIAL_BALANCE, JANUARY "&format=csv");
  assert_status(csv, 200);
  assert_header(csv, "x-erp-valid", "false");
  g_autoptr(Answer) refused = book_ask(book, TRIAL_BALANCE, JANUARY "&strict=true");
  assert_error_code(refused, 422, NULL, "strict_validation_failed");
  assert_member(refused, "type", "Validation");
  assert_at(refused, "details.0.code", "unbalanced");
  g_autoptr(Answer) file = book_ask(book, TRIAL_BALANCE, JANUARY "&strict=1&format=csv");
  assert_error_code(file, 422, NULL, "strict_validation_failed");
  assert_null(answer_header(file, "content-disposition"));
}

/* F-63 */
static void
test_an_account_that_comes_twice_is_kept_once(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = book_new("EFFECTI", NULL);
  put(book, "1.01.001", "Caixa", "100.00", "0");
  put(book, "4.01.001", "Receita", "0", "100.00");
  put(book, "1.01.001", "Caixa", "100.00", "0");
  g_autoptr(Answer) answer = book_ask(book, TRIAL_BALANCE, JANUARY);
  assert_status(answer, 200);
  assert_int_equal(json_array_size(json_object_get(answer->json, "accounts")), 2);
  assert_true(answer_has_finding(answer, "warnings", "duplicate_account_identical"));
  assert_at(answer, "metadata.validation.is_valid", "true");
  assert_at(answer, "metadata.total_debit", "100.00");
  put(book, "1.01.001", "Caixa", "100.01", "0");
  g_autoptr(Answer) other = book_ask(book, TRIAL_BALANCE, JANUARY);
  assert_error_code(other, 422, NULL, "duplicate_account");
  assert_member(other, "type", "Validation");
  assert_non_null(strstr(answer_text(other, "error"), "1.01.001"));
}

/* F-64: only what was asked for, and what was left out is in the totals */
static void
test_filters_choose_among_accounts(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = book_new("EFFECTI", NULL);
  put(book, "1", "Ativo", "30.00", "0");
  put(book, "1.01.001", "Caixa", "10.00", "0");
  put(book, "1.01.002", "Banco", "20.00", "0");
  put(book, "1.01.003", "Vazia", "0", "0");
  put(book, "2.01.001", "Fornecedores", "0", "20.00");
  put(book, "4.01.001", "Receita", "0", "40.00");
  g_autoptr(Answer) answer =
      book_ask(book, TRIAL_BALANCE,
               JANUARY "&account_types=Ativo,passivo&include_zero_balances=false&level=3");
  assert_status(answer, 200);
  assert_at(answer, "accounts.0.account_code", "1.01.001");
  assert_at(answer, "accounts.1.account_code", "1.01.002");
  assert_at(answer, "accounts.2.account_code", "2.01.001");
  assert_at(answer, "accounts.3", NULL);
  assert_at(answer, "metadata.total_debit", "60.00");
  assert_at(answer, "metadata.total_credit", "60.00");
  assert_at(answer, "metadata.account_count", "6");
  assert_at(answer, "metadata.returned_count", "3");
  assert_at(answer, "metadata.filters.account_types", "[\"ASSET\",\"LIABILITY\"]");
  assert_at(answer, "metadata.filters.include_zero_balances", "false");
  assert_at(answer, "metadata.filters.level", "3");
  g_autoptr(Answer) range =
      book_ask(book, TRIAL_BALANCE, JANUARY "&account_from=1.01.002&account_to=2.01.001");
  assert_at(range, "metadata.returned_count", "3");
  assert_at(range, "metadata.account_count", "6");
  g_autoptr(Answer) none = book_ask(book, TRIAL_BALANCE, JANUARY "&account_types=PL");
  assert_status(none, 200);
  assert_at(none, "accounts", "[]");
  assert_at(none, "metadata.total_debit", "60.00");
}

/* 2.4: by segments, as people count */
static void
test_accounts_are_in_the_order_of_the_chart(G_GNUC_UNUSED void **state)
{
  static const char *const codes[] = {"1.2", "1.10", "1.10.1", "4.1"};
  g_autoptr(Book) book = book_new("EFFECTI", NULL);
  for (gsize i = G_N_ELEMENTS(codes); i > 0; i--)
    put(book, codes[i - 1], "Conta", "0", "0");
  g_autoptr(Answer) answer = book_ask(book, TRIAL_BALANCE, JANUARY);
  assert_status(answer, 200);
  for (gsize i = 0; i < G_N_ELEMENTS(codes); i++) {
    g_autofree char *path = g_strdup_printf("accounts.%zu.account_code", i);
    assert_at(answer, path, codes[i]);
  }
  assert_at(answer, "accounts.2.parent_account_code", "1.10");
}

/* F-65: what test_erp_routes.c does not ask */
static void
test_a_wrong_parameter_is_refused_before_anybody_is_asked(G_GNUC_UNUSED void **state)
{
  static const struct {
    const char *query, *code;
  } cases[] = {
      {JANUARY "&level=16", "invalid_parameter"},
      {JANUARY "&strict=sim", "invalid_parameter"},
      {JANUARY "&account_types=ATIVO,BENS", "invalid_parameter"},
      {JANUARY "&account_from=2&account_to=1", "invalid_parameter"},
      {JANUARY "&account=1.01.001", "unknown_parameter"},
      {JANUARY "&to=2026-01-31", "repeated_parameter"},
      {"from=2026-02-30&to=2026-03-01", "invalid_parameter"},
      {"from=2020-01-01&to=2025-01-01", "invalid_period"},
      {"from=01/01/2026&to=2026-01-31", "invalid_parameter"},
      {JANUARY "&company_id=0%0d%0a1", "invalid_parameter"},
  };
  g_autoptr(Book) book = book_new("EFFECTI", NULL);
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(Answer) answer = book_ask(book, TRIAL_BALANCE, cases[i].query);
    if (answer->status != 400)
      fail_msg("%s: %u %.300s", cases[i].query, answer->status, answer->body);
    assert_error_code(answer, 400, NULL, cases[i].code);
  }
  assert_int_equal(book_calls(book, NULL), 0);
}

/* F-66 */
static void
test_an_erp_of_one_company_stands_for_it(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = book_new("DATAHUB", NULL);
  book_seed(book, "2026-01-01", 11, 10, 1);
  book_serve(book, TRIAL_BALANCE);
  g_autoptr(Answer) answer =
      call("GET", "/api/erp/trial-balance?company=omie&" JANUARY, .token = book_bearer());
  assert_status(answer, 200);
  assert_at(answer, "metadata.source", "Omie");
  assert_int_equal(book_calls(book, "ListarBalancete"), 1);
}

/* 1.3: however a company is written, and whichever of its numbers is meant */
static void
test_a_company_has_several_names_and_numbers(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = book_new("ONCLICK", NULL);
  book_seed(book, "2026-01-01", 11, 10, 1);
  book_serve(book, TRIAL_BALANCE);
  g_autoptr(Answer) named =
      call("GET", "/api/erp/trial-balance?company=OnClick&" JANUARY, .token = book_bearer());
  assert_status(named, 200);
  assert_member(named, "company_id", "01");
  g_autoptr(Answer) other = book_call(book, TRIAL_BALANCE, JANUARY "&company_id=02");
  assert_error_code(other, 422, NULL, "erp_rejected_request");
  g_autofree char *sent = book_parameter(book, "trial-balance", 2, "empresa");
  assert_string_equal(sent, "02");
}

/* F-67: what was exported is what is read back */
static void
test_csv_parses_back(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = book_new("EFFECTI", NULL);
  put(book, "1.01.001", "=HYPERLINK(1), \\\"x\\\"\\nfim", "10.00", "0");
  put(book, "1.01.002", "-2+3", "0", "0");
  put(book, "1.01.003", "@soma", "0", "0");
  put(book, "4.01.001", "Receita", "0", "10.00");
  g_autoptr(Answer) answer = book_ask(book, TRIAL_BALANCE, JANUARY, "HTTP_ACCEPT=text/csv");
  assert_status(answer, 200);
  assert_header(answer, "content-type", "text/csv; charset=utf-8");
  assert_header(answer, "x-content-type-options", "nosniff");
  assert_string_equal(
      answer->body,
      "account_code,account_name,account_type,parent_account_code,level,opening_balance,"
      "debit_amount,credit_amount,closing_balance,is_summary\r\n"
      "1.01.001,\"'=HYPERLINK(1), \"\"x\"\"\nfim\",ASSET,,3,0.00,10.00,0.00,10.00,false\r\n"
      "1.01.002,'-2+3,ASSET,,3,0.00,0.00,0.00,0.00,false\r\n"
      "1.01.003,'@soma,ASSET,,3,0.00,0.00,0.00,0.00,false\r\n"
      "4.01.001,Receita,REVENUE,,3,0.00,0.00,10.00,10.00,false\r\n");
}

/* F-67: in an entry's description */
static void
test_entries_parse_back_from_csv(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = book_new("EFFECTI", "ctb_v1");
  book_put(book, "subledger",
           "{\"id\":\"7\",\"transactionDate\":\"2026-01-05\",\"accountCode\":\"1.01.001\","
           "\"accountName\":\"Caixa\",\"debitValue\":350.00,\"creditValue\":0,"
           "\"history\":\"=HYPERLINK(1), \\\"x\\\"\\nfim\",\"documentNumber\":\"1203\"}");
  g_autoptr(Answer) answer = book_ask(book, SUBLEDGER, "account=1.01.001&format=csv&" JANUARY);
  assert_status(answer, 200);
  assert_string_equal(
      answer->body,
      "entry_id,transaction_date,posting_date,account_code,account_name,debit_amount,"
      "credit_amount,description,document_number,document_type,cost_center,entity_id,entity_name"
      "\r\n"
      "7,2026-01-05,2026-01-05,1.01.001,Caixa,350.00,0.00,"
      "\"'=HYPERLINK(1), \"\"x\"\"\nfim\",1203,,,,\r\n");
}

/* 9: what a caller accepts decides, unless he says it in the URL */
static void
test_the_form_is_the_one_that_is_wanted(G_GNUC_UNUSED void **state)
{
  static const struct {
    const char *accept, *query;
    guint status;
    const char *type;
  } cases[] = {
      {"*/*", "", 200, "application/json; charset=utf-8"},
      {"text/html, application/*;q=0.8", "", 200, "application/json; charset=utf-8"},
      {"application/json;q=0.5, text/csv", "", 200, "text/csv; charset=utf-8"},
      {"text/html", "&format=csv", 200, "text/csv; charset=utf-8"},
      {"text/csv", "&format=json", 200, "application/json; charset=utf-8"},
      {"text/html", "", 406, "application/json; charset=utf-8"},
      {"text/csv;q=0, application/json;q=0", "", 406, "application/json; charset=utf-8"},
  };
  g_autoptr(Book) book = book_new("EFFECTI", NULL);
  put(book, "1.01.001", "Caixa", "0", "0");
  book_serve(book, TRIAL_BALANCE);
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *accept = g_strconcat("Accept: ", cases[i].accept, NULL);
    g_autofree char *query = g_strconcat(JANUARY, cases[i].query, NULL);
    g_autofree char *path = book_path(book, TRIAL_BALANCE, query);
    g_autoptr(Answer) answer = call("GET", path, .token = book_bearer(), .headers = {accept});
    assert_status(answer, cases[i].status);
    assert_header(answer, "content-type", cases[i].type);
  }
}

/* 9: it is held in memory */
static void
test_a_balance_of_too_many_accounts_is_refused(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = book_new("EFFECTI", NULL);
  ledger_setting("totvs", "paging", "N");
  sql("insert into sandbox.ledger_row (who, kind, body)"
      " select $1, 'trial-balance', '{\"CT1_CONTA\":\"1.' || n || '\",\"CT1_DESC01\":\"Conta\"}'"
      "   from generate_series(1, 50001) n",
      book_who(book));
  g_autoptr(Answer) answer = book_ask(book, TRIAL_BALANCE, JANUARY);
  assert_status(answer, 422);
  assert_member(answer, "type", "Validation");
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      LEDGER_CASE(test_totals_may_differ_by_a_centavo),
      LEDGER_CASE(test_totals_that_differ_by_two_are_told_or_refused),
      LEDGER_CASE(test_an_account_that_comes_twice_is_kept_once),
      LEDGER_CASE(test_filters_choose_among_accounts),
      LEDGER_CASE(test_accounts_are_in_the_order_of_the_chart),
      LEDGER_CASE(test_a_wrong_parameter_is_refused_before_anybody_is_asked),
      LEDGER_CASE(test_an_erp_of_one_company_stands_for_it),
      LEDGER_CASE(test_a_company_has_several_names_and_numbers),
      LEDGER_CASE(test_csv_parses_back),
      LEDGER_CASE(test_entries_parse_back_from_csv),
      LEDGER_CASE(test_the_form_is_the_one_that_is_wanted),
      LEDGER_CASE(test_a_balance_of_too_many_accounts_is_refused),
  };
  return RUN("trial balances", tests);
}
