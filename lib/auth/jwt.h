/* Tokens of users (JWT, RFC 7519): what was signed, by which key, and whether it holds now.  All of
 * it is pure: keys, rules and the time are arguments.  (DESIGN "Access", fin.md 2.4.) */
#pragma once
#include <glib.h>
#include <jansson.h>

#include "auth/jwk.h"

#define JWT_MAX_BYTES      8192
#define JWT_LEEWAY_SECONDS 30 /* of nbf and iat; exp has none */

/* Why a token is refused; for the log, callers all get the same answer. */
typedef enum {
  JWT_HOLDS,
  JWT_TOO_LONG,
  JWT_MALFORMED,     /* not three base64url parts with two JSON objects */
  JWT_CRITICAL,      /* header `crit`: demands we do not know */
  JWT_ALGORITHM,     /* not an algorithm we have a key for */
  JWT_KEY_UNKNOWN,   /* names a key we do not have (yet) */
  JWT_KEY_NOT_NAMED, /* several keys and no `kid` */
  JWT_SIGNATURE,
  JWT_NO_EXPIRY, /* `exp` absent or no number */
  JWT_EXPIRED,
  JWT_NOT_YET_VALID, /* `nbf` or `iat` in the future, or no number */
  JWT_AUDIENCE_WRONG,
  JWT_ISSUER_WRONG,
  JWT_NO_SUBJECT, /* `sub` absent or no UUID */
  N_JWT_OUTCOMES
} JwtOutcome;

const char *jwt_outcome_text(JwtOutcome outcome);

typedef struct {
  char *text; /* the token itself */
  json_t *header, *claims;
  JwkAlgorithm algorithm;
  const char *kid;     /* owned by header; NULL when absent */
  gsize signed_length; /* of text: header, dot, payload */
  guchar *signature;
  gsize signature_length;
} Jwt;
void jwt_clear(Jwt *jwt);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Jwt, jwt_clear)

/* What the configuration demands; NULL or "": not checked. */
typedef struct {
  const char *issuer, *audience;
} JwtRules;

/* Keys that count; each may be absent.  A set is chosen from by `kid`, or without one when it holds
 * exactly one key. */
typedef struct {
  const char *secret;       /* HS256 */
  const Jwk *public_key;    /* of a PEM file, which has no `kid` */
  const GPtrArray *sets[2]; /* of Jwk */
} JwtKeys;

/* Reads a token without believing it.  On any outcome but JWT_HOLDS `jwt` is left cleared. */
JwtOutcome jwt_open(const char *token, Jwt *jwt);

/* Time, audience, issuer and subject.  `now` in seconds since 1970. */
JwtOutcome jwt_check_claims(const Jwt *jwt, const JwtRules *rules, gint64 now);

/* The signature, by the keys whose own type is the token's algorithm. */
JwtOutcome jwt_check_signature(const Jwt *jwt, const JwtKeys *keys);

/* The three together. */
JwtOutcome jwt_verify(const char *token, const JwtRules *rules, const JwtKeys *keys, gint64 now,
                      Jwt *jwt);
