/* Settlements of ContaAzul's second API: what was paid, by the day it was. */
#include "erp/contaazul_titles.h"
#include "erp/inner.h"

static gboolean
read_settlement(Titles *run, yajl_val element, Settlement *settled, gboolean *fine, GError **error)
{
  const struct {
    const char *key;
    gint64 *target;
    gboolean is_required;
  } amounts[] = {{"settlement.gross", &settled->gross, TRUE},
                 {"settlement.interest", &settled->interest, FALSE},
                 {"settlement.fine", &settled->fine, FALSE},
                 {"settlement.fee", &settled->fee, FALSE},
                 {"settlement.discount", &settled->discount, FALSE},
                 {"settlement.net", &settled->net, FALSE}};
  Erp *erp = run->target.erp;
  const char *id = run->voucher.entry.id;
  RowCell date = inner_cell(element, erp_wire(erp, "settlement.date"));
  settled->net = -1;
  for (guint i = 0; i < G_N_ELEMENTS(amounts) && *fine; i++) {
    RowCell cell = inner_cell(element, erp_wire(erp, amounts[i].key));
    if (!voucher_amount(erp, run->target.sink, id, "amount", &cell, amounts[i].is_required,
                        amounts[i].target, fine, error))
      return FALSE;
  }
  return !*fine ||
         voucher_day(erp, run->target.sink, id, "transaction_date", &date,
                     &run->voucher.entry.transaction, &run->voucher.entry.timestamp, fine, error);
}

static gboolean
tell_settlement(Titles *run, const RowCell *cells, yajl_val element, guint index, GError **error)
{
  Erp *erp = run->target.erp;
  Settlement settled = {0};
  gboolean fine = TRUE;
  RowCell own_id = inner_cell(element, erp_wire(erp, "settlement.id"));
  RowCell bank = inner_cell(element, erp_wire(erp, "settlement.account"));
  RowCell method = inner_cell(element, erp_wire(erp, "settlement.method"));
  const char *title = row_text(&cells[TITLE_ID]);
  g_autofree char *id = row_text(&own_id) != NULL ? g_strdup(row_text(&own_id))
                                                  : g_strdup_printf("%s/%u", title, index + 1);
  titles_begin_voucher(run, cells);
  run->voucher.entry.id = id;
  voucher_extra(&run->voucher, "installment", title);
  voucher_extra(&run->voucher, "payment_method", row_text(&method));
  settled.bank = row_text(&bank);
  if (!read_settlement(run, element, &settled, &fine, error))
    return FALSE;
  const GDate *day = &run->voucher.entry.transaction;
  if (!fine || g_date_compare(day, &run->period->first) < 0 ||
      g_date_compare(day, &run->period->last) > 0) /* another payment of the same instalment */
    return TRUE;
  if (!erp_seen_add(run->settled, id)) {
    erp_warn(erp, "duplicate_entry", NULL);
    return TRUE;
  }
  contaazul_post_settlement(&run->voucher, run->kind, &settled);
  return voucher_tell(&run->voucher, &run->target, error);
}

static gboolean
tell_pending_settlements(gpointer data, const RowCell *cells, const KeptRows *detail,
                         GError **error)
{
  Titles *run = data;
  RowCell raw = kept_rows_outside(detail, DETAIL_SETTLEMENTS);
  g_auto(yajl_val) tree = inner_tree(&raw);
  if (inner_count(tree) == 0)
    erp_warn(run->target.erp, "settlement_missing", row_text(&cells[TITLE_ID]));
  for (guint i = 0; i < inner_count(tree); i++)
    if (!tell_settlement(run, cells, inner_at(tree, i), i, error))
      return FALSE;
  return TRUE;
}

static gboolean
take_settled(const RowCell *cells, gpointer data, GError **error)
{
  return contaazul_is_void(&cells[TITLE_STATUS]) || titles_keep(data, cells, error);
}

gboolean
contaazul_list_settlements(const VoucherTarget *target, const TitleKind *kind,
                           const ErpPeriod *period, GError **error)
{
  Titles run = {.target = *target,
                .kind = kind,
                .period = period,
                .from = "titles.paid_from",
                .to = "titles.paid_to",
                .take = take_settled,
                .tell = tell_pending_settlements};
  return titles_list(&run, error);
}
