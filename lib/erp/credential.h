/* How a request shows who we are (erp-connectors.md 2.6, 3.3, 3.4).  Pure. */
#pragma once
#include "erp/config.h"

typedef enum { AUTH_OAUTH2, AUTH_API_KEY, AUTH_BASIC, AUTH_BEARER, N_AUTHS } AuthType;
const char *auth_type_name(AuthType type); /* "oauth2", "api_key", "basic_auth", "bearer_token" */

/* Back; FALSE for any other word. */
gboolean auth_type_of(const char *name, AuthType *type) G_GNUC_WARN_UNUSED_RESULT;

/* What is missing of a credential ("client_secret"), or NULL (2.6). */
const char *erp_missing_credential(const ErpConfig *config, ErpType erp, AuthType auth);

/* Where an API key goes; by default X-App-Key and X-App-Secret in headers. */
typedef enum { KEY_IN_HEADER, KEY_IN_QUERY, KEY_IN_BODY } KeyPlace;

/* What of it is filled in depends on the AuthType; texts NULL where there are none. */
typedef struct {
  KeyPlace place;
  const char *key, *secret;           /* API key */
  const char *key_name, *secret_name; /* header or parameter; NULL: the default */
  const char *username, *password;    /* basic */
  const char *token;                  /* bearer */
} CredentialParts;

typedef struct {
  char **headers;  /* "X-App-Key: k", ended by NULL */
  char **query;    /* name, value, …, ended by NULL */
  gint64 until_us; /* on the monotonic clock; 0: no end is known */
} Credential;

/* OAUTH2 gives none: the exchange adds its token. */
void credential_init(Credential *credential, AuthType auth, const CredentialParts *parts);
void credential_clear(Credential *credential); /* wipes it */
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Credential, credential_clear)

/* Does it still live at `now_us`, 5 s before its end not any more? */
gboolean credential_is_live(const Credential *credential, gint64 now_us);
