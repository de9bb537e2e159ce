/* Bling of the sandbox (erp-connectors.md 6.4): /Api/v3 with the paths of both profiles, and the
 * legacy XML of /Api/v2, which tells of errors with status 200. */
#include <string.h>

#include "ledger.h"

static const LedgerPath paths[] = {
    {"POST", "/Api/v3/oauth/token", LEDGER_TOKEN, "ledger_grant"},
    {"GET", "/Api/v3/contascontabeis", "chart", "bling_accounts"},
    {"GET", "/Api/v3/contascontabeis/{}/movimentacoes", "subledger", "bling_movements"},
    {"GET", "/Api/v3/contabeis/balancete", "trial-balance", "bling_balancete"},
    {"GET", "/Api/v3/contabeis/lancamentos", "subledger", "bling_lancamentos"},
    {"GET", "/Api/v3/empresas", "companies", "bling_companies"},
    {"GET", "/Api/v3/contas-contabeis", "accounts", "bling_bank_accounts"},
    {"GET", "/Api/v3/categorias/receitas-despesas", "categories", "bling_categories"},
    {"GET", "/Api/v3/caixas", "transactions", "bling_cash"},
    {"GET", "/Api/v3/caixas/{}", "detail", "bling_cash_entry"},
    {"GET", "/Api/v3/empresas/me/dados-basicos", "companies", "bling_company"},
    {"GET", "/Api/v2/contasreceber/xml", "v2-receivables", "bling_v2_receivables"},
    {"GET", "/Api/v2/contasreceber/{}/xml", "v2-receivables", "bling_v2_receivables"},
    {"GET", "/Api/v2/contaspagar/xml", "v2-payables", "bling_v2_payables"},
    {"GET", "/Api/v2/contaspagar/{}/xml", "v2-payables", "bling_v2_payables"},
    {"GET", "/Api/v2/empresa", "v2-companies", "bling_v2_company"},
    {"GET", "/Api/v2/empresa/xml", "v2-companies", "bling_v2_company"},
    {.path = NULL}};

static const struct {
  guint status;
  const char *type, *message;
} words[] = {{400, "VALIDATION_ERROR", "Não foi possível validar os dados informados"},
             {401, "UNAUTHORIZED", "O access token é inválido ou expirou"},
             {403, "FORBIDDEN", "O aplicativo não possui permissão para acessar este recurso"},
             {404, "RESOURCE_NOT_FOUND", "O recurso requisitado não foi encontrado"},
             {429, "TOO_MANY_REQUESTS", "Limite de requisicoes atingido"},
             {500, "SERVER_ERROR", "Ocorreu um erro inesperado"}};

static void
word(guint status, OmieReply *reply)
{
  gsize which = G_N_ELEMENTS(words) - 1;
  for (gsize i = 0; i < G_N_ELEMENTS(words); i++)
    if (words[i].status == status)
      which = i;
  json_t *error = json_pack("{s:s,s:s,s:s}", "type", words[which].type, "message",
                            words[which].message, "description", words[which].message);
  if (status == 429) {
    json_object_set_new(error, "limit", json_integer(3));
    json_object_set_new(error, "period", json_string("second"));
  }
  stand_in_reply(reply, status, json_pack("{s:o}", "error", error));
}

static void
word_xml(guint status, OmieReply *reply)
{
  guint code = status == 401 ? 3 : status == 403 ? 4 : status == 404 ? 14 : 1;
  reply->status = status == 429 || status >= 500 ? status : 200;
  reply->content_type = "application/xml";
  g_string_printf(reply->body,
                  "<?xml version=\"1.0\" encoding=\"UTF-8\"?><retorno><erros><erro><cod>%u</cod>"
                  "<msg>%s</msg></erro></erros></retorno>",
                  code, code == 3 ? "API Key invalida" : "A requisicao nao pode ser atendida");
}

static gboolean
serve(Request *req, Response *res, G_GNUC_UNUSED GError **error)
{
  static const LedgerErp v3 = {"bling", "/bling", paths, word},
                         v2 = {"bling", "/bling", paths, word_xml};
  const char *path = stand_in_header(req, "DOCUMENT_URI");
  return ledger_serve(req, res, g_str_has_prefix(path, "/bling/Api/v2/") ? &v2 : &v3);
}

const Route route = {
    .family = STAND_IN_FAMILY,
    .summary = "Bling de ensaio",
    .methods = {{"GET", serve, ACCESS_PUBLIC}, {"POST", serve, ACCESS_PUBLIC}},
    .deadline_seconds = STAND_IN_DEADLINE_SECONDS,
    .max_body = STAND_IN_MAX_BODY,
    .body = BODY_RAW,
};
