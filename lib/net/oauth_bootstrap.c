#include "net/oauth_bootstrap.h"

#include "base/log.h"
#include "base/settings.h"
#include "net/exchange.h"
#include "net/oauth_call.h"
#include "net/oauth_store.h"

#define WAIT_MS        1000
#define WRITE_AGAIN_US G_USEC_PER_SEC

static gboolean
fail(PonteErrorCode code, const char *message, GError **error)
{
  g_set_error_literal(error, PONTE_ERROR, (int)code, message);
  return FALSE;
}

gboolean
oauth_bootstrap_prepare(Db *db, const OAuthClient *client, GError **error)
{
  return oauth_row_prepare(db, client, error);
}

static gboolean
check_rate(Db *db, const OAuthClient *client, GError **error)
{
  gint64 wait_ms;
  if (!oauth_may_call(db, client, &wait_ms, error))
    return FALSE;
  return wait_ms == 0 || fail(ERROR_ERP_RATE_LIMITED, oauth_message(ERROR_ERP_RATE_LIMITED), error);
}

static gboolean
judge(TokenVerdict verdict, PonteErrorCode code, const OAuthTokens *tokens, GError **error)
{
  if (verdict == TOKEN_INVALID_GRANT)
    return fail(
        code,
        "O ERP não aceita o código: já foi usado, passou do prazo ou é de outro endereço de "
        "retorno.",
        error);
  if (verdict != TOKEN_GRANTED)
    return fail(code, oauth_message(code), error);
  return tokens->refresh != NULL ||
         fail(ERROR_ERP_UNEXPECTED,
              "O ERP emitiu um token sem refresh_token: não há como renová-lo.", error);
}

static gboolean
exchange_code(const OAuthClient *client, OAuthTokens *tokens, gint64 *began_us, GError **error)
{
  TokenVerdict verdict;
  PonteErrorCode code = ERROR_ERP_CONNECTION;
  OAuthCall *call = oauth_call_new(client, NULL, client->timeout_ms, error);
  if (call == NULL)
    return FALSE;
  while (!oauth_call_is_over(call, tokens, &verdict, &code))
    https_wait(exchange_client(), WAIT_MS);
  *began_us = oauth_call_began_us(call);
  oauth_call_free(call);
  return judge(verdict, code, tokens, error);
}

/* A person's word goes over what is there, and so over a renewal under way: that one finds the
 * version moved and takes these tokens.  What cannot be written is tried again, as any chain is. */
static gboolean
store(Db *db, OAuthMemory *memory, GError **error)
{
  gint64 until_us = g_get_monotonic_time() + setting_int(ERP_TOKEN_WRITE_S) * G_USEC_PER_SEC;
  g_autoptr(GError) cause = NULL;
  while (!oauth_row_store(db, memory, &cause)) {
    log_warning("refresh_token_unpersisted", "company", memory->company, "cause", cause->message,
                NULL);
    if (g_get_monotonic_time() + WRITE_AGAIN_US > until_us)
      return fail(ERROR_TOKEN_STORE_UNAVAILABLE,
                  "O ERP autorizou, mas o token não pôde ser gravado: autorize de novo.", error);
    g_clear_error(&cause);
    g_usleep(WRITE_AGAIN_US);
  }
  return memory->tokens.access != NULL || /* the row was deleted meanwhile */
         fail(ERROR_TOKEN_STORE_UNAVAILABLE, oauth_message(ERROR_TOKEN_STORE_UNAVAILABLE), error);
}

gboolean
oauth_bootstrap(Db *db, const OAuthClient *client, gint64 *lives_s, GError **error)
{
  g_auto(OAuthTokens) tokens = {0};
  OAuthMemory *memory = oauth_memory(client);
  gint64 began_us;
  if (!check_rate(db, client, error) || !exchange_code(client, &tokens, &began_us, error))
    return FALSE;
  oauth_memory_take(memory, &tokens, NULL, NULL, began_us, OAUTH_ANY_VERSION);
  if (!store(db, memory, error))
    return FALSE;
  *lives_s = MAX(0, (memory->expires_us - g_get_monotonic_time()) / G_USEC_PER_SEC);
  return TRUE;
}
