#include "backoffice/download.h"

#include <string.h>

#include "base/error.h"
#include "base/log.h"
#include "base/settings.h"
#include "base/text.h"
#include "net/https.h"

#define SCHEME       "https://"
#define DEFAULT_PORT 443
#define KIB          ((gsize)1024)
#define MIB          (KIB * KIB)

/* ---- which links ----------------------------------------------------------------------------- */

static gboolean
is_host_name(const char *host)
{
  gsize length = strlen(host);
  return length > 0 && host[0] != '.' && host[length - 1] != '.' &&
         strspn(host, G_CSET_a_2_z G_CSET_A_2_Z G_CSET_DIGITS "-_.") == length;
}

static gboolean
is_ipv6_literal(const char *host)
{
  gsize length = strlen(host);
  return length > 2 && host[0] == '[' && host[length - 1] == ']' &&
         strspn(host + 1, "0123456789abcdefABCDEF:.") == length - 2;
}

static gboolean
read_port(const char *text, guint *port)
{
  guint64 number;
  if (!g_ascii_string_to_unsigned(text, 10, 1, G_MAXUINT16, &number, NULL))
    return FALSE;
  *port = (guint)number;
  return TRUE;
}

/* NULL, or why the link is no good.  Stricter than any reader of URLs, libcurl and GLib among them:
 * what they could disagree about ("a@b", "a\b", "%61") does not get through. */
static const char *
read_link(const char *url, char **host, guint *port)
{
  static const char malformed[] = "link de download inválido";
  for (const char *at = url; *at != '\0'; at++)
    if ((guchar)*at <= ' ' || *at == '\x7f')
      return malformed;
  if (g_ascii_strncasecmp(url, SCHEME, strlen(SCHEME)) != 0)
    return "link de download não usa https";
  const char *authority = url + strlen(SCHEME);
  g_autofree char *name = g_strndup(authority, strcspn(authority, "/?#"));
  if (strchr(name, '@') != NULL)
    return "link de download com usuário ou senha";
  *port = DEFAULT_PORT;
  char *colon = strrchr(name, ':');
  if (colon != NULL && strchr(colon, ']') == NULL) {
    if (!read_port(colon + 1, port))
      return malformed;
    *colon = '\0';
  }
  if (!is_host_name(name) && !is_ipv6_literal(name))
    return malformed;
  *host = g_steal_pointer(&name);
  return NULL;
}

static gboolean
is_listed(const char *host, const char *hosts)
{
  g_auto(GStrv) entries = g_strsplit(hosts, ",", -1);
  for (guint i = 0; entries[i] != NULL; i++) {
    const char *entry = g_strstrip(entries[i]);
    gsize length = strlen(entry), host_length = strlen(host);
    gboolean is_suffix = entry[0] == '.' && host_length > length;
    const char *compared = is_suffix ? host + host_length - length : host;
    if (length > 0 && g_ascii_strcasecmp(compared, entry) == 0)
      return TRUE;
  }
  return FALSE;
}

/* The API's own host, and with `same_port` its port as well? */
static gboolean
is_api_host(const char *host, guint port, const char *api_base_url, gboolean same_port)
{
  g_autofree char *own_host = NULL;
  guint own_port;
  return read_link(api_base_url, &own_host, &own_port) == NULL &&
         g_ascii_strcasecmp(host, own_host) == 0 && (!same_port || port == own_port);
}

gboolean
download_is_allowed(const char *url, const char *hosts, const char *api_base_url,
                    const char **reason)
{
  g_autofree char *host = NULL;
  guint port;
  const char *objection = read_link(url, &host, &port);
  if (objection == NULL && !is_api_host(host, port, api_base_url, TRUE)) {
    if (!is_listed(host, hosts))
      objection = "link de download em servidor não permitido";
    else if (port != DEFAULT_PORT)
      objection = "link de download em porta não permitida";
  }
  if (objection != NULL)
    *reason = objection;
  return objection == NULL;
}

gboolean
download_is_of_api(const char *url, const char *api_base_url)
{
  g_autofree char *host = NULL;
  guint port;
  return read_link(url, &host, &port) == NULL && is_api_host(host, port, api_base_url, FALSE);
}

char *
download_size_text(gsize bytes)
{
  if (bytes >= MIB && bytes % MIB == 0)
    return g_strdup_printf("%" G_GSIZE_FORMAT " MB", bytes / MIB);
  if (bytes >= KIB && bytes % KIB == 0)
    return g_strdup_printf("%" G_GSIZE_FORMAT " KB", bytes / KIB);
  return g_strdup_printf("%" G_GSIZE_FORMAT " bytes", bytes);
}

/* ---- getting it ------------------------------------------------------------------------------ */

static gboolean
refuse(GError **error, PonteErrorCode code, const char *reason)
{
  g_set_error_literal(error, PONTE_ERROR, (gint)code, reason);
  return FALSE;
}

static gboolean
is_redirect(guint status)
{
  return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

/* A whole answer that is neither the file nor a redirect. */
static gboolean
refuse_status(guint status, GError **error)
{
  gboolean may_pass = status == 408 || status == 429 || status >= 500;
  g_autofree char *reason =
      g_strdup_printf("o servidor do arquivo respondeu %u %s", status, https_reason(status));
  return refuse(error, may_pass ? ERROR_UPSTREAM_UNAVAILABLE : ERROR_UPSTREAM_FAULT, reason);
}

static gboolean
check_result(const HttpsResult *result, gsize max_bytes, GError **error)
{
  switch (result->outcome) {
  case HTTPS_ANSWERED:
    if (is_redirect(result->status) || (result->status >= 200 && result->status < 300))
      return TRUE;
    return refuse_status(result->status, error);
  case HTTPS_TIMED_OUT:
    return refuse(error, ERROR_UPSTREAM_TIMEOUT, "tempo limite excedido");
  case HTTPS_TOO_LARGE: {
    if (result->status < 200 || result->status >= 300)
      return refuse_status(result->status, error); /* a long page about what went wrong */
    g_autofree char *limit = download_size_text(max_bytes);
    g_autofree char *reason = g_strconcat("arquivo excede o limite de ", limit, NULL);
    return refuse(error, ERROR_UPSTREAM_FAULT, reason);
  }
  case HTTPS_NOT_PUBLIC:
    return refuse(error, ERROR_UPSTREAM_FAULT, "link de download aponta para endereço interno");
  case HTTPS_UNTRUSTED:
    return refuse(error, ERROR_UPSTREAM_FAULT, "certificado do servidor do arquivo não confiável");
  default:
    return refuse(error, ERROR_UPSTREAM_UNAVAILABLE, "falha de conexão no download do arquivo");
  }
}

static void
log_download(const HttpsResult *result)
{
  g_autofree char *ms = g_strdup_printf("%.1f", (double)result->duration_us / 1000);
  log_info("omie download", "status", int_text(result->status), "bytes",
           int_text((gint64)result->bytes), "ms", ms, "reason",
           result->outcome != HTTPS_ANSWERED ? result->reason : NULL, NULL);
}

/* One request.  *next: where it points to when it is a redirect. */
static gboolean
get(const char *url, gsize max_bytes, gint64 deadline_us, GString *content, char **next,
    GError **error)
{
  const char *base_url = setting(OMIE_API_BASE_URL), *reason;
  if (!download_is_allowed(url, setting(OMIE_DOWNLOAD_HOSTS), base_url, &reason))
    return refuse(error, ERROR_UPSTREAM_FAULT, reason);
  gint64 left_ms = (deadline_us - g_get_monotonic_time()) / 1000;
  if (left_ms <= 0)
    return refuse(error, ERROR_UPSTREAM_TIMEOUT, "tempo limite excedido");
  g_autoptr(GString) location = g_string_new(NULL);
  const HttpsRequest request = {.url = url,
                                .accept = "*/*",
                                .timeout_ms = left_ms,
                                .max_bytes = max_bytes,
                                .public_only = !download_is_of_api(url, base_url),
                                .location = location};
  HttpsResult result;
  if (!https_fetch(https_shared(), &request, content, &result, NULL))
    return refuse(error, ERROR_UPSTREAM_FAULT, "link de download inválido");
  log_download(&result);
  if (!check_result(&result, max_bytes, error))
    return FALSE;
  if (!is_redirect(result.status))
    return TRUE;
  *next = location->len == 0
              ? NULL
              : g_uri_resolve_relative(url, location->str, G_URI_FLAGS_ENCODED, NULL);
  return *next != NULL ||
         refuse(error, ERROR_UPSTREAM_FAULT, "redirecionamento sem destino no download do arquivo");
}

gboolean
download_fetch(const char *url, gsize max_bytes, gint64 deadline_us, GString *content,
               GError **error)
{
  gsize length_before = content->len;
  gint64 own_deadline_us = g_get_monotonic_time() + setting_int(OMIE_TIMEOUT_MS) * 1000;
  g_autofree char *at = g_strdup(url);
  for (guint redirects = 0;; redirects++) {
    g_autofree char *next = NULL;
    gboolean got = get(at, max_bytes, MIN(deadline_us, own_deadline_us), content, &next, error);
    if (got && next == NULL)
      return TRUE;
    g_string_truncate(content, length_before); /* what came with a refusal or a redirect */
    if (!got)
      return FALSE;
    if (redirects == DOWNLOAD_MAX_REDIRECTS)
      return refuse(error, ERROR_UPSTREAM_FAULT, "redirecionamentos demais no download do arquivo");
    g_free(at);
    at = g_steal_pointer(&next);
  }
}
