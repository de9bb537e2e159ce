/* Claims are looked at before the key: a browser that keeps coming with an expired token of a key
 * long gone must not make us fetch key sets. */
#include "auth/token.h"

#include "auth/keys.h"
#include "base/error.h"
#include "base/log.h"
#include "base/settings.h"

static JwtOutcome
check_claims(const Jwt *jwt)
{
  const JwtRules rules = {.issuer = setting(JWT_ISSUER), .audience = setting(JWT_AUDIENCE)};
  return jwt_check_claims(jwt, &rules, g_get_real_time() / G_USEC_PER_SEC);
}

static gboolean
check_signature(const Jwt *jwt, Db *db, JwtOutcome *outcome, GError **error)
{
  JwtKeys keys;
  gboolean renewed;
  if (!keys_current(jwt->algorithm, db, &keys, error))
    return FALSE;
  *outcome = jwt_check_signature(jwt, &keys);
  if (*outcome != JWT_KEY_UNKNOWN)
    return TRUE;
  if (!keys_renew(db, &renewed, &keys, error))
    return FALSE;
  if (renewed)
    *outcome = jwt_check_signature(jwt, &keys);
  return TRUE;
}

gboolean
token_verify(const char *token, Db *db, Jwt *jwt, GError **error)
{
  JwtOutcome outcome = jwt_open(token, jwt);
  if (outcome == JWT_HOLDS)
    outcome = check_claims(jwt);
  if (outcome == JWT_HOLDS && !check_signature(jwt, db, &outcome, error)) {
    jwt_clear(jwt);
    return FALSE;
  }
  if (outcome == JWT_HOLDS)
    return TRUE;
  jwt_clear(jwt);
  log_debug("token refused", "reason", jwt_outcome_text(outcome), NULL);
  g_set_error_literal(error, PONTE_ERROR, ERROR_INVALID_TOKEN, "Não autenticado.");
  return FALSE;
}
