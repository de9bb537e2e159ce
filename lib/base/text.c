#include "base/text.h"

#include <string.h>

/* Reads one entity at `text` ("&amp;", "&#39;", "&#x27;"); returns its length, 0 when it is none.
 */
static gsize
read_entity(const char *text, gunichar *out)
{
  static const struct {
    const char *name;
    char character;
  } named[] = {{"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}, {"&apos;", '\''}};
  for (gsize i = 0; i < G_N_ELEMENTS(named); i++)
    if (g_str_has_prefix(text, named[i].name)) {
      *out = (gunichar)named[i].character;
      return strlen(named[i].name);
    }
  if (text[1] != '#')
    return 0;
  gboolean hex = text[2] == 'x' || text[2] == 'X';
  const char *digits = text + (hex ? 3 : 2);
  if (!(hex ? g_ascii_isxdigit(*digits) : g_ascii_isdigit(*digits)))
    return 0; /* g_ascii_strtoull would take signs and spaces */
  char *end;
  guint64 code = g_ascii_strtoull(digits, &end, hex ? 16 : 10);
  if (*end != ';' || code > 0x10FFFF || (code != 0 && !g_unichar_validate((gunichar)code)))
    return 0;
  *out = (gunichar)code;
  return (gsize)(end + 1 - text);
}

char *
text_decode_entities(const char *text)
{
  if (strchr(text, '&') == NULL)
    return g_strdup(text);
  GString *out = g_string_sized_new(strlen(text));
  while (*text != '\0') {
    gunichar character;
    gsize length = *text == '&' ? read_entity(text, &character) : 0;
    if (length == 0)
      g_string_append_c(out, *text++);
    else {
      if (character != 0)
        g_string_append_unichar(out, character);
      text += length;
    }
  }
  return g_string_free(out, FALSE);
}

static gboolean
is_blank(gunichar c)
{
  return g_unichar_isspace(c) || g_unichar_iscntrl(c) || c == 0xFEFF || c == 0x200B;
}

char *
text_trim(const char *text)
{
  const char *end = text + strlen(text);
  while (text < end && is_blank(g_utf8_get_char(text)))
    text = g_utf8_next_char(text);
  while (end > text && is_blank(g_utf8_get_char(g_utf8_prev_char(end))))
    end = g_utf8_prev_char(end);
  char *out = g_strndup(text, (gsize)(end - text));
  for (char *c = out; *c != '\0'; c++)
    if ((guchar)*c < 0x20 || *c == 0x7F)
      *c = ' ';
  return out;
}

char *
text_digits(const char *text)
{
  GString *out = g_string_sized_new(strlen(text));
  for (; *text != '\0'; text++)
    if (g_ascii_isdigit(*text))
      g_string_append_c(out, *text);
  return g_string_free(out, FALSE);
}

char *
text_cut(const char *text, glong max)
{
  return g_utf8_strlen(text, -1) <= max ? g_strdup(text) : g_utf8_substring(text, 0, max);
}

char *
text_fold(const char *text)
{
  g_autofree char *apart = g_utf8_normalize(text, -1, G_NORMALIZE_ALL);
  GString *out = g_string_new(NULL);
  for (const char *c = apart; c != NULL && *c != '\0'; c = g_utf8_next_char(c)) {
    gunichar character = g_utf8_get_char(c);
    if (g_unichar_type(character) != G_UNICODE_NON_SPACING_MARK)
      g_string_append_unichar(out, g_unichar_tolower(character));
  }
  return g_string_free(out, FALSE);
}

void
text_append_windows_1252(GString *out, char byte)
{
  static const gunichar high[32] = {0x20AC, 0x81,   0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021,
                                    0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0x8D,   0x017D, 0x8F,
                                    0x90,   0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
                                    0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x9D,   0x017E, 0x0178};
  guchar code = (guchar)byte;
  if (code < 0x80)
    g_string_append_c(out, byte);
  else
    g_string_append_unichar(out, code < 0xA0 ? high[code - 0x80] : code);
}

char *
text_one_line(const char *text)
{
  GString *out = g_string_sized_new(strlen(text));
  gboolean gap = FALSE;
  for (; *text != '\0'; text = g_utf8_next_char(text)) {
    gunichar character = g_utf8_get_char(text);
    if (is_blank(character)) {
      gap = out->len > 0;
      continue;
    }
    if (gap)
      g_string_append_c(out, ' ');
    g_string_append_unichar(out, character);
    gap = FALSE;
  }
  return g_string_free(out, FALSE);
}

char *
text_redact(const char *text, const char *const *secrets)
{
  GString *out = g_string_new(text);
  for (; *secrets != NULL; secrets++)
    if (**secrets != '\0')
      g_string_replace(out, *secrets, "***", 0);
  return g_string_free(out, FALSE);
}

const char *
int_text(gint64 number)
{
  static char ring[16][24];
  static guint next;
  char *slot = ring[next++ % G_N_ELEMENTS(ring)];
  g_snprintf(slot, sizeof ring[0], "%" G_GINT64_FORMAT, number);
  return slot;
}
