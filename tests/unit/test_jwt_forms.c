/* Tokens written differently than an issuer would, and configurations with one key or another. */
#include "jwt_fixture.h"

/* A good token, written differently. */
static char *
good_token(void)
{
  return make_token(HS256, PAYLOAD, (Signer){.secret = SECRET});
}

static void
assert_malformed(char *owned)
{
  g_autofree char *token = owned;
  assert_outcome(verify(token, &rules, all_keys()), JWT_MALFORMED);
}

static void
test_what_is_not_three_parts_is_refused(G_GNUC_UNUSED void **state)
{
  g_autofree char *good = good_token();
  assert_malformed(g_strdup(""));
  assert_malformed(g_strdup("."));
  assert_malformed(g_strdup(".."));
  assert_malformed(g_strdup("abc"));
  assert_malformed(g_strndup(good, (gsize)(strrchr(good, '.') - good)));
  assert_malformed(g_strconcat(good, ".", NULL));
  assert_malformed(g_strconcat(good, ".e30", NULL));
  assert_malformed(g_strconcat(".", good, NULL));
}

static void
test_what_is_not_base64url_is_refused(G_GNUC_UNUSED void **state)
{
  g_autofree char *good = good_token();
  const char *const tails[] = {"=", "==", "\n", " ", "+", "/", "*", "\xC3\xA9"};
  for (guint i = 0; i < G_N_ELEMENTS(tails); i++)
    assert_malformed(g_strconcat(good, tails[i], NULL));
  assert_malformed(g_strconcat(" ", good, NULL));
}

static void
test_no_character_of_a_token_can_be_changed(G_GNUC_UNUSED void **state)
{
  g_autofree char *token = good_token();
  for (gsize i = 0; token[i] != '\0'; i++) {
    char was = token[i];
    for (const char *other = "ABab01-_."; *other != '\0'; other++) {
      token[i] = *other;
      if (*other != was)
        assert_true(verify(token, &rules, all_keys()) != JWT_HOLDS);
    }
    token[i] = was;
  }
  assert_outcome(verify(token, &rules, all_keys()), JWT_HOLDS);
}

static void
assert_other_payload_is_refused(const char *header, Signer signer)
{
  g_autofree char *token = make_token(header, PAYLOAD, signer);
  g_autofree char *other =
      make_token(header, WITH(EXP ",\"app_metadata\":{\"role\":\"admin\"}"), signer);
  g_autofree char *mixed =
      g_strdup_printf("%.*s%s", (int)(strrchr(other, '.') - other), other, strrchr(token, '.'));
  assert_outcome(verify(mixed, &rules, all_keys()), JWT_SIGNATURE);
}

static void
test_a_payload_under_the_signature_of_another_is_refused(G_GNUC_UNUSED void **state)
{
  assert_other_payload_is_refused(HS256, signer_of(BY_SECRET));
  assert_other_payload_is_refused(RS256, signer_of(BY_RSA));
  assert_other_payload_is_refused(ES256, signer_of(BY_P256));
}

static void
test_an_es256_signature_in_der_or_cut_is_refused(G_GNUC_UNUSED void **state)
{
  g_autofree char *token = make_token(ES256, PAYLOAD, signer_of(BY_P256));
  g_autofree char *cut = g_strndup(token, strlen(token) - 4);
  g_autofree char *zeros = g_strdup_printf("%.*s.%.86s", (int)(strrchr(token, '.') - token), token,
                                           "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
                                           "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
  g_autofree char *longer = g_strconcat(token, "AAAA", NULL);
  assert_true(verify(cut, &rules, all_keys()) != JWT_HOLDS);
  assert_true(verify(longer, &rules, all_keys()) != JWT_HOLDS);
  assert_outcome(verify(zeros, &rules, all_keys()), JWT_SIGNATURE);
}

/* A token of exactly `bytes` characters, filled up by a member of the payload. */
static char *
token_of_length(gsize bytes)
{
  for (gsize filler = bytes / 4 * 3 - 400; filler < bytes; filler++) {
    g_autofree char *fill = g_strnfill(filler, 'x');
    g_autofree char *payload = g_strdup_printf(WITH(EXP ",\"fill\":\"%s\""), fill);
    char *token = make_token(HS256, payload, (Signer){.secret = SECRET});
    if (strlen(token) >= bytes)
      return token;
    g_free(token);
  }
  return NULL;
}

static void
test_a_token_of_8192_bytes_holds_and_a_longer_one_is_refused(G_GNUC_UNUSED void **state)
{
  g_autofree char *largest = token_of_length(JWT_MAX_BYTES);
  g_autofree char *larger = token_of_length(JWT_MAX_BYTES + 1);
  g_autofree char *huge = g_strnfill(2097152, 'A');
  assert_int_equal(strlen(largest), JWT_MAX_BYTES);
  assert_outcome(verify(largest, &rules, all_keys()), JWT_HOLDS);
  assert_outcome(verify(larger, &rules, all_keys()), JWT_TOO_LONG);
  assert_outcome(verify(huge, &rules, all_keys()), JWT_TOO_LONG);
}

static void
test_a_payload_of_many_brackets_is_refused(G_GNUC_UNUSED void **state)
{
  g_autofree char *brackets = g_strnfill(5000, '[');
  assert_malformed(make_token(HS256, brackets, (Signer){.secret = SECRET}));
}

static void
test_rules_that_are_not_configured_are_not_checked(G_GNUC_UNUSED void **state)
{
  const JwtRules none = {.issuer = "", .audience = ""}, absent = {0};
  g_autofree char *token = make_token(HS256, "{" SUB "," EXP "}", signer_of(BY_SECRET));
  assert_outcome(verify(token, &none, all_keys()), JWT_HOLDS);
  assert_outcome(verify(token, &absent, all_keys()), JWT_HOLDS);
}

static void
test_an_algorithm_without_a_configured_key_is_refused(G_GNUC_UNUSED void **state)
{
  g_autofree char *hs256 = good_token();
  g_autofree char *rs256 = make_token(RS256, PAYLOAD, signer_of(BY_RSA));
  assert_outcome(verify(hs256, &rules, (JwtKeys){.sets = {set}}), JWT_ALGORITHM);
  assert_outcome(verify(rs256, &rules, (JwtKeys){.secret = SECRET}), JWT_ALGORITHM);
  assert_outcome(verify(rs256, &rules, (JwtKeys){0}), JWT_ALGORITHM);
}

static void
test_a_token_signed_with_the_public_key_as_secret_is_refused(G_GNUC_UNUSED void **state)
{
  g_autofree char *token = make_token(HS256, PAYLOAD, signer_of(BY_RSA_PEM));
  assert_outcome(verify(token, &rules, (JwtKeys){.public_key = rsa_public}), JWT_ALGORITHM);
}

static void
test_an_empty_secret_verifies_nothing(G_GNUC_UNUSED void **state)
{
  g_autofree char *none = make_token("{\"alg\":\"none\"}", PAYLOAD, (Signer){0});
  g_autofree char *empty = make_token(HS256, PAYLOAD, (Signer){.secret = ""});
  assert_outcome(verify(none, &rules, (JwtKeys){.secret = ""}), JWT_ALGORITHM);
  assert_outcome(verify(empty, &rules, (JwtKeys){.secret = ""}), JWT_ALGORITHM);
}

static void
test_a_pem_key_serves_tokens_with_and_without_kid(G_GNUC_UNUSED void **state)
{
  g_autofree char *named = make_token(RS256, PAYLOAD, signer_of(BY_RSA));
  g_autofree char *plain = make_token("{\"alg\":\"RS256\"}", PAYLOAD, signer_of(BY_RSA));
  g_autofree char *foreign = make_token("{\"alg\":\"RS256\"}", PAYLOAD, signer_of(BY_FOREIGN_RSA));
  g_autofree char *es256 = make_token(ES256, PAYLOAD, signer_of(BY_P256));
  JwtKeys keys = {.public_key = rsa_public};
  assert_outcome(verify(named, &rules, keys), JWT_HOLDS);
  assert_outcome(verify(plain, &rules, keys), JWT_HOLDS);
  assert_outcome(verify(foreign, &rules, keys), JWT_SIGNATURE);
  assert_outcome(verify(es256, &rules, keys), JWT_SIGNATURE);
}

static void
test_pem_key_and_key_set_serve_side_by_side(G_GNUC_UNUSED void **state)
{
  g_autofree char *es256 = make_token(ES256, PAYLOAD, signer_of(BY_P256));
  g_autofree char *rs256 = make_token("{\"alg\":\"RS256\"}", PAYLOAD, signer_of(BY_RSA));
  g_autofree char *unknown =
      make_token("{\"alg\":\"RS256\",\"kid\":\"new\"}", PAYLOAD, signer_of(BY_FOREIGN_RSA));
  JwtKeys keys = {.public_key = rsa_public, .sets = {NULL, set}};
  assert_outcome(verify(es256, &rules, keys), JWT_HOLDS);
  assert_outcome(verify(rs256, &rules, keys), JWT_HOLDS);
  assert_outcome(verify(unknown, &rules, keys), JWT_KEY_UNKNOWN);
}

static void
test_a_set_of_one_key_serves_a_token_without_kid(G_GNUC_UNUSED void **state)
{
  g_autofree char *jwk = public_jwk(rsa, ",\"kid\":\"rsa\"");
  g_autofree char *document = g_strdup_printf("{\"keys\":[%s]}", jwk);
  g_autoptr(GPtrArray) one = jwk_set_parse(document, strlen(document));
  g_autofree char *plain = make_token("{\"alg\":\"RS256\"}", PAYLOAD, signer_of(BY_RSA));
  g_autofree char *other =
      make_token("{\"alg\":\"RS256\",\"kid\":\"b\"}", PAYLOAD, signer_of(BY_RSA));
  assert_outcome(verify(plain, &rules, (JwtKeys){.sets = {one}}), JWT_HOLDS);
  assert_outcome(verify(other, &rules, (JwtKeys){.sets = {one}}), JWT_KEY_UNKNOWN);
}

static void
test_an_empty_set_knows_no_key(G_GNUC_UNUSED void **state)
{
  g_autoptr(GPtrArray) none = jwk_set_parse("{\"keys\":[]}", 11);
  g_autofree char *token = make_token(RS256, PAYLOAD, signer_of(BY_RSA));
  assert_outcome(verify(token, &rules, (JwtKeys){.sets = {NULL, none}}), JWT_KEY_UNKNOWN);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_what_is_not_three_parts_is_refused),
      cmocka_unit_test(test_what_is_not_base64url_is_refused),
      cmocka_unit_test(test_no_character_of_a_token_can_be_changed),
      cmocka_unit_test(test_a_payload_under_the_signature_of_another_is_refused),
      cmocka_unit_test(test_an_es256_signature_in_der_or_cut_is_refused),
      cmocka_unit_test(test_a_token_of_8192_bytes_holds_and_a_longer_one_is_refused),
      cmocka_unit_test(test_a_payload_of_many_brackets_is_refused),
      cmocka_unit_test(test_rules_that_are_not_configured_are_not_checked),
      cmocka_unit_test(test_an_algorithm_without_a_configured_key_is_refused),
      cmocka_unit_test(test_a_token_signed_with_the_public_key_as_secret_is_refused),
      cmocka_unit_test(test_an_empty_secret_verifies_nothing),
      cmocka_unit_test(test_a_pem_key_serves_tokens_with_and_without_kid),
      cmocka_unit_test(test_pem_key_and_key_set_serve_side_by_side),
      cmocka_unit_test(test_a_set_of_one_key_serves_a_token_without_kid),
      cmocka_unit_test(test_an_empty_set_knows_no_key),
  };
  return cmocka_run_group_tests(tests, make_keys, free_keys) != 0;
}
