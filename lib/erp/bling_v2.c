/* Bling's legacy XML, profile v2 (erp-connectors.md 6.4): bills receivable and payable, as two
 * accounts of one side each. */
#include "erp/bling_v2.h"

#include <string.h>

#include "erp/xml_rows.h"

#define ROWS_PER_PAGE 100 /* the service's own, not to be chosen */
#define RECEIVABLES   "RECEIVABLES"
#define PAYABLES      "PAYABLES"

static const WireName names[] = {
    {"error.code", "erros.erro.cod"},
    {"error.message", "erros.erro.msg"},
    {"health.path", "/empresa/xml/"},
    {"company.path", "/empresa/xml/"},
    {"rows.companies", "empresa"},
    {"company.id", "id,cnpj"},
    {"company.name", "nome,fantasia"},
    {"receivables.path", "/contasreceber/xml/"},
    {"rows.receivables", "contasreceber.contareceber"},
    {"payables.path", "/contaspagar/xml/"},
    {"rows.payables", "contaspagar.contapagar"},
    {"bills.filter", "filters"},
    {"bills.filter_field", "dataEmissao"},
    {"entry.id", "id"},
    {"entry.date", "dataEmissao"},
    {"entry.amount", "valor"},
    {"entry.description", "historico"},
    {"entry.document", "nroDocumento"},
    {"entry.entity_id", "cliente.id,fornecedor.id"},
    {"entry.entity_name", "cliente.nome,fornecedor.nome"},
    {"bill.state", "situacao"},
    {"bill.due", "vencimento"},
    {NULL, NULL},
};

static const char *const bill_keys[N_BILL_CELLS - N_ENTRY_CELLS] = {"bill.state", "bill.due"};
static const char *const void_words[] = {"cancelada", "cancelado", NULL};

/* The two accounts there are; nothing is known of what was before the period. */
static const LedgerAccount accounts[] = {
    {.code = RECEIVABLES, .name = "Contas a Receber", .type = ACCOUNT_ASSET, .has_opening = TRUE},
    {.code = PAYABLES, .name = "Contas a Pagar", .type = ACCOUNT_LIABILITY, .has_opening = TRUE}};
static const struct {
  const char *path, *rows;
} lists[G_N_ELEMENTS(accounts)] = {{"receivables.path", "rows.receivables"},
                                   {"payables.path", "rows.payables"}};

char *
bling_v2_filter(const char *field, const ErpPeriod *period)
{
  DateText first = date_br(&period->first), last = date_br(&period->last);
  return g_strdup_printf("%s[%s TO %s]", field, first.text, last.text);
}

char *
bling_v2_page_path(const char *path, gint64 page)
{
  const char *suffix = g_strrstr(path, "/xml");
  if (suffix == NULL)
    suffix = path + strlen(path);
  return g_strdup_printf("%.*s/page=%" G_GINT64_FORMAT "%s", (int)(suffix - path), path, page,
                         suffix);
}

gboolean
bling_v2_read_bill(Erp *erp, const RowCell *cells, gboolean is_receivable, const LedgerSink *sink,
                   Voucher *voucher, gboolean *fine, GError **error)
{
  const char *direction = NULL, *state = row_text(&cells[BILL_STATE]);
  const LedgerAccount *account = &accounts[is_receivable ? 0 : 1];
  gint64 amount = 0;
  voucher_reset(voucher);
  *fine = !voucher_word_in(state, void_words);
  if (!*fine)
    return TRUE;
  LedgerEntry *entry = &voucher->entry;
  if (!erp_read_entry(erp, cells, entry, &direction, &amount, sink, fine, error))
    return FALSE;
  if (!*fine)
    return TRUE;
  if (!voucher_amount(erp, sink, entry->id, "amount", &cells[ENTRY_AMOUNT], TRUE, &amount, fine,
                      error))
    return FALSE;
  if (!*fine)
    return TRUE;
  entry->is_outgoing = !is_receivable;
  voucher_extra(voucher, "situacao", state);
  voucher_extra(voucher, "vencimento", row_text(&cells[BILL_DUE]));
  voucher_add(voucher, &(VoucherLine){.account = account->code,
                                      .name = account->name,
                                      .type = account->type,
                                      .debit = is_receivable ? amount : 0,
                                      .credit = is_receivable ? 0 : amount});
  return TRUE;
}

typedef struct {
  VoucherTarget target;
  gboolean is_receivable;
  Voucher voucher;
} Run;

static gboolean
take_bill(const RowCell *cells, gpointer data, GError **error)
{
  Run *run = data;
  gboolean fine = TRUE;
  if (!bling_v2_read_bill(run->target.erp, cells, run->is_receivable, run->target.sink,
                          &run->voucher, &fine, error))
    return FALSE;
  return !fine || voucher_tell(&run->voucher, &run->target, error);
}

static gboolean
list_window(Run *run, const ErpPeriod *window, ErpSeen *seen, GError **error)
{
  Erp *erp = run->target.erp;
  gsize which = run->is_receivable ? 0 : 1;
  g_autofree char *filter = bling_v2_filter(erp_wire(erp, "bills.filter_field"), window);
  const char *params[] = {erp_wire(erp, "bills.filter"), filter, NULL};
  RowShape shape = erp_shape(erp, lists[which].rows, entry_wire_keys, N_ENTRY_CELLS);
  for (guint i = N_ENTRY_CELLS; i < N_BILL_CELLS; i++)
    shape.cells[i] = erp_wire(erp, bill_keys[i - N_ENTRY_CELLS]);
  ErpListing listing = {.path = erp_wire(erp, lists[which].path),
                        .page_path = bling_v2_page_path,
                        .params = params,
                        .shape = &shape,
                        .id_cell = ENTRY_ID,
                        .page_size = ROWS_PER_PAGE,
                        .body = ERP_XML};
  ErpRowTaker taker = {.row = take_bill, .data = run};
  return erp_list(erp, &listing, seen, &taker, error);
}

static gboolean
list_bills(const VoucherTarget *target, gboolean is_receivable, const ErpPeriod *period,
           GError **error)
{
  Run run = {.target = *target, .is_receivable = is_receivable};
  g_autoptr(ErpSeen) seen = erp_seen_new();
  ErpPeriod window = {0};
  gboolean listed = TRUE;
  voucher_init(&run.voucher);
  while (listed && erp_next_window(period, BLING_WINDOW_DAYS, &window))
    listed = list_window(&run, &window, seen, error);
  voucher_clear(&run.voucher);
  return listed;
}

static gboolean
tell_accounts(const LedgerSink *sink, GError **error)
{
  for (gsize i = 0; i < G_N_ELEMENTS(accounts); i++)
    if (!sink->account(&accounts[i], sink->data, error))
      return FALSE;
  return TRUE;
}

static gboolean
books(Erp *erp, const ErpPeriod *period, const LedgerSink *sink, GError **error)
{
  GError *failure = NULL;
  VoucherTarget target = {.erp = erp, .period = period, .sink = sink};
  gboolean told = bling_begin(erp, &failure) &&
                  (sink->account == NULL || tell_accounts(sink, &failure)) &&
                  (sink->posting == NULL || (list_bills(&target, TRUE, period, &failure) &&
                                             list_bills(&target, FALSE, period, &failure)));
  return erp_ended(told, &failure, error);
}

static gboolean
entries(Erp *erp, const char *account, const ErpPeriod *period, const LedgerSink *sink,
        GError **error)
{
  GError *failure = NULL;
  gboolean is_receivable = g_str_equal(account, RECEIVABLES);
  VoucherTarget target = {.erp = erp, .account = account, .sink = sink};
  if (!is_receivable && !g_str_equal(account, PAYABLES))
    return bling_no_account(account, error);
  gboolean told =
      bling_begin(erp, &failure) && list_bills(&target, is_receivable, period, &failure);
  return erp_ended(told, &failure, error);
}

static gboolean
companies(Erp *erp, void (*take)(const char *id, const char *name, gpointer data), gpointer data,
          GError **error)
{
  return bling_begin(erp, error) && erp_list_companies(erp, ERP_XML, take, data, error);
}

const ErpProfile bling_v2 = {
    .erp = ERP_BLING,
    .name = "v2",
    .spellings = "2",
    .source = "Bling",
    .base_url = "https://bling.com.br/Api/v2",
    .auths = 1U << AUTH_API_KEY,
    .default_auth = AUTH_API_KEY,
    .wire = names,
    .is_aggregated = TRUE,
    .is_single_sided = TRUE,
    .judge = bling_v2_judge,
    .outside = erp_shape_outside,
    .books = books,
    .entries = entries,
    .companies = companies,
};
