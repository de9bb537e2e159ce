/* Strict, because two spellings of one signature would be two tokens that both hold. */
#include "auth/base64url.h"

static int
value_of(char c)
{
  if (c >= 'A' && c <= 'Z')
    return c - 'A';
  if (c >= 'a' && c <= 'z')
    return c - 'a' + 26;
  if (c >= '0' && c <= '9')
    return c - '0' + 52;
  return c == '-' ? 62 : c == '_' ? 63 : -1;
}

/* FALSE at a foreign character and for spare bits that are set. */
static gboolean
decode_into(const char *text, gsize length, guchar *bytes, gsize *out_length)
{
  guint bits = 0, pending = 0;
  gsize n = 0;
  for (gsize i = 0; i < length; i++) {
    int value = value_of(text[i]);
    if (value < 0)
      return FALSE;
    bits = bits << 6 | (guint)value;
    pending += 6;
    if (pending >= 8) {
      pending -= 8;
      bytes[n++] = (guchar)(bits >> pending);
      bits &= (1u << pending) - 1;
    }
  }
  bytes[n] = '\0';
  *out_length = n;
  return bits == 0;
}

guchar *
base64url_decode(const char *text, gsize length, gsize *out_length)
{
  if (length % 4 == 1)
    return NULL;
  guchar *bytes = g_malloc(length / 4 * 3 + 3);
  if (decode_into(text, length, bytes, out_length))
    return bytes;
  g_free(bytes);
  return NULL;
}
