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

/* The same, or so many seconds after the request came, whichever is sooner. */
gint64 request_deadline_within(const Request *req, gint64 seconds);

/* What stands in the path at the place of {id} of the route's URL or alias; "" when nothing does
 * (which nginx never lets happen). */
const char *request_path_id(const Request *req);

/* Has the caller left?  Long work looks now and then: nobody waits for its answer any more.
 * `request` is a Request. */
gboolean request_is_abandoned(gpointer request);

/* Did the caller ask for an answer before the work is done (RFC 7240, Prefer: respond-async)? */
gboolean request_prefers_async(const Request *req);

/* The absolute URL of this request as the caller knows it, with `page` in place of the parameter of
 * that name (1: without it).  The caller frees it. */
char *request_page_link(const Request *req, gint64 page);

/* A query parameter, decoded; NULL when absent.  Fails when it is repeated or not UTF-8
 * (REPEATED_PARAMETER, INVALID_PARAMETER). */
gboolean request_query(const Request *req, const char *name, const char **value,
                       GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The whole query as it was sent, and what kinds of answer the caller takes; NULL when absent. */
const char *request_query_text(const Request *req);
const char *request_accept(const Request *req);

const char *request_body(const Request *req, gsize *length); /* as sent; "" when empty */
/* The text of Route.long_member, which request_json() then shows as "".  The caller's; NULL when
 * there is none (or it has escapes: then it is where it was). */
GString *request_take_long_text(Request *req);
json_t *request_json(const Request *req); /* BODY_JSON: object, or NULL when empty */
