/* JSON Web Tokens put together by hand, so that wrong ones can be made as well. */
#include "harness.h"

#include <jansson.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <string.h>

static char *
base64url(const void *bytes, gsize length)
{
  char *text = g_base64_encode(bytes, length);
  g_strdelimit(text, "+", '-');
  g_strdelimit(text, "/", '_');
  text[strcspn(text, "=")] = '\0';
  return text;
}

static char *
signing_input(const char *header, const char *payload)
{
  g_autofree char *head = base64url(header, strlen(header));
  g_autofree char *body = base64url(payload, strlen(payload));
  return g_strconcat(head, ".", body, NULL);
}

char *
token_unsigned(const char *header, const char *payload, const char *signature)
{
  g_autofree char *input = signing_input(header, payload);
  return g_strconcat(input, ".", signature, NULL);
}

char *
token_hs256(const char *header, const char *payload, const char *key)
{
  g_autofree char *input = signing_input(header, payload);
  guint8 digest[32];
  gsize length = sizeof digest;
  GHmac *hmac = g_hmac_new(G_CHECKSUM_SHA256, (const guchar *)key, strlen(key));
  g_hmac_update(hmac, (const guchar *)input, -1);
  g_hmac_get_digest(hmac, digest, &length);
  g_hmac_unref(hmac);
  g_autofree char *signature = base64url(digest, length);
  return g_strconcat(input, ".", signature, NULL);
}

char *
token_claims(const char *role, const char *changes)
{
  json_int_t now = g_get_real_time() / G_USEC_PER_SEC;
  g_autoptr(json_t) claims =
      json_pack("{s:s, s:s, s:s, s:I, s:I}", "sub", USER_ID, "aud", "authenticated", "role",
                "authenticated", "iat", now, "exp", now + 3600);
  if (role != NULL)
    json_object_set_new(claims, "app_metadata", json_pack("{s:s}", "role", role));
  g_autoptr(json_t) changed = json_loads(changes != NULL ? changes : "{}", 0, NULL);
  assert_non_null(changed);
  const char *name;
  json_t *value;
  json_object_foreach(changed, name, value)
  {
    if (json_is_null(value))
      json_object_del(claims, name);
    else
      json_object_set(claims, name, value);
  }
  char *text = json_dumps(claims, JSON_COMPACT);
  char *copy = g_strdup(text);
  free(text);
  return copy;
}

char *
token_with(const char *role, const char *changes)
{
  g_autofree char *claims = token_claims(role, changes);
  return token_hs256("{\"alg\":\"HS256\",\"typ\":\"JWT\"}", claims, harness_env("JWT_SECRET"));
}

char *
token_for_role(const char *role)
{
  return token_with(role, NULL);
}

EVP_PKEY *
key_new_rsa(void)
{
  return EVP_RSA_gen(2048);
}

EVP_PKEY *
key_new_ec(void)
{
  return EVP_EC_gen("P-256");
}

/* A DER signature as the 64 bytes r‖s that JWS wants. */
static void
signature_to_raw(const guint8 *der, gsize length, guint8 raw[64])
{
  ECDSA_SIG *parsed = d2i_ECDSA_SIG(NULL, &der, (long)length);
  BN_bn2binpad(ECDSA_SIG_get0_r(parsed), raw, 32);
  BN_bn2binpad(ECDSA_SIG_get0_s(parsed), raw + 32, 32);
  ECDSA_SIG_free(parsed);
}

char *
token_by_key(EVP_PKEY *key, const char *kid, const char *payload)
{
  gboolean rsa = EVP_PKEY_get_base_id(key) == EVP_PKEY_RSA;
  g_autofree char *header =
      kid == NULL
          ? g_strdup_printf("{\"alg\":\"%s\"}", rsa ? "RS256" : "ES256")
          : g_strdup_printf("{\"alg\":\"%s\",\"kid\":\"%s\"}", rsa ? "RS256" : "ES256", kid);
  g_autofree char *input = signing_input(header, payload);
  guint8 bytes[512], raw[64];
  gsize length = sizeof bytes;
  EVP_MD_CTX *context = EVP_MD_CTX_new();
  EVP_DigestSignInit(context, NULL, EVP_sha256(), NULL, key);
  int signed_ok = EVP_DigestSign(context, bytes, &length, (const guint8 *)input, strlen(input));
  EVP_MD_CTX_free(context);
  assert_int_equal(signed_ok, 1);
  if (!rsa)
    signature_to_raw(bytes, length, raw);
  g_autofree char *signature = rsa ? base64url(bytes, length) : base64url(raw, sizeof raw);
  return g_strconcat(input, ".", signature, NULL);
}

char *
key_public_pem(EVP_PKEY *key)
{
  BIO *memory = BIO_new(BIO_s_mem());
  PEM_write_bio_PUBKEY(memory, key);
  char *data;
  long length = BIO_get_mem_data(memory, &data);
  char *pem = g_strndup(data, (gsize)length);
  BIO_free(memory);
  return pem;
}

static char *
number_of(EVP_PKEY *key, const char *name, gboolean coordinate)
{
  BIGNUM *number = NULL;
  guint8 bytes[512];
  assert_int_equal(EVP_PKEY_get_bn_param(key, name, &number), 1);
  int length = coordinate ? BN_bn2binpad(number, bytes, 32) : BN_bn2bin(number, bytes);
  BN_free(number);
  return base64url(bytes, (gsize)length);
}

char *
key_jwk(EVP_PKEY *key, const char *kid)
{
  if (EVP_PKEY_get_base_id(key) == EVP_PKEY_RSA) {
    g_autofree char *n = number_of(key, OSSL_PKEY_PARAM_RSA_N, FALSE);
    g_autofree char *e = number_of(key, OSSL_PKEY_PARAM_RSA_E, FALSE);
    return g_strdup_printf("{\"kty\":\"RSA\",\"alg\":\"RS256\",\"use\":\"sig\",\"kid\":\"%s\","
                           "\"n\":\"%s\",\"e\":\"%s\"}",
                           kid, n, e);
  }
  g_autofree char *x = number_of(key, OSSL_PKEY_PARAM_EC_PUB_X, TRUE);
  g_autofree char *y = number_of(key, OSSL_PKEY_PARAM_EC_PUB_Y, TRUE);
  return g_strdup_printf("{\"kty\":\"EC\",\"crv\":\"P-256\",\"alg\":\"ES256\",\"use\":\"sig\","
                         "\"kid\":\"%s\",\"x\":\"%s\",\"y\":\"%s\"}",
                         kid, x, y);
}
