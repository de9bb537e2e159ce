/* What an ERP is asked to learn whether it is well (erp-connectors.md 6): GET of the wire name
 * health.path; Omie, which knows no such thing, the list of its companies. */
#pragma once
#include "erp/call.h"

typedef struct {
  char *url, *body;   /* body NULL: GET */
  GPtrArray *headers; /* ended by NULL */
  RowShape shape;
  const BodyReader *format; /* for a RowReader of that shape */
  gboolean has_guard;
  CallPolicy guard; /* Omie */
  RatePolicy rate;  /* the ERP's; of Omie with the method's own bucket */
  char *bucket;     /* its key */
} ProbeRequest;

/* Errors: ERP_TOKEN_EXPIRED, ERP_NOT_CONFIGURED (no path). */
gboolean probe_request_init(ProbeRequest *request, const Erp *erp,
                            GError **error) G_GNUC_WARN_UNUSED_RESULT;
void probe_request_clear(ProbeRequest *request); /* wipes it */
