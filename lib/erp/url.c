/* The URL of a call: base, path and parameters (erp-connectors.md 6.0). */
#include "erp/call.h"

#include <string.h>

#include "net/seal.h"

/* The first segment of a path without its leading slash, and the next one; 0: there is none. */
static gsize
first_segments(const char *path, guint count)
{
  const char *at = path;
  for (; count > 0 && *at != '\0'; count--) {
    at += strcspn(at, "/");
    if (count > 1)
      at += *at == '/' ? 1 : 0;
  }
  return count == 0 ? (gsize)(at - path) : 0;
}

/* How much of the path's beginning the base already ends with. */
static gsize
shared_length(const char *base, gsize base_length, const char *path)
{
  gsize shared = 0;
  for (guint count = 1;; count++) {
    gsize length = first_segments(path, count);
    if (length == 0 || length >= base_length)
      return shared;
    const char *tail = base + base_length - length;
    if (tail[-1] == '/' && strncmp(tail, path, length) == 0)
      shared = length;
    if (path[length] == '\0')
      return shared;
  }
}

char *
erp_join_url(const char *base, const char *path)
{
  gsize length = strlen(base);
  while (length > 0 && base[length - 1] == '/')
    length--;
  while (*path == '/')
    path++;
  const char *host = strstr(base, "://");
  host = host != NULL ? host + strlen("://") : base;
  const char *segments = host + strcspn(host, "/"); /* a host is no segment */
  gsize before = (gsize)(segments - base);
  gsize shared = length > before ? shared_length(segments, length - before, path) : 0;
  return g_strdup_printf("%.*s%s%s", (int)length, base, shared > 0 ? "" : "/", path + shared);
}

void
erp_query_init(ErpQuery *query)
{
  query->text = g_string_new(NULL);
}

void
erp_query_add(ErpQuery *query, const char *name, const char *value)
{
  if (name == NULL || value == NULL)
    return;
  if (query->text->len > 0)
    g_string_append_c(query->text, '&');
  g_string_append_uri_escaped(query->text, name, NULL, FALSE);
  g_string_append_c(query->text, '=');
  g_string_append_uri_escaped(query->text, value, NULL, FALSE);
}

void
erp_query_add_int(ErpQuery *query, const char *name, gint64 value)
{
  char text[24];
  g_snprintf(text, sizeof text, "%" G_GINT64_FORMAT, value);
  erp_query_add(query, name, text);
}

void
erp_query_clear(ErpQuery *query)
{
  if (query->text == NULL)
    return;
  secret_free(g_string_free(query->text, FALSE)); /* a key may be among them */
  query->text = NULL;
}
