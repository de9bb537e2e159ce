/* The keys this process verifies tokens with: JWT_SECRET, JWT_PUBLIC_KEY_FILE, JWT_JWKS_FILE and
 * the key set of JWT_JWKS_URL, which the program _jwks keeps in the table ponte.jwks. */
#pragma once
#include <glib.h>

#include "auth/jwt.h"
#include "db/db.h"

/* Reads the files; fails when no source is configured or one cannot serve.
 * Errors: NOT_CONFIGURED, naming the variable. */
gboolean keys_check(GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The keys as they stand, looked at anew every JWT_JWKS_REFRESH_S; a file that became unreadable
 * leaves the old keys.  Only `algorithm` of public keys makes it ask the table.  Borrowed until the
 * next call.  Errors: those of db_query, while no key set was read yet. */
gboolean keys_current(JwkAlgorithm algorithm, Db *db, JwtKeys *out,
                      GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* A token names a key that is unknown: reads the table again and, when that brings nothing, asks
 * _jwks for a fetch (all programs together once in JWT_JWKS_ASK_S) and waits up to JWT_JWKS_WAIT_MS
 * for it. `renewed` says whether there are other keys now.  Errors: those of db_query. */
gboolean keys_renew(Db *db, gboolean *renewed, JwtKeys *out,
                    GError **error) G_GNUC_WARN_UNUSED_RESULT;
