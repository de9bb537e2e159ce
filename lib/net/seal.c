#include "net/seal.h"

#include <openssl/evp.h>
#include <openssl/rand.h>
#include <string.h>

#include "base/error.h"
#include "base/settings.h"

enum { KEY_BYTES = 32, NONCE_BYTES = 12, TAG_BYTES = 16 };

G_DEFINE_AUTOPTR_CLEANUP_FUNC(EVP_CIPHER_CTX, EVP_CIPHER_CTX_free)

static gboolean
read_key(guchar key[KEY_BYTES])
{
  gsize length = 0;
  guchar *bytes = g_base64_decode(setting(ERP_TOKEN_KEY), &length);
  gboolean fits = length == KEY_BYTES;
  if (fits)
    memcpy(key, bytes, KEY_BYTES);
  explicit_bzero(bytes, length);
  g_free(bytes);
  return fits;
}

gboolean
seal_is_ready(GError **error)
{
  guchar key[KEY_BYTES];
  gboolean ready = read_key(key);
  explicit_bzero(key, sizeof key);
  if (!ready)
    g_set_error_literal(error, PONTE_ERROR, ERROR_ERP_NOT_CONFIGURED,
                        "ERP_TOKEN_KEY deve ter 32 bytes em base64 (openssl rand -base64 32).");
  return ready;
}

/* A context under the key with the place told; NULL when there is no key.  The nonce comes first.
 */
static EVP_CIPHER_CTX *
begin(gboolean seals, const guchar *nonce, const char *place)
{
  guchar key[KEY_BYTES];
  int length;
  if (!read_key(key))
    return NULL;
  g_autoptr(EVP_CIPHER_CTX) context = EVP_CIPHER_CTX_new();
  gboolean begun =
      EVP_CipherInit_ex(context, EVP_aes_256_gcm(), NULL, key, nonce, seals) == 1 &&
      EVP_CipherUpdate(context, NULL, &length, (const guchar *)place, (int)strlen(place)) == 1;
  explicit_bzero(key, sizeof key);
  return begun ? g_steal_pointer(&context) : NULL;
}

char *
seal(const char *text, const char *place)
{
  int length = (int)strlen(text), end = 0;
  g_autofree guchar *out = g_malloc((gsize)length + NONCE_BYTES + TAG_BYTES);
  guchar *cipher = out + NONCE_BYTES;
  gboolean random = RAND_bytes(out, NONCE_BYTES) == 1;
  g_assert(random); /* a repeated nonce would give the key away */
  g_autoptr(EVP_CIPHER_CTX) context = begin(TRUE, out, place);
  gboolean sealed =
      context != NULL &&
      EVP_EncryptUpdate(context, cipher, &length, (const guchar *)text, length) == 1 &&
      EVP_EncryptFinal_ex(context, cipher + length, &end) == 1 &&
      EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_GCM_GET_TAG, TAG_BYTES, cipher + length) == 1;
  g_assert(sealed); /* seal_is_ready said so */
  return g_base64_encode(out, (gsize)length + NONCE_BYTES + TAG_BYTES);
}

char *
unseal(const char *sealed, const char *place)
{
  gsize size = 0;
  g_autofree guchar *in = g_base64_decode(sealed, &size);
  if (size < NONCE_BYTES + TAG_BYTES)
    return NULL;
  gsize length = size - NONCE_BYTES - TAG_BYTES;
  char *text = g_malloc0(length + 1);
  guchar *out = (guchar *)text;
  int written = 0, end = 0;
  g_autoptr(EVP_CIPHER_CTX) context = begin(FALSE, in, place);
  if (context == NULL ||
      EVP_DecryptUpdate(context, out, &written, in + NONCE_BYTES, (int)length) != 1 ||
      EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_GCM_SET_TAG, TAG_BYTES, in + size - TAG_BYTES) != 1 ||
      EVP_DecryptFinal_ex(context, out + written, &end) != 1 || strlen(text) != length) {
    explicit_bzero(text, length);
    g_free(text);
    return NULL;
  }
  return text;
}

void
secret_free(char *text)
{
  if (text != NULL)
    explicit_bzero(text, strlen(text));
  g_free(text);
}
