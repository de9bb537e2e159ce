/* The application role of a user (DESIGN "Access", fin.md 2.6): from fin.profiles, so that a
 * revoked role stops working at once, or from a claim of the token. */
#pragma once
#include <glib.h>
#include <jansson.h>

#include "db/db.h"

/* Errors: NOT_CONFIGURED, for sources and claims that would let users choose their own role. */
gboolean role_check_settings(GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The text at a dotted path ("app_metadata.role"), NULL when there is none.  `system` is none: that
 * word is the programs' own in row security.  Borrowed from the claims. */
const char *role_in_claims(const json_t *claims, const char *path);

/* The role of the user `sub`, by JWT_ROLE_SOURCE; NULL for none.  Caller frees.
 * Errors: those of db_query, where the profiles are a source. */
gboolean role_find(const json_t *claims, const char *sub, Db *db, char **role,
                   GError **error) G_GNUC_WARN_UNUSED_RESULT;
