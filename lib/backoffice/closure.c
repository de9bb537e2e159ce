#include "backoffice/closure.h"

#include "backoffice/closure_attempt.h"
#include "base/settings.h"
#include "base/text.h"

static const char sql_open[] =
    "select outcome, id, task_id, attempt"
    "  from backoffice.open_closure($1, $2, $3, $4::bigint, $5::uuid, $6::uuid,"
    "         make_interval(secs => $7::int), $8)";

/* Opens a log, or finds the open one; with a claim it is taken at once. */
static gboolean
open_log(Db *db, const ClosureOrder *order, Ticket *ticket, Claim *claim, GError **error)
{
  g_autofree char *token = claim != NULL ? g_uuid_string_random() : NULL;
  g_autoptr(PGresult) row = db_query(db, DB_CLAIMS_SYSTEM, sql_open,
                                     DB_PARAMS(order->number, order->item, order->invoice_number,
                                               int_text(order->invoice_id), order->requested_by,
                                               token, setting(JOB_LEASE_S), worker_name()),
                                     error);
  if (row != NULL)
    ticket_read(ticket, row, &closure_queue, token, claim);
  return row != NULL;
}

/* The same to be worked on here; who holds the order may be dead. */
static gboolean
open_claimed(Db *db, const ClosureOrder *order, Ticket *ticket, Claim *claim, GError **error)
{
  if (!open_log(db, order, ticket, claim, error))
    return FALSE;
  if (ticket->outcome != TICKET_BUSY)
    return TRUE;
  ticket_clear(ticket);
  return queue_sweep(db, &closure_queue, error) && open_log(db, order, ticket, claim, error);
}

gboolean
closure_run(Db *db, const ClosureOrder *order, gint64 deadline_us, Ticket *ticket, GError **error)
{
  g_auto(Claim) claim = {0};
  return open_claimed(db, order, ticket, &claim, error) &&
         ticket_work(db, &claim, deadline_us, error);
}

gboolean
closure_enqueue(Db *db, const ClosureOrder *order, Ticket *ticket, GError **error)
{
  return open_log(db, order, ticket, NULL, error);
}

static const char sql_result[] =
    "select status, numero_pedido, mensagem_erro, detalhes, id as log_id"
    "  from backoffice.purchase_order_closure_log where id = $1::bigint";

gboolean
closure_write_result(Db *db, const char *log_id, JsonWriter *w, GError **error)
{
  return ticket_write_result(db, sql_result, log_id, w, error);
}

const Queue closure_queue = {
    .name = "closures",
    .table = "backoffice.purchase_order_closure_log",
    .waiting = "'pending', 'failed'",
    /* no newer log of the order and item took over (12.1) */
    .runnable = "not exists (select from backoffice.purchase_order_closure_log n"
                "             where n.numero_pedido = q.numero_pedido and n.id > q.id"
                "               and coalesce(n.item_pedido, '') = coalesce(q.item_pedido, ''))",
    .working = "'processing'",
    .returned = "'pending'",
    .done = "'success'",
    .failed = "'failed'",
    .message = "mensagem_erro",
    .result = "detalhes",
    .ended_at = "processado_em",
    .renew = "backoffice.renew_purchase_order_closure_log",
    .interrupted = "Processamento interrompido",
    .work = closure_attempt,
};
