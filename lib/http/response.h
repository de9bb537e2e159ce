/* The answer a handler builds.  It is sent whole, with its length, after the handler returned; only
 * a body that is too long to be held goes out while it is made (response_stream_*). */
#pragma once
#include <glib.h>

#include "base/json.h"
#include "db/db.h"
#include "http/request.h"

typedef struct Response Response;

/* The writer of the JSON body; open an object (or array) first and close it last. */
JsonWriter *response_json(Response *res);

/* A whole body {"rows":[…]}, each row as db_write_row has it. */
void response_rows(Response *res, const PGresult *rows);

void response_status(Response *res, guint status); /* default 200 */

/* 202; tells also that the caller's Prefer: respond-async was heard. */
void response_accepted(Response *res, const Request *req);

/* A further header; replaces one of the same name. */
void response_header(Response *res, const char *name, const char *value);

/* The name under which a browser stores the body; an answer that becomes an error has none. */
void response_file_name(Response *res, const char *name);

/* Retry-After, in seconds. */
void response_retry_after(Response *res, gint64 seconds);

/* A member that stands beside `error` and `code` when the answer becomes an error ("logId"). */
void response_error_text(Response *res, const char *name, const char *value);

/* The same for numbers, and for a value that is JSON already. */
void response_error_int(Response *res, const char *name, gint64 value);
void response_error_raw(Response *res, const char *name, const char *json);

/* What an error of this route is about: Route.describe_error is shown it, and then `release` (or
 * NULL) is called.  The last one stands. */
void response_error_about(Response *res, gpointer about, GDestroyNotify release);

/* What is wrong with a member of the body: stands in `fields` when the answer becomes an error. */
void response_error_field(Response *res, const char *name, const char *message);

/* A body of another kind; `bytes` are copied. */
void response_body(Response *res, const char *content_type, const char *bytes, gsize length);

/* The same without copying: `bytes` must live as long as the process. */
void response_static_body(Response *res, const char *content_type, const char *bytes, gsize length);

/* A body too long to be held, handed over in pieces.  Its first 256 KiB are held back: until more
 * came, an error that the handler returns is an ordinary answer, and a body that ends before goes
 * out with its length.  Afterwards the status stands: an error ends the connection in a way that
 * every HTTP/1.1 client reports, since FastCGI has no trailers to tell that a body is whole. Needs
 * Route.streams. */
void response_stream_begin(Response *res, const Request *req, const char *content_type);

/* The next piece; waits while nobody takes it.  FALSE once the caller is gone, or took nothing for
 * ERP_CLIENT_STALL_S: there is no use in going on.  (Shaped as a sink: `response` is a Response.)
 */
gboolean response_stream_write(const char *bytes, gsize length,
                               gpointer response) G_GNUC_WARN_UNUSED_RESULT;

/* Sends what is held back.  FALSE as above. */
gboolean response_stream_flush(Response *res) G_GNUC_WARN_UNUSED_RESULT;

/* TRUE once the head is out; borrowed, and kept up to date. */
const gboolean *response_stream_has_begun(const Response *res);
