/* OAuth2 access tokens, shared by all processes of all hosts: table erp.oauth_state holds them
 * sealed, one holder at a time renews them (erp-connectors.md 3.2).  A token's renewal is a state
 * machine, like the request it is for: nothing here blocks but short statements. */
#pragma once
#include "db/db.h"
#include "net/retry.h"

typedef enum {
  OAUTH_CLIENT_CREDENTIALS,
  OAUTH_PASSWORD,
  OAUTH_REFRESH_ONLY,
  OAUTH_CODE
} OAuthGrant;

/* Whose token, and how it is asked for.  All texts belong to the caller and outlive the flow. */
typedef struct {
  const char *company, *erp; /* "MERCOS", "contaazul": with the client's hash the row's key */
  const char *token_url;
  const char *client_id, *client_secret;
  const char *username, *password; /* OAUTH_PASSWORD */
  const char *code,
      *redirect_uri;          /* OAUTH_CODE (net/oauth_bootstrap.h); redirect_uri may be NULL */
  const char *scope;          /* NULL: not sent */
  const char *refresh_token;  /* seed of a chain: used only while no row exists; or NULL */
  const char *const *headers; /* further ones of the token call ("enable-jwt: 1"); or NULL */
  OAuthGrant grant;           /* what to fall back on, or begin with */
  gboolean basic;             /* client authentication by header, not in the form */
  gboolean in_query;          /* the form travels in the URL (old Protheus) */
  gint64 timeout_ms;
  RetryPolicy retry; /* of token calls that were lost, or answered 5xx */
} OAuthClient;

typedef struct OAuthFlow OAuthFlow;

/* Wants a token that still lives for its margin (20 % of its life, at most 300 s, at least 5 s).
 * `rejected` (or NULL): a token the ERP just answered 401 to; while it is the stored one it is
 * renewed, else the stored one is handed out. */
OAuthFlow *oauth_flow_new(Db *db, const OAuthClient *client, const char *rejected,
                          gint64 deadline_us);

/* A renewal that a rotating chain depends on is first brought to its end: freeing may take as long
 * as the token call. */
void oauth_flow_free(OAuthFlow *flow);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(OAuthFlow, oauth_flow_free)

/* Does what is due; TRUE once it is over. */
gboolean oauth_flow_advance(OAuthFlow *flow);
gint64 oauth_flow_wait_ms(const OAuthFlow *flow); /* how long it has nothing to do but wait */

/* Of a flow that is over: the token ("Bearer" is not part of it), borrowed from the flow; NULL with
 * the error.  Errors: ERP_AUTHENTICATION, ERP_REAUTHORIZATION, ERP_RATE_LIMITED (more than
 * ERP_TOKEN_PER_MINUTE token calls), ERP_CONNECTION, ERP_TIMEOUT, ERP_UNTRUSTED, ERP_REDIRECTED,
 * ERP_UNEXPECTED, TOKEN_STORE_UNAVAILABLE, DEADLINE, ERP_NOT_CONFIGURED. */
const char *oauth_flow_token(OAuthFlow *flow, GError **error);

/* Of a flow that failed: after how long another may go better (-1: not known), and whether it
 * is the failure of another's token call, who tells of it. */
gint64 oauth_flow_retry_after_s(const OAuthFlow *flow);
gboolean oauth_flow_shares_failure(const OAuthFlow *flow);

/* For a health page: seconds until the stored token expires (-1: none is stored), and whether this
 * process holds a chain it could not write yet (refresh_token_unpersisted). */
gboolean oauth_look(Db *db, const OAuthClient *client, gint64 *expires_in_s, gboolean *unpersisted,
                    GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Pure: the margin of a token that lives for so long (3.2). */
gint64 oauth_margin_s(gint64 expires_in_s);
