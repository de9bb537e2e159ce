/* Instalments of ContaAzul's second API: what is due, by the month it belongs to, split over its
 * categories. */
#include "base/error.h"
#include "erp/contaazul_titles.h"
#include "erp/inner.h"

/* The shares of a tree; an empty array when one of several says no amount. */
static GArray *
shares_of(const Erp *erp, yajl_val tree, GError **error)
{
  g_autoptr(GArray) shares = g_array_new(FALSE, TRUE, sizeof(CategoryShare));
  for (guint i = 0; i < inner_count(tree); i++) {
    yajl_val element = inner_at(tree, i);
    RowCell category = inner_cell(element, erp_wire(erp, "share.category"));
    RowCell name = inner_cell(element, erp_wire(erp, "share.name"));
    RowCell amount = inner_cell(element, erp_wire(erp, "share.amount"));
    CategoryShare share = {row_text(&category), row_text(&name), 0};
    gboolean present = FALSE;
    const char *problem = erp_read_amount(erp, &amount, &share.weight, NULL, &present);
    if (problem != NULL || share.weight < 0 || (share.category == NULL && present)) {
      g_set_error_literal(error, PONTE_ERROR, ERROR_ERP_DATA,
                          "O rateio de uma parcela do ContaAzul não pôde ser lido.");
      return NULL;
    }
    if (share.category == NULL || (!present && inner_count(tree) > 1)) {
      g_array_set_size(shares, 0);
      break;
    }
    g_array_append_val(shares, share);
  }
  return g_steal_pointer(&shares);
}

typedef struct {
  yajl_val tree;  /* in which the texts live */
  GArray *shares; /* of CategoryShare */
} Shares;

static void
shares_clear(Shares *shares)
{
  yajl_tree_free(shares->tree);
  g_clear_pointer(&shares->shares, g_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Shares, shares_clear)

static gboolean
read_shares(const Erp *erp, const RowCell *cell, Shares *shares, GError **error)
{
  shares_clear(shares);
  shares->tree = inner_tree(cell);
  shares->shares = shares_of(erp, shares->tree, error);
  return shares->shares != NULL;
}

/* The row's own shares, or its only category, or those of its detail; none: not known (yet). */
static gboolean
find_shares(const Erp *erp, const RowCell *cells, const KeptRows *detail, Shares *shares,
            GError **error)
{
  RowCell more = detail != NULL ? kept_rows_outside(detail, DETAIL_SHARES) : (RowCell){0};
  const RowCell *const sources[] = {&cells[TITLE_SHARES], &cells[TITLE_CATEGORIES], &more};
  for (guint i = 0; i < G_N_ELEMENTS(sources); i++) {
    if (!read_shares(erp, sources[i], shares, error))
      return FALSE;
    if (shares->shares->len > 0)
      return TRUE;
  }
  return TRUE;
}

/* Tells an instalment; without its detail only when that is not needed (*told). */
static gboolean
tell_instalment(Titles *run, const RowCell *cells, const KeptRows *detail, gboolean *told,
                GError **error)
{
  Erp *erp = run->target.erp;
  const LedgerSink *sink = run->target.sink;
  const char *id = row_text(&cells[TITLE_ID]);
  RowCell date = cells[TITLE_DATE];
  gint64 amount = 0;
  gboolean fine = TRUE;
  g_auto(Shares) shares = {0};
  if (date.kind == ROW_ABSENT && detail != NULL)
    date = kept_rows_outside(detail, DETAIL_DATE);
  if (!find_shares(erp, cells, detail, &shares, error))
    return FALSE;
  *told = detail != NULL || (shares.shares->len > 0 && date.kind != ROW_ABSENT);
  if (!*told)
    return TRUE;
  titles_begin_voucher(run, cells);
  LedgerEntry *entry = &run->voucher.entry;
  if (!voucher_day(erp, sink, id, "transaction_date", &date, &entry->transaction, NULL, &fine,
                   error) ||
      (fine &&
       !voucher_amount(erp, sink, id, "amount", &cells[TITLE_AMOUNT], TRUE, &amount, &fine, error)))
    return FALSE;
  if (!fine)
    return TRUE;
  contaazul_post_instalment(&run->voucher, run->kind, amount,
                            (const CategoryShare *)(gpointer)shares.shares->data,
                            shares.shares->len);
  return voucher_tell(&run->voucher, &run->target, error);
}

static gboolean
take_instalment(const RowCell *cells, gpointer data, GError **error)
{
  Titles *run = data;
  gboolean told = FALSE;
  if (contaazul_is_void(&cells[TITLE_STATUS]))
    return TRUE;
  return tell_instalment(run, cells, NULL, &told, error) &&
         (told || titles_keep(run, cells, error));
}

static gboolean
tell_pending_instalment(gpointer data, const RowCell *cells, const KeptRows *detail, GError **error)
{
  gboolean told = FALSE;
  return tell_instalment(data, cells, detail, &told, error);
}

gboolean
contaazul_list_instalments(const VoucherTarget *target, const TitleKind *kind,
                           const ErpPeriod *period, GError **error)
{
  Titles run = {.target = *target,
                .kind = kind,
                .period = period,
                .from = "titles.from",
                .to = "titles.to",
                .take = take_instalment,
                .tell = tell_pending_instalment};
  return titles_list(&run, error);
}
