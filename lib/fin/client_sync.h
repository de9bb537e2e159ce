/* Copies Omie's clients into fin.clients (fin.md 6). */
#pragma once
#include "fin/sync_log.h"
#include "jobs/queue.h"

/* Runs left to the workers (Prefer: respond-async). */
extern const Queue client_sync_queue;

/* Runs the sync of an opened log row to its end and closes the row, whatever happens.
 * `deadline_us` is g_get_monotonic_time() at which to give up.  Pages stored before a failure stay.
 * *record_count is set in any case.  Errors: those of omie_listing_next with fin.md's texts (as
 * stored in the row), NOT_CONFIGURED, DATABASE_*. */
gboolean client_sync_run(Db *db, const char *log_id, gint64 deadline_us, gint64 *record_count,
                         GError **error) G_GNUC_WARN_UNUSED_RESULT;
