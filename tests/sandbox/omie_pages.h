/* Services whose answers the database writes whole: pages with Omie's Hungarian names
 * (omie-api.md 1.4), and single answers or their faults. */
#pragma once
#include "omie_service.h"

/* Answers with a page of at most `cap` records; `size` is the tag of the page's size.  `query` gets
 * app, page, size and the call's parameter ($1 to $4) and gives the number of records and the whole
 * body; without records it is fault 5113. */
gboolean omie_page(const OmieCall *call, const char *size, gint64 cap, const char *query,
                   OmieReply *reply, GError **error);

/* Answers with the body that `query` gives, or with the code and text of a fault in its place. */
gboolean omie_ask(const char *query, DbParams params, OmieReply *reply, GError **error);

/* The same for the books (ledger_omie.sql): `query` gets app and parameter.  `required` (ended by
 * NULL; NULL: none) are tags that must be there. */
gboolean omie_ask_books(const char *query, const OmieCall *call, const char *const *required,
                        OmieReply *reply, GError **error);
