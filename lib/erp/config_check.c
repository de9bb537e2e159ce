/* What may stand in a configuration, whatever the profile. */
#include "base/settings.h"
#include "erp/config.h"

/* Keys that take one of a few words; NULL: any. */
static const struct {
  const char *key;
  const char *words;
} choices[] = {
    {"ENVIRONMENT", "production,sandbox,PRODUCAO,HOMOLOGACAO,producao,homologacao"},
    {"DECIMAL_HINT", "auto,dot,comma"},
    {"BALANCE_SIGN", "natural,debit_positive,credit_positive"},
    {"UNKNOWN_ACCOUNT_TYPE", "error,asset"},
    {"OPENING_POLICY", "zero,history,stored"},
    {"BAD_ROW_POLICY", "fail,skip"},
    {"CLASSE_SEMANTICS", "document,protheus"},
    {"DEBCRED_PERSPECTIVE", "bank,ledger"},
    {"GRANT_TYPE", "client_credentials,password"},
    {"CLIENT_AUTH", "body,basic"},
    {"TOKEN_PARAMS_IN", "body,query"},
    {"KEY_LOCATION", "query,header"},
};

/* A line break in a value could smuggle a header in. */
static gboolean
check_text(const ErpConfig *config, const char *key, GError **error)
{
  for (const char *c = erp_config_text(config, key); c != NULL && *c != '\0'; c++)
    if (g_ascii_iscntrl(*c))
      return erp_config_fail(config, key, "não pode ter caracteres de controle", error);
  return TRUE;
}

static gboolean
check_choice(const ErpConfig *config, const char *key, const char *words, GError **error)
{
  const char *text = erp_config_text(config, key);
  g_auto(GStrv) list = g_strsplit(words, ",", -1);
  if (text == NULL || g_strv_contains((const char *const *)list, text))
    return TRUE;
  g_autofree char *what = g_strconcat("deve ser um destes: ", words, NULL);
  return erp_config_fail(config, key, what, error);
}

gboolean
erp_config_check(const ErpConfig *config, GError **error)
{
  const char *prefix = erp_type_prefix(erp_config_company(config)->erp);
  for (guint i = 0; i < n_erp_settings; i++)
    if (g_str_equal(erp_settings[i].prefix, prefix) &&
        !check_text(config, erp_settings[i].key, error))
      return FALSE;
  for (gsize i = 0; i < G_N_ELEMENTS(choices); i++)
    if (!check_choice(config, choices[i].key, choices[i].words, error))
      return FALSE;
  return TRUE;
}
