/* Where tokens are: the table erp.oauth_state, and what this process remembers of it
 * (erp-connectors.md 3.2). */
#pragma once
#include "net/oauth_answer.h"

/* What stands for a client in keys: a hash of its id, or of the user's name where a password grant
 * goes without a client.  The caller's. */
char *oauth_client_hash(const OAuthClient *client);

/* What this process knows of one client's tokens.  Lives as long as the process, which
 * tries to write them while it is idle, and for ERP_TOKEN_WRITE_S before it ends in good order. */
typedef struct {
  char *company, *erp, *hash; /* the row's key */
  OAuthTokens tokens;         /* access NULL: none */
  gint64 issued_us;           /* monotonic: when they were asked for … */
  gint64 expires_us;          /* … and when the access token ends */
  gint64 version;             /* of the row that holds them, or is to hold them next */
  char *seed_hash;            /* the chain began with this seed; NULL: it goes on */
  gboolean unpersisted;       /* they are not in the row yet */
} OAuthMemory;
OAuthMemory *oauth_memory(const OAuthClient *client);

/* Remembers tokens just granted, to be written over the row of this version.  Takes the tokens; a
 * refresh token that was not replaced goes on. */
void oauth_memory_take(OAuthMemory *memory, OAuthTokens *tokens, const char *refresh,
                       const char *seed_hash, gint64 issued_us, gint64 version);

/* The row as it is now. */
typedef struct {
  gint64 version; /* 0: there is none, or nothing in it */
  char *access, *refresh, *seed_hash;
  gint64 left_ms, life_s;       /* of the access token */
  gboolean needs_person;        /* reauthorization_required */
  gboolean is_sealed_otherwise; /* its tokens were sealed with another key */
  gboolean is_claimed;          /* somebody renews it */
  PonteErrorCode failure;       /* of a renewal that failed after `since`; 0: none did */
  char *now;                    /* on the database's clock */
} OAuthRow;
void oauth_row_clear(OAuthRow *row);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(OAuthRow, oauth_row_clear)

/* Errors of all that follow: those of db_query. */
gboolean oauth_row_load(Db *db, const OAuthClient *client, const char *since, OAuthRow *row,
                        GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The right to renew for ERP_TOKEN_CLAIM_S, if nobody has it and the version is still this. */
gboolean oauth_row_claim(Db *db, const OAuthClient *client, gint64 version, const char *holder,
                         gboolean *claimed, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Gives it back; `failure` (or NULL) is told to those who wait. */
gboolean oauth_row_release(Db *db, const OAuthClient *client, const char *holder,
                           const char *failure, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Makes the row where there is none yet. */
gboolean oauth_row_prepare(Db *db, const OAuthClient *client,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;

#define OAUTH_ANY_VERSION (-1) /* of a memory that goes over the row whatever is in it */

/* Writes what the memory holds, unless somebody else wrote meanwhile: then it is forgotten. */
gboolean oauth_row_store(Db *db, OAuthMemory *memory, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* A person has to authorize anew; *condemned FALSE: the version has moved. */
gboolean oauth_row_condemn(Db *db, const OAuthClient *client, gint64 version, const char *seed_hash,
                           gboolean *condemned, GError **error) G_GNUC_WARN_UNUSED_RESULT;
