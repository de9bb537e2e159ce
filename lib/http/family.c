/* Texts that differ between families of routes; codes and statuses are one table for all
 * (base/error.c). */
#include "http/route.h"

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
