/* The log of client syncs (fin.erp_sync_log) and its gate: at most one run at a time, at most one
 * in FIN_SYNC_COOLDOWN_S (fin.md 6.3, 6.9). */
#pragma once
#include "base/json.h"
#include "db/db.h"
#include "fin/client_plan.h"

/* What a run has done so far, as its row shows it. */
typedef struct {
  gint64 pages, total_pages;
  ClientCounts counts;
} SyncProgress;

/* `record_count`: everything that ended in an insert or an update. */
gint64 sync_progress_records(const SyncProgress *progress);

/* `details` as JSON.  Caller frees. */
char *sync_progress_json(const SyncProgress *progress);

typedef enum { SYNC_OPENED, SYNC_COOLING_DOWN, SYNC_RUNNING } SyncGate;

/* Opens a run in one short transaction, or tells why not.  `requested_by` is NULL for a cron;
 * `later` leaves the run to the workers. SYNC_OPENED and SYNC_RUNNING set *log_id (the caller's);
 * SYNC_COOLING_DOWN sets *wait_ms. Errors: STORAGE_REFUSED ("Falha ao criar registro de sync."),
 * DATABASE_UNAVAILABLE. */
gboolean sync_log_open(Db *db, const char *requested_by, gboolean later, SyncGate *gate,
                       char **log_id, gint64 *wait_ms, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Closes a run; INTERRUPTED when it was declared dead meanwhile.  Success when `failure` is NULL,
 * else error with its text, cut at 500 characters. */
gboolean sync_log_close(Db *db, const char *log_id, const SyncProgress *progress,
                        const char *failure, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The newest run as the caller may see it; no rows when there never was one.  Columns: SyncColumn.
 */
typedef enum {
  SYNC_ID,
  SYNC_STARTED_AT, /* instants as answers show them */
  SYNC_FINISHED_AT,
  SYNC_STATUS,
  SYNC_RECORD_COUNT,
  SYNC_ERROR_MESSAGE,
  SYNC_COOLDOWN_SECONDS,
  SYNC_PAGE, /* progress: null unless running */
  SYNC_TOTAL_PAGES,
} SyncColumn;
PGresult *sync_log_last(Db *db, const char *claims, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The member `lastSync` of an answer: null, or the run of a row with these columns. */
void sync_log_write_last(JsonWriter *w, const PGresult *run);

/* Minutes in the cooldown's text and seconds in Retry-After: both rounded up (fin.md 6.8). */
gint64 sync_cooldown_minutes(gint64 wait_ms);
gint64 sync_cooldown_seconds(gint64 wait_ms);

#define SYNC_INTERRUPTED "Sincronização interrompida."
#define SYNC_MAX_MESSAGE 500 /* characters of error_message */
