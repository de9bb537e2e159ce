/* ContaAzul's first API (erp-connectors.md 6.2, profile v1): a chart, and transactions with their
 * lines, from which balances are summed up. */
#include "erp/contaazul.h"

#include "erp/inner.h"
#include "erp/paging.h"

static const WireName names[] = {
    {"page", "page"},
    {"page_size", "per_page"},
    {"outside.total", "total,itens_totais"},
    {"outside.page", "page"},
    {"error.message", "error_description,message,mensagem"},
    {"error.code", "codigo,code,error"},
    {"health.path", "/v1/company"},
    {"company.path", "/v1/company"},
    {"rows.companies", ""},
    {"company.id", "id"},
    {"company.name", "name"},
    {"chart.path", "/v1/chart-of-accounts"},
    {"rows.chart", ",data,items,itens,accounts"},
    {"account.code", "code,id"},
    {"account.name", "name,description"},
    {"account.type", "type,account_type"},
    {"account.parent", "parent_code,parent_account_code,parent.code,parent"},
    {"account.level", "level"},
    {"account.summary", "is_summary"},
    {"transactions.path", "/v1/transactions"},
    {"transactions.from", "start_date"},
    {"transactions.to", "end_date"},
    {"transactions.account", "account_id"},
    {"rows.transactions", ",data,items,itens,transactions"},
    {"entry.id", "id"},
    {"entry.date", "date"},
    {"entry.posting", "payment_date"},
    {"entry.amount", "value"},
    {"entry.description", "description"},
    {"entry.document", "document_number"},
    {"entry.document_type", "type"},
    {"entry.cost_center", "cost_center.name"},
    {"entry.entity_id", "customer_supplier.id"},
    {"entry.entity_name", "customer_supplier.name"},
    {"transaction.status", "status"},
    {"transaction.method", "payment_method"},
    {"transaction.category", "category.id"},
    {"transaction.category_name", "category.name"},
    {"transaction.lines", "lines[]"},
    {"line.account", "account_code,account.code"},
    {"line.account_name", "account_name,account.name"},
    {"line.debit", "debit_amount"},
    {"line.credit", "credit_amount"},
    {NULL, NULL},
};

static const char *const transaction_keys[N_TRANSACTION_CELLS - N_ENTRY_CELLS] = {
    "transaction.status", "transaction.method", "transaction.category", "transaction.category_name",
    "transaction.lines"};

static const char *const void_words[] = {"cancelled", "canceled", "cancelado",
                                         "cancelada", "deleted",  "excluido",
                                         "excluida",  "removed",  NULL};
static const char *const outgoing_words[] = {"payment", "expense", NULL};

gboolean
contaazul_is_void(const RowCell *status)
{
  return voucher_word_in(row_text(status), void_words);
}

void
contaazul_judge(ExchangeVerdict *verdict, gpointer data)
{
  const ErpJudged *judged = data;
  if (verdict->fine || judged == NULL || judged->reader == NULL)
    return;
  RowCell message = row_reader_outside(judged->reader, OUTSIDE_ERROR);
  RowCell code = row_reader_outside(judged->reader, OUTSIDE_ERROR_CODE);
  const char *words = row_text(&message) != NULL ? row_text(&message) : row_text(&code);
  if (words == NULL)
    return;
  g_free(verdict->upstream_message);
  verdict->upstream_message = g_strdup(words);
}

static gboolean
list_chart(Erp *erp, const LedgerSink *sink, GError **error)
{
  ErpListing listing = {.path = erp_wire(erp, "chart.path")};
  return erp_list_accounts(erp, &listing, "rows.chart", NULL, sink, error);
}

static gboolean
chart_of(Erp *erp, const LedgerSink *sink, GError **error)
{
  GError *failure = NULL;
  return erp_ended(list_chart(erp, sink, &failure), &failure, error);
}

/* ---- transactions -----------------------------------------------------------------------------*/

LineNames
contaazul_line_names(const Erp *erp)
{
  return (LineNames){.account = erp_wire(erp, "line.account"),
                     .name = erp_wire(erp, "line.account_name"),
                     .debit = erp_wire(erp, "line.debit"),
                     .credit = erp_wire(erp, "line.credit")};
}

static gboolean
read_line(Erp *erp, const LineNames *line_names, yajl_val element, const LedgerSink *sink,
          Voucher *voucher, gboolean *fine, GError **error)
{
  RowCell account = inner_cell(element, line_names->account);
  RowCell name = inner_cell(element, line_names->name);
  RowCell debit = inner_cell(element, line_names->debit);
  RowCell credit = inner_cell(element, line_names->credit);
  const char *id = voucher->entry.id;
  VoucherLine line = {.account = row_text(&account), .name = row_text(&name)};
  if (line.account == NULL) {
    *fine = FALSE;
    return voucher_flaw(erp, sink, id, "account_code", "missing_field", error);
  }
  gboolean has_debit = debit.kind != ROW_ABSENT; /* it must have one of the two */
  if (!voucher_amount(erp, sink, id, "debit_amount", &debit, FALSE, &line.debit, fine, error) ||
      (*fine && !voucher_amount(erp, sink, id, "credit_amount", &credit, !has_debit, &line.credit,
                                fine, error)))
    return FALSE;
  if (*fine)
    voucher_add(voucher, &line);
  return TRUE;
}

/* REF's reading of a transaction without lines: its category alone, on one side. */
static gboolean
read_category(Erp *erp, const RowCell *cells, const LedgerSink *sink, Voucher *voucher,
              gboolean *fine, GError **error)
{
  const char *id = voucher->entry.id;
  gboolean is_outgoing = voucher->entry.is_outgoing;
  VoucherLine line = {.account = row_text(&cells[TRANSACTION_CATEGORY]),
                      .name = row_text(&cells[TRANSACTION_CATEGORY_NAME]),
                      .type = is_outgoing ? ACCOUNT_EXPENSE : ACCOUNT_REVENUE,
                      .is_category = TRUE,
                      .is_charted = TRUE};
  if (line.account == NULL) {
    *fine = FALSE;
    return voucher_flaw(erp, sink, id, "account_code", "missing_field", error);
  }
  if (!voucher_amount(erp, sink, id, "amount", &cells[ENTRY_AMOUNT], TRUE,
                      is_outgoing ? &line.debit : &line.credit, fine, error))
    return FALSE;
  if (!*fine)
    return TRUE;
  voucher_add(voucher, &line);
  erp->is_single_sided = TRUE;
  return TRUE;
}

gboolean
contaazul_read_transaction(Erp *erp, const LineNames *line_names, const RowCell *cells,
                           const LedgerSink *sink, Voucher *voucher, gboolean *fine, GError **error)
{
  const char *direction = NULL;
  gint64 amount = 0;
  voucher_reset(voucher);
  *fine = !contaazul_is_void(&cells[TRANSACTION_STATUS]);
  if (!*fine)
    return TRUE;
  if (!erp_read_entry(erp, cells, &voucher->entry, &direction, &amount, sink, fine, error))
    return FALSE;
  if (!*fine)
    return TRUE;
  voucher->entry.is_outgoing = voucher_word_in(voucher->entry.document_type, outgoing_words);
  voucher_extra(voucher, "status", row_text(&cells[TRANSACTION_STATUS]));
  voucher_extra(voucher, "payment_method", row_text(&cells[TRANSACTION_METHOD]));
  g_auto(yajl_val) lines = inner_tree(&cells[TRANSACTION_LINES]);
  if (inner_count(lines) == 0)
    return read_category(erp, cells, sink, voucher, fine, error);
  for (guint i = 0; i < inner_count(lines) && *fine; i++)
    if (!read_line(erp, line_names, inner_at(lines, i), sink, voucher, fine, error))
      return FALSE;
  return TRUE;
}

typedef struct {
  VoucherTarget target;
  LineNames line_names;
  Voucher voucher;
} Run;

static gboolean
take_transaction(const RowCell *cells, gpointer data, GError **error)
{
  Run *run = data;
  gboolean fine = TRUE;
  if (!contaazul_read_transaction(run->target.erp, &run->line_names, cells, run->target.sink,
                                  &run->voucher, &fine, error))
    return FALSE;
  return !fine || voucher_tell(&run->voucher, &run->target, error);
}

static gboolean
list_transactions(const VoucherTarget *target, const ErpPeriod *period, GError **error)
{
  Erp *erp = target->erp;
  /* what is on the account by way of CATEGORY_MAP the ERP cannot find for us */
  gboolean is_mapped =
      target->account != NULL &&
      voucher_is_mapped_to(erp_config_text(erp->config, "CATEGORY_MAP"), target->account);
  Run run = {.target = *target, .line_names = contaazul_line_names(erp)};
  DateText from = date_iso(&period->first), to = date_iso(&period->last);
  const char *params[] = {erp_wire(erp, "transactions.from"),
                          from.text,
                          erp_wire(erp, "transactions.to"),
                          to.text,
                          erp_wire(erp, "transactions.account"),
                          is_mapped ? NULL : target->account,
                          NULL};
  RowShape shape = erp_shape(erp, "rows.transactions", entry_wire_keys, N_ENTRY_CELLS);
  for (guint i = N_ENTRY_CELLS; i < N_TRANSACTION_CELLS; i++)
    shape.cells[i] = erp_wire(erp, transaction_keys[i - N_ENTRY_CELLS]);
  ErpListing listing = {.path = erp_wire(erp, "transactions.path"),
                        .params = params,
                        .shape = &shape,
                        .id_cell = ENTRY_ID};
  ErpRowTaker taker = {.row = take_transaction, .data = &run};
  voucher_init(&run.voucher);
  gboolean listed = erp_list(erp, &listing, NULL, &taker, error);
  voucher_clear(&run.voucher);
  return listed;
}

static gboolean
books(Erp *erp, const ErpPeriod *period, const LedgerSink *sink, GError **error)
{
  GError *failure = NULL;
  VoucherTarget target = {.erp = erp, .period = period, .sink = sink};
  gboolean told = sink->account == NULL || list_chart(erp, sink, &failure);
  if (told && sink->posting != NULL)
    told = list_transactions(&target, period, &failure);
  return erp_ended(told, &failure, error);
}

static gboolean
entries(Erp *erp, const char *account, const ErpPeriod *period, const LedgerSink *sink,
        GError **error)
{
  GError *failure = NULL;
  VoucherTarget target = {.erp = erp, .account = account, .sink = sink};
  return erp_ended(list_transactions(&target, period, &failure), &failure, error);
}

gboolean
contaazul_companies(Erp *erp, void (*take)(const char *id, const char *name, gpointer data),
                    gpointer data, GError **error)
{
  return erp_list_companies(erp, ERP_JSON, take, data, error);
}

const ErpProfile contaazul_v1 = {
    .erp = ERP_CONTAAZUL,
    .name = "v1",
    .spellings = "1",
    .source = "ContaAzul",
    .base_url = "https://api.contaazul.com/v1",
    .token_url = "https://api.contaazul.com/oauth/token",
    .auths = 1U << AUTH_OAUTH2,
    .default_auth = AUTH_OAUTH2,
    .wire = names,
    .is_aggregated = TRUE,
    .judge = contaazul_judge,
    .outside = erp_shape_outside,
    .books = books,
    .entries = entries,
    .chart = chart_of,
    .companies = contaazul_companies,
};
