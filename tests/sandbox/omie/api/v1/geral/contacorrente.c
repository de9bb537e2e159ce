/* /omie/api/v1/geral/contacorrente/ of the sandbox: ListarContasCorrentes, and the ListarMovimentos
 * of an account (erp-connectors.md 6.3). */
#include "omie_pages.h"

static const OmieMember list_members[] = {OMIE_N("pagina"), OMIE_N("registros_por_pagina"),
                                          OMIE_SN("apenas_importado_api"), OMIE_END};
static const OmieType list_type = {"fin_conta_corrente_lista_request", list_members};

static const OmieMember entry_members[] = {OMIE_S("cCodConta", 50),
                                           OMIE_D("dDataDe"),
                                           OMIE_D("dDataAte"),
                                           OMIE_N("nCodEmpresa"),
                                           OMIE_N("pagina"),
                                           OMIE_N("registros_por_pagina"),
                                           OMIE_END};
static const OmieType entry_type = {"movListarRequest", entry_members};

static const char sql_list[] = "select body, code, message from sandbox.omie_contas($1, $2)";

static gboolean
list(const OmieCall *call, OmieReply *reply, GError **error)
{
  return omie_ask_books(sql_list, call, NULL, reply, error);
}

static const char sql_entries[] = "select body, code, message from sandbox.omie_movimentos($1, $2)";

static gboolean
list_entries(const OmieCall *call, OmieReply *reply, GError **error)
{
  return omie_ask_books(sql_entries, call,
                        (const char *const[]){"cCodConta", "dDataDe", "dDataAte", NULL}, reply,
                        error);
}

static const OmieMethod methods[] = {
    OMIE_METHOD("ListarContasCorrentes", OMIE_READ, &list_type, list),
    OMIE_METHOD("ListarMovimentos", OMIE_READ, &entry_type, list_entries), OMIE_END};

static gboolean
serve(Request *req, Response *res, GError **error)
{
  return omie_serve(req, res, methods, error);
}

const Route route = {
    .family = OMIE_FAMILY,
    .summary = "Omie de ensaio: contas correntes",
    .methods = {{"POST", serve, ACCESS_PUBLIC}},
    .deadline_seconds = OMIE_DEADLINE_SECONDS,
    .max_body = OMIE_MAX_BODY,
    .body = BODY_RAW,
};
