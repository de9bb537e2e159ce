#include "erp/authorize.h"

#include "net/oauth_bootstrap.h"
#include "net/oauth_code.h"
#include "net/seal.h"

struct ErpAuthorization {
  Erp *erp;
  char *state, *url;
};

/* Before anything is missed that would be of no use. */
static gboolean
check_profile(const ErpCompany *company, GError **error)
{
  g_autoptr(ErpConfig) config = erp_config_new(company, error);
  if (config == NULL)
    return FALSE;
  const ErpProfile *profile = erp_profile(company->erp, erp_config_text(config, "API_PROFILE"));
  if (profile == NULL || profile->authorize_url != NULL) /* NULL: the connector says so */
    return TRUE;
  g_set_error(error, PONTE_ERROR, ERROR_ERP_UNSUPPORTED,
              "%s: o perfil %s de %s não tem cadeia de OAuth2; não há o que autorizar.",
              company->name, profile->name, erp_type_title(company->erp));
  return FALSE;
}

static gboolean
make_url(ErpAuthorization *authorization, GError **error)
{
  const Erp *erp = authorization->erp;
  const char *page = erp_config_text(erp->config, "AUTHORIZE_URL");
  const char *scope = erp->oauth.scope;
  if (erp->auth != AUTH_OAUTH2)
    return erp_config_fail(erp->config, "AUTH_TYPE",
                           "deve ser oauth2: uma chave de API não se autoriza", error);
  if (page != NULL && !https_url_is_acceptable(page))
    return erp_config_fail(erp->config, "AUTHORIZE_URL",
                           "deve ser um endereço https:// sem usuário", error);
  authorization->state = oauth_state_new();
  authorization->url = oauth_authorize_url(
      page != NULL ? page : erp->profile->authorize_url, erp->oauth.client_id,
      erp_config_text(erp->config, "REDIRECT_URI"),
      scope != NULL ? scope : erp->profile->authorize_scope, authorization->state);
  return TRUE;
}

ErpAuthorization *
erp_authorization_new(const ErpCompany *company, Db *db, GError **error)
{
  if (!check_profile(company, error))
    return NULL;
  ErpAuthorization *authorization = g_new0(ErpAuthorization, 1);
  authorization->erp = erp_new(company, db, error);
  if (authorization->erp == NULL || !make_url(authorization, error) ||
      !oauth_bootstrap_prepare(db, &authorization->erp->oauth, error)) {
    erp_authorization_free(authorization);
    return NULL;
  }
  return authorization;
}

void
erp_authorization_free(ErpAuthorization *authorization)
{
  g_clear_pointer(&authorization->erp, erp_free);
  g_free(authorization->state);
  g_free(authorization->url);
  g_free(authorization);
}

const char *
erp_authorization_url(const ErpAuthorization *authorization)
{
  return authorization->url;
}

gboolean
erp_authorization_finish(ErpAuthorization *authorization, const char *answer, gint64 *lives_s,
                         GError **error)
{
  const Erp *erp = authorization->erp;
  OAuthClient client = erp->oauth;
  char *code = oauth_code_read(answer, authorization->state, error);
  if (code == NULL)
    return FALSE;
  client.grant = OAUTH_CODE;
  client.code = code;
  client.redirect_uri = erp_config_text(erp->config, "REDIRECT_URI");
  gboolean stored = oauth_bootstrap(erp->db, &client, lives_s, error);
  secret_free(code);
  return stored;
}
