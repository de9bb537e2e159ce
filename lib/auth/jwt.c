/* Claims and headers are read here with jansson, not by libjwt: it takes the last of two equal
 * members and reads a textual `exp` as 0 (platform-notes, libjwt 2 and 3). */
#include "auth/jwt.h"

#include <string.h>

#include "auth/base64url.h"

G_DEFINE_AUTOPTR_CLEANUP_FUNC(json_t, json_decref)

static const char *const outcome_texts[N_JWT_OUTCOMES] = {
    [JWT_HOLDS] = "holds",
    [JWT_TOO_LONG] = "longer than 8192 bytes",
    [JWT_MALFORMED] = "not three base64url parts with a JSON object as header and payload",
    [JWT_CRITICAL] = "header crit is not supported",
    [JWT_ALGORITHM] = "algorithm without a configured key",
    [JWT_KEY_UNKNOWN] = "unknown key",
    [JWT_KEY_NOT_NAMED] = "no kid, and no single key",
    [JWT_SIGNATURE] = "signature does not match",
    [JWT_NO_EXPIRY] = "exp is absent or not a number",
    [JWT_EXPIRED] = "expired",
    [JWT_NOT_YET_VALID] = "nbf or iat is in the future or not a number",
    [JWT_AUDIENCE_WRONG] = "wrong audience",
    [JWT_ISSUER_WRONG] = "wrong issuer",
    [JWT_NO_SUBJECT] = "sub is absent or not a UUID",
};

const char *
jwt_outcome_text(JwtOutcome outcome)
{
  return outcome_texts[outcome];
}

void
jwt_clear(Jwt *jwt)
{
  g_free(jwt->text);
  json_decref(jwt->header);
  json_decref(jwt->claims);
  g_free(jwt->signature);
  *jwt = (Jwt){0};
}

static json_t *
object_part(const char *part, gsize length)
{
  gsize bytes_length;
  g_autofree guchar *bytes = base64url_decode(part, length, &bytes_length);
  g_autoptr(json_t) value = NULL;
  if (bytes != NULL)
    value = json_loadb((const char *)bytes, bytes_length, JSON_REJECT_DUPLICATES, NULL);
  return json_is_object(value) ? g_steal_pointer(&value) : NULL;
}

static gboolean
open_parts(const char *token, Jwt *jwt)
{
  const char *dot = strchr(token, '.');
  const char *second = dot != NULL ? strchr(dot + 1, '.') : NULL;
  if (second == NULL)
    return FALSE;
  const char *signature = second + 1;
  gsize length = strlen(signature);
  jwt->header = object_part(token, (gsize)(dot - token));
  jwt->claims = object_part(dot + 1, (gsize)(second - dot - 1));
  jwt->signature = base64url_decode(signature, length, &jwt->signature_length);
  if (jwt->header == NULL || jwt->claims == NULL || jwt->signature == NULL)
    return FALSE;
  jwt->text = g_strdup(token);
  jwt->signed_length = (gsize)(second - token);
  return TRUE;
}

static JwtOutcome
read_header(Jwt *jwt)
{
  const char *name = json_string_value(json_object_get(jwt->header, "alg"));
  const json_t *kid = json_object_get(jwt->header, "kid");
  if (json_object_get(jwt->header, "crit") != NULL)
    return JWT_CRITICAL;
  if (name == NULL || !jwk_algorithm_from_name(name, &jwt->algorithm))
    return JWT_ALGORITHM;
  if (kid != NULL && !json_is_string(kid))
    return JWT_MALFORMED;
  jwt->kid = json_string_value(kid);
  return JWT_HOLDS;
}

JwtOutcome
jwt_open(const char *token, Jwt *jwt)
{
  *jwt = (Jwt){0};
  if (strnlen(token, JWT_MAX_BYTES + 1) > JWT_MAX_BYTES)
    return JWT_TOO_LONG;
  JwtOutcome outcome = open_parts(token, jwt) ? read_header(jwt) : JWT_MALFORMED;
  if (outcome != JWT_HOLDS)
    jwt_clear(jwt);
  return outcome;
}

static gboolean
lies_ahead(const json_t *claims, const char *name, gint64 now)
{
  const json_t *time = json_object_get(claims, name);
  return time != NULL &&
         (!json_is_number(time) || json_number_value(time) > (double)(now + JWT_LEEWAY_SECONDS));
}

/* `aud` is a text or an array of texts (RFC 7519, 4.1.3). */
static gboolean
is_for(const json_t *audience, const char *wanted)
{
  if (json_is_string(audience))
    return strcmp(json_string_value(audience), wanted) == 0;
  for (size_t i = 0; i < json_array_size(audience); i++)
    if (g_strcmp0(json_string_value(json_array_get(audience, i)), wanted) == 0)
      return TRUE;
  return FALSE;
}

static gboolean
is_wanted(const char *rule)
{
  return rule != NULL && *rule != '\0';
}

JwtOutcome
jwt_check_claims(const Jwt *jwt, const JwtRules *rules, gint64 now)
{
  const json_t *claims = jwt->claims;
  const json_t *expiry = json_object_get(claims, "exp");
  const char *issuer = json_string_value(json_object_get(claims, "iss"));
  const char *subject = json_string_value(json_object_get(claims, "sub"));
  if (!json_is_number(expiry))
    return JWT_NO_EXPIRY;
  if (json_number_value(expiry) <= (double)now)
    return JWT_EXPIRED;
  if (lies_ahead(claims, "nbf", now) || lies_ahead(claims, "iat", now))
    return JWT_NOT_YET_VALID;
  if (is_wanted(rules->audience) && !is_for(json_object_get(claims, "aud"), rules->audience))
    return JWT_AUDIENCE_WRONG;
  if (is_wanted(rules->issuer) && g_strcmp0(issuer, rules->issuer) != 0)
    return JWT_ISSUER_WRONG;
  if (subject == NULL || !g_uuid_string_is_valid(subject))
    return JWT_NO_SUBJECT;
  return JWT_HOLDS;
}

JwtOutcome
jwt_verify(const char *token, const JwtRules *rules, const JwtKeys *keys, gint64 now, Jwt *jwt)
{
  JwtOutcome outcome = jwt_open(token, jwt);
  if (outcome != JWT_HOLDS)
    return outcome;
  outcome = jwt_check_claims(jwt, rules, now);
  if (outcome == JWT_HOLDS)
    outcome = jwt_check_signature(jwt, keys);
  if (outcome != JWT_HOLDS)
    jwt_clear(jwt);
  return outcome;
}
