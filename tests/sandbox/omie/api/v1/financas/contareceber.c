/* /omie/api/v1/financas/contareceber/ of the sandbox: Omie's titles receivable (omie-api.md 5):
 * ListarContasReceber, ConsultarContaReceber.  The dates filtrar_por_data_* are those of inclusion
 * and alteration, and there is no filter by due date. */
#include "omie_listing.h"
#include "omie_service.h"

static const OmieMember key_members[] = {OMIE_N("codigo_lancamento_omie"),
                                         OMIE_S("codigo_lancamento_integracao", 60), OMIE_END};
static const OmieType key_type = {"lcrChave", key_members};

/* Titles come by id, whatever ordenar_por and ordem_descrescente say. */
static const OmieMember list_members[] = {OMIE_N("pagina"),
                                          OMIE_N("registros_por_pagina"),
                                          OMIE_SN("apenas_importado_api"),
                                          OMIE_S("ordenar_por", 100),
                                          OMIE_SN("ordem_descrescente"),
                                          OMIE_D("filtrar_por_data_de"),
                                          OMIE_D("filtrar_por_data_ate"),
                                          OMIE_SN("filtrar_apenas_inclusao"),
                                          OMIE_SN("filtrar_apenas_alteracao"),
                                          OMIE_D("filtrar_por_emissao_de"),
                                          OMIE_D("filtrar_por_emissao_ate"),
                                          OMIE_D("filtrar_por_registro_de"),
                                          OMIE_D("filtrar_por_registro_ate"),
                                          OMIE_N("filtrar_conta_corrente"),
                                          OMIE_N("filtrar_cliente"),
                                          OMIE_N("filtrar_por_projeto"),
                                          OMIE_N("filtrar_por_vendedor"),
                                          OMIE_S("filtrar_por_cpf_cnpj", 20),
                                          OMIE_SN("filtrar_apenas_titulos_em_aberto"),
                                          OMIE_S("filtrar_por_status", 100),
                                          OMIE_SN("exibir_obs"),
                                          OMIE_END};
static const OmieType list_type = {"lcrListarRequest", list_members};

static const char sql_page[] = "select total, rows, body, is_fault"
                               "  from sandbox.omie_title_page($1, $2::bigint, $3::bigint, $4, $5)";

static gboolean
list(const OmieCall *call, OmieReply *reply, GError **error)
{
  return omie_list(call, sql_page,
                   omie_param_says_yes(call->param, "exibir_obs") ? "extra" : "cadastro",
                   "conta_receber_cadastro", reply, error);
}

static const char sql_consult[] =
    "select sandbox.omie_title_shown("
    "         t, 'extra', sandbox.omie_today(sandbox.omie_settings_of($1)))"
    "  from sandbox.omie_title t"
    " where t.app_key = $1 and (t.id = $2::bigint or t.integration_code = $3)"
    " order by t.position limit 1";

static const OmieKey key = {.id = "codigo_lancamento_omie",
                            .code = "codigo_lancamento_integracao",
                            .missing = "Lançamento não cadastrado",
                            .end = "!"};

static gboolean
consult(const OmieCall *call, OmieReply *reply, GError **error)
{
  return omie_consult(call, &key, sql_consult, reply, error);
}

static const OmieMethod methods[] = {
    OMIE_METHOD("ListarContasReceber", OMIE_READ_ALONE, &list_type, list),
    OMIE_METHOD("ConsultarContaReceber", OMIE_READ, &key_type, consult, .needs_param = TRUE),
    OMIE_END};

static gboolean
serve(Request *req, Response *res, GError **error)
{
  return omie_serve(req, res, methods, error);
}

const Route route = {
    .family = OMIE_FAMILY,
    .summary = "Omie de ensaio: contas a receber",
    .methods = {{"POST", serve, ACCESS_PUBLIC}},
    .deadline_seconds = OMIE_DEADLINE_SECONDS,
    .max_body = OMIE_MAX_BODY,
    .body = BODY_RAW,
};
