/* Sending a body while it is made.  nginx keeps at most a few buffers of it (nginx/stream.conf.in):
 * when its client is slow our writes wait, and with them whatever the body comes from. */
#include <string.h>

#include "base/settings.h"
#include "http/internal.h"

#define HELD_BYTES (256 * 1024) /* until then an error is an ordinary answer */

void
response_stream_begin(Response *res, const Request *req, const char *content_type)
{
  g_assert(route.streams && res->streamed_to == NULL);
  g_free(res->content_type);
  res->content_type = g_strdup(content_type);
  res->streamed_to = req;
  res->held = g_string_new(NULL);
}

const gboolean *
response_stream_has_begun(const Response *res)
{
  return &res->has_begun;
}

/* Writes and hands on; FALSE, from then on, once nobody takes it. */
static gboolean
put(Response *res, const char *bytes, gsize length)
{
  const Gateway *gateway = res->streamed_to->gateway;
  if (!res->is_cut && !(gateway_write(gateway, bytes, length) && gateway_flush(gateway)))
    res->is_cut = TRUE;
  return !res->is_cut;
}

gboolean
response_stream_flush(Response *res)
{
  if (res->has_begun)
    return !res->is_cut;
  const Request *req = res->streamed_to;
  g_autofree char *head = response_head(res, req, res->content_type, -1);
  gateway_set_patience(req->gateway, setting_int(ERP_CLIENT_STALL_S));
  res->has_begun = TRUE;
  gboolean is_sent =
      put(res, head, strlen(head)) && (req->is_head || put(res, res->held->str, res->held->len));
  g_string_free(res->held, TRUE);
  res->held = NULL;
  return is_sent;
}

gboolean
response_stream_write(const char *bytes, gsize length, gpointer response)
{
  Response *res = response;
  if (res->has_begun)
    return res->streamed_to->is_head ? !res->is_cut : put(res, bytes, length);
  g_string_append_len(res->held, bytes, (gssize)length);
  return res->held->len <= HELD_BYTES || response_stream_flush(res);
}

/* What was held back to its end is a body like any other. */
gboolean
response_stream_finish(Response *res)
{
  if (res->streamed_to != NULL && !res->has_begun) {
    res->body = res->held->str;
    res->body_length = res->held->len;
  }
  return res->has_begun;
}
