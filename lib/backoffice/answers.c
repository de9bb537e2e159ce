#include "backoffice/answers.h"

static void
write_queued(JsonWriter *w, const char *message, const char *task_id, const char *log_id)
{
  json_add_text(w, "mensagem", message);
  json_add_text(w, "task_id", task_id);
  json_add_decimal(w, "log_id", log_id);
}

gboolean
transfer_write_answer(Db *db, const Transfer *transfer, JsonWriter *w, GError **error)
{
  if (transfer->outcome == TRANSFER_FINISHED)
    return transfer_write_result(db, transfer->log_id, w, error);
  write_queued(w,
               transfer->outcome == TRANSFER_ALREADY_QUEUED
                   ? "Transferência já está na fila"
                   : "Transferência iniciada de forma assíncrona",
               transfer->task_id, transfer->log_id);
  return TRUE;
}

gboolean
closure_write_answer(Db *db, const Closure *closure, JsonWriter *w, GError **error)
{
  if (closure->outcome == CLOSURE_FINISHED)
    return closure_write_result(db, closure->log_id, w, error);
  write_queued(w,
               closure->outcome == CLOSURE_ALREADY_QUEUED
                   ? "Encerramento já está na fila"
                   : "Encerramento iniciado de forma assíncrona",
               closure->task_id, closure->log_id);
  return TRUE;
}
