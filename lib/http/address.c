#include "http/address.h"

#include <string.h>

char *
address_place(const char *pattern, const char *path)
{
  const char *place = strchr(pattern, '{');
  gsize before = place != NULL ? (gsize)(place - pattern) : 0;
  if (place == NULL || strncmp(pattern, path, before) != 0)
    return NULL;
  const char *behind = place + strcspn(place, "}");
  behind += *behind == '}';
  gsize length = strcspn(path + before, "/");
  const char *rest = path + before + length;
  gsize tail = strlen(behind);
  if (length == 0 || strncmp(rest, behind, tail) != 0 ||
      (rest[tail] != '\0' && strcmp(rest + tail, "/") != 0))
    return NULL;
  return g_strndup(path + before, length);
}

static gboolean
is_page(const char *pair)
{
  g_autofree char *name = g_strndup(pair, strcspn(pair, "="));
  g_autofree char *plain = g_uri_unescape_string(name, NULL);
  return plain != NULL && strcmp(plain, "page") == 0;
}

char *
address_page_link(const char *base, const char *path, const char *query, gint64 page)
{
  g_autoptr(GString) link = g_string_new(base);
  g_string_append_uri_escaped(link, path, "/:@!$&'()*+,;=", FALSE);
  char mark = '?';
  g_auto(GStrv) pairs = g_strsplit(query, "&", -1);
  for (guint i = 0; pairs[i] != NULL; i++) {
    if (*pairs[i] == '\0' || is_page(pairs[i]))
      continue;
    g_string_append_c(link, mark);
    /* as it was asked, but for what no URL may hold */
    g_string_append_uri_escaped(link, pairs[i], "%/?:@!$'()*+,;=[]", FALSE);
    mark = '&';
  }
  if (page != 1)
    g_string_append_printf(link, "%cpage=%" G_GINT64_FORMAT, mark, page);
  return g_string_free(g_steal_pointer(&link), FALSE);
}
