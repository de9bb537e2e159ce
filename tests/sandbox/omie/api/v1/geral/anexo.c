/* /omie/api/v1/geral/anexo/ of the sandbox: Omie's attachments (omie-api.md 7): IncluirAnexo,
 * ConsultarAnexo, ExcluirAnexo, ListarAnexo, ObterAnexo.  The bytes of a file are had only by the
 * link that ObterAnexo gives (tests/sandbox/omie-files/_id.c). */
#include "omie_archive.h"
#include "omie_pages.h"

#include <string.h>

/* Exactly these; forms such as conta_a_pagar are refused. */
static const char *const registers[] = {"cliente",
                                        "produto",
                                        "servico",
                                        "pedido-venda",
                                        "remessa-produto",
                                        "ordem-servico",
                                        "contrato-servico",
                                        "pedido-compra",
                                        "nota-entrada",
                                        "ordem-producao",
                                        "conta-pagar",
                                        "conta-receber",
                                        "conta-corrente",
                                        "conta-corrente-lancamento",
                                        "crm-contas",
                                        "crm-contatos",
                                        "crm-oportunidades",
                                        "com-recebimento",
                                        NULL};

#define KEY_MEMBERS                                                                                \
  OMIE_S("cTabela", 100), OMIE_N("nId"), OMIE_N("nIdAnexo"), OMIE_S("cCodIntAnexo", 20),           \
      OMIE_S("cNomeArquivo", 100)

static const OmieMember include_members[] = {KEY_MEMBERS, OMIE_S("cTipoArquivo", 10),
                                             OMIE_S("cArquivo", G_MAXUINT), OMIE_S("cMd5", 32),
                                             OMIE_END};
static const OmieType include_type = {"docIncluirAnexoRequest", include_members};

static const OmieMember key_members[] = {KEY_MEMBERS, OMIE_END};
static const OmieType consult_type = {"docConsultarAnexoRequest", key_members};
static const OmieType delete_type = {"docExcluirAnexoRequest", key_members};
static const OmieType obtain_type = {"docObterAnexoRequest", key_members};

static const OmieMember list_members[] = {OMIE_N("nPagina"),
                                          OMIE_N("nRegPorPagina"),
                                          OMIE_S("cTabela", 100),
                                          OMIE_N("nId"),
                                          OMIE_S("cOrdenarPor", 100),
                                          OMIE_SN("cOrdemDecrescente"),
                                          OMIE_D("dDtIncDe"),
                                          OMIE_D("dDtIncAte"),
                                          OMIE_D("dDtAltDe"),
                                          OMIE_D("dDtAltAte"),
                                          OMIE_END};
static const OmieType list_type = {"docListarAnexosRequest", list_members};

static gboolean
has(const OmieCall *call, const char *tag, OmieReply *reply)
{
  if (omie_param_text(call->param, tag) != NULL)
    return TRUE;
  omie_reply_fault(reply, 500, "SOAP-ENV:Client-1000",
                   "ERROR: O preenchimento da tag [%s] é obrigatório!", tag);
  return FALSE;
}

/* Does the call name a document of a register there is?  FALSE with the fault. */
static gboolean
names_document(const OmieCall *call, OmieReply *reply)
{
  if (!has(call, "cTabela", reply))
    return FALSE;
  if (!g_strv_contains(registers, omie_param_text(call->param, "cTabela"))) {
    g_autofree char *list = g_strjoinv(", ", (char **)registers);
    omie_reply_fault(reply, 500, "SOAP-ENV:Client-105",
                     "ERROR: O valor da tag [cTabela] deve ser um destes: %s!", list);
    return FALSE;
  }
  if (omie_param_number(call->param, "nId") > 0)
    return TRUE;
  omie_reply_fault(reply, 500, "SOAP-ENV:Client-1000",
                   "ERROR: O preenchimento da tag [nId] é obrigatório!");
  return FALSE;
}

static const char sql_include[] = "select body, code, message"
                                  "  from sandbox.omie_attachment_include($1, $2, $3, $4)";

static gboolean
include(const OmieCall *call, OmieReply *reply, GError **error)
{
  const json_t *param = call->param;
  if (!names_document(call, reply) || !has(call, "cNomeArquivo", reply) ||
      !has(call, "cArquivo", reply) || !has(call, "cMd5", reply))
    return TRUE;
  const char *sent = omie_param_text(param, "cArquivo");
  g_autoptr(GBytes) file = omie_archive_open(sent, omie_param_text(param, "cMd5"),
                                             omie_param_text(param, "cNomeArquivo"), reply);
  if (file == NULL)
    return TRUE;
  gsize length;
  const guint8 *bytes = g_bytes_get_data(file, &length);
  g_autofree char *content = g_base64_encode(bytes, length);
  return omie_ask(sql_include, DB_PARAMS(call->app_key, call->param_text, content, sent), reply,
                  error);
}

static gboolean
ask(const OmieCall *call, const char *query, OmieReply *reply, GError **error)
{
  return !names_document(call, reply) ||
         omie_ask(query, DB_PARAMS(call->app_key, call->param_text), reply, error);
}

static const char sql_consult[] = "select body, code, message"
                                  "  from sandbox.omie_attachment_consult($1, $2)";

static gboolean
consult(const OmieCall *call, OmieReply *reply, GError **error)
{
  return ask(call, sql_consult, reply, error);
}

static const char sql_delete[] = "select body, code, message"
                                 "  from sandbox.omie_attachment_delete($1, $2)";

static gboolean
remove_one(const OmieCall *call, OmieReply *reply, GError **error)
{
  return ask(call, sql_delete, reply, error);
}

static const char sql_obtain[] = "select body, code, message"
                                 "  from sandbox.omie_attachment_obtain($1, $2)";

static gboolean
obtain(const OmieCall *call, OmieReply *reply, GError **error)
{
  return ask(call, sql_obtain, reply, error);
}

static const char sql_page[] =
    "select rows, body from sandbox.omie_attachment_page($1, $2::bigint, $3::bigint, $4)";

static gboolean
list(const OmieCall *call, OmieReply *reply, GError **error)
{
  const char *order = omie_param_text(call->param, "cOrdenarPor");
  if (!names_document(call, reply))
    return TRUE;
  if (order != NULL && strcmp(order, "ARQUIVO") != 0) {
    omie_reply_fault(reply, 500, "SOAP-ENV:Client-105",
                     "ERROR: O valor da tag [cOrdenarPor] deve ser ARQUIVO!");
    return TRUE;
  }
  return omie_page(call, "nRegPorPagina", call->page_cap, sql_page, reply, error);
}

static const OmieMethod methods[] = {
    OMIE_METHOD("IncluirAnexo", OMIE_WRITE, &include_type, include, .needs_param = TRUE),
    OMIE_METHOD("ConsultarAnexo", OMIE_READ, &consult_type, consult, .needs_param = TRUE),
    OMIE_METHOD("ExcluirAnexo", OMIE_WRITE, &delete_type, remove_one, .needs_param = TRUE),
    OMIE_METHOD("ListarAnexo", OMIE_READ_ALONE, &list_type, list, .needs_param = TRUE),
    OMIE_METHOD("ObterAnexo", OMIE_READ, &obtain_type, obtain, .needs_param = TRUE),
    OMIE_END};

static gboolean
serve(Request *req, Response *res, GError **error)
{
  return omie_serve(req, res, methods, error);
}

const Route route = {
    .family = OMIE_FAMILY,
    .summary = "Omie de ensaio: anexos",
    .methods = {{"POST", serve, ACCESS_PUBLIC}},
    .deadline_seconds = OMIE_DEADLINE_SECONDS,
    .max_body = OMIE_MAX_BODY,
    .body = BODY_RAW,
};
