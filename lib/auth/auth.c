/* The decision table of fin.md 2.8 and 2.12: secret, token, or neither. */
#include "auth/auth.h"

#include <string.h>

#include "auth/cron.h"
#include "auth/keys.h"
#include "auth/role.h"
#include "auth/token.h"
#include "base/error.h"
#include "base/json.h"
#include "base/log.h"
#include "base/settings.h"

static const struct {
  const char *name;
  Setting roles;
} areas[N_AREAS] = {
    [AREA_FIN] = {"fin", ROLES_FIN},
    [AREA_BACKOFFICE] = {"backoffice", ROLES_BACKOFFICE},
    [AREA_ERP] = {"erp", ROLES_ERP},
    [AREA_CRM] = {"crm", ROLES_CRM},
};

void
caller_clear(Caller *caller)
{
  g_free(caller->sub);
  g_free(caller->role);
  *caller = (Caller){0};
}

static gboolean
is_for_users(guint access)
{
  return (access & ROLES_OF_ANY_AREA) != 0;
}

gboolean
auth_check_settings(guint access, GError **error)
{
  return !is_for_users(access) || (keys_check(error) && role_check_settings(error));
}

static gboolean
refuse(guint access, PonteErrorCode code, GError **error)
{
  g_set_error_literal(error, PONTE_ERROR, (int)code,
                      is_for_users(access) ? "Não autenticado." : "Não autorizado.");
  return FALSE;
}

static gboolean
refuse_unconfigured(GError **error)
{
  log_error("CRON_SECRET is absent or shorter than 16 characters", NULL);
  g_set_error_literal(error, PONTE_ERROR, ERROR_NOT_CONFIGURED, "CRON_SECRET não configurado.");
  return FALSE;
}

/* What follows `Bearer `: "" when nothing does, NULL when the header is absent or of another
 * scheme. */
static const char *
bearer_of(const char *header)
{
  if (header == NULL || g_ascii_strncasecmp(header, "bearer", 6) != 0)
    return NULL;
  if (header[6] == '\0')
    return "";
  return header[6] == ' ' ? header + 7 : NULL;
}

static guint
areas_of(const char *role)
{
  guint found = 0;
  for (guint area = 0; role != NULL && area < N_AREAS; area++)
    if (setting_lists(areas[area].roles, role))
      found |= ACCESS_ROLES(area);
  return found;
}

static gboolean
identify_user(const char *token, Db *db, Caller *caller, GError **error)
{
  g_auto(Jwt) jwt = {0};
  g_autofree char *role = NULL;
  if (!token_verify(token, db, &jwt, error))
    return FALSE;
  const char *sub = json_string_value(json_object_get(jwt.claims, "sub"));
  if (!role_find(jwt.claims, sub, db, &role, error))
    return FALSE;
  *caller = (Caller){.sub = g_ascii_strdown(sub, -1), .areas = areas_of(role)};
  caller->role = g_steal_pointer(&role);
  return TRUE;
}

static gboolean
identify_bearer(const char *bearer, guint access, Db *db, Caller *caller, GError **error)
{
  if ((access & ACCESS_CRON) != 0 && cron_secret_matches(bearer)) {
    *caller = (Caller){.system = TRUE};
    return TRUE;
  }
  if (*bearer == '\0' || !is_for_users(access))
    return refuse(access, ERROR_INVALID_TOKEN, error);
  return identify_user(bearer, db, caller, error);
}

gboolean
auth_identify(const Credentials *credentials, guint access, Db *db, Caller *caller, GError **error)
{
  const char *bearer = bearer_of(credentials->authorization);
  const char *secret = (access & ACCESS_CRON) != 0 ? credentials->cron_secret : NULL;
  *caller = (Caller){0};
  if ((access & ACCESS_PUBLIC) != 0)
    return TRUE;
  if (!is_for_users(access) && !cron_secret_is_configured())
    return refuse_unconfigured(error);
  if (credentials->authorization_count > 1)
    return refuse(access, ERROR_INVALID_TOKEN, error);
  if (bearer != NULL)
    return identify_bearer(bearer, access, db, caller, error);
  if (secret == NULL || *secret == '\0')
    return refuse(access, ERROR_UNAUTHENTICATED, error);
  if (!cron_secret_is_configured())
    return refuse_unconfigured(error);
  if (!cron_secret_matches(secret))
    return refuse(access, ERROR_INVALID_TOKEN, error);
  *caller = (Caller){.system = TRUE};
  return TRUE;
}

gboolean
auth_permits(const Caller *caller, guint access)
{
  if ((access & ACCESS_PUBLIC) != 0)
    return TRUE;
  if (caller->system)
    return (access & ACCESS_CRON) != 0;
  return (caller->areas & access & ROLES_OF_ANY_AREA) != 0;
}

char *
auth_claims(const Caller *caller)
{
  if (caller->system)
    return g_strdup(DB_CLAIMS_SYSTEM);
  g_autoptr(JsonWriter) w = json_writer_new();
  json_open_object(w, NULL);
  json_add_text(w, "sub", caller->sub);
  json_add_text(w, "role", caller->role);
  json_open_array(w, "areas");
  for (guint area = 0; area < N_AREAS; area++)
    if ((caller->areas & ACCESS_ROLES(area)) != 0)
      json_add_text(w, NULL, areas[area].name);
  json_close_array(w);
  json_close_object(w);
  return g_strdup(json_writer_text(w));
}
