#include "accounting/entry_filter.h"

#include "accounting/subledger.h"
#include "base/text.h"

#define MAX_TYPES 1000 /* remembered; an ERP has a few dozen */

/* What is known of a raw document type, by direction: 1 for outgoing. */
typedef struct {
  const char *canonical[2];
  gboolean wanted[2];
} Meaning;

static char *
fold(const char *text)
{
  g_autofree char *clean = text_one_line(text);
  return text_fold(clean);
}

void
entry_filter_init(EntryFilter *filter, const Question *question)
{
  *filter = (EntryFilter){.question = question};
  filter->types = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
  if (question->cost_center != NULL)
    filter->cost_center = fold(question->cost_center);
}

void
entry_filter_clear(EntryFilter *filter)
{
  g_clear_pointer(&filter->types, g_hash_table_unref);
  g_clear_pointer(&filter->cost_center, g_free);
}

static gboolean
is_wanted(const GPtrArray *wanted, const char *folded, const char *canonical)
{
  if (wanted == NULL || wanted->len == 0)
    return TRUE;
  for (guint i = 0; i < wanted->len; i++)
    if (g_str_equal(wanted->pdata[i], folded) || g_str_equal(wanted->pdata[i], canonical))
      return TRUE;
  return FALSE;
}

static const Meaning *
meaning_of(EntryFilter *filter, const char *raw)
{
  Meaning *meaning = g_hash_table_lookup(filter->types, raw);
  if (meaning != NULL)
    return meaning;
  if (g_hash_table_size(filter->types) >= MAX_TYPES)
    g_hash_table_remove_all(filter->types);
  g_autofree char *folded = fold(raw);
  meaning = g_new0(Meaning, 1);
  for (int outgoing = 0; outgoing < 2; outgoing++) {
    meaning->canonical[outgoing] = document_type_canonical(raw, outgoing);
    meaning->wanted[outgoing] =
        is_wanted(filter->question->document_types, folded, meaning->canonical[outgoing]);
  }
  g_hash_table_insert(filter->types, g_strdup(raw), meaning);
  return meaning;
}

static gboolean
has_cost_center(const EntryFilter *filter, const char *cost_center)
{
  if (filter->cost_center == NULL)
    return TRUE;
  g_autofree char *folded = cost_center != NULL ? fold(cost_center) : NULL;
  return g_strcmp0(folded, filter->cost_center) == 0;
}

gboolean
entry_filter_takes(EntryFilter *filter, const LedgerEntry *entry, const char **canonical)
{
  /* an entry without a type is "other": only that word asks for it */
  const Meaning *meaning =
      meaning_of(filter, entry->document_type != NULL ? entry->document_type : "");
  int outgoing = entry->is_outgoing ? 1 : 0;
  *canonical = meaning->canonical[outgoing];
  return meaning->wanted[outgoing] && has_cost_center(filter, entry->cost_center);
}
