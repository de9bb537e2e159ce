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
  g_clear_pointer(&run->next, erp_calling_free);
  g_clear_pointer(&run->next_reader, row_reader_free);
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

/* Of the page under way: TRUE as well when the sink has enough. */
static gboolean
end_call(EntryRun *run, gboolean is_done, GError *failure, GError **error)
{
  if (is_done || run->has_enough) {
    g_clear_error(&failure);
    return TRUE;
  }
  if (run->error != NULL) { /* the row's own goes before */
    g_error_free(failure);
    failure = g_steal_pointer(&run->error);
  }
  g_propagate_error(error, failure);
  return FALSE;
}

gboolean
entry_run_call(EntryRun *run, const ErpCall *call, const RowShape *shape, RowTaker take,
               gpointer data, GError **error)
{
  GError *failure = NULL;
  entry_run_begin_page(run, row_reader_new(shape, take, data));
  gboolean is_done = erp_call(run->erp, call, run->reader, &failure);
  return end_call(run, is_done, failure, error);
}

typedef struct {
  EntryRun *run;
  const EntryPages *pages;
  gint64 page; /* the one behind that which is being read */
} LookAhead;

/* A page that says nothing new yet is perhaps an endless listing's: its end is waited for. */
static void
look_ahead(gpointer data)
{
  const LookAhead *ahead = data;
  EntryRun *run = ahead->run;
  gboolean is_due = run->fresh > 0 && ahead->page <= run->pages.max_pages + 1 &&
                    run->error == NULL && ahead->pages->has_next(run->reader);
  if (run->next_reader == NULL && is_due) {
    run->next_reader = row_reader_new(ahead->pages->shape, ahead->pages->take, ahead->pages->data);
    run->next = ahead->pages->ask(ahead->page, run->next_reader, ahead->pages->data, NULL);
  }
  if (run->next != NULL)
    erp_calling_go_ahead(run->next);
}

gboolean
entry_run_page(EntryRun *run, const EntryPages *pages, GError **error)
{
  gint64 page = run->pages.page + 1;
  LookAhead ahead = {run, pages, page + 1};
  GError *failure = NULL;
  g_autoptr(ErpCalling) calling = g_steal_pointer(&run->next);
  RowReader *reader = g_steal_pointer(&run->next_reader);
  if (reader == NULL)
    reader = row_reader_new(pages->shape, pages->take, pages->data);
  entry_run_begin_page(run, reader);
  if (calling != NULL && !erp_calling_catch_up(calling))
    g_clear_pointer(&calling, erp_calling_free);
  if (calling == NULL)
    calling = pages->ask(page, reader, pages->data, &failure);
  gboolean is_done = calling != NULL && erp_calling_run(calling, look_ahead, &ahead, &failure);
  return end_call(run, is_done, failure, error);
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

GHashTable *
entry_parts_new(void)
{
  return g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
}

char *
entry_part_id(GHashTable *parts, const char *id)
{
  guint part = GPOINTER_TO_UINT(g_hash_table_lookup(parts, id)) + 1;
  g_hash_table_insert(parts, g_strdup(id), GUINT_TO_POINTER(part));
  return part > 1 ? g_strdup_printf("%s#%u", id, part) : g_strdup(id);
}
