/* The log of transfers: opening one, and keeping it true while files are copied, so that nothing is
 * included twice whatever dies (backoffice.md 6.10).  Private to the transfer. */
#pragma once
#include <jansson.h>

#include "backoffice/transfer.h"
#include "backoffice/transfer_plan.h"

/* Opens a log for an order, or finds the pair's open one; with a claim it is taken at once.
 * *outcome is FINISHED (claimed, to be worked on), QUEUED, ALREADY_QUEUED or BUSY. */
/* The same for a log that exists: FINISHED, QUEUED or BUSY. */
gboolean transfer_log_start(Db *db, const char *log_id, Ticket *ticket, Claim *claim,
                            GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean transfer_log_open(Db *db, const TransferOrder *order, Ticket *ticket, Claim *claim,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The wire name of a table (6.1b).  Caller frees. */
char *transfer_wire_table(const char *table);

/* What an attempt must know: the record's two sides, and what earlier attempts did. */
typedef struct {
  char *origin_table, *target_table; /* on the wire */
  gint64 origin_id, target_id;
  json_t *sent, *in_flight; /* arrays of {"nome","nIdAnexoOrigem",…} */
} TransferLog;
void transfer_log_clear(TransferLog *log);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(TransferLog, transfer_log_clear)
gboolean transfer_log_load(Db *db, const Claim *claim, TransferLog *log,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Each is one statement that also renews the lease.  Errors: INTERRUPTED when the lease is lost,
 * DATABASE_*. */
gboolean transfer_log_found(Db *db, const Claim *claim, guint files,
                            GError **error) G_GNUC_WARN_UNUSED_RESULT; /* total_anexos */
gboolean transfer_log_sending(Db *db, const Claim *claim, const ListedFile *file,
                              GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean transfer_log_sent(Db *db, const Claim *claim, const ListedFile *file, gint64 size,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean transfer_log_refused(Db *db, const Claim *claim, const ListedFile *file,
                              GError **error) G_GNUC_WARN_UNUSED_RESULT;
