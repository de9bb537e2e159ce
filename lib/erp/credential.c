#include "erp/credential.h"

#include <string.h>

#include "net/seal.h"

#define EARLY_US (5 * G_USEC_PER_SEC)

static const char *const names[N_AUTHS] = {
    [AUTH_OAUTH2] = "oauth2",
    [AUTH_API_KEY] = "api_key",
    [AUTH_BASIC] = "basic_auth",
    [AUTH_BEARER] = "bearer_token",
};

const char *
auth_type_name(AuthType type)
{
  return names[type];
}

gboolean
auth_type_of(const char *name, AuthType *type)
{
  for (guint i = 0; i < N_AUTHS; i++)
    if (g_str_equal(names[i], name)) {
      *type = (AuthType)i;
      return TRUE;
    }
  return FALSE;
}

#define MAX_KEYS 3

/* The keys that an AuthType needs, and their names in messages. */
typedef const char *NeededKeys[MAX_KEYS][2];
static const NeededKeys oauth2 = {{"CLIENT_ID", "client_id"}, {"CLIENT_SECRET", "client_secret"}};
static const NeededKeys by_password = {{"USERNAME", "username"}, {"PASSWORD", "password"}};
static const NeededKeys api_key = {{"API_KEY", "api_key"}};
static const NeededKeys app_key = {{"APP_KEY", "app_key"}, {"APP_SECRET", "app_secret"}};
static const NeededKeys bearer = {{"TOKEN", "token"}};

const char *
erp_missing_credential(const ErpConfig *config, ErpType erp, AuthType auth)
{
  const char *grant = erp_config_text(config, "GRANT_TYPE");
  gboolean has_password = auth == AUTH_OAUTH2 && g_strcmp0(grant, "password") == 0;
  const NeededKeys *needed = auth == AUTH_BASIC || has_password ? &by_password
                             : auth == AUTH_OAUTH2              ? &oauth2
                             : auth == AUTH_BEARER              ? &bearer
                             : erp == ERP_OMIE                  ? &app_key
                                                                : &api_key;
  for (guint i = 0; i < MAX_KEYS && (*needed)[i][0] != NULL; i++)
    if (erp_config_text(config, (*needed)[i][0]) == NULL)
      return (*needed)[i][1];
  return NULL;
}

static void
add(GPtrArray *list, char *text)
{
  g_ptr_array_add(list, text);
}

static void
add_header(GPtrArray *headers, const char *name, const char *value)
{
  if (value != NULL)
    add(headers, g_strconcat(name, ": ", value, NULL));
}

static void
add_parameter(GPtrArray *query, const char *name, const char *value)
{
  if (value == NULL)
    return;
  add(query, g_strdup(name));
  add(query, g_strdup(value));
}

static const char *
named(const char *name, const char *fallback)
{
  return name != NULL ? name : fallback;
}

static void
add_key(GPtrArray *headers, GPtrArray *query, const CredentialParts *parts)
{
  if (parts->place == KEY_IN_HEADER) {
    add_header(headers, named(parts->key_name, "X-App-Key"), parts->key);
    add_header(headers, named(parts->secret_name, "X-App-Secret"), parts->secret);
  } else if (parts->place == KEY_IN_QUERY) {
    add_parameter(query, named(parts->key_name, "app_key"), parts->key);
    add_parameter(query, named(parts->secret_name, "app_secret"), parts->secret);
  }
}

static void
add_basic(GPtrArray *headers, const CredentialParts *parts)
{
  char *pair = g_strconcat(parts->username, ":", parts->password, NULL);
  char *encoded = g_base64_encode((const guchar *)pair, strlen(pair));
  add(headers, g_strconcat("Authorization: Basic ", encoded, NULL));
  secret_free(encoded);
  secret_free(pair);
}

void
credential_init(Credential *credential, AuthType auth, const CredentialParts *parts)
{
  GPtrArray *headers = g_ptr_array_new(), *query = g_ptr_array_new();
  if (auth == AUTH_API_KEY)
    add_key(headers, query, parts);
  else if (auth == AUTH_BASIC)
    add_basic(headers, parts);
  else if (auth == AUTH_BEARER)
    add(headers, g_strconcat("Authorization: Bearer ", parts->token, NULL));
  g_ptr_array_add(headers, NULL);
  g_ptr_array_add(query, NULL);
  *credential = (Credential){.headers = (char **)g_ptr_array_free(headers, FALSE),
                             .query = (char **)g_ptr_array_free(query, FALSE)};
}

static void
wipe(char ***list)
{
  for (char **text = *list; text != NULL && *text != NULL; text++)
    secret_free(*text);
  g_clear_pointer(list, g_free);
}

void
credential_clear(Credential *credential)
{
  wipe(&credential->headers);
  wipe(&credential->query);
}

gboolean
credential_is_live(const Credential *credential, gint64 now_us)
{
  return credential->until_us == 0 || now_us < credential->until_us - EARLY_US;
}
