/* Which credential is complete, and what a request carries of it. */
#include "erp_fixture.h"

#include "erp/credential.h"

static const char *
missing(const char *company, AuthType auth)
{
  g_autoptr(ErpConfig) config = erp_fixture_config(company);
  return erp_missing_credential(config, erp_company(company)->erp, auth);
}

/* CR-1 */
static void
test_oauth2_needs_client_id_and_client_secret(G_GNUC_UNUSED void **state)
{
  erp_fixture_set("TOTVS_CLIENT_ID", "id");
  erp_fixture_set("TOTVS_CLIENT_SECRET", "secret");
  assert_null(missing("EFFECTI", AUTH_OAUTH2));
}

/* CR-2 */
static void
test_oauth2_without_a_secret_names_it(G_GNUC_UNUSED void **state)
{
  erp_fixture_set("TOTVS_CLIENT_ID", "id");
  assert_string_equal(missing("EFFECTI", AUTH_OAUTH2), "client_secret");
  erp_fixture_set("TOTVS_CLIENT_SECRET", "");
  assert_string_equal(missing("EFFECTI", AUTH_OAUTH2), "client_secret");
}

/* CR-3 */
static void
test_an_api_key_is_complete_under_either_name(G_GNUC_UNUSED void **state)
{
  assert_string_equal(missing("LEADLOVERS", AUTH_API_KEY), "api_key");
  erp_fixture_set("BLING_API_KEY", "k");
  assert_null(missing("LEADLOVERS", AUTH_API_KEY));
  erp_fixture_set("BLING_API_KEY", NULL);
  erp_fixture_set("BLING_APP_KEY", "k");
  assert_null(missing("LEADLOVERS", AUTH_API_KEY));
}

static void
test_omie_needs_key_and_secret(G_GNUC_UNUSED void **state)
{
  assert_string_equal(missing("DATAHUB", AUTH_API_KEY), "app_key");
  erp_fixture_set("OMIE_APP_KEY", "k");
  assert_string_equal(missing("DATAHUB", AUTH_API_KEY), "app_secret");
  erp_fixture_set("OMIE_DATAHUB_API_SECRET", "s");
  assert_null(missing("DATAHUB", AUTH_API_KEY));
}

/* CR-4 */
static void
test_basic_authentication_needs_a_password_that_is_not_empty(G_GNUC_UNUSED void **state)
{
  erp_fixture_set("TOTVS_USERNAME", "u");
  erp_fixture_set("TOTVS_PASSWORD", "p");
  assert_null(missing("ONCLICK", AUTH_BASIC));
  erp_fixture_set("TOTVS_PASSWORD", "");
  assert_string_equal(missing("ONCLICK", AUTH_BASIC), "password");
}

static void
test_a_bearer_token_is_all_that_bearer_needs(G_GNUC_UNUSED void **state)
{
  assert_string_equal(missing("ONCLICK", AUTH_BEARER), "token");
  erp_fixture_set("TOTVS_ONCLICK_TOKEN", "t");
  assert_null(missing("ONCLICK", AUTH_BEARER));
}

static void
test_a_native_protheus_needs_user_and_password_alone(G_GNUC_UNUSED void **state)
{
  erp_fixture_set("TOTVS_GRANT_TYPE", "password");
  assert_string_equal(missing("ONCLICK", AUTH_OAUTH2), "username");
  erp_fixture_set("TOTVS_USERNAME", "u");
  erp_fixture_set("TOTVS_PASSWORD", "p");
  assert_null(missing("ONCLICK", AUTH_OAUTH2));
}

static void
test_a_bling_company_by_oauth2_needs_no_api_key(G_GNUC_UNUSED void **state)
{
  erp_fixture_set("BLING_CLIENT_ID", "id");
  erp_fixture_set("BLING_CLIENT_SECRET", "secret");
  assert_null(missing("LEADLOVERS", AUTH_OAUTH2));
}

static void
assert_list(char **list, const char *const *expected)
{
  for (; *expected != NULL; expected++, list++) {
    assert_non_null(*list);
    assert_string_equal(*list, *expected);
  }
  assert_null(*list);
}
#define ASSERT_LIST(list, ...) assert_list(list, (const char *const[]){__VA_ARGS__})

/* AK-1 */
static void
test_an_api_key_goes_into_two_headers_or_two_parameters(G_GNUC_UNUSED void **state)
{
  CredentialParts parts = {.key = "k", .secret = "s"};
  g_auto(Credential) in_header = {0}, in_query = {0};
  credential_init(&in_header, AUTH_API_KEY, &parts);
  ASSERT_LIST(in_header.headers, "X-App-Key: k", "X-App-Secret: s", NULL);
  ASSERT_LIST(in_header.query, NULL);
  parts.place = KEY_IN_QUERY;
  credential_init(&in_query, AUTH_API_KEY, &parts);
  ASSERT_LIST(in_query.headers, NULL);
  ASSERT_LIST(in_query.query, "app_key", "k", "app_secret", "s", NULL);
}

/* AK-2 */
static void
test_another_header_replaces_the_usual_one(G_GNUC_UNUSED void **state)
{
  const CredentialParts parts = {.key = "k", .key_name = "Authorization"};
  g_auto(Credential) credential = {0};
  credential_init(&credential, AUTH_API_KEY, &parts);
  ASSERT_LIST(credential.headers, "Authorization: k", NULL);
}

static void
test_a_key_in_the_body_is_in_neither(G_GNUC_UNUSED void **state)
{
  const CredentialParts parts = {.place = KEY_IN_BODY, .key = "k", .secret = "s"};
  g_auto(Credential) credential = {0};
  credential_init(&credential, AUTH_API_KEY, &parts);
  ASSERT_LIST(credential.headers, NULL);
  ASSERT_LIST(credential.query, NULL);
}

static void
test_basic_and_bearer_are_authorization_headers(G_GNUC_UNUSED void **state)
{
  const CredentialParts parts = {.username = "Aladdin", .password = "open sesame", .token = "tok"};
  g_auto(Credential) basic = {0}, bearer = {0}, oauth2 = {0};
  credential_init(&basic, AUTH_BASIC, &parts);
  ASSERT_LIST(basic.headers, "Authorization: Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==", NULL);
  credential_init(&bearer, AUTH_BEARER, &parts);
  ASSERT_LIST(bearer.headers, "Authorization: Bearer tok", NULL);
  credential_init(&oauth2, AUTH_OAUTH2, &parts);
  ASSERT_LIST(oauth2.headers, NULL);
}

static void
test_a_bearer_token_is_refused_five_seconds_before_its_end(G_GNUC_UNUSED void **state)
{
  const gint64 end_us = 100 * G_USEC_PER_SEC;
  const Credential ending = {.until_us = end_us}, endless = {0};
  assert_true(credential_is_live(&ending, end_us - 5 * G_USEC_PER_SEC - 1));
  assert_false(credential_is_live(&ending, end_us - 5 * G_USEC_PER_SEC));
  assert_true(credential_is_live(&endless, G_MAXINT64));
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup(name, erp_fixture_clear)
  const struct CMUnitTest tests[] = {
      TEST(test_oauth2_needs_client_id_and_client_secret),
      TEST(test_oauth2_without_a_secret_names_it),
      TEST(test_an_api_key_is_complete_under_either_name),
      TEST(test_omie_needs_key_and_secret),
      TEST(test_basic_authentication_needs_a_password_that_is_not_empty),
      TEST(test_a_bearer_token_is_all_that_bearer_needs),
      TEST(test_a_native_protheus_needs_user_and_password_alone),
      TEST(test_a_bling_company_by_oauth2_needs_no_api_key),
      TEST(test_an_api_key_goes_into_two_headers_or_two_parameters),
      TEST(test_another_header_replaces_the_usual_one),
      TEST(test_a_key_in_the_body_is_in_neither),
      TEST(test_basic_and_bearer_are_authorization_headers),
      TEST(test_a_bearer_token_is_refused_five_seconds_before_its_end),
  };
  return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
