/* The one table of error codes. */
#include "base/error.h"

G_DEFINE_QUARK(ponte - error - quark, ponte_error)

static const struct {
  guint status;
  const char *word;
  const char *hidden; /* shown in place of the message; NULL: the message itself is public */
} errors[N_ERRORS] = {
    [ERROR_UNAUTHENTICATED] = {401, "unauthenticated", NULL},
    [ERROR_INVALID_TOKEN] = {401, "invalid_token", NULL},
    [ERROR_FORBIDDEN] = {403, "forbidden", NULL},
    [ERROR_NOT_FOUND] = {404, "not_found", NULL},
    [ERROR_METHOD_NOT_ALLOWED] = {405, "method_not_allowed", NULL},
    [ERROR_BODY_TOO_LARGE] = {413, "body_too_large", NULL},
    [ERROR_URI_TOO_LONG] = {414, "uri_too_long", NULL},
    [ERROR_UNSUPPORTED_MEDIA] = {415, "unsupported_media_type", NULL},
    [ERROR_INVALID_JSON] = {400, "invalid_json", NULL},
    [ERROR_TRUNCATED_BODY] = {400, "truncated_body", NULL},
    [ERROR_REPEATED_PARAMETER] = {400, "repeated_parameter", NULL},
    [ERROR_INVALID_PARAMETER] = {400, "invalid_parameter", NULL},
    [ERROR_INVALID_FIELDS] = {400, "invalid_fields", NULL},
    [ERROR_FILE_TOO_LARGE] = {413, "file_too_large", NULL},
    [ERROR_CONFLICT] = {409, "conflict", NULL},
    [ERROR_COOLDOWN] = {429, "cooldown", NULL},
    [ERROR_IN_PROGRESS] = {409, "in_progress", NULL},
    [ERROR_DISABLED] = {503, "disabled", NULL},
    [ERROR_INTERRUPTED] = {503, "interrupted", NULL},
    [ERROR_DEADLINE] = {504, "deadline_exceeded", NULL},
    [ERROR_UPSTREAM_FAULT] = {502, "upstream_fault", NULL},
    [ERROR_UPSTREAM_UNAVAILABLE] = {502, "upstream_unavailable", NULL},
    [ERROR_UPSTREAM_TIMEOUT] = {504, "upstream_timeout", NULL},
    [ERROR_UPSTREAM_SUSPENDED] = {502, "upstream_suspended", NULL},
    [ERROR_RATE_LIMITED] = {429, "rate_limited", NULL},
    [ERROR_CIRCUIT_OPEN] = {503, "circuit_open", NULL},
    [ERROR_NOT_CONFIGURED] = {500, "not_configured", NULL},
    [ERROR_JOB_FAILED] = {500, "job_failed", NULL},
    [ERROR_UPLOAD_FAILED] = {500, "upload_failed", NULL},
    [ERROR_STORAGE_REFUSED] = {500, "storage_refused", NULL},
    [ERROR_MIGRATIONS_PENDING] = {503, "migrations_pending", NULL},
    [ERROR_DATABASE_UNAVAILABLE] = {503, "database_unavailable", "Serviço indisponível."},
    [ERROR_DATABASE_CONFLICT] = {500, "internal_error", "Erro interno."},
    [ERROR_DATABASE] = {500, "internal_error", "Erro interno."},
    [ERROR_INTERNAL] = {500, "internal_error", "Erro interno."},
};

static PonteErrorCode
code_of(const GError *error)
{
  if (error == NULL || error->domain != PONTE_ERROR || error->code < 0 || error->code >= N_ERRORS)
    return ERROR_INTERNAL;
  return (PonteErrorCode)error->code;
}

guint
error_status(const GError *error)
{
  return errors[code_of(error)].status;
}

const char *
error_word(const GError *error)
{
  return errors[code_of(error)].word;
}

PonteErrorCode
error_of_word(const char *word)
{
  for (guint code = 0; code < N_ERRORS; code++)
    if (g_strcmp0(errors[code].word, word) == 0)
      return (PonteErrorCode)code;
  return ERROR_INTERNAL;
}

const char *
error_public_text(const GError *error)
{
  const char *hidden = errors[code_of(error)].hidden;
  return hidden != NULL ? hidden : error->message;
}

gboolean
error_is_private(const GError *error)
{
  return errors[code_of(error)].hidden != NULL;
}
