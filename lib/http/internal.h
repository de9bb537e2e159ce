/* What only this room sees: the insides of Request and Response, and the steps of an exchange. */
#pragma once
#include "http/gateway.h"
#include "http/route.h"

struct Request {
  const Gateway *gateway;
  char *id;
  const char *method; /* as the client wrote it, HEAD read as GET */
  gboolean is_head;   /* the answer has no body */
  Caller caller;
  char *claims;
  gint64 started_us, deadline_us;
  GString *body;
  GString *long_text; /* cut out of it */
  json_t *json;
  GHashTable *query; /* name → GPtrArray of values; parsed at first use */
  gboolean query_is_valid;
  char *path_id; /* taken from the path at first use */
};

struct Response {
  guint status;
  JsonWriter *json;
  GPtrArray *headers;       /* name, value, name, value … */
  GPtrArray *error_members; /* name, JSON, name, JSON … */
  GPtrArray *error_fields;  /* name, message, name, message … */
  char *content_type, *file_name;
  char *copied_body;
  const char *body;
  gsize body_length;
  gpointer about; /* of response_error_about */
  GDestroyNotify free_about;
  const Request *streamed_to; /* NULL: the answer is built whole */
  GString *held;              /* of a streamed body, while its head is not out */
  gboolean has_begun;         /* the head is out: the status stands */
  gboolean is_cut;            /* and the body will never be whole */
};

void request_init(Request *req, const Gateway *gateway);
void request_clear(Request *req);

/* Reads the body, at most `max` bytes: BODY_TOO_LARGE without reading it, TRUNCATED_BODY. */
gboolean request_read_body(Request *req, gsize max, const Family *family, GError **error);

/* BODY_JSON: an empty body, or application/json holding one object. */
gboolean request_parse_json(Request *req, const Family *family, GError **error);

void response_init(Response *res);
void response_clear(Response *res);
void response_set_error(Response *res, const Request *req, const GError *error);
void response_send(Response *res, const Request *req);

/* Status and headers, up to the empty line; `length` -1: of a body whose end is not known yet.  The
 * caller frees it. */
char *response_head(const Response *res, const Request *req, const char *type, gssize length);

/* The end of a streamed body; TRUE when response_send has nothing left to do. */
gboolean response_stream_finish(Response *res);

/* Everything between accepting a request and having answered it (dispatch.c).  FALSE: the answer
 * was cut off, and its connection must not be ended in the proper way, which would make it look
 * whole.
 */
gboolean dispatch(const Gateway *gateway);

/* Prints the route for the generators: `key value` lines (describe.c). */
void describe_route(void);

/* What the route asks of callers, over all methods. */
guint route_access(void);
gsize route_max_body(void);
guint route_deadline_seconds(void);
const Family *route_family(void);

/* A family's text with {} replaced by what the caller sent; the caller frees it. */
char *family_text(const char *text, const char *sent);

/* How a family words an error, and under which name besides `error`, or NULL.  Borrowed. */
const char *family_error_text(const Family *family, const GError *error);
const char *family_error_member(const Family *family, const GError *error);

/* Serves the listening socket fd 0 until asked to stop (server.c, worker.c); returns an exit
 * status. */
int serve_fastcgi(void);

/* What parent and workers share: when each worker was last busy. */
typedef struct {
  gint busy;
  gint64 last_active_us;
} WorkerState;
int work(WorkerState *state);
