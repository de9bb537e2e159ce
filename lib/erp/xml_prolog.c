#include "erp/xml_prolog.h"

#include <string.h>

/* The encoding that a declaration ("<?xml … ?>") states. */
static void
read_declaration(XmlProlog *prolog, const char *end)
{
  const char *stated = g_strstr_len(prolog->at, end - prolog->at, "encoding");
  prolog->has_encoding = stated != NULL;
  stated = stated != NULL ? g_strstr_len(stated, end - stated, "=") : NULL;
  if (stated == NULL)
    return;
  stated += strcspn(stated, "\"'");
  stated += *stated != '\0' ? 1 : 0;
  g_autofree char *value = g_strdup_printf("charset=%.*s", (int)strcspn(stated, "\"'"), stated);
  prolog->encoding = charset_stated(value);
}

/* Goes to the root, over the declaration and comments; FALSE at a document type, which libxml2
 * would have read (with all its entities) before telling us. */
static gboolean
skip_to_root(XmlProlog *prolog)
{
  static const struct {
    const char *begin, *end;
  } skipped[] = {{"<!--", "-->"}, {"<?", "?>"}};
  for (;;) {
    while (g_ascii_isspace(*prolog->at))
      prolog->at++;
    const char *end = NULL;
    for (gsize i = 0; i < G_N_ELEMENTS(skipped) && end == NULL; i++)
      if (g_str_has_prefix(prolog->at, skipped[i].begin)) {
        end = strstr(prolog->at, skipped[i].end);
        if (end == NULL)
          return TRUE;
        end += strlen(skipped[i].end);
      }
    if (end == NULL)
      break;
    if (g_str_has_prefix(prolog->at, "<?xml "))
      read_declaration(prolog, end);
    prolog->at = end;
  }
  if (*prolog->at == '<' && prolog->at[1] != '!')
    prolog->root = g_strndup(prolog->at + 1, strcspn(prolog->at + 1, " \t\r\n/>"));
  return *prolog->at != '<' || prolog->at[1] != '!';
}

static gboolean
is_page(const char *text)
{
  static const char *const beginnings[] = {"<!doctype html", "<html"};
  for (gsize i = 0; i < G_N_ELEMENTS(beginnings); i++)
    if (g_ascii_strncasecmp(text, beginnings[i], strlen(beginnings[i])) == 0)
      return TRUE;
  return FALSE;
}

XmlBeginning
xml_prolog_read(XmlProlog *prolog)
{
  prolog->at = prolog->text + (g_str_has_prefix(prolog->text, "\xEF\xBB\xBF") ? 3 : 0);
  while (g_ascii_isspace(*prolog->at))
    prolog->at++;
  if (*prolog->at == '\0')
    return XML_EMPTY;
  if (*prolog->at != '<' || is_page(prolog->at))
    return XML_NONE;
  if (!skip_to_root(prolog))
    return XML_DOCTYPE;
  return prolog->root != NULL ? XML_ROOTED : XML_ROOTLESS;
}
