/* From a company's configuration to a connector that is ready for its first call. */
#include "erp/connector.h"

#include <string.h>

#include "base/decimal.h"
#include "base/log.h"
#include "base/settings.h"
#include "erp/connector_setup.h"

static void
warning_free(gpointer data)
{
  ErpWarning *warning = data;
  g_free(warning->code);
  g_free(warning->about);
  g_free(warning);
}

static void
forget_outcome(Erp *erp)
{
  g_clear_pointer(&erp->company_name, g_free);
  g_clear_pointer(&erp->currency, g_free);
  g_clear_pointer(&erp->last.upstream_message, g_free);
  erp->last = (ExchangeResult){.retry_after_s = -1};
  erp->pages = erp->requests = 0;
  g_ptr_array_set_size(erp->warnings, 0);
  g_ptr_array_set_size(erp->error_details, 0);
}

Erp *
erp_new(const ErpCompany *company, Db *db, GError **error)
{
  Erp *erp = g_new0(Erp, 1);
  erp->company = company;
  erp->db = db;
  erp->warnings = g_ptr_array_new_with_free_func(warning_free);
  erp->error_details = g_ptr_array_new_with_free_func(g_free);
  erp->config = erp_config_new(company, error);
  if (erp->config == NULL || !connector_setup(erp, error)) {
    erp_free(erp);
    return NULL;
  }
  forget_outcome(erp);
  return erp;
}

void
erp_free(Erp *erp)
{
  forget_outcome(erp);
  g_ptr_array_unref(erp->warnings);
  g_ptr_array_unref(erp->error_details);
  g_free(erp->base_url);
  g_free(erp->token_url);
  g_free(erp->company_id);
  g_free(erp->account_hash);
  g_free(erp->environment);
  credential_clear(&erp->credential);
  rate_policy_clear(&erp->rate);
  g_clear_pointer(&erp->config, erp_config_free);
  g_free(erp);
}

gboolean
erp_is_configured(const ErpCompany *company)
{
  g_autoptr(ErpConfig) config = erp_config_new(company, NULL);
  AuthType auth;
  const ErpProfile *profile =
      config != NULL ? erp_profile(company->erp, erp_config_text(config, "API_PROFILE")) : NULL;
  return profile != NULL && connector_choose_auth(config, profile, &auth, NULL);
}

void
erp_begin(Erp *erp, const char *operation, gint64 deadline_us)
{
  gint64 run_ms = g_str_equal(operation, "health_check") ? setting_int(ERP_HEALTH_DEADLINE_MS)
                  : g_str_equal(operation, "get_subledger_details")
                      ? setting_int(ERP_SUBLEDGER_DEADLINE_S) * 1000
                      : setting_int(ERP_TRIAL_BALANCE_DEADLINE_S) * 1000;
  gint64 run_us = g_get_monotonic_time() + run_ms * 1000;
  forget_outcome(erp);
  erp->operation = erp->policy.operation = operation;
  erp->policy.deadline_us = deadline_us > 0 ? MIN(run_us, deadline_us) : run_us;
}

/* "trial_balance.path" is configured as WIRE_TRIAL_BALANCE_PATH. */
static const char *
configured_wire(const Erp *erp, const char *key)
{
  g_autofree char *upper = g_ascii_strup(key, -1);
  g_autofree char *name = g_strconcat("WIRE_", g_strdelimit(upper, ".", '_'), NULL);
  const char *text = erp_config_text(erp->config, name);
  return text == NULL && g_str_equal(key, "health.path")
             ? erp_config_text(erp->config, "HEALTH_PATH")
             : text;
}

const char *
erp_wire(const Erp *erp, const char *key)
{
  const char *text = configured_wire(erp, key);
  const WireName *name = erp->profile->wire;
  while (text == NULL && name != NULL && name->key != NULL) {
    if (g_str_equal(name->key, key))
      text = name->value;
    name++;
  }
  return text;
}

void
erp_warn(Erp *erp, const char *code, const char *about)
{
  for (guint i = 0; i < erp->warnings->len; i++) {
    ErpWarning *known = erp->warnings->pdata[i];
    if (g_str_equal(known->code, code) && g_strcmp0(known->about, about) == 0) {
      known->count++;
      return;
    }
  }
  ErpWarning *warning = g_new0(ErpWarning, 1);
  *warning = (ErpWarning){g_strdup(code), g_strdup(about), 1};
  g_ptr_array_add(erp->warnings, warning);
}

void
erp_detail(Erp *erp, const char *field, const char *code, const char *message)
{
  g_ptr_array_add(erp->error_details, g_strdup(field));
  g_ptr_array_add(erp->error_details, g_strdup(code));
  g_ptr_array_add(erp->error_details, g_strdup(message));
}

const char *const *
erp_credential_headers(const Erp *erp, GError **error)
{
  if (credential_is_live(&erp->credential, g_get_monotonic_time()))
    return (const char *const *)erp->credential.headers;
  g_autofree char *name = erp_config_name(erp->config, "TOKEN");
  g_set_error(error, PONTE_ERROR, ERROR_ERP_TOKEN_EXPIRED, "O token de %s expirou; troque %s.",
              erp_type_title(erp->company->erp), name);
  return NULL;
}

const char *const *
erp_credential_query(const Erp *erp)
{
  return (const char *const *)erp->credential.query;
}
