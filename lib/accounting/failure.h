/* What is told about a failed run of /api/erp besides its text and code (erp-connectors.md 7). */
#pragma once
#include "base/json.h"
#include "erp/connector.h"

typedef struct {
  const GError *error;
  const Erp *erp;            /* NULL: it failed before there was one */
  const char *field;         /* the parameter that is wrong (question_read); or NULL */
  const ErpCompany *company; /* whom it is about, when there is no `erp`; or NULL */
} Failure;

/* The members type, erp, company, operation, retryable, retry_after, attempts, upstream_status,
 * upstream_message, details, into the open object; null where it is not known. */
void failure_write_members(JsonWriter *w, const Failure *failure);

/* The whole object of section 7: code, type, message, …, request_id, details. */
void failure_write_object(JsonWriter *w, const char *name, const Failure *failure,
                          const char *request_id);

/* "Authentication", "Connection", "RateLimit" …; static. */
const char *failure_type(const GError *error);
gboolean failure_is_retryable(const GError *error);

/* Seconds after which to come again, for Retry-After; -1: not known. */
gint64 failure_retry_after_s(const Failure *failure);
