#include "erp/totvs.h"

#include <string.h>

#define USUAL_PAGE_SIZE 500

/* ---- names on the wire ------------------------------------------------------------------------*/

/* clang-format off */
#define PAGES_AND_ROWS                                                                             \
  {"header.tenant", "tenantId"},                                                                   \
  {"page", "page"}, {"page_size", "pageSize"},                                                     \
  {"outside.more", "hasNext"}, {"outside.remaining", "remainingRecords"},                          \
  {"outside.company_name", "company.name"},                                                        \
  {"error.message", "message,errorMessage"}, {"error.description", "detailedMessage"},             \
  {"error.code", "code,errorCode"},                                                                \
  {"rows.trial_balance", "balancete,items"},                                                       \
  {"rows.entries", "movimentacao,movimentacoes,items"},                                            \
  {"account.code", "CT1_CONTA,accountCode"},                                                       \
  {"account.name", "CT1_DESC01,accountName"},                                                      \
  {"account.type", "accountType"},                                                                 \
  {"account.parent", "CT1_CTASUP,parentAccount"},                                                  \
  {"account.level", "level"},                                                                      \
  {"account.side", "CTI_NORMAL,CT1_NORMAL"},                                                       \
  {"account.opening", "CTI_SALDOI,openingBalance"},                                                \
  {"account.debit", "CTI_DEBITO,debitAmount"},                                                     \
  {"account.credit", "CTI_CREDITO,creditAmount"},                                                  \
  {"account.closing", "CTI_SALDOF,closingBalance"},                                                \
  {"account.summary", "CTI_CLASSE,CT1_CLASSE,isSynthetic"},                                        \
  {"entry.id", "id"},                                                                              \
  {"entry.date", "transactionDate,CT2_DATA"}, {"entry.posting", "postingDate"},                    \
  {"entry.account", "accountCode"}, {"entry.account_name", "accountName"},                         \
  {"entry.debit", "debitValue"}, {"entry.credit", "creditValue"},                                  \
  {"entry.amount", "CT2_VALOR"}, {"entry.direction", "CT2_DC"},                                    \
  {"entry.description", "CT2_HIST,history"},                                                       \
  {"entry.document", "CT2_DOC,documentNumber"},                                                    \
  {"entry.document_type", "documentType,CT2_TPDOC"},                                               \
  {"entry.cost_center", "costCenter"},                                                             \
  {"entry.entity_id", "entityCode"}, {"entry.entity_name", "entityName"},                          \
  {"entry.branch", "CT2_FILIAL"}, {"entry.lot", "CT2_LOTE"}, {"entry.sub_lot", "CT2_SBLOTE"},      \
  {"entry.line", "CT2_LINHA,R_E_C_N_O_"},                                                          \
  {"entry.debit_account", "CT2_DEBITO"}, {"entry.credit_account", "CT2_CREDIT"},                   \
  {"entry.debit_cost_center", "CT2_CCD"}, {"entry.credit_cost_center", "CT2_CCC"},                 \
  {"entry.batch", "batchNumber"}, {"entry.sequence", "sequenceNumber"}
/* clang-format on */

static const WireName ctbr020_wire[] = {
    {"health.path", "/rest/api/framework/v1/health"},
    {"trial_balance.path", "/rest/CTBR020/balancete"},
    {"trial_balance.company", "empresa"},
    {"trial_balance.from", "dataInicial"},
    {"trial_balance.to", "dataFinal"},
    {"entries.path", "/rest/CTBR020/movimentacao"},
    {"entries.company", "empresa"},
    {"entries.account", "conta"},
    {"entries.from", "dataInicial"},
    {"entries.to", "dataFinal"},
    PAGES_AND_ROWS,
    {NULL, NULL},
};

static const WireName ctb_v1_wire[] = {
    {"health.path", "/api/framework/v1/health"},
    {"header.company", "companyId"},
    {"trial_balance.path", "/api/ctb/v1/trialbalance"},
    {"trial_balance.from", "startDate"},
    {"trial_balance.to", "endDate"},
    {"trial_balance.cost_center", "costCenter"},
    {"entries.path", "/api/ctb/v1/ledgerentries"},
    {"entries.account", "accountCode"},
    {"entries.from", "startDate"},
    {"entries.to", "endDate"},
    {"chart.path", "/api/ctb/v1/chartofaccounts"},
    {"rows.chart", "items"},
    {"companies.path", "/api/ctb/v1/companies"},
    {"rows.companies", "items,companies"},
    {"company.id", "id,companyId,code"},
    {"company.name", "name,companyName,description"},
    PAGES_AND_ROWS,
    {NULL, NULL},
};

/* ---- requests ---------------------------------------------------------------------------------*/

static const char *
wire_of(const Erp *erp, const char *listing, const char *name)
{
  g_autofree char *key = g_strconcat(listing, ".", name, NULL);
  return erp_wire(erp, key);
}

static void
add_header(GPtrArray *headers, const char *name, const char *value)
{
  if (name != NULL && value != NULL)
    g_ptr_array_add(headers, g_strconcat(name, ": ", value, NULL));
}

/* The tenant goes verbatim, inner spaces kept: "T1,D MG 01". */
static char **
headers_of(const Erp *erp)
{
  GPtrArray *headers = g_ptr_array_new();
  add_header(headers, erp_wire(erp, "header.tenant"), erp_config_text(erp->config, "TENANT"));
  add_header(headers, erp_wire(erp, "header.company"), erp->company_id);
  g_ptr_array_add(headers, NULL);
  return (char **)g_ptr_array_free(headers, FALSE);
}

static void
add_day(ErpQuery *query, const char *name, const GDate *day)
{
  char text[16];
  g_date_strftime(text, sizeof text, "%Y%m%d", day);
  erp_query_add(query, name, text);
}

void
totvs_request_init(TotvsRequest *request, const Erp *erp, const char *listing, const char *account,
                   const ErpPeriod *period, gint64 page)
{
  ErpQuery *query = &request->query;
  erp_query_init(query);
  erp_query_add(query, wire_of(erp, listing, "company"), erp->company_id);
  erp_query_add(query, wire_of(erp, listing, "account"), account);
  if (period != NULL) {
    add_day(query, wire_of(erp, listing, "from"), &period->first);
    add_day(query, wire_of(erp, listing, "to"), &period->last);
  }
  erp_query_add(query, wire_of(erp, listing, "cost_center"), erp->cost_center);
  erp_query_add_int(query, erp_wire(erp, "page"), page);
  erp_query_add_int(query, erp_wire(erp, "page_size"),
                    erp->page_size > 0 ? erp->page_size : USUAL_PAGE_SIZE);
  request->headers = headers_of(erp);
  request->call = (ErpCall){.path = wire_of(erp, listing, "path"),
                            .query = query,
                            .headers = (const char *const *)request->headers,
                            .is_small = period == NULL};
}

void
totvs_request_clear(TotvsRequest *request)
{
  erp_query_clear(&request->query);
  g_clear_pointer(&request->headers, g_strfreev);
}

void
totvs_shape_outside(const Erp *erp, RowShape *shape)
{
  static const char *const keys[N_TOTVS_OUTSIDE] = {
      [TOTVS_HAS_NEXT] = "outside.more",
      [TOTVS_REMAINING] = "outside.remaining",
      [TOTVS_COMPANY] = "outside.company_name",
      [TOTVS_ERROR] = "error.message",
      [TOTVS_ERROR_DESCRIPTION] = "error.description",
      [TOTVS_ERROR_CODE] = "error.code",
  };
  for (guint i = 0; i < N_TOTVS_OUTSIDE; i++)
    shape->outside[i] = erp_wire(erp, keys[i]);
}

RowShape
totvs_shape(const Erp *erp, const char *rows)
{
  RowShape shape = {.arrays = erp_wire(erp, rows)};
  totvs_shape_outside(erp, &shape);
  return shape;
}

gboolean
totvs_note_page(Erp *erp, ErpPages *pages, guint rows, RowCell has_next, RowCell remaining,
                RowCell company)
{
  const char *name = row_text(&company), *rest = row_text(&remaining);
  guint64 count = 0;
  if (name != NULL && erp->company_name == NULL)
    erp->company_name = g_strdup(name);
  if (pages->declared_total < 0 && rest != NULL &&
      g_ascii_string_to_unsigned(rest, 10, 0, G_MAXINT32, &count, NULL))
    pages->declared_total = pages->rows + rows + (gint64)count;
  return row_flag(&has_next);
}

/* Two texts as one, where the second need not repeat the first. */
static char *
join(const char *first, const char *second)
{
  if (first == NULL || (second != NULL && strstr(second, first) != NULL))
    return g_strdup(second);
  if (second == NULL || strstr(first, second) != NULL)
    return g_strdup(first);
  return g_strconcat(first, " ", second, NULL);
}

/* What the ERP says of a refusal; the status alone decides what it means. */
static void
judge(ExchangeVerdict *verdict, gpointer data)
{
  const ErpJudged *judged = data;
  if (judged == NULL || judged->reader == NULL ||
      (verdict->fine && row_reader_found_array(judged->reader)))
    return;
  RowCell said = row_reader_outside(judged->reader, TOTVS_ERROR);
  RowCell more = row_reader_outside(judged->reader, TOTVS_ERROR_DESCRIPTION);
  RowCell code = row_reader_outside(judged->reader, TOTVS_ERROR_CODE);
  const char *first = row_text(&said) != NULL ? row_text(&said) : row_text(&code);
  const char *second = row_text(&more);
  if (first == NULL && second == NULL)
    return;
  g_free(verdict->upstream_message);
  verdict->upstream_message = join(first, second);
}

/* ---- profiles ---------------------------------------------------------------------------------*/

#define AUTHS (1u << AUTH_OAUTH2 | 1u << AUTH_BEARER | 1u << AUTH_BASIC)

const ErpProfile totvs_ctbr020 = {
    .erp = ERP_TOTVS,
    .name = "ctbr020",
    .spellings = "v1,1",
    .source = "TOTVS Protheus",
    .base_url = "https://api.totvs.com.br/protheus",
    .token_url = "https://api.totvs.com.br/oauth/token",
    .auths = AUTHS,
    .default_auth = AUTH_OAUTH2,
    .wire = ctbr020_wire,
    .judge = judge,
    .books = totvs_books,
    .entries = totvs_entries,
    .chart = totvs_chart_of_balance,
    .outside = totvs_shape_outside,
};

const ErpProfile totvs_ctb_v1 = {
    .erp = ERP_TOTVS,
    .name = "ctb_v1",
    .spellings = "",
    .source = "TOTVS Protheus",
    .base_url = "https://api.totvs.com.br/protheus",
    .token_url = "https://api.totvs.com.br/oauth/token",
    .auths = AUTHS,
    .default_auth = AUTH_OAUTH2,
    .wire = ctb_v1_wire,
    .takes_cost_center = TRUE,
    .judge = judge,
    .books = totvs_books,
    .entries = totvs_entries,
    .chart = totvs_chart,
    .companies = totvs_companies,
    .outside = totvs_shape_outside,
};
