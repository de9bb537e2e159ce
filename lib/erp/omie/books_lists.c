/* Omie's short lists: its companies, its bank accounts. */
#include "base/json.h"
#include "erp/omie/books.h"

#define USUAL_PAGE_SIZE 500 /* what Omie recommends at most */

typedef void (*TakeRow)(const RowCell *cells, gpointer data);

/* All pages of a listing whose first cell is an id; rows without one are left out. */
static gboolean
each_row(Erp *erp, const char *listing, const RowShape *shape, TakeRow take, gpointer data,
         GError **error)
{
  g_autoptr(ErpSeen) seen = erp_seen_new();
  ErpPages pages;
  gboolean more = TRUE;
  erp_pages_init(&pages, erp->max_pages);
  for (gint64 page = 1; more; page++) {
    g_autoptr(JsonWriter) w = json_writer_new();
    guint fresh = 0;
    json_open_object(w, NULL);
    json_add_int(w, erp_wire(erp, "page"), page);
    json_add_int(w, erp_wire(erp, "page_size"),
                 erp->page_size > 0 ? erp->page_size : USUAL_PAGE_SIZE);
    json_close_object(w);
    g_autoptr(KeptRows) kept = omie_books_keep(erp, listing, json_writer_text(w), shape, error);
    if (kept == NULL)
      return FALSE;
    for (guint i = 0; i < kept_rows_count(kept); i++) {
      const RowCell *cells = kept_rows_row(kept, i);
      const char *id = row_text(&cells[0]);
      if (id == NULL || !erp_seen_add(seen, id))
        continue;
      fresh++;
      take(cells, data);
    }
    more = omie_books_has_more(kept, &pages, page);
    if (!erp_pages_note(&pages, erp, kept_rows_count(kept), fresh, more,
                        omie_books_number(kept, OMIE_PAGE), error))
      return FALSE;
    erp_seen_end_page(seen);
  }
  erp_pages_end(&pages, erp);
  return TRUE;
}

/* ---- companies --------------------------------------------------------------------------------*/

typedef struct {
  void (*take)(const char *id, const char *name, gpointer data);
  gpointer data;
} Companies;

static void
take_company(const RowCell *cells, gpointer data)
{
  const Companies *companies = data;
  companies->take(row_text(&cells[0]), row_text(&cells[1]), companies->data);
}

gboolean
omie_companies(Erp *erp, void (*take)(const char *id, const char *name, gpointer data),
               gpointer data, GError **error)
{
  static const char *const keys[] = {"company.id", "company.name"};
  RowShape shape = omie_books_shape(erp, "companies");
  Companies companies = {take, data};
  erp_shape_cells(erp, &shape, keys, G_N_ELEMENTS(keys));
  return each_row(erp, "companies", &shape, take_company, &companies, error);
}

/* ---- bank accounts ----------------------------------------------------------------------------*/

static void
bank_free(gpointer data)
{
  OmieBank *bank = data;
  g_free(bank->code);
  g_free(bank->id);
  g_free(bank->name);
  g_free(bank);
}

/* Every kind is an asset but the credit card. */
static void
take_bank(const RowCell *cells, gpointer data)
{
  const char *id = row_text(&cells[0]), *kind = row_text(&cells[2]);
  OmieBank *bank = g_new0(OmieBank, 1);
  bank->code = g_strconcat("CC:", id, NULL);
  bank->id = g_strdup(id);
  bank->name = g_strdup(row_text(&cells[1]));
  if (kind == NULL || !omie_account_type(kind, &bank->type) || bank->type != ACCOUNT_LIABILITY)
    bank->type = ACCOUNT_ASSET;
  g_ptr_array_add(data, bank);
}

GPtrArray *
omie_banks(Erp *erp, GError **error)
{
  static const char *const keys[] = {"bank.id", "bank.name", "bank.type"};
  RowShape shape = omie_books_shape(erp, "chart");
  g_autoptr(GPtrArray) banks = g_ptr_array_new_with_free_func(bank_free);
  erp_shape_cells(erp, &shape, keys, G_N_ELEMENTS(keys));
  return each_row(erp, "chart", &shape, take_bank, banks, error) ? g_steal_pointer(&banks) : NULL;
}

gboolean
omie_chart(Erp *erp, const LedgerSink *sink, GError **error)
{
  g_autoptr(GPtrArray) banks = sink->account != NULL ? omie_banks(erp, error) : NULL;
  if (banks == NULL)
    return sink->account == NULL;
  for (guint i = 0; i < banks->len; i++) {
    const OmieBank *bank = banks->pdata[i];
    LedgerAccount account = {.code = bank->code, .name = bank->name, .type = bank->type};
    g_autoptr(GError) failure = NULL;
    if (!sink->account(&account, sink->data, &failure)) {
      if (failure == NULL)
        return TRUE; /* it has enough */
      g_propagate_error(error, g_steal_pointer(&failure));
      return FALSE;
    }
  }
  return TRUE;
}
