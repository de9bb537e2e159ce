#include "accounting/row_text.h"

/* Bytes that cannot stand in a string as they are; the end is one of them. */
static const guint8 is_special[256] = {1, 1, 1, 1, 1, 1, 1, 1, 1,         1,         1, 1,
                                       1, 1, 1, 1, 1, 1, 1, 1, 1,         1,         1, 1,
                                       1, 1, 1, 1, 1, 1, 1, 1, ['"'] = 1, ['\\'] = 1};

static void
append_escape(GString *text, guchar byte)
{
  static const char *const named[256] = {
      ['"'] = "\\\"", ['\\'] = "\\\\", ['\n'] = "\\n", ['\r'] = "\\r",
      ['\t'] = "\\t", ['\b'] = "\\b",  ['\f'] = "\\f"};
  if (named[byte] != NULL)
    g_string_append_len(text, named[byte], 2);
  else
    g_string_append_printf(text, "\\u%04x", byte);
}

static void
append_valid(GString *text, const char *value)
{
  g_string_append_c(text, '"');
  for (const char *run = value, *at = value;; at++) {
    if (!is_special[(guchar)*at])
      continue;
    append_bytes(text, run, (gsize)(at - run));
    if (*at == '\0')
      break;
    append_escape(text, (guchar)*at);
    run = at + 1;
  }
  g_string_append_c(text, '"');
}

void
append_json(GString *text, const char *value)
{
  const char *at = value;
  guchar seen = 0;
  while (!is_special[(guchar)*at])
    seen |= (guchar)*at++;
  if (*at == '\0' && seen < 0x80) { /* as nearly all are */
    append_bytes(text, "\"", 1);
    append_bytes(text, value, (gsize)(at - value));
    append_bytes(text, "\"", 1);
  } else if (g_utf8_validate(value, -1, NULL)) {
    append_valid(text, value);
  } else {
    g_autofree char *valid = g_utf8_make_valid(value, -1);
    append_valid(text, valid);
  }
}

void
append_json_or_null(GString *text, const char *value)
{
  if (value == NULL || *value == '\0')
    append_bytes(text, "null", 4);
  else
    append_json(text, value);
}

static char *
put_digits(char *end, guint64 number, int least)
{
  for (int i = 0; i < least || number > 0; i++, number /= 10)
    *--end = (char)('0' + number % 10);
  return end;
}

void
append_day(GString *text, const GDate *day)
{
  char digits[] = "0000-00-00";
  put_digits(digits + 4, g_date_get_year(day), 4);
  put_digits(digits + 7, g_date_get_month(day), 2);
  put_digits(digits + 10, g_date_get_day(day), 2);
  append_bytes(text, digits, sizeof digits - 1);
}

void
append_money(GString *text, gint64 centavos)
{
  char digits[32], *end = digits + sizeof digits;
  guint64 size = centavos < 0 ? -(guint64)centavos : (guint64)centavos;
  char *at = put_digits(end, size % 100, 2);
  *--at = '.';
  at = put_digits(at, size / 100, 1);
  if (centavos < 0)
    *--at = '-';
  append_bytes(text, at, (gsize)(end - at));
}
