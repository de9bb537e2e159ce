#include "accounting/failure.h"

#include "base/error.h"

#define STORE_RETRY_S 5 /* our own store is away, or all places are taken */

typedef enum {
  TYPE_INTERNAL,
  TYPE_AUTHENTICATION,
  TYPE_CONNECTION,
  TYPE_RATE_LIMIT,
  TYPE_VALIDATION,
  TYPE_CIRCUIT_OPEN,
  TYPE_TIMEOUT,
  TYPE_NOT_FOUND,
  TYPE_CONFIGURATION,
  TYPE_UNSUPPORTED,
  TYPE_CANCELLED,
} FailureType;

static const struct {
  const char *name;
  gboolean retryable;
} types[] = {
    [TYPE_INTERNAL] = {"Internal", FALSE},
    [TYPE_AUTHENTICATION] = {"Authentication", FALSE},
    [TYPE_CONNECTION] = {"Connection", TRUE},
    [TYPE_RATE_LIMIT] = {"RateLimit", TRUE},
    [TYPE_VALIDATION] = {"Validation", FALSE},
    [TYPE_CIRCUIT_OPEN] = {"CircuitOpen", TRUE},
    [TYPE_TIMEOUT] = {"Timeout", TRUE},
    [TYPE_NOT_FOUND] = {"NotFound", FALSE},
    [TYPE_CONFIGURATION] = {"Configuration", FALSE},
    [TYPE_UNSUPPORTED] = {"Unsupported", FALSE},
    [TYPE_CANCELLED] = {"Cancelled", FALSE},
};

/* What is not named is Internal. */
static const FailureType type_of_code[N_ERRORS] = {
    [ERROR_UNAUTHENTICATED] = TYPE_AUTHENTICATION,
    [ERROR_INVALID_TOKEN] = TYPE_AUTHENTICATION,
    [ERROR_FORBIDDEN] = TYPE_AUTHENTICATION,
    [ERROR_NOT_FOUND] = TYPE_NOT_FOUND,
    [ERROR_METHOD_NOT_ALLOWED] = TYPE_VALIDATION,
    [ERROR_BODY_TOO_LARGE] = TYPE_VALIDATION,
    [ERROR_URI_TOO_LONG] = TYPE_VALIDATION,
    [ERROR_UNSUPPORTED_MEDIA] = TYPE_VALIDATION,
    [ERROR_INVALID_JSON] = TYPE_VALIDATION,
    [ERROR_TRUNCATED_BODY] = TYPE_VALIDATION,
    [ERROR_REPEATED_PARAMETER] = TYPE_VALIDATION,
    [ERROR_INVALID_PARAMETER] = TYPE_VALIDATION,
    [ERROR_INVALID_FIELDS] = TYPE_VALIDATION,
    [ERROR_INTERRUPTED] = TYPE_CANCELLED,
    [ERROR_DEADLINE] = TYPE_TIMEOUT,
    [ERROR_UPSTREAM_FAULT] = TYPE_CONNECTION,
    [ERROR_UPSTREAM_UNAVAILABLE] = TYPE_CONNECTION,
    [ERROR_UPSTREAM_TIMEOUT] = TYPE_TIMEOUT,
    [ERROR_UPSTREAM_SUSPENDED] = TYPE_RATE_LIMIT,
    [ERROR_RATE_LIMITED] = TYPE_RATE_LIMIT,
    [ERROR_CIRCUIT_OPEN] = TYPE_CIRCUIT_OPEN,
    [ERROR_UNKNOWN_PARAMETER] = TYPE_VALIDATION,
    [ERROR_INVALID_PERIOD] = TYPE_VALIDATION,
    [ERROR_UNKNOWN_FILTER] = TYPE_VALIDATION,
    [ERROR_AMBIGUOUS_COMPANY] = TYPE_VALIDATION,
    [ERROR_COMPANY_UNKNOWN] = TYPE_NOT_FOUND,
    [ERROR_ACCOUNT_NOT_FOUND] = TYPE_NOT_FOUND,
    [ERROR_NOT_ACCEPTABLE] = TYPE_VALIDATION,
    [ERROR_BUSY] = TYPE_RATE_LIMIT,
    [ERROR_ERP_AUTHENTICATION] = TYPE_AUTHENTICATION,
    [ERROR_ERP_FORBIDDEN] = TYPE_AUTHENTICATION,
    [ERROR_ERP_REAUTHORIZATION] = TYPE_AUTHENTICATION,
    [ERROR_ERP_TOKEN_EXPIRED] = TYPE_AUTHENTICATION,
    [ERROR_ERP_CONNECTION] = TYPE_CONNECTION,
    [ERROR_ERP_UNTRUSTED] = TYPE_CONNECTION,
    [ERROR_ERP_REDIRECTED] = TYPE_CONNECTION,
    [ERROR_ERP_TRUNCATED] = TYPE_CONNECTION,
    [ERROR_ERP_UNEXPECTED] = TYPE_CONNECTION,
    [ERROR_ERP_PAGING_LOOP] = TYPE_CONNECTION,
    [ERROR_ERP_PAGING_LIMIT] = TYPE_CONNECTION,
    [ERROR_ERP_EXTRACT_TRUNCATED] = TYPE_CONNECTION,
    [ERROR_ERP_TIMEOUT] = TYPE_TIMEOUT,
    [ERROR_ERP_RATE_LIMITED] = TYPE_RATE_LIMIT,
    [ERROR_ERP_DAY_SPENT] = TYPE_RATE_LIMIT,
    [ERROR_ERP_CIRCUIT_OPEN] = TYPE_CIRCUIT_OPEN,
    [ERROR_ERP_NOT_FOUND] = TYPE_NOT_FOUND,
    [ERROR_ERP_DATA] = TYPE_VALIDATION,
    [ERROR_ERP_REJECTED] = TYPE_VALIDATION,
    [ERROR_ERP_TOO_LARGE] = TYPE_VALIDATION,
    [ERROR_ERP_EMPTY_BALANCE] = TYPE_VALIDATION,
    [ERROR_ERP_STRICT] = TYPE_VALIDATION,
    [ERROR_ERP_OPENING_MISSING] = TYPE_VALIDATION,
    [ERROR_ERP_DUPLICATE_ACCOUNT] = TYPE_VALIDATION,
    [ERROR_ERP_UNSUPPORTED] = TYPE_UNSUPPORTED,
    [ERROR_ERP_NOT_CONFIGURED] = TYPE_CONFIGURATION,
    [ERROR_TOKEN_STORE_UNAVAILABLE] = TYPE_CONNECTION,
    [ERROR_RATE_STORE_UNAVAILABLE] = TYPE_CONNECTION,
    [ERROR_NOT_CONFIGURED] = TYPE_CONFIGURATION,
    [ERROR_DATABASE_UNAVAILABLE] = TYPE_CONNECTION,
};

static PonteErrorCode
code_of(const GError *error)
{
  return error == NULL || error->domain != PONTE_ERROR || error->code < 0 || error->code >= N_ERRORS
             ? ERROR_INTERNAL
             : (PonteErrorCode)error->code;
}

const char *
failure_type(const GError *error)
{
  return types[type_of_code[code_of(error)]].name;
}

gboolean
failure_is_retryable(const GError *error)
{
  return types[type_of_code[code_of(error)]].retryable;
}

/* Did this error come of the ERP's last answer?  Then that answer's status and words belong to it.
 */
static gboolean
has_answer(const Failure *failure)
{
  return failure->erp != NULL && failure->erp->last.attempts > 0;
}

gint64
failure_retry_after_s(const Failure *failure)
{
  PonteErrorCode code = code_of(failure->error);
  if (code == ERROR_BUSY || code == ERROR_TOKEN_STORE_UNAVAILABLE ||
      code == ERROR_RATE_STORE_UNAVAILABLE || code == ERROR_DATABASE_UNAVAILABLE)
    return STORE_RETRY_S;
  if (!failure_is_retryable(failure->error) || failure->erp == NULL)
    return -1;
  return failure->erp->last.retry_after_s > 0 ? failure->erp->last.retry_after_s : -1;
}

static void
add_known(JsonWriter *w, const char *name, gboolean known, gint64 value)
{
  if (known)
    json_add_int(w, name, value);
  else
    json_add_null(w, name);
}

static void
add_detail(JsonWriter *w, const char *field, const char *code, const char *message)
{
  json_open_object(w, NULL);
  json_add_text(w, "field", field);
  json_add_text(w, "code", code);
  json_add_text(w, "message", message);
  json_close_object(w);
}

/* An ambiguous company lists the codes to choose from, one by one. */
static void
add_field_details(JsonWriter *w, const Failure *failure)
{
  const char *word = error_word(failure->error);
  if (code_of(failure->error) != ERROR_AMBIGUOUS_COMPANY) {
    add_detail(w, failure->field, word, error_public_text(failure->error));
    return;
  }
  g_auto(GStrv) codes = g_strsplit(failure->field, ",", -1);
  for (char **code = codes; *code != NULL; code++)
    add_detail(w, "company", word, *code);
}

static void
add_details(JsonWriter *w, const Failure *failure)
{
  const GPtrArray *told = failure->erp != NULL ? failure->erp->error_details : NULL;
  json_open_array(w, "details");
  for (guint i = 0; told != NULL && i + 2 < told->len; i += 3)
    add_detail(w, told->pdata[i], told->pdata[i + 1], told->pdata[i + 2]);
  if (failure->field != NULL)
    add_field_details(w, failure);
  json_close_array(w);
}

static void
write_source(JsonWriter *w, const Failure *failure)
{
  const Erp *erp = failure->erp;
  gboolean answered = has_answer(failure);
  gint64 retry_after = failure_retry_after_s(failure);
  const ErpCompany *company = erp != NULL ? erp->company : failure->company;
  json_add_text(w, "erp", company != NULL ? erp_type_name(company->erp) : NULL);
  json_add_text(w, "company", company != NULL ? company->code : NULL);
  json_add_text(w, "operation", erp != NULL ? erp->operation : NULL);
  json_add_bool(w, "retryable", failure_is_retryable(failure->error));
  add_known(w, "retry_after", retry_after >= 0, retry_after);
  add_known(w, "attempts", answered, answered ? (gint64)erp->last.attempts : 0);
  add_known(w, "upstream_status", answered && erp->last.status > 0,
            answered ? (gint64)erp->last.status : 0);
  json_add_text(w, "upstream_message", answered ? erp->last.upstream_message : NULL);
}

void
failure_write_members(JsonWriter *w, const Failure *failure)
{
  json_add_text(w, "type", failure_type(failure->error));
  write_source(w, failure);
  add_details(w, failure);
}

void
failure_write_object(JsonWriter *w, const char *name, const Failure *failure,
                     const char *request_id)
{
  json_open_object(w, name);
  json_add_text(w, "code", error_word(failure->error));
  json_add_text(w, "type", failure_type(failure->error));
  json_add_text(w, "message", error_public_text(failure->error));
  write_source(w, failure);
  json_add_text(w, "request_id", request_id);
  add_details(w, failure);
  json_close_object(w);
}
