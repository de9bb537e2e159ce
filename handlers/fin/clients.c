/* /api/fin/clients
 *   POST  registers a client by hand
 *   GET   clients by name; ?search= in name, document or code, ?limit=1..500 */
#include "base/error.h"
#include "base/text.h"
#include "fin/period.h"
#include "fin/register.h"
#include "http/fields.h"
#include "http/route.h"

/* The digits of a document typed with or without punctuation. */
static const char *
read_document(Fields *body, char **digits)
{
  const char *typed = fields_text(body, "document", FIELD_OPTIONAL, 30);
  if (typed == NULL)
    return NULL;
  *digits = text_digits(typed);
  if (**digits == '\0')
    fields_complain(body, "document", "Deve conter dígitos.");
  return *digits;
}

static gboolean
create(Request *req, Response *res, GError **error)
{
  g_autoptr(Fields) body = fields_new(req);
  g_autofree char *digits = NULL;
  NewClient client = {
      .id = fields_uuid(body, "id", FIELD_OPTIONAL),
      .name = fields_text(body, "name", FIELD_REQUIRED, 200),
      .document = read_document(body, &digits),
      .contact_email = fields_text(body, "contact_email", FIELD_OPTIONAL, 200),
      .omie_codigo = fields_code(body, "omie_codigo", FIELD_OPTIONAL),
  };
  g_autoptr(PGresult) row = NULL;
  RegisterOutcome outcome;
  if (!fields_are_valid(body, res, error) ||
      !register_client(request_db(req), &client, &outcome, &row, error))
    return FALSE;
  if (outcome == REGISTER_OTHER) {
    g_set_error_literal(error, PONTE_ERROR, ERROR_CONFLICT, "Já existe outro cliente com este id.");
    return FALSE;
  }
  response_status(res, outcome == REGISTER_CREATED ? 201 : 200);
  db_write_row(response_json(res), row, 0, REGISTER_CLIENT_COLUMNS);
  return TRUE;
}

static const char sql_list[] =
    "select id, name, document, contact_email, omie_codigo,"
    "       ponte.instant_text(created_at) as created_at,"
    "       ponte.instant_text(updated_at) as updated_at"
    "  from fin.clients"
    " where $1::text is null or strpos(lower(name), lower($1)) > 0 or omie_codigo = $1"
    "    or document = nullif(regexp_replace($1, '[^0-9]', '', 'g'), '')"
    " order by name, id limit $2::int";

static gboolean
list(Request *req, Response *res, GError **error)
{
  const char *search, *asked_limit;
  gint64 limit;
  if (!request_query(req, "search", &search, error) ||
      !request_query(req, "limit", &asked_limit, error) || !list_limit(asked_limit, &limit, error))
    return FALSE;
  g_autoptr(PGresult) rows = db_query(request_db(req), request_claims(req), sql_list,
                                      DB_PARAMS(search, int_text(limit)), error);
  if (rows == NULL)
    return FALSE;
  response_rows(res, rows);
  return TRUE;
}

const Route route = {
    .family = &family_fin,
    .summary = "Cadastra e lista clientes",
    .methods = {{"POST", create, ACCESS_ROLES(AREA_FIN), NULL},
                {"GET", list, ACCESS_ROLES(AREA_FIN), NULL}},
};
