/* A bearer token against this process's settings, keys and clock. */
#pragma once
#include <glib.h>

#include "auth/jwt.h"
#include "db/db.h"

/* Fills `jwt` with a token that holds.  Errors: INVALID_TOKEN (the reason goes to the debug log,
 * never the token), those of db_query where keys come from the database. */
gboolean token_verify(const char *token, Db *db, Jwt *jwt,
                      GError **error) G_GNUC_WARN_UNUSED_RESULT;
