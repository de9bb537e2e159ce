#include "backoffice/base64.h"

#include <string.h>

/* After "data:application/pdf;base64,", or the text itself. */
static const char *
skip_data_url(const char *text)
{
  static const char marker[] = ";base64,";
  const char *comma = g_str_has_prefix(text, "data:") ? strstr(text, marker) : NULL;
  return comma != NULL ? comma + strlen(marker) : text;
}

/* Only characters of the alphabet and line breaks, four at a time, padding at the end. */
static gboolean
is_base64(const char *text)
{
  gsize length = 0, padding = 0;
  for (; *text != '\0'; text++) {
    if (*text == '\r' || *text == '\n')
      continue;
    if (*text == '=')
      padding++;
    else if (padding > 0 || !(g_ascii_isalnum(*text) || *text == '+' || *text == '/'))
      return FALSE;
    length++;
  }
  return length % 4 == 0 && padding <= 2;
}

gboolean
base64_decode(const char *text, GString *content)
{
  const char *start = skip_data_url(text);
  gint state = 0;
  guint save = 0;
  if (!is_base64(start))
    return FALSE;
  gsize before = content->len, length = strlen(start);
  g_string_set_size(content, before + length / 4 * 3 + 3);
  gsize got = g_base64_decode_step(start, length, (guchar *)content->str + before, &state, &save);
  g_string_truncate(content, before + got);
  return TRUE;
}
