#include "net/exchange.h"

#include <string.h>

#include "base/settings.h"
#include "base/stop.h"
#include "net/exchange_state.h"
#include "net/seal.h"

#define ABANDONED_EVERY_MS 250
#define MAX_HEADER_LINE    8192 /* 6.0 */
#define AUTHORIZATION      "Authorization: Bearer "

HttpsClient *
exchange_client(void)
{
  return setting_flag(ERP_ALLOW_PRIVATE_HOSTS) ? https_shared() : https_public();
}

Exchange *
exchange_new(Db *db, const ExchangePolicy *policy, const ExchangeRequest *request)
{
  g_autoptr(GUri) uri = g_uri_parse(request->url, G_URI_FLAGS_ENCODED, NULL);
  Exchange *x = g_new0(Exchange, 1);
  x->db = db;
  x->policy = policy;
  x->request = request;
  x->holder = g_uuid_string_random();
  x->host = g_strdup(uri != NULL ? g_uri_get_host(uri) : NULL);
  x->path = g_strdup(uri != NULL ? g_uri_get_path(uri) : NULL);
  x->result.retry_after_s = -1;
  return x;
}

void
exchange_free(Exchange *x)
{
  exchange_interrupt(x);
  g_clear_error(&x->error);
  g_free(x->holder);
  g_free(x->host);
  g_free(x->path);
  g_free(x->result.upstream_message);
  g_free(x);
}

void
exchange_end(Exchange *x, GError *error)
{
  g_clear_error(&x->error);
  g_clear_pointer(&x->rejected, secret_free);
  x->error = error;
  x->state = EXCHANGE_OVER;
}

void
exchange_interrupt(Exchange *x)
{
  if (x->state == EXCHANGE_OVER)
    return;
  if (x->state == EXCHANGE_ASKING)
    exchange_unask(x);
  exchange_drop_call(x);
  exchange_tell_rate(x, RATE_CANCELLED, 0, FALSE);
  exchange_tell_guard(x, FALSE, 0);
  exchange_end(x, g_error_new_literal(PONTE_ERROR, ERROR_INTERRUPTED, "Execução interrompida."));
}

/* ---- sending ------------------------------------------------------------------------------------
 */

static gboolean
is_of_type_asked(const ExchangeRequest *request, const char *type)
{
  gboolean is_xml = request->accept != NULL && strstr(request->accept, "xml") != NULL;
  g_autofree char *lower = g_ascii_strdown(type != NULL ? type : "", -1);
  return type == NULL || strstr(lower, is_xml ? "xml" : "json") != NULL;
}

static void
take_head(HttpsCall *call, gpointer data)
{
  Exchange *x = data;
  const BodyReader *reader = x->request->reader;
  const char *type = https_header(call, "Content-Type");
  guint status = https_status(call);
  x->is_good = status >= 200 && status < 300;
  x->other_type = !is_of_type_asked(x->request, type);
  if (reader != NULL)
    reader->head(x->request->reader_data, status, type);
}

static gboolean
take_bytes(const char *bytes, gsize length, gpointer data)
{
  Exchange *x = data;
  const BodyReader *reader = x->request->reader;
  if (reader == NULL || x->is_deaf)
    return TRUE;
  x->is_deaf = !reader->take(bytes, length, x->request->reader_data);
  return !x->is_deaf || !x->is_good; /* the connection is worth more than the rest of a refusal */
}

static GPtrArray *
headers_of(const Exchange *x)
{
  GPtrArray *headers = g_ptr_array_new();
  const char *const *header = x->request->headers;
  for (; header != NULL && *header != NULL; header++)
    g_ptr_array_add(headers, (gpointer)*header);
  if (x->authorization != NULL)
    g_ptr_array_add(headers, x->authorization);
  g_ptr_array_add(headers, NULL);
  return headers;
}

void
exchange_send(Exchange *x, const char *token)
{
  gint64 left_ms = (x->policy->deadline_us - g_get_monotonic_time()) / 1000;
  GError *error = NULL;
  if (token != NULL)
    x->authorization = g_strconcat(AUTHORIZATION, token, NULL);
  g_autoptr(GPtrArray) headers = headers_of(x);
  const HttpsRequest request = {.url = x->request->url,
                                .body = x->request->body,
                                .content_type = x->request->content_type,
                                .accept = x->request->accept,
                                .headers = (const char *const *)headers->pdata,
                                .timeout_ms = CLAMP(left_ms, 1, x->request->timeout_ms),
                                .stall_s = x->policy->stall_s,
                                .max_bytes = x->request->max_bytes,
                                .slow_sink = TRUE,
                                .is_held = x->is_held,
                                .max_header = MAX_HEADER_LINE,
                                .head = take_head,
                                .sink = take_bytes,
                                .sink_data = x};
  if (x->request->reader != NULL)
    x->request->reader->begin(x->request->reader_data);
  x->is_good = x->is_deaf = x->other_type = FALSE;
  x->result.attempts += x->is_replay ? 0 : 1;
  x->is_replay = FALSE;
  x->call = https_start(exchange_client(), &request, &error);
  if (x->call == NULL) {
    exchange_interrupt(x);
    exchange_end(x, error);
    return;
  }
  x->result.requests++;
  x->state = EXCHANGE_CALLING;
}

void
exchange_drop_call(Exchange *x)
{
  g_clear_pointer(&x->call, https_call_free);
  g_clear_pointer(&x->flow, oauth_flow_free);
  g_clear_pointer(&x->authorization, secret_free);
}

/* ---- moving on ----------------------------------------------------------------------------------
 */

static void
begin_signing(Exchange *x)
{
  if (x->policy->oauth == NULL) {
    exchange_send(x, NULL);
    return;
  }
  x->flow = oauth_flow_new(x->db, x->policy->oauth, x->rejected, x->policy->deadline_us);
  x->state = EXCHANGE_SIGNING;
}

/* A token that cannot be got ends the run: getting it has its own second tries. */
static void
end_signing(Exchange *x)
{
  GError *error = NULL;
  const char *token = oauth_flow_token(x->flow, &error);
  if (token != NULL) {
    exchange_send(x, token);
    return;
  }
  gboolean is_of_host = g_error_matches(error, PONTE_ERROR, ERROR_ERP_CONNECTION) ||
                        g_error_matches(error, PONTE_ERROR, ERROR_ERP_TIMEOUT);
  gboolean counts = is_of_host && !oauth_flow_shares_failure(x->flow); /* once, by whoever called */
  x->result.retry_after_s = oauth_flow_retry_after_s(x->flow);
  exchange_tell_rate(x, counts ? RATE_FAILED : RATE_CANCELLED, 0, FALSE);
  exchange_tell_guard(x, FALSE, 0);
  exchange_drop_call(x);
  exchange_end(x, error);
}

gboolean
exchange_advance(Exchange *x)
{
  gint64 now = g_get_monotonic_time();
  if (x->state == EXCHANGE_WAITING && now >= x->due_us && !(x->is_held && exchange_ask_ahead(x)))
    exchange_ask(x);
  if (x->state == EXCHANGE_ASKING && (!x->is_held || db_is_received(x->db)))
    exchange_hear(x);
  if (x->state == EXCHANGE_CLEARED && g_get_monotonic_time() >= x->due_us)
    begin_signing(x);
  if (x->state == EXCHANGE_SIGNING && oauth_flow_advance(x->flow))
    end_signing(x);
  if (x->state == EXCHANGE_CALLING && !x->is_held && https_result(x->call) != NULL)
    exchange_read_answer(x);
  return x->state == EXCHANGE_OVER;
}

gboolean
exchange_is_over(const Exchange *x)
{
  return x->state == EXCHANGE_OVER;
}

void
exchange_hold(Exchange *x)
{
  x->is_held = TRUE;
}

void
exchange_release(Exchange *x)
{
  x->is_held = FALSE;
  if (x->call != NULL)
    https_release(x->call);
}

gint64
exchange_wait_ms(const Exchange *x)
{
  gint64 left_us = x->due_us - g_get_monotonic_time();
  if (x->state == EXCHANGE_WAITING || x->state == EXCHANGE_CLEARED)
    return left_us > 0 ? (left_us + 999) / 1000 : 0;
  if (x->state == EXCHANGE_SIGNING)
    return oauth_flow_wait_ms(x->flow);
  return x->state == EXCHANGE_OVER ? 0 : G_MAXINT; /* https_wait knows better */
}

gboolean
exchange_succeeded(Exchange *x, GError **error)
{
  g_assert(x->state == EXCHANGE_OVER);
  if (x->error != NULL && error != NULL)
    *error = g_error_copy(x->error);
  return x->error == NULL;
}

const ExchangeResult *
exchange_result(const Exchange *x)
{
  return &x->result;
}

gboolean
exchange_run(Exchange *x, ExchangeAbandoned abandoned, gpointer data, GError **error)
{
  while (!exchange_advance(x)) {
    if (stop_requested() || (abandoned != NULL && abandoned(data)))
      exchange_interrupt(x);
    else
      https_wait(exchange_client(), MIN(exchange_wait_ms(x), ABANDONED_EVERY_MS));
  }
  return exchange_succeeded(x, error);
}
