/* /api/purchase-orders/encerrar
 *   POST  closes a purchase order, or one item of it, in Omie, now or in the background */
#include "backoffice/answers.h"
#include "base/error.h"
#include "base/settings.h"
#include "http/members.h"
#include "http/route.h"

#define MISSING  "Campos obrigatórios: numero_pedido, numero_nf_servico, id_nf_servico"
#define MAX_TEXT 50

static const char *
read_text(Members *body, const char *name, const char *missing, const char *wrong)
{
  const char *text = members_number_text(body, name, missing, wrong);
  members_expect_length(body, name, text, MAX_TEXT);
  return text;
}

static gboolean
finish(Request *req, Response *res, GError **error)
{
  g_auto(Members) body = members_of(request_json(req));
  ClosureOrder order = {.requested_by = request_caller(req)->sub};
  order.number = read_text(&body, "numero_pedido", MISSING, "numero_pedido deve ser texto");
  order.invoice_number =
      read_text(&body, "numero_nf_servico", MISSING, "numero_nf_servico deve ser texto");
  order.invoice_id = members_integer(&body, "id_nf_servico", MISSING,
                                     "id_nf_servico deve ser um número inteiro positivo");
  order.item = read_text(&body, "item_pedido", NULL, "item_pedido deve ser texto");
  gboolean later = members_flag(&body, "assincrono", FALSE, "assincrono deve ser booleano");
  if (!members_are_valid(&body, res, error))
    return FALSE;

  Db *db = request_db(req);
  g_auto(Ticket) made = {0};
  later = later || request_prefers_async(req);
  if (!(later ? closure_enqueue(db, &order, &made, error)
              : closure_run(db, &order,
                            request_deadline_within(req, setting_int(BACKOFFICE_SYNC_DEADLINE_S)),
                            &made, error)))
    return FALSE;
  if (made.outcome == TICKET_BUSY) {
    response_error_raw(res, "log_id", made.log_id);
    g_set_error_literal(error, PONTE_ERROR, ERROR_IN_PROGRESS, CLOSURE_BUSY_TEXT);
    return FALSE;
  }
  if (later)
    response_accepted(res, req);
  JsonWriter *w = response_json(res);
  json_open_object(w, NULL);
  if (!closure_write_answer(db, &made, w, error))
    return FALSE;
  json_close_object(w);
  return TRUE;
}

const Route route = {
    .family = &family_backoffice,
    .summary = "Encerra um pedido de compra no Omie",
    .alias = "/api/purchase-orders/closure/encerrar",
    .methods = {{"POST", finish, ACCESS_ROLES(AREA_BACKOFFICE), NULL}},
    .deadline_seconds = 420,
};
