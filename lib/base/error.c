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
    [ERROR_UNKNOWN_PARAMETER] = {400, "unknown_parameter", NULL},
    [ERROR_INVALID_PERIOD] = {400, "invalid_period", NULL},
    [ERROR_UNKNOWN_FILTER] = {400, "unknown_filter", NULL},
    [ERROR_AMBIGUOUS_COMPANY] = {400, "ambiguous_company", NULL},
    [ERROR_COMPANY_UNKNOWN] = {404, "company_unknown", NULL},
    [ERROR_ACCOUNT_NOT_FOUND] = {404, "account_not_found", NULL},
    [ERROR_NOT_ACCEPTABLE] = {406, "not_acceptable", NULL},
    [ERROR_BUSY] = {429, "busy", NULL},
    [ERROR_ERP_AUTHENTICATION] = {502, "erp_authentication_failed", NULL},
    [ERROR_ERP_FORBIDDEN] = {502, "erp_forbidden", NULL},
    [ERROR_ERP_REAUTHORIZATION] = {502, "erp_reauthorization_required", NULL},
    [ERROR_ERP_TOKEN_EXPIRED] = {502, "token_expired", NULL},
    [ERROR_ERP_CONNECTION] = {502, "erp_connection_failed", NULL},
    [ERROR_ERP_UNTRUSTED] = {502, "tls_verification_failed", NULL},
    [ERROR_ERP_REDIRECTED] = {502, "redirect_refused", NULL},
    [ERROR_ERP_TRUNCATED] = {502, "truncated_body", NULL},
    [ERROR_ERP_UNEXPECTED] = {502, "unexpected_content", NULL},
    [ERROR_ERP_PAGING_LOOP] = {502, "paging_loop", NULL},
    [ERROR_ERP_PAGING_LIMIT] = {502, "paging_limit", NULL},
    [ERROR_ERP_EXTRACT_TRUNCATED] = {502, "extract_truncated", NULL},
    [ERROR_ERP_TIMEOUT] = {504, "erp_timeout", NULL},
    [ERROR_ERP_RATE_LIMITED] = {429, "erp_rate_limited", NULL},
    [ERROR_ERP_DAY_SPENT] = {429, "daily_quota_exhausted", NULL},
    [ERROR_ERP_CIRCUIT_OPEN] = {503, "erp_circuit_open", NULL},
    [ERROR_ERP_NOT_FOUND] = {404, "erp_resource_not_found", NULL},
    [ERROR_ERP_DATA] = {422, "erp_data_invalid", NULL},
    [ERROR_ERP_REJECTED] = {422, "erp_rejected_request", NULL},
    [ERROR_ERP_TOO_LARGE] = {422, "erp_answer_too_large", NULL},
    [ERROR_ERP_EMPTY_BALANCE] = {422, "empty_trial_balance", NULL},
    [ERROR_ERP_STRICT] = {422, "strict_validation_failed", NULL},
    [ERROR_ERP_OPENING_MISSING] = {422, "opening_missing", NULL},
    [ERROR_ERP_DUPLICATE_ACCOUNT] = {422, "duplicate_account", NULL},
    [ERROR_ERP_UNSUPPORTED] = {501, "operation_unsupported", NULL},
    [ERROR_ERP_NOT_CONFIGURED] = {503, "erp_not_configured", NULL},
    [ERROR_TOKEN_STORE_UNAVAILABLE] = {503, "token_store_unavailable", NULL},
    [ERROR_RATE_STORE_UNAVAILABLE] = {503, "rate_store_unavailable", NULL},
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
