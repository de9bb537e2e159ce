/* /api/attachments/registrar_mapeamento
 *   POST  notes which receipt a payable was made of; starts the transfer of its attachments when
 *         asked to, now or (as it is by default) in the background */
#include "backoffice/answers.h"
#include "backoffice/integration_map.h"
#include "base/error.h"
#include "base/settings.h"
#include "http/members.h"
#include "http/route.h"

#define IDS_MISSING "origem_recebimento_id e destino_conta_pagar_id são obrigatórios"
#define IDS_WRONG                                                                                  \
  "origem_recebimento_id e destino_conta_pagar_id devem ser números inteiros positivos"

static void
write_map(JsonWriter *w, const Registration *made)
{
  json_add_decimal(w, "mapa_id", made->id);
  json_add_bool(w, "criado", made->is_new);
}

static gboolean
show(Response *res, const Registration *made)
{
  JsonWriter *w = response_json(res);
  response_status(res, made->is_new && !made->is_done ? 201 : 200);
  json_open_object(w, NULL);
  write_map(w, made);
  json_add_decimal(w, "log_id", made->log_id);
  json_add_text(w, "status", made->log_status);
  if (made->is_done)
    json_add_text(w, "mensagem", "Transferência já concluída para este par");
  json_close_object(w);
  return TRUE;
}

static gboolean
start(const Request *req, Response *res, const Registration *made, gboolean later, GError **error)
{
  Db *db = request_db(req);
  gint64 deadline_us = request_deadline_within(req, setting_int(BACKOFFICE_SYNC_DEADLINE_S));
  g_auto(Ticket) begun = {0};
  if (!(later ? transfer_enqueue_log(db, made->log_id, &begun, error)
              : transfer_run_log(db, made->log_id, deadline_us, &begun, error)))
    return FALSE;
  if (begun.outcome == TICKET_BUSY) {
    response_error_raw(res, "log_id", made->log_id);
    g_set_error_literal(error, PONTE_ERROR, ERROR_IN_PROGRESS, TRANSFER_BUSY_TEXT);
    return FALSE;
  }
  if (later)
    response_accepted(res, req);
  JsonWriter *w = response_json(res);
  json_open_object(w, NULL);
  write_map(w, made);
  if (!transfer_write_answer(db, &begun, w, error))
    return FALSE;
  json_close_object(w);
  return TRUE;
}

static gboolean
register_pair(Request *req, Response *res, GError **error)
{
  g_auto(Members) body = members_of(request_json(req));
  g_auto(Registration) made = {0};
  Mapping mapping = {.requested_by = request_caller(req)->sub};
  mapping.receipt_id = members_integer(&body, "origem_recebimento_id", IDS_MISSING, IDS_WRONG);
  mapping.payable_id = members_integer(&body, "destino_conta_pagar_id", IDS_MISSING, IDS_WRONG);
  mapping.invoice = members_number_text(&body, "numero_nf", NULL, "numero_nf deve ser texto");
  members_expect_length(&body, "numero_nf", mapping.invoice, 60);
  gboolean wanted = members_flag(&body, "iniciar_transferencia", FALSE,
                                 "iniciar_transferencia deve ser booleano");
  gboolean later = members_flag(&body, "assincrono", TRUE, "assincrono deve ser booleano");
  if (!members_are_valid(&body, res, error) ||
      !mapping_register(request_db(req), &mapping, &made, error))
    return FALSE;
  if (!wanted || made.is_done)
    return show(res, &made);
  return start(req, res, &made, later || request_prefers_async(req), error);
}

const Route route = {
    .family = &family_backoffice,
    .summary = "Registra de qual recebimento nasceu uma conta a pagar",
    .methods = {{"POST", register_pair, ACCESS_ROLES(AREA_BACKOFFICE), NULL}},
    .deadline_seconds = 420,
};
