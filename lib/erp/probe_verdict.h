/* What a health probe means (erp-connectors.md 2.4).  Pure. */
#pragma once
#include "erp/connector.h"

typedef struct {
  const GError *error; /* NULL: an answer that could be read */
  guint status;        /* of it; 0: none came */
  gint64 latency_us;
  gboolean has_token;   /* by OAuth2: the ERP knows us, whatever it says of the path */
  gboolean unpersisted; /* a renewed refresh token could not be written yet */
} ProbeFacts;

/* Fills in all but the details; returns why it is not healthy (a stable word), or NULL. */
const char *probe_judge(const ProbeFacts *facts, ErpHealth *health);
