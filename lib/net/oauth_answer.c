#include "net/oauth_answer.h"

#include <jansson.h>
#include <string.h>

#include "net/seal.h"

#define DEFAULT_LIFE_S  3600
#define LONGEST_LIFE_S  (10 * 365 * 86400)
#define TOKEN_MAX_BYTES 8192
#define MARGIN_MAX_S    300
#define MARGIN_MIN_S    5
#define MARGIN_PARTS    5 /* 20 % */
#define STATUS_LATE     408

G_DEFINE_AUTOPTR_CLEANUP_FUNC(json_t, json_decref)

void
oauth_tokens_clear(OAuthTokens *tokens)
{
  g_clear_pointer(&tokens->access, secret_free);
  g_clear_pointer(&tokens->refresh, secret_free);
}

gint64
oauth_margin_s(gint64 expires_in_s)
{
  return CLAMP(expires_in_s / MARGIN_PARTS, MARGIN_MIN_S, MARGIN_MAX_S);
}

static void
add(GString *form, const char *name, const char *value)
{
  if (value == NULL)
    return;
  if (form->len > 0)
    g_string_append_c(form, '&');
  g_string_append(form, name);
  g_string_append_c(form, '=');
  g_string_append_uri_escaped(form, value, NULL, FALSE);
}

const char *
oauth_grant_name(const OAuthClient *client, const char *refresh)
{
  static const char *const names[] = {[OAUTH_CLIENT_CREDENTIALS] = "client_credentials",
                                      [OAUTH_PASSWORD] = "password",
                                      [OAUTH_REFRESH_ONLY] = "client_credentials",
                                      [OAUTH_CODE] = "authorization_code"};
  return refresh != NULL ? "refresh_token" : names[client->grant];
}

char *
oauth_form(const OAuthClient *client, const char *refresh)
{
  GString *form = g_string_sized_new(TOKEN_MAX_BYTES * 2); /* not moved, so no copies stay behind */
  gboolean by_password = refresh == NULL && client->grant == OAUTH_PASSWORD;
  gboolean by_code = refresh == NULL && client->grant == OAUTH_CODE;
  add(form, "grant_type", oauth_grant_name(client, refresh));
  add(form, "refresh_token", refresh);
  if (by_password) {
    add(form, "username", client->username);
    add(form, "password", client->password);
  }
  if (by_code) { /* its scope is what the person agreed to */
    add(form, "code", client->code);
    add(form, "redirect_uri", client->redirect_uri);
  } else {
    add(form, "scope", client->scope);
  }
  if (!client->basic) {
    add(form, "client_id", client->client_id);
    add(form, "client_secret", client->client_secret);
  }
  return g_string_free(form, FALSE);
}

/* A number, or a number as text; `fallback` for anything else. */
static gint64
seconds(const json_t *object, const char *name, gint64 fallback)
{
  const json_t *value = json_object_get(object, name);
  gint64 number =
      json_is_number(value) ? (gint64)CLAMP(json_number_value(value), 0, LONGEST_LIFE_S) : 0;
  if (json_is_string(value) &&
      !g_ascii_string_to_signed(json_string_value(value), 10, 1, LONGEST_LIFE_S, &number, NULL))
    number = 0;
  return number > 0 ? number : fallback;
}

/* A copy of a token; NULL when it is none. */
static char *
token(const json_t *object, const char *name)
{
  const char *text = json_string_value(json_object_get(object, name));
  if (text == NULL || *text == '\0' || strlen(text) > TOKEN_MAX_BYTES)
    return NULL;
  for (const char *c = text; *c != '\0'; c++)
    if (!g_ascii_isgraph(*c))
      return NULL;
  return g_strdup(text);
}

gboolean
oauth_tokens_parse(const char *body, gsize length, OAuthTokens *tokens)
{
  g_autoptr(json_t) object = json_loadb(body, length, JSON_REJECT_DUPLICATES, NULL);
  const char *type = json_string_value(json_object_get(object, "token_type"));
  *tokens = (OAuthTokens){0};
  if (!json_is_object(object) || (type != NULL && g_ascii_strcasecmp(type, "bearer") != 0))
    return FALSE;
  tokens->access = token(object, "access_token");
  if (tokens->access == NULL)
    return FALSE;
  tokens->refresh = token(object, "refresh_token");
  tokens->expires_in_s = seconds(object, "expires_in", DEFAULT_LIFE_S);
  tokens->refresh_expires_in_s = seconds(object, "refresh_expires_in", 0);
  return TRUE;
}

static gboolean
is_invalid_grant(const char *body, gsize length)
{
  g_autoptr(json_t) object = json_loadb(body, length, 0, NULL);
  const json_t *error = json_object_get(object, "error");
  if (json_is_object(error)) /* Bling: {"error":{"type":"invalid_grant"}} */
    error = json_object_get(error, "type");
  return g_strcmp0(json_string_value(error), "invalid_grant") == 0;
}

static TokenVerdict
judge_failure(const HttpsResult *result, PonteErrorCode *code)
{
  static const struct {
    TokenVerdict verdict;
    PonteErrorCode code;
  } table[N_HTTPS_OUTCOMES] = {
      [HTTPS_TIMED_OUT] = {TOKEN_LOST, ERROR_ERP_TIMEOUT},
      [HTTPS_NOT_SENT] = {TOKEN_LATER, ERROR_ERP_CONNECTION},
      [HTTPS_FAILED] = {TOKEN_LOST, ERROR_ERP_CONNECTION},
      [HTTPS_UNTRUSTED] = {TOKEN_FAILED, ERROR_ERP_UNTRUSTED},
      [HTTPS_TOO_LARGE] = {TOKEN_FAILED, ERROR_ERP_UNEXPECTED},
      [HTTPS_REFUSED] = {TOKEN_FAILED, ERROR_ERP_UNEXPECTED},
      [HTTPS_NOT_PUBLIC] = {TOKEN_FAILED, ERROR_ERP_NOT_CONFIGURED},
  };
  *code = table[result->outcome].code;
  if (result->outcome == HTTPS_TIMED_OUT && !result->was_sent)
    return TOKEN_LATER;
  return table[result->outcome].verdict;
}

TokenVerdict
oauth_judge(const HttpsResult *result, const char *body, gsize length, OAuthTokens *tokens,
            PonteErrorCode *code)
{
  guint status = result->status;
  *tokens = (OAuthTokens){0};
  if (result->outcome != HTTPS_ANSWERED)
    return judge_failure(result, code);
  if (status >= 200 && status < 300) {
    *code = ERROR_ERP_UNEXPECTED;
    return oauth_tokens_parse(body, length, tokens) ? TOKEN_GRANTED : TOKEN_LOST;
  }
  if (status == STATUS_LATE || status >= 500) {
    *code = status == STATUS_LATE || status == 504 ? ERROR_ERP_TIMEOUT : ERROR_ERP_CONNECTION;
    return TOKEN_LATER;
  }
  if (status == 429 || status < 400) {
    *code = status == 429 ? ERROR_ERP_RATE_LIMITED : ERROR_ERP_REDIRECTED;
    return TOKEN_FAILED;
  }
  *code = ERROR_ERP_AUTHENTICATION;
  return is_invalid_grant(body, length) ? TOKEN_INVALID_GRANT : TOKEN_REFUSED;
}

const char *
oauth_message(PonteErrorCode code)
{
  static const struct {
    PonteErrorCode code;
    const char *message;
  } messages[] = {
      {ERROR_ERP_AUTHENTICATION, "O ERP recusou as credenciais ao emitir o token."},
      {ERROR_ERP_REAUTHORIZATION,
       "A autorização do ERP não vale mais: autorize de novo (deploy/erp authorize)."},
      {ERROR_ERP_RATE_LIMITED, "Muitos pedidos de token ao ERP; tente mais tarde."},
      {ERROR_ERP_TIMEOUT, "O ERP não emitiu o token a tempo."},
      {ERROR_ERP_UNTRUSTED, "O certificado do servidor de tokens do ERP não é confiável."},
      {ERROR_ERP_REDIRECTED, "O servidor de tokens do ERP redirecionou o pedido."},
      {ERROR_ERP_UNEXPECTED, "O servidor de tokens do ERP respondeu o que não é um token."},
      {ERROR_ERP_NOT_CONFIGURED,
       "O endereço do servidor de tokens do ERP não é público (ERP_ALLOW_PRIVATE_HOSTS)."},
      {ERROR_TOKEN_STORE_UNAVAILABLE, "O registro de tokens está indisponível."},
      {ERROR_DEADLINE, "O prazo terminou à espera do token do ERP."},
  };
  for (gsize i = 0; i < G_N_ELEMENTS(messages); i++)
    if (messages[i].code == code)
      return messages[i].message;
  return "Não foi possível falar com o servidor de tokens do ERP.";
}
