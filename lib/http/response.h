/* The answer a handler builds.  It is sent whole, with its length, after the handler returned. */
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

/* Retry-After, in seconds. */
void response_retry_after(Response *res, gint64 seconds);

/* A member that stands beside `error` and `code` when the answer becomes an error ("logId"). */
void response_error_text(Response *res, const char *name, const char *value);

/* The same for numbers, and for a value that is JSON already. */
void response_error_int(Response *res, const char *name, gint64 value);
void response_error_raw(Response *res, const char *name, const char *json);

/* What is wrong with a member of the body: stands in `fields` when the answer becomes an error. */
void response_error_field(Response *res, const char *name, const char *message);

/* A body of another kind; `bytes` are copied. */
void response_body(Response *res, const char *content_type, const char *bytes, gsize length);

/* The same without copying: `bytes` must live as long as the process. */
void response_static_body(Response *res, const char *content_type, const char *bytes, gsize length);
