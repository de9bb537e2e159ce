/* Tokens that hold and tokens that do not, as they are seen over HTTP (fin.md 2.4). */
#include "harness.h"

#include <string.h>

#define HS256 "{\"alg\":\"HS256\",\"typ\":\"JWT\"}"

static guint
status_of(const char *token)
{
  g_autoptr(Answer) answer = call("GET", SYNC, .token = token);
  return answer->status;
}

/* Refused as no valid token, in the documented words. */
static void
assert_refused(const char *what, const char *token)
{
  g_autoptr(Answer) answer = call("GET", SYNC, .token = token);
  if (answer->status != 401)
    print_error("accepted or mistaken: %s\n", what);
  assert_error_code(answer, 401, "Não autenticado.", "invalid_token");
  assert_header(answer, "www-authenticate", "Bearer error=\"invalid_token\"");
  assert_null(strstr(answer->body, "lastSync"));
}

/* F36 */
static void
test_a_token_expired_a_second_ago_is_refused(G_GNUC_UNUSED void **state)
{
  gint64 now = g_get_real_time() / G_USEC_PER_SEC;
  g_autofree char *changes = g_strdup_printf("{\"exp\":%" G_GINT64_FORMAT "}", now - 1);
  g_autofree char *token = token_with("fin", changes);
  assert_refused("expired", token);
}

/* F37 */
static void
test_a_token_without_signature_is_refused(G_GNUC_UNUSED void **state)
{
  static const char *const algorithms[] = {"none", "None", "NONE", "nOnE", ""};
  g_autofree char *claims = token_claims("admin", NULL);
  for (gsize i = 0; i < G_N_ELEMENTS(algorithms); i++) {
    g_autofree char *header = g_strdup_printf("{\"alg\":\"%s\",\"typ\":\"JWT\"}", algorithms[i]);
    g_autofree char *token = token_unsigned(header, claims, "");
    assert_refused(header, token);
  }
  g_autofree char *stripped = token_unsigned("{\"alg\":\"HS256\"}", claims, "");
  assert_refused("HS256 without signature", stripped);
}

/* F38 */
static void
test_a_token_altered_after_signing_is_refused(G_GNUC_UNUSED void **state)
{
  g_autofree char *poor = token_for_role("sales");
  g_autofree char *claims = token_claims("admin", NULL);
  const char *signature = strrchr(poor, '.') + 1;
  g_autofree char *token = token_unsigned("{\"alg\":\"HS256\",\"typ\":\"JWT\"}", claims, signature);
  assert_refused("another payload under a good signature", token);
}

/* F39 and 2.4, claim by claim */
static void
test_claims_that_do_not_hold_are_refused(G_GNUC_UNUSED void **state)
{
  gint64 now = g_get_real_time() / G_USEC_PER_SEC;
  g_autofree char *early = g_strdup_printf("{\"nbf\":%" G_GINT64_FORMAT "}", now + 60);
  g_autofree char *unborn = g_strdup_printf("{\"iat\":%" G_GINT64_FORMAT "}", now + 60);
  const char *const changes[] = {
      "{\"aud\":\"anon\"}",
      "{\"aud\":null}",
      "{\"aud\":[\"anon\"]}",
      "{\"aud\":[]}",
      "{\"aud\":7}",
      "{\"sub\":null}",
      "{\"sub\":\"ana\"}",
      "{\"sub\":7}",
      "{\"exp\":null}",
      "{\"exp\":\"9999999999\"}",
      "{\"exp\":0}",
      "{\"exp\":-1}",
      early,
      unborn,
      "{\"nbf\":\"0\"}",
      "{\"iat\":\"0\"}",
  };
  for (gsize i = 0; i < G_N_ELEMENTS(changes); i++) {
    g_autofree char *token = token_with("admin", changes[i]);
    assert_refused(changes[i], token);
  }
}

/* 2.4: what is unusual but right */
static void
test_unusual_but_right_claims_are_accepted(G_GNUC_UNUSED void **state)
{
  gint64 now = g_get_real_time() / G_USEC_PER_SEC;
  g_autofree char *skewed = g_strdup_printf(
      "{\"nbf\":%" G_GINT64_FORMAT ",\"iat\":%" G_GINT64_FORMAT "}", now + 20, now + 20);
  const char *const changes[] = {"{\"aud\":[\"x\",\"authenticated\"]}", "{\"iat\":null}", skewed,
                                 "{\"exp\":4102444800.5}"};
  for (gsize i = 0; i < G_N_ELEMENTS(changes); i++) {
    g_autofree char *token = token_with("fin", changes[i]);
    assert_int_equal(status_of(token), 200);
  }
}

/* 2.4 and DESIGN: issuer and audience as configured */
static void
test_issuer_and_audience_are_checked_as_configured(G_GNUC_UNUSED void **state)
{
  g_autofree char *none = token_for_role("fin");
  g_autofree char *right = token_with("fin", "{\"iss\":\"https://x.supabase.co/auth/v1\"}");
  g_autofree char *wrong = token_with("fin", "{\"iss\":\"https://evil.example/auth/v1\"}");
  g_autofree char *other = token_with("fin", "{\"aud\":\"ponte\"}");
  program_restart(SYNC_PROGRAM, "JWT_ISSUER=https://x.supabase.co/auth/v1");
  assert_int_equal(status_of(right), 200);
  assert_refused("wrong issuer", wrong);
  assert_refused("no issuer", none);
  program_restart(SYNC_PROGRAM, "JWT_AUDIENCE=ponte");
  assert_int_equal(status_of(other), 200);
  assert_refused("default audience", none);
  program_restart(SYNC_PROGRAM, "JWT_AUDIENCE=");
  assert_int_equal(status_of(other), 200);
}

/* F37: a public key is no secret, whatever the header says */
static void
test_an_hs256_token_signed_with_the_public_key_is_refused(G_GNUC_UNUSED void **state)
{
  g_autoptr(EVP_PKEY) key = key_new_rsa();
  g_autofree char *pem = key_public_pem(key);
  g_autofree char *path = harness_write("public.pem", pem);
  g_autofree char *setting = g_strconcat("JWT_PUBLIC_KEY_FILE=", path, NULL);
  g_autofree char *claims = token_claims("admin", NULL);
  g_autofree char *confused = token_hs256(HS256, claims, pem);
  g_autofree char *good = token_by_key(key, NULL, claims);
  static const char *const secrets[] = {"JWT_SECRET=", NULL};
  for (gsize i = 0; i < G_N_ELEMENTS(secrets); i++) {
    program_restart(SYNC_PROGRAM, setting, secrets[i]);
    assert_int_equal(status_of(good), 200);
    assert_refused("HS256 with the RSA public key as its secret", confused);
  }
}

/* An HS256 token is refused where no secret is configured, also with an empty key */
static void
test_without_a_secret_no_hs256_token_holds(G_GNUC_UNUSED void **state)
{
  g_autoptr(EVP_PKEY) key = key_new_ec();
  g_autofree char *pem = key_public_pem(key);
  g_autofree char *path = harness_write("public.pem", pem);
  g_autofree char *setting = g_strconcat("JWT_PUBLIC_KEY_FILE=", path, NULL);
  g_autofree char *claims = token_claims("admin", NULL);
  g_autofree char *empty = token_hs256(HS256, claims, "");
  g_autofree char *usual = token_hs256(HS256, claims, harness_env("JWT_SECRET"));
  program_restart(SYNC_PROGRAM, setting, "JWT_SECRET=");
  assert_refused("HS256 with an empty key", empty);
  assert_refused("HS256 where only a public key is configured", usual);
}

/* 2.4: shape of the token */
static void
test_what_is_no_token_is_refused(G_GNUC_UNUSED void **state)
{
  g_autofree char *good = token_for_role("admin");
  g_autofree char *four = g_strconcat(good, ".x", NULL);
  g_autofree char *padded = g_strconcat(good, "=", NULL);
  g_autofree char *flipped = g_strdup(good);
  flipped[strlen(flipped) - 2] ^= 1;
  g_autofree char *big = g_strnfill(8193, 'A');
  g_autofree char *bigger = g_strnfill(20000, 'A');
  g_autofree char *nested = g_strnfill(4000, '[');
  g_autofree char *deep = token_hs256(HS256, nested, harness_env("JWT_SECRET"));
  const char *const texts[] = {"x",     "..", "a.b.c", "....", "!!!.???.###", four,       padded,
                               flipped, big,  bigger,  deep,   "null",        "undefined"};
  for (gsize i = 0; i < G_N_ELEMENTS(texts); i++)
    assert_refused(texts[i], texts[i]);
}

/* A token of a good signature, but beyond 8192 bytes */
static void
test_a_huge_token_is_refused_even_when_its_signature_holds(G_GNUC_UNUSED void **state)
{
  g_autofree char *filler = g_strnfill(9000, 'x');
  g_autofree char *changes = g_strdup_printf("{\"x\":\"%s\"}", filler);
  g_autofree char *token = token_with("admin", changes);
  assert_refused("huge", token);
}

/* 2.4: headers and payloads that say something twice, or something strange */
static void
test_crafted_headers_and_payloads_are_refused(G_GNUC_UNUSED void **state)
{
  static const char *const headers[] = {
      "{\"alg\":\"none\",\"alg\":\"HS256\"}",
      "{\"alg\":\"HS256\",\"alg\":\"none\"}",
      "{\"alg\":\"hs256\"}",
      "{\"alg\":\"HS512\"}",
      "{\"alg\":\"HS384\"}",
      "{\"alg\":\"RS256\"}",
      "{\"alg\":\"ES256\"}",
      "{\"alg\":[\"HS256\"]}",
      "{\"alg\":null}",
      "{}",
      "[]",
      "\"HS256\"",
      "{\"alg\":\"HS256\",\"crit\":[\"exp\"]}",
      "{\"alg\":\"HS256\"",
      "",
  };
  const char *secret = harness_env("JWT_SECRET");
  g_autofree char *claims = token_claims("admin", NULL);
  for (gsize i = 0; i < G_N_ELEMENTS(headers); i++) {
    g_autofree char *token = token_hs256(headers[i], claims, secret);
    assert_refused(headers[i], token);
  }
  g_autofree char *open = g_strndup(claims, strlen(claims) - 1);
  g_autofree char *twice = g_strconcat(open, ",\"app_metadata\":{\"role\":\"admin\"}}", NULL);
  g_autofree char *list = g_strdup_printf("[%s]", claims);
  const char *const payloads[] = {twice, list, "", "1", "null", open};
  for (gsize i = 0; i < G_N_ELEMENTS(payloads); i++) {
    g_autofree char *token = token_hs256(HS256, payloads[i], secret);
    assert_refused(payloads[i], token);
  }
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      CASE(test_a_token_expired_a_second_ago_is_refused),
      CASE(test_a_token_without_signature_is_refused),
      CASE(test_a_token_altered_after_signing_is_refused),
      CASE(test_claims_that_do_not_hold_are_refused),
      CASE(test_unusual_but_right_claims_are_accepted),
      CASE(test_issuer_and_audience_are_checked_as_configured),
      CASE(test_an_hs256_token_signed_with_the_public_key_is_refused),
      CASE(test_without_a_secret_no_hs256_token_holds),
      CASE(test_what_is_no_token_is_refused),
      CASE(test_a_huge_token_is_refused_even_when_its_signature_holds),
      CASE(test_crafted_headers_and_payloads_are_refused),
  };
  return RUN("tokens", tests);
}
