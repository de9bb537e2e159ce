/* TOTVS Protheus of the sandbox (erp-connectors.md 6.1): the client's own REST services below
 * /totvs/protheus, and a token endpoint beside it. */
#include "ledger.h"

static const LedgerPath paths[] = {
    {"POST", "/oauth/token", LEDGER_TOKEN, "ledger_grant"},
    {"POST", "/protheus/rest/api/oauth2/v1/token", LEDGER_TOKEN, "ledger_grant"},
    {"GET", "/protheus/rest/CTBR020/balancete", "trial-balance", "totvs_balancete"},
    {"GET", "/protheus/rest/CTBR020/movimentacao", "subledger", "totvs_movimentacao"},
    {"GET", "/protheus/rest/api/framework/v1/health", "health", "totvs_health"},
    {"GET", "/protheus/api/ctb/v1/trialbalance", "trial-balance", "totvs_trialbalance"},
    {"GET", "/protheus/api/ctb/v1/ledgerentries", "subledger", "totvs_ledgerentries"},
    {"GET", "/protheus/api/ctb/v1/chartofaccounts", "chart", "totvs_chart"},
    {"GET", "/protheus/api/ctb/v1/companies", "companies", "totvs_companies"},
    {"GET", "/protheus/api/framework/v1/health", "health", "totvs_health"},
    {.path = NULL}};

static void
word(guint status, OmieReply *reply)
{
  const char *message = status == 401   ? "Unauthorized"
                        : status == 403 ? "Tenant não autorizado para este usuário"
                        : status == 404 ? "Serviço não encontrado"
                        : status == 429 ? "Too many requests"
                        : status >= 500 ? "Erro interno no servidor de aplicação"
                                        : "Requisição inválida";
  stand_in_reply(reply, status,
                 json_pack("{s:o,s:s,s:s,s:s,s:[]}", "code", json_sprintf("FWREST-%u", status),
                           "message", message, "detailedMessage", message, "helpUrl", "",
                           "details"));
}

static gboolean
serve(Request *req, Response *res, G_GNUC_UNUSED GError **error)
{
  static const LedgerErp totvs = {"totvs", "/totvs", paths, word};
  return ledger_serve(req, res, &totvs);
}

const Route route = {
    .family = STAND_IN_FAMILY,
    .summary = "TOTVS Protheus de ensaio",
    .methods = {{"GET", serve, ACCESS_PUBLIC}, {"POST", serve, ACCESS_PUBLIC}},
    .deadline_seconds = STAND_IN_DEADLINE_SECONDS,
    .max_body = STAND_IN_MAX_BODY,
    .body = BODY_RAW,
};
