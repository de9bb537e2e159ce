/* Signatures: HS256 by libjwt, RS256 and ES256 by OpenSSL on keys that were parsed before. */
#include <jwt.h>
#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <string.h>

#include "auth/jwt.h"

#define ES256_BYTES 64 /* r and s, 32 bytes each */

G_DEFINE_AUTOPTR_CLEANUP_FUNC(EVP_MD_CTX, EVP_MD_CTX_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ECDSA_SIG, ECDSA_SIG_free)

/* libjwt takes the algorithm from the token and, given an empty key, believes unsigned ones: hence
 * never an empty key, and a look at what it found (platform-notes, libjwt 2). */
static gboolean
holds_by_secret(const Jwt *jwt, const char *secret)
{
  jwt_t *decoded = NULL;
  if (*secret == '\0' ||
      jwt_decode(&decoded, jwt->text, (const unsigned char *)secret, (int)strlen(secret)) != 0)
    return FALSE;
  gboolean holds = jwt_get_alg(decoded) == JWT_ALG_HS256;
  jwt_free(decoded);
  return holds;
}

static gboolean
holds_by_key(const Jwt *jwt, EVP_PKEY *key, const guchar *signature, gsize length)
{
  g_autoptr(EVP_MD_CTX) context = EVP_MD_CTX_new();
  gboolean holds = EVP_DigestVerifyInit(context, NULL, EVP_sha256(), NULL, key) == 1 &&
                   EVP_DigestVerify(context, signature, length, (const guchar *)jwt->text,
                                    jwt->signed_length) == 1;
  ERR_clear_error();
  return holds;
}

/* A token carries r and s side by side, OpenSSL wants them as DER. */
static gboolean
holds_by_ec_key(const Jwt *jwt, EVP_PKEY *key)
{
  if (jwt->signature_length != ES256_BYTES)
    return FALSE;
  g_autoptr(ECDSA_SIG) pair = ECDSA_SIG_new();
  BIGNUM *r = BN_bin2bn(jwt->signature, ES256_BYTES / 2, NULL);
  BIGNUM *s = BN_bin2bn(jwt->signature + ES256_BYTES / 2, ES256_BYTES / 2, NULL);
  guchar *der = NULL;
  ECDSA_SIG_set0(pair, r, s);
  int length = i2d_ECDSA_SIG(pair, &der);
  gboolean holds = length > 0 && holds_by_key(jwt, key, der, (gsize)length);
  OPENSSL_free(der);
  return holds;
}

static gboolean
holds_by_jwk(const Jwt *jwt, const Jwk *jwk)
{
  if (jwk->algorithm != jwt->algorithm)
    return FALSE;
  return jwk->algorithm == JWK_ES256
             ? holds_by_ec_key(jwt, jwk->key)
             : holds_by_key(jwt, jwk->key, jwt->signature, jwt->signature_length);
}

/* Tries what a key set offers this token; `found` tells whether it offered anything. */
static gboolean
holds_by_set(const Jwt *jwt, const GPtrArray *set, gboolean *found)
{
  for (guint i = 0; set != NULL && i < set->len; i++) {
    const Jwk *jwk = g_ptr_array_index(set, i);
    if (jwt->kid != NULL ? g_strcmp0(jwk->kid, jwt->kid) != 0 : set->len != 1)
      continue;
    *found = TRUE;
    if (holds_by_jwk(jwt, jwk))
      return TRUE;
  }
  return FALSE;
}

JwtOutcome
jwt_check_signature(const Jwt *jwt, const JwtKeys *keys)
{
  if (jwt->algorithm == JWK_HS256) {
    if (keys->secret == NULL || *keys->secret == '\0')
      return JWT_ALGORITHM;
    return holds_by_secret(jwt, keys->secret) ? JWT_HOLDS : JWT_SIGNATURE;
  }
  gboolean found = FALSE, has_set = FALSE;
  if (keys->public_key != NULL && holds_by_jwk(jwt, keys->public_key))
    return JWT_HOLDS;
  for (guint i = 0; i < G_N_ELEMENTS(keys->sets); i++) {
    has_set |= keys->sets[i] != NULL;
    if (holds_by_set(jwt, keys->sets[i], &found))
      return JWT_HOLDS;
  }
  if (found || (keys->public_key != NULL && !has_set))
    return JWT_SIGNATURE;
  if (!has_set)
    return JWT_ALGORITHM;
  return jwt->kid != NULL ? JWT_KEY_UNKNOWN : JWT_KEY_NOT_NAMED;
}
