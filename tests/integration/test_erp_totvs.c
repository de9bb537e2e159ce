/* TOTVS Protheus (erp-connectors.md 6.1): how its services are asked, what their rows come to. */
#include <string.h>

#include "harness_ledger_look.h"

#define JANUARY  "from=2026-01-01&to=2026-01-31"
#define BALANCES "trial-balance"

static const char *
text_of(const json_t *object, const char *member)
{
  return json_string_value(json_object_get(object, member));
}

/* IN-2 */
static void
test_the_documented_sample_is_one_account(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = book_new("EFFECTI", NULL);
  book_put(book, BALANCES,
           "{\"CT1_CONTA\":\"1.01.001\",\"CT1_DESC01\":\"Caixa\",\"CTI_SALDOF\":100000.00}");
  g_autoptr(Answer) answer = book_ask(book, TRIAL_BALANCE, "from=2024-01-01&to=2024-12-31");
  assert_status(answer, 200);
  assert_int_equal(json_array_size(json_object_get(answer->json, "accounts")), 1);
  assert_at(answer, "accounts.0.account_code", "1.01.001");
  assert_at(answer, "accounts.0.account_name", "Caixa");
  assert_at(answer, "accounts.0.account_type", "ASSET");
  assert_at(answer, "accounts.0.parent_account_code", "null");
  assert_at(answer, "accounts.0.level", "3");
  assert_at(answer, "accounts.0.closing_balance", "100000.00");
  assert_at(answer, "accounts.0.is_summary", "false");
  assert_at(answer, "metadata.validation.is_valid", "false");
  assert_at(answer, "metadata.validation.errors.0.code", "roll_forward");
  assert_at(answer, "metadata.validation.errors.0.actual", "100000.00");
  assert_at(answer, "metadata.validation.errors.1", NULL);
  assert_at(answer, "metadata.source", "TOTVS Protheus");
  assert_at(answer, "metadata.api_profile", "ctbr020");
  assert_at(answer, "metadata.tenant", book_login(book, "tenant"));
  assert_sent(book, BALANCES, 1, "path", "/totvs/protheus/rest/CTBR020/balancete");
  assert_sent(book, BALANCES, 1, "empresa", "01");
  assert_sent(book, BALANCES, 1, "dataInicial", "20240101");
  assert_sent(book, BALANCES, 1, "dataFinal", "20241231");
  assert_sent(book, BALANCES, 1, "tenantId", book_login(book, "tenant"));
  assert_sent(book, BALANCES, 1, "companyId", NULL);
  assert_int_equal(book_calls(book, BALANCES), 1);
}

static void
test_a_balance_is_what_the_books_say(G_GNUC_UNUSED void **state)
{
  static const char *const codes[] = {"1",        "1.01",     "1.01.001", "1.02.001",
                                      "2.01.001", "3.01.001", "4.01.001", "5.02"};
  static const char *const profiles[] = {"ctbr020", "ctb_v1"};
  for (gsize i = 0; i < G_N_ELEMENTS(profiles); i++) {
    g_autoptr(Book) book = book_new("ONCLICK", profiles[i]);
    book_seed(book, "2026-01-01", 30, 200, 1);
    g_autoptr(Answer) answer = book_ask(book, TRIAL_BALANCE, JANUARY);
    assert_status(answer, 200);
    for (gsize k = 0; k < G_N_ELEMENTS(codes); k++)
      assert_true_to_books(book, answer_account(answer, codes[k]), codes[k]);
    assert_at(answer, "metadata.validation.is_valid", "true");
    assert_at(answer, "metadata.validation.warnings.0", NULL);
    assert_at(answer, "metadata.opening_balance_policy", "source");
    assert_true(json_is_true(json_object_get(answer_account(answer, "1.01"), "is_summary")));
    assert_string_equal(text_of(answer_account(answer, "1.01.001"), "parent_account_code"), "1.01");
    assert_non_null(strstr(answer_text(answer, "company_name"), book_who(book)));
  }
}

/* 1.4, 6.1: the other service has other names, and knows cost centers */
static void
test_ctb_v1_is_asked_in_its_own_words(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = book_new("EFFECTI", "ctb_v1");
  book_seed(book, "2026-01-01", 20, 100, 1);
  g_autoptr(Answer) answer = book_ask(book, TRIAL_BALANCE, JANUARY "&cost_center=CC001");
  assert_status(answer, 200);
  assert_sent(book, BALANCES, 1, "path", "/totvs/protheus/api/ctb/v1/trialbalance");
  assert_sent(book, BALANCES, 1, "companyId", "01");
  assert_sent(book, BALANCES, 1, "startDate", "20260101");
  assert_sent(book, BALANCES, 1, "endDate", "20260131");
  assert_sent(book, BALANCES, 1, "costCenter", "CC001");
  assert_sent(book, BALANCES, 1, "empresa", NULL);
  assert_at(answer, "metadata.api_profile", "ctb_v1");
  assert_at(answer, "metadata.filters.cost_center", "CC001");
  g_autoptr(Book) older = book_new("EFFECTI", NULL);
  g_autoptr(Answer) refused = book_ask(older, TRIAL_BALANCE, JANUARY "&cost_center=CC001");
  assert_error_code(refused, 501, NULL, "operation_unsupported");
  assert_int_equal(book_calls(older, NULL), 0);
}

/* 6.1, 5.8: pages go on while the answer says so */
static void
test_all_pages_of_a_chart_arrive(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = book_new("EFFECTI", NULL);
  book_seed(book, "2026-01-01", 40, 50, 1);
  g_autoptr(Answer) whole = book_ask(book, TRIAL_BALANCE, JANUARY);
  assert_sent(book, BALANCES, 1, "page", "1");
  assert_sent(book, BALANCES, 1, "pageSize", "500");
  book_set(book, "PAGE_SIZE", "15");
  g_autoptr(Answer) paged = book_ask(book, TRIAL_BALANCE, JANUARY);
  assert_status(paged, 200);
  assert_true(json_equal(json_object_get(whole->json, "accounts"),
                         json_object_get(paged->json, "accounts")));
  gint64 pages = book_calls(book, BALANCES) - 1;
  gint64 accounts = (gint64)json_array_size(json_object_get(whole->json, "accounts"));
  assert_int_equal(pages, (accounts + 14) / 15);
  assert_sent(book, BALANCES, 2, "page", "1");
  assert_sent(book, BALANCES, 4, "page", "3");
  assert_sent(book, BALANCES, 4, "pageSize", "15");
  g_autofree char *told = answer_at(paged, "metadata.page_count");
  assert_int_equal(g_ascii_strtoll(told, NULL, 10), pages);
  /* a service that knows no pages answers all at once, without hasNext */
  ledger_setting("totvs", "paging", "N");
  g_autoptr(Answer) single = book_ask(book, TRIAL_BALANCE, JANUARY);
  assert_true(json_equal(json_object_get(whole->json, "accounts"),
                         json_object_get(single->json, "accounts")));
  assert_int_equal(book_calls(book, BALANCES), 1 + pages + 1);
}

/* F-51 */
static void
test_names_in_the_old_charset_are_read(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = book_new("EFFECTI", NULL);
  book_seed(book, "2026-01-01", 20, 20, 1);
  book_account(book, "1.01.009", "Aplicação – “São João”", "ASSET", "0.00");
  book_set(book, "PAGE_SIZE", "15"); /* told once, however many pages */
  book_fault(book, .kind = BALANCES, .trick = "windows-1252", .times = LEDGER_ALWAYS);
  g_autoptr(Answer) answer = book_ask(book, TRIAL_BALANCE, JANUARY);
  assert_status(answer, 200);
  assert_true(book_calls(book, BALANCES) > 1);
  assert_string_equal(text_of(answer_account(answer, "3"), "account_name"), "PATRIMÔNIO LÍQUIDO");
  assert_string_equal(text_of(answer_account(answer, "1.01.009"), "account_name"),
                      "Aplicação – “São João”");
  assert_at(answer, "metadata.validation.warnings.0.code", "charset_decoded");
  assert_at(answer, "metadata.validation.warnings.0.count", "1");
  assert_at(answer, "metadata.validation.warnings.1", NULL);
}

/* F-52 */
static void
test_classes_the_wrong_way_round_are_told(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = book_new("EFFECTI", NULL);
  book_seed(book, "2026-01-01", 20, 100, 1);
  g_autoptr(Answer) documented = book_ask(book, TRIAL_BALANCE, JANUARY);
  assert_false(answer_has_finding(documented, "warnings", "classe_inverted"));
  ledger_setting("totvs", "classe", "protheus");
  g_autoptr(Answer) inverted = book_ask(book, TRIAL_BALANCE, JANUARY);
  assert_status(inverted, 200);
  assert_true(answer_has_finding(inverted, "warnings", "classe_inverted"));
  assert_non_null(strstr(inverted->body, "CLASSE_SEMANTICS"));
  book_set(book, "CLASSE_SEMANTICS", "protheus");
  g_autoptr(Answer) told = book_ask(book, TRIAL_BALANCE, JANUARY);
  assert_false(answer_has_finding(told, "warnings", "classe_inverted"));
  assert_at(told, "metadata.validation.is_valid", "true");
  assert_true(json_equal(json_object_get(told->json, "accounts"),
                         json_object_get(documented->json, "accounts")));
}

/* 0, 6.0: a service under another path is a setting, and what base and path share appears once */
static void
test_a_service_of_another_name_is_found(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = book_new("EFFECTI", NULL);
  book_seed(book, "2026-01-01", 11, 10, 1);
  book_set(book, "WIRE_TRIAL_BALANCE_PATH", "/protheus/api/ctb/v1/trialbalance");
  book_set(book, "WIRE_TRIAL_BALANCE_FROM", "startDate");
  book_set(book, "WIRE_TRIAL_BALANCE_TO", "endDate");
  book_set(book, "WIRE_HEADER_COMPANY", "companyId");
  g_autoptr(Answer) answer = book_ask(book, TRIAL_BALANCE, JANUARY);
  assert_status(answer, 200);
  assert_sent(book, BALANCES, 1, "path", "/totvs/protheus/api/ctb/v1/trialbalance");
  assert_true_to_books(book, answer_account(answer, "1.01.001"), "1.01.001");
}

/* 6.1: both forms of its errors are read, and what they say twice is told once */
static void
test_what_the_erp_said_reaches_the_caller(G_GNUC_UNUSED void **state)
{
#define CLOSED "Calendário contábil fechado"
  static const struct {
    const char *body, *told;
  } cases[] = {
      {"{\"code\":\"CTB-9\",\"message\":\"" CLOSED "\",\"detailedMessage\":\"\"}", CLOSED},
      {"{\"errorCode\":400,\"errorMessage\":\"" CLOSED "\"}", CLOSED},
      {"{\"message\":\"" CLOSED "\",\"detailedMessage\":\"Reabra 01.\"}", CLOSED " Reabra 01."},
      {"{\"message\":\"" CLOSED "\",\"detailedMessage\":\"" CLOSED "\"}", CLOSED},
      {"{\"message\":\"" CLOSED "\",\"detailedMessage\":\"" CLOSED " em 01\"}", CLOSED " em 01"},
      {"{\"errorCode\":400,\"detailedMessage\":\"" CLOSED "\"}", "400 " CLOSED},
  };
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(Book) book = book_new("EFFECTI", NULL);
    book_fault(book, .kind = BALANCES, .status = 400, .body = cases[i].body);
    g_autoptr(Answer) answer = book_ask(book, TRIAL_BALANCE, JANUARY);
    assert_error_code(answer, 422, NULL, "erp_rejected_request");
    assert_at(answer, "upstream_message", cases[i].told);
    assert_int_equal(book_calls(book, BALANCES), 1);
  }
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      LEDGER_CASE(test_the_documented_sample_is_one_account),
      LEDGER_CASE(test_a_balance_is_what_the_books_say),
      LEDGER_CASE(test_ctb_v1_is_asked_in_its_own_words),
      LEDGER_CASE(test_all_pages_of_a_chart_arrive),
      LEDGER_CASE(test_names_in_the_old_charset_are_read),
      LEDGER_CASE(test_classes_the_wrong_way_round_are_told),
      LEDGER_CASE(test_a_service_of_another_name_is_found),
      LEDGER_CASE(test_what_the_erp_said_reaches_the_caller),
  };
  return RUN("TOTVS Protheus", tests);
}
