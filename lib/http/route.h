/* A route is a file: handlers/fin/erp/sync.c is /api/fin/erp/sync and defines `route`.  This room
 * owns main(): it serves the route over FastCGI, or once as a plain CGI (server.c), and checks
 * path, authentication, role, method, size, content type and JSON before the handler runs. */
#pragma once
#include <glib.h>

#include "auth/auth.h"
#include "http/json_body.h"
#include "http/request.h"
#include "http/response.h"

/* Returns TRUE with an answer in `res`, or FALSE with `error` set; it never prints, but for
 * response_stream_write.  What it put into `res` by response_error_* and response_header stays in
 * an error's answer. */
typedef gboolean (*Handler)(Request *req, Response *res, GError **error);

typedef struct {
  const char *name; /* "GET"; HEAD is answered by GET without the body */
  Handler run;
  guint access;          /* ACCESS_ROLES(AREA_FIN) | ACCESS_CRON, or ACCESS_PUBLIC */
  const char *forbidden; /* text of 403; NULL: the family's */
} Method;

/* What differs between families of routes: texts, the names of an error's members, and how strictly
 * a JSON body is read.  {} in a text stands for what the caller sent. */
typedef struct {
  const char *unauthenticated, *invalid_token; /* NULL: as lib/auth says */
  const char *forbidden, *method_not_allowed, *body_too_large, *unsupported_media, *invalid_json,
      *not_json_object, *truncated_body;
  const char *server_error;    /* of 500s whose details are ours alone; NULL: the code's own */
  const char *protocol_member; /* where an error's text stands besides `error`, by its kind: */
  const char *business_member; /*   of the exchange itself, or of what was asked; NULL: nowhere */
  JsonRules json;
  gboolean utf8_only; /* application/json with any other parameter is another type */
  gsize max_body;     /* bytes, when the route does not say */
} Family;
extern const Family family_fin, family_backoffice, family_crm, family_erp;

typedef enum {
  BODY_JSON, /* empty, or a JSON object: else 415 and 400 */
  BODY_RAW,  /* anything, for the handler to read */
} BodyKind;

typedef struct {
  const Family *family;
  const char *summary; /* one line of Portuguese for people and OpenAPI */
  const char *alias;   /* a second path under /api/, or NULL */
  Method methods[6];
  guint deadline_seconds;      /* default 30; nginx waits 30 s longer */
  gsize max_body;              /* bytes; 0: the family's */
  gsize (*measure_body)(void); /* in its place, where settings decide */
  const char *long_member;     /* of the JSON body: a text kept apart, see request_take_long_text */
  BodyKind body;
  gboolean no_database; /* the program starts without DATABASE_URL */
  gboolean no_head;     /* HEAD is refused: where a GET is work, nobody does it for its headers */
  gboolean streams;     /* answers by response_stream_write */
  guint (*least_workers)(void); /* where requests take minutes; NULL: ROUTE_WORKERS alone decides */
  /* Writes the members that every error of this route has besides, and returns the seconds for
   * Retry-After, or -1; `about` is that of response_error_about, NULL when the handler was not
   * reached.  Or NULL. */
  gint64 (*describe_error)(const GError *error, gconstpointer about, JsonWriter *w);
} Route;

/* Defined by the handler's file. */
extern const Route route;

/* The URL, from the file's place (the Makefile defines ROUTE_URL for handlers only). */
extern const char route_url[];
#ifdef ROUTE_URL
const char route_url[] = ROUTE_URL;
#endif
