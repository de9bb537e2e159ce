/* A key that is too weak or made for something else is passed over, as RFC 7517 section 5 asks: one
 * key we do not understand must not take the others of the set away. */
#include "auth/jwk.h"

#include <jansson.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/param_build.h>
#include <openssl/pem.h>
#include <string.h>

#include "auth/base64url.h"

#define SET_MAX_KEYS 100
#define RSA_MIN_BITS 2048
#define RSA_MAX_BITS 8192 /* a larger one costs too much per token */
#define P256_BYTES   32

G_DEFINE_AUTOPTR_CLEANUP_FUNC(json_t, json_decref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(BIO, BIO_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(BIGNUM, BN_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(EVP_PKEY, EVP_PKEY_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(EVP_PKEY_CTX, EVP_PKEY_CTX_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(OSSL_PARAM, OSSL_PARAM_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(OSSL_PARAM_BLD, OSSL_PARAM_BLD_free)

static const char *const algorithm_names[N_JWK_ALGORITHMS] = {
    [JWK_HS256] = "HS256", [JWK_RS256] = "RS256", [JWK_ES256] = "ES256"};

gboolean
jwk_algorithm_from_name(const char *name, JwkAlgorithm *out)
{
  for (guint i = 0; i < N_JWK_ALGORITHMS; i++)
    if (strcmp(name, algorithm_names[i]) == 0) {
      *out = (JwkAlgorithm)i;
      return TRUE;
    }
  return FALSE;
}

void
jwk_free(Jwk *jwk)
{
  g_free(jwk->kid);
  EVP_PKEY_free(jwk->key);
  g_free(jwk);
}

/* With the exponent 1 every number is its own signature. */
static gboolean
is_sound_rsa(const EVP_PKEY *key)
{
  BIGNUM *exponent = NULL;
  int bits = EVP_PKEY_get_bits(key);
  if (bits < RSA_MIN_BITS || bits > RSA_MAX_BITS ||
      EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_RSA_E, &exponent) != 1)
    return FALSE;
  gboolean sound = BN_is_odd(exponent) && !BN_is_one(exponent) && BN_num_bits(exponent) <= 64;
  BN_free(exponent);
  return sound;
}

static gboolean
is_p256(const EVP_PKEY *key)
{
  char group[64] = "";
  return EVP_PKEY_get_group_name(key, group, sizeof group, NULL) == 1 &&
         strcmp(group, "prime256v1") == 0;
}

/* Takes the key; NULL (and the key freed) when it is not one we accept. */
static Jwk *
take_key(EVP_PKEY *taken, const char *kid)
{
  g_autoptr(EVP_PKEY) key = taken;
  JwkAlgorithm algorithm;
  if (key != NULL && EVP_PKEY_is_a(key, "RSA") && is_sound_rsa(key))
    algorithm = JWK_RS256;
  else if (key != NULL && EVP_PKEY_is_a(key, "EC") && is_p256(key))
    algorithm = JWK_ES256;
  else
    return NULL;
  Jwk *jwk = g_new0(Jwk, 1);
  jwk->algorithm = algorithm;
  jwk->kid = g_strdup(kid);
  jwk->key = g_steal_pointer(&key);
  return jwk;
}

Jwk *
jwk_from_pem(const char *pem, gsize length)
{
  if (length > G_MAXINT)
    return NULL;
  g_autoptr(BIO) bio = BIO_new_mem_buf(pem, (int)length);
  Jwk *jwk = take_key(PEM_read_bio_PUBKEY(bio, NULL, NULL, NULL), NULL);
  ERR_clear_error();
  return jwk;
}

static EVP_PKEY *
key_from_params(const char *type, OSSL_PARAM_BLD *builder)
{
  g_autoptr(OSSL_PARAM) params = OSSL_PARAM_BLD_to_param(builder);
  g_autoptr(EVP_PKEY_CTX) context = EVP_PKEY_CTX_new_from_name(NULL, type, NULL);
  EVP_PKEY *key = NULL;
  if (params != NULL && context != NULL && EVP_PKEY_fromdata_init(context) == 1)
    EVP_PKEY_fromdata(context, &key, EVP_PKEY_PUBLIC_KEY, params);
  return key; /* OpenSSL leaves NULL when it refuses; a point off the curve is refused */
}

static guchar *
bytes_member(const json_t *object, const char *name, gsize *length)
{
  const char *text = json_string_value(json_object_get(object, name));
  return text != NULL ? base64url_decode(text, strlen(text), length) : NULL;
}

static BIGNUM *
number_member(const json_t *object, const char *name)
{
  gsize length;
  g_autofree guchar *bytes = bytes_member(object, name, &length);
  if (bytes == NULL || length == 0 || length > RSA_MAX_BITS / 8 + 1)
    return NULL;
  return BN_bin2bn(bytes, (int)length, NULL);
}

static EVP_PKEY *
rsa_key(const json_t *object)
{
  g_autoptr(BIGNUM) n = number_member(object, "n");
  g_autoptr(BIGNUM) e = number_member(object, "e");
  if (n == NULL || e == NULL)
    return NULL;
  g_autoptr(OSSL_PARAM_BLD) builder = OSSL_PARAM_BLD_new();
  OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_RSA_N, n);
  OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_RSA_E, e);
  return key_from_params("RSA", builder);
}

static EVP_PKEY *
ec_key(const json_t *object)
{
  gsize x_length, y_length;
  g_autofree guchar *x = bytes_member(object, "x", &x_length);
  g_autofree guchar *y = bytes_member(object, "y", &y_length);
  if (g_strcmp0(json_string_value(json_object_get(object, "crv")), "P-256") != 0 || x == NULL ||
      y == NULL || x_length != P256_BYTES || y_length != P256_BYTES)
    return NULL;
  guchar point[1 + 2 * P256_BYTES] = {POINT_CONVERSION_UNCOMPRESSED};
  memcpy(point + 1, x, P256_BYTES);
  memcpy(point + 1 + P256_BYTES, y, P256_BYTES);
  g_autoptr(OSSL_PARAM_BLD) builder = OSSL_PARAM_BLD_new();
  OSSL_PARAM_BLD_push_utf8_string(builder, OSSL_PKEY_PARAM_GROUP_NAME, "prime256v1", 0);
  OSSL_PARAM_BLD_push_octet_string(builder, OSSL_PKEY_PARAM_PUB_KEY, point, sizeof point);
  return key_from_params("EC", builder);
}

/* An absent member says nothing; a present one must say what we need. */
static gboolean
agrees(const json_t *object, const char *name, const char *wanted)
{
  const json_t *member = json_object_get(object, name);
  return member == NULL || g_strcmp0(json_string_value(member), wanted) == 0;
}

static gboolean
may_verify(const json_t *object)
{
  const json_t *operations = json_object_get(object, "key_ops");
  if (operations == NULL)
    return TRUE;
  for (size_t i = 0; i < json_array_size(operations); i++)
    if (g_strcmp0(json_string_value(json_array_get(operations, i)), "verify") == 0)
      return TRUE;
  return FALSE;
}

static Jwk *
jwk_from_json(const json_t *object)
{
  const char *type = json_string_value(json_object_get(object, "kty"));
  const json_t *kid = json_object_get(object, "kid");
  gboolean rsa = g_strcmp0(type, "RSA") == 0;
  if ((!rsa && g_strcmp0(type, "EC") != 0) || (kid != NULL && !json_is_string(kid)) ||
      !agrees(object, "use", "sig") || !may_verify(object) ||
      !agrees(object, "alg", algorithm_names[rsa ? JWK_RS256 : JWK_ES256]))
    return NULL;
  Jwk *jwk = take_key(rsa ? rsa_key(object) : ec_key(object), json_string_value(kid));
  ERR_clear_error();
  return jwk;
}

GPtrArray *
jwk_set_parse(const char *text, gsize length)
{
  g_autoptr(json_t) document = json_loadb(text, length, JSON_REJECT_DUPLICATES, NULL);
  const json_t *keys = json_object_get(document, "keys");
  if (!json_is_array(keys) || json_array_size(keys) > SET_MAX_KEYS)
    return NULL;
  g_autoptr(GPtrArray) set = g_ptr_array_new_with_free_func((GDestroyNotify)jwk_free);
  for (size_t i = 0; i < json_array_size(keys); i++) {
    if (!json_is_object(json_array_get(keys, i)))
      return NULL;
    Jwk *jwk = jwk_from_json(json_array_get(keys, i));
    if (jwk != NULL)
      g_ptr_array_add(set, jwk);
  }
  return g_steal_pointer(&set);
}
