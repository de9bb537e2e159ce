#include "net/https.h"

#include <string.h>

#include "base/error.h"
#include "base/stop.h"
#include "net/https_call.h"

static HttpsClient *
client_new(gboolean public_only)
{
  HttpsClient *client = g_new0(HttpsClient, 1);
  curl_global_init(CURL_GLOBAL_DEFAULT); /* a second time it only counts */
  client->multi = curl_multi_init();
  client->public_only = public_only;
  client->timed = g_ptr_array_new();
  return client;
}

HttpsClient *
https_shared(void)
{
  static HttpsClient *shared;
  if (shared == NULL)
    shared = client_new(FALSE);
  return shared;
}

HttpsClient *
https_public(void)
{
  static HttpsClient *shared;
  if (shared == NULL)
    shared = client_new(TRUE);
  return shared;
}

/* A clock that stands still while sinks work. */
static gint64
now_without_sinks(const HttpsClient *client)
{
  return g_get_monotonic_time() - client->sinks_us;
}

static CURL *
take_easy(HttpsClient *client)
{
  CURL *easy = g_queue_pop_head(&client->spare);
  return easy != NULL ? easy : curl_easy_init();
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
  call->head = request->head;
  call->max_header = request->max_header;
  call->has_clock = request->slow_sink;
  call->is_held = request->is_held;
  if (call->has_clock) {
    call_clock_start(&call->clock, now_without_sinks(client), request->timeout_ms,
                     request->stall_s);
    g_ptr_array_add(client->timed, call);
  }
  https_configure(call, request);
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
  case CURLE_SSL_ISSUER_ERROR:
    return HTTPS_UNTRUSTED;
  default:
    return call->result.was_sent ? HTTPS_FAILED : HTTPS_NOT_SENT;
  }
}

static void
note_location(const HttpsCall *call, long status)
{
  const char *location = https_header(call, "Location");
  g_string_assign(call->location,
                  status >= 300 && status < 400 && location != NULL ? location : "");
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
  if (call->has_clock)
    call->result.duration_us = now_without_sinks(call->client) - call->clock.begun_us;
  call->result.no_handshake = code == CURLE_SSL_CONNECT_ERROR;
  if (call->location != NULL)
    note_location(call, status);
  if (call->result.outcome == HTTPS_ANSWERED)
    https_tell_head(call);
  g_ptr_array_remove_fast(call->client->timed, call);
  call->ended = TRUE;
}

/* Ends the calls whose own clock says so; TRUE when there was one. */
static gboolean
end_overdue(HttpsClient *client)
{
  gint64 now_us = now_without_sinks(client);
  gboolean any_ended = FALSE;
  for (guint i = client->timed->len; i-- > 0;) {
    HttpsCall *call = g_ptr_array_index(client->timed, i);
    curl_off_t bytes = 0;
    curl_easy_getinfo(call->easy, CURLINFO_SIZE_DOWNLOAD_T, &bytes);
    if (call->is_held || !call_clock_is_over(&call->clock, now_us, https_status(call) > 0, bytes))
      continue;
    end_call(call, CURLE_OPERATION_TIMEDOUT);
    curl_multi_remove_handle(client->multi, call->easy);
    any_ended = TRUE;
  }
  return any_ended;
}

/* How long the caller may sleep before a call's own clock is to be looked at. */
static gint64
ms_until_due(const HttpsClient *client)
{
  gint64 now_us = now_without_sinks(client), next_us = G_MAXINT64;
  for (guint i = 0; i < client->timed->len; i++) {
    const HttpsCall *call = g_ptr_array_index(client->timed, i);
    if (!call->is_held)
      next_us = MIN(next_us, call_clock_next_us(&call->clock));
  }
  return MAX(0, next_us - now_us) / 1000 + 1;
}

/* Lets those go on whose turn was over; what libcurl holds of them goes out here.  TRUE when one
 * has ended by that. */
static gboolean
resume_all(HttpsClient *client)
{
  gboolean any_ended = FALSE;
  for (guint i = client->timed->len; i-- > 0;) {
    HttpsCall *call = g_ptr_array_index(client->timed, i);
    if (!call->is_paused || call->is_held)
      continue;
    call->is_paused = FALSE;
    CURLcode code = curl_easy_pause(call->easy, CURLPAUSE_CONT);
    if (code == CURLE_OK)
      continue;
    end_call(call, code);
    curl_multi_remove_handle(client->multi, call->easy);
    any_ended = TRUE;
  }
  return any_ended;
}

/* Moves all calls on; TRUE when one has ended, or more of an answer came: who is slower than the
 * answer need not ask whether there is more of it. */
static gboolean
perform(HttpsClient *client)
{
  int left, running;
  client->turn_began = client->received;
  gboolean any_ended = resume_all(client);
  curl_multi_perform(client->multi, &running);
  for (CURLMsg *message; (message = curl_multi_info_read(client->multi, &left)) != NULL;) {
    HttpsCall *call = NULL;
    if (message->msg != CURLMSG_DONE)
      continue;
    curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, (char **)&call);
    end_call(call, message->data.result);
    any_ended = TRUE;
  }
  return end_overdue(client) || any_ended || client->received > client->turn_began;
}

void
https_wait(HttpsClient *client, gint64 timeout_ms)
{
  struct curl_waitfd stop = {.fd = stop_fd(), .events = CURL_WAIT_POLLIN};
  if (perform(client))
    return; /* the caller looks before anybody sleeps */
  /* once asked to stop the descriptor stays readable: do not spin on it */
  curl_multi_poll(client->multi, &stop, stop_requested() ? 0 : 1,
                  (int)CLAMP(MIN(timeout_ms, ms_until_due(client)), 0, G_MAXINT), NULL);
  perform(client);
}

void
https_release(HttpsCall *call)
{
  call->is_held = FALSE;
  if (!call->ended)
    call_clock_start(&call->clock, now_without_sinks(call->client), call->clock.timeout_us / 1000,
                     call->clock.stall_us / G_USEC_PER_SEC);
}

const HttpsResult *
https_result(const HttpsCall *call)
{
  return call->ended ? &call->result : NULL;
}

guint
https_status(const HttpsCall *call)
{
  long status = 0;
  curl_easy_getinfo(call->easy, CURLINFO_RESPONSE_CODE, &status);
  return (guint)status;
}

const char *
https_header(const HttpsCall *call, const char *name)
{
  struct curl_header *header;
  return curl_easy_header(call->easy, name, 0, CURLH_HEADER, -1, &header) == CURLHE_OK
             ? header->value
             : NULL;
}

/* A credential may be among them. */
static void
wipe_headers(struct curl_slist *headers)
{
  for (const struct curl_slist *at = headers; at != NULL; at = at->next)
    explicit_bzero(at->data, strlen(at->data));
  curl_slist_free_all(headers);
}

void
https_call_free(HttpsCall *call)
{
  g_ptr_array_remove_fast(call->client->timed, call);
  curl_multi_remove_handle(call->client->multi, call->easy);
  curl_easy_reset(call->easy); /* keeps connections and the certificate store */
  g_queue_push_head(&call->client->spare, call->easy);
  wipe_headers(call->headers);
  g_free(call);
}
