#include "jobs/queue.h"

#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "base/log.h"
#include "base/settings.h"
#include "base/stop.h"
#include "base/text.h"

#define MAX_MESSAGE 2000 /* characters of a failure's text */
#define MAX_FILTER  4    /* parameters of a filter */

void
claim_clear(Claim *claim)
{
  g_clear_pointer(&claim->id, g_free);
  g_clear_pointer(&claim->token, g_free);
}

void
job_result_clear(JobResult *result)
{
  g_clear_pointer(&result->message, g_free);
  g_clear_pointer(&result->result, g_free);
}

const char *
worker_name(void)
{
  static char name[96];
  static pid_t named;
  if (named != getpid()) { /* a forked process is another worker */
    named = getpid();
    g_snprintf(name, sizeof name, "%s:%d", g_get_host_name(), (int)named);
  }
  return name;
}

Lease
claim_lease(const Claim *claim)
{
  return (Lease){claim->queue->renew, claim->token, setting_int(JOB_LEASE_S)};
}

gboolean
claim_was_lost(GError **error)
{
  g_set_error_literal(error, PONTE_ERROR, ERROR_INTERRUPTED, "Execução interrompida.");
  return FALSE;
}

/* ---- claiming ----------------------------------------------------------------------------------
 */

static const char *
status_of(const Queue *queue)
{
  return queue->status != NULL ? queue->status : "status";
}

/* "column = value, ", or nothing where the queue has no such column. */
static char *
assignment(const char *column, const char *value)
{
  return column != NULL ? g_strdup_printf("%s = %s, ", column, value) : g_strdup("");
}

/* Takes one row that `condition` finds.  A row that somebody else holds is skipped, not waited for.
 */
static char *
claim_statement(const Queue *queue, const char *condition, const char *order)
{
  const char *status = status_of(queue);
  g_autofree char *begun = assignment(queue->begun_at, "now()");
  g_autofree char *not_ended = assignment(queue->ended_at, "null");
  g_autofree char *untried =
      queue->untried_is_null ? g_strdup_printf(" or q.%s is null", status) : g_strdup("");
  return g_strdup_printf(
      "update %s set %s = %s, tentativas = tentativas + 1, lease_token = $1::uuid,"
      "   lease_ate = now() + make_interval(secs => $2::int), worker = $3,"
      "   proxima_tentativa_em = null, %s%supdated_at = now()"
      " where id = (select q.id from %s q"
      "              where %s and (q.%s in (%s)%s) and q.tentativas < q.max_tentativas and (%s)"
      "              %s limit 1 for update skip locked)"
      " returning id, tentativas",
      queue->table, status, queue->working, begun, not_ended, queue->table, condition, status,
      queue->waiting, untried, queue->runnable != NULL ? queue->runnable : "true", order);
}

/* A claim whose answer was lost with the connection is asked again by db_query, meets its own token
 * and fails: the row that has the token is ours. */
static PGresult *
find_claimed(Db *db, const Queue *queue, const char *token, GError **error)
{
  g_autofree char *sql =
      g_strdup_printf("select id, tentativas from %s where lease_token = $1::uuid", queue->table);
  return db_query(db, DB_CLAIMS_SYSTEM, sql, DB_PARAMS(token), error);
}

/* Two workers may choose rows that exclude each other: an index of the table lets one pass, and the
 * other looks again. */
static PGresult *
run_claim(Db *db, const Queue *queue, const char *sql, DbParams further, const char *worker,
          char **token, GError **error)
{
  const char *values[3 + MAX_FILTER] = {NULL, setting(JOB_LEASE_S), worker};
  DbParams params = {3 + further.count, values};
  g_assert(further.count <= MAX_FILTER);
  for (int i = 0; i < further.count; i++)
    values[3 + i] = further.values[i];
  for (;;) {
    g_autoptr(GError) failure = NULL;
    g_free(*token);
    values[0] = *token = g_uuid_string_random();
    PGresult *row = db_query(db, DB_CLAIMS_SYSTEM, sql, params, &failure);
    if (row == NULL && !g_error_matches(failure, PONTE_ERROR, ERROR_DATABASE_CONFLICT)) {
      g_propagate_error(error, g_steal_pointer(&failure));
      return NULL;
    }
    if (row == NULL)
      row = find_claimed(db, queue, *token, error);
    if (row == NULL || failure == NULL || PQntuples(row) > 0)
      return row;
    PQclear(row);
  }
}

static gboolean
take(Db *db, const Queue *queue, const char *sql, DbParams further, const char *worker,
     Claim *claim, gboolean *found, GError **error)
{
  g_autofree char *token = NULL;
  g_autoptr(PGresult) row = run_claim(db, queue, sql, further, worker, &token, error);
  if (row == NULL)
    return FALSE;
  *found = PQntuples(row) == 1;
  if (*found)
    *claim = (Claim){.queue = queue,
                     .id = g_strdup(db_text(row, 0, 0)),
                     .token = g_steal_pointer(&token),
                     .attempt = db_int(row, 0, 1)};
  return TRUE;
}

gboolean
queue_claim_next(Db *db, const Queue *queue, const char *worker, Claim *claim, gboolean *found,
                 GError **error)
{
  return queue_claim_next_of(db, queue, &(QueueFilter){"true", DB_NO_PARAMS}, worker, claim, found,
                             error);
}

gboolean
queue_claim_next_of(Db *db, const Queue *queue, const QueueFilter *filter, const char *worker,
                    Claim *claim, gboolean *found, GError **error)
{
  g_autofree char *due = g_strdup_printf("q.proxima_tentativa_em <= now() and (%s)", filter->sql);
  g_autofree char *sql = claim_statement(queue, due, "order by q.proxima_tentativa_em");
  if (!take(db, queue, sql, filter->params, worker, claim, found, error))
    return FALSE;
  claim->in_background = *found;
  return TRUE;
}

gboolean
queue_claim_row(Db *db, const Queue *queue, const char *id, const char *worker, Claim *claim,
                gboolean *found, GError **error)
{
  g_autofree char *sql = claim_statement(queue, "q.id = $4", "");
  return take(db, queue, sql, DB_PARAMS(id), worker, claim, found, error);
}

/* ---- ending ------------------------------------------------------------------------------------
 */

static const char *const verdict_words[] = {
    [JOB_DONE] = "done",
    [JOB_FAILED] = "failed",
    [JOB_HANDED_BACK] = "returned",
    [JOB_POSTPONED] = "postponed",
};

/* $1 the lease, $2 the result or null, $3 a message, $4 seconds until the next attempt or null.
 * Statements are planned each time: one for each verdict is cheaper than one that decides. */
static char *
end_statement(const Queue *queue, JobVerdict verdict)
{
  const char *again = verdict == JOB_POSTPONED ? "true" : "tentativas < max_tentativas";
  const char *next = "now() + make_interval(secs => $4::int)";
  g_autofree char *unless = g_strdup_printf("case when %s then null else now() end", again);
  g_autofree char *at_end = assignment(queue->ended_at, "now()");
  g_autofree char *at_last = assignment(queue->ended_at, unless);
  g_autofree char *ended =
      verdict == JOB_DONE || verdict == JOB_FAILED
          ? g_strdup_printf("%s = %s, %s = $3::text, %s"
                            " proxima_tentativa_em = case when %s then %s end",
                            status_of(queue), verdict == JOB_DONE ? queue->done : queue->failed,
                            queue->message, at_end, again, next)
          /* what is handed back after its last attempt has failed */
          : g_strdup_printf("%s = case when %s then %s else %s end,"
                            " %s = case when %s then null else $3::text end, %s"
                            " proxima_tentativa_em = case when %s then %s end,"
                            " tentativas = tentativas - %d",
                            status_of(queue), again, queue->returned, queue->failed, queue->message,
                            again, at_last, again, next, verdict == JOB_POSTPONED);
  return g_strdup_printf("update %s set %s, %s = coalesce($2::jsonb, %s), lease_token = null,"
                         "   lease_ate = null, worker = null, updated_at = now()"
                         " where lease_token = $1::uuid",
                         queue->table, ended, queue->result, queue->result);
}

/* Seconds until the next attempt, or -1 for none by itself: doubled each time, with jitter, never
 * sooner than was asked for. */
static gint64
next_attempt_s(const Claim *claim, const JobResult *result)
{
  if (result->verdict == JOB_POSTPONED)
    return result->not_before_s;
  if (result->verdict == JOB_HANDED_BACK)
    return 0;
  if (result->verdict == JOB_DONE || !result->may_retry)
    return -1;
  gint64 jitter = setting_int(JOB_RETRY_JITTER_S);
  gint64 wait = setting_int(JOB_RETRY_BASE_S) << CLAMP(claim->attempt - 1, 0, 20);
  if (jitter > 0)
    wait += g_random_int_range(0, (gint32)jitter + 1);
  return CLAMP(wait, result->not_before_s, G_MAXINT32);
}

static gboolean
end(Db *db, const Claim *claim, const JobResult *result, GError **error)
{
  const Queue *queue = claim->queue;
  gint64 next_s = next_attempt_s(claim, result);
  const char *message = result->verdict == JOB_HANDED_BACK ? queue->interrupted : result->message;
  g_autofree char *sql = end_statement(queue, result->verdict);
  g_autofree char *text = message != NULL ? text_cut(message, MAX_MESSAGE) : NULL;
  g_autoptr(PGresult) ended = db_query(
      db, DB_CLAIMS_SYSTEM, sql,
      DB_PARAMS(claim->token, result->result, text, next_s >= 0 ? int_text(next_s) : NULL), error);
  if (ended == NULL)
    return FALSE;
  return !g_str_equal(PQcmdTuples(ended), "0") || claim_was_lost(error);
}

/* Work that ended because this program was asked to stop is handed back.  (Had its lease been lost
 * as well, ending it would tell.) */
static gboolean
do_work(Db *db, const Claim *claim, gint64 deadline_us, JobResult *result, GError **error)
{
  g_autoptr(GError) failure = NULL;
  if (claim->queue->work(db, claim, deadline_us, result, &failure))
    return TRUE;
  if (stop_requested() && g_error_matches(failure, PONTE_ERROR, ERROR_INTERRUPTED)) {
    job_result_clear(result);
    *result = (JobResult){.verdict = JOB_HANDED_BACK};
    return TRUE;
  }
  g_propagate_error(error, g_steal_pointer(&failure));
  return FALSE;
}

gboolean
queue_work(Db *db, const Claim *claim, gint64 deadline_us, JobVerdict *verdict, GError **error)
{
  g_auto(JobResult) result = {0};
  gint64 started_us = g_get_monotonic_time();
  if (!do_work(db, claim, deadline_us, &result, error) ||
      (!result.is_ended && !end(db, claim, &result, error)))
    return FALSE;
  *verdict = result.verdict;
  g_autofree char *ms =
      g_strdup_printf("%.1f", (double)(g_get_monotonic_time() - started_us) / 1000);
  log_info("job ended", "queue", claim->queue->name, "id", claim->id, "attempt",
           int_text(claim->attempt), "verdict", verdict_words[result.verdict], "ms", ms, "failure",
           result.message, NULL);
  return TRUE;
}

/* ---- the dead ----------------------------------------------------------------------------------
 */

gboolean
queue_sweep(Db *db, const Queue *queue, GError **error)
{
  const char *again = queue->once ? "false" : "tentativas < max_tentativas";
  g_autofree char *unless = g_strdup_printf("case when %s then null else now() end", again);
  g_autofree char *at_last = assignment(queue->ended_at, unless);
  g_autofree char *sql =
      g_strdup_printf("update %s set"
                      "   %s = case when %s then %s else %s end,"
                      "   %s = case when %s then null else $1 end, %s"
                      "   proxima_tentativa_em = case when %s then now() end,"
                      "   lease_token = null, lease_ate = null, worker = null, updated_at = now()"
                      " where lease_token is not null and lease_ate <= now() and %s = %s",
                      queue->table, status_of(queue), again, queue->returned, queue->failed,
                      queue->message, again, at_last, again, status_of(queue), queue->working);
  g_autoptr(PGresult) swept =
      db_query(db, DB_CLAIMS_SYSTEM, sql, DB_PARAMS(queue->interrupted), error);
  if (swept == NULL)
    return FALSE;
  if (!g_str_equal(PQcmdTuples(swept), "0"))
    log_warning("jobs of dead workers taken back", "queue", queue->name, "rows", PQcmdTuples(swept),
                NULL);
  return TRUE;
}
