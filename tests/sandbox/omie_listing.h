/* What Omie's registers have in common: a page of a listing (omie-api.md 1.4), one record by a key.
 */
#pragma once
#include "omie_service.h"

/* Answers with a page of records under `wrapper`.  `query` gets app, page, size, `how` and the
 * call's parameter ($1 to $5) and gives one row: total, rows, their bodies by comma, and whether a
 * page without records is fault 5113 (else it is an empty list with totals of 0). */
gboolean omie_list(const OmieCall *call, const char *query, const char *how, const char *wrapper,
                   OmieReply *reply, GError **error);

/* How a record is named in a call, and in the fault when there is none. */
typedef struct {
  const char *id, *code; /* tags: Omie's number, the integration code */
  const char *missing;   /* "Cliente não cadastrado" */
  const char *end;       /* of that fault's text, after the key */
} OmieKey;

/* Answers with the record that `query` finds for app, id and code ($1 to $3; one of the latter two
 * is NULL), or with the fault. */
gboolean omie_consult(const OmieCall *call, const OmieKey *key, const char *query, OmieReply *reply,
                      GError **error);
