/* The accounts of Protheus with their balances, its chart, its companies. */
#include "base/instant.h"
#include "erp/account_run.h"
#include "erp/totvs.h"

gboolean
totvs_account_type(const char *text, AccountType *type)
{
  static const AccountType types[] = {ACCOUNT_ASSET, ACCOUNT_LIABILITY, ACCOUNT_EQUITY,
                                      ACCOUNT_REVENUE, ACCOUNT_EXPENSE};
  if (text[0] < '1' || text[0] > '5' || text[1] != '\0')
    return FALSE;
  *type = types[text[0] - '1'];
  return TRUE;
}

/* A listing of accounts, page by page. */
static gboolean
accounts(Erp *erp, const char *listing, const char *rows, const ErpPeriod *period,
         const LedgerSink *sink, GError **error)
{
  const char *semantics = erp_config_text(erp->config, "CLASSE_SEMANTICS");
  const AccountRules rules = {.type = totvs_account_type,
                              .flips_class = g_strcmp0(semantics, "protheus") == 0};
  RowShape shape = totvs_shape(erp, rows);
  g_auto(AccountRun) run = {0};
  gboolean more = TRUE;
  erp_shape_cells(erp, &shape, account_wire_keys, N_ACCOUNT_CELLS);
  account_run_init(&run, erp, sink, &rules);
  for (gint64 page = 1; more; page++) {
    g_auto(TotvsRequest) request = {0};
    totvs_request_init(&request, erp, listing, NULL, period, page);
    g_autoptr(KeptRows) kept = erp_call_keep(erp, &request.call, &shape, error);
    if (kept == NULL)
      return FALSE;
    more = totvs_note_page(
        erp, &run.pages, kept_rows_count(kept), kept_rows_outside(kept, TOTVS_HAS_NEXT),
        kept_rows_outside(kept, TOTVS_REMAINING), kept_rows_outside(kept, TOTVS_COMPANY));
    if (!account_run_page(&run, kept, more, -1, error))
      return FALSE;
    if (run.has_enough)
      return TRUE;
  }
  erp_pages_end(&run.pages, erp);
  return TRUE;
}

gboolean
totvs_books(Erp *erp, const ErpPeriod *period, const LedgerSink *sink, GError **error)
{
  return sink->account == NULL ||
         accounts(erp, "trial_balance", "rows.trial_balance", period, sink, error);
}

/* ctbr020 has no chart of its own: the accounts of this month's trial balance. */
gboolean
totvs_chart_of_balance(Erp *erp, const LedgerSink *sink, GError **error)
{
  gint64 now = g_get_real_time();
  ErpPeriod period = {.last = instant_day(now, business_zone())};
  period.first = date_month(&period.last).first;
  return totvs_books(erp, &period, sink, error);
}

gboolean
totvs_chart(Erp *erp, const LedgerSink *sink, GError **error)
{
  return sink->account == NULL || accounts(erp, "chart", "rows.chart", NULL, sink, error);
}

/* ---- companies --------------------------------------------------------------------------------*/

gboolean
totvs_companies(Erp *erp, void (*take)(const char *id, const char *name, gpointer data),
                gpointer data, GError **error)
{
  enum { ID, NAME, N_CELLS };
  static const char *const keys[N_CELLS] = {"company.id", "company.name"};
  RowShape shape = totvs_shape(erp, "rows.companies");
  g_autoptr(ErpSeen) seen = erp_seen_new();
  ErpPages pages;
  gboolean more = TRUE;
  erp_shape_cells(erp, &shape, keys, N_CELLS);
  erp_pages_init(&pages, erp->max_pages);
  for (gint64 page = 1; more; page++) {
    g_auto(TotvsRequest) request = {0};
    totvs_request_init(&request, erp, "companies", NULL, NULL, page);
    g_autoptr(KeptRows) kept = erp_call_keep(erp, &request.call, &shape, error);
    if (kept == NULL)
      return FALSE;
    guint count = kept_rows_count(kept), fresh = 0;
    for (guint i = 0; i < count; i++) {
      const RowCell *cells = kept_rows_row(kept, i);
      const char *id = row_text(&cells[ID]);
      if (id == NULL || !erp_seen_add(seen, id))
        continue;
      fresh++;
      take(id, row_text(&cells[NAME]), data);
    }
    RowCell none = {0};
    more = totvs_note_page(erp, &pages, count, kept_rows_outside(kept, TOTVS_HAS_NEXT),
                           kept_rows_outside(kept, TOTVS_REMAINING), none);
    if (!erp_pages_note(&pages, erp, count, fresh, more, -1, error))
      return FALSE;
    erp_seen_end_page(seen);
  }
  erp_pages_end(&pages, erp);
  return TRUE;
}
