/* What callers are told of a transfer or closure, for all routes alike (backoffice.md 6.2, 11.1):
 * the members of a finished or queued one, written into an open object. */
#pragma once
#include "backoffice/closure.h"
#include "backoffice/transfer.h"

#define TRANSFER_BUSY_TEXT "Transferência já em andamento para este destino"
#define CLOSURE_BUSY_TEXT  "Encerramento já em andamento para este pedido"

gboolean transfer_write_answer(Db *db, const Ticket *ticket, JsonWriter *w,
                               GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean closure_write_answer(Db *db, const Ticket *ticket, JsonWriter *w,
                              GError **error) G_GNUC_WARN_UNUSED_RESULT;
