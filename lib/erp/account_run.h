/* Accounts on their way from the pages of a listing into a sink, a whole page at a time. */
#pragma once
#include "erp/kept_rows.h"
#include "erp/row_map.h"

typedef struct {
  Erp *erp;
  const LedgerSink *sink;
  AccountRules rules;
  ErpSeen *seen;
  ErpPages pages;
  gboolean has_enough; /* the sink wants no more; not an error */
} AccountRun;

void account_run_init(AccountRun *run, Erp *erp, const LedgerSink *sink, const AccountRules *rules);
void account_run_clear(AccountRun *run);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(AccountRun, account_run_clear)

/* A page: all its accounts go to the sink (whether one that comes twice is the same is judged
 * there), then the guards against endless listings are asked.  TRUE as well when the sink has
 * enough. */
gboolean account_run_page(AccountRun *run, const KeptRows *page, gboolean more, gint64 echoed,
                          GError **error) G_GNUC_WARN_UNUSED_RESULT;
