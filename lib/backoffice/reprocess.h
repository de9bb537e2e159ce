/* Working off what failed, in the request itself (backoffice.md 8, 12). */
#pragma once
#include "jobs/queue.h"

typedef struct {
  gint64 processed, succeeded, failed, remaining;
} ReprocessCount;

/* Takes eligible rows of a queue, oldest first, each at most once, until none is left or the time
 * is over: those that `eligible` (a condition on the row q) allows, scheduled or not. */
gboolean reprocess(Db *db, const Queue *queue, const char *eligible, gint64 deadline_us,
                   ReprocessCount *count, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The conditions of the two routes. */
extern const char reprocess_pending_transfers[], reprocess_failed_closures[];
