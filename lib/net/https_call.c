/* What libcurl is told about a call, and what it asks for while the call lasts. */
#include "net/https_call.h"

#include <string.h>

#include "base/log.h"
#include "base/settings.h"
#include "net/address.h"

#define CONNECT_TIMEOUT_MS 10000L
#define TURN_BYTES         (32 * 1024) /* to a slow sink: libcurl would hand on a long answer whole */

void
https_tell_head(HttpsCall *call)
{
  if (call->head != NULL && !call->told_head)
    call->head(call, call->sink_data);
  call->told_head = TRUE;
}

static size_t
receive(char *bytes, size_t size, size_t count, void *data)
{
  HttpsCall *call = data;
  size_t length = size * count;
  gboolean has_had_turn = call->client->received - call->client->turn_began >= TURN_BYTES;
  call->is_paused = call->is_held || (call->has_clock && has_had_turn);
  if (call->is_paused)
    return CURL_WRITEFUNC_PAUSE;
  call->result.bytes += length;
  call->client->received += length;
  if (call->result.bytes > call->max_bytes) {
    call->too_large = TRUE;
    return 0;
  }
  gint64 before_us = g_get_monotonic_time();
  https_tell_head(call);
  call->refused = !call->sink(bytes, length, call->sink_data);
  call->client->sinks_us += g_get_monotonic_time() - before_us;
  return call->refused ? 0 : length;
}

static size_t
receive_header(G_GNUC_UNUSED char *line, size_t size, size_t count, void *data)
{
  HttpsCall *call = data;
  call->too_large = size * count > call->max_header;
  return call->too_large ? 0 : size * count;
}

/* A body that libcurl cannot read from its beginning again: when a kept connection dies under it,
 * the call fails, where a body that libcurl holds would be sent anew (platform-notes, curl 2). */
static size_t
give_once(char *buffer, size_t size, size_t count, void *data)
{
  HttpsCall *call = data;
  size_t length = strnlen(call->unread, size * count);
  memcpy(buffer, call->unread, length);
  call->unread += length;
  return length;
}

static void
configure_body(HttpsCall *call, const HttpsRequest *request)
{
  g_autofree char *type = g_strconcat("Content-Type: ", request->content_type, NULL);
  call->headers = curl_slist_append(call->headers, type);
  curl_easy_setopt(call->easy, CURLOPT_POST, 1L);
  curl_easy_setopt(call->easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)strlen(request->body));
  if (request->only_once) {
    call->unread = request->body;
    curl_easy_setopt(call->easy, CURLOPT_READFUNCTION, give_once);
    curl_easy_setopt(call->easy, CURLOPT_READDATA, call);
  } else
    curl_easy_setopt(call->easy, CURLOPT_POSTFIELDS, request->body);
}

/* Looks at the very address that is about to be connected: between a look at the name and the
 * connection the name could change its mind. */
static curl_socket_t
open_public(void *data, G_GNUC_UNUSED curlsocktype purpose, struct curl_sockaddr *address)
{
  HttpsCall *call = data;
  if (!address_is_public(&address->addr)) {
    call->not_public = TRUE;
    return CURL_SOCKET_BAD;
  }
  return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

void
https_configure(HttpsCall *call, const HttpsRequest *request)
{
  CURL *easy = call->easy;
  curl_easy_setopt(easy, CURLOPT_URL, request->url);
  curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "https");
  curl_easy_setopt(easy, CURLOPT_PROXY,
                   ""); /* the environment holds request parameters (fin.md 1.8) */
  curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(easy, CURLOPT_CAINFO, setting(CURL_CA_BUNDLE));
  curl_easy_setopt(easy, CURLOPT_CAPATH,
                   NULL); /* with one, libcurl loads the store at every connection */
  curl_easy_setopt(easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
  if (!call->has_clock)
    curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, (long)request->timeout_ms);
  long connect_ms =
      request->connect_timeout_ms > 0 ? (long)request->connect_timeout_ms : CONNECT_TIMEOUT_MS;
  curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, MIN(connect_ms, (long)request->timeout_ms));
  /* over HTTP/2 a call that pauses would hold up the others of its connection */
  if (call->has_clock)
    curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
  curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, "");
  curl_easy_setopt(easy, CURLOPT_BUFFERSIZE, 128L * 1024);
  /* an open connection was perhaps made without looking at its address */
  if (request->public_only && !call->client->public_only)
    curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, 1L);
  if (request->public_only || call->client->public_only) {
    curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, open_public);
    curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, call);
  }
  curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, receive);
  curl_easy_setopt(easy, CURLOPT_WRITEDATA, call);
  if (call->max_header > 0) {
    curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, receive_header);
    curl_easy_setopt(easy, CURLOPT_HEADERDATA, call);
  }
  curl_easy_setopt(easy, CURLOPT_PRIVATE, call);
  g_autofree char *accept =
      g_strconcat("Accept: ", request->accept != NULL ? request->accept : "application/json", NULL);
  call->headers = curl_slist_append(NULL, accept);
  call->headers = curl_slist_append(call->headers, "Expect:");
  for (const char *const *header = request->headers; header != NULL && *header != NULL; header++)
    call->headers = curl_slist_append(call->headers, *header);
  if (log_request_id() != NULL) { /* so that their logs can be laid beside ours */
    g_autofree char *id = g_strconcat("X-Request-Id: ", log_request_id(), NULL);
    call->headers = curl_slist_append(call->headers, id);
  }
  if (request->body != NULL)
    configure_body(call, request);
  else
    curl_easy_setopt(easy, CURLOPT_HTTPGET, 1L);
  curl_easy_setopt(easy, CURLOPT_HTTPHEADER, call->headers);
}
