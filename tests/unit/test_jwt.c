/* Tokens, honest and crafted, against a fixed clock and keys made for this run. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "auth/jwt.h"
#include "make_token.h"

#define NOW       1800000000
#define SECRET    "a secret of more than thirty-two characters"
#define SUB       "\"sub\":\"5b2f6c1e-98ab-4c7d-8e21-0f3a6b7c8d9e\""
#define AUD       "\"aud\":\"authenticated\""
#define ISS       "\"iss\":\"https://issuer.example\""
#define EXP       "\"exp\":1800000060"
#define PAYLOAD   "{" SUB "," AUD "," ISS "," EXP "}"
#define HS256     "{\"alg\":\"HS256\",\"typ\":\"JWT\"}"
#define RS256     "{\"alg\":\"RS256\",\"kid\":\"rsa\"}"
#define ES256     "{\"alg\":\"ES256\",\"kid\":\"ec\"}"
#define WITH(...) "{" SUB "," AUD "," ISS "," __VA_ARGS__ "}"

static const JwtRules rules = {.issuer = "https://issuer.example", .audience = "authenticated"};

static EVP_PKEY *rsa, *foreign_rsa, *p256, *p384;
static char *rsa_pem, *p256_pem;
static GPtrArray *set;  /* rsa as "rsa", p256 as "ec" */
static Jwk *rsa_public; /* as from a PEM file */

static JwtKeys
all_keys(void)
{
  return (JwtKeys){.secret = SECRET, .sets = {set}};
}

static JwtOutcome
verify(const char *token, const JwtRules *by, JwtKeys keys)
{
  g_auto(Jwt) jwt = {0};
  JwtOutcome outcome = jwt_verify(token, by, &keys, NOW, &jwt);
  assert_true((jwt.claims != NULL) == (outcome == JWT_HOLDS));
  return outcome;
}

#define assert_outcome(outcome, expected)                                                          \
  assert_string_equal(jwt_outcome_text(outcome), jwt_outcome_text(expected))

/* Who signs a case. */
typedef enum {
  BY_SECRET,
  BY_RSA,
  BY_FOREIGN_RSA,
  BY_P256,
  BY_P384,
  BY_RSA_PEM,
  BY_P256_PEM,
  BY_NOBODY
} By;

static Signer
signer_of(By by)
{
  switch (by) {
  case BY_SECRET:
    return (Signer){.secret = SECRET};
  case BY_RSA:
    return (Signer){.key = rsa};
  case BY_FOREIGN_RSA:
    return (Signer){.key = foreign_rsa};
  case BY_P256:
    return (Signer){.key = p256};
  case BY_P384:
    return (Signer){.key = p384};
  case BY_RSA_PEM:
    return (Signer){.secret = rsa_pem};
  case BY_P256_PEM:
    return (Signer){.secret = p256_pem};
  default:
    return (Signer){0};
  }
}

typedef struct {
  const char *sentence, *header, *payload;
  By by;
  JwtOutcome expected;
} Case;

static const Case cases[] = {
    {"an HS256 token of the secret holds", HS256, PAYLOAD, BY_SECRET, JWT_HOLDS},
    {"an RS256 token of the key set holds", RS256, PAYLOAD, BY_RSA, JWT_HOLDS},
    {"an ES256 token of the key set holds", ES256, PAYLOAD, BY_P256, JWT_HOLDS},

    /* algorithms */
    {"alg none without signature is refused", "{\"alg\":\"none\"}", PAYLOAD, BY_NOBODY,
     JWT_ALGORITHM},
    {"alg None is refused", "{\"alg\":\"None\"}", PAYLOAD, BY_NOBODY, JWT_ALGORITHM},
    {"alg NONE is refused", "{\"alg\":\"NONE\"}", PAYLOAD, BY_NOBODY, JWT_ALGORITHM},
    {"alg none with a signature is refused", "{\"alg\":\"none\"}", PAYLOAD, BY_SECRET,
     JWT_ALGORITHM},
    {"alg hs256 in lower case is refused", "{\"alg\":\"hs256\"}", PAYLOAD, BY_SECRET,
     JWT_ALGORITHM},
    {"HS384 is refused", "{\"alg\":\"HS384\"}", PAYLOAD, BY_SECRET, JWT_ALGORITHM},
    {"PS256 is refused", "{\"alg\":\"PS256\",\"kid\":\"rsa\"}", PAYLOAD, BY_RSA, JWT_ALGORITHM},
    {"an empty alg is refused", "{\"alg\":\"\"}", PAYLOAD, BY_SECRET, JWT_ALGORITHM},
    {"a header without alg is refused", "{\"typ\":\"JWT\"}", PAYLOAD, BY_SECRET, JWT_ALGORITHM},
    {"alg as a list is refused", "{\"alg\":[\"HS256\"]}", PAYLOAD, BY_SECRET, JWT_ALGORITHM},
    {"HS256 signed with the RSA public key is refused", HS256, PAYLOAD, BY_RSA_PEM, JWT_SIGNATURE},
    {"HS256 with a kid, signed with the RSA public key is refused",
     "{\"alg\":\"HS256\",\"kid\":\"rsa\"}", PAYLOAD, BY_RSA_PEM, JWT_SIGNATURE},
    {"HS256 signed with the EC public key is refused", HS256, PAYLOAD, BY_P256_PEM, JWT_SIGNATURE},
    {"HS256 without signature is refused", HS256, PAYLOAD, BY_NOBODY, JWT_SIGNATURE},
    {"RS256 naming the EC key is refused", "{\"alg\":\"RS256\",\"kid\":\"ec\"}", PAYLOAD, BY_P256,
     JWT_SIGNATURE},
    {"ES256 naming the RSA key is refused", "{\"alg\":\"ES256\",\"kid\":\"rsa\"}", PAYLOAD, BY_RSA,
     JWT_SIGNATURE},
    {"RS256 of a foreign key under our kid is refused", RS256, PAYLOAD, BY_FOREIGN_RSA,
     JWT_SIGNATURE},
    {"ES256 of a P-384 key under our kid is refused", ES256, PAYLOAD, BY_P384, JWT_SIGNATURE},
    {"RS256 signed by HMAC is refused", RS256, PAYLOAD, BY_SECRET, JWT_SIGNATURE},

    /* keys */
    {"an unknown kid is refused", "{\"alg\":\"RS256\",\"kid\":\"other\"}", PAYLOAD, BY_RSA,
     JWT_KEY_UNKNOWN},
    {"an empty kid is an unknown one", "{\"alg\":\"RS256\",\"kid\":\"\"}", PAYLOAD, BY_RSA,
     JWT_KEY_UNKNOWN},
    {"no kid with two keys in the set is refused", "{\"alg\":\"RS256\"}", PAYLOAD, BY_RSA,
     JWT_KEY_NOT_NAMED},
    {"a kid that is a number is refused", "{\"alg\":\"RS256\",\"kid\":1}", PAYLOAD, BY_RSA,
     JWT_MALFORMED},
    {"a kid that is null is refused", "{\"alg\":\"RS256\",\"kid\":null}", PAYLOAD, BY_RSA,
     JWT_MALFORMED},
    {"a key the token brings itself is not looked at",
     "{\"alg\":\"RS256\",\"kid\":\"x\",\"jku\":\"https://evil.example/"
     "\",\"jwk\":{\"kty\":\"RSA\"}}",
     PAYLOAD, BY_FOREIGN_RSA, JWT_KEY_UNKNOWN},

    /* header */
    {"crit is refused", "{\"alg\":\"HS256\",\"crit\":[\"exp\"]}", PAYLOAD, BY_SECRET, JWT_CRITICAL},
    {"an empty crit is refused", "{\"alg\":\"HS256\",\"crit\":[]}", PAYLOAD, BY_SECRET,
     JWT_CRITICAL},
    {"a header that is a list is refused", "[\"HS256\"]", PAYLOAD, BY_SECRET, JWT_MALFORMED},
    {"a header that is no JSON is refused", "{alg:HS256}", PAYLOAD, BY_SECRET, JWT_MALFORMED},
    {"an empty header is refused", "", PAYLOAD, BY_SECRET, JWT_MALFORMED},
    {"alg given twice is refused", "{\"alg\":\"HS256\",\"alg\":\"HS256\"}", PAYLOAD, BY_SECRET,
     JWT_MALFORMED},

    /* payload */
    {"exp given twice is refused", HS256, WITH(EXP "," EXP), BY_SECRET, JWT_MALFORMED},
    {"a repeated member deep inside is refused", HS256,
     WITH(EXP ",\"app_metadata\":{\"role\":\"fin\",\"role\":\"admin\"}"), BY_SECRET, JWT_MALFORMED},
    {"a payload that is a list is refused", HS256, "[1]", BY_SECRET, JWT_MALFORMED},
    {"a payload that is a text is refused", HS256, "\"x\"", BY_SECRET, JWT_MALFORMED},
    {"an empty payload is refused", HS256, "", BY_SECRET, JWT_MALFORMED},
    {"a payload with something behind it is refused", HS256, PAYLOAD " {}", BY_SECRET,
     JWT_MALFORMED},
    {"a payload that is not UTF-8 is refused", HS256, WITH(EXP ",\"name\":\"\xE9\""), BY_SECRET,
     JWT_MALFORMED},
    {"a NUL inside a text is refused", HS256, WITH(EXP ",\"name\":\"a\\u0000b\""), BY_SECRET,
     JWT_MALFORMED},

    /* time */
    {"a token that expires in one second holds", HS256, WITH("\"exp\":1800000001"), BY_SECRET,
     JWT_HOLDS},
    {"a token that expires now is refused", HS256, WITH("\"exp\":1800000000"), BY_SECRET,
     JWT_EXPIRED},
    {"a token expired one second ago is refused", HS256, WITH("\"exp\":1799999999"), BY_SECRET,
     JWT_EXPIRED},
    {"an RS256 token expired one second ago is refused", RS256, WITH("\"exp\":1799999999"), BY_RSA,
     JWT_EXPIRED},
    {"a negative exp is refused", HS256, WITH("\"exp\":-1"), BY_SECRET, JWT_EXPIRED},
    {"a token without exp is refused", HS256, WITH("\"iat\":1800000000"), BY_SECRET, JWT_NO_EXPIRY},
    {"exp as text is refused", HS256, WITH("\"exp\":\"9999999999\""), BY_SECRET, JWT_NO_EXPIRY},
    {"exp null is refused", HS256, WITH("\"exp\":null"), BY_SECRET, JWT_NO_EXPIRY},
    {"exp true is refused", HS256, WITH("\"exp\":true"), BY_SECRET, JWT_NO_EXPIRY},
    {"exp with a fraction holds until then", HS256, WITH("\"exp\":1800000000.5"), BY_SECRET,
     JWT_HOLDS},
    {"exp with an exponent is a number", HS256, WITH("\"exp\":1.7e9"), BY_SECRET, JWT_EXPIRED},
    {"exp beyond 64 bits is refused", HS256, WITH("\"exp\":99999999999999999999"), BY_SECRET,
     JWT_MALFORMED},
    {"nbf 30 seconds ahead holds", HS256, WITH(EXP ",\"nbf\":1800000030"), BY_SECRET, JWT_HOLDS},
    {"nbf 31 seconds ahead is refused", HS256, WITH(EXP ",\"nbf\":1800000031"), BY_SECRET,
     JWT_NOT_YET_VALID},
    {"iat 30 seconds ahead holds", HS256, WITH(EXP ",\"iat\":1800000030"), BY_SECRET, JWT_HOLDS},
    {"iat 31 seconds ahead is refused", HS256, WITH(EXP ",\"iat\":1800000031"), BY_SECRET,
     JWT_NOT_YET_VALID},
    {"nbf as text is refused", HS256, WITH(EXP ",\"nbf\":\"1\""), BY_SECRET, JWT_NOT_YET_VALID},
    {"iat as text is refused", HS256, WITH(EXP ",\"iat\":\"1\""), BY_SECRET, JWT_NOT_YET_VALID},

    /* audience, issuer, subject */
    {"a wrong aud is refused", HS256, "{" SUB "," ISS "," EXP ",\"aud\":\"anon\"}", BY_SECRET,
     JWT_AUDIENCE_WRONG},
    {"no aud is refused", HS256, "{" SUB "," ISS "," EXP "}", BY_SECRET, JWT_AUDIENCE_WRONG},
    {"an aud list with ours holds", HS256,
     "{" SUB "," ISS "," EXP ",\"aud\":[\"a\",\"authenticated\"]}", BY_SECRET, JWT_HOLDS},
    {"an aud list without ours is refused", HS256,
     "{" SUB "," ISS "," EXP ",\"aud\":[\"a\",\"b\"]}", BY_SECRET, JWT_AUDIENCE_WRONG},
    {"an empty aud list is refused", HS256, "{" SUB "," ISS "," EXP ",\"aud\":[]}", BY_SECRET,
     JWT_AUDIENCE_WRONG},
    {"an aud that begins like ours is refused", HS256,
     "{" SUB "," ISS "," EXP ",\"aud\":\"authenticated2\"}", BY_SECRET, JWT_AUDIENCE_WRONG},
    {"an aud object is refused", HS256, "{" SUB "," ISS "," EXP ",\"aud\":{\"authenticated\":1}}",
     BY_SECRET, JWT_AUDIENCE_WRONG},
    {"a wrong iss is refused", HS256,
     "{" SUB "," AUD "," EXP ",\"iss\":\"https://issuer.example/\"}", BY_SECRET, JWT_ISSUER_WRONG},
    {"no iss is refused when one is configured", HS256, "{" SUB "," AUD "," EXP "}", BY_SECRET,
     JWT_ISSUER_WRONG},
    {"iss as a list is refused", HS256,
     "{" SUB "," AUD "," EXP ",\"iss\":[\"https://issuer.example\"]}", BY_SECRET, JWT_ISSUER_WRONG},
    {"no sub is refused", HS256, "{" AUD "," ISS "," EXP "}", BY_SECRET, JWT_NO_SUBJECT},
    {"a sub that is no UUID is refused", HS256, "{" AUD "," ISS "," EXP ",\"sub\":\"joao\"}",
     BY_SECRET, JWT_NO_SUBJECT},
    {"a sub with something behind the UUID is refused", HS256,
     "{" AUD "," ISS "," EXP ",\"sub\":\"5b2f6c1e-98ab-4c7d-8e21-0f3a6b7c8d9e'\"}", BY_SECRET,
     JWT_NO_SUBJECT},
    {"a sub without hyphens is refused", HS256,
     "{" AUD "," ISS "," EXP ",\"sub\":\"5b2f6c1e98ab4c7d8e210f3a6b7c8d9e\"}", BY_SECRET,
     JWT_NO_SUBJECT},
    {"a sub that is a number is refused", HS256, "{" AUD "," ISS "," EXP ",\"sub\":1}", BY_SECRET,
     JWT_NO_SUBJECT},
    {"an empty sub is refused", HS256, "{" AUD "," ISS "," EXP ",\"sub\":\"\"}", BY_SECRET,
     JWT_NO_SUBJECT},
};

static void
run_case(void **state)
{
  const Case *c = *state;
  g_autofree char *token = make_token(c->header, c->payload, signer_of(c->by));
  assert_outcome(verify(token, &rules, all_keys()), c->expected);
}

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
  g_autofree char *huge = g_strnfill(2 * 1024 * 1024, 'A');
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

static int
make_keys(G_GNUC_UNUSED void **state)
{
  rsa = EVP_RSA_gen(2048);
  foreign_rsa = EVP_RSA_gen(2048);
  p256 = EVP_EC_gen("P-256");
  p384 = EVP_EC_gen("P-384");
  rsa_pem = public_pem(rsa);
  p256_pem = public_pem(p256);
  rsa_public = jwk_from_pem(rsa_pem, strlen(rsa_pem));
  g_autofree char *a = public_jwk(rsa, ",\"kid\":\"rsa\",\"use\":\"sig\",\"alg\":\"RS256\"");
  g_autofree char *b = public_jwk(p256, ",\"kid\":\"ec\",\"key_ops\":[\"verify\"]");
  g_autofree char *document = g_strdup_printf("{\"keys\":[%s,%s]}", a, b);
  set = jwk_set_parse(document, strlen(document));
  return rsa_public != NULL && set != NULL && set->len == 2 ? 0 : -1;
}

static int
free_keys(G_GNUC_UNUSED void **state)
{
  EVP_PKEY *const keys[] = {rsa, foreign_rsa, p256, p384};
  for (guint i = 0; i < G_N_ELEMENTS(keys); i++)
    EVP_PKEY_free(keys[i]);
  g_free(rsa_pem);
  g_free(p256_pem);
  jwk_free(rsa_public);
  g_ptr_array_unref(set);
  return 0;
}

int
main(void)
{
  const struct CMUnitTest whole[] = {
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
  struct CMUnitTest tests[G_N_ELEMENTS(whole) + G_N_ELEMENTS(cases)];
  memcpy(tests, whole, sizeof whole);
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++)
    tests[G_N_ELEMENTS(whole) + i] = (struct CMUnitTest){
        .name = cases[i].sentence, .test_func = run_case, .initial_state = (void *)&cases[i]};
  return cmocka_run_group_tests(tests, make_keys, free_keys) != 0;
}
