#include "erp/account_run.h"

void
account_run_init(AccountRun *run, Erp *erp, const LedgerSink *sink, const AccountRules *rules)
{
  *run = (AccountRun){.erp = erp, .sink = sink, .rules = *rules, .seen = erp_seen_new()};
  erp_pages_init(&run->pages, erp->max_pages);
}

void
account_run_clear(AccountRun *run)
{
  g_clear_pointer(&run->seen, erp_seen_free);
}

/* One row; *is_fresh tells whether it was not on an earlier page (or could not be read). */
static gboolean
hand_on(AccountRun *run, const RowCell *cells, gboolean *is_fresh, GError **error)
{
  LedgerAccount account;
  gboolean fine;
  if (!erp_read_account(run->erp, cells, &run->rules, &account, run->sink, &fine, error))
    return FALSE;
  *is_fresh = !fine || erp_seen_add(run->seen, account.code);
  return !fine || run->sink->account(&account, run->sink->data, error);
}

gboolean
account_run_page(AccountRun *run, const KeptRows *page, gboolean more, gint64 echoed,
                 GError **error)
{
  guint count = kept_rows_count(page), fresh = 0;
  for (guint i = 0; i < count; i++) {
    g_autoptr(GError) failure = NULL;
    gboolean is_fresh = FALSE;
    if (!hand_on(run, kept_rows_row(page, i), &is_fresh, &failure)) {
      run->has_enough = failure == NULL;
      if (failure != NULL)
        g_propagate_error(error, g_steal_pointer(&failure));
      return run->has_enough;
    }
    fresh += is_fresh ? 1 : 0;
  }
  erp_seen_end_page(run->seen);
  return erp_pages_note(&run->pages, run->erp, count, fresh, more, echoed, error);
}
