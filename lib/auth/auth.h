/* Who is calling, and may they: JWT users with a role, crons with the shared secret.  Takes plain
 * header strings; knows nothing of requests.  (DESIGN "Access", fin.md 2.) */
#pragma once
#include <glib.h>

#include "db/db.h"

/* Who may call a method: the role lists of the configuration, the cron secret, or everybody. */
typedef enum { AREA_FIN, AREA_BACKOFFICE, AREA_ERP, AREA_CRM, N_AREAS } Area;
#define ACCESS_ROLES(area) (1u << (area))
#define ROLES_OF_ANY_AREA  ((1u << N_AREAS) - 1)
#define ACCESS_CRON        (1u << 30)
#define ACCESS_PUBLIC      (1u << 31)

typedef struct {
  const char *authorization; /* the header's value, NULL when absent */
  guint authorization_count; /* how often the header was sent: two are refused */
  const char *cron_secret;   /* header x-cron-secret, NULL when absent */
} Credentials;

typedef struct {
  gboolean system; /* the cron secret was shown */
  char *sub;       /* the user's id, NULL for system */
  char *role;      /* application role, NULL when there is none */
  guint areas;     /* bit per Area whose role list contains the role */
} Caller;
void caller_clear(Caller *caller);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Caller, caller_clear)

/* Checks that the configuration can tell who calls: when `access` names roles, a key source of
 * tokens that can be read and a role that users cannot give themselves.  Reads the key files, so
 * that processes forked afterwards have them.  Errors: NOT_CONFIGURED, naming the variable. */
gboolean auth_check_settings(guint access, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Finds out who is calling.  `access` is what the route accepts from anybody: with ACCESS_CRON a
 * bearer equal to CRON_SECRET is tested before the token.  The role is looked up here; a user
 * without one is identified all the same.  With ACCESS_PUBLIC nothing is looked at.  On failure
 * `caller` is empty. Errors: UNAUTHENTICATED (nothing shown), INVALID_TOKEN, NOT_CONFIGURED
 * ("CRON_SECRET não configurado."), DATABASE_UNAVAILABLE. */
gboolean auth_identify(const Credentials *credentials, guint access, Db *db, Caller *caller,
                       GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* TRUE when this caller may use something with this access. */
gboolean auth_permits(const Caller *caller, guint access);

/* The claims row security reads: {"sub","role","areas":[…]}, or {"role":"system"}.  Caller frees.
 */
char *auth_claims(const Caller *caller);
