/* The outbox of messages: an interaction that is due is a job of the queue "interactions",
 * committed with the sale that caused it (data-collecting.md 9, DESIGN "Work in the background").
 * A message is sent at most once: what is not known to have failed is never sent again by itself.
 */
#pragma once
#include "jobs/queue.h"

extern const Queue interaction_queue;

typedef struct {
  guint sent, failed;
  gint64 left; /* due, and not sent by the deadline, or held back with their connection */
} InteractionsRun;

/* process-interactions (9.8): schedules what others inserted without knowing of the queue, takes
 * back what dead programs left, and sends what is due until nothing is, the deadline
 * (g_get_monotonic_time) comes or a stop is asked for.  Errors: DATABASE_*. */
gboolean interactions_process(Db *db, gint64 deadline_us, InteractionsRun *run,
                              GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Sends the immediate interactions of the last 24 hours that are due, of these organizations (ids,
 * NULL-terminated), until none is, the deadline comes or a stop is asked for; what is left is the
 * workers'.  Adds the statements it needed.  Errors: DATABASE_*. */
gboolean interactions_drain(Db *db, const char *const *organizations, gint64 deadline_us,
                            guint *statements, GError **error) G_GNUC_WARN_UNUSED_RESULT;
