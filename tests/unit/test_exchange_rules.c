/* What an ERP's answer means, and what of its words is shown (erp-connectors.md 4.1, 7). */
#include "unit.h"

#include <string.h>

#include "net/exchange.h"

/* What is to be done, as one word: "fine", else what may come together. */
static char *
meaning_of(guint status, HttpsOutcome outcome, BodyState body)
{
  g_auto(ExchangeVerdict) verdict = {
      .status = status, .https = {.outcome = outcome}, .body = body, .stated_wait_s = -1};
  exchange_judge(&verdict);
  if (verdict.fine)
    return g_strdup("fine");
  assert_non_null(verdict.message);
  g_autoptr(GError) error = g_error_new_literal(PONTE_ERROR, (gint)verdict.code, verdict.message);
  return g_strconcat(error_word(error), verdict.retried ? " again" : "",
                     verdict.counts ? " counts" : "", verdict.is_expired ? " expired" : "", NULL);
}

static void
assert_means(guint status, HttpsOutcome outcome, BodyState body, const char *expected)
{
  g_autofree char *meaning = meaning_of(status, outcome, body);
  if (!g_str_equal(meaning, expected))
    fail_msg("%u, %s, %d: \"%s\", not \"%s\"", status, https_outcome_name(outcome), (int)body,
             meaning, expected);
}

static void
assert_status_means(guint status, const char *expected)
{
  assert_means(status, HTTPS_ANSWERED, BODY_WHOLE, expected);
}

/* F-14, F-15, F-10 */
static void
test_failures_that_may_pass_are_asked_again(G_GNUC_UNUSED void **state)
{
  static const guint failures[] = {500, 502, 503};
  for (gsize i = 0; i < G_N_ELEMENTS(failures); i++)
    assert_status_means(failures[i], "erp_connection_failed again counts");
  assert_status_means(408, "erp_timeout again counts");
  assert_status_means(504, "erp_timeout again counts");
  assert_status_means(429, "erp_rate_limited again");
  assert_status_means(425, "erp_rate_limited again");
}

/* F-16, F-17, F-38: these are answers, not failures of the host */
static void
test_refusals_are_final_and_do_not_count(G_GNUC_UNUSED void **state)
{
  static const guint refusals[] = {400, 402, 405, 406, 409, 410, 413, 415, 422, 451};
  for (gsize i = 0; i < G_N_ELEMENTS(refusals); i++)
    assert_status_means(refusals[i], "erp_rejected_request");
  assert_status_means(403, "erp_forbidden");
  assert_status_means(404, "erp_resource_not_found");
  assert_status_means(401, "erp_authentication_failed expired");
}

/* F-57 */
static void
test_a_redirect_is_refused(G_GNUC_UNUSED void **state)
{
  static const guint redirects[] = {300, 301, 302, 303, 304, 307, 308};
  for (gsize i = 0; i < G_N_ELEMENTS(redirects); i++)
    assert_status_means(redirects[i], "redirect_refused counts");
}

static void
test_other_failures_of_the_server_are_final(G_GNUC_UNUSED void **state)
{
  assert_status_means(501, "erp_connection_failed counts");
  assert_status_means(505, "erp_connection_failed counts");
}

static void
test_what_breaks_off_is_asked_again(G_GNUC_UNUSED void **state)
{
  assert_means(0, HTTPS_NOT_SENT, BODY_WHOLE, "erp_connection_failed again counts");
  assert_means(0, HTTPS_FAILED, BODY_WHOLE, "erp_connection_failed again counts");
  assert_means(500, HTTPS_FAILED, BODY_WHOLE, "erp_connection_failed again counts");
  assert_means(0, HTTPS_TIMED_OUT, BODY_WHOLE, "erp_timeout again counts");
  assert_means(200, HTTPS_TIMED_OUT, BODY_WHOLE, "erp_timeout again counts");
}

/* F-19 */
static void
test_a_body_shorter_than_declared_is_truncated(G_GNUC_UNUSED void **state)
{
  assert_means(200, HTTPS_FAILED, BODY_WHOLE, "truncated_body again counts");
}

/* F-56 */
static void
test_a_certificate_that_does_not_hold_is_final_and_counts(G_GNUC_UNUSED void **state)
{
  assert_means(0, HTTPS_UNTRUSTED, BODY_WHOLE, "tls_verification_failed counts");
}

static void
test_an_address_that_is_not_public_is_a_matter_of_configuration(G_GNUC_UNUSED void **state)
{
  assert_means(0, HTTPS_NOT_PUBLIC, BODY_WHOLE, "erp_not_configured");
}

static void
test_an_answer_that_is_too_large_is_final(G_GNUC_UNUSED void **state)
{
  assert_means(200, HTTPS_TOO_LARGE, BODY_WHOLE, "erp_answer_too_large");
  assert_means(0, HTTPS_TOO_LARGE, BODY_WHOLE, "erp_answer_too_large"); /* a header */
  assert_means(502, HTTPS_TOO_LARGE, BODY_WHOLE, "erp_connection_failed again counts");
}

/* F-18, F-20, F-22 */
static void
test_the_body_of_a_good_answer_decides(G_GNUC_UNUSED void **state)
{
  assert_means(200, HTTPS_ANSWERED, BODY_WHOLE, "fine");
  assert_means(204, HTTPS_ANSWERED, BODY_NONE, "fine");
  assert_means(200, HTTPS_ANSWERED, BODY_NONE, "fine");
  assert_means(200, HTTPS_ANSWERED, BODY_TRUNCATED, "truncated_body again counts");
  assert_means(200, HTTPS_REFUSED, BODY_UNEXPECTED, "unexpected_content again counts");
  assert_means(200, HTTPS_REFUSED, BODY_MISSHAPEN, "erp_data_invalid");
  assert_means(200, HTTPS_REFUSED, BODY_STOPPED, "fine");
  assert_means(200, HTTPS_REFUSED, BODY_UNTAKEN, "internal_error");
}

/* F-21 */
static void
test_the_page_that_comes_with_a_failure_does_not_matter(G_GNUC_UNUSED void **state)
{
  assert_means(502, HTTPS_ANSWERED, BODY_UNEXPECTED, "erp_connection_failed again counts");
  assert_means(404, HTTPS_ANSWERED, BODY_TRUNCATED, "erp_resource_not_found");
}

static RateOutcome
outcome_of(guint status, HttpsOutcome outcome, BodyState body)
{
  g_auto(ExchangeVerdict) verdict = {
      .status = status, .https = {.outcome = outcome}, .body = body, .stated_wait_s = -1};
  exchange_judge(&verdict);
  return exchange_outcome(&verdict);
}

/* 4.2 */
static void
test_the_breaker_learns_what_the_table_says(G_GNUC_UNUSED void **state)
{
  assert_int_equal(outcome_of(200, HTTPS_ANSWERED, BODY_WHOLE), RATE_SUCCEEDED);
  assert_int_equal(outcome_of(200, HTTPS_REFUSED, BODY_STOPPED), RATE_SUCCEEDED);
  assert_int_equal(outcome_of(500, HTTPS_ANSWERED, BODY_WHOLE), RATE_FAILED);
  assert_int_equal(outcome_of(0, HTTPS_UNTRUSTED, BODY_WHOLE), RATE_FAILED);
  assert_int_equal(outcome_of(200, HTTPS_REFUSED, BODY_UNEXPECTED), RATE_FAILED);
  assert_int_equal(outcome_of(401, HTTPS_ANSWERED, BODY_WHOLE), RATE_UNCOUNTED);
  assert_int_equal(outcome_of(429, HTTPS_ANSWERED, BODY_WHOLE), RATE_UNCOUNTED);
  assert_int_equal(outcome_of(200, HTTPS_REFUSED, BODY_MISSHAPEN), RATE_UNCOUNTED);
  assert_int_equal(outcome_of(200, HTTPS_REFUSED, BODY_UNTAKEN), RATE_CANCELLED);
  const ExchangeVerdict no_records = {.status = 500, .fine = TRUE}; /* F-44: an ERP's own judge */
  assert_int_equal(exchange_outcome(&no_records), RATE_UNCOUNTED);
}

static void
test_a_wait_that_the_erp_states_is_told(G_GNUC_UNUSED void **state)
{
  g_auto(ExchangeVerdict) verdict = {.status = 429, .stated_wait_s = 12};
  exchange_judge(&verdict);
  assert_string_equal(verdict.message, "O ERP pediu para esperar 12 s.");
}

static void
assert_clean(const char *text, const char *expected)
{
  static const char *const secrets[] = {"s3cr+t key", "", "abc/def==", NULL};
  g_autofree char *clean = exchange_clean(text, secrets);
  assert_string_equal(clean, expected);
}

/* 7: upstream_message; F-58 */
static void
test_words_of_the_erp_are_shown_without_secrets(G_GNUC_UNUSED void **state)
{
  assert_clean("key s3cr+t key refused", "key *** refused");
  assert_clean("?key=s3cr%2Bt%20key&x=1", "?key=***&x=1");
  assert_clean("Basic czNjcit0IGtleQ== no", "Basic *** no");
  assert_clean("abc/def==abc/def==", "******");
}

static void
test_words_of_the_erp_are_shown_without_documents(G_GNUC_UNUSED void **state)
{
  assert_clean("CPF 12345678901 e CNPJ 12345678000195", "CPF *** e CNPJ ***");
  assert_clean("CPF 123.456.789-01, CNPJ 12.345.678/0001-95.", "CPF ***, CNPJ ***.");
  assert_clean("(12345678901)", "(***)");
  assert_clean("pedido 1234567890, nota 123456789012", "pedido 1234567890, nota 123456789012");
}

static void
test_words_of_the_erp_are_one_short_line(G_GNUC_UNUSED void **state)
{
  assert_clean(" a\r\n\tb\x01 c \x7f", "a b c");
  assert_clean("ação \xff!", "ação \xEF\xBF\xBD!");
  g_autofree char *text = g_strnfill(500, 'x');
  g_autofree char *clean = exchange_clean(text, NULL);
  assert_int_equal(strlen(clean), 200);
  assert_null(exchange_clean(NULL, NULL));
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_failures_that_may_pass_are_asked_again),
      cmocka_unit_test(test_refusals_are_final_and_do_not_count),
      cmocka_unit_test(test_a_redirect_is_refused),
      cmocka_unit_test(test_other_failures_of_the_server_are_final),
      cmocka_unit_test(test_what_breaks_off_is_asked_again),
      cmocka_unit_test(test_a_body_shorter_than_declared_is_truncated),
      cmocka_unit_test(test_a_certificate_that_does_not_hold_is_final_and_counts),
      cmocka_unit_test(test_an_address_that_is_not_public_is_a_matter_of_configuration),
      cmocka_unit_test(test_an_answer_that_is_too_large_is_final),
      cmocka_unit_test(test_the_body_of_a_good_answer_decides),
      cmocka_unit_test(test_the_page_that_comes_with_a_failure_does_not_matter),
      cmocka_unit_test(test_the_breaker_learns_what_the_table_says),
      cmocka_unit_test(test_a_wait_that_the_erp_states_is_told),
      cmocka_unit_test(test_words_of_the_erp_are_shown_without_secrets),
      cmocka_unit_test(test_words_of_the_erp_are_shown_without_documents),
      cmocka_unit_test(test_words_of_the_erp_are_one_short_line),
  };
  return cmocka_run_group_tests_name("exchange rules", tests, NULL, NULL);
}
