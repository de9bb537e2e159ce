/* /api/purchase-orders
 *   GET  closures of purchase orders, newest first */
#include "backoffice/log_lists.h"
#include "http/list_answer.h"

static gboolean
list(Request *req, Response *res, GError **error)
{
  return list_answer(req, res, &closure_log_list, error);
}

const Route route = {
    .family = &family_backoffice,
    .summary = "Lista os encerramentos de pedidos de compra",
    .alias = "/api/purchase-orders/closure",
    .methods = {{"GET", list, ACCESS_ROLES(AREA_BACKOFFICE), NULL}},
};
