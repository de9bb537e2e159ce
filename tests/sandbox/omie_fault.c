/* Playing arranged faults.  A reset is nginx's doing: it knows how to close a connection without
 * an answer (location = /_reset { internal; return 444; }). */
#include "omie_fault.h"

#include <jansson.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>

#include "base/stop.h"
#include "http/internal.h"

#define RESET_LOCATION "/_reset"

void
omie_fault_clear(OmieFault *fault)
{
  g_free(fault->behaviour);
  g_free(fault->content_type);
  g_free(fault->headers);
  g_bytes_unref(fault->body);
}

GBytes *
omie_fault_bytes(const PGresult *result, int column)
{
  size_t length;
  const char *text = db_text(result, 0, column);
  if (text == NULL)
    return NULL;
  unsigned char *bytes = PQunescapeBytea((const unsigned char *)text, &length);
  return g_bytes_new_with_free_func(bytes, length, PQfreemem, bytes);
}

void
omie_take_time(gint64 ms)
{
  struct pollfd stop = {.fd = stop_fd(), .events = POLLIN};
  if (ms > 0)
    (void)poll(&stop, 1, (int)MIN(ms, G_MAXINT));
}

static gboolean
behaves(const OmieFault *fault, const char *behaviour)
{
  return strcmp(fault->behaviour, behaviour) == 0;
}

gboolean
omie_fault_needs_work(const OmieFault *fault)
{
  return fault->performed || (behaves(fault, "cut") && fault->body == NULL);
}

/* What Omie or its nginx says with a status when the test did not say. */
static void
set_usual_body(const OmieFault *fault, OmieReply *reply)
{
  guint status = fault->status;
  if (status >= 502 || g_strcmp0(fault->content_type, "text/html") == 0)
    omie_reply_gateway_page(reply, status);
  else if (status == 401 || status == 403)
    omie_reply_bad_credentials(reply);
  else if (status == 425)
    omie_reply_blocked(reply, 1800);
  else if (status == 429)
    omie_reply_too_many(reply);
  else if (status == 0 || status >= 400)
    omie_reply_broken(reply);
  else
    g_string_truncate(reply->body, 0);
  reply->status = status != 0 ? status : 500;
}

static void
set_body(const OmieFault *fault, OmieReply *reply, guint usual_status)
{
  gsize length;
  const char *bytes = g_bytes_get_data(fault->body, &length);
  g_string_truncate(reply->body, 0);
  g_string_append_len(reply->body, bytes, (gssize)length);
  reply->content_type = length > 0 && *bytes == '<' ? "text/html" : "application/json";
  reply->status = fault->status != 0 ? fault->status : usual_status;
}

static void
add_headers(const OmieFault *fault, Response *res)
{
  const char *name;
  json_t *value, *headers = json_loads(fault->headers != NULL ? fault->headers : "{}", 0, NULL);
  json_object_foreach(headers, name, value) if (json_is_string(value))
      response_header(res, name, json_string_value(value));
  json_decref(headers);
}

/* Announces the whole length, sends half, and drops the connection without FastCGI's end record:
 * then nginx drops its caller at once (platform-notes, nginx 2).  An answer built with lib/http is
 * always whole, hence the look behind its scenes. */
static void
send_half(const Request *req, const OmieReply *reply)
{
  g_autofree char *head = g_strdup_printf(
      "Status: %u\r\nContent-Type: %s\r\nContent-Length: %" G_GSIZE_FORMAT "\r\n\r\n",
      reply->status, reply->content_type, reply->body->len);
  FCGX_Request *connection = req->gateway->fastcgi;
  gateway_write(req->gateway, head, strlen(head));
  gateway_write(req->gateway, reply->body->str, reply->body->len / 2);
  if (connection == NULL)
    return; /* plain CGI */
  FCGX_FFlush(connection->out);
  shutdown(connection->ipcFd, SHUT_RDWR);
}

void
omie_fault_prepare(const OmieFault *fault, OmieReply *reply)
{
  gboolean cuts = behaves(fault, "cut");
  if (behaves(fault, "reset")) {
    reply->status = 0;
    return;
  }
  if (fault->body != NULL)
    set_body(fault, reply, cuts ? 200 : 500);
  else if (!cuts)
    set_usual_body(fault, reply);
  if (cuts && fault->status != 0)
    reply->status = fault->status;
  if (fault->content_type != NULL)
    reply->content_type = fault->content_type;
}

void
omie_fault_send(const OmieFault *fault, const OmieReply *reply, const Request *req, Response *res)
{
  if (behaves(fault, "reset")) {
    response_header(res, "X-Accel-Redirect", RESET_LOCATION);
  } else if (behaves(fault, "cut")) {
    send_half(req, reply);
  } else {
    add_headers(fault, res);
    omie_reply_send(reply, res);
  }
}
