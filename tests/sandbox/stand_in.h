/* A service of data collecting or of the books: what all have in common (credentials, limits,
 * arranged faults, latency, the record of calls) is done here and in sales.sql; a service says how
 * a request is read, what it does, and how it words refusals. */
#pragma once
#include "db/db.h"
#include "http/route.h"
#include "omie_reply.h"

/* One call of a service. */
typedef struct {
  const Request *req;
  char *who, *secret; /* token, merchant, phone id …; "" when missing.  After it was let in, `who`
                       * is as sandbox.call names the caller */
  json_t *request;    /* for the record, and for faults; NULL: not readable */
  gint64 id;          /* of its row in sandbox.call */
  gconstpointer what; /* stand_in_serve_what's, else NULL */
  const char *behaviour; /* of the fault that is played; "" */
} Call;

typedef struct {
  const char *service, *kind;
  /* Fills in who, secret and request. */
  void (*read)(Call *call);
  /* Answers a call that was let in; an error is the sandbox's own failure. */
  gboolean (*work)(const Call *call, OmieReply *reply, GError **error);
  /* The words for an HTTP status: of a refusal (401, 404, 429) and of faults without a body. */
  void (*word)(guint status, OmieReply *reply);
} StandIn;

/* A handler's whole work; `what` tells its functions which of a service's calls this is. */
gboolean stand_in_serve(Request *req, Response *res, const StandIn *service);
gboolean stand_in_serve_what(Request *req, Response *res, const StandIn *service,
                             gconstpointer what);

/* Writes a JSON object (taken) as the reply. */
void stand_in_reply(OmieReply *reply, guint status, json_t *body);

/* The parameters of the URL, or of a form's text, as texts; those named x[] as lists. */
json_t *stand_in_query(const Request *req);
json_t *stand_in_form(const char *text);

/* A header, "" when absent: "HTTP_X_API_KEY"; and the token of Authorization: Bearer. */
const char *stand_in_header(const Request *req, const char *param);
const char *stand_in_bearer(const Request *req);

/* For a Route: an answer may be kept open for so long without a worker. */
#define STAND_IN_FAMILY           (&family_fin)
#define STAND_IN_DEADLINE_SECONDS 240
#define STAND_IN_MAX_BODY         (1u << 20)
