/* Omie answers the same question once in a minute only ("consumo redundante"): what it answered is
 * good for so long. */
#include "erp/omie/books_call.h"

#define LIFE_US ((gint64)60 * G_USEC_PER_SEC)

typedef struct {
  KeptRows *kept;
  gint64 expires_us;
} Answer;

static GHashTable *answers; /* of Answer, by key */
static gsize total;

static void
answer_free(gpointer data)
{
  Answer *answer = data;
  total -= kept_rows_bytes(answer->kept);
  kept_rows_unref(answer->kept);
  g_free(answer);
}

static gboolean
is_over(G_GNUC_UNUSED gpointer key, gpointer value, gpointer now)
{
  return ((Answer *)value)->expires_us <= *(gint64 *)now;
}

static void
drop_old(void)
{
  gint64 now = g_get_monotonic_time();
  if (answers == NULL)
    answers = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, answer_free);
  g_hash_table_foreach_remove(answers, is_over, &now);
}

KeptRows *
omie_books_cached(const char *key)
{
  drop_old();
  const Answer *answer = g_hash_table_lookup(answers, key);
  return answer != NULL ? kept_rows_ref(answer->kept) : NULL;
}

void
omie_books_cache(const char *key, KeptRows *kept)
{
  gsize bytes = kept_rows_bytes(kept);
  drop_old();
  g_hash_table_remove(answers, key);
  if (total + bytes > OMIE_CACHE_MAX_BYTES)
    return;
  Answer *answer = g_new0(Answer, 1);
  *answer = (Answer){kept_rows_ref(kept), g_get_monotonic_time() + LIFE_US};
  total += bytes;
  g_hash_table_insert(answers, g_strdup(key), answer);
}
