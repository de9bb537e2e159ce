/* What a caller's order became: a log of its own, one that was open already, or nothing yet, since
 * somebody is at it. */
#pragma once
#include "jobs/queue.h"

typedef enum {
  TICKET_FINISHED,       /* the attempt ran here; the row tells how it ended */
  TICKET_QUEUED,         /* a worker will do it */
  TICKET_ALREADY_QUEUED, /* an open log of the same order was there */
  TICKET_BUSY,           /* somebody works on it, or on the same destination */
} TicketOutcome;

typedef struct {
  TicketOutcome outcome;
  char *log_id, *task_id;
} Ticket;
void ticket_clear(Ticket *ticket);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Ticket, ticket_clear)

/* Reads what the SQL functions backoffice.open_… and start_… answer: outcome, id, task_id, attempt.
 * FINISHED stands for "claimed": `claim` then holds the row under `token`. */
void ticket_read(Ticket *ticket, const PGresult *row, const Queue *queue, const char *token,
                 Claim *claim);

/* Writes the row that `sql` finds by a log's id, its columns as members, into an open object. */
gboolean ticket_write_result(Db *db, const char *sql, const char *log_id, JsonWriter *w,
                             GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Does the work of a claim, if there is one. */
gboolean ticket_work(Db *db, const Claim *claim, gint64 deadline_us,
                     GError **error) G_GNUC_WARN_UNUSED_RESULT;
