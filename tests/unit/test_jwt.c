/* Honest tokens hold, crafted ones are refused, each for its own reason. */
#include "jwt_fixture.h"

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

int
main(void)
{
  struct CMUnitTest tests[G_N_ELEMENTS(cases)];
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++)
    tests[i] = (struct CMUnitTest){
        .name = cases[i].sentence, .test_func = run_case, .initial_state = (void *)&cases[i]};
  return cmocka_run_group_tests(tests, make_keys, free_keys) != 0;
}
