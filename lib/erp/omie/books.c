#include "erp/omie/books.h"

#include "base/json.h"
#include "erp/account_run.h"

/* ---- names on the wire ------------------------------------------------------------------------*/

/* clang-format off */
#define COMMON                                                                                     \
  {"companies.path", "/geral/empresas/"}, {"companies.call", "ListarEmpresas"},                    \
  {"rows.companies", "empresas_cadastro,lista_empresas"},                                          \
  {"company.id", "codigo_empresa"}, {"company.name", "razao_social,nome_fantasia"},                \
  {"chart.path", "/geral/contacorrente/"}, {"chart.call", "ListarContasCorrentes"},                \
  {"rows.chart", "ListarContasCorrentes,conta_corrente_lista"},                                    \
  {"bank.id", "nCodCC"}, {"bank.name", "descricao"}, {"bank.type", "tipo_conta_corrente,tipo"},    \
  {"page", "pagina"}, {"page_size", "registros_por_pagina"},                                       \
  {"outside.page", "pagina"}, {"outside.pages", "total_de_paginas"},                               \
  {"outside.total", "total_de_registros"},                                                         \
  {"outside.balance_before", "nSaldoAnterior"}, {"outside.balance_after", "nSaldoAtual"},          \
  {"error.message", "faultstring,error_message"}, {"error.code", "faultcode"},                     \
  {"rows.entries", "movimentos,extrato,listaMovimentos"},                                          \
  {"entry.id", "nCodLanc,nCodLancamento"},                                                         \
  {"entry.date", "dDtLanc,dDataLancamento"},                                                       \
  {"entry.description", "cHistorico,cObservacoes,cDesCategoria"},                                  \
  {"entry.amount", "nValorDocumento"}, {"entry.direction", "cNatureza"},                           \
  {"entry.document", "cNumDoc,cNumero,cDocumentoFiscal"},                                          \
  {"entry.document_type", "cTipoDoc,cTipoDocumento"},                                              \
  {"entry.entity_id", "nCodTerceiro,nCodCliente"},                                                 \
  {"entry.entity_name", "cNomeTerceiro,cDesCliente,cRazCliente"},                                  \
  {"entry.operation", "cOperacao"}, {"entry.origin", "cOrigem"},                                   \
  {"entry.instalment", "cParcela"}, {"entry.reconciled", "dDataConciliacao"}

static const WireName balancete_wire[] = {
    COMMON,
    {"trial_balance.path", "/geral/balancete/"}, {"trial_balance.call", "ListarBalancete"},
    {"trial_balance.company", "nCodEmpresa"},
    {"trial_balance.from", "dDataDe"}, {"trial_balance.to", "dDataAte"},
    {"rows.trial_balance", "balancete,lista_saldos"},
    {"entries.path", "/geral/contacorrente/"}, {"entries.call", "ListarMovimentos"},
    {"entries.account", "cCodConta"},
    {"entries.from", "dDataDe"}, {"entries.to", "dDataAte"},
    {"account.code", "cCodConta"}, {"account.name", "cDescConta"}, {"account.type", "cTipoConta"},
    {"account.opening", "nSaldoInicial"}, {"account.debit", "nDebitos,nDebito"},
    {"account.credit", "nCreditos,nCredito"}, {"account.closing", "nSaldoFinal"},
    {"entry.debit", "nDebito"}, {"entry.credit", "nCredito"},
    {NULL, NULL},
};

static const WireName extrato_wire[] = {
    COMMON,
    {"entries.path", "/financas/extrato/"}, {"entries.call", "ListarExtrato"},
    {"entries.account", "nCodCC"},
    {"entries.from", "dPeriodoInicial"}, {"entries.to", "dPeriodoFinal"},
    {"entries.balance_only", "cExibirApenasSaldo"},
    {"entry.category", "cCodCategoria"}, {"entry.category_name", "cDesCategoria"},
    {"entry.situation", "cSituacao"},
    {NULL, NULL},
};
/* clang-format on */

/* ---- balancete --------------------------------------------------------------------------------*/

/* A page is asked for by number only where an answer told of pages: Omie refuses parameters that a
 * method does not know. */
static JsonWriter *
write_params(const Erp *erp, const char *from, const char *to, const ErpPeriod *period, gint64 page)
{
  JsonWriter *w = json_writer_new();
  json_open_object(w, NULL);
  json_add_text(w, erp_wire(erp, from), date_br(&period->first).text);
  json_add_text(w, erp_wire(erp, to), date_br(&period->last).text);
  if (page > 1)
    json_add_int(w, erp_wire(erp, "page"), page);
  return w;
}

static gboolean
balance_books(Erp *erp, const ErpPeriod *period, const LedgerSink *sink, GError **error)
{
  static const AccountRules rules = {.type = omie_account_type};
  RowShape shape = omie_books_shape(erp, "trial_balance");
  g_auto(AccountRun) run = {0};
  gint64 company = 0;
  gboolean more = TRUE;
  if (sink->account == NULL)
    return TRUE;
  if (erp->company_id == NULL ||
      !g_ascii_string_to_signed(erp->company_id, 10, 0, G_MAXINT64, &company, NULL))
    return erp_config_fail(erp->config, "COMPANY_ID", "deve ser o número da empresa no Omie",
                           error);
  erp_shape_cells(erp, &shape, account_wire_keys, N_ACCOUNT_CELLS);
  account_run_init(&run, erp, sink, &rules);
  for (gint64 page = 1; more; page++) {
    g_autoptr(JsonWriter) w =
        write_params(erp, "trial_balance.from", "trial_balance.to", period, page);
    json_add_int(w, erp_wire(erp, "trial_balance.company"), company);
    json_close_object(w);
    g_autoptr(KeptRows) kept =
        omie_books_keep(erp, "trial_balance", json_writer_text(w), &shape, error);
    if (kept == NULL)
      return FALSE;
    more = omie_books_has_more(kept, &run.pages, page);
    if (!account_run_page(&run, kept, more, omie_books_number(kept, OMIE_PAGE), error))
      return FALSE;
    if (run.has_enough)
      return TRUE;
  }
  erp_pages_end(&run.pages, erp);
  return TRUE;
}

/* ---- movements --------------------------------------------------------------------------------*/

static gboolean
take_movement(const RowCell *cells, gpointer data)
{
  EntryRun *run = data;
  LedgerEntry entry;
  const char *direction = NULL;
  gint64 amount = 0;
  gboolean fine;
  GError *error = NULL;
  if (!erp_read_entry(run->erp, cells, &entry, &direction, &amount, run->sink, &fine, &error))
    return entry_run_stop(run, error);
  if (!fine)
    return entry_run_take(run, NULL, NULL);
  if (cells[ENTRY_DEBIT].kind == ROW_ABSENT && cells[ENTRY_CREDIT].kind == ROW_ABSENT)
    omie_place_amount(direction, amount, &entry);
  entry.is_outgoing = entry.credit > entry.debit;
  omie_movement_extras(cells, entry.metadata);
  return entry_run_take(run, &entry, entry.id);
}

static gboolean
balance_entries(Erp *erp, const char *account, const ErpPeriod *period, const LedgerSink *sink,
                GError **error)
{
  const RowShape shape = omie_movement_shape(erp, "entries");
  g_auto(EntryRun) run = {0};
  gboolean more = TRUE;
  entry_run_init(&run, erp, sink);
  for (gint64 page = 1; more; page++) {
    g_autoptr(JsonWriter) w = write_params(erp, "entries.from", "entries.to", period, page);
    json_add_text(w, erp_wire(erp, "entries.account"), account);
    json_close_object(w);
    g_autoptr(KeptRows) answer = NULL;
    guint rows;
    if (!omie_books_stream(&run, "entries", json_writer_text(w), &shape, take_movement, &run, &rows,
                           &answer, error))
      return FALSE;
    if (run.has_enough)
      return TRUE;
    more = omie_books_has_more(answer, &run.pages, page);
    if (!entry_run_end_page(&run, rows, more, omie_books_number(answer, OMIE_PAGE), error))
      return FALSE;
  }
  erp_pages_end(&run.pages, erp);
  return TRUE;
}

/* ---- profiles ---------------------------------------------------------------------------------*/

const ErpProfile omie_balancete = {
    .erp = ERP_OMIE,
    .name = "balancete",
    .spellings = "v1,1",
    .source = "Omie",
    .base_url = "https://app.omie.com.br/api/v1/",
    .auths = 1u << AUTH_API_KEY,
    .default_auth = AUTH_API_KEY,
    .wire = balancete_wire,
    .judge = omie_books_judge,
    .books = balance_books,
    .entries = balance_entries,
    .chart = omie_chart,
    .companies = omie_companies,
};

const ErpProfile omie_extrato = {
    .erp = ERP_OMIE,
    .name = "extrato",
    .spellings = "",
    .source = "Omie",
    .base_url = "https://app.omie.com.br/api/v1/",
    .auths = 1u << AUTH_API_KEY,
    .default_auth = AUTH_API_KEY,
    .wire = extrato_wire,
    .is_aggregated = TRUE,
    .judge = omie_books_judge,
    .books = omie_statement_books,
    .entries = omie_statement_entries,
    .chart = omie_chart,
    .companies = omie_companies,
};
