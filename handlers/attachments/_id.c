/* /api/attachments/{id}
 *   GET  one transfer */
#include "backoffice/log_lists.h"
#include "http/list_answer.h"

static gboolean
show(Request *req, Response *res, GError **error)
{
  return list_answer_one(req, res, &transfer_log_list, error);
}

const Route route = {
    .family = &family_backoffice,
    .summary = "Mostra uma transferência de anexos",
    .methods = {{"GET", show, ACCESS_ROLES(AREA_BACKOFFICE), NULL}},
};
