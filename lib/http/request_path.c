/* Where a request points: its path, the place in it, links back to where it came from. */
#include <string.h>

#include "http/address.h"
#include "http/headers.h"
#include "http/internal.h"

/* The path alone, decoded: as nginx tells it, else from what every CGI has. */
static char *
path_of(const Request *req)
{
  const char *path = gateway_param(req->gateway, "DOCUMENT_URI", NULL),
             *uri = gateway_param(req->gateway, "REQUEST_URI", NULL),
             *script = gateway_param(req->gateway, "SCRIPT_NAME", NULL),
             *info = gateway_param(req->gateway, "PATH_INFO", NULL);
  if (path != NULL)
    return g_strdup(path);
  if (uri != NULL) {
    g_autofree char *asked = g_strndup(uri, strcspn(uri, "?"));
    g_autofree char *plain = g_uri_unescape_string(asked, NULL);
    return g_strdup(plain != NULL ? plain : "");
  }
  return g_strconcat(script != NULL ? script : "", info, NULL);
}

const char *
request_path_id(const Request *req)
{
  Request *cache = (Request *)req; /* taking it at first use is not a change the caller sees */
  if (req->path_id == NULL) {
    g_autofree char *path = path_of(req);
    cache->path_id = address_place(route_url, path);
    if (req->path_id == NULL && route.alias != NULL)
      cache->path_id = address_place(route.alias, path);
    if (req->path_id == NULL)
      cache->path_id = g_strdup("");
  }
  return req->path_id;
}

static gboolean
is_scheme(const char *text)
{
  return text != NULL && (strcmp(text, "http") == 0 || strcmp(text, "https") == 0);
}

/* "https://host:8443", as the caller wrote it: TLS may end before it reaches us.  nginx may tell
 * host and port apart (nginx/site.conf.in). */
static char *
base_of(const Request *req)
{
  const char *scheme = gateway_param(req->gateway, "HTTP_X_FORWARDED_PROTO", NULL),
             *name = gateway_param(req->gateway, "HTTP_HOST", NULL),
             *port = gateway_param(req->gateway, "HOST_PORT", NULL);
  if (!is_scheme(scheme))
    scheme = gateway_param(req->gateway, "REQUEST_SCHEME", NULL);
  if (!is_scheme(scheme))
    scheme = "http";
  g_autofree char *host = g_strconcat(name != NULL ? name : "", port, NULL);
  const char *shown = host_is_plausible(host)                   ? host
                      : name != NULL && host_is_plausible(name) ? name
                                                                : "localhost";
  return g_strconcat(scheme, "://", shown, NULL);
}

char *
request_page_link(const Request *req, gint64 page)
{
  const char *query = gateway_param(req->gateway, "QUERY_STRING", NULL);
  g_autofree char *base = base_of(req), *path = path_of(req);
  return address_page_link(base, path, query != NULL ? query : "", page);
}
