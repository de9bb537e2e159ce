/* What is built on the HTTPS client, and its words. */
#include "net/https.h"

gboolean
https_url_is_acceptable(const char *url)
{
  g_autoptr(GUri) uri = g_uri_parse(url, G_URI_FLAGS_HAS_PASSWORD, NULL);
  return uri != NULL && g_ascii_strcasecmp(g_uri_get_scheme(uri), "https") == 0 &&
         g_uri_get_host(uri) != NULL && *g_uri_get_host(uri) != '\0' &&
         g_uri_get_userinfo(uri) == NULL;
}

static gboolean
append(const char *bytes, gsize length, gpointer data)
{
  g_string_append_len(data, bytes, (gssize)length);
  return TRUE;
}

gboolean
https_fetch(HttpsClient *client, const HttpsRequest *request, GString *body, HttpsResult *result,
            GError **error)
{
  HttpsRequest collecting = *request;
  collecting.sink = append;
  collecting.sink_data = body;
  g_autoptr(HttpsCall) call = https_start(client, &collecting, error);
  if (call == NULL)
    return FALSE;
  while (https_result(call) == NULL)
    https_wait(client, 1000);
  *result = *https_result(call);
  return TRUE;
}

const char *
https_reason(guint status)
{
  static const struct {
    guint status;
    const char *reason;
  } reasons[] = {{400, "Bad Request"},        {401, "Unauthorized"},
                 {403, "Forbidden"},          {404, "Not Found"},
                 {405, "Method Not Allowed"}, {408, "Request Timeout"},
                 {413, "Content Too Large"},  {425, "Too Early"},
                 {429, "Too Many Requests"},  {500, "Internal Server Error"},
                 {502, "Bad Gateway"},        {503, "Service Unavailable"},
                 {504, "Gateway Timeout"}};
  for (gsize i = 0; i < G_N_ELEMENTS(reasons); i++)
    if (reasons[i].status == status)
      return reasons[i].reason;
  return "Unexpected Status";
}

const char *
https_outcome_name(HttpsOutcome outcome)
{
  static const char *const names[N_HTTPS_OUTCOMES] = {
      [HTTPS_ANSWERED] = "answered",   [HTTPS_TIMED_OUT] = "timed_out",
      [HTTPS_NOT_SENT] = "not_sent",   [HTTPS_FAILED] = "failed",
      [HTTPS_UNTRUSTED] = "untrusted", [HTTPS_TOO_LARGE] = "too_large",
      [HTTPS_REFUSED] = "refused",     [HTTPS_NOT_PUBLIC] = "not_public",
  };
  return names[outcome];
}
