/* Tokens as Supabase issues them, and ones that nobody should accept. */
#pragma once
#include <glib.h>
#include <openssl/evp.h>

G_DEFINE_AUTOPTR_CLEANUP_FUNC(EVP_PKEY, EVP_PKEY_free)

#define USER_ID "5d3f5a52-6a4e-4c7e-9f4e-0a6d1f2b3c4d"

/* Valid for an hour, signed with JWT_SECRET, the role in app_metadata.role (NULL: none). */
char *token_for_role(const char *role);

/* The same with some claims replaced: a JSON object; a null removes the claim. */
char *token_with(const char *role, const char *changes);

/* The claims of such a token, as text. */
char *token_claims(const char *role, const char *changes);

/* Any header and payload text, signed with HMAC-SHA256. */
char *token_hs256(const char *header, const char *payload, const char *key);

/* Any header and payload text with a signature given as it stands ("" for none). */
char *token_unsigned(const char *header, const char *payload, const char *signature);

/* Signed with a private key: RS256 or ES256 as the key's type says. */
char *token_by_key(EVP_PKEY *key, const char *kid, const char *payload);

EVP_PKEY *key_new_rsa(void);
EVP_PKEY *key_new_ec(void);
char *key_public_pem(EVP_PKEY *key);
char *key_jwk(EVP_PKEY *key, const char *kid); /* one member of a JWKS */
