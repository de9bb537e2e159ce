#include "net/https.h"

#include <curl/curl.h>
#include <string.h>

#include "base/error.h"
#include "base/log.h"
#include "base/settings.h"
#include "base/stop.h"
#include "net/address.h"

#define CONNECT_TIMEOUT_MS 10000L

struct HttpsClient {
  CURLM *multi;
  GQueue spare; /* easy handles to use again: they keep the certificate store (platform-notes, curl
                   1) */
};

struct HttpsCall {
  HttpsClient *client;
  CURL *easy;
  struct curl_slist *headers;
  gsize max_bytes;
  HttpsSink sink;
  gpointer sink_data;
  const char *unread; /* of a body that is sent only once */
  GString *location;
  gboolean ended, too_large, refused, not_public;
  HttpsResult result;
};

HttpsClient *
https_shared(void)
{
  static HttpsClient *shared;
  if (shared == NULL) {
    curl_global_init(CURL_GLOBAL_DEFAULT);
    shared = g_new0(HttpsClient, 1);
    shared->multi = curl_multi_init();
  }
  return shared;
}

gboolean
https_url_is_acceptable(const char *url)
{
  g_autoptr(GUri) uri = g_uri_parse(url, G_URI_FLAGS_HAS_PASSWORD, NULL);
  return uri != NULL && g_ascii_strcasecmp(g_uri_get_scheme(uri), "https") == 0 &&
         g_uri_get_host(uri) != NULL && *g_uri_get_host(uri) != '\0' &&
         g_uri_get_userinfo(uri) == NULL;
}

static size_t
receive(char *bytes, size_t size, size_t count, void *data)
{
  HttpsCall *call = data;
  size_t length = size * count;
  call->result.bytes += length;
  if (call->result.bytes > call->max_bytes) {
    call->too_large = TRUE;
    return 0;
  }
  if (!call->sink(bytes, length, call->sink_data)) {
    call->refused = TRUE;
    return 0;
  }
  return length;
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

static CURL *
take_easy(HttpsClient *client)
{
  CURL *easy = g_queue_pop_head(&client->spare);
  return easy != NULL ? easy : curl_easy_init();
}

static void
configure(HttpsCall *call, const HttpsRequest *request)
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
  curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, (long)request->timeout_ms);
  long connect_ms =
      request->connect_timeout_ms > 0 ? (long)request->connect_timeout_ms : CONNECT_TIMEOUT_MS;
  curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, MIN(connect_ms, (long)request->timeout_ms));
  curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, "");
  curl_easy_setopt(easy, CURLOPT_BUFFERSIZE, 128L * 1024);
  /* public_only: an open connection was perhaps made without looking at its address */
  curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, request->public_only ? 1L : 0L);
  if (request->public_only) {
    curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, open_public);
    curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, call);
  }
  curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, receive);
  curl_easy_setopt(easy, CURLOPT_WRITEDATA, call);
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

HttpsCall *
https_start(HttpsClient *client, const HttpsRequest *request, GError **error)
{
  if (!https_url_is_acceptable(request->url)) {
    g_set_error_literal(error, PONTE_ERROR, ERROR_NOT_CONFIGURED,
                        "O endereço do ERP deve começar com https://.");
    return NULL;
  }
  HttpsCall *call = g_new0(HttpsCall, 1);
  call->client = client;
  call->easy = take_easy(client);
  call->max_bytes = request->max_bytes;
  call->sink = request->sink;
  call->sink_data = request->sink_data;
  call->location = request->location;
  configure(call, request);
  curl_multi_add_handle(client->multi, call->easy);
  int running;
  curl_multi_perform(client->multi, &running); /* the request leaves now, not at the next wait */
  return call;
}

static HttpsOutcome
outcome_of(const HttpsCall *call, CURLcode code)
{
  if (call->too_large)
    return HTTPS_TOO_LARGE;
  if (call->refused)
    return HTTPS_REFUSED;
  if (call->not_public && code == CURLE_COULDNT_CONNECT)
    return HTTPS_NOT_PUBLIC;
  switch (code) {
  case CURLE_OK:
    return HTTPS_ANSWERED;
  case CURLE_OPERATION_TIMEDOUT:
    return HTTPS_TIMED_OUT;
  case CURLE_PEER_FAILED_VERIFICATION:
  case CURLE_SSL_CACERT_BADFILE:
    return HTTPS_UNTRUSTED;
  default:
    return call->result.was_sent ? HTTPS_FAILED : HTTPS_NOT_SENT;
  }
}

static void
note_location(const HttpsCall *call, long status)
{
  struct curl_header *header;
  g_string_truncate(call->location, 0);
  if (status >= 300 && status < 400 &&
      curl_easy_header(call->easy, "Location", 0, CURLH_HEADER, -1, &header) == CURLHE_OK)
    g_string_assign(call->location, header->value);
}

static void
end_call(HttpsCall *call, CURLcode code)
{
  long status = 0;
  long sent = 0;
  curl_off_t retry_after = 0, total_us = 0;
  curl_easy_getinfo(call->easy, CURLINFO_RESPONSE_CODE, &status);
  curl_easy_getinfo(call->easy, CURLINFO_RETRY_AFTER, &retry_after);
  curl_easy_getinfo(call->easy, CURLINFO_TOTAL_TIME_T, &total_us);
  curl_easy_getinfo(call->easy, CURLINFO_REQUEST_SIZE, &sent);
  call->result.was_sent = sent > 0;
  call->result.outcome = outcome_of(call, code);
  call->result.status = (guint)status;
  call->result.retry_after_s = MAX(0, retry_after);
  call->result.duration_us = total_us;
  call->result.reason =
      call->result.outcome == HTTPS_NOT_PUBLIC ? "Not a public address" : curl_easy_strerror(code);
  if (call->location != NULL)
    note_location(call, status);
  call->ended = TRUE;
}

/* Moves all calls on; TRUE when one has ended. */
static gboolean
perform(HttpsClient *client)
{
  gboolean any_ended = FALSE;
  int left, running;
  curl_multi_perform(client->multi, &running);
  for (CURLMsg *message; (message = curl_multi_info_read(client->multi, &left)) != NULL;) {
    HttpsCall *call = NULL;
    if (message->msg != CURLMSG_DONE)
      continue;
    curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, (char **)&call);
    end_call(call, message->data.result);
    any_ended = TRUE;
  }
  return any_ended;
}

void
https_wait(HttpsClient *client, gint64 timeout_ms)
{
  struct curl_waitfd stop = {.fd = stop_fd(), .events = CURL_WAIT_POLLIN};
  if (perform(client))
    return; /* the caller looks before anybody sleeps */
  /* once asked to stop the descriptor stays readable: do not spin on it */
  curl_multi_poll(client->multi, &stop, stop_requested() ? 0 : 1,
                  (int)CLAMP(timeout_ms, 0, G_MAXINT), NULL);
  perform(client);
}

const HttpsResult *
https_result(const HttpsCall *call)
{
  return call->ended ? &call->result : NULL;
}

void
https_call_free(HttpsCall *call)
{
  curl_multi_remove_handle(call->client->multi, call->easy);
  curl_easy_reset(call->easy); /* keeps connections and the certificate store */
  g_queue_push_head(&call->client->spare, call->easy);
  curl_slist_free_all(call->headers);
  g_free(call);
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
