/* /api/attachments
 *   GET  transfers of attachments, newest first */
#include "backoffice/log_lists.h"
#include "http/list_answer.h"

static gboolean
list(Request *req, Response *res, GError **error)
{
  return list_answer(req, res, &transfer_log_list, error);
}

const Route route = {
    .family = &family_backoffice,
    .summary = "Lista as transferências de anexos",
    .methods = {{"GET", list, ACCESS_ROLES(AREA_BACKOFFICE), NULL}},
};
