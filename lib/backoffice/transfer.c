#include "backoffice/transfer.h"

#include <string.h>

#include "backoffice/transfer_attempt.h"
#include "backoffice/transfer_log.h"
#include "base/text.h"

gboolean
transfer_order_is_circular(const TransferOrder *order)
{
  g_autofree char *origin = transfer_wire_table(order->origin_table);
  g_autofree char *target = transfer_wire_table(order->target_table);
  return order->origin_id == order->target_id && strcmp(origin, target) == 0;
}

/* Opens a log to work on; who holds the destination may be dead. */
static gboolean
open_log(Db *db, const TransferOrder *order, Ticket *ticket, Claim *claim, GError **error)
{
  if (!transfer_log_open(db, order, ticket, claim, error))
    return FALSE;
  if (ticket->outcome != TICKET_BUSY)
    return TRUE;
  ticket_clear(ticket);
  return queue_sweep(db, &transfer_queue, error) &&
         transfer_log_open(db, order, ticket, claim, error);
}

gboolean
transfer_run(Db *db, const TransferOrder *order, gint64 deadline_us, Ticket *ticket, GError **error)
{
  g_auto(Claim) claim = {0};
  return open_log(db, order, ticket, &claim, error) && ticket_work(db, &claim, deadline_us, error);
}

gboolean
transfer_enqueue(Db *db, const TransferOrder *order, Ticket *ticket, GError **error)
{
  return transfer_log_open(db, order, ticket, NULL, error);
}

gboolean
transfer_run_log(Db *db, const char *log_id, gint64 deadline_us, Ticket *ticket, GError **error)
{
  g_auto(Claim) claim = {0};
  return transfer_log_start(db, log_id, ticket, &claim, error) &&
         ticket_work(db, &claim, deadline_us, error);
}

gboolean
transfer_enqueue_log(Db *db, const char *log_id, Ticket *ticket, GError **error)
{
  return transfer_log_start(db, log_id, ticket, NULL, error);
}

static const char sql_result[] =
    "select status, anexos_sucesso as anexos_transferidos, total_anexos, mensagem_erro,"
    "       detalhes, id as log_id"
    "  from backoffice.attachment_transfer_log where id = $1::bigint";

gboolean
transfer_write_result(Db *db, const char *log_id, JsonWriter *w, GError **error)
{
  return ticket_write_result(db, sql_result, log_id, w, error);
}

const Queue transfer_queue = {
    .name = "attachments",
    .table = "backoffice.attachment_transfer_log",
    .waiting = "'pending', 'failed'",
    /* the destination is free (6.14), and no newer log of the pair took over (6.13) */
    .runnable = "not exists (select from backoffice.attachment_transfer_log b"
                "             where b.destino_tabela_omie = q.destino_tabela_omie"
                "               and b.destino_id = q.destino_id and b.status = 'processing')"
                " and not exists (select from backoffice.attachment_transfer_log n"
                "             where n.origem_id = q.origem_id and n.destino_id = q.destino_id"
                "               and n.origem_tabela_omie = q.origem_tabela_omie"
                "               and n.destino_tabela_omie = q.destino_tabela_omie and n.id > q.id)",
    .working = "'processing'",
    .returned = "'pending'",
    .done = "'success'",
    .failed = "'failed'",
    .message = "mensagem_erro",
    .result = "detalhes",
    .ended_at = "processado_em",
    .renew = "backoffice.renew_attachment_transfer_log",
    .interrupted = "Processamento interrompido",
    .work = transfer_attempt,
};
