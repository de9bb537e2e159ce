/* Purchase orders: consulting one, and the closing call that an installation configures, since Omie
 * itself has none (omie-api.md 8.4, backoffice.md 11.8). */
#pragma once
#include "erp/omie/call.h"

/* The consultation, whose name is OMIE_PO_CONSULT_CALL.  Texts of both live as long as the process.
 */
const OmieMethod *omie_consult_order(void);

/* The closing call: path OMIE_PO_CLOSE_ENDPOINT, name OMIE_PO_CLOSE_CALL. */
const OmieMethod *omie_close_order(void);

typedef struct {
  gint64 id;          /* nCodPed; 0: `number` names the order */
  const char *number; /* cNumero */
  const char *status; /* cStatus; NULL: a consultation */
  const char *item;   /* cCodItem; NULL: the whole order */
} OmieOrder;
void omie_write_order(JsonWriter *w, gconstpointer order);
