#include "accounting/csv.h"

#include "base/text.h"

/* Spreadsheets take a cell that begins so for a formula. */
static const guint8 is_formula_mark[256] = {
    ['='] = 1, ['+'] = 1, ['-'] = 1, ['@'] = 1, ['\t'] = 1, ['\r'] = 1};

/* Bytes that quote a cell; the end is one of them. */
static const guint8 is_special[256] = {1, [','] = 1, ['"'] = 1, ['\r'] = 1, ['\n'] = 1};

void
csv_add_plain(GString *text, const char *value)
{
  if (value != NULL)
    append_bytes(text, value, strlen(value));
  append_bytes(text, ",", 1);
}

static void
add_quoted(GString *text, const char *value)
{
  g_string_append_c(text, '"');
  for (const char *quote; (quote = strchr(value, '"')) != NULL; value = quote + 1) {
    g_string_append_len(text, value, quote + 1 - value);
    g_string_append_c(text, '"');
  }
  g_string_append(text, value);
  g_string_append_c(text, '"');
}

void
csv_add_text(GString *text, const char *value)
{
  value = value != NULL ? value : "";
  const char *at = value;
  while (!is_special[(guchar)*at])
    at++;
  gboolean is_quoted = *at != '\0';
  gboolean is_formula = is_formula_mark[(guchar)*value];
  if (!is_quoted && !is_formula) {
    append_bytes(text, value, (gsize)(at - value));
    append_bytes(text, ",", 1);
    return;
  }
  g_autofree char *harmless = is_formula ? g_strconcat("'", value, NULL) : NULL;
  const char *cell = harmless != NULL ? harmless : value;
  if (is_quoted)
    add_quoted(text, cell);
  else
    g_string_append(text, cell);
  g_string_append_c(text, ',');
}

void
csv_end_row(GString *text)
{
  if (text->len > 0 && text->str[text->len - 1] == ',')
    g_string_truncate(text, text->len - 1);
  g_string_append(text, "\r\n");
}

char *
csv_file_name(const char *kind, const char *const *parts)
{
  GString *name = g_string_new(kind);
  for (; *parts != NULL; parts++) {
    g_string_append_c(name, '_');
    for (const char *c = *parts; *c != '\0'; c++)
      g_string_append_c(name, g_ascii_isalnum(*c) || *c == '.' || *c == '-' ? *c : '_');
  }
  g_string_append(name, ".csv");
  return g_string_free(name, FALSE);
}
