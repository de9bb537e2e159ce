/* /omie/api/v1/geral/clientes/ of the sandbox: Omie's register of clients and suppliers
 * (omie-api.md 4): ListarClientes, ListarClientesResumido, ConsultarCliente. */
#include "omie_listing.h"
#include "omie_service.h"

static const OmieMember tag_members[] = {OMIE_S("tag", 60), OMIE_END};
static const OmieType tag_type = {"tags", tag_members};

static const OmieMember filter_members[] = {OMIE_N("codigo_cliente_omie"),
                                            OMIE_S("codigo_cliente_integracao", 60),
                                            OMIE_S("cnpj_cpf", 20),
                                            OMIE_S("razao_social", 60),
                                            OMIE_S("nome_fantasia", 100),
                                            OMIE_SN("inativo"),
                                            OMIE_PARTS("tags", &tag_type),
                                            OMIE_DEPRECATED("endereco"),
                                            OMIE_DEPRECATED("bairro"),
                                            OMIE_DEPRECATED("cidade"),
                                            OMIE_DEPRECATED("estado"),
                                            OMIE_DEPRECATED("cep"),
                                            OMIE_DEPRECATED("contato"),
                                            OMIE_DEPRECATED("email"),
                                            OMIE_DEPRECATED("homepage"),
                                            OMIE_DEPRECATED("inscricao_municipal"),
                                            OMIE_DEPRECATED("inscricao_estadual"),
                                            OMIE_DEPRECATED("inscricao_suframa"),
                                            OMIE_DEPRECATED("pessoa_fisica"),
                                            OMIE_DEPRECATED("optante_simples_nacional"),
                                            OMIE_END};
static const OmieType filter_type = {"clientesFiltro", filter_members};

static const OmieMember key_members[] = {OMIE_N("codigo_cliente_omie"),
                                         OMIE_S("codigo_cliente_integracao", 60), OMIE_END};
static const OmieType key_type = {"clientes_cadastro_chave", key_members};
static const OmieType by_code_type = {"clientesPorCodigo", key_members};

static const OmieMember list_members[] = {OMIE_N("pagina"),
                                          OMIE_N("registros_por_pagina"),
                                          OMIE_SN("apenas_importado_api"),
                                          OMIE_D("filtrar_por_data_de"),
                                          OMIE_D("filtrar_por_data_ate"),
                                          OMIE_H("filtrar_por_hora_de"),
                                          OMIE_H("filtrar_por_hora_ate"),
                                          OMIE_SN("filtrar_apenas_inclusao"),
                                          OMIE_SN("filtrar_apenas_alteracao"),
                                          OMIE_PART("clientesFiltro", &filter_type),
                                          OMIE_PARTS("clientesPorCodigo", &by_code_type),
                                          OMIE_SN("exibir_caracteristicas"),
                                          OMIE_SN("exibir_obs"),
                                          OMIE_DEPRECATED("ordenar_por"),
                                          OMIE_DEPRECATED("ordem_decrescente"),
                                          OMIE_DEPRECATED("ordem_descrescente"),
                                          OMIE_END};
static const OmieType list_type = {"clientes_list_request", list_members};

/* Without filters a page is found by its place alone, which costs less than looking at all. */
static gboolean
has_filter(const json_t *param)
{
  return json_object_get(param, "clientesFiltro") || json_object_get(param, "clientesPorCodigo") ||
         omie_param_text(param, "filtrar_por_data_de") ||
         omie_param_text(param, "filtrar_por_data_ate") ||
         omie_param_says_yes(param, "apenas_importado_api");
}

static const char sql_page[] =
    "select total, rows, body, true"
    "  from sandbox.omie_client_page($1, $2::bigint, $3::bigint, $4, $5)";
static const char sql_search[] =
    "select total, rows, body, true"
    "  from sandbox.omie_client_search($1, $2::bigint, $3::bigint, $4, $5)";

static gboolean
list_as(const OmieCall *call, const char *how, const char *wrapper, OmieReply *reply,
        GError **error)
{
  return omie_list(call, has_filter(call->param) ? sql_search : sql_page, how, wrapper, reply,
                   error);
}

static gboolean
list(const OmieCall *call, OmieReply *reply, GError **error)
{
  gboolean more = omie_param_says_yes(call->param, "exibir_obs") ||
                  omie_param_says_yes(call->param, "exibir_caracteristicas");
  return list_as(call, more ? "extra" : "cadastro", "clientes_cadastro", reply, error);
}

static gboolean
list_briefly(const OmieCall *call, OmieReply *reply, GError **error)
{
  return list_as(call, "resumido", "clientes_cadastro_resumido", reply, error);
}

static const char sql_consult[] =
    "select sandbox.omie_client_shown(c, 'tudo', '{}')"
    "  from sandbox.omie_client c"
    " where c.app_key = $1 and (c.id = $2::bigint or c.integration_code = $3)"
    " order by c.position limit 1";

static const OmieKey key = {.id = "codigo_cliente_omie",
                            .code = "codigo_cliente_integracao",
                            .missing = "Cliente não cadastrado",
                            .end = " !"};

static gboolean
consult(const OmieCall *call, OmieReply *reply, GError **error)
{
  return omie_consult(call, &key, sql_consult, reply, error);
}

static const OmieMethod methods[] = {
    OMIE_METHOD("ListarClientes", OMIE_READ, &list_type, list),
    OMIE_METHOD("ListarClientesResumido", OMIE_READ, &list_type, list_briefly),
    OMIE_METHOD("ConsultarCliente", OMIE_READ, &key_type, consult, .needs_param = TRUE), OMIE_END};

static gboolean
serve(Request *req, Response *res, GError **error)
{
  return omie_serve(req, res, methods, error);
}

const Route route = {
    .family = OMIE_FAMILY,
    .summary = "Omie de ensaio: clientes e fornecedores",
    .methods = {{"POST", serve, ACCESS_PUBLIC}},
    .deadline_seconds = OMIE_DEADLINE_SECONDS,
    .max_body = OMIE_MAX_BODY,
    .body = BODY_RAW,
};
