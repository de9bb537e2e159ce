#include "erp/omie/account.h"

#include "base/error.h"
#include "base/settings.h"
#include "base/text.h"
#include "net/call_gate.h"
#include "net/https.h"

gboolean
omie_account_init(OmieAccount *account, GError **error)
{
  const char *url = setting(OMIE_API_BASE_URL);
  if (!setting_is_set(OMIE_APP_KEY) || !setting_is_set(OMIE_APP_SECRET)) {
    g_set_error_literal(error, PONTE_ERROR, ERROR_NOT_CONFIGURED,
                        "OMIE_APP_KEY e OMIE_APP_SECRET devem estar definidos.");
    return FALSE;
  }
  if (!https_url_is_acceptable(url)) {
    g_set_error_literal(error, PONTE_ERROR, ERROR_NOT_CONFIGURED,
                        "OMIE_API_BASE_URL deve ser um endereço https://.");
    return FALSE;
  }
  *account = (OmieAccount){
      .app_key = setting(OMIE_APP_KEY),
      .app_secret = setting(OMIE_APP_SECRET),
      .base_url = g_strconcat(url, g_str_has_suffix(url, "/") ? "" : "/", NULL),
      .hash = call_gate_account(setting(OMIE_APP_KEY)),
  };
  return TRUE;
}

void
omie_account_clear(OmieAccount *account)
{
  g_clear_pointer(&account->base_url, g_free);
  g_clear_pointer(&account->hash, g_free);
}

void
omie_redact(const OmieAccount *account, char **text)
{
  const char *const secrets[] = {account->app_secret, account->app_key, NULL};
  if (*text == NULL)
    return;
  g_autofree char *line = text_one_line(*text);
  g_free(*text);
  *text = text_redact(line, secrets);
}
