/* What the connectors of lib/erp/sales.h share: their configuration, and how a call that failed is
 * named (data-collecting.md 1.4, 1.8). */
#pragma once
#include "base/settings.h"
#include "erp/sales.h"
#include "net/https.h"

/* The configuration is an object whose members `needed` (ended by NULL) are texts with something in
 * them that can stand in a header, and whose `tipo`, if there, is `type`.  FALSE with what is wrong
 * (caller frees). */
gboolean sales_configuration_is_fine(const char *configuration, const char *type,
                                     const char *const *needed, char **detail);

/* A text of it; NULL when there is none.  Caller frees. */
char *sales_configuration_text(const char *configuration, const char *name);

/* A setting's base URL with a path ("/…") after it.  Caller frees. */
char *sales_url(Setting base, const char *path);

/* Time limits and the size limit that all ERPs share, of a call that is otherwise the caller's. */
void sales_call_limits(HttpsRequest *request);

gboolean sales_call_is_fine(const HttpsResult *result); /* a complete answer, status 2xx */

/* No connection, or it broke before an answer began. */
gboolean sales_call_was_lost(const HttpsResult *result);

/* One line of log about a call: counts, no contents. */
void sales_call_log(const char *erp, const char *call, const HttpsResult *result);

/* Names a failure, in place of what was there.  `code` is static. */
void sales_fail(SalesFailure *failure, const char *code, const char *detail);
void sales_fail_of_call(SalesFailure *failure, const HttpsResult *result);
void sales_fail_of_error(SalesFailure *failure, const GError *error);

/* Milliseconds from now until `due_us` (g_get_monotonic_time), rounded up. */
gint64 sales_wait_ms(gint64 due_us);
#define SALES_CALL_WAIT_MS 1000 /* while a call is under way: https_wait ends with it */
