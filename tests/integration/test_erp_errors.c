/* What a caller is told of each failure (erp-connectors.md 7). */
#include "harness_ledger.h"

#include <string.h>

#define JANUARY "from=2026-01-01&to=2026-01-31"
#define ACCOUNT "account=1.01.001&" JANUARY
#define BALANCE "trial-balance"

static Book *
totvs_book(void)
{
  Book *book = book_new("EFFECTI", NULL);
  g_autofree char *token = book_token_make(book);
  book_seed(book, "2026-01-01", 11, 10, 1);
  book_set(book, "AUTH_TYPE", "bearer_token");
  book_set(book, "TOKEN", token);
  book_setting(book, "ERP_RETRY_ATTEMPTS", "1");
  return book;
}

/* 4.1, 7: each status of the ERP */
static void
test_each_status_of_the_erp_has_its_own_meaning(G_GNUC_UNUSED void **state)
{
  static const struct {
    guint status, answered;
    const char *code, *type, *retryable;
  } cases[] = {
      {400, 422, "erp_rejected_request", "Validation", "false"},
      {401, 502, "erp_authentication_failed", "Authentication", "false"},
      {403, 502, "erp_forbidden", "Authentication", "false"},
      {404, 404, "erp_resource_not_found", "NotFound", "false"},
      {405, 422, "erp_rejected_request", "Validation", "false"},
      {408, 504, "erp_timeout", "Timeout", "true"},
      {409, 422, "erp_rejected_request", "Validation", "false"},
      {410, 422, "erp_rejected_request", "Validation", "false"},
      {415, 422, "erp_rejected_request", "Validation", "false"},
      {422, 422, "erp_rejected_request", "Validation", "false"},
      {429, 429, "erp_rate_limited", "RateLimit", "true"},
      {500, 502, "erp_connection_failed", "Connection", "true"},
      {502, 502, "erp_connection_failed", "Connection", "true"},
      {503, 502, "erp_connection_failed", "Connection", "true"},
      {504, 504, "erp_timeout", "Timeout", "true"},
  };
  g_autoptr(Book) book = totvs_book();
  book_setting(book, "ERP_BREAKER_FAILURES", "100");
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *status = g_strdup_printf("%u", cases[i].status);
    book_fault(book, .kind = BALANCE, .status = cases[i].status);
    g_autoptr(Answer) answer = book_ask(book, TRIAL_BALANCE, JANUARY);
    assert_error_code(answer, cases[i].answered, NULL, cases[i].code);
    assert_at(answer, "type", cases[i].type);
    assert_at(answer, "retryable", cases[i].retryable);
    assert_at(answer, "upstream_status", status);
    assert_int_equal(book_calls(book, BALANCE), i + 1);
  }
}

/* 7: all members, always, in this order */
static void
test_an_error_says_everything_or_null(G_GNUC_UNUSED void **state)
{
  static const char *const members[] = {"ok",
                                        "error",
                                        "code",
                                        "requestId",
                                        "type",
                                        "erp",
                                        "company",
                                        "operation",
                                        "retryable",
                                        "retry_after",
                                        "attempts",
                                        "upstream_status",
                                        "upstream_message",
                                        "details"};
  g_autoptr(Book) book = totvs_book();
  book_fault(book, .kind = "subledger", .status = 429, .headers = "{\"Retry-After\":\"12\"}",
             .body = "{\"errorCode\":429,\"errorMessage\":\"Limite de requisições\\natingido\"}");
  g_autoptr(Answer) answer = book_ask(book, SUBLEDGER, ACCOUNT);
  assert_error_code(answer, 429, "O ERP pediu para esperar 12 s.", "erp_rate_limited");
  void *member = json_object_iter(answer->json);
  for (gsize i = 0; i < G_N_ELEMENTS(members); i++) {
    assert_non_null(member);
    assert_string_equal(json_object_iter_key(member), members[i]);
    member = json_object_iter_next(answer->json, member);
  }
  assert_at(answer, "erp", "totvs_protheus");
  assert_at(answer, "company", "EFFECTI");
  assert_at(answer, "operation", "get_subledger_details");
  assert_at(answer, "retry_after", "12");
  assert_at(answer, "attempts", "1");
  assert_at(answer, "upstream_message", "Limite de requisições atingido");
  assert_at(answer, "details", "[]");
  assert_header(answer, "retry-after", "12");
  assert_header(answer, "cache-control", "no-store");
  assert_header(answer, "x-request-id", answer_text(answer, "requestId"));
}

/* 7: nothing that identifies a person or opens a door */
static void
test_the_erp_s_words_are_made_fit_to_be_shown(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = book_new("EFFECTI", NULL);
  g_autofree char *padding = g_strnfill(300, 'x');
  g_autofree char *body = g_strdup_printf(
      "{\"errorCode\":400,\"errorMessage\":\"CPF 52998224725, CNPJ 12.345.678/0001-95, segredo %s;"
      " \\u0007%s\"}",
      book_login(book, "client_secret"), padding);
  book_fault(book, .kind = BALANCE, .status = 400, .body = body);
  g_autoptr(Answer) answer = book_ask(book, TRIAL_BALANCE, JANUARY);
  assert_error_code(answer, 422, NULL, "erp_rejected_request");
  assert_null(strstr(answer->body, "52998224725"));
  assert_null(strstr(answer->body, "678/0001"));
  assert_null(strstr(answer->body, book_login(book, "client_secret")));
  g_autofree char *told = answer_at(answer, "upstream_message");
  assert_true(g_str_has_prefix(told, "CPF "));
  assert_in_range(g_utf8_strlen(told, -1), 60, 200);
  for (const char *byte = told; *byte != '\0'; byte++)
    assert_true((guchar)*byte >= ' ');
}

/* 4.1: well-formed, but not what was asked for: asking again would not help */
static void
test_an_answer_of_another_shape_is_the_erp_s_fault(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = totvs_book();
  book_setting(book, "ERP_RETRY_ATTEMPTS", "3");
  book_fault(book, .kind = BALANCE, .status = 200, .body = "{\"saldo\":{\"total\":1}}");
  g_autoptr(Answer) answer = book_ask(book, TRIAL_BALANCE, JANUARY);
  assert_error_code(answer, 422, NULL, "erp_data_invalid");
  assert_at(answer, "type", "Validation");
  assert_at(answer, "retryable", "false");
  assert_int_equal(json_array_size(json_object_get(answer->json, "details")), 1);
  assert_int_equal(book_calls(book, BALANCE), 1);
}

/* 7: what the caller did wrong comes before what the ERP does */
static void
test_failures_that_need_no_erp_are_told_without_asking_it(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = totvs_book();
  g_autoptr(Answer) period = book_ask(book, TRIAL_BALANCE, "from=2026-02-01&to=2026-01-01");
  assert_error_code(period, 400, NULL, "invalid_period");
  assert_at(period, "type", "Validation");
  assert_at(period, "attempts", "null");
  assert_at(period, "details.0.code", "invalid_period");
  book_set(book, "TENANT", "");
  g_autoptr(Answer) tenant = book_ask(book, TRIAL_BALANCE, JANUARY);
  assert_error_code(tenant, 503, NULL, "erp_not_configured");
  assert_at(tenant, "type", "Configuration");
  assert_at(tenant, "retryable", "false");
  assert_at(tenant, "company", "EFFECTI");
  assert_null(answer_header(tenant, "retry-after"));
  assert_int_equal(book_calls(book, NULL), 0);
}

/* 7: what an ERP does not offer */
static void
test_what_an_erp_cannot_do_is_not_implemented(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = book_new("LEADLOVERS", NULL);
  g_autoptr(Answer) answer = book_ask(book, TRIAL_BALANCE, JANUARY "&cost_center=CC001");
  assert_error_code(answer, 501, NULL, "operation_unsupported");
  assert_at(answer, "type", "Unsupported");
  assert_at(answer, "erp", "bling");
  assert_int_equal(book_calls(book, NULL), 0);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      LEDGER_CASE(test_each_status_of_the_erp_has_its_own_meaning),
      LEDGER_CASE(test_an_error_says_everything_or_null),
      LEDGER_CASE(test_the_erp_s_words_are_made_fit_to_be_shown),
      LEDGER_CASE(test_an_answer_of_another_shape_is_the_erp_s_fault),
      LEDGER_CASE(test_failures_that_need_no_erp_are_told_without_asking_it),
      LEDGER_CASE(test_what_an_erp_cannot_do_is_not_implemented),
  };
  return RUN("errors of ERPs", tests);
}
