/* A service of Omie's stand-in: a table of methods.  What all services have in common (omie-api.md
 * 1, 2, 3) is judged in omie_judge.c, before a method's function runs.
 *
 *   static const OmieMethod methods[] = {
 *     OMIE_METHOD("ListarClientes", OMIE_READ, &list_request, list), OMIE_END};
 *   static gboolean serve(Request *req, Response *res, GError **error)
 *   { return omie_serve(req, res, methods, error); }                                          */
#pragma once
#include "db/db.h"
#include "http/route.h"
#include "omie_params.h"

/* A call that passed every check. */
typedef struct {
  const char *app_key;
  const json_t *param;
  const char *param_text; /* the same as JSON, for the database; without a file's content */
  gint64 page_cap;        /* the setting; a service with a lower cap of its own ignores it */
} OmieCall;

/* Answers by filling `reply`; an error is the sandbox's own failure, never a fault of Omie's. */
typedef gboolean (*OmieRun)(const OmieCall *call, OmieReply *reply, GError **error);

typedef enum {
  OMIE_READ,       /* four in flight; an identical one within a minute is redundant */
  OMIE_READ_ALONE, /* one in flight */
  OMIE_WRITE,      /* one in flight */
} OmieMode;

typedef struct {
  const char *name; /* NULL (OMIE_END) ends a table */
  const OmieType *param;
  OmieRun run;
  OmieMode mode;
  gboolean needs_param; /* `[{}]` is refused */
} OmieMethod;

#define OMIE_METHOD(call, how, type, function, ...)                                                \
  {                                                                                                \
    .name = (call), .mode = (how), .param = (type), .run = (function), ##__VA_ARGS__               \
  }

/* A handler's whole work: judge, run, answer, keep the record. */
gboolean omie_serve(Request *req, Response *res, const OmieMethod *methods, GError **error);

/* For a Route: */
#define OMIE_FAMILY           (&family_fin)
#define OMIE_MAX_BODY         (48u << 20) /* a file of 25 MB, zipped, in base64, takes 35 */
#define OMIE_DEADLINE_SECONDS 240 /* calls may be kept open by a fault; nginx must wait longer */
