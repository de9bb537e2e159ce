/* Token calls: what is asked, what an answer means, when a token is renewed. */
#include "unit.h"

#include <string.h>

#include "net/oauth_answer.h"
#include "net/seal.h"

static const OAuthClient basic_client = {.client_id = "id",
                                         .client_secret = "se/cret",
                                         .scope = "a b",
                                         .grant = OAUTH_CLIENT_CREDENTIALS};

static void
assert_form(const OAuthClient *client, const char *refresh, const char *expected)
{
  char *form = oauth_form(client, refresh);
  assert_string_equal(form, expected);
  secret_free(form);
}

static void
test_each_grant_asks_with_what_it_has(G_GNUC_UNUSED void **state)
{
  OAuthClient client = basic_client;
  assert_form(&client, NULL,
              "grant_type=client_credentials&scope=a%20b&client_id=id&client_secret=se%2Fcret");
  assert_form(&client, "r+1",
              "grant_type=refresh_token&refresh_token=r%2B1&scope=a%20b&client_id=id"
              "&client_secret=se%2Fcret");
  client.basic = TRUE;
  client.scope = NULL;
  assert_form(&client, "r1", "grant_type=refresh_token&refresh_token=r1");
  const OAuthClient native = {.username = "u", .password = "p&q", .grant = OAUTH_PASSWORD};
  assert_form(&native, NULL, "grant_type=password&username=u&password=p%26q");
  OAuthClient by_code = basic_client;
  by_code.grant = OAUTH_CODE;
  by_code.basic = TRUE;
  by_code.code = "c/1";
  assert_form(&by_code, NULL, "grant_type=authorization_code&code=c%2F1");
  by_code.redirect_uri = "https://x/y";
  assert_form(&by_code, NULL,
              "grant_type=authorization_code&code=c%2F1&redirect_uri=https%3A%2F%2Fx%2Fy");
}

/* OA-1, OA-2, F-09 */
static void
test_a_token_is_renewed_a_fifth_of_its_life_early_but_no_more_than_five_minutes(
    G_GNUC_UNUSED void **state)
{
  static const gint64 cases[][2] = {{3600, 300}, {1500, 300}, {1499, 299}, {300, 60},   {120, 24},
                                    {25, 5},     {10, 5},     {0, 5},      {86400, 300}};
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++)
    assert_int_equal(oauth_margin_s(cases[i][0]), cases[i][1]);
}

static gboolean
parse(const char *body, OAuthTokens *tokens)
{
  return oauth_tokens_parse(body, strlen(body), tokens);
}

static void
test_a_whole_answer_is_read(G_GNUC_UNUSED void **state)
{
  g_auto(OAuthTokens) tokens = {0};
  assert_true(parse("{\"access_token\":\"a.b-c\",\"token_type\":\"bearer\",\"expires_in\":21600,"
                    "\"refresh_token\":\"r2\",\"refresh_expires_in\":2592000,\"scope\":\"x\"}",
                    &tokens));
  assert_string_equal(tokens.access, "a.b-c");
  assert_string_equal(tokens.refresh, "r2");
  assert_int_equal(tokens.expires_in_s, 21600);
  assert_int_equal(tokens.refresh_expires_in_s, 2592000);
}

static void
test_a_life_may_be_a_number_or_text_and_is_an_hour_when_untold(G_GNUC_UNUSED void **state)
{
  static const struct {
    const char *expires_in;
    gint64 seconds;
  } cases[] = {{"120", 120},   {"\"120\"", 120},
               {"119.9", 119}, {"null", 3600},
               {"0", 3600},    {"-5", 3600},
               {"\"\"", 3600}, {"\"soon\"", 3600},
               {"true", 3600}, {"1e300", 10 * 365 * 86400}};
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_auto(OAuthTokens) tokens = {0};
    g_autofree char *body =
        g_strdup_printf("{\"access_token\":\"t\",\"expires_in\":%s}", cases[i].expires_in);
    assert_true(parse(body, &tokens));
    assert_int_equal(tokens.expires_in_s, cases[i].seconds);
    assert_null(tokens.refresh);
  }
}

static void
test_what_is_no_token_is_refused(G_GNUC_UNUSED void **state)
{
  static const char *const bodies[] = {"",
                                       "{}",
                                       "[]",
                                       "<html>",
                                       "{\"access_token\":\"\"}",
                                       "{\"access_token\":7}",
                                       "{\"access_token\":\"a\\r\\nX: 1\"}",
                                       "{\"access_token\":\"a b\"}",
                                       "{\"access_token\":\"é\"}",
                                       "{\"access_token\":\"t\",\"token_type\":\"mac\"}",
                                       "{\"access_token\":\"t\""};
  for (gsize i = 0; i < G_N_ELEMENTS(bodies); i++) {
    g_auto(OAuthTokens) tokens = {0};
    assert_false(parse(bodies[i], &tokens));
    assert_null(tokens.access);
  }
}

static void
test_a_token_of_8_kib_is_taken_and_a_longer_one_is_not(G_GNUC_UNUSED void **state)
{
  for (gsize length = 8192; length <= 8193; length++) {
    g_auto(OAuthTokens) tokens = {0};
    g_autofree char *token = g_strnfill(length, 'x');
    g_autofree char *body = g_strdup_printf("{\"access_token\":\"%s\"}", token);
    assert_int_equal(parse(body, &tokens), length == 8192);
  }
}

static TokenVerdict
judge(HttpsOutcome outcome, guint status, const char *body, PonteErrorCode *code)
{
  const HttpsResult result = {.outcome = outcome, .status = status, .was_sent = TRUE};
  g_auto(OAuthTokens) tokens = {0};
  return oauth_judge(&result, body, strlen(body), &tokens, code);
}

static void
test_every_answer_has_its_meaning(G_GNUC_UNUSED void **state)
{
  static const struct {
    HttpsOutcome outcome;
    guint status;
    const char *body;
    TokenVerdict verdict;
    PonteErrorCode code;
  } cases[] = {
      {HTTPS_ANSWERED, 500, "", TOKEN_LATER, ERROR_ERP_CONNECTION}, /* F-04 */
      {HTTPS_ANSWERED, 503, "<html>", TOKEN_LATER, ERROR_ERP_CONNECTION},
      {HTTPS_ANSWERED, 504, "", TOKEN_LATER, ERROR_ERP_TIMEOUT},
      {HTTPS_ANSWERED, 408, "", TOKEN_LATER, ERROR_ERP_TIMEOUT},
      {HTTPS_ANSWERED, 200, "<html>", TOKEN_LOST, ERROR_ERP_UNEXPECTED},
      {HTTPS_ANSWERED, 302, "", TOKEN_FAILED, ERROR_ERP_REDIRECTED},
      {HTTPS_ANSWERED, 429, "", TOKEN_FAILED, ERROR_ERP_RATE_LIMITED},
      /* F-05 */
      {HTTPS_ANSWERED, 400, "{\"error\":\"invalid_grant\"}", TOKEN_INVALID_GRANT,
       ERROR_ERP_AUTHENTICATION},
      {HTTPS_ANSWERED, 401, "{\"error\":\"invalid_grant\"}", TOKEN_INVALID_GRANT,
       ERROR_ERP_AUTHENTICATION},
      {HTTPS_ANSWERED, 400, "{\"error\":{\"type\":\"invalid_grant\"}}", TOKEN_INVALID_GRANT,
       ERROR_ERP_AUTHENTICATION},
      {HTTPS_ANSWERED, 400, "{\"error\":\"invalid_client\"}", TOKEN_REFUSED,
       ERROR_ERP_AUTHENTICATION},
      {HTTPS_ANSWERED, 401, "", TOKEN_REFUSED, ERROR_ERP_AUTHENTICATION},
      {HTTPS_ANSWERED, 403, "no", TOKEN_REFUSED, ERROR_ERP_AUTHENTICATION},
      {HTTPS_TIMED_OUT, 0, "", TOKEN_LOST, ERROR_ERP_TIMEOUT},
      {HTTPS_FAILED, 0, "", TOKEN_LOST, ERROR_ERP_CONNECTION},
      {HTTPS_NOT_SENT, 0, "", TOKEN_LATER, ERROR_ERP_CONNECTION},
      {HTTPS_UNTRUSTED, 0, "", TOKEN_FAILED, ERROR_ERP_UNTRUSTED},
      {HTTPS_NOT_PUBLIC, 0, "", TOKEN_FAILED, ERROR_ERP_NOT_CONFIGURED},
      {HTTPS_TOO_LARGE, 200, "", TOKEN_FAILED, ERROR_ERP_UNEXPECTED},
  };
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    PonteErrorCode code = ERROR_INTERNAL;
    TokenVerdict verdict = judge(cases[i].outcome, cases[i].status, cases[i].body, &code);
    if (verdict != cases[i].verdict || code != cases[i].code)
      fail_msg("case %zu: %d, %d", i, verdict, code);
  }
}

static void
test_a_good_answer_grants(G_GNUC_UNUSED void **state)
{
  PonteErrorCode code;
  assert_int_equal(judge(HTTPS_ANSWERED, 200, "{\"access_token\":\"t\"}", &code), TOKEN_GRANTED);
  assert_int_equal(judge(HTTPS_ANSWERED, 201, "{\"access_token\":\"t\"}", &code), TOKEN_GRANTED);
}

static void
test_a_call_that_never_left_is_not_a_lost_answer(G_GNUC_UNUSED void **state)
{
  const HttpsResult result = {.outcome = HTTPS_TIMED_OUT};
  g_auto(OAuthTokens) tokens = {0};
  PonteErrorCode code;
  assert_int_equal(oauth_judge(&result, "", 0, &tokens, &code), TOKEN_LATER);
  assert_int_equal(code, ERROR_ERP_TIMEOUT);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_each_grant_asks_with_what_it_has),
      cmocka_unit_test(
          test_a_token_is_renewed_a_fifth_of_its_life_early_but_no_more_than_five_minutes),
      cmocka_unit_test(test_a_whole_answer_is_read),
      cmocka_unit_test(test_a_life_may_be_a_number_or_text_and_is_an_hour_when_untold),
      cmocka_unit_test(test_what_is_no_token_is_refused),
      cmocka_unit_test(test_a_token_of_8_kib_is_taken_and_a_longer_one_is_not),
      cmocka_unit_test(test_every_answer_has_its_meaning),
      cmocka_unit_test(test_a_good_answer_grants),
      cmocka_unit_test(test_a_call_that_never_left_is_not_a_lost_answer),
  };
  return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
