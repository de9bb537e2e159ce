/* Public keys that tokens are verified with, from PEM or from a JSON Web Key Set (RFC 7517). Parsed
 * once, since OpenSSL spends longer on reading a key than on using it (platform-notes, libjwt 4).
 */
#pragma once
#include <glib.h>
#include <openssl/evp.h>

/* What a key is for follows from its type; a token's own word only has to agree. */
typedef enum { JWK_HS256, JWK_RS256, JWK_ES256, N_JWK_ALGORITHMS } JwkAlgorithm;

/* FALSE when `name` (exact case) is none of ours. */
gboolean jwk_algorithm_from_name(const char *name, JwkAlgorithm *out);

typedef struct {
  JwkAlgorithm algorithm; /* RS256 or ES256 */
  char *kid;              /* NULL when the set gives none */
  EVP_PKEY *key;
} Jwk;

void jwk_free(Jwk *jwk);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Jwk, jwk_free)

/* A PEM public key: RSA of 2048 to 8192 bits, or EC on P-256.  NULL for anything else. */
Jwk *jwk_from_pem(const char *pem, gsize length);

/* The usable keys of a key set, which may be none: of signature keys only, RSA and P-256 as above.
 * NULL when the text is no key set: an object with an array `keys` of at most 100 objects. */
GPtrArray *jwk_set_parse(const char *text, gsize length);
