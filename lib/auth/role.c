/* A profile decides alone once there is one: an inactive user has no role, whatever the token says.
 */
#include "auth/role.h"

#include <string.h>

#include "base/error.h"
#include "base/settings.h"

static gboolean
refuse(GError **error, const char *message)
{
  g_set_error_literal(error, PONTE_ERROR, ERROR_NOT_CONFIGURED, message);
  return FALSE;
}

static gboolean
is_known_source(const char *text)
{
  g_auto(GStrv) words = g_strsplit(text, ",", -1);
  for (guint i = 0; words[i] != NULL; i++)
    g_strstrip(words[i]);
  g_autofree char *tidy = g_strjoinv(",", words);
  return strcmp(tidy, "profiles,claim") == 0 || strcmp(tidy, "profiles") == 0 ||
         strcmp(tidy, "claim") == 0;
}

gboolean
role_check_settings(GError **error)
{
  const char *path = setting(JWT_ROLE_CLAIM);
  g_auto(GStrv) names = g_strsplit(path, ".", -1);
  if (!is_known_source(setting(JWT_ROLE_SOURCE)))
    return refuse(error, "JWT_ROLE_SOURCE deve ser profiles,claim, profiles ou claim.");
  if (names[0] == NULL || g_strv_contains((const char *const *)names, ""))
    return refuse(error, "JWT_ROLE_CLAIM deve ser um caminho como app_metadata.role.");
  if (strcmp(names[0], "user_metadata") == 0)
    return refuse(error,
                  "JWT_ROLE_CLAIM não pode estar em user_metadata, que o próprio usuário edita.");
  if (strcmp(path, "role") == 0)
    return refuse(error, "JWT_ROLE_CLAIM não pode ser role, que é o papel do banco de dados.");
  return TRUE;
}

static gboolean
is_role(const char *text)
{
  return text != NULL && *text != '\0' && strcmp(text, "system") != 0;
}

const char *
role_in_claims(const json_t *claims, const char *path)
{
  g_auto(GStrv) names = g_strsplit(path, ".", -1);
  const json_t *value = claims;
  for (guint i = 0; names[i] != NULL; i++)
    value = json_object_get(value, names[i]); /* NULL for anything but an object */
  const char *role = json_string_value(value);
  return is_role(role) ? role : NULL;
}

static const char sql_profile[] = "select fin.profile_role($1::uuid)";

static gboolean
look_up(const char *sub, Db *db, char **role, gboolean *found, GError **error)
{
  g_autoptr(PGresult) rows = db_query(db, DB_CLAIMS_SYSTEM, sql_profile, DB_PARAMS(sub), error);
  if (rows == NULL)
    return FALSE;
  *found = PQntuples(rows) == 1;
  if (*found && is_role(db_text(rows, 0, 0)))
    *role = g_strdup(db_text(rows, 0, 0));
  return TRUE;
}

gboolean
role_find(const json_t *claims, const char *sub, Db *db, char **role, GError **error)
{
  gboolean found = FALSE;
  *role = NULL;
  if (setting_lists(JWT_ROLE_SOURCE, "profiles") && !look_up(sub, db, role, &found, error))
    return FALSE;
  if (!found && setting_lists(JWT_ROLE_SOURCE, "claim"))
    *role = g_strdup(role_in_claims(claims, setting(JWT_ROLE_CLAIM)));
  return TRUE;
}
