/* Texts that differ between families of routes; codes and statuses are one table for all
 * (base/error.c). */
#include <string.h>

#include "base/error.h"
#include "base/text.h"
#include "http/internal.h"

#define MAX_SENT 100 /* characters of what the caller sent that are repeated to him */

const Family family_fin = {
    .forbidden = "Sem permissão. Apenas admin, superadmin, cfo ou fin.",
    .method_not_allowed = "Método não permitido.",
    .body_too_large = "Corpo da requisição excede o limite.",
    .unsupported_media = "Content-Type deve ser application/json.",
    .invalid_json = "Body JSON inválido.",
    .not_json_object = "Body JSON inválido.",
    .truncated_body = "Corpo da requisição incompleto.",
    .max_body = 4096,
};

/* The words that callers of the replaced system know (backoffice.md 2.2, 3). */
const Family family_backoffice = {
    .unauthenticated = "As credenciais de autenticação não foram fornecidas.",
    .invalid_token = "Token inválido.",
    .forbidden = "Você não tem permissão para executar essa ação.",
    .method_not_allowed = "Método \"{}\" não é permitido.",
    .body_too_large = "Corpo da requisição excede o limite.",
    .unsupported_media = "Tipo de mídia \"{}\" no pedido não é suportado.",
    .invalid_json = "JSON parse error - {}",
    .not_json_object = "O corpo deve ser um objeto JSON",
    .truncated_body = "Corpo da requisição incompleto.",
    .server_error = "Ocorreu um erro de servidor.",
    .protocol_member = "detail",
    .business_member = "erro",
    .json = {.max_depth = 16, .last_member_counts = TRUE, .long_integers = TRUE},
    .utf8_only = TRUE,
    .max_body = 64 * 1024,
};

/* Callers of the replaced CRM read an error's text from `erro` (data-collecting.md 1.2). */
const Family family_crm = {
    .forbidden = "Sem permissão. Apenas admin ou superadmin.",
    .method_not_allowed = "Método não permitido.",
    .body_too_large = "Corpo da requisição excede o limite.",
    .unsupported_media = "Content-Type deve ser application/json.",
    .invalid_json = "Body JSON inválido.",
    .not_json_object = "Body JSON inválido.",
    .truncated_body = "Corpo da requisição incompleto.",
    .protocol_member = "erro",
    .business_member = "erro",
    .max_body = 4096,
};

/* Books of the ERPs.  What their errors say besides is Route.describe_error (erp-connectors.md 7).
 */
const Family family_erp = {
    .forbidden = "Sem permissão. Apenas admin, superadmin ou cfo.",
    .method_not_allowed = "Método não permitido.",
    .body_too_large = "Corpo da requisição excede o limite.",
    .unsupported_media = "Content-Type deve ser application/json.",
    .invalid_json = "Body JSON inválido.",
    .not_json_object = "Body JSON inválido.",
    .truncated_body = "Corpo da requisição incompleto.",
    .max_body = 4096,
};

char *
family_text(const char *text, const char *sent)
{
  const char *place = strstr(text, "{}");
  if (place == NULL)
    return g_strdup(text);
  g_autofree char *valid = g_utf8_make_valid(sent != NULL ? sent : "", -1);
  g_autofree char *shown = text_cut(valid, MAX_SENT);
  return g_strdup_printf("%.*s%s%s", (int)(place - text), text, shown, place + 2);
}

const char *
family_error_text(const Family *family, const GError *error)
{
  if (g_error_matches(error, PONTE_ERROR, ERROR_UNAUTHENTICATED) && family->unauthenticated != NULL)
    return family->unauthenticated;
  if (g_error_matches(error, PONTE_ERROR, ERROR_INVALID_TOKEN) && family->invalid_token != NULL)
    return family->invalid_token;
  if (error_is_private(error) && error_status(error) == 500 && family->server_error != NULL)
    return family->server_error;
  return error_public_text(error);
}

/* Failures of the exchange itself; all others are about what was asked for. */
static const gboolean is_of_protocol[N_ERRORS] = {
    [ERROR_UNAUTHENTICATED] = TRUE,    [ERROR_INVALID_TOKEN] = TRUE,
    [ERROR_FORBIDDEN] = TRUE,          [ERROR_NOT_FOUND] = TRUE,
    [ERROR_METHOD_NOT_ALLOWED] = TRUE, [ERROR_BODY_TOO_LARGE] = TRUE,
    [ERROR_URI_TOO_LONG] = TRUE,       [ERROR_UNSUPPORTED_MEDIA] = TRUE,
    [ERROR_INVALID_JSON] = TRUE,       [ERROR_TRUNCATED_BODY] = TRUE,
    [ERROR_REPEATED_PARAMETER] = TRUE, [ERROR_NOT_CONFIGURED] = TRUE,
    [ERROR_MIGRATIONS_PENDING] = TRUE, [ERROR_DATABASE_UNAVAILABLE] = TRUE,
    [ERROR_DATABASE_CONFLICT] = TRUE,  [ERROR_DATABASE] = TRUE,
    [ERROR_INTERNAL] = TRUE,
};

const char *
family_error_member(const Family *family, const GError *error)
{
  gboolean ours =
      error != NULL && error->domain == PONTE_ERROR && error->code >= 0 && error->code < N_ERRORS;
  return !ours || is_of_protocol[error->code] ? family->protocol_member : family->business_member;
}
