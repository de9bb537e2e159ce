#include "net/oauth_call.h"

#include <string.h>

#include "base/log.h"
#include "base/text.h"
#include "net/exchange.h"
#include "net/seal.h"

#define ANSWER_MAX_BYTES 65536
#define FORM_TYPE        "application/x-www-form-urlencoded"
#define AGENT            "User-Agent: erp-connectors/1"

struct OAuthCall {
  const OAuthClient *client;
  HttpsCall *https;
  char *url, *form;
  GPtrArray *headers; /* ended by NULL */
  GString *answer;
  gint64 began_us;
  const char *grant;
};

static void
secret_string_free(GString *text)
{
  explicit_bzero(text->str, text->allocated_len);
  g_string_free(text, TRUE);
}

static gboolean
take(const char *bytes, gsize length, gpointer answer)
{
  g_string_append_len(answer, bytes, (gssize)length);
  return TRUE;
}

static char *
basic_header(const OAuthClient *client)
{
  char *pair = g_strconcat(client->client_id, ":", client->client_secret, NULL);
  char *encoded = g_base64_encode((const guchar *)pair, strlen(pair));
  char *header = g_strconcat("Authorization: Basic ", encoded, NULL);
  secret_free(pair);
  secret_free(encoded);
  return header;
}

static GPtrArray *
headers_of(const OAuthClient *client)
{
  GPtrArray *headers = g_ptr_array_new_with_free_func((GDestroyNotify)secret_free);
  g_ptr_array_add(headers, g_strdup(AGENT));
  if (client->basic)
    g_ptr_array_add(headers, basic_header(client));
  for (const char *const *header = client->headers; header != NULL && *header != NULL; header++)
    g_ptr_array_add(headers, g_strdup(*header));
  g_ptr_array_add(headers, NULL);
  return headers;
}

OAuthCall *
oauth_call_new(const OAuthClient *client, const char *refresh, gint64 timeout_ms, GError **error)
{
  OAuthCall *call = g_new0(OAuthCall, 1);
  call->client = client;
  call->grant = oauth_grant_name(client, refresh);
  call->form = oauth_form(client, refresh);
  call->headers = headers_of(client);
  call->answer = g_string_sized_new(ANSWER_MAX_BYTES); /* not moved, so no copies stay behind */
  call->url = client->in_query ? g_strconcat(client->token_url, "?", call->form, NULL)
                               : g_strdup(client->token_url);
  const HttpsRequest request = {.url = call->url,
                                .body = client->in_query ? "" : call->form,
                                .content_type = FORM_TYPE,
                                .headers = (const char *const *)call->headers->pdata,
                                .timeout_ms = timeout_ms,
                                .max_bytes = ANSWER_MAX_BYTES,
                                .only_once = TRUE,
                                .sink = take,
                                .sink_data = call->answer};
  call->began_us = g_get_monotonic_time();
  call->https = https_start(exchange_client(), &request, error);
  if (call->https == NULL)
    g_clear_pointer(&call, oauth_call_free);
  return call;
}

static void
log_call(const OAuthCall *call, const HttpsResult *result, TokenVerdict verdict)
{
  static const char *const words[] = {"granted",       "later",   "lost",
                                      "invalid_grant", "refused", "failed"};
  log_info("token call", "company", call->client->company, "erp", call->client->erp, "grant",
           call->grant, "status", int_text(result->status), "ms",
           int_text(result->duration_us / 1000), "outcome", https_outcome_name(result->outcome),
           "verdict", words[verdict], NULL);
}

gboolean
oauth_call_is_over(OAuthCall *call, OAuthTokens *tokens, TokenVerdict *verdict,
                   PonteErrorCode *code)
{
  const HttpsResult *result = https_result(call->https);
  if (result == NULL)
    return FALSE;
  *verdict = oauth_judge(result, call->answer->str, call->answer->len, tokens, code);
  log_call(call, result, *verdict);
  return TRUE;
}

gint64
oauth_call_began_us(const OAuthCall *call)
{
  return call->began_us;
}

gint64
oauth_call_retry_after_s(const OAuthCall *call)
{
  return https_result(call->https)->retry_after_s;
}

void
oauth_call_free(OAuthCall *call)
{
  g_clear_pointer(&call->https, https_call_free);
  g_ptr_array_unref(call->headers);
  secret_free(call->url);
  secret_free(call->form);
  secret_string_free(call->answer);
  g_free(call);
}
