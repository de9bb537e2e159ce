#include "backoffice/reprocess.h"

#include "base/stop.h"
#include "base/text.h"

const char reprocess_pending_transfers[] = "q.status in ('pending', 'failed')";
const char reprocess_failed_closures[] = "q.status = 'failed'";

/* The ids of what may be taken now, oldest first; `after` is the row taken last. */
static PGresult *
next_row(Db *db, const Queue *queue, const char *eligible, const char *after, GError **error)
{
  g_autofree char *sql =
      g_strdup_printf("select count(*), min(q.id) filter (where q.id > $1::bigint) from %s q"
                      " where %s and q.tentativas < q.max_tentativas and (%s)",
                      queue->table, eligible, queue->runnable != NULL ? queue->runnable : "true");
  return db_query(db, DB_CLAIMS_SYSTEM, sql, DB_PARAMS(after), error);
}

static gboolean
work_row(Db *db, const Queue *queue, const char *id, gint64 deadline_us, ReprocessCount *count,
         GError **error)
{
  g_auto(Claim) claim = {0};
  gboolean found;
  JobVerdict verdict;
  if (!queue_claim_row(db, queue, id, worker_name(), &claim, &found, error))
    return FALSE;
  if (!found) /* somebody else was quicker */
    return TRUE;
  if (!queue_work(db, &claim, deadline_us, &verdict, error))
    return FALSE;
  if (verdict == JOB_HANDED_BACK)
    return TRUE; /* it is due again */
  count->processed++;
  *(verdict == JOB_DONE ? &count->succeeded : &count->failed) += 1;
  return TRUE;
}

gboolean
reprocess(Db *db, const Queue *queue, const char *eligible, gint64 deadline_us,
          ReprocessCount *count, GError **error)
{
  g_autofree char *after = g_strdup("0");
  *count = (ReprocessCount){0};
  if (!queue_sweep(db, queue, error)) /* a dead program's work, where no worker runs */
    return FALSE;
  for (;;) {
    g_autoptr(PGresult) row = next_row(db, queue, eligible, after, error);
    if (row == NULL)
      return FALSE;
    count->remaining = db_int(row, 0, 0);
    const char *id = db_text(row, 0, 1);
    if (id == NULL || g_get_monotonic_time() >= deadline_us || stop_requested())
      return TRUE;
    if (!work_row(db, queue, id, deadline_us, count, error))
      return FALSE;
    g_free(after);
    after = g_strdup(id);
  }
}
