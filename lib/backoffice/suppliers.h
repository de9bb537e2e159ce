/* Looking for a supplier in Omie's register of clients and suppliers (backoffice.md 20.1). */
#pragma once
#include "db/db.h"

#define SUPPLIERS_MAX_SEARCH 60 /* characters: no name in Omie is longer */

/* The first 50 whose name contains the text, or whose CNPJ or CPF it is; all when it is empty.
 * *answer: a JSON array of {"id","nome","cnpj_cpf"}, the caller's.  Callers who look for the same
 * share one call to Omie.
 * Errors: UPSTREAM_*, DEADLINE, NOT_CONFIGURED, DATABASE_*. */
gboolean suppliers_search(Db *db, const char *text, gint64 deadline_us, char **answer,
                          GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Pure: the digits of a text that is a CNPJ or CPF, whole, with or without punctuation; else NULL.
 * Caller frees. */
char *suppliers_document(const char *text);
