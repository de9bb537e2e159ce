/* What a consulted purchase order says, and what that means (backoffice.md 11.2).  Pure. */
#pragma once
#include <glib.h>
#include <jansson.h>

/* The order's status: cStatus, else that of cabecalho_consulta, else that of cabecalho; trimmed, ""
 * when there is none.  Caller frees. */
char *closure_status_of(const json_t *order);

/* Omie's own id of the order, nCodPed, in one of the same three places; 0 when there is none. */
gint64 closure_id_of(const json_t *order);

/* Does this word mean that the order is closed?  `configured` is the closing word. */
gboolean closure_is_closed(const char *status, const char *configured);
