/* Calling for a token, and writing it down. */
#include "base/log.h"
#include "base/settings.h"
#include "net/oauth_flow.h"
#include "net/rate.h"
#include "net/seal.h"

#define MINUTE_S       60
#define WRITE_AGAIN_MS 1000
#define LOST_MAX       1 /* how often an answer may be lost before we give up */

/* Token calls have a rate of their own: some servers shut out whoever makes many. */
gboolean
oauth_may_call(Db *db, const OAuthClient *client, gint64 *wait_ms, GError **error)
{
  g_autofree char *hash = oauth_client_hash(client);
  g_autofree char *key = g_strconcat("oauth:", hash, NULL);
  gint64 burst = setting_int(ERP_TOKEN_PER_MINUTE); /* and nothing until a minute after it */
  const RatePolicy rate = {
      .buckets = {{.key = key, .limit = burst + 1, .interval_s = MINUTE_S, .burst = burst}},
      .count = 1,
      .share = 1};
  RateGrant grant;
  if (!rate_enter(db, &rate, 0, &grant, error))
    return FALSE;
  *wait_ms = grant.verdict == RATE_GO ? 0 : MAX(1, grant.wait_ms);
  return TRUE;
}

/* The claim outlives the call and the writing after it.  A chain's renewal outlives the caller too:
 * an answer that comes too late for him is still the next link. */
static gint64
call_timeout_ms(const OAuthFlow *flow)
{
  gint64 left_ms = (flow->deadline_us - g_get_monotonic_time()) / 1000;
  gint64 claim_ms = setting_int(ERP_TOKEN_CLAIM_S) * 1000;
  gint64 longest_ms = MIN(flow->client->timeout_ms, claim_ms - claim_ms / 10);
  gboolean is_chain = flow->client->grant == OAUTH_REFRESH_ONLY;
  return is_chain ? longest_ms : CLAMP(left_ms, 1, longest_ms);
}

gboolean
oauth_begin_call(OAuthFlow *flow)
{
  g_autoptr(GError) error = NULL;
  gint64 wait_ms;
  if (g_get_monotonic_time() >= flow->deadline_us)
    return oauth_fail(flow, ERROR_DEADLINE);
  if (flow->attempts > 0 && (!oauth_claim(flow) || flow->step != CALL))
    return flow->step == OVER; /* it went to somebody else meanwhile, who is waited for */
  if (!oauth_may_call(flow->db, flow->client, &wait_ms, &error))
    return oauth_go_without_store(flow, error);
  if (wait_ms > 0) {
    flow->retry_after_s = (wait_ms + 999) / 1000;
    return oauth_fail(flow, ERROR_ERP_RATE_LIMITED);
  }
  flow->call = oauth_call_new(flow->client, flow->refresh, call_timeout_ms(flow), &error);
  if (flow->call == NULL)
    return oauth_fail(flow, ERROR_ERP_CONNECTION);
  flow->attempts++;
  flow->step = CALLING;
  return TRUE;
}

static void
take_tokens(OAuthFlow *flow, OAuthTokens *tokens)
{
  oauth_memory_take(flow->memory, tokens, flow->refresh, flow->seed_hash,
                    oauth_call_began_us(flow->call), flow->version);
  flow->write_until_us = g_get_monotonic_time() + setting_int(ERP_TOKEN_WRITE_S) * G_USEC_PER_SEC;
  flow->step = STORE;
}

static gboolean
try_again(OAuthFlow *flow, PonteErrorCode code)
{
  if (flow->attempts >= flow->client->retry.max_attempts || flow->lost > LOST_MAX)
    return oauth_fail(flow, code);
  flow->step = CALL;
  return oauth_wait(flow, retry_delay_ms(&flow->client->retry, flow->attempts - 1, retry_chance()));
}

/* A refused refresh token: the client's own grant goes on; without one somebody else may have a
 * newer token, or a person is needed. */
static gboolean
go_on_without_refresh(OAuthFlow *flow)
{
  g_autoptr(GError) error = NULL;
  gboolean condemned;
  g_clear_pointer(&flow->refresh, secret_free);
  if (flow->client->grant != OAUTH_REFRESH_ONLY) {
    flow->step = CALL;
    return TRUE;
  }
  if (!oauth_row_condemn(flow->db, flow->client, flow->version, flow->seed_hash, &condemned,
                         &error))
    return oauth_go_without_store(flow, error);
  if (condemned)
    return oauth_fail(flow, ERROR_ERP_REAUTHORIZATION);
  oauth_release(flow, NULL);
  flow->step = LOOK;
  return TRUE;
}

gboolean
oauth_finish_call(OAuthFlow *flow)
{
  g_auto(OAuthTokens) tokens = {0};
  PonteErrorCode code = ERROR_ERP_CONNECTION;
  TokenVerdict verdict;
  if (!oauth_call_is_over(flow->call, &tokens, &verdict, &code))
    return FALSE;
  if (verdict == TOKEN_GRANTED)
    take_tokens(flow, &tokens);
  flow->retry_after_s = oauth_call_retry_after_s(flow->call);
  g_clear_pointer(&flow->call, oauth_call_free);
  flow->lost += verdict == TOKEN_LOST;
  if (verdict == TOKEN_GRANTED)
    return TRUE;
  if (verdict == TOKEN_LATER || verdict == TOKEN_LOST)
    return try_again(flow, code);
  gboolean has_grant = flow->client->grant != OAUTH_REFRESH_ONLY;
  if (flow->refresh != NULL &&
      (verdict == TOKEN_INVALID_GRANT || (verdict == TOKEN_REFUSED && has_grant)))
    return go_on_without_refresh(flow);
  return oauth_fail(flow, code);
}

/* Before anybody uses the new token both are written: a rotating chain must not be lost.  While
 * Postgres is away it is tried each second; then this process goes on with what it remembers. */
gboolean
oauth_write(OAuthFlow *flow)
{
  g_autoptr(GError) error = NULL;
  const OAuthMemory *memory = flow->memory;
  gint64 again_us = g_get_monotonic_time() + WRITE_AGAIN_MS * 1000;
  gboolean written = oauth_row_store(flow->db, flow->memory, &error);
  if (written && memory->tokens.access == NULL) { /* somebody else wrote meanwhile */
    flow->step = LOOK;
    return TRUE;
  }
  if (!written)
    log_warning("refresh_token_unpersisted", "company", flow->client->company, "cause",
                error->message, NULL);
  if (!written && again_us <= flow->write_until_us && again_us <= flow->deadline_us) {
    flow->wake_us = again_us;
    return FALSE;
  }
  flow->holds = FALSE; /* with the tokens the claim went, or nobody can be told */
  if (g_get_monotonic_time() >= flow->deadline_us)
    return oauth_fail(flow, ERROR_DEADLINE); /* there is no time left to use it */
  return oauth_succeed(flow, memory->tokens.access);
}
