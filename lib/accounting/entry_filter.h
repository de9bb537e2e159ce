/* Which entries a caller wants, and what their document types are called (erp-connectors.md 2.3).
 * Asked for every entry of a run: what a type means is looked up once, then remembered. */
#pragma once
#include "accounting/question.h"

typedef struct {
  const Question *question;
  GHashTable *types; /* raw type → what is known of it */
  char *cost_center; /* folded; NULL: all */
} EntryFilter;

/* `question` must outlive it. */
void entry_filter_init(EntryFilter *filter, const Question *question);
void entry_filter_clear(EntryFilter *filter);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(EntryFilter, entry_filter_clear)

/* Is it wanted?  *canonical gets the type's common name (static). */
gboolean entry_filter_takes(EntryFilter *filter, const LedgerEntry *entry, const char **canonical);
