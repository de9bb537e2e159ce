#include "http/headers.h"

#include <string.h>

static gboolean
is_utf8_charset(const char *parameter)
{
  g_autofree char *tidy = g_strstrip(g_ascii_strdown(parameter, -1));
  return *tidy == '\0' || strcmp(tidy, "charset=utf-8") == 0 ||
         strcmp(tidy, "charset=\"utf-8\"") == 0;
}

gboolean
content_type_is_json(const char *content_type, gboolean utf8_only)
{
  static const char json[] = "application/json";
  if (content_type == NULL || g_ascii_strncasecmp(content_type, json, strlen(json)) != 0)
    return FALSE;
  const char *rest = content_type + strlen(json);
  if (strchr(" \t;", *rest) == NULL) /* its end counts too */
    return FALSE;
  g_auto(GStrv) parameters = g_strsplit(rest, ";", -1);
  gboolean fits = TRUE;
  for (guint i = 0; utf8_only && parameters[i] != NULL; i++)
    fits = fits && is_utf8_charset(parameters[i]);
  return fits;
}

gboolean
prefer_has(const char *prefer, const char *preference)
{
  g_auto(GStrv) given = g_strsplit(prefer, ",", -1);
  for (guint i = 0; given[i] != NULL; i++) {
    g_auto(GStrv) parts = g_strsplit(given[i], ";", 2);
    if (parts[0] != NULL && g_ascii_strcasecmp(g_strstrip(parts[0]), preference) == 0)
      return TRUE;
  }
  return FALSE;
}

gboolean
host_is_plausible(const char *host)
{
  static const char name[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_";
  gsize length = strspn(host, name);
  if (*host == '[') {
    length = strspn(host + 1, "0123456789abcdefABCDEF:.") + 2;
    if (length == 2 || host[length - 1] != ']')
      return FALSE;
  }
  if (length == 0 || length > 255)
    return FALSE;
  const char *port = host + length;
  gsize digits = *port == ':' ? strspn(port + 1, "0123456789") : 0;
  return *port == '\0' || (*port == ':' && digits >= 1 && digits <= 5 && port[1 + digits] == '\0');
}
