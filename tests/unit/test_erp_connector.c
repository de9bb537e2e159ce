/* A connector from its configuration: what is taken, and what is refused by name. */
#include "erp_fixture.h"

#include <string.h>

#include "erp/connector.h"

#define TOKEN_KEY "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="

static Erp *
connector(const char *company)
{
  g_autoptr(GError) error = NULL;
  Erp *erp = erp_new(erp_company(company), NULL, &error);
  if (erp == NULL)
    fail_msg("%s", error->message);
  return erp;
}

static void
assert_refused(const char *company, const char *variable, const char *value)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(Erp) erp = erp_new(erp_company(company), NULL, &error);
  assert_null(erp);
  erp_fixture_assert_named(&error, variable, value);
}

/* Everything that a company of TOTVS needs. */
static int
configure(void **state)
{
  if (erp_fixture_clear(state) != 0)
    return -1;
  erp_fixture_set("ERP_TOKEN_KEY", TOKEN_KEY);
  erp_fixture_set("TOTVS_EFFECTI_CLIENT_ID", "id-e");
  erp_fixture_set("TOTVS_EFFECTI_CLIENT_SECRET", "secret-e");
  erp_fixture_set("TOTVS_EFFECTI_TENANT", "T1,D MG 01");
  return 0;
}

/* FA-1 */
static void
test_a_totvs_company_with_oauth2_tenant_and_address_is_made(G_GNUC_UNUSED void **state)
{
  erp_fixture_set("TOTVS_EFFECTI_BASE_URL", "https://protheus.example/x");
  g_autoptr(Erp) erp = connector("EFFECTI");
  assert_string_equal(erp_type_name(erp->company->erp), "totvs_protheus");
  assert_string_equal(erp->profile->name, "ctbr020");
  assert_int_equal(erp->auth, AUTH_OAUTH2);
  assert_string_equal(erp->base_url, "https://protheus.example/x");
  assert_string_equal(erp->token_url, "https://api.totvs.com.br/oauth/token");
  assert_string_equal(erp->rate.breaker, "EFFECTI@protheus.example");
  assert_ptr_equal(erp->policy.oauth, &erp->oauth);
  assert_int_equal(erp->oauth.grant, OAUTH_CLIENT_CREDENTIALS);
  assert_false(erp->oauth.basic);
}

/* FA-2, FA-3 */
static void
test_omie_needs_nothing_but_its_key_and_secret(G_GNUC_UNUSED void **state)
{
  erp_fixture_set("OMIE_DATAHUB_APP_KEY", "123");
  erp_fixture_set("OMIE_DATAHUB_APP_SECRET", "abc");
  g_autoptr(Erp) erp = connector("DATAHUB");
  assert_string_equal(erp_type_name(erp->company->erp), "omie");
  assert_string_equal(erp->base_url, "https://app.omie.com.br/api/v1/");
  assert_null(erp->policy.oauth);
  assert_null(erp_credential_headers(erp, NULL)[0]); /* the key goes into the body */
  assert_null(erp_credential_query(erp)[0]);
  assert_true(g_strv_contains(erp->policy.secrets, "abc"));
}

/* F-55 */
static void
test_an_address_without_tls_is_refused_whatever_its_case(G_GNUC_UNUSED void **state)
{
  static const char *const wrong[] = {"http://api.example", "ftp://api.example", "api.example",
                                      "https:///path", "https://user:pass@api.example"};
  for (gsize i = 0; i < G_N_ELEMENTS(wrong); i++) {
    erp_fixture_set("TOTVS_EFFECTI_BASE_URL", wrong[i]);
    assert_refused("EFFECTI", "TOTVS_EFFECTI_BASE_URL", wrong[i]);
  }
  erp_fixture_set("TOTVS_EFFECTI_BASE_URL", "HTTPS://api.example");
  g_autoptr(Erp) erp = connector("EFFECTI");
  assert_non_null(erp);
  erp_fixture_set("TOTVS_TOKEN_URL", "http://api.example/token");
  assert_refused("EFFECTI", "TOTVS_TOKEN_URL", "api.example");
}

static void
test_what_is_missing_or_wrong_is_named_and_never_shown(G_GNUC_UNUSED void **state)
{
  static const struct {
    const char *name, *value, *named;
  } cases[] = {
      {"TOTVS_EFFECTI_CLIENT_SECRET", "", "TOTVS_EFFECTI_CLIENT_SECRET"},
      {"TOTVS_EFFECTI_TENANT", "", "TOTVS_EFFECTI_TENANT"},
      {"TOTVS_EFFECTI_TENANT", "T1\r\nX: 1", "TOTVS_EFFECTI_TENANT"},
      {"TOTVS_EFFECTI_API_PROFILE", "v9", "TOTVS_EFFECTI_API_PROFILE"},
      {"TOTVS_EFFECTI_AUTH_TYPE", "api_key", "TOTVS_EFFECTI_AUTH_TYPE"},
      {"TOTVS_EFFECTI_AUTH_TYPE", "kerberos", "TOTVS_EFFECTI_AUTH_TYPE"},
      {"TOTVS_EFFECTI_ENVIRONMENT", "moon", "TOTVS_EFFECTI_ENVIRONMENT"},
      {"TOTVS_EFFECTI_TIMEOUT_S", "0s", "TOTVS_EFFECTI_TIMEOUT_S"},
      {"TOTVS_EFFECTI_BURST", "100", "TOTVS_EFFECTI_BURST"},
      {"ERP_TOKEN_KEY", "c2hvcnQ=", "ERP_TOKEN_KEY"},
      {"ERP_RETRY_STRATEGY", "never", "ERP_RETRY_STRATEGY"},
  };
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    configure(NULL);
    erp_fixture_set(cases[i].name, cases[i].value);
    assert_refused("EFFECTI", cases[i].named, *cases[i].value != '\0' ? cases[i].value : NULL);
  }
}

/* A native Protheus has users and no client: one to be shown in a header has to be there. */
static void
test_a_client_shown_in_a_header_has_an_id_and_a_secret(G_GNUC_UNUSED void **state)
{
  erp_fixture_set("TOTVS_EFFECTI_GRANT_TYPE", "password");
  erp_fixture_set("TOTVS_EFFECTI_USERNAME", "api");
  erp_fixture_set("TOTVS_EFFECTI_PASSWORD", "senha-e");
  erp_fixture_set("TOTVS_EFFECTI_CLIENT_AUTH", "basic");
  erp_fixture_set("TOTVS_EFFECTI_CLIENT_SECRET", "");
  assert_refused("EFFECTI", "TOTVS_EFFECTI_CLIENT_SECRET", "senha-e");
  erp_fixture_set("TOTVS_EFFECTI_CLIENT_ID", "");
  assert_refused("EFFECTI", "TOTVS_EFFECTI_CLIENT_ID", "senha-e");
  erp_fixture_set("TOTVS_EFFECTI_CLIENT_AUTH", "body");
  g_autoptr(Erp) erp = connector("EFFECTI");
  assert_int_equal(erp->oauth.grant, OAUTH_PASSWORD);
}

static void
test_the_credential_that_is_there_decides_how_we_log_in(G_GNUC_UNUSED void **state)
{
  erp_fixture_set("BLING_LEADLOVERS_API_KEY", "k");
  g_autoptr(Erp) by_key = connector("LEADLOVERS");
  assert_int_equal(by_key->auth, AUTH_API_KEY);
  assert_string_equal(erp_credential_query(by_key)[0], "apikey");
  assert_string_equal(erp_credential_query(by_key)[1], "k");
  erp_fixture_set("BLING_CLIENT_ID", "id");
  erp_fixture_set("BLING_CLIENT_SECRET", "secret");
  erp_fixture_set("BLING_LEADLOVERS_AUTH_TYPE", "oauth2");
  g_autoptr(Erp) by_token = connector("LEADLOVERS");
  assert_int_equal(by_token->auth, AUTH_OAUTH2);
  assert_null(erp_credential_query(by_token)[0]);
}

static void
test_rotating_chains_are_those_of_contaazul_v2_and_bling(G_GNUC_UNUSED void **state)
{
  erp_fixture_set("CONTAAZUL_CLIENT_ID", "id");
  erp_fixture_set("CONTAAZUL_CLIENT_SECRET", "secret");
  g_autoptr(Erp) v1 = connector("MERCOS");
  assert_int_equal(v1->oauth.grant, OAUTH_CLIENT_CREDENTIALS);
  assert_false(v1->oauth.basic);
  erp_fixture_set("CONTAAZUL_MERCOS_API_PROFILE", "v2");
  erp_fixture_set("CONTAAZUL_MERCOS_REFRESH_TOKEN", "r1");
  g_autoptr(Erp) v2 = connector("MERCOS");
  assert_int_equal(v2->oauth.grant, OAUTH_REFRESH_ONLY);
  assert_true(v2->oauth.basic);
  assert_string_equal(v2->oauth.refresh_token, "r1");
  erp_fixture_set("BLING_CLIENT_ID", "id");
  erp_fixture_set("BLING_CLIENT_SECRET", "secret");
  g_autoptr(Erp) bling = connector("IPE_DIGITAL");
  assert_int_equal(bling->oauth.grant, OAUTH_REFRESH_ONLY);
  assert_string_equal(bling->oauth.headers[0], "enable-jwt: 1");
}

static void
test_a_user_name_with_a_colon_cannot_log_in(G_GNUC_UNUSED void **state)
{
  erp_fixture_set("TOTVS_EFFECTI_AUTH_TYPE", "basic_auth");
  erp_fixture_set("TOTVS_EFFECTI_PASSWORD", "p");
  erp_fixture_set("TOTVS_EFFECTI_USERNAME", "a:b");
  assert_refused("EFFECTI", "TOTVS_EFFECTI_USERNAME", "a:b");
  erp_fixture_set("TOTVS_EFFECTI_USERNAME", "a");
  g_autoptr(Erp) erp = connector("EFFECTI");
  assert_string_equal(erp_credential_headers(erp, NULL)[0], "Authorization: Basic YTpw");
}

static void
test_a_bearer_token_that_is_over_is_not_sent(G_GNUC_UNUSED void **state)
{
  g_autoptr(GError) error = NULL;
  erp_fixture_set("TOTVS_EFFECTI_AUTH_TYPE", "bearer_token");
  erp_fixture_set("TOTVS_EFFECTI_TOKEN", "tok");
  g_autoptr(Erp) endless = connector("EFFECTI");
  assert_string_equal(erp_credential_headers(endless, NULL)[0], "Authorization: Bearer tok");
  erp_fixture_set("TOTVS_EFFECTI_TOKEN_EXPIRATION", "5");
  g_autoptr(Erp) over = connector("EFFECTI");
  assert_null(erp_credential_headers(over, &error));
  assert_true(g_error_matches(error, PONTE_ERROR, ERROR_ERP_TOKEN_EXPIRED));
  assert_null(strstr(error->message, "tok."));
}

static void
test_every_spelling_of_a_profile_is_known(G_GNUC_UNUSED void **state)
{
  static const struct {
    ErpType erp;
    const char *spelling, *name;
  } cases[] = {{ERP_TOTVS, NULL, "ctbr020"},
               {ERP_TOTVS, "ctb_v1", "ctb_v1"},
               {ERP_CONTAAZUL, NULL, "v1"},
               {ERP_CONTAAZUL, "2", "v2"},
               {ERP_OMIE, NULL, "balancete"},
               {ERP_OMIE, "extrato", "extrato"},
               {ERP_BLING, NULL, "v3"},
               {ERP_BLING, "3", "v3"},
               {ERP_BLING, "v3_caixas", "v3_caixas"},
               {ERP_BLING, "2", "v2"}};
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++)
    assert_string_equal(erp_profile(cases[i].erp, cases[i].spelling)->name, cases[i].name);
  assert_null(erp_profile(ERP_OMIE, "v3"));
  assert_null(erp_profile(ERP_TOTVS, ""));
}

static void
test_a_wire_name_is_the_profiles_until_it_is_renamed(G_GNUC_UNUSED void **state)
{
  g_autoptr(Erp) erp = connector("EFFECTI");
  assert_string_equal(erp_wire(erp, "trial_balance.path"), "/rest/CTBR020/balancete");
  assert_string_equal(erp_wire(erp, "health.path"), "/rest/api/framework/v1/health");
  assert_null(erp_wire(erp, "no.such.name"));
  erp_fixture_set("TOTVS_EFFECTI_WIRE_TRIAL_BALANCE_PATH", "/rest/MINE/balancete");
  erp_fixture_set("TOTVS_EFFECTI_HEALTH_PATH", "/up");
  g_autoptr(Erp) renamed = connector("EFFECTI");
  assert_string_equal(erp_wire(renamed, "trial_balance.path"), "/rest/MINE/balancete");
  assert_string_equal(erp_wire(renamed, "health.path"), "/up");
}

static void
test_a_run_counts_its_warnings_and_begins_anew(G_GNUC_UNUSED void **state)
{
  g_autoptr(Erp) erp = connector("EFFECTI");
  erp_begin(erp, "get_trial_balance", 0);
  erp_warn(erp, "unmapped_account", "9.1");
  erp_warn(erp, "unmapped_account", "9.1");
  erp_warn(erp, "unmapped_account", NULL);
  erp_detail(erp, "field", "code", "message");
  assert_int_equal(erp->warnings->len, 2);
  assert_int_equal(((ErpWarning *)erp->warnings->pdata[0])->count, 2);
  erp_begin(erp, "get_subledger_details", 0);
  assert_int_equal(erp->warnings->len, 0);
  assert_int_equal(erp->error_details->len, 0);
  assert_string_equal(erp->policy.operation, "get_subledger_details");
}

static void
test_a_callers_deadline_is_kept_when_it_is_earlier(G_GNUC_UNUSED void **state)
{
  g_autoptr(Erp) erp = connector("EFFECTI");
  gint64 soon_us = g_get_monotonic_time() + G_USEC_PER_SEC;
  erp_begin(erp, "get_trial_balance", soon_us);
  assert_int_equal(erp->policy.deadline_us, soon_us);
  erp_begin(erp, "get_trial_balance", G_MAXINT64);
  assert_true(erp->policy.deadline_us <= g_get_monotonic_time() + 600 * G_USEC_PER_SEC);
}

static void
test_only_companies_with_credentials_are_configured(G_GNUC_UNUSED void **state)
{
  assert_true(erp_is_configured(erp_company("EFFECTI")));
  assert_false(erp_is_configured(erp_company("ONCLICK")));
  assert_false(erp_is_configured(erp_company("DATAHUB")));
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup(name, configure)
  const struct CMUnitTest tests[] = {
      TEST(test_a_totvs_company_with_oauth2_tenant_and_address_is_made),
      TEST(test_omie_needs_nothing_but_its_key_and_secret),
      TEST(test_an_address_without_tls_is_refused_whatever_its_case),
      TEST(test_what_is_missing_or_wrong_is_named_and_never_shown),
      TEST(test_a_client_shown_in_a_header_has_an_id_and_a_secret),
      TEST(test_the_credential_that_is_there_decides_how_we_log_in),
      TEST(test_rotating_chains_are_those_of_contaazul_v2_and_bling),
      TEST(test_a_user_name_with_a_colon_cannot_log_in),
      TEST(test_a_bearer_token_that_is_over_is_not_sent),
      TEST(test_every_spelling_of_a_profile_is_known),
      TEST(test_a_wire_name_is_the_profiles_until_it_is_renamed),
      TEST(test_a_run_counts_its_warnings_and_begins_anew),
      TEST(test_a_callers_deadline_is_kept_when_it_is_earlier),
      TEST(test_only_companies_with_credentials_are_configured),
  };
  return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
