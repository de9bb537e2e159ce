#include "erp/config.h"

#include <string.h>

#include "base/error.h"
#include "base/settings.h"
#include "erp/secret_file.h"
#include "net/seal.h"

/* A value and where it stands. */
typedef struct {
  char *text, *variable;
  gboolean is_own; /* of this company, not of all of the ERP's */
} Value;

struct ErpConfig {
  const ErpCompany *company;
  GHashTable *values; /* key of the table (static) → Value; only keys that are set */
  GPtrArray *secrets; /* ended by NULL */
};

/* Names that users and manuals know a key by besides its own. */
static const struct {
  const char *key, *synonym;
} synonyms[] = {{"APP_KEY", "API_KEY"},
                {"API_KEY", "APP_KEY"},
                {"APP_SECRET", "API_SECRET"},
                {"API_BASE_URL", "BASE_URL"}};

static void
value_free(gpointer data)
{
  Value *value = data;
  secret_free(value->text);
  g_free(value->variable);
  g_free(value);
}

static char *
own_name(const ErpConfig *config, const char *key)
{
  return g_strconcat(erp_type_prefix(config->company->erp), "_", config->company->code, "_", key,
                     NULL);
}

static char *
shared_name(const ErpConfig *config, const char *key)
{
  return g_strconcat(erp_type_prefix(config->company->erp), "_", key, NULL);
}

static const char *
filled(const char *text)
{
  return text != NULL && *text != '\0' ? text : NULL;
}

static gboolean
fail(const char *variable, const char *what, GError **error)
{
  g_set_error(error, PONTE_ERROR, ERROR_ERP_NOT_CONFIGURED, "%s %s.", variable, what);
  return FALSE;
}

/* Takes the value of one variable or of its file; *text NULL when it has none.  FALSE when its file
 * is not as it should be. */
static gboolean
read_variable(const char *variable, char **text, GError **error)
{
  g_autofree char *file_variable = g_strconcat(variable, "_FILE", NULL);
  const char *path = filled(setting_of(file_variable));
  const char *problem = NULL;
  *text = NULL;
  if (path != NULL && (*text = secret_file_read(path, &problem)) == NULL)
    return fail(file_variable, problem, error);
  if (filled(*text) != NULL)
    return TRUE;
  secret_free(*text);
  *text = g_strdup(filled(setting_of(variable)));
  return TRUE;
}

/* Finds a key under its company's name, else under its ERP's. */
static gboolean
read_key(ErpConfig *config, const char *key, GError **error)
{
  g_autofree char *own = own_name(config, key), *shared = shared_name(config, key);
  char *const variables[] = {own, shared};
  for (guint i = 0; i < G_N_ELEMENTS(variables); i++) {
    char *text;
    if (!read_variable(variables[i], &text, error))
      return FALSE;
    if (text == NULL)
      continue;
    Value *value = g_new0(Value, 1);
    *value = (Value){text, g_strdup(variables[i]), variables[i] == own};
    g_hash_table_insert(config->values, (gpointer)key, value);
    return TRUE;
  }
  return TRUE;
}

/* Under its own name, else under another. */
static const Value *
find_value(const ErpConfig *config, const char *key)
{
  const Value *value = g_hash_table_lookup(config->values, key);
  for (guint i = 0; value == NULL && i < G_N_ELEMENTS(synonyms); i++)
    if (g_str_equal(synonyms[i].key, key))
      value = g_hash_table_lookup(config->values, synonyms[i].synonym);
  return value;
}

static void
add_secret(GPtrArray *secrets, const char *text)
{
  char *escaped = g_uri_escape_string(text, NULL, FALSE);
  g_ptr_array_add(secrets, g_strdup(text));
  if (g_str_equal(escaped, text))
    g_free(escaped);
  else
    g_ptr_array_add(secrets, escaped);
  g_ptr_array_add(secrets, g_base64_encode((const guchar *)text, strlen(text)));
}

/* id:secret as a header of basic authentication carries it. */
static void
add_basic(ErpConfig *config, const char *name_key, const char *secret_key)
{
  const Value *name = find_value(config, name_key), *secret = find_value(config, secret_key);
  if (name == NULL || secret == NULL)
    return;
  g_autofree char *pair = g_strconcat(name->text, ":", secret->text, NULL);
  g_ptr_array_add(config->secrets, g_base64_encode((const guchar *)pair, strlen(pair)));
}

static void
collect_secrets(ErpConfig *config)
{
  const char *prefix = erp_type_prefix(config->company->erp);
  config->secrets = g_ptr_array_new_with_free_func((GDestroyNotify)secret_free);
  add_basic(config, "CLIENT_ID", "CLIENT_SECRET");
  add_basic(config, "USERNAME", "PASSWORD");
  for (guint i = 0; i < n_erp_settings; i++) {
    const Value *value = g_str_equal(erp_settings[i].prefix, prefix) && erp_settings[i].is_secret
                             ? g_hash_table_lookup(config->values, erp_settings[i].key)
                             : NULL;
    if (value != NULL)
      add_secret(config->secrets, value->text);
  }
  g_ptr_array_add(config->secrets, NULL);
}

static gboolean
read_keys(ErpConfig *config, GError **error)
{
  const char *prefix = erp_type_prefix(config->company->erp);
  for (guint i = 0; i < n_erp_settings; i++)
    if (g_str_equal(erp_settings[i].prefix, prefix) &&
        !read_key(config, erp_settings[i].key, error))
      return FALSE;
  return TRUE;
}

ErpConfig *
erp_config_new(const ErpCompany *company, GError **error)
{
  ErpConfig *config = g_new0(ErpConfig, 1);
  config->company = company;
  config->values = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, value_free);
  if (!read_keys(config, error)) {
    erp_config_free(config);
    return NULL;
  }
  collect_secrets(config);
  return config;
}

void
erp_config_free(ErpConfig *config)
{
  g_hash_table_unref(config->values);
  g_clear_pointer(&config->secrets, g_ptr_array_unref);
  g_free(config);
}

const ErpCompany *
erp_config_company(const ErpConfig *config)
{
  return config->company;
}

static const char *
fallback_of(const ErpConfig *config, const char *key)
{
  const char *prefix = erp_type_prefix(config->company->erp);
  for (guint i = 0; i < n_erp_settings; i++)
    if (g_str_equal(erp_settings[i].prefix, prefix) && g_str_equal(erp_settings[i].key, key))
      return filled(erp_settings[i].fallback);
  return NULL;
}

/* Wire names are no part of the table: anything may be renamed. */
static const char *
wire_text(const ErpConfig *config, const char *key)
{
  g_autofree char *own = own_name(config, key), *shared = shared_name(config, key);
  const char *text = filled(setting_of(own));
  return text != NULL ? text : filled(setting_of(shared));
}

const char *
erp_config_text(const ErpConfig *config, const char *key)
{
  if (g_str_has_prefix(key, "WIRE_"))
    return wire_text(config, key);
  const Value *value = find_value(config, key);
  return value != NULL ? value->text : fallback_of(config, key);
}

const char *
erp_config_own_text(const ErpConfig *config, const char *key)
{
  const Value *value = find_value(config, key);
  return value != NULL && value->is_own ? value->text : NULL;
}

gboolean
erp_config_int(const ErpConfig *config, const char *key, gint64 low, gint64 high, gint64 fallback,
               gint64 *value, GError **error)
{
  const char *text = erp_config_text(config, key);
  *value = fallback;
  if (text == NULL || g_ascii_string_to_signed(text, 10, low, high, value, NULL))
    return TRUE;
  g_autofree char *what = g_strdup_printf(
      "deve ser um número inteiro de %" G_GINT64_FORMAT " a %" G_GINT64_FORMAT, low, high);
  return erp_config_fail(config, key, what, error);
}

gboolean
erp_config_flag(const ErpConfig *config, const char *key, gboolean fallback)
{
  static const char *const yes[] = {"1", "true", "yes", "sim", NULL};
  const char *text = erp_config_text(config, key);
  if (text == NULL)
    return fallback;
  g_autofree char *lower = g_ascii_strdown(text, -1);
  return g_strv_contains(yes, lower);
}

const char *const *
erp_config_secrets(const ErpConfig *config)
{
  return (const char *const *)config->secrets->pdata;
}

char *
erp_config_name(const ErpConfig *config, const char *key)
{
  const Value *value = find_value(config, key);
  return value != NULL ? g_strdup(value->variable) : own_name(config, key);
}

gboolean
erp_config_fail(const ErpConfig *config, const char *key, const char *what, GError **error)
{
  g_autofree char *name = erp_config_name(config, key);
  return fail(name, what, error);
}
