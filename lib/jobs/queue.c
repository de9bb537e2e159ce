#include "jobs/queue.h"

#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "base/log.h"
#include "base/settings.h"
#include "base/stop.h"
#include "base/text.h"

#define MAX_MESSAGE 2000 /* characters of a failure's text */

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

/* Takes one row that `condition` finds.  A row that somebody else holds is skipped, not waited for.
 */
static char *
claim_statement(const Queue *queue, const char *condition, const char *order)
{
  return g_strdup_printf(
      "update %s set status = %s, tentativas = tentativas + 1, lease_token = $1::uuid,"
      "   lease_ate = now() + make_interval(secs => $2::int), worker = $3,"
      "   proxima_tentativa_em = null, %s = null, updated_at = now()"
      " where id = (select q.id from %s q"
      "              where %s and q.status in (%s) and q.tentativas < q.max_tentativas and (%s)"
      "              %s limit 1 for update skip locked)"
      " returning id, tentativas",
      queue->table, queue->working, queue->ended_at, queue->table, condition, queue->waiting,
      queue->runnable != NULL ? queue->runnable : "true", order);
}

/* Two workers may choose rows that exclude each other: an index of the table lets one pass, and the
 * other looks again. */
static PGresult *
run_claim(Db *db, const char *sql, const char *id, const char *worker, char **token, GError **error)
{
  for (;;) {
    g_autoptr(GError) failure = NULL;
    g_free(*token);
    *token = g_uuid_string_random();
    DbParams params = DB_PARAMS(*token, setting(JOB_LEASE_S), worker, id);
    params.count -= id == NULL;
    PGresult *row = db_query(db, DB_CLAIMS_SYSTEM, sql, params, &failure);
    if (row != NULL || !g_error_matches(failure, PONTE_ERROR, ERROR_DATABASE_CONFLICT)) {
      if (row == NULL)
        g_propagate_error(error, g_steal_pointer(&failure));
      return row;
    }
  }
}

static gboolean
take(Db *db, const Queue *queue, const char *sql, const char *id, const char *worker, Claim *claim,
     gboolean *found, GError **error)
{
  g_autofree char *token = NULL;
  g_autoptr(PGresult) row = run_claim(db, sql, id, worker, &token, error);
  if (row == NULL)
    return FALSE;
  *found = PQntuples(row) == 1;
  if (*found)
    *claim = (Claim){.queue = queue,
                     .id = g_strdup(db_text(row, 0, 0)),
                     .token = g_steal_pointer(&token),
                     .attempt = db_int(row, 0, 1),
                     .in_background = id == NULL};
  return TRUE;
}

gboolean
queue_claim_next(Db *db, const Queue *queue, const char *worker, Claim *claim, gboolean *found,
                 GError **error)
{
  g_autofree char *sql =
      claim_statement(queue, "q.proxima_tentativa_em <= now()", "order by q.proxima_tentativa_em");
  return take(db, queue, sql, NULL, worker, claim, found, error);
}

gboolean
queue_claim_row(Db *db, const Queue *queue, const char *id, const char *worker, Claim *claim,
                gboolean *found, GError **error)
{
  g_autofree char *sql = claim_statement(queue, "q.id = $4", "");
  return take(db, queue, sql, id, worker, claim, found, error);
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
  g_autofree char *ended =
      verdict == JOB_DONE || verdict == JOB_FAILED
          ? g_strdup_printf("status = %s, %s = $3::text, %s = now(),"
                            " proxima_tentativa_em = case when %s then %s end",
                            verdict == JOB_DONE ? queue->done : queue->failed, queue->message,
                            queue->ended_at, again, next)
          /* what is handed back after its last attempt has failed */
          : g_strdup_printf("status = case when %s then %s else %s end,"
                            " %s = case when %s then null else $3::text end,"
                            " %s = case when %s then null else now() end,"
                            " proxima_tentativa_em = case when %s then %s end,"
                            " tentativas = tentativas - %d",
                            again, queue->returned, queue->failed, queue->message, again,
                            queue->ended_at, again, again, next, verdict == JOB_POSTPONED);
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
  if (!do_work(db, claim, deadline_us, &result, error) || !end(db, claim, &result, error))
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
  g_autofree char *sql = g_strdup_printf(
      "update %s set"
      "   status = case when tentativas < max_tentativas then %s else %s end,"
      "   %s = case when tentativas < max_tentativas then null else $1 end,"
      "   %s = case when tentativas < max_tentativas then null else now() end,"
      "   proxima_tentativa_em = case when tentativas < max_tentativas then now() end,"
      "   lease_token = null, lease_ate = null, worker = null, updated_at = now()"
      " where lease_token is not null and lease_ate <= now() and status = %s",
      queue->table, queue->returned, queue->failed, queue->message, queue->ended_at,
      queue->working);
  g_autoptr(PGresult) swept =
      db_query(db, DB_CLAIMS_SYSTEM, sql, DB_PARAMS(queue->interrupted), error);
  if (swept == NULL)
    return FALSE;
  if (!g_str_equal(PQcmdTuples(swept), "0"))
    log_warning("jobs of dead workers taken back", "queue", queue->name, "rows", PQcmdTuples(swept),
                NULL);
  return TRUE;
}
