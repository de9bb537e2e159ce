/* What the row says, and who renews it. */
#include "base/settings.h"
#include "net/call_gate.h"
#include "net/oauth_flow.h"
#include "net/seal.h"

/* Lives long enough, and is not the one that was refused; a newer row's token is, whatever it is.
 */
static gboolean
is_usable(const OAuthFlow *flow, const OAuthRow *row)
{
  return row->access != NULL && row->left_ms > oauth_margin_s(row->life_s) * 1000 &&
         (!oauth_is_rejected(flow, row->access) || row->version != flow->first_version);
}

/* The seed serves while there is no chain, and again when a person put another one in the place of
 * one that is dead: refused, expired, or sealed with another key. */
static const char *
usable_seed(const OAuthFlow *flow, const OAuthRow *row, const char *seed_hash)
{
  gboolean is_first = row->version == 0;
  gboolean is_dead = row->needs_person || row->refresh == NULL;
  gboolean is_new = g_strcmp0(seed_hash, row->seed_hash) != 0;
  return (is_first || is_dead) && is_new ? flow->client->refresh_token : NULL;
}

/* With what to renew; FALSE when a chain is at its end. */
static gboolean
choose_grant(OAuthFlow *flow, const OAuthRow *row)
{
  g_autofree char *seed_hash =
      flow->client->refresh_token != NULL ? call_gate_account(flow->client->refresh_token) : NULL;
  const char *seed = usable_seed(flow, row, seed_hash);
  const char *stored = row->needs_person ? NULL : row->refresh;
  g_clear_pointer(&flow->refresh, secret_free);
  g_clear_pointer(&flow->seed_hash, g_free);
  flow->refresh = g_strdup(stored != NULL ? stored : seed);
  if (stored == NULL && seed != NULL)
    flow->seed_hash = g_steal_pointer(&seed_hash);
  flow->version = row->version;
  return flow->refresh != NULL || flow->client->grant != OAUTH_REFRESH_ONLY;
}

static gboolean
fail_chain(OAuthFlow *flow, const OAuthRow *row)
{
  if (!row->is_sealed_otherwise)
    return oauth_fail(flow, ERROR_ERP_REAUTHORIZATION);
  flow->step = OVER;
  g_set_error_literal(&flow->error, PONTE_ERROR, ERROR_ERP_NOT_CONFIGURED,
                      "ERP_TOKEN_KEY não abre os tokens guardados: foram selados com outra chave.");
  return TRUE;
}

gboolean
oauth_claim(OAuthFlow *flow)
{
  g_autoptr(GError) error = NULL;
  gboolean claimed;
  if (!oauth_row_claim(flow->db, flow->client, flow->version, flow->holder, &claimed, &error))
    return oauth_go_without_store(flow, error);
  flow->holds = claimed;
  flow->step = claimed ? CALL : LOOK;
  return claimed || oauth_wait(flow, setting_int(ERP_TOKEN_POLL_MS));
}

static void
remember(OAuthFlow *flow, const OAuthRow *row)
{
  OAuthTokens tokens = {.access = g_strdup(row->access), .expires_in_s = row->left_ms / 1000};
  if (g_strcmp0(flow->memory->tokens.access, row->access) == 0) {
    oauth_tokens_clear(&tokens);
    return;
  }
  oauth_memory_take(flow->memory, &tokens, NULL, NULL, g_get_monotonic_time(), row->version);
  flow->memory->unpersisted = FALSE;
}

gboolean
oauth_look_at_row(OAuthFlow *flow)
{
  g_autoptr(GError) error = NULL;
  g_auto(OAuthRow) row = {0};
  if (flow->memory->unpersisted && !oauth_row_store(flow->db, flow->memory, &error))
    return oauth_go_without_store(flow, error);
  if (!oauth_row_load(flow->db, flow->client, flow->since, &row, &error))
    return oauth_go_without_store(flow, error);
  if (flow->since == NULL) {
    flow->since = g_steal_pointer(&row.now);
    flow->first_version = row.version;
  }
  if (is_usable(flow, &row)) {
    remember(flow, &row);
    return oauth_succeed(flow, row.access);
  }
  flow->shares_failure = row.failure != 0;
  if (flow->shares_failure)
    return oauth_fail(flow, row.failure);
  if (!choose_grant(flow, &row))
    return fail_chain(flow, &row);
  return row.is_claimed ? oauth_wait(flow, setting_int(ERP_TOKEN_POLL_MS)) : oauth_claim(flow);
}
