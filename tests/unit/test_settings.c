/* Configuration from environment variables. */
#include "unit.h"

#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/settings.h"

/* Each test starts from an environment without any of our variables. */
static int
clear_environment(G_GNUC_UNUSED void **state)
{
#define SETTING(name, kind, fallback, low, high, meaning) g_unsetenv(#name);
#include "base/settings.def"
#undef SETTING
  return settings_load(NULL) ? 0 : -1;
}

static void
load_with(const char *name, const char *value)
{
  g_setenv(name, value, TRUE);
  assert_true(settings_load(NULL));
}

static void
assert_refused(const char *name, const char *value)
{
  g_autoptr(GError) error = NULL;
  g_setenv(name, value, TRUE);
  assert_false(settings_load(&error));
  assert_true(g_error_matches(error, PONTE_ERROR, ERROR_NOT_CONFIGURED));
  assert_non_null(strstr(error->message, name));
  assert_true(*value == '\0' || strstr(error->message, value) == NULL);
}

static void
test_every_default_is_valid(G_GNUC_UNUSED void **state)
{
  assert_string_equal(setting(JWT_ROLE_CLAIM), "app_metadata.role");
  assert_int_equal(setting_int(OMIE_PAGE_SIZE), 500);
  assert_false(setting_is_set(CRON_SECRET));
  assert_string_equal(setting(CRON_SECRET), "");
}

static void
test_a_variable_overrides_its_default(G_GNUC_UNUSED void **state)
{
  load_with("OMIE_PAGE_SIZE", "50");
  assert_int_equal(setting_int(OMIE_PAGE_SIZE), 50);
  load_with("CRON_SECRET", "x");
  assert_true(setting_is_set(CRON_SECRET));
}

static void
test_a_text_may_be_empty_on_purpose_but_an_empty_number_is_unset(G_GNUC_UNUSED void **state)
{
  assert_string_equal(setting(JWT_AUDIENCE), "authenticated");
  load_with("JWT_AUDIENCE", "");
  assert_false(setting_is_set(JWT_AUDIENCE));
  load_with("OMIE_PAGE_SIZE", "");
  assert_int_equal(setting_int(OMIE_PAGE_SIZE), 500);
}

static void
test_a_number_out_of_bounds_is_refused_by_name_not_value(G_GNUC_UNUSED void **state)
{
  const char *const values[] = {"0",  "1001", "-500", "5x", "0x10", " 50", "9999999999999999999",
                                "abc"};
  for (guint i = 0; i < G_N_ELEMENTS(values); i++) {
    g_autoptr(GError) error = NULL;
    g_setenv("OMIE_PAGE_SIZE", values[i], TRUE);
    assert_false(settings_load(&error));
    assert_non_null(strstr(error->message, "OMIE_PAGE_SIZE"));
  }
  load_with("OMIE_PAGE_SIZE", "1");
  load_with("OMIE_PAGE_SIZE", "1000");
}

static void
test_waits_are_milliseconds_in_order(G_GNUC_UNUSED void **state)
{
  load_with("OMIE_TRANSIENT_WAITS_MS", "20, 50,0");
  assert_int_equal(setting_wait_ms(OMIE_TRANSIENT_WAITS_MS, 0), 20);
  assert_int_equal(setting_wait_ms(OMIE_TRANSIENT_WAITS_MS, 1), 50);
  assert_int_equal(setting_wait_ms(OMIE_TRANSIENT_WAITS_MS, 2), 0);
  assert_int_equal(setting_wait_ms(OMIE_TRANSIENT_WAITS_MS, 3), -1);
}

static void
test_empty_waits_mean_no_repetition(G_GNUC_UNUSED void **state)
{
  load_with("OMIE_RATE_WAITS_MS", "");
  assert_int_equal(setting_wait_ms(OMIE_RATE_WAITS_MS, 0), -1);
}

static void
test_waits_that_are_no_numbers_are_refused(G_GNUC_UNUSED void **state)
{
  assert_refused("OMIE_BUSY_WAITS_MS", "10,,20");
  assert_refused("OMIE_BUSY_WAITS_MS", "10;20");
  assert_refused("OMIE_BUSY_WAITS_MS", "-1");
  assert_refused("OMIE_BUSY_WAITS_MS", "700000");
}

static void
test_a_flag_is_set_by_anything_but_0(G_GNUC_UNUSED void **state)
{
  assert_false(setting_flag(FIN_SYNC_DISABLED));
  load_with("FIN_SYNC_DISABLED", "0");
  assert_false(setting_flag(FIN_SYNC_DISABLED));
  load_with("FIN_SYNC_DISABLED", "1");
  assert_true(setting_flag(FIN_SYNC_DISABLED));
  load_with("FIN_SYNC_DISABLED", "yes");
  assert_true(setting_flag(FIN_SYNC_DISABLED));
}

static void
test_a_list_contains_whole_words_in_exact_case(G_GNUC_UNUSED void **state)
{
  load_with("ROLES_FIN", " admin , cfo,,fin");
  assert_true(setting_lists(ROLES_FIN, "admin"));
  assert_true(setting_lists(ROLES_FIN, "cfo"));
  assert_true(setting_lists(ROLES_FIN, "fin"));
  assert_false(setting_lists(ROLES_FIN, "Fin"));
  assert_false(setting_lists(ROLES_FIN, "fi"));
  assert_false(setting_lists(ROLES_FIN, ""));
  assert_false(setting_lists(ROLES_FIN, "admin , cfo"));
  load_with("ROLES_FIN", "");
  assert_false(setting_lists(ROLES_FIN, "admin"));
  assert_false(setting_lists(ROLES_FIN, ""));
}

static void
test_variables_of_an_erp_are_kept_by_their_full_names(G_GNUC_UNUSED void **state)
{
  load_with("TOTVS_EFFECTI_CLIENT_ID", "id");
  load_with("OMIE_APP_KEY", "1234");
  assert_string_equal(setting_of("TOTVS_EFFECTI_CLIENT_ID"), "id");
  assert_string_equal(setting_of("OMIE_APP_KEY"), "1234");
  assert_null(setting_of("TOTVS_EFFECTI_CLIENT_SECRET"));
  assert_null(setting_of("HOME"));
}

static void
test_a_request_cannot_change_what_was_read_at_the_start(G_GNUC_UNUSED void **state)
{
  load_with("TOTVS_EFFECTI_CLIENT_ID", "id");
  g_setenv("TOTVS_EFFECTI_CLIENT_ID", "somebody else", TRUE);
  assert_string_equal(setting_of("TOTVS_EFFECTI_CLIENT_ID"), "id");
}

static void
test_hidden_secrets_leave_the_environment_but_stay_configured(G_GNUC_UNUSED void **state)
{
  load_with("CRON_SECRET", "0123456789abcdef");
  load_with("BLING_LEADLOVERS_API_KEY", "key");
  load_with("TOTVS_EFFECTI_TENANT", "T1");
  const char *value = g_getenv("BLING_LEADLOVERS_API_KEY");
  settings_hide_secrets();
  assert_null(g_getenv("CRON_SECRET"));
  assert_null(g_getenv("BLING_LEADLOVERS_API_KEY"));
  assert_string_equal(value, ""); /* /proc/self/environ shows the memory itself */
  assert_string_equal(g_getenv("TOTVS_EFFECTI_TENANT"), "T1");
  assert_string_equal(setting(CRON_SECRET), "0123456789abcdef");
  assert_string_equal(setting_of("BLING_LEADLOVERS_API_KEY"), "key");
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup(test_every_default_is_valid, clear_environment),
      cmocka_unit_test_setup(test_a_variable_overrides_its_default, clear_environment),
      cmocka_unit_test_setup(test_a_text_may_be_empty_on_purpose_but_an_empty_number_is_unset,
                             clear_environment),
      cmocka_unit_test_setup(test_a_number_out_of_bounds_is_refused_by_name_not_value,
                             clear_environment),
      cmocka_unit_test_setup(test_waits_are_milliseconds_in_order, clear_environment),
      cmocka_unit_test_setup(test_empty_waits_mean_no_repetition, clear_environment),
      cmocka_unit_test_setup(test_waits_that_are_no_numbers_are_refused, clear_environment),
      cmocka_unit_test_setup(test_a_flag_is_set_by_anything_but_0, clear_environment),
      cmocka_unit_test_setup(test_a_list_contains_whole_words_in_exact_case, clear_environment),
      cmocka_unit_test_setup(test_variables_of_an_erp_are_kept_by_their_full_names,
                             clear_environment),
      cmocka_unit_test_setup(test_a_request_cannot_change_what_was_read_at_the_start,
                             clear_environment),
      cmocka_unit_test_setup(test_hidden_secrets_leave_the_environment_but_stay_configured,
                             clear_environment),
  };
  return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
