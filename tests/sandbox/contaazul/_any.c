/* ContaAzul of the sandbox (erp-connectors.md 6.2): the discontinued API (profile v1) and that of
 * 2025 (v2) under one base; their paths have none in common. */
#include "ledger.h"

#define EVENTS "/v1/financeiro/eventos-financeiros/"

static const LedgerPath paths[] = {
    {"POST", "/oauth/token", LEDGER_TOKEN, "ledger_grant"},
    {"POST", "/oauth2/token", LEDGER_TOKEN, "ledger_grant"},
    {"GET", "/v1/chart-of-accounts", "chart", "contaazul_chart"},
    {"GET", "/v1/accounts", "chart", "contaazul_chart"},
    {"GET", "/v1/transactions", "transactions", "contaazul_transactions"},
    {"GET", "/v1/financial/transactions", "transactions", "contaazul_transactions"},
    {"GET", "/v1/company", "companies", "contaazul_company"},
    {"GET", "/v1/categorias", "categories", "contaazul_categories"},
    {"GET", "/v1/categorias-dre", "dre", "contaazul_dre"},
    {"GET", "/v1/financeiro/categorias-dre", "dre", "contaazul_dre"},
    {"GET", "/v1/conta-financeira", "accounts", "contaazul_accounts"},
    {"GET", "/v1/conta-financeira/{}/saldo-atual", "balance", "contaazul_balance"},
    {"GET", EVENTS "contas-a-receber/buscar", "receivables", "contaazul_receivables"},
    {"GET", EVENTS "contas-a-pagar/buscar", "payables", "contaazul_payables"},
    {"GET", EVENTS "parcelas/{}", "instalment", "contaazul_instalment"},
    {"GET", "/v1/financeiro/transferencias", "transfers", "contaazul_transfers"},
    {"GET", "/v1/pessoas/conta-conectada", "companies", "contaazul_connected"},
    {.path = NULL}};

static void
word(guint status, OmieReply *reply)
{
  const char *error = status == 401   ? "unauthorized"
                      : status == 403 ? "forbidden"
                      : status == 404 ? "not_found"
                      : status == 429 ? "too_many_requests"
                      : status >= 500 ? "internal_error"
                                      : "bad_request";
  stand_in_reply(reply, status,
                 json_pack("{s:s,s:s}", "error", error, "error_description",
                           status == 429 ? "Limite de requisições excedido"
                                         : "Não foi possível atender a requisição"));
}

static gboolean
serve(Request *req, Response *res, G_GNUC_UNUSED GError **error)
{
  static const LedgerErp contaazul = {"contaazul", "/contaazul", paths, word};
  return ledger_serve(req, res, &contaazul);
}

const Route route = {
    .family = STAND_IN_FAMILY,
    .summary = "ContaAzul de ensaio",
    .methods = {{"GET", serve, ACCESS_PUBLIC}, {"POST", serve, ACCESS_PUBLIC}},
    .deadline_seconds = STAND_IN_DEADLINE_SECONDS,
    .max_body = STAND_IN_MAX_BODY,
    .body = BODY_RAW,
};
