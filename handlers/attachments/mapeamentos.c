/* /api/attachments/mapeamentos
 *   GET  receipts and the payables made of them, newest first */
#include "backoffice/log_lists.h"
#include "http/list_answer.h"

static gboolean
list(Request *req, Response *res, GError **error)
{
  return list_answer(req, res, &integration_map_list, error);
}

const Route route = {
    .family = &family_backoffice,
    .summary = "Lista o mapa de integração",
    .methods = {{"GET", list, ACCESS_ROLES(AREA_BACKOFFICE), NULL}},
};
