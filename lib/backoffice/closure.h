/* Purchase orders closed when their service invoice was posted (RF-002, backoffice.md 11). */
#pragma once
#include "backoffice/ticket.h"
#include "base/json.h"

typedef struct {
  const char *number;
  const char *item; /* NULL: the whole order */
  const char *invoice_number;
  gint64 invoice_id;
  const char *requested_by; /* user, or NULL */
} ClosureOrder;

/* Runs one attempt here and now: FINISHED or BUSY.  A pending log is taken over. */
gboolean closure_run(Db *db, const ClosureOrder *order, gint64 deadline_us, Ticket *ticket,
                     GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Leaves it to the workers. */
gboolean closure_enqueue(Db *db, const ClosureOrder *order, Ticket *ticket,
                         GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Writes the members of a finished closure's answer into an open object (11.1). */
gboolean closure_write_result(Db *db, const char *log_id, JsonWriter *w,
                              GError **error) G_GNUC_WARN_UNUSED_RESULT;

extern const Queue closure_queue;
