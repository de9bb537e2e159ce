/* One request as the handler sees it.  Everything returned is borrowed and lives as long as it. */
#pragma once
#include <glib.h>
#include <jansson.h>

#include "auth/auth.h"

typedef struct Request Request;

const char *request_id(const Request *req);
const Caller *request_caller(const Request *req);
const char *request_claims(const Request *req); /* for db_query: this caller's row security */
Db *request_db(const Request *req);             /* the process's connection */
gint64 request_deadline_us(const Request *req); /* g_get_monotonic_time() at which to give up */

/* A query parameter, decoded; NULL when absent.  Fails when it is repeated or not UTF-8
 * (REPEATED_PARAMETER, INVALID_PARAMETER). */
gboolean request_query(const Request *req, const char *name, const char **value,
                       GError **error) G_GNUC_WARN_UNUSED_RESULT;

const char *request_body(const Request *req, gsize *length); /* as sent; "" when empty */
json_t *request_json(const Request *req); /* BODY_JSON: object, or NULL when empty */
