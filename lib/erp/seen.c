/* Which ids were seen.  Digests lie in a log of chunks, which never moves; an index of 32-bit slots
 * leads to them, and only that is made anew as it grows: so a million ids take 24 MB at any moment.
 */
#include <string.h>

#include "erp/call.h"
#include "erp/digest.h"

#define MAX_IDS     2000000
#define KEPT_PAGES  50
#define KEPT_IDS    1000000 /* when the last pages are so large that they are all */
#define CHUNK       16384   /* digests */
#define MAX_CHUNKS  (MAX_IDS / CHUNK + 1)
#define FIRST_SLOTS 1024

/* A slot holds a place of the log, from 1, and some bits of the digest, so that looking at the log
 * for another's digest is rare. */
#define PLACE_BITS 21
#define PLACE_MASK ((1U << PLACE_BITS) - 1)
G_STATIC_ASSERT(MAX_IDS < PLACE_MASK);

struct ErpSeen {
  Digest key;
  Digest *chunks[MAX_CHUNKS];
  guint32 *slots;
  guint n_slots, count;       /* n_slots is a power of two */
  guint ends[KEPT_PAGES + 1]; /* where the last pages ended in the log, in a ring */
  guint n_pages;
};

ErpSeen *
erp_seen_new(void)
{
  ErpSeen *seen = g_new0(ErpSeen, 1);
  seen->key = digest_random_key();
  seen->n_slots = FIRST_SLOTS;
  seen->slots = g_new0(guint32, seen->n_slots);
  return seen;
}

void
erp_seen_free(ErpSeen *seen)
{
  for (guint i = 0; i < MAX_CHUNKS; i++)
    g_free(seen->chunks[i]);
  g_free(seen->slots);
  g_free(seen);
}

static Digest *
digest_at(const ErpSeen *seen, guint place)
{
  return &seen->chunks[place / CHUNK][place % CHUNK];
}

static guint32
tag_of(const Digest *digest)
{
  return (guint32)digest->b & ~PLACE_MASK;
}

/* The slot of a digest, or the free one where it belongs. */
static guint32 *
find_slot(const ErpSeen *seen, const Digest *digest)
{
  guint at = (guint)digest->a & (seen->n_slots - 1);
  for (;; at = (at + 1) & (seen->n_slots - 1)) {
    guint32 *slot = &seen->slots[at];
    if (*slot == 0 || ((*slot & ~PLACE_MASK) == tag_of(digest) &&
                       digest_equal(digest_at(seen, (*slot & PLACE_MASK) - 1), digest)))
      return slot;
  }
}

void
erp_seen_expect(const ErpSeen *seen, const char *id)
{
  Digest digest = digest_of(&seen->key, id, strlen(id));
  __builtin_prefetch(&seen->slots[(guint)digest.a & (seen->n_slots - 1)], 1);
}

static void
index_all(ErpSeen *seen, guint n_slots)
{
  g_free(seen->slots);
  seen->n_slots = n_slots;
  seen->slots = g_new0(guint32, n_slots);
  for (guint place = 0; place < seen->count; place++) {
    const Digest *digest = digest_at(seen, place);
    *find_slot(seen, digest) = tag_of(digest) | (place + 1);
  }
}

/* Forgets what is older than the last pages: the log's end moves to its beginning. */
static void
forget(ErpSeen *seen)
{
  guint from = seen->n_pages > KEPT_PAGES ? seen->ends[seen->n_pages % (KEPT_PAGES + 1)] : 0;
  from = MAX(from, seen->count - KEPT_IDS);
  seen->count -= from;
  for (guint place = 0; place < seen->count; place++)
    *digest_at(seen, place) = *digest_at(seen, place + from);
  for (guint i = 0; i <= KEPT_PAGES; i++)
    seen->ends[i] = seen->ends[i] > from ? seen->ends[i] - from : 0;
  index_all(seen, seen->n_slots);
}

gboolean
erp_seen_add(ErpSeen *seen, const char *id)
{
  Digest digest = digest_of(&seen->key, id, strlen(id));
  if (*find_slot(seen, &digest) != 0)
    return FALSE;
  if (seen->count == MAX_IDS)
    forget(seen);
  if (seen->count >= seen->n_slots / 4 * 3)
    index_all(seen, seen->n_slots * 2);
  Digest **chunk = &seen->chunks[seen->count / CHUNK];
  if (*chunk == NULL)
    *chunk = g_new(Digest, CHUNK);
  (*chunk)[seen->count % CHUNK] = digest;
  *find_slot(seen, &digest) = tag_of(&digest) | (seen->count + 1);
  seen->count++;
  return TRUE;
}

void
erp_seen_end_page(ErpSeen *seen)
{
  seen->ends[seen->n_pages++ % (KEPT_PAGES + 1)] = seen->count;
}
