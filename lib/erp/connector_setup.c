#include "erp/connector_setup.h"

#include <string.h>

#include "base/log.h"
#include "base/settings.h"
#include "erp/limits.h"
#include "net/call_gate.h"
#include "net/seal.h"

#define MAX_PAGE_SIZE    100000
#define MAX_PAGES        1000000
#define MAX_TIMEOUT_S    3600
#define MAX_TOKEN_LIFE_S (10 * 365 * 86400)
#define MAX_COMPANY_ID   64

#define DEAD_HOST "api.contaazul.com" /* the vendor has shut it down (1.4) */

/* What differs between ERPs and profiles besides their wire names. */
static const gint64 page_sizes[N_ERPS] = {
    [ERP_TOTVS] = 500, [ERP_CONTAAZUL] = 100, [ERP_OMIE] = 500, [ERP_BLING] = 100};
static const char *const bling_token_headers[] = {"enable-jwt: 1", NULL};

static const char *
text_of(const Erp *erp, const char *key)
{
  return erp_config_text(erp->config, key);
}

static gboolean
is_word(const Erp *erp, const char *key, const char *word)
{
  return g_strcmp0(text_of(erp, key), word) == 0;
}

static gboolean
check_config(Erp *erp, GError **error)
{
  return erp_config_check(erp->config, error);
}

static gboolean
set_profile(Erp *erp, GError **error)
{
  erp->profile = erp_profile(erp->company->erp, text_of(erp, "API_PROFILE"));
  return erp->profile != NULL ||
         erp_config_fail(erp->config, "API_PROFILE", "não é um perfil conhecido", error);
}

static gboolean
fail_missing(const ErpConfig *config, const char *missing, GError **error)
{
  g_autofree char *key = g_ascii_strup(missing, -1);
  return erp_config_fail(config, key, "não está definida", error);
}

gboolean
connector_choose_auth(const ErpConfig *config, const ErpProfile *profile, AuthType *auth,
                      GError **error)
{
  const char *named = erp_config_text(config, "AUTH_TYPE");
  *auth = profile->default_auth;
  if (named != NULL && (!auth_type_of(named, auth) || (profile->auths & (1u << *auth)) == 0))
    return erp_config_fail(config, "AUTH_TYPE", "não é aceita por este perfil", error);
  const char *missing = erp_missing_credential(config, profile->erp, *auth);
  for (guint other = 0; named == NULL && missing != NULL && other < N_AUTHS; other++)
    if ((profile->auths & (1u << other)) != 0 &&
        erp_missing_credential(config, profile->erp, (AuthType)other) == NULL) {
      *auth = (AuthType)other;
      missing = NULL;
    }
  return missing == NULL || fail_missing(config, missing, error);
}

static gboolean
set_auth(Erp *erp, GError **error)
{
  return connector_choose_auth(erp->config, erp->profile, &erp->auth, error);
}

/* A configured address, else the profile's. */
static gboolean
take_url(const Erp *erp, const char *key, const char *fallback, char **url, GError **error)
{
  const char *text = text_of(erp, key);
  *url = g_strdup(text != NULL ? text : fallback);
  return (*url != NULL && https_url_is_acceptable(*url)) ||
         erp_config_fail(erp->config, key, "deve ser um endereço https:// sem usuário", error);
}

static gboolean
set_urls(Erp *erp, GError **error)
{
  const char *base_key = erp->company->erp == ERP_OMIE ? "API_BASE_URL" : "BASE_URL";
  return take_url(erp, base_key, erp->profile->base_url, &erp->base_url, error) &&
         (erp->auth != AUTH_OAUTH2 ||
          take_url(erp, "TOKEN_URL", erp->profile->token_url, &erp->token_url, error));
}

static gboolean
set_company(Erp *erp, GError **error)
{
  const char *environment = text_of(erp, "ENVIRONMENT");
  gboolean is_test = g_ascii_strcasecmp(environment, "sandbox") == 0 ||
                     g_ascii_strcasecmp(environment, "homologacao") == 0;
  erp->environment = g_strdup(is_test ? "sandbox" : "production");
  erp->company_id = g_strdup(text_of(erp, "COMPANY_ID"));
  if (erp->company_id != NULL && strlen(erp->company_id) > MAX_COMPANY_ID)
    return erp_config_fail(erp->config, "COMPANY_ID", "deve ter até 64 bytes", error);
  if (erp->company->erp == ERP_TOTVS && text_of(erp, "TENANT") == NULL)
    return fail_missing(erp->config, "TENANT", error);
  erp->hint = is_word(erp, "DECIMAL_HINT", "auto")  ? HINT_AUTO
              : is_word(erp, "DECIMAL_HINT", "dot") ? HINT_DOT
                                                    : HINT_COMMA;
  return TRUE;
}

static gboolean
set_figures(Erp *erp, GError **error)
{
  gint64 timeout_s = 0;
  if (!erp_config_int(erp->config, "TIMEOUT_S", 1, MAX_TIMEOUT_S, 0, &timeout_s, error) ||
      !erp_config_int(erp->config, "PAGE_SIZE", 1, MAX_PAGE_SIZE, page_sizes[erp->company->erp],
                      &erp->page_size, error) ||
      !erp_config_int(erp->config, "MAX_PAGES", 1, MAX_PAGES, MAX_PAGES, &erp->max_pages, error))
    return FALSE;
  erp->timeout_ms = timeout_s > 0 ? timeout_s * 1000 : setting_int(ERP_TIMEOUT_MS);
  erp->extract_timeout_ms = MAX(setting_int(ERP_EXTRACT_TIMEOUT_MS), timeout_s * 1000);
  return TRUE;
}

/* The credential's own name: what tells one account from another. */
static const char *
identity(const Erp *erp)
{
  static const char *const keys[N_AUTHS] = {[AUTH_OAUTH2] = "CLIENT_ID",
                                            [AUTH_API_KEY] = "API_KEY",
                                            [AUTH_BASIC] = "USERNAME",
                                            [AUTH_BEARER] = "TOKEN"};
  const char *text = text_of(erp, keys[erp->auth]);
  return text != NULL ? text : text_of(erp, "USERNAME"); /* of a password grant without a client */
}

static gboolean
set_credential(Erp *erp, GError **error)
{
  gint64 life_s = 0;
  gboolean in_header = is_word(erp, "KEY_LOCATION", "header");
  const CredentialParts parts = {
      .place = erp->company->erp == ERP_OMIE ? KEY_IN_BODY
               : in_header                   ? KEY_IN_HEADER
                                             : KEY_IN_QUERY,
      .key = text_of(erp, "API_KEY"),
      .key_name = text_of(erp, in_header ? "KEY_HEADER" : "KEY_PARAM"),
      .username = text_of(erp, "USERNAME"),
      .password = text_of(erp, "PASSWORD"),
      .token = text_of(erp, "TOKEN"),
  };
  if (erp->auth == AUTH_BASIC && strchr(parts.username, ':') != NULL)
    return erp_config_fail(erp->config, "USERNAME", "não pode ter dois-pontos", error);
  if (!erp_config_int(erp->config, "TOKEN_EXPIRATION", 1, MAX_TOKEN_LIFE_S, 0, &life_s, error))
    return FALSE;
  credential_init(&erp->credential, erp->auth, &parts);
  if (erp->auth == AUTH_BEARER && life_s > 0)
    erp->credential.until_us = settings_loaded_us() + life_s * G_USEC_PER_SEC;
  erp->account_hash = call_gate_account(identity(erp));
  return TRUE;
}

static gboolean
set_retry(Erp *erp, GError **error)
{
  static const char *const strategies[] = {
      [RETRY_EXPONENTIAL] = "exponential", [RETRY_LINEAR] = "linear", [RETRY_FIXED] = "fixed"};
  RetryPolicy *retry = &erp->policy.retry;
  *retry = (RetryPolicy){.max_attempts = (guint)setting_int(ERP_RETRY_ATTEMPTS),
                         .base_ms = setting_int(ERP_RETRY_BASE_MS),
                         .max_ms = setting_int(ERP_RETRY_MAX_MS),
                         .jitter = setting_flag(ERP_RETRY_JITTER)};
  for (guint i = 0; i < G_N_ELEMENTS(strategies); i++)
    if (g_str_equal(setting(ERP_RETRY_STRATEGY), strategies[i])) {
      retry->strategy = (RetryStrategy)i;
      return TRUE;
    }
  g_set_error_literal(error, PONTE_ERROR, ERROR_ERP_NOT_CONFIGURED,
                      "ERP_RETRY_STRATEGY deve ser exponential, linear ou fixed.");
  return FALSE;
}

static gboolean
set_oauth(Erp *erp, GError **error)
{
  /* ContaAzul v2 and Bling v3: a refresh token that is another one after each renewal */
  gboolean chain = erp->profile->authorize_url != NULL;
  if (erp->auth != AUTH_OAUTH2)
    return TRUE;
  erp->oauth = (OAuthClient){
      .company = erp->company->code,
      .erp = erp_type_name(erp->company->erp),
      .token_url = erp->token_url,
      .client_id = text_of(erp, "CLIENT_ID"),
      .client_secret = text_of(erp, "CLIENT_SECRET"),
      .username = text_of(erp, "USERNAME"),
      .password = text_of(erp, "PASSWORD"),
      .scope = text_of(erp, "SCOPE"),
      .refresh_token = text_of(erp, "REFRESH_TOKEN"),
      .headers = erp->company->erp == ERP_BLING ? bling_token_headers : NULL,
      .grant = chain                                    ? OAUTH_REFRESH_ONLY
               : is_word(erp, "GRANT_TYPE", "password") ? OAUTH_PASSWORD
                                                        : OAUTH_CLIENT_CREDENTIALS,
      .basic = chain || is_word(erp, "CLIENT_AUTH", "basic"),
      .in_query = is_word(erp, "TOKEN_PARAMS_IN", "query"),
      .timeout_ms = erp->timeout_ms,
      .retry = erp->policy.retry,
  };
  const char *missing = erp->oauth.client_id == NULL       ? "CLIENT_ID"
                        : erp->oauth.client_secret == NULL ? "CLIENT_SECRET"
                                                           : NULL;
  if (erp->oauth.basic && missing != NULL)
    return erp_config_fail(erp->config, missing, "não está definida", error);
  return seal_is_ready(error);
}

static gboolean
set_policy(Erp *erp, GError **error)
{
  g_autoptr(GUri) uri = g_uri_parse(erp->base_url, G_URI_FLAGS_NONE, NULL);
  g_autofree char *host = g_ascii_strdown(g_uri_get_host(uri), -1);
  const LimitOwners owners = {.tenant = text_of(erp, "TENANT"),
                              .account = erp->account_hash,
                              .egress = setting(ERP_EGRESS_ID),
                              .host = host};
  if (!erp_limits_init(&erp->rate, erp->config, &owners, error))
    return FALSE;
  erp->policy.company = erp->company->code;
  erp->policy.rate = &erp->rate;
  erp->policy.retry_on_timeout = setting_flag(ERP_RETRY_ON_TIMEOUT);
  erp->policy.oauth = erp->auth == AUTH_OAUTH2 ? &erp->oauth : NULL;
  erp->policy.secrets = erp_config_secrets(erp->config);
  erp->policy.judge = erp->profile->judge;
  erp->policy.patience_ms = setting_int(ERP_PATIENCE_MS);
  erp->policy.stall_s = setting_int(ERP_STALL_S);
  if (g_str_equal(host, DEAD_HOST))
    log_warning("vendor_api_discontinued", "company", erp->company->code, "host", host, NULL);
  return TRUE;
}

gboolean
connector_setup(Erp *erp, GError **error)
{
  static gboolean (*const steps[])(Erp *, GError **) = {
      check_config, set_profile, set_auth,       set_urls,  set_company,
      set_figures,  set_retry,   set_credential, set_oauth, set_policy};
  for (gsize i = 0; i < G_N_ELEMENTS(steps); i++)
    if (!steps[i](erp, error))
      return FALSE;
  return TRUE;
}
