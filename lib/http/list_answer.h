/* Answering with a list, page by page, or with one row of it (backoffice.md 13):
 *   ?page=2 (or last)  ?page_size=1..200  ?ordering=-name,name  ?search=  and a parameter for each
 *   column that filters.  Empty values are none, unknown parameters are passed over. */
#pragma once
#include "db/list.h"
#include "http/route.h"

/* {"count","next","previous","results"}.
 * Errors: NOT_FOUND (no such page), INVALID_PARAMETER with a list of complaints for each bad
 * filter, REPEATED_PARAMETER, DATABASE_*. */
gboolean list_answer(const Request *req, Response *res, const List *list,
                     GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The row whose id stands in the path.  Errors: NOT_FOUND, DATABASE_*. */
gboolean list_answer_one(const Request *req, Response *res, const List *list,
                         GError **error) G_GNUC_WARN_UNUSED_RESULT;
