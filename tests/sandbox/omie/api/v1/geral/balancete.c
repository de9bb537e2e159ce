/* /omie/api/v1/geral/balancete/ of the sandbox: ListarBalancete (erp-connectors.md 6.3). */
#include "omie_pages.h"

static const OmieMember members[] = {OMIE_D("dDataDe"),
                                     OMIE_D("dDataAte"),
                                     OMIE_N("nCodEmpresa"),
                                     OMIE_N("pagina"),
                                     OMIE_N("registros_por_pagina"),
                                     OMIE_END};
static const OmieType type = {"balListarRequest", members};

static const char sql_list[] = "select body, code, message from sandbox.omie_balancete($1, $2)";

static gboolean
list(const OmieCall *call, OmieReply *reply, GError **error)
{
  return omie_ask_books(sql_list, call, (const char *const[]){"dDataDe", "dDataAte", NULL}, reply,
                        error);
}

static const OmieMethod methods[] = {OMIE_METHOD("ListarBalancete", OMIE_READ, &type, list),
                                     OMIE_END};

static gboolean
serve(Request *req, Response *res, GError **error)
{
  return omie_serve(req, res, methods, error);
}

const Route route = {
    .family = OMIE_FAMILY,
    .summary = "Omie de ensaio: balancete",
    .methods = {{"POST", serve, ACCESS_PUBLIC}},
    .deadline_seconds = OMIE_DEADLINE_SECONDS,
    .max_body = OMIE_MAX_BODY,
    .body = BODY_RAW,
};
