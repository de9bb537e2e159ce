#include "backoffice/ticket.h"

#include <string.h>

void
ticket_clear(Ticket *ticket)
{
  g_clear_pointer(&ticket->log_id, g_free);
  g_clear_pointer(&ticket->task_id, g_free);
}

void
ticket_read(Ticket *ticket, const PGresult *row, const Queue *queue, const char *token,
            Claim *claim)
{
  static const char *const words[] = {[TICKET_FINISHED] = "claimed",
                                      [TICKET_QUEUED] = "queued",
                                      [TICKET_ALREADY_QUEUED] = "already",
                                      [TICKET_BUSY] = "busy"};
  for (guint i = 0; i < G_N_ELEMENTS(words); i++)
    if (strcmp(db_text(row, 0, 0), words[i]) == 0)
      ticket->outcome = (TicketOutcome)i;
  ticket->log_id = g_strdup(db_text(row, 0, 1));
  ticket->task_id = g_strdup(db_text(row, 0, 2));
  if (ticket->outcome == TICKET_FINISHED)
    *claim = (Claim){.queue = queue,
                     .id = g_strdup(ticket->log_id),
                     .token = g_strdup(token),
                     .attempt = db_int(row, 0, 3)};
}

gboolean
ticket_work(Db *db, const Claim *claim, gint64 deadline_us, GError **error)
{
  JobVerdict verdict;
  return claim->id == NULL || queue_work(db, claim, deadline_us, &verdict, error);
}

gboolean
ticket_write_result(Db *db, const char *sql, const char *log_id, JsonWriter *w, GError **error)
{
  g_autoptr(PGresult) row = db_query(db, DB_CLAIMS_SYSTEM, sql, DB_PARAMS(log_id), error);
  if (row != NULL)
    db_write_members(w, row, 0, PQnfields(row));
  return row != NULL;
}
