/* /api/suppliers
 *   GET  suppliers whose name contains ?search= (or ?q=), or whose CNPJ or CPF it is; at most 50 */
#include "backoffice/suppliers.h"
#include "base/error.h"
#include "http/route.h"

static gboolean
search(Request *req, Response *res, GError **error)
{
  const char *text, *alias;
  g_autofree char *answer = NULL;
  if (!request_query(req, "search", &text, error) || !request_query(req, "q", &alias, error))
    return FALSE;
  if (text == NULL || *text == '\0')
    text = alias != NULL ? alias : "";
  if (g_utf8_strlen(text, -1) > SUPPLIERS_MAX_SEARCH) {
    g_set_error(error, PONTE_ERROR, ERROR_INVALID_PARAMETER,
                "search deve ter no máximo %d caracteres", SUPPLIERS_MAX_SEARCH);
    return FALSE;
  }
  if (!suppliers_search(request_db(req), text, request_deadline_us(req), &answer, error))
    return FALSE;
  json_add_raw(response_json(res), NULL, answer);
  return TRUE;
}

const Route route = {
    .family = &family_backoffice,
    .summary = "Procura fornecedores no Omie",
    .methods = {{"GET", search, ACCESS_ROLES(AREA_BACKOFFICE), NULL}},
};
