/* The key set of JWT_JWKS_URL as the program _jwks left it in ponte.jwks. */
#pragma once
#include <glib.h>

#include "db/db.h"

#define KEY_TABLE_CHANNEL "ponte_jwks"

/* The set this process read last (of Jwk); NULL before the first time. */
const GPtrArray *key_table_set(void);

/* Reads the set when it was fetched anew since; `changed` tells. */
gboolean key_table_read(Db *db, gboolean *changed, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Asks _jwks for a fetch, unless somebody did within the last minute: then not `granted`. */
gboolean key_table_ask(Db *db, gboolean *granted, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* For _jwks: has somebody asked since the last fetch? */
gboolean key_table_is_wanted(Db *db, gboolean *wanted, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* For _jwks: stores a document that jwk_set_parse accepted. */
gboolean key_table_store(Db *db, const char *document, GError **error) G_GNUC_WARN_UNUSED_RESULT;
