/* Faults that a test arranged in sandbox.omie_fault. */
#pragma once
#include "db/db.h"
#include "http/request.h"
#include "omie_reply.h"

typedef struct {
  gboolean is_due;
  char *behaviour;    /* answer, hang, reset, cut */
  gboolean performed; /* the call's work is to be done first */
  guint status;       /* 0: not said */
  char *content_type;
  char *headers; /* a JSON object */
  GBytes *body;  /* NULL: not said */
} OmieFault;

void omie_fault_clear(OmieFault *fault);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(OmieFault, omie_fault_clear)

/* TRUE when the usual answer is needed to play it. */
gboolean omie_fault_needs_work(const OmieFault *fault);

/* Makes `reply`, which holds the usual answer when that is needed, the arranged one; its status
 * becomes 0 when the connection is to be reset. */
void omie_fault_prepare(const OmieFault *fault, OmieReply *reply);
void omie_fault_send(const OmieFault *fault, const OmieReply *reply, const Request *req,
                     Response *res);

/* A bytea cell of a result; NULL for SQL null. */
GBytes *omie_fault_bytes(const PGresult *result, int column);

/* A call takes its time, unless the sandbox is asked to stop. */
void omie_take_time(gint64 ms);
