/* An ERP's words, made fit for people and logs. */
#include <string.h>

#include "base/text.h"
#include "net/exchange.h"

#define LONGEST 200

/* CPF and CNPJ, plain or with their marks; no digit before or after. */
#define DOCUMENT                                                                                   \
  "(?<!\\d)(?:\\d{11}|\\d{14}|\\d{3}\\.\\d{3}\\.\\d{3}-\\d{2}|\\d{2}\\.\\d{3}\\.\\d{3}/\\d{4}-"    \
  "\\d{2})(?!\\d)"

/* Each secret as it is, as a URL shows it and in base64: where a longer form holds a shorter one
 * the longer goes first. */
static char *
without_secrets(const char *text, const char *const *secrets)
{
  char *clean = g_strdup(text);
  for (; secrets != NULL && *secrets != NULL; secrets++) {
    g_autofree char *escaped = g_uri_escape_string(*secrets, NULL, FALSE);
    g_autofree char *coded = g_base64_encode((const guchar *)*secrets, strlen(*secrets));
    const char *const forms[] = {escaped, coded, *secrets, NULL};
    g_autofree char *before = clean;
    clean = text_redact(before, forms);
  }
  return clean;
}

char *
exchange_clean(const char *text, const char *const *secrets)
{
  static GRegex *document;
  if (text == NULL)
    return NULL;
  if (document == NULL)
    document = g_regex_new(DOCUMENT, G_REGEX_OPTIMIZE, 0, NULL);
  g_autofree char *valid = g_utf8_make_valid(text, -1);
  g_autofree char *redacted = without_secrets(valid, secrets);
  g_autofree char *masked = g_regex_replace_literal(document, redacted, -1, 0, "***", 0, NULL);
  g_autofree char *line = text_one_line(masked != NULL ? masked : "");
  return text_cut(line, LONGEST);
}
