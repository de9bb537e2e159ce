/* Movements of Bling's bank accounts: their rows do not tell the category, so each category is
 * asked for its own; what is left over has none, or is a transfer. */
#include "base/error.h"
#include "erp/bling_caixas.h"

static const char *const cash_keys[N_CASH_CELLS - N_ENTRY_CELLS] = {
    "entry.bank", "entry.state", "entry.competence", "entry.category"};

/* ---- one movement -----------------------------------------------------------------------------*/

AccountType
bling_category_type(const char *number)
{
  if (g_strcmp0(number, "1") == 0)
    return ACCOUNT_EXPENSE;
  return g_strcmp0(number, "2") == 0 ? ACCOUNT_REVENUE : ACCOUNT_UNTYPED;
}

/* Did it take place?  Registered ones only were asked for: what is deleted, hidden, not registered,
 * under way or cancelled is counted; a word nobody knows is a flaw. */
static gboolean
check_state(Erp *erp, const RowCell *cells, const LedgerSink *sink, gboolean *fine, GError **error)
{
  static const char *const registered[] = {"r", NULL};
  static const char *const others[] = {"e", "h", "n", "p", "c", NULL};
  const char *state = row_text(&cells[CASH_STATE]);
  *fine = state == NULL || voucher_word_in(state, registered);
  if (*fine)
    return TRUE;
  if (!voucher_word_in(state, others))
    return voucher_flaw(erp, sink, row_text(&cells[ENTRY_ID]), "state", "invalid_state", error);
  erp_warn(erp, "not_registered", NULL);
  return TRUE;
}

gboolean
bling_read_cash(Erp *erp, const RowCell *cells, const BlingAccount *bank,
                const CashCounter *counter, const LedgerSink *sink, Voucher *voucher,
                gboolean *fine, GError **error)
{
  const char *direction = NULL;
  const char *told = row_text(&cells[CASH_BANK]);
  const char *perspective = erp_config_text(erp->config, "DEBCRED_PERSPECTIVE");
  gint64 amount = 0, debit = 0, credit = 0;
  voucher_reset(voucher);
  if (!check_state(erp, cells, sink, fine, error))
    return FALSE;
  if (!*fine)
    return TRUE;
  LedgerEntry *entry = &voucher->entry;
  if (!erp_read_entry(erp, cells, entry, &direction, &amount, sink, fine, error))
    return FALSE;
  if (!*fine)
    return TRUE;
  if (amount < 0 ||
      !bling_sides(direction, g_strcmp0(perspective, "ledger") != 0, amount, &debit, &credit)) {
    *fine = FALSE;
    return voucher_flaw(erp, sink, entry->id, amount < 0 ? "amount" : "direction",
                        amount < 0 ? "negative_amount" : "missing_field", error);
  }
  const char *id = told != NULL ? told : bank != NULL ? bank->id : NULL;
  g_autofree char *code = id != NULL ? g_strconcat("CF:", id, NULL) : g_strdup(BLING_NO_BANK);
  AccountType by_direction = debit > 0 ? ACCOUNT_REVENUE : ACCOUNT_EXPENSE;
  entry->is_outgoing = credit > 0;
  voucher_add(voucher, &(VoucherLine){.account = code,
                                      .name = bank != NULL ? bank->name : NULL,
                                      .type = ACCOUNT_ASSET,
                                      .debit = debit,
                                      .credit = credit});
  voucher_add(voucher, &(VoucherLine){.account = counter->account,
                                      .name = counter->name,
                                      .type = counter->type != ACCOUNT_UNTYPED ? counter->type
                                                                               : by_direction,
                                      .debit = credit,
                                      .credit = debit,
                                      .is_category = TRUE});
  voucher_extra(voucher, "situacao", row_text(&cells[CASH_STATE]));
  voucher_extra(voucher, "competencia", row_text(&cells[CASH_COMPETENCE]));
  voucher_extra(voucher, "categoria", row_text(&cells[CASH_CATEGORY]));
  return TRUE;
}

/* ---- listings of movements --------------------------------------------------------------------*/

static const CashCounter uncategorized = {BLING_NO_CATEGORY, "Sem categoria", ACCOUNT_UNTYPED};
static const CashCounter transfer = {BLING_TRANSFER, "Transferências", ACCOUNT_ASSET};

static gboolean
tell_cash(CashRun *run, const RowCell *cells, const CashCounter *counter, GError **error)
{
  gboolean fine = TRUE;
  if (!bling_read_cash(run->target.erp, cells, run->bank, counter, run->target.sink, &run->voucher,
                       &fine, error))
    return FALSE;
  return !fine || voucher_tell(&run->voucher, &run->target, error);
}

static gboolean
take_claimed(const RowCell *cells, gpointer data, GError **error)
{
  CashRun *run = data;
  const char *id = row_text(&cells[ENTRY_ID]);
  if (id != NULL && run->categorized != NULL && !erp_seen_add(run->categorized, id))
    return TRUE; /* of another category already: counted once */
  return tell_cash(run, cells, run->counter, error);
}

static gboolean
take_leftover(const RowCell *cells, gpointer data, GError **error)
{
  CashRun *run = data;
  const char *id = row_text(&cells[ENTRY_ID]);
  if (id == NULL)
    return tell_cash(run, cells, &uncategorized, error); /* which tells the flaw */
  if (!erp_seen_add(run->categorized, id) ||
      kept_rows_add(run->pending, cells, KEPT_ROWS_MAX_BYTES))
    return TRUE;
  g_set_error_literal(error, PONTE_ERROR, ERROR_ERP_TOO_LARGE,
                      "A resposta do ERP passa do limite de tamanho.");
  return FALSE;
}

static gboolean
ask_whether_transfer(Erp *erp, const char *id, gboolean *is_transfer, GError **error)
{
  g_autofree char *quoted = g_uri_escape_string(id, NULL, FALSE);
  g_auto(GStrv) parts = g_strsplit(erp_wire(erp, "cash.detail"), "{id}", 2);
  g_autofree char *path = g_strjoinv(quoted, parts);
  RowShape shape = {.is_object = TRUE};
  erp_shape_outside(erp, &shape);
  shape.outside[N_OUTSIDE] = erp_wire(erp, "detail.transfer");
  g_autoptr(RowReader) reader = row_reader_new(&shape, NULL, NULL);
  ErpCall call = {.path = path, .is_small = TRUE};
  if (!erp_call(erp, &call, reader, error))
    return FALSE;
  RowCell cell = row_reader_outside(reader, N_OUTSIDE);
  *is_transfer = row_flag(&cell);
  return TRUE;
}

/* Between two pages, since a transfer cannot begin inside another's rows. */
static gboolean
ask_leftovers(gpointer data, GError **error)
{
  CashRun *run = data;
  for (guint i = 0; i < kept_rows_count(run->pending); i++) {
    const RowCell *cells = kept_rows_row(run->pending, i);
    gboolean is_transfer = FALSE;
    if (!ask_whether_transfer(run->target.erp, row_text(&cells[ENTRY_ID]), &is_transfer, error) ||
        !tell_cash(run, cells, is_transfer ? &transfer : &uncategorized, error))
      return FALSE;
  }
  kept_rows_unref(run->pending);
  run->pending = kept_rows_new(&run->shape);
  return TRUE;
}

/* The movements of a financial account, or of a category, or all (both NULL). */
static gboolean
list_cash(CashRun *run, const BlingAccount *bank, const char *category, const ErpPeriod *period,
          const ErpRowTaker *taker, GError **error)
{
  Erp *erp = run->target.erp;
  run->shape = erp_shape(erp, "rows.cash", entry_wire_keys, N_ENTRY_CELLS);
  for (guint i = N_ENTRY_CELLS; i < N_CASH_CELLS; i++)
    run->shape.cells[i] = erp_wire(erp, cash_keys[i - N_ENTRY_CELLS]);
  BlingListing listing = {
      .listing = {.path = erp_wire(erp, "cash.path"), .shape = &run->shape, .id_cell = ENTRY_ID},
      .from = erp_wire(erp, "cash.from"),
      .to = erp_wire(erp, "cash.to"),
      .params = {erp_wire(erp, "cash.state"), "R", erp_wire(erp, "cash.account"),
                 bank != NULL ? bank->id : NULL, erp_wire(erp, "cash.categories"), category}};
  run->bank = bank;
  run->pending = kept_rows_new(&run->shape);
  voucher_init(&run->voucher);
  gboolean listed = bling_list(erp, &listing, period, NULL, taker, error);
  voucher_clear(&run->voucher);
  kept_rows_unref(run->pending);
  return listed;
}

gboolean
bling_list_claimed(CashRun *run, const BlingAccount *bank, const char *category,
                   const ErpPeriod *period, GError **error)
{
  ErpRowTaker taker = {.row = take_claimed, .data = run};
  return list_cash(run, bank, category, period, &taker, error);
}

gboolean
bling_list_leftovers(CashRun *run, const ErpPeriod *period, GError **error)
{
  ErpRowTaker taker = {.row = take_leftover, .page_end = ask_leftovers, .data = run};
  return list_cash(run, NULL, NULL, period, &taker, error);
}
