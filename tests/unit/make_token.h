/* Keys and tokens made at run time, also such as no honest issuer would make. */
#pragma once
#include <glib.h>
#include <openssl/bio.h>
#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/pem.h>
#include <string.h>

static inline char *
base64url(const void *bytes, gsize length)
{
  char *text = g_base64_encode(bytes, length);
  text[strcspn(text, "=")] = '\0';
  g_strdelimit(text, "+", '-');
  return g_strdelimit(text, "/", '_');
}

/* HMAC-SHA256 when `secret` is given, else RS256 or ES256 by the key; neither: an empty part. */
typedef struct {
  const char *secret;
  EVP_PKEY *key;
} Signer;

static inline char *
sign_with_key(const char *text, EVP_PKEY *key)
{
  EVP_MD_CTX *context = EVP_MD_CTX_new();
  guchar bytes[1024];
  size_t length = sizeof bytes;
  g_assert(EVP_DigestSignInit(context, NULL, EVP_sha256(), NULL, key) == 1);
  g_assert(EVP_DigestSign(context, bytes, &length, (const guchar *)text, strlen(text)) == 1);
  EVP_MD_CTX_free(context);
  if (!EVP_PKEY_is_a(key, "EC"))
    return base64url(bytes, length);
  const guchar *cursor = bytes;
  ECDSA_SIG *pair = d2i_ECDSA_SIG(NULL, &cursor, (long)length);
  guchar sides[96]; /* r and s, as long as the curve's numbers */
  int size = (EVP_PKEY_get_bits(key) + 7) / 8;
  BN_bn2binpad(ECDSA_SIG_get0_r(pair), sides, size);
  BN_bn2binpad(ECDSA_SIG_get0_s(pair), sides + size, size);
  ECDSA_SIG_free(pair);
  return base64url(sides, 2 * (gsize)size);
}

static inline char *
sign(const char *text, Signer signer)
{
  guchar mac[32];
  if (signer.secret != NULL) {
    HMAC(EVP_sha256(), signer.secret, (int)strlen(signer.secret), (const guchar *)text,
         strlen(text), mac, NULL);
    return base64url(mac, sizeof mac);
  }
  return signer.key != NULL ? sign_with_key(text, signer.key) : g_strdup("");
}

/* Header and payload are taken as they are, JSON or not. */
static inline char *
make_token(const char *header, const char *payload, Signer signer)
{
  g_autofree char *first = base64url(header, strlen(header));
  g_autofree char *second = base64url(payload, strlen(payload));
  g_autofree char *signed_text = g_strconcat(first, ".", second, NULL);
  g_autofree char *third = sign(signed_text, signer);
  return g_strconcat(signed_text, ".", third, NULL);
}

static inline char *
public_pem(EVP_PKEY *key)
{
  BIO *bio = BIO_new(BIO_s_mem());
  char *text;
  PEM_write_bio_PUBKEY(bio, key);
  long length = BIO_get_mem_data(bio, &text);
  char *copy = g_strndup(text, (gsize)length);
  BIO_free(bio);
  return copy;
}

static inline char *
number_of(EVP_PKEY *key, const char *name)
{
  BIGNUM *number = NULL;
  guchar bytes[1024];
  g_assert(EVP_PKEY_get_bn_param(key, name, &number) == 1);
  int size = EVP_PKEY_is_a(key, "EC") ? (EVP_PKEY_get_bits(key) + 7) / 8 : BN_num_bytes(number);
  BN_bn2binpad(number, bytes, size);
  BN_free(number);
  return base64url(bytes, (gsize)size);
}

/* `more` are further members, each with its comma: ",\"kid\":\"a\"". */
static inline char *
public_jwk(EVP_PKEY *key, const char *more)
{
  gboolean ec = EVP_PKEY_is_a(key, "EC");
  g_autofree char *a = number_of(key, ec ? OSSL_PKEY_PARAM_EC_PUB_X : OSSL_PKEY_PARAM_RSA_N);
  g_autofree char *b = number_of(key, ec ? OSSL_PKEY_PARAM_EC_PUB_Y : OSSL_PKEY_PARAM_RSA_E);
  if (!ec)
    return g_strdup_printf("{\"kty\":\"RSA\",\"n\":\"%s\",\"e\":\"%s\"%s}", a, b, more);
  return g_strdup_printf("{\"kty\":\"EC\",\"crv\":\"P-%d\",\"x\":\"%s\",\"y\":\"%s\"%s}",
                         EVP_PKEY_get_bits(key), a, b, more);
}
