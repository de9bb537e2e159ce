/* Transfers between financial accounts, of ContaAzul's second API. */
#include "erp/contaazul_v2.h"
#include "erp/paging.h"

enum {
  TRANSFER_ID,
  TRANSFER_DATE,
  TRANSFER_AMOUNT,
  TRANSFER_DESCRIPTION,
  TRANSFER_FROM,
  TRANSFER_TO,
  N_TRANSFER_CELLS
};
static const char *const transfer_keys[N_TRANSFER_CELLS] = {
    "transfer.id",          "transfer.date",         "transfer.amount",
    "transfer.description", "transfer.from_account", "transfer.to_account"};

typedef struct {
  const VoucherTarget *target;
  Voucher voucher;
} Transfers;

static gboolean
take_transfer(const RowCell *cells, gpointer data, GError **error)
{
  Transfers *run = data;
  Erp *erp = run->target->erp;
  const LedgerSink *sink = run->target->sink;
  const char *id = row_text(&cells[TRANSFER_ID]);
  const char *from = row_text(&cells[TRANSFER_FROM]), *to = row_text(&cells[TRANSFER_TO]);
  const char *description = row_text(&cells[TRANSFER_DESCRIPTION]);
  gint64 amount = 0;
  gboolean fine = TRUE;
  voucher_reset(&run->voucher);
  LedgerEntry *entry = &run->voucher.entry;
  *entry = (LedgerEntry){
      .id = id, .description = description != NULL ? description : "", .document_type = "transfer"};
  if (id == NULL)
    return voucher_flaw(erp, sink, NULL, "entry_id", "missing_field", error);
  if (!voucher_day(erp, sink, id, "transaction_date", &cells[TRANSFER_DATE], &entry->transaction,
                   &entry->timestamp, &fine, error) ||
      (fine && !voucher_amount(erp, sink, id, "amount", &cells[TRANSFER_AMOUNT], TRUE, &amount,
                               &fine, error)))
    return FALSE;
  if (!fine)
    return TRUE;
  contaazul_post_transfer(&run->voucher, from != NULL ? from : CONTAAZUL_NO_ACCOUNT,
                          to != NULL ? to : CONTAAZUL_NO_ACCOUNT, amount);
  return voucher_tell(&run->voucher, run->target, error);
}

gboolean
contaazul_list_transfers(const VoucherTarget *target, G_GNUC_UNUSED const TitleKind *kind,
                         const ErpPeriod *period, GError **error)
{
  Erp *erp = target->erp;
  Transfers run = {.target = target};
  DateText from = date_iso(&period->first), to = date_iso(&period->last);
  const char *params[] = {erp_wire(erp, "transfers.from"), from.text, erp_wire(erp, "transfers.to"),
                          to.text, NULL};
  RowShape shape = erp_shape(erp, "rows.transfers", transfer_keys, N_TRANSFER_CELLS);
  ErpListing listing = {.path = erp_wire(erp, "transfers.path"),
                        .params = params,
                        .shape = &shape,
                        .id_cell = TRANSFER_ID,
                        .page_size = contaazul_page_size(erp->page_size)};
  ErpRowTaker taker = {.row = take_transfer, .data = &run};
  voucher_init(&run.voucher);
  gboolean listed = erp_list(erp, &listing, NULL, &taker, error);
  voucher_clear(&run.voucher);
  return listed;
}
