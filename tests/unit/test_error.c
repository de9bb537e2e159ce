/* The table of errors: statuses, words, and what callers may read. */
#include "unit.h"

#include <string.h>

#include "base/error.h"

static GError *
make(PonteErrorCode code)
{
  return g_error_new_literal(PONTE_ERROR, (int)code, "details");
}

static void
test_every_code_has_a_status_and_a_word(G_GNUC_UNUSED void **state)
{
  for (PonteErrorCode code = 0; code < N_ERRORS; code++) {
    g_autoptr(GError) error = make(code);
    assert_in_range(error_status(error), 400, 599);
    assert_non_null(error_word(error));
    assert_true(strlen(error_word(error)) > 0);
  }
}

static void
test_documented_statuses(G_GNUC_UNUSED void **state)
{
  const struct {
    PonteErrorCode code;
    guint status;
    const char *word;
  } cases[] = {
      {ERROR_UNAUTHENTICATED, 401, "unauthenticated"},
      {ERROR_INVALID_TOKEN, 401, "invalid_token"},
      {ERROR_FORBIDDEN, 403, "forbidden"},
      {ERROR_COOLDOWN, 429, "cooldown"},
      {ERROR_RATE_LIMITED, 429, "rate_limited"},
      {ERROR_UPSTREAM_FAULT, 502, "upstream_fault"},
      {ERROR_UPSTREAM_UNAVAILABLE, 502, "upstream_unavailable"},
      {ERROR_UPSTREAM_TIMEOUT, 504, "upstream_timeout"},
      {ERROR_CIRCUIT_OPEN, 503, "circuit_open"},
      {ERROR_DATABASE_UNAVAILABLE, 503, "database_unavailable"},
      {ERROR_INTERNAL, 500, "internal_error"},
  };
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(GError) error = make(cases[i].code);
    assert_int_equal(error_status(error), cases[i].status);
    assert_string_equal(error_word(error), cases[i].word);
  }
}

static void
test_details_of_database_and_bugs_are_hidden(G_GNUC_UNUSED void **state)
{
  const struct {
    PonteErrorCode code;
    const char *text;
  } cases[] = {
      {ERROR_DATABASE_UNAVAILABLE, "Serviço indisponível."},
      {ERROR_DATABASE_CONFLICT, "Erro interno."},
      {ERROR_DATABASE, "Erro interno."},
      {ERROR_INTERNAL, "Erro interno."},
  };
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(GError) error = make(cases[i].code);
    assert_string_equal(error_public_text(error), cases[i].text);
    assert_true(error_is_private(error));
  }
}

static void
test_the_callers_own_errors_are_told_in_full(G_GNUC_UNUSED void **state)
{
  g_autoptr(GError) error = make(ERROR_INVALID_PARAMETER);
  assert_string_equal(error_public_text(error), "details");
  assert_false(error_is_private(error));
}

static void
test_a_foreign_error_counts_as_internal(G_GNUC_UNUSED void **state)
{
  g_autoptr(GError) foreign = g_error_new_literal(G_CONVERT_ERROR, 1, "/etc/secret");
  g_autoptr(GError) beyond = g_error_new_literal(PONTE_ERROR, N_ERRORS, "x");
  g_autoptr(GError) below = g_error_new_literal(PONTE_ERROR, -1, "x");
  const GError *const errors[] = {foreign, beyond, below};
  for (guint i = 0; i < G_N_ELEMENTS(errors); i++) {
    assert_int_equal(error_status(errors[i]), 500);
    assert_string_equal(error_word(errors[i]), "internal_error");
    assert_string_equal(error_public_text(errors[i]), "Erro interno.");
  }
  assert_int_equal(error_status(NULL), 500);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_every_code_has_a_status_and_a_word),
      cmocka_unit_test(test_documented_statuses),
      cmocka_unit_test(test_details_of_database_and_bugs_are_hidden),
      cmocka_unit_test(test_the_callers_own_errors_are_told_in_full),
      cmocka_unit_test(test_a_foreign_error_counts_as_internal),
  };
  return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
