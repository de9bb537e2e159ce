/* /api/attachments/transferir
 *   POST  copies the attachments of one record of Omie's to another, now or in the background */
#include "backoffice/answers.h"
#include "backoffice/names.h"
#include "base/error.h"
#include "base/settings.h"
#include "http/members.h"
#include "http/route.h"

#define IDS_MISSING "origem_id e destino_id são obrigatórios"
#define IDS_WRONG   "origem_id e destino_id devem ser números inteiros positivos"

static const char *
read_table(Members *body, const char *name, const char *fallback, const char *wrong)
{
  const char *table = members_text(body, name, NULL, wrong);
  members_expect(body, table == NULL || name_is_table(table), name, wrong);
  return table != NULL ? table : fallback;
}

static gboolean
transfer(Request *req, Response *res, GError **error)
{
  g_auto(Members) body = members_of(request_json(req));
  TransferOrder order = {.requested_by = request_caller(req)->sub};
  order.origin_id = members_integer(&body, "origem_id", IDS_MISSING, IDS_WRONG);
  order.target_id = members_integer(&body, "destino_id", IDS_MISSING, IDS_WRONG);
  order.origin_table =
      read_table(&body, "origem_tabela", TRANSFER_ORIGIN_TABLE, "origem_tabela inválida");
  order.target_table =
      read_table(&body, "destino_tabela", TRANSFER_TARGET_TABLE, "destino_tabela inválida");
  gboolean later = members_flag(&body, "assincrono", FALSE, "assincrono deve ser booleano");
  members_expect(&body, !transfer_order_is_circular(&order), "destino_id",
                 "origem e destino não podem ser o mesmo registro");
  if (!members_are_valid(&body, res, error))
    return FALSE;

  Db *db = request_db(req);
  g_auto(Ticket) made = {0};
  later = later || request_prefers_async(req);
  if (!(later ? transfer_enqueue(db, &order, &made, error)
              : transfer_run(db, &order,
                             request_deadline_within(req, setting_int(BACKOFFICE_SYNC_DEADLINE_S)),
                             &made, error)))
    return FALSE;
  if (made.outcome == TICKET_BUSY) {
    response_error_raw(res, "log_id", made.log_id);
    g_set_error_literal(error, PONTE_ERROR, ERROR_IN_PROGRESS, TRANSFER_BUSY_TEXT);
    return FALSE;
  }
  if (later)
    response_accepted(res, req);
  JsonWriter *w = response_json(res);
  json_open_object(w, NULL);
  if (!transfer_write_answer(db, &made, w, error))
    return FALSE;
  json_close_object(w);
  return TRUE;
}

const Route route = {
    .family = &family_backoffice,
    .summary = "Transfere os anexos de um registro do Omie para outro",
    .methods = {{"POST", transfer, ACCESS_ROLES(AREA_BACKOFFICE), NULL}},
    .deadline_seconds = 420, /* BACKOFFICE_SYNC_DEADLINE_S, and two calls to Omie (3.12) */
};
