/* /omie/api/v1/produtos/recebimentonfe/ of the sandbox: Omie's receipts of suppliers' invoices
 * (omie-api.md 9): ListarRecebimentos, ConsultarRecebimento.  A page's size is nRegistrosPorPagina
 * here; nRegPorPagina is an unknown tag. */
#include "omie_pages.h"

#include <string.h>

static const OmieMember list_members[] = {OMIE_N("nPagina"),
                                          OMIE_N("nRegistrosPorPagina"),
                                          OMIE_S("cOrdenarPor", 100),
                                          OMIE_D("dtAltDe"),
                                          OMIE_D("dtAltAte"),
                                          OMIE_H("hrAltDe"),
                                          OMIE_H("hrAltAte"),
                                          OMIE_D("dtEmissaoDe"),
                                          OMIE_D("dtEmissaoAte"),
                                          OMIE_N("nIdFornecedor"),
                                          OMIE_S("cEtapa", 2),
                                          OMIE_SN("cExibirDetalhes"),
                                          OMIE_END};
static const OmieType list_type = {"rcbtoListarRequest", list_members};

static const OmieMember key_members[] = {OMIE_N("nIdReceb"), OMIE_S("cChaveNfe", 44), OMIE_END};
static const OmieType key_type = {"rcbtoConsultarRequest", key_members};

static const char sql_page[] =
    "select rows, body from sandbox.omie_receipt_page($1, $2::bigint, $3::bigint, $4)";

static gboolean
list(const OmieCall *call, OmieReply *reply, GError **error)
{
  const char *order = omie_param_text(call->param, "cOrdenarPor");
  if (order != NULL && strcmp(order, "CODIGO") != 0 && strcmp(order, "CHAVE") != 0) {
    omie_reply_fault(reply, 500, "SOAP-ENV:Client-105",
                     "ERROR: O valor da tag [cOrdenarPor] deve ser CODIGO ou CHAVE!");
    return TRUE;
  }
  return omie_page(call, "nRegistrosPorPagina", call->page_cap, sql_page, reply, error);
}

static const char sql_consult[] = "select body, code, message"
                                  "  from sandbox.omie_receipt_consult($1, $2)";

static gboolean
consult(const OmieCall *call, OmieReply *reply, GError **error)
{
  return omie_ask(sql_consult, DB_PARAMS(call->app_key, call->param_text), reply, error);
}

static const OmieMethod methods[] = {
    OMIE_METHOD("ListarRecebimentos", OMIE_READ, &list_type, list),
    OMIE_METHOD("ConsultarRecebimento", OMIE_READ, &key_type, consult, .needs_param = TRUE),
    OMIE_END};

static gboolean
serve(Request *req, Response *res, GError **error)
{
  return omie_serve(req, res, methods, error);
}

const Route route = {
    .family = OMIE_FAMILY,
    .summary = "Omie de ensaio: recebimentos de notas fiscais",
    .methods = {{"POST", serve, ACCESS_PUBLIC}},
    .deadline_seconds = OMIE_DEADLINE_SECONDS,
    .max_body = OMIE_MAX_BODY,
    .body = BODY_RAW,
};
