#include "erp/contaazul_titles.h"

#include "base/error.h"
#include "erp/inner.h"

/* Due dates are said to be mandatory in a search: a window that holds them all. */
#define EVER_FROM "2000-01-01"
#define EVER_TO   "2100-12-31"

static const char *const title_keys[N_TITLE_CELLS] = {
    "title.id",          "title.date",       "title.amount",       "title.status",
    "title.description", "title.document",   "title.cost_centers", "title.person",
    "title.person_name", "title.categories", "title.shares"};

static const char *const detail_keys[N_DETAIL - N_OUTSIDE] = {"detail.shares", "detail.settlements",
                                                              "detail.date"};

gboolean
titles_keep(Titles *run, const RowCell *cells, GError **error)
{
  if (kept_rows_add(run->pending, cells, KEPT_ROWS_MAX_BYTES))
    return TRUE;
  g_set_error_literal(error, PONTE_ERROR, ERROR_ERP_TOO_LARGE,
                      "A resposta do ERP passa do limite de tamanho.");
  return FALSE;
}

/* Of several cost centres none is the entry's. */
static const char *
cost_center(Titles *run, const RowCell *cell)
{
  g_auto(yajl_val) tree = inner_tree(cell);
  RowCell name = inner_cell(inner_at(tree, 0), erp_wire(run->target.erp, "cost_center.name"));
  const char *text = inner_count(tree) == 1 ? row_text(&name) : NULL;
  return text != NULL ? g_string_chunk_insert(run->voucher.texts, text) : NULL;
}

void
titles_begin_voucher(Titles *run, const RowCell *cells)
{
  voucher_reset(&run->voucher);
  const char *description = row_text(&cells[TITLE_DESCRIPTION]);
  run->voucher.entry = (LedgerEntry){
      .id = row_text(&cells[TITLE_ID]),
      .description = description != NULL ? description : "",
      .document_number = row_text(&cells[TITLE_DOCUMENT]),
      .document_type = run->kind->is_incoming ? "receipt" : "payment",
      .entity_id = row_text(&cells[TITLE_PERSON]),
      .entity_name = row_text(&cells[TITLE_PERSON_NAME]),
      .is_outgoing = !run->kind->is_incoming,
  };
  run->voucher.entry.cost_center = cost_center(run, &cells[TITLE_COST_CENTERS]);
  voucher_extra(&run->voucher, "status", row_text(&cells[TITLE_STATUS]));
}

static KeptRows *
ask_detail(Erp *erp, const char *id, GError **error)
{
  g_autofree char *quoted = g_uri_escape_string(id, NULL, FALSE);
  g_autofree char *path = g_strdup_printf("%s/%s", erp_wire(erp, "detail.path"), quoted);
  RowShape shape = {.is_object = TRUE};
  erp_shape_outside(erp, &shape);
  for (guint i = N_OUTSIDE; i < N_DETAIL; i++)
    shape.outside[i] = erp_wire(erp, detail_keys[i - N_OUTSIDE]);
  ErpCall call = {.path = path, .is_small = TRUE};
  return erp_call_keep(erp, &call, &shape, error);
}

/* Between two pages, since a transfer cannot begin inside another's rows. */
static gboolean
ask_pending(gpointer data, GError **error)
{
  Titles *run = data;
  for (guint i = 0; i < kept_rows_count(run->pending); i++) {
    const RowCell *cells = kept_rows_row(run->pending, i);
    const char *id = row_text(&cells[TITLE_ID]);
    if (id == NULL) {
      if (!voucher_flaw(run->target.erp, run->target.sink, NULL, "entry_id", "missing_field",
                        error))
        return FALSE;
      continue;
    }
    g_autoptr(KeptRows) detail = ask_detail(run->target.erp, id, error);
    if (detail == NULL || !run->tell(run, cells, detail, error))
      return FALSE;
  }
  kept_rows_unref(run->pending);
  run->pending = kept_rows_new(&run->shape);
  return TRUE;
}

gboolean
titles_list(Titles *run, GError **error)
{
  Erp *erp = run->target.erp;
  DateText from = date_iso(&run->period->first), to = date_iso(&run->period->last);
  const char *params[] = {erp_wire(erp, "titles.due_from"),
                          EVER_FROM,
                          erp_wire(erp, "titles.due_to"),
                          EVER_TO,
                          erp_wire(erp, run->from),
                          from.text,
                          erp_wire(erp, run->to),
                          to.text,
                          NULL};
  run->shape = erp_shape(erp, "rows.titles", title_keys, N_TITLE_CELLS);
  ErpListing listing = {.path = erp_wire(erp, run->kind->path),
                        .params = params,
                        .shape = &run->shape,
                        .id_cell = TITLE_ID,
                        .page_size = contaazul_page_size(erp->page_size)};
  ErpRowTaker taker = {.row = run->take, .page_end = ask_pending, .data = run};
  run->pending = kept_rows_new(&run->shape);
  run->settled = erp_seen_new();
  voucher_init(&run->voucher);
  gboolean listed = erp_list(erp, &listing, NULL, &taker, error);
  voucher_clear(&run->voucher);
  erp_seen_free(run->settled);
  kept_rows_unref(run->pending);
  return listed;
}
