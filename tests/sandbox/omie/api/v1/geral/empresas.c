/* /omie/api/v1/geral/empresas/ of the sandbox: ListarEmpresas (erp-connectors.md 6.3). */
#include "omie_pages.h"

static const OmieMember members[] = {OMIE_N("pagina"), OMIE_N("registros_por_pagina"),
                                     OMIE_SN("apenas_importado_api"), OMIE_END};
static const OmieType type = {"empresas_list_request", members};

static const char sql_list[] = "select body, code, message from sandbox.omie_empresas($1, $2)";

static gboolean
list(const OmieCall *call, OmieReply *reply, GError **error)
{
  return omie_ask_books(sql_list, call, NULL, reply, error);
}

static const OmieMethod methods[] = {OMIE_METHOD("ListarEmpresas", OMIE_READ, &type, list),
                                     OMIE_END};

static gboolean
serve(Request *req, Response *res, GError **error)
{
  return omie_serve(req, res, methods, error);
}

const Route route = {
    .family = OMIE_FAMILY,
    .summary = "Omie de ensaio: empresas",
    .methods = {{"POST", serve, ACCESS_PUBLIC}},
    .deadline_seconds = OMIE_DEADLINE_SECONDS,
    .max_body = OMIE_MAX_BODY,
    .body = BODY_RAW,
};
