/* A token call: what is asked, and what the answer means (erp-connectors.md 3.2).  Pure. */
#pragma once
#include "base/error.h"
#include "net/https.h"
#include "net/oauth.h"

typedef struct {
  char *access, *refresh;      /* refresh NULL: none was given */
  gint64 expires_in_s;         /* 3600 when the answer does not say */
  gint64 refresh_expires_in_s; /* 0: it does not say */
} OAuthTokens;
void oauth_tokens_clear(OAuthTokens *tokens); /* wipes them */
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(OAuthTokens, oauth_tokens_clear)

/* What OAuth2 calls the grant of such a token call. */
const char *oauth_grant_name(const OAuthClient *client, const char *refresh);

/* The form of a token call: by `refresh` where it is not NULL, else by the client's own grant.  The
 * caller's; free with secret_free. */
char *oauth_form(const OAuthClient *client, const char *refresh);

/* Reads a token answer; FALSE when it is none: no object, no access_token, another token_type than
 * bearer, tokens that are longer than 8 KiB or no visible ASCII. */
gboolean oauth_tokens_parse(const char *body, gsize length,
                            OAuthTokens *tokens) G_GNUC_WARN_UNUSED_RESULT;

typedef enum {
  TOKEN_GRANTED,
  TOKEN_LATER,         /* asked again as the retry policy says */
  TOKEN_LOST,          /* perhaps granted, but the answer did not arrive */
  TOKEN_INVALID_GRANT, /* the refresh token is none any more */
  TOKEN_REFUSED,       /* the client or its password */
  TOKEN_FAILED,        /* anything else that another try does not mend */
} TokenVerdict;

/* What an answer means; *code when it is the end of it. */
TokenVerdict oauth_judge(const HttpsResult *result, const char *body, gsize length,
                         OAuthTokens *tokens, PonteErrorCode *code);

/* What a caller reads when a token could not be had. */
const char *oauth_message(PonteErrorCode code);
