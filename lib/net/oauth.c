#include "net/oauth.h"

#include "base/log.h"
#include "base/settings.h"
#include "base/stop.h"
#include "net/exchange.h"
#include "net/oauth_flow.h"
#include "net/seal.h"

#define WRITE_AGAIN_US G_USEC_PER_SEC
#define MINUTE_S       60
#define BUSY_WAIT_MS   1000 /* a token call is under way: whatever comes ends the wait */

OAuthFlow *
oauth_flow_new(Db *db, const OAuthClient *client, const char *rejected, gint64 deadline_us)
{
  OAuthFlow *flow = g_new0(OAuthFlow, 1);
  g_autofree char *holder = g_uuid_string_random();
  flow->db = db;
  flow->client = client;
  flow->memory = oauth_memory(client);
  flow->rejected = g_strdup(rejected);
  flow->deadline_us = deadline_us;
  flow->first_version = -1;
  g_strlcpy(flow->holder, holder, sizeof flow->holder);
  if (!seal_is_ready(&flow->error))
    flow->step = OVER;
  return flow;
}

gboolean
oauth_succeed(OAuthFlow *flow, const char *token)
{
  flow->token = g_strdup(token);
  flow->step = OVER;
  return TRUE;
}

void
oauth_release(OAuthFlow *flow, const char *failure)
{
  g_autoptr(GError) error = NULL;
  if (flow->holds && !oauth_row_release(flow->db, flow->client, flow->holder, failure, &error))
    log_warning("the claim of a token was not given back", "company", flow->client->company,
                "cause", error->message, NULL); /* it ends by itself */
  flow->holds = FALSE;
}

gboolean
oauth_fail(OAuthFlow *flow, PonteErrorCode code)
{
  g_set_error_literal(&flow->error, PONTE_ERROR, (int)code, oauth_message(code));
  /* what ends this wish alone is not for others */
  oauth_release(flow, code == ERROR_DEADLINE ? NULL : error_word(flow->error));
  flow->step = OVER;
  return TRUE;
}

gboolean
oauth_wait(OAuthFlow *flow, gint64 ms)
{
  gint64 wake_us = g_get_monotonic_time() + ms * 1000;
  if (wake_us > flow->deadline_us)
    return oauth_fail(flow, ERROR_DEADLINE);
  flow->wake_us = wake_us;
  return FALSE;
}

gboolean
oauth_is_rejected(const OAuthFlow *flow, const char *token)
{
  return flow->rejected != NULL && g_strcmp0(token, flow->rejected) == 0;
}

gboolean
oauth_go_without_store(OAuthFlow *flow, const GError *cause)
{
  const OAuthMemory *memory = flow->memory;
  log_warning("tokens cannot be read or written", "company", flow->client->company, "cause",
              cause->message, NULL);
  flow->holds = FALSE; /* nobody could be told */
  if (memory->tokens.access != NULL && !oauth_is_rejected(flow, memory->tokens.access) &&
      g_get_monotonic_time() < memory->expires_us)
    return oauth_succeed(flow, memory->tokens.access);
  return oauth_fail(flow, ERROR_TOKEN_STORE_UNAVAILABLE);
}

gboolean
oauth_flow_advance(OAuthFlow *flow)
{
  static gboolean (*const steps[])(OAuthFlow *) = {[LOOK] = oauth_look_at_row,
                                                   [CALL] = oauth_begin_call,
                                                   [CALLING] = oauth_finish_call,
                                                   [STORE] = oauth_write};
  while (flow->step != OVER && g_get_monotonic_time() >= flow->wake_us)
    if (!steps[flow->step](flow))
      break;
  return flow->step == OVER;
}

gint64
oauth_flow_wait_ms(const OAuthFlow *flow)
{
  gint64 left_us = flow->wake_us - g_get_monotonic_time();
  if (flow->step == OVER)
    return 0;
  return flow->step == CALLING ? BUSY_WAIT_MS : MAX(0, left_us + 999) / 1000;
}

const char *
oauth_flow_token(OAuthFlow *flow, GError **error)
{
  if (flow->error != NULL)
    g_propagate_error(error, g_error_copy(flow->error));
  return flow->token;
}

gint64
oauth_flow_retry_after_s(const OAuthFlow *flow)
{
  if (!g_error_matches(flow->error, PONTE_ERROR, ERROR_ERP_RATE_LIMITED))
    return -1;
  return flow->retry_after_s > 0 ? flow->retry_after_s : MINUTE_S; /* of ERP_TOKEN_PER_MINUTE */
}

gboolean
oauth_flow_shares_failure(const OAuthFlow *flow)
{
  return flow->shares_failure;
}

/* An answer that nobody reads would take a rotating chain with it; so would the end of a process
 * that has not written it yet. */
static void
complete(OAuthFlow *flow)
{
  while (flow->step == CALLING && !oauth_finish_call(flow))
    https_wait(exchange_client(), BUSY_WAIT_MS);
  while (flow->step == STORE && !oauth_write(flow) && stop_requested())
    g_usleep(WRITE_AGAIN_US);
  if (flow->step == STORE)
    flow->holds = FALSE; /* written at the next chance; till then nobody may show the old one */
}

void
oauth_flow_free(OAuthFlow *flow)
{
  if (flow->step == STORE || (flow->step == CALLING && flow->refresh != NULL))
    complete(flow);
  g_clear_pointer(&flow->call, oauth_call_free);
  oauth_release(flow, NULL);
  secret_free(flow->rejected);
  secret_free(flow->refresh);
  secret_free(flow->token);
  g_free(flow->seed_hash);
  g_free(flow->since);
  g_clear_error(&flow->error);
  g_free(flow);
}

gboolean
oauth_look(Db *db, const OAuthClient *client, gint64 *expires_in_s, gboolean *unpersisted,
           GError **error)
{
  g_auto(OAuthRow) row = {0};
  *unpersisted = oauth_memory(client)->unpersisted;
  *expires_in_s = -1;
  if (!oauth_row_load(db, client, NULL, &row, error))
    return FALSE;
  if (row.access != NULL)
    *expires_in_s = MAX(0, row.left_ms / 1000);
  return TRUE;
}
