/* What is told about a failed run besides its text (erp-connectors.md 7). */
#include "unit.h"

#include <string.h>

#include "accounting/failure.h"
#include "base/error.h"
#include "books_fixture.h"

static void
assert_type(PonteErrorCode code, const char *type, gboolean retryable)
{
  g_autoptr(GError) error = g_error_new_literal(PONTE_ERROR, (gint)code, "x");
  assert_string_equal(failure_type(error), type);
  assert_int_equal(failure_is_retryable(error), retryable);
}

static void
test_the_table_of_the_specification(G_GNUC_UNUSED void **state)
{
  assert_type(ERROR_ERP_AUTHENTICATION, "Authentication", FALSE);
  assert_type(ERROR_ERP_UNEXPECTED, "Connection", TRUE);
  assert_type(ERROR_RATE_STORE_UNAVAILABLE, "Connection", TRUE);
  assert_type(ERROR_BUSY, "RateLimit", TRUE);
  assert_type(ERROR_INVALID_PERIOD, "Validation", FALSE);
  assert_type(ERROR_ERP_STRICT, "Validation", FALSE);
  assert_type(ERROR_ERP_CIRCUIT_OPEN, "CircuitOpen", TRUE);
  assert_type(ERROR_DEADLINE, "Timeout", TRUE);
  assert_type(ERROR_COMPANY_UNKNOWN, "NotFound", FALSE);
  assert_type(ERROR_ERP_NOT_CONFIGURED, "Configuration", FALSE);
  assert_type(ERROR_ERP_UNSUPPORTED, "Unsupported", FALSE);
  assert_type(ERROR_INTERNAL, "Internal", FALSE);
}

/* Every code that only these routes have is named: none is Internal by oversight. */
static void
test_no_code_of_the_books_is_internal(G_GNUC_UNUSED void **state)
{
  for (int code = ERROR_UNKNOWN_PARAMETER; code <= ERROR_RATE_STORE_UNAVAILABLE; code++) {
    g_autoptr(GError) error = g_error_new_literal(PONTE_ERROR, code, "x");
    if (strcmp(failure_type(error), "Internal") == 0)
      fail_msg("%s is Internal", error_word(error));
  }
}

static char *
members(const Failure *failure)
{
  g_autoptr(JsonWriter) w = json_writer_new();
  json_open_object(w, NULL);
  failure_write_members(w, failure);
  json_close_object(w);
  return g_strdup(json_writer_text(w));
}

static void
test_all_members_are_there_when_nothing_is_known(G_GNUC_UNUSED void **state)
{
  g_autoptr(GError) error = g_error_new_literal(PONTE_ERROR, ERROR_UNKNOWN_PARAMETER, "Não.");
  const Failure failure = {.error = error, .field = "color"};
  g_autofree char *text = members(&failure);
  assert_string_equal(text,
                      "{\"type\":\"Validation\",\"erp\":null,\"company\":null,\"operation\":null,"
                      "\"retryable\":false,\"retry_after\":null,\"attempts\":null,"
                      "\"upstream_status\":null,\"upstream_message\":null,\"details\":[{\"field\":"
                      "\"color\",\"code\":\"unknown_parameter\",\"message\":\"Não.\"}]}");
}

/* F-66 */
static void
test_an_ambiguous_company_lists_what_to_choose_from(G_GNUC_UNUSED void **state)
{
  g_autoptr(GError) error = g_error_new_literal(PONTE_ERROR, ERROR_AMBIGUOUS_COMPANY, "Qual?");
  const Failure failure = {.error = error, .field = "IPE_DIGITAL,LEADLOVERS"};
  g_autofree char *text = members(&failure);
  assert_non_null(strstr(text, "[{\"field\":\"company\",\"code\":\"ambiguous_company\",\"message\":"
                               "\"IPE_DIGITAL\"},{\"field\":\"company\",\"code\":"
                               "\"ambiguous_company\",\"message\":\"LEADLOVERS\"}]"));
}

/* F-12 */
static void
test_what_the_erp_said_is_told(G_GNUC_UNUSED void **state)
{
  static const ErpProfile profile = {.erp = ERP_TOTVS};
  g_autoptr(GError) error = g_error_new_literal(PONTE_ERROR, ERROR_ERP_RATE_LIMITED, "Espere.");
  g_autoptr(GError) busy = g_error_new_literal(PONTE_ERROR, ERROR_BUSY, "Espere.");
  books_settings(NULL, NULL);
  books_credentials();
  g_autoptr(Erp) erp = books_erp("EFFECTI", &profile);
  erp->last = (ExchangeResult){.attempts = 1, .status = 429, .retry_after_s = 3600};
  erp->last.upstream_message = g_strdup("Limite");
  erp_detail(erp, "account_code", "missing_field", "falta");
  const Failure failure = {.error = error, .erp = erp}, full = {.error = busy};
  g_autofree char *text = members(&failure);
  assert_string_equal(text,
                      "{\"type\":\"RateLimit\",\"erp\":\"totvs_protheus\",\"company\":\"EFFECTI\","
                      "\"operation\":\"get_trial_balance\",\"retryable\":true,\"retry_after\":3600,"
                      "\"attempts\":1,\"upstream_status\":429,\"upstream_message\":\"Limite\","
                      "\"details\":[{\"field\":\"account_code\",\"code\":\"missing_field\","
                      "\"message\":\"falta\"}]}");
  assert_int_equal(failure_retry_after_s(&failure), 3600);
  assert_int_equal(failure_retry_after_s(&full), 5);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_the_table_of_the_specification),
      cmocka_unit_test(test_no_code_of_the_books_is_internal),
      cmocka_unit_test(test_all_members_are_there_when_nothing_is_known),
      cmocka_unit_test(test_an_ambiguous_company_lists_what_to_choose_from),
      cmocka_unit_test(test_what_the_erp_said_is_told),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
