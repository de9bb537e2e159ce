#include "backoffice/answers.h"

static void
write_queued(JsonWriter *w, const char *message, const char *task_id, const char *log_id)
{
  json_add_text(w, "mensagem", message);
  json_add_text(w, "task_id", task_id);
  json_add_decimal(w, "log_id", log_id);
}

gboolean
transfer_write_answer(Db *db, const Ticket *ticket, JsonWriter *w, GError **error)
{
  if (ticket->outcome == TICKET_FINISHED)
    return transfer_write_result(db, ticket->log_id, w, error);
  write_queued(w,
               ticket->outcome == TICKET_ALREADY_QUEUED
                   ? "Transferência já está na fila"
                   : "Transferência iniciada de forma assíncrona",
               ticket->task_id, ticket->log_id);
  return TRUE;
}

gboolean
closure_write_answer(Db *db, const Ticket *ticket, JsonWriter *w, GError **error)
{
  if (ticket->outcome == TICKET_FINISHED)
    return closure_write_result(db, ticket->log_id, w, error);
  write_queued(w,
               ticket->outcome == TICKET_ALREADY_QUEUED
                   ? "Encerramento já está na fila"
                   : "Encerramento iniciado de forma assíncrona",
               ticket->task_id, ticket->log_id);
  return TRUE;
}
