#include "crm/repeats.h"

struct Repeats {
  RecordTaker is_good;
  gpointer data;
  GHashTable *places; /* external id → position + 1, while they are counted */
  GHashTable *found;  /* external id → Repeat */
  guint count;
};

static void
repeat_free(gpointer data)
{
  Repeat *repeat = data;
  if (repeat->text != NULL)
    g_string_free(repeat->text, TRUE);
  g_free(repeat);
}

Repeats *
repeats_new(RecordTaker is_good, gpointer data)
{
  Repeats *repeats = g_new0(Repeats, 1);
  repeats->is_good = is_good;
  repeats->data = data;
  repeats->places = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  repeats->found = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, repeat_free);
  return repeats;
}

void
repeats_free(Repeats *repeats)
{
  g_clear_pointer(&repeats->places, g_hash_table_unref);
  g_hash_table_unref(repeats->found);
  g_free(repeats);
}

static void
note_again(Repeats *repeats, const char *id, guint first, const char *record, gsize length)
{
  Repeat *repeat = g_hash_table_lookup(repeats->found, id);
  if (repeat == NULL) {
    repeat = g_new0(Repeat, 1);
    repeat->first = repeat->winner = first;
    g_hash_table_insert(repeats->found, g_strdup(id), repeat);
  }
  if (!repeats->is_good(record, length, repeats->data))
    return;
  repeat->winner = repeats->count;
  if (repeat->text == NULL)
    repeat->text = g_string_new(NULL);
  g_string_truncate(repeat->text, 0);
  g_string_append_len(repeat->text, record, (gssize)length);
}

void
repeats_note(Repeats *repeats, const char *id, const char *record, gsize length)
{
  guint place = id != NULL ? GPOINTER_TO_UINT(g_hash_table_lookup(repeats->places, id)) : 0;
  if (place > 0)
    note_again(repeats, id, place - 1, record, length);
  else if (id != NULL)
    g_hash_table_insert(repeats->places, g_strdup(id), GUINT_TO_POINTER(repeats->count + 1));
  repeats->count++;
}

guint
repeats_end(Repeats *repeats)
{
  g_clear_pointer(&repeats->places, g_hash_table_unref);
  return repeats->count;
}

gboolean
repeats_are_there(const Repeats *repeats)
{
  return g_hash_table_size(repeats->found) > 0;
}

const Repeat *
repeats_find(const Repeats *repeats, const char *id)
{
  return id != NULL ? g_hash_table_lookup(repeats->found, id) : NULL;
}
