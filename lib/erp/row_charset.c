#include "erp/row_charset.h"

#include <string.h>

#include "base/text.h"

#define BOM           "\xEF\xBB\xBF"
#define NON_ASCII_RUN 16
#define INCOMPLETE    ((gunichar)-2) /* of g_utf8_get_char_validated */

Charset
charset_stated(const char *content_type)
{
  static const struct {
    const char *name;
    Charset charset;
  } known[] = {{"utf-8", CHARSET_UTF8},
               {"utf8", CHARSET_UTF8},
               {"windows-1252", CHARSET_WINDOWS_1252},
               {"cp1252", CHARSET_WINDOWS_1252},
               {"iso-8859-1", CHARSET_WINDOWS_1252},
               {"latin1", CHARSET_WINDOWS_1252}};
  g_autofree char *lower = g_ascii_strdown(content_type != NULL ? content_type : "", -1);
  const char *stated = strstr(lower, "charset=");
  if (stated == NULL)
    return CHARSET_UNSTATED;
  stated += strlen("charset=");
  stated += *stated == '"' ? 1 : 0;
  gsize length = strcspn(stated, "\"; ");
  for (gsize i = 0; i < G_N_ELEMENTS(known); i++)
    if (strlen(known[i].name) == length && memcmp(known[i].name, stated, length) == 0)
      return known[i].charset;
  return CHARSET_UNSTATED;
}

void
row_charset_begin(RowCharset *charset, const char *content_type)
{
  charset->stated = charset->used = charset_stated(content_type);
  charset->began = FALSE;
  charset->n_held = 0;
  if (charset->text == NULL)
    charset->text = g_string_new(NULL);
}

void
row_charset_clear(RowCharset *charset)
{
  if (charset->text != NULL)
    g_string_free(g_steal_pointer(&charset->text), TRUE);
}

static const char *
skip_ascii(const char *at, const char *end)
{
  guint64 word;
  for (; end - at >= (gssize)sizeof word; at += sizeof word) {
    memcpy(&word, at, sizeof word);
    if ((word & G_GUINT64_CONSTANT(0x8080808080808080)) != 0)
      break;
  }
  while (at < end && (guchar)*at < 0x80)
    at++;
  return at;
}

/* How much of the text is UTF-8.  Most of an answer is ASCII, which is looked at eight bytes at a
 * time: the rest goes to GLib in short runs. */
static gsize
valid_length(const char *text, gsize length)
{
  const char *end = text + length, *at = skip_ascii(text, end);
  while (at < end) {
    const char *next;
    g_utf8_validate_len(at, MIN((gsize)(end - at), NON_ASCII_RUN), &next);
    if (next == at)
      break;
    at = skip_ascii(next, end);
  }
  return (gsize)(at - text);
}

/* Holds back the text's last bytes when they begin a character; FALSE when they are something else.
 */
static gboolean
hold(RowCharset *charset, const char *rest, gsize length)
{
  if (length >= sizeof charset->held ||
      g_utf8_get_char_validated(rest, (gssize)length) != INCOMPLETE)
    return FALSE;
  memcpy(charset->held, rest, length);
  charset->n_held = length;
  return TRUE;
}

/* The rest of the text, from the first byte on that is no UTF-8. */
static void
decode_rest(RowCharset *charset, const char *text, gsize valid, gsize length)
{
  GString *out = g_string_sized_new(length + length / 8);
  g_string_append_len(out, text, (gssize)valid);
  for (gsize i = valid; i < length; i++)
    text_append_windows_1252(out, text[i]);
  g_string_free(charset->text, TRUE); /* the text may be what this one held */
  charset->text = out;
}

/* Looks for a byte-order mark once enough is there to tell; FALSE while it is not. */
static gboolean
skip_mark(RowCharset *charset, const char **text, gsize *length, gboolean is_last)
{
  gsize known = MIN(*length, strlen(BOM));
  if (memcmp(*text, BOM, known) == 0 && known < strlen(BOM) && !is_last) {
    memcpy(charset->held, *text, known);
    charset->n_held = known;
    return FALSE;
  }
  charset->began = TRUE;
  if (known == strlen(BOM) && memcmp(*text, BOM, known) == 0) {
    charset->stated = charset->used = CHARSET_UTF8;
    *text += known;
    *length -= known;
  }
  return TRUE;
}

gboolean
row_charset_decode(RowCharset *charset, const char *piece, gsize length, gboolean is_last,
                   const char **text, gsize *text_length)
{
  if (charset->n_held > 0) {
    g_string_truncate(charset->text, 0);
    g_string_append_len(charset->text, charset->held, (gssize)charset->n_held);
    g_string_append_len(charset->text, piece, (gssize)length);
    piece = charset->text->str;
    length = charset->text->len;
    charset->n_held = 0;
  }
  *text = piece;
  *text_length = 0;
  if (!charset->began && !skip_mark(charset, &piece, &length, is_last))
    return TRUE;
  gsize valid = charset->used == CHARSET_WINDOWS_1252 ? 0 : valid_length(piece, length);
  *text = piece;
  *text_length = valid;
  if (valid == length || (charset->used != CHARSET_WINDOWS_1252 && !is_last &&
                          hold(charset, piece + valid, length - valid)))
    return TRUE;
  if (charset->stated == CHARSET_UTF8)
    return FALSE;
  charset->used = CHARSET_WINDOWS_1252;
  decode_rest(charset, piece, valid, length);
  *text = charset->text->str;
  *text_length = charset->text->len;
  return TRUE;
}
