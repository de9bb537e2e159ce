/* The ERPs whose books are read (erp-connectors.md 6): TOTVS, ContaAzul, Bling.  Each is one
 * program for all its paths; a path is a row of a table, and a function of schema sandbox answers
 * it (ledger_*.sql).  Credentials, limits, faults and the record of calls are stand_in.c's. */
#pragma once
#include "stand_in.h"

#define LEDGER_TOKEN "token" /* kind of the paths that give tokens */

typedef struct {
  const char *method, *path; /* below the root; {} stands for one segment, the request's "id" */
  const char *kind;          /* as sandbox.call and sandbox.fault name it */
  const char *function;      /* (who, request, behaviour) or, of tokens, (service, path, form) */
} LedgerPath;                /* a NULL path ends a table */

typedef struct {
  const char *service, *root; /* "totvs", "/totvs" */
  const LedgerPath *paths;
  void (*word)(guint status, OmieReply *reply);
} LedgerErp;

/* A handler's whole work.  A path that is not in the table is of kind "unknown" and answers 404. */
gboolean ledger_serve(Request *req, Response *res, const LedgerErp *erp);
