/* Secrets at rest: AES-256-GCM under ERP_TOKEN_KEY (32 bytes, base64), a random nonce of 12 bytes
 * before each text, and associated data that ties it to its place (erp-connectors.md 3.2). */
#pragma once
#include <glib.h>

/* Is there a key, and is it one?  Errors: ERP_NOT_CONFIGURED naming it. */
gboolean seal_is_ready(GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Base64 of nonce, ciphertext and tag; the caller's.  Only once seal_is_ready said so. */
char *seal(const char *text, const char *place);

/* The text; NULL when it was sealed with another key, for another place, or is damaged.  The
 * caller's; free with secret_free. */
char *unseal(const char *sealed, const char *place);

/* Wipes a text, then frees it; NULL is fine. */
void secret_free(char *text);
