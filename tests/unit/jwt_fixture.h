/* What the tests of tokens share: keys made for this run, a fixed clock, an honest payload. */
#pragma once
#include "unit.h"

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

static inline JwtKeys
all_keys(void)
{
  return (JwtKeys){.secret = SECRET, .sets = {set}};
}

static inline JwtOutcome
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

static inline Signer
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

static inline int
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

static inline int
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
