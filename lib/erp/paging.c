#include "erp/paging.h"

#include "base/error.h"
#include "erp/row_map.h"

#define USUAL_PAGE_SIZE 100
#define DELETED_SINCE   5 /* rows, and 5 %, may be gone before their page is asked for */

const char *const outside_wire_keys[N_OUTSIDE] = {
    [OUTSIDE_TOTAL] = "outside.total",   [OUTSIDE_PAGE] = "outside.page",
    [OUTSIDE_ERROR] = "error.message",   [OUTSIDE_DESCRIPTION] = "error.description",
    [OUTSIDE_ERROR_CODE] = "error.code", [OUTSIDE_PERIOD] = "error.period",
    [OUTSIDE_FIELDS] = "error.fields",
};

void
erp_shape_outside(const Erp *erp, RowShape *shape)
{
  for (guint i = 0; i < N_OUTSIDE; i++)
    shape->outside[i] = erp_wire(erp, outside_wire_keys[i]);
}

RowShape
erp_shape(const Erp *erp, const char *arrays, const char *const *keys, guint count)
{
  RowShape shape = {.arrays = erp_wire(erp, arrays)};
  erp_shape_outside(erp, &shape);
  erp_shape_cells(erp, &shape, keys, count);
  return shape;
}

/* ---- one page ---------------------------------------------------------------------------------*/

typedef struct {
  const ErpListing *listing;
  const ErpRowTaker *taker;
  ErpSeen *seen;
  RowReader *reader;
  guint fresh, dropped;
  gboolean is_over; /* the taker had enough, or failed */
  GError *failure;
} Page;

static gboolean
take_row(const RowCell *cells, gpointer data)
{
  Page *page = data;
  const char *id = page->listing->id_cell >= 0 ? row_text(&cells[page->listing->id_cell]) : NULL;
  gboolean is_new = id == NULL || erp_seen_add(page->seen, id);
  if (!is_new && !page->listing->keeps_repeats) {
    page->dropped++;
    return TRUE;
  }
  page->fresh += is_new ? 1 : 0;
  if (page->taker->row(cells, page->taker->data, &page->failure))
    return TRUE;
  page->is_over = TRUE;
  if (page->failure != NULL)
    row_reader_fail(page->reader);
  return FALSE;
}

static gint64
outside_number(const RowReader *reader, guint index, gint64 fallback)
{
  RowCell cell = row_reader_outside(reader, index);
  const char *text = row_text(&cell);
  gint64 number = 0;
  return text != NULL && g_ascii_string_to_signed(text, 10, 0, G_MAXINT64, &number, NULL)
             ? number
             : fallback;
}

static gboolean
ask(Erp *erp, const ErpListing *listing, gint64 number, gint64 size, RowReader *reader,
    GError **error)
{
  g_auto(ErpQuery) query = {0};
  g_autofree char *path =
      listing->page_path != NULL && number > 1 ? listing->page_path(listing->path, number) : NULL;
  erp_query_init(&query);
  for (guint i = 0; listing->params != NULL && listing->params[i] != NULL; i += 2)
    erp_query_add(&query, listing->params[i], listing->params[i + 1]);
  if (listing->page_path == NULL && !listing->is_single) {
    erp_query_add_int(&query, erp_wire(erp, "page"), number);
    erp_query_add_int(&query, erp_wire(erp, "page_size"), size);
  }
  ErpCall call = {.path = path != NULL ? path : listing->path,
                  .query = &query,
                  .body = listing->body,
                  .is_small = listing->is_small};
  return erp_call(erp, &call, reader, error);
}

/* Without a total: is a page as large as this ERP makes them?  As large as asked for, or the usual
 * size where a smaller one was not taken.  A larger one may be cut down to whatever the ERP gives
 * at most: there only a page that is smaller than those before is known to be the last. */
static gboolean
is_full(const ErpPages *pages, guint rows, gint64 size)
{
  if (size <= USUAL_PAGE_SIZE)
    return rows == size || rows == USUAL_PAGE_SIZE;
  return rows > 0 && rows <= size && rows * pages->page >= pages->rows;
}

gboolean
erp_has_more(const ErpPages *pages, gint64 received, guint rows, gint64 size)
{
  gint64 missing = pages->declared_total - received;
  if (pages->declared_total < 0 || missing < 0)
    return is_full(pages, rows, size); /* any more than asked: it came all at once */
  if (missing == 0 || (rows < size && pages->rows + rows >= pages->declared_total))
    return FALSE;
  return rows > 0 || pages->empty == 0 || missing > pages->declared_total / 20 + DELETED_SINCE;
}

static gboolean
read_page(Erp *erp, const ErpListing *listing, Page *page, ErpPages *pages, gint64 *received,
          gint64 size, gboolean *more, GError **error)
{
  g_autoptr(RowReader) reader = row_reader_new(listing->shape, take_row, page);
  page->reader = reader;
  gboolean called = ask(erp, listing, pages->page + 1, size, reader, error);
  if (page->failure != NULL) { /* the taker's own reason goes before the transfer's */
    g_clear_error(error);
    g_propagate_error(error, g_steal_pointer(&page->failure));
    return FALSE;
  }
  if (!called)
    return FALSE;
  /* a page of which nothing is new is told as such, by the guards */
  for (guint i = 0; i < page->dropped && page->fresh > 0; i++)
    erp_warn(erp, "duplicate_entry", NULL);
  pages->declared_total = outside_number(reader, OUTSIDE_TOTAL, pages->declared_total);
  guint rows = row_reader_count(reader);
  *received += page->fresh;
  *more = !page->is_over && !listing->is_single && erp_has_more(pages, *received, rows, size);
  return page->is_over ||
         erp_pages_note(pages, erp, rows, page->fresh, *more,
                        listing->is_single ? -1 : outside_number(reader, OUTSIDE_PAGE, -1), error);
}

gboolean
erp_list(Erp *erp, const ErpListing *listing, ErpSeen *seen, const ErpRowTaker *taker,
         GError **error)
{
  g_autoptr(ErpSeen) own = seen == NULL ? erp_seen_new() : NULL;
  gint64 size = listing->page_size > 0 ? listing->page_size
                : erp->page_size > 0   ? erp->page_size
                                       : USUAL_PAGE_SIZE;
  gint64 received = 0;
  ErpPages pages;
  erp_pages_init(&pages, erp->max_pages);
  for (gboolean more = TRUE; more;) {
    Page page = {.listing = listing, .taker = taker, .seen = seen != NULL ? seen : own};
    if (!read_page(erp, listing, &page, &pages, &received, size, &more, error) || page.is_over)
      return FALSE;
    erp_seen_end_page(page.seen);
    if (taker->page_end != NULL && !taker->page_end(taker->data, error))
      return FALSE;
  }
  erp_pages_end(&pages, erp);
  return TRUE;
}

gboolean
erp_ended(gboolean done, GError **failure, GError **error)
{
  if (done || *failure == NULL)
    return TRUE;
  g_propagate_error(error, g_steal_pointer(failure));
  return FALSE;
}

gboolean
erp_next_window(const ErpPeriod *whole, guint days, ErpPeriod *window)
{
  GDate first = g_date_valid(&window->last) ? date_plus(&window->last, 1) : whole->first;
  if (g_date_compare(&first, &whole->last) > 0)
    return FALSE;
  GDate last = date_plus(&first, (int)days - 1);
  *window = (ErpPeriod){first, g_date_compare(&last, &whole->last) < 0 ? last : whole->last};
  return TRUE;
}

/* ---- accounts ---------------------------------------------------------------------------------*/

typedef struct {
  Erp *erp;
  const AccountNotes *notes;
  const LedgerSink *sink;
} Accounts;

static gboolean
take_account(const RowCell *cells, gpointer data, GError **error)
{
  static const AccountRules no_rules = {0};
  const Accounts *run = data;
  const AccountRules *rules = run->notes->rules != NULL ? run->notes->rules : &no_rules;
  LedgerAccount account = {0};
  gboolean fine = TRUE;
  if (!erp_read_account(run->erp, cells, rules, &account, run->sink, &fine, error))
    return FALSE;
  if (!fine)
    return TRUE;
  if (run->notes->note != NULL)
    run->notes->note(&account, cells, run->notes->data);
  return run->sink->account == NULL || run->sink->account(&account, run->sink->data, error);
}

gboolean
erp_list_accounts(Erp *erp, const ErpListing *listing, const char *arrays,
                  const AccountNotes *notes, const LedgerSink *sink, GError **error)
{
  static const AccountNotes nothing = {0};
  Accounts run = {erp, notes != NULL ? notes : &nothing, sink};
  RowShape shape = erp_shape(erp, arrays, account_wire_keys, N_ACCOUNT_CELLS);
  ErpListing whole = *listing;
  whole.shape = &shape;
  whole.id_cell = ACCOUNT_CODE;
  whole.keeps_repeats = whole.is_small = TRUE;
  ErpRowTaker taker = {.row = take_account, .data = &run};
  return erp_list(erp, &whole, NULL, &taker, error);
}

/* ---- companies --------------------------------------------------------------------------------*/

enum { COMPANY_ID, COMPANY_NAME, N_COMPANY_CELLS };
static const char *const company_keys[N_COMPANY_CELLS] = {"company.id", "company.name"};

typedef struct {
  void (*take)(const char *id, const char *name, gpointer data);
  gpointer data;
} Companies;

static gboolean
take_company(const RowCell *cells, gpointer data)
{
  const Companies *companies = data;
  const char *id = row_text(&cells[COMPANY_ID]);
  if (id != NULL)
    companies->take(id, row_text(&cells[COMPANY_NAME]), companies->data);
  return TRUE;
}

gboolean
erp_list_companies(Erp *erp, ErpBody body,
                   void (*take)(const char *id, const char *name, gpointer data), gpointer data,
                   GError **error)
{
  Companies companies = {take, data};
  RowShape shape = erp_shape(erp, "rows.companies", company_keys, N_COMPANY_CELLS);
  shape.is_object = TRUE;
  g_autoptr(RowReader) reader = row_reader_new(&shape, take_company, &companies);
  ErpCall call = {.path = erp_wire(erp, "company.path"), .body = body, .is_small = TRUE};
  return erp_call(erp, &call, reader, error);
}
