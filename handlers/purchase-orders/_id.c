/* /api/purchase-orders/{id}
 *   GET  one closure */
#include "backoffice/log_lists.h"
#include "http/list_answer.h"

static gboolean
show(Request *req, Response *res, GError **error)
{
  return list_answer_one(req, res, &closure_log_list, error);
}

const Route route = {
    .family = &family_backoffice,
    .summary = "Mostra um encerramento de pedido de compra",
    .alias = "/api/purchase-orders/closure/{id}",
    .methods = {{"GET", show, ACCESS_ROLES(AREA_BACKOFFICE), NULL}},
};
