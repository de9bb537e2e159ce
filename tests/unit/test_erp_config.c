/* Where a company's settings come from (erp-connectors.md 8). */
#include "erp_fixture.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

static void
assert_text(const char *company, const char *key, const char *expected)
{
  g_autoptr(ErpConfig) config = erp_fixture_config(company);
  const char *text = erp_config_text(config, key);
  if (expected == NULL)
    assert_null(text);
  else
    assert_string_equal(text, expected);
}

/* A file of the process's own folder, with this text and mode; its path in *path. */
static void
write_file(char **path, const char *text, mode_t mode)
{
  g_autofree char *folder = g_dir_make_tmp("ponte-XXXXXX", NULL);
  *path = g_build_filename(folder, "secret", NULL);
  assert_true(g_file_set_contents(*path, text, -1, NULL));
  assert_int_equal(g_chmod(*path, mode), 0);
}

static void
remove_file(char *path)
{
  g_autofree char *folder = g_path_get_dirname(path);
  g_unlink(path);
  g_rmdir(folder);
  g_free(path);
}

static void
test_a_company_uses_its_own_setting_before_that_of_all(G_GNUC_UNUSED void **state)
{
  erp_fixture_set("TOTVS_CLIENT_ID", "shared");
  assert_text("EFFECTI", "CLIENT_ID", "shared");
  erp_fixture_set("TOTVS_EFFECTI_CLIENT_ID", "own");
  assert_text("EFFECTI", "CLIENT_ID", "own");
  assert_text("ONCLICK", "CLIENT_ID", "shared");
}

static void
test_what_nobody_set_is_the_default_or_nothing(G_GNUC_UNUSED void **state)
{
  assert_text("EFFECTI", "BASE_URL", "https://api.totvs.com.br/protheus");
  assert_text("EFFECTI", "CLIENT_ID", NULL);
  assert_text("EFFECTI", "NO_SUCH_KEY", NULL);
}

static void
test_an_empty_setting_counts_as_missing(G_GNUC_UNUSED void **state)
{
  erp_fixture_set("TOTVS_CLIENT_ID", "shared");
  erp_fixture_set("TOTVS_EFFECTI_CLIENT_ID", "");
  assert_text("EFFECTI", "CLIENT_ID", "shared");
  erp_fixture_set("TOTVS_CLIENT_ID", "");
  assert_text("EFFECTI", "CLIENT_ID", NULL);
  erp_fixture_set("TOTVS_EFFECTI_BASE_URL", "");
  assert_text("EFFECTI", "BASE_URL", "https://api.totvs.com.br/protheus");
}

static void
test_a_file_comes_before_the_variable_of_the_same_name(G_GNUC_UNUSED void **state)
{
  char *path;
  write_file(&path, "from file\n", 0600);
  erp_fixture_set("BLING_API_KEY_FILE", path);
  erp_fixture_set("BLING_API_KEY", "from variable");
  assert_text("LEADLOVERS", "API_KEY", "from file");
  erp_fixture_set("BLING_LEADLOVERS_API_KEY", "own");
  assert_text("LEADLOVERS", "API_KEY", "own");
  erp_fixture_set("BLING_LEADLOVERS_API_KEY_FILE", path);
  assert_text("LEADLOVERS", "API_KEY", "from file");
  remove_file(path);
}

static void
test_one_trailing_newline_of_a_file_is_dropped(G_GNUC_UNUSED void **state)
{
  static const char *const texts[][2] = {
      {"s3", "s3"}, {"s3\n", "s3"}, {"s3\n\n", "s3\n"}, {"\n", NULL}};
  for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
    char *path;
    write_file(&path, texts[i][0], 0400);
    erp_fixture_set("BLING_API_KEY_FILE", path);
    assert_text("LEADLOVERS", "API_KEY", texts[i][1]);
    remove_file(path);
  }
}

static void
assert_file_refused(const char *path)
{
  g_autoptr(GError) error = NULL;
  erp_fixture_set("OMIE_DATAHUB_APP_SECRET_FILE", path);
  assert_null(erp_config_new(erp_company("DATAHUB"), &error));
  erp_fixture_assert_named(&error, "OMIE_DATAHUB_APP_SECRET_FILE", path);
}

static void
test_a_file_that_others_may_read_is_refused_by_its_variables_name(G_GNUC_UNUSED void **state)
{
  static const mode_t modes[] = {0640, 0604, 0610, 0666};
  for (gsize i = 0; i < G_N_ELEMENTS(modes); i++) {
    char *path;
    write_file(&path, "secret", modes[i]);
    assert_file_refused(path);
    remove_file(path);
  }
}

static void
test_what_is_no_regular_file_is_refused(G_GNUC_UNUSED void **state)
{
  g_autofree char *folder = g_dir_make_tmp("ponte-XXXXXX", NULL);
  g_autofree char *pipe = g_build_filename(folder, "pipe", NULL);
  assert_int_equal(mkfifo(pipe, 0600), 0);
  assert_file_refused(pipe);
  assert_file_refused(folder);
  assert_file_refused("/nowhere/secret");
  g_unlink(pipe);
  g_rmdir(folder);
}

static void
test_a_key_is_found_under_its_other_name(G_GNUC_UNUSED void **state)
{
  erp_fixture_set("OMIE_DATAHUB_API_KEY", "k");
  erp_fixture_set("OMIE_DATAHUB_API_SECRET", "s");
  erp_fixture_set("OMIE_DATAHUB_BASE_URL", "https://omie.example/");
  assert_text("DATAHUB", "APP_KEY", "k");
  assert_text("DATAHUB", "APP_SECRET", "s");
  assert_text("DATAHUB", "API_BASE_URL", "https://omie.example/");
  erp_fixture_set("BLING_IPE_DIGITAL_APP_KEY", "b");
  assert_text("IPE_DIGITAL", "API_KEY", "b");
}

static void
test_datahub_uses_the_omie_credentials_of_the_client_sync(G_GNUC_UNUSED void **state)
{
  erp_fixture_set("OMIE_APP_KEY", "1234");
  assert_text("DATAHUB", "APP_KEY", "1234");
}

static void
test_wire_names_are_renamed_for_one_company_or_all(G_GNUC_UNUSED void **state)
{
  erp_fixture_set("TOTVS_WIRE_ENTRIES_PATH", "/all");
  assert_text("ONCLICK", "WIRE_ENTRIES_PATH", "/all");
  erp_fixture_set("TOTVS_ONCLICK_WIRE_ENTRIES_PATH", "/own");
  assert_text("ONCLICK", "WIRE_ENTRIES_PATH", "/own");
  assert_text("EFFECTI", "WIRE_ENTRIES_PATH", "/all");
}

static void
test_a_number_out_of_bounds_is_named_as_it_was_set(G_GNUC_UNUSED void **state)
{
  g_autoptr(GError) error = NULL;
  gint64 number;
  erp_fixture_set("TOTVS_PAGE_SIZE", "0x20");
  g_autoptr(ErpConfig) config = erp_fixture_config("EFFECTI");
  assert_false(erp_config_int(config, "PAGE_SIZE", 1, 1000, 500, &number, &error));
  erp_fixture_assert_named(&error, "TOTVS_PAGE_SIZE", "0x20");
  assert_true(erp_config_int(config, "TIMEOUT_S", 1, 9, 7, &number, &error));
  assert_int_equal(number, 7);
}

static void
test_a_word_that_is_no_choice_is_refused_by_name(G_GNUC_UNUSED void **state)
{
  g_autoptr(GError) error = NULL;
  erp_fixture_set("TOTVS_EFFECTI_BALANCE_SIGN", "upside_down");
  g_autoptr(ErpConfig) config = erp_fixture_config("EFFECTI");
  assert_false(erp_config_check(config, &error));
  erp_fixture_assert_named(&error, "TOTVS_EFFECTI_BALANCE_SIGN", "upside_down");
}

static void
test_a_tenant_with_a_line_break_is_refused(G_GNUC_UNUSED void **state)
{
  static const char *const tenants[] = {"T1\r\nX-Evil: 1", "T1\n", "\rT1"};
  for (gsize i = 0; i < G_N_ELEMENTS(tenants); i++) {
    g_autoptr(GError) error = NULL;
    erp_fixture_set("TOTVS_EFFECTI_TENANT", tenants[i]);
    g_autoptr(ErpConfig) config = erp_fixture_config("EFFECTI");
    assert_false(erp_config_check(config, &error));
    erp_fixture_assert_named(&error, "TOTVS_EFFECTI_TENANT", "X-Evil");
  }
  erp_fixture_set("TOTVS_EFFECTI_TENANT", "T1,D MG 01");
  g_autoptr(ErpConfig) config = erp_fixture_config("EFFECTI");
  assert_true(erp_config_check(config, NULL));
}

/* F-58 */
static void
test_secrets_are_known_in_every_form_they_travel_in(G_GNUC_UNUSED void **state)
{
  erp_fixture_set("TOTVS_EFFECTI_CLIENT_ID", "me");
  erp_fixture_set("TOTVS_EFFECTI_CLIENT_SECRET", "a b/c");
  g_autoptr(ErpConfig) config = erp_fixture_config("EFFECTI");
  const char *const *secrets = erp_config_secrets(config);
  const char *const expected[] = {"a b/c", "a%20b%2Fc", "YSBiL2M=", "me", "bWU6YSBiL2M="};
  for (gsize i = 0; i < G_N_ELEMENTS(expected); i++)
    assert_true(g_strv_contains(secrets, expected[i]));
  assert_false(g_strv_contains(secrets, "https://api.totvs.com.br/protheus"));
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup(name, erp_fixture_clear)
  const struct CMUnitTest tests[] = {
      TEST(test_a_company_uses_its_own_setting_before_that_of_all),
      TEST(test_what_nobody_set_is_the_default_or_nothing),
      TEST(test_an_empty_setting_counts_as_missing),
      TEST(test_a_file_comes_before_the_variable_of_the_same_name),
      TEST(test_one_trailing_newline_of_a_file_is_dropped),
      TEST(test_a_file_that_others_may_read_is_refused_by_its_variables_name),
      TEST(test_what_is_no_regular_file_is_refused),
      TEST(test_a_key_is_found_under_its_other_name),
      TEST(test_datahub_uses_the_omie_credentials_of_the_client_sync),
      TEST(test_wire_names_are_renamed_for_one_company_or_all),
      TEST(test_a_number_out_of_bounds_is_named_as_it_was_set),
      TEST(test_a_word_that_is_no_choice_is_refused_by_name),
      TEST(test_a_tenant_with_a_line_break_is_refused),
      TEST(test_secrets_are_known_in_every_form_they_travel_in),
  };
  return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
