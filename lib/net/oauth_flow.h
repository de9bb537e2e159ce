/* Within net/oauth.c: the life of one wish for a token.  Look at the row; where its token is over
 * become the one who renews it, or wait for whoever does; call; write; only then use. */
#pragma once
#include "net/oauth_call.h"
#include "net/oauth_store.h"

typedef enum { LOOK, CALL, CALLING, STORE, OVER } OAuthStep;

struct OAuthFlow {
  Db *db;
  const OAuthClient *client;
  OAuthMemory *memory;
  char *rejected;
  gint64 deadline_us, wake_us;
  OAuthStep step;
  char holder[37]; /* stands for this flow in the row's claim */
  gboolean holds;  /* the claim */
  char *since;     /* when it began, by the database's clock */
  gint64 first_version, version;
  char *refresh;   /* what the call is made with; NULL: the client's own grant */
  char *seed_hash; /* when that is the configured seed */
  OAuthCall *call;
  guint attempts, lost;
  gint64 write_until_us;
  char *token;
  GError *error;
  gint64 retry_after_s;    /* with ERP_RATE_LIMITED; 0: not told */
  gboolean shares_failure; /* of another's call */
};

/* Each does what its step asks for; FALSE when there is nothing to do until wake_us, or until
 * something arrives. */
gboolean oauth_look_at_row(OAuthFlow *flow);
gboolean oauth_begin_call(OAuthFlow *flow);
gboolean oauth_finish_call(OAuthFlow *flow);
gboolean oauth_write(OAuthFlow *flow);

/* Asks for the right to renew: CALL with it, else LOOK after a while. */
gboolean oauth_claim(OAuthFlow *flow);

/* The ends: always TRUE. */
gboolean oauth_succeed(OAuthFlow *flow, const char *token);
gboolean oauth_fail(OAuthFlow *flow, PonteErrorCode code);
/* Postgres is away: what is remembered serves to its very end, and nothing is renewed (3.2). */
gboolean oauth_go_without_store(OAuthFlow *flow, const GError *cause);

/* Gives the claim back; whoever waits for it shares the failure (NULL: none). */
void oauth_release(OAuthFlow *flow, const char *failure);

/* FALSE, and nothing is due for so long; TRUE when the deadline is earlier: that is the end. */
gboolean oauth_wait(OAuthFlow *flow, gint64 ms);

gboolean oauth_is_rejected(const OAuthFlow *flow, const char *token);
