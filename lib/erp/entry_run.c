#include "erp/entry_run.h"

void
entry_run_init(EntryRun *run, Erp *erp, const LedgerSink *sink)
{
  *run = (EntryRun){.erp = erp, .sink = sink, .seen = erp_seen_new()};
  erp_pages_init(&run->pages, erp->max_pages);
}

void
entry_run_clear(EntryRun *run)
{
  g_clear_pointer(&run->reader, row_reader_free);
  g_clear_pointer(&run->seen, erp_seen_free);
  g_clear_error(&run->error);
}

void
entry_run_begin_page(EntryRun *run, RowReader *reader)
{
  g_clear_pointer(&run->reader, row_reader_free);
  run->reader = reader;
  run->fresh = run->repeated = 0;
}

gboolean
entry_run_stop(EntryRun *run, GError *error)
{
  run->error = error;
  run->has_enough = error == NULL;
  if (error != NULL && run->reader != NULL)
    row_reader_fail(run->reader);
  return FALSE;
}

gboolean
entry_run_take(EntryRun *run, const LedgerEntry *entry, const char *id)
{
  GError *error = NULL;
  if (entry == NULL) {
    run->fresh++;
    return TRUE;
  }
  if (!erp_seen_add(run->seen, id)) {
    run->repeated++;
    return TRUE;
  }
  run->fresh++;
  return run->sink->entry(entry, run->sink->data, &error) || entry_run_stop(run, error);
}

gboolean
entry_run_call(EntryRun *run, const ErpCall *call, const RowShape *shape, RowTaker take,
               gpointer data, GError **error)
{
  g_autoptr(GError) failure = NULL;
  entry_run_begin_page(run, row_reader_new(shape, take, data));
  if (erp_call(run->erp, call, run->reader, &failure) || run->has_enough)
    return TRUE;
  GError **reason = run->error != NULL ? &run->error : &failure; /* the row's own goes before */
  g_propagate_error(error, g_steal_pointer(reason));
  return FALSE;
}

gboolean
entry_run_end_page(EntryRun *run, guint rows, gboolean more, gint64 echoed, GError **error)
{
  /* a page of which nothing is new is told as such, by the guards */
  for (guint i = 0; i < run->repeated && run->fresh > 0; i++)
    erp_warn(run->erp, "duplicate_entry", NULL);
  erp_seen_end_page(run->seen);
  return erp_pages_note(&run->pages, run->erp, rows, run->fresh, more, echoed, error);
}
