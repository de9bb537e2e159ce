/* Attachments copied from one record of Omie's to another (RF-001, backoffice.md 6, 8). */
#pragma once
#include "backoffice/ticket.h"
#include "base/json.h"

#define TRANSFER_ORIGIN_TABLE "com-recebimento"
#define TRANSFER_TARGET_TABLE "conta_a_pagar"

typedef struct {
  const char *origin_table; /* as the caller names it; on the wire by OMIE_TABELA_ALIAS (6.1b) */
  gint64 origin_id;
  const char *target_table;
  gint64 target_id;
  const char *requested_by; /* user, or NULL */
} TransferOrder;

/* Origin and target are one record. */
gboolean transfer_order_is_circular(const TransferOrder *order);

/* Runs one attempt here and now: FINISHED or BUSY.  A pending log of the pair is taken over. */
gboolean transfer_run(Db *db, const TransferOrder *order, gint64 deadline_us, Ticket *ticket,
                      GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Leaves it to the workers: QUEUED or ALREADY_QUEUED. */
gboolean transfer_enqueue(Db *db, const TransferOrder *order, Ticket *ticket,
                          GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The same two for a log that exists (9.7); QUEUED also when it is being worked on. */
gboolean transfer_run_log(Db *db, const char *log_id, gint64 deadline_us, Ticket *ticket,
                          GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean transfer_enqueue_log(Db *db, const char *log_id, Ticket *ticket,
                              GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Writes the members of a finished transfer's answer into an open object (6.2, 6.3). */
gboolean transfer_write_result(Db *db, const char *log_id, JsonWriter *w,
                               GError **error) G_GNUC_WARN_UNUSED_RESULT;

extern const Queue transfer_queue;
