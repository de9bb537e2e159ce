/* Entries of one account on their way from the pages of a listing into a sink, while they arrive:
 * dropped when they were there before, the listing guarded against running in circles (5.7, 5.8).
 */
#pragma once
#include "erp/call.h"

/* How the pages of a listing are asked for and read. */
typedef struct {
  ErpCalling *(*ask)(gint64 page, RowReader *reader, gpointer data, GError **error);
  gboolean (*has_next)(const RowReader *reader); /* as far as the answer has come */
  const RowShape *shape;
  RowTaker take;
  gpointer data; /* of ask and take */
} EntryPages;

typedef struct {
  Erp *erp;
  const LedgerSink *sink;
  ErpSeen *seen;
  ErpPages pages;
  RowReader *reader;      /* of the page under way; NULL while kept rows are handed on */
  gboolean has_enough;    /* the sink wants no more; not an error */
  RowReader *next_reader; /* of the page behind it, where that was asked for already … */
  ErpCalling *next;       /* … or NULL */
  /* of the page under way */
  guint fresh, repeated; /* one that cannot be read is fresh */
  GError *error;         /* why a row was not taken */
} EntryRun;

void entry_run_init(EntryRun *run, Erp *erp, const LedgerSink *sink);
void entry_run_clear(EntryRun *run);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(EntryRun, entry_run_clear)

/* A page begins: its reader, or NULL. */
void entry_run_begin_page(EntryRun *run, RowReader *reader);

/* For a RowTaker: an entry that was read, to be known by `id` (what was delivered once is left
 * out); or, with `entry` NULL, one that could not be read and was told as a flaw.  FALSE: no more
 * rows. */
gboolean entry_run_take(EntryRun *run, const LedgerEntry *entry, const char *id);

/* For a RowTaker: a row could not be taken; takes the error (NULL: the sink has enough).  FALSE. */
gboolean entry_run_stop(EntryRun *run, GError *error);

/* One call into the run's sink; `take` gets the rows.  TRUE as well when the sink has enough. */
gboolean entry_run_call(EntryRun *run, const ErpCall *call, const RowShape *shape, RowTaker take,
                        gpointer data, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The same for one page of a listing.  Once it says that another page follows, that one is asked
 * for at once and waits on the wire: the ERP works on it while this one is read. */
gboolean entry_run_page(EntryRun *run, const EntryPages *pages,
                        GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The page is over: counts what was dropped as a warning, and asks the guards. */
gboolean entry_run_end_page(EntryRun *run, guint rows, gboolean more, gint64 echoed,
                            GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The id of a row where rows of one answer may share one and are several for all that: "7", "7#2",
 * "7#3".  `parts` counts them, and is that answer's own.  The caller's. */
GHashTable *entry_parts_new(void);
char *entry_part_id(GHashTable *parts, const char *id);
