/* One token call under way. */
#pragma once
#include "db/db.h"
#include "net/oauth_answer.h"

typedef struct OAuthCall OAuthCall;

/* Sends it: by `refresh`, or by the client's own grant when that is NULL.  Errors: those of
 * https_start. */
OAuthCall *oauth_call_new(const OAuthClient *client, const char *refresh, gint64 timeout_ms,
                          GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* May one be made now, at ERP_TOKEN_PER_MINUTE?  *wait_ms 0: yes, and that counts as one; else in
 * so long.  Errors: those of rate_enter. */
gboolean oauth_may_call(Db *db, const OAuthClient *client, gint64 *wait_ms,
                        GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* FALSE while it goes on; then what it brought, logged. */
gboolean oauth_call_is_over(OAuthCall *call, OAuthTokens *tokens, TokenVerdict *verdict,
                            PonteErrorCode *code) G_GNUC_WARN_UNUSED_RESULT;

/* When it was sent, on the monotonic clock: its token's life is counted from here. */
gint64 oauth_call_began_us(const OAuthCall *call);

/* Of one that is over: what its Retry-After says, in seconds; 0: nothing. */
gint64 oauth_call_retry_after_s(const OAuthCall *call);

void oauth_call_free(OAuthCall *call); /* wipes what it sent and got */
