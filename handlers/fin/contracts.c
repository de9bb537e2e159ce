/* /api/fin/contracts
 *   POST  registers a contract of a client
 *   GET   contracts by client; ?client_id=, ?limit=1..500 */
#include <string.h>

#include "base/error.h"
#include "base/text.h"
#include "fin/period.h"
#include "fin/register.h"
#include "http/fields.h"
#include "http/route.h"

static gboolean
create(Request *req, Response *res, GError **error)
{
  g_autoptr(Fields) body = fields_new(req);
  NewContract contract = {
      .id = fields_uuid(body, "id", FIELD_OPTIONAL),
      .client_id = fields_uuid(body, "client_id", FIELD_REQUIRED),
      .mrr = fields_money(body, "mrr", FIELD_REQUIRED),
      .start_date = fields_date(body, "start_date", FIELD_OPTIONAL),
      .end_date = fields_date(body, "end_date", FIELD_OPTIONAL),
      .renewal_date = fields_date(body, "renewal_date", FIELD_OPTIONAL),
      .adjustment_index = fields_text(body, "adjustment_index", FIELD_OPTIONAL, 50),
      .notes = fields_text(body, "notes", FIELD_OPTIONAL, 2000),
  };
  g_autoptr(PGresult) row = NULL;
  RegisterOutcome outcome;
  if (contract.start_date != NULL && contract.end_date != NULL &&
      strcmp(contract.end_date, contract.start_date) < 0)
    fields_complain(body, "end_date", "Deve ser a partir de start_date.");
  if (!fields_are_valid(body, res, error) ||
      !register_contract(request_db(req), &contract, &outcome, &row, error))
    return FALSE;
  if (outcome == REGISTER_NO_CLIENT) {
    fields_complain(body, "client_id", "Cliente não encontrado.");
    return fields_are_valid(body, res, error);
  }
  if (outcome == REGISTER_OTHER) {
    g_set_error_literal(error, PONTE_ERROR, ERROR_CONFLICT,
                        "Já existe outro contrato com este id.");
    return FALSE;
  }
  response_status(res, outcome == REGISTER_CREATED ? 201 : 200);
  db_write_row(response_json(res), row, 0, REGISTER_CONTRACT_COLUMNS);
  return TRUE;
}

static const char sql_list[] =
    "select k.id, k.client_id, c.name as client_name, c.omie_codigo, k.mrr, k.start_date,"
    "       k.end_date, k.renewal_date, k.adjustment_index, k.notes,"
    "       ponte.instant_text(k.created_at) as created_at"
    "  from fin.contracts k left join fin.clients c on c.id = k.client_id"
    " where $1::uuid is null or k.client_id = $1::uuid"
    " order by c.name, k.created_at, k.id limit $2::int";

static gboolean
list(Request *req, Response *res, GError **error)
{
  const char *client_id, *asked_limit;
  gint64 limit;
  if (!request_query(req, "client_id", &client_id, error) ||
      !request_query(req, "limit", &asked_limit, error) || !list_limit(asked_limit, &limit, error))
    return FALSE;
  if (client_id != NULL && !g_uuid_string_is_valid(client_id)) {
    g_set_error_literal(error, PONTE_ERROR, ERROR_INVALID_PARAMETER, "client_id deve ser um UUID.");
    return FALSE;
  }
  g_autoptr(PGresult) rows = db_query(request_db(req), request_claims(req), sql_list,
                                      DB_PARAMS(client_id, int_text(limit)), error);
  if (rows == NULL)
    return FALSE;
  response_rows(res, rows);
  return TRUE;
}

const Route route = {
    .family = &family_fin,
    .summary = "Cadastra e lista contratos",
    .methods = {{"POST", create, ACCESS_ROLES(AREA_FIN), NULL},
                {"GET", list, ACCESS_ROLES(AREA_FIN), NULL}},
    .max_body = 16 * 1024,
};
