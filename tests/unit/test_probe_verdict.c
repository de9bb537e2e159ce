/* What a health probe means. */
#include "erp_fixture.h"

#include "erp/probe_verdict.h"

#define FAST_US 100000

static void
assert_verdict(const ProbeFacts *facts, const char *status, gboolean connected,
               const char *error_message, const char *reason)
{
  g_auto(ErpHealth) health = {0};
  const char *why = probe_judge(facts, &health);
  assert_string_equal(health.status, status);
  assert_int_equal(health.connected, connected);
  assert_non_null(health.message);
  assert_int_equal(health.latency_us, facts->latency_us);
  assert_int_equal(g_strcmp0(health.error_message, error_message), 0);
  assert_int_equal(g_strcmp0(why, reason), 0);
}

static void
assert_failure(PonteErrorCode code, guint status, gboolean has_token, const char *verdict,
               const char *error_message)
{
  g_autoptr(GError) error = g_error_new_literal(PONTE_ERROR, (int)code, "motivo");
  const ProbeFacts facts = {
      .error = error, .status = status, .latency_us = FAST_US, .has_token = has_token};
  assert_verdict(&facts, verdict, g_str_equal(verdict, "degraded"), error_message,
                 error_word(error));
}

static void
test_a_quick_answer_is_healthy(G_GNUC_UNUSED void **state)
{
  const ProbeFacts facts = {.status = 200, .latency_us = FAST_US, .has_token = TRUE};
  assert_verdict(&facts, "healthy", TRUE, NULL, NULL);
}

/* F-68 */
static void
test_an_answer_after_three_seconds_is_degraded(G_GNUC_UNUSED void **state)
{
  const ProbeFacts facts = {.status = 200, .latency_us = 3 * G_USEC_PER_SEC};
  assert_verdict(&facts, "degraded", TRUE, NULL, "slow");
}

/* F-68 */
static void
test_a_rate_limit_is_degraded_ours_or_theirs(G_GNUC_UNUSED void **state)
{
  assert_failure(ERROR_ERP_RATE_LIMITED, 429, TRUE, "degraded", NULL);
  assert_failure(ERROR_ERP_RATE_LIMITED, 0, FALSE, "degraded", NULL);
  assert_failure(ERROR_ERP_DAY_SPENT, 0, FALSE, "degraded", NULL);
}

static void
test_a_missing_path_is_degraded_when_a_token_was_had(G_GNUC_UNUSED void **state)
{
  assert_failure(ERROR_ERP_NOT_FOUND, 404, TRUE, "degraded", NULL);
  assert_failure(ERROR_ERP_NOT_FOUND, 404, FALSE, "unhealthy", "HTTP 404");
}

/* F-24, F-68 */
static void
test_refusals_failures_and_time_outs_are_unhealthy(G_GNUC_UNUSED void **state)
{
  assert_failure(ERROR_ERP_AUTHENTICATION, 401, TRUE, "unhealthy", "HTTP 401");
  assert_failure(ERROR_ERP_FORBIDDEN, 403, TRUE, "unhealthy", "HTTP 403");
  assert_failure(ERROR_ERP_CONNECTION, 503, TRUE, "unhealthy", "HTTP 503");
  assert_failure(ERROR_ERP_TIMEOUT, 0, TRUE, "unhealthy", "motivo");
  assert_failure(ERROR_ERP_UNTRUSTED, 0, TRUE, "unhealthy", "motivo");
  assert_failure(ERROR_ERP_CIRCUIT_OPEN, 0, TRUE, "unhealthy", "motivo");
  assert_failure(ERROR_RATE_STORE_UNAVAILABLE, 0, TRUE, "unhealthy", "motivo");
  assert_failure(ERROR_ERP_REAUTHORIZATION, 0, TRUE, "unhealthy", "motivo");
}

static void
test_what_is_not_configured_was_never_connected(G_GNUC_UNUSED void **state)
{
  assert_failure(ERROR_ERP_NOT_CONFIGURED, 0, FALSE, "disconnected", NULL);
}

/* F-08 */
static void
test_a_renewed_token_that_is_not_written_yet_is_degraded(G_GNUC_UNUSED void **state)
{
  g_autoptr(GError) late = g_error_new_literal(PONTE_ERROR, ERROR_DEADLINE, "prazo");
  const ProbeFacts answered = {.status = 200, .latency_us = FAST_US, .unpersisted = TRUE};
  const ProbeFacts waiting = {.error = late, .latency_us = FAST_US, .unpersisted = TRUE};
  assert_verdict(&answered, "degraded", TRUE, NULL, "refresh_token_unpersisted");
  assert_verdict(&waiting, "degraded", TRUE, NULL, "refresh_token_unpersisted");
}

static void
test_what_the_database_says_stays_with_us(G_GNUC_UNUSED void **state)
{
  g_autoptr(GError) error = g_error_new_literal(PONTE_ERROR, ERROR_DATABASE, "SQLSTATE 42501");
  const ProbeFacts facts = {.error = error};
  assert_verdict(&facts, "unhealthy", FALSE, "Erro interno.", "internal_error");
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup(name, erp_fixture_clear)
  const struct CMUnitTest tests[] = {
      TEST(test_a_quick_answer_is_healthy),
      TEST(test_an_answer_after_three_seconds_is_degraded),
      TEST(test_a_rate_limit_is_degraded_ours_or_theirs),
      TEST(test_a_missing_path_is_degraded_when_a_token_was_had),
      TEST(test_refusals_failures_and_time_outs_are_unhealthy),
      TEST(test_what_is_not_configured_was_never_connected),
      TEST(test_a_renewed_token_that_is_not_written_yet_is_degraded),
      TEST(test_what_the_database_says_stays_with_us),
  };
  return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
