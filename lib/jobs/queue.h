/* The durable queue: the domain's own row is the job (DESIGN, "Work in the background").  Any table
 * that ponte.make_queue gave its columns is a queue; this engine claims a row, and ends it only
 * while the lease is still ours, so that a paused process that comes back cannot overwrite its
 * successor. */
#pragma once
#include "db/db.h"
#include "net/call_gate.h"

typedef struct Queue Queue;

/* A row that is ours until its lease is over. */
typedef struct {
  const Queue *queue;
  char *id;    /* of the row */
  char *token; /* of the lease: every later statement names it */
  gint64 attempt;
  gboolean in_background; /* nobody waits for it */
} Claim;
void claim_clear(Claim *claim);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Claim, claim_clear)

typedef enum {
  JOB_DONE,
  JOB_FAILED,
  JOB_HANDED_BACK, /* this program was asked to stop: due at once for whoever comes next */
  JOB_POSTPONED,   /* it could not even begin: due again after not_before_s, no attempt counted */
} JobVerdict;

/* How a piece of work ended. */
typedef struct {
  JobVerdict verdict;
  char *message;       /* of a failure, at most 2000 characters */
  gboolean may_retry;  /* schedule it again, while attempts are left */
  gint64 not_before_s; /* not sooner than this, whatever the back-off says */
  char *result;        /* JSON, for the queue's result column; NULL: as it was */
  gboolean is_ended;   /* the work ended its row itself, together with other rows */
} JobResult;
void job_result_clear(JobResult *result);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(JobResult, job_result_clear)

/* What a table means as a queue.  The words are SQL, put into statements as they are. */
struct Queue {
  const char *name;         /* for --queues, logs, heartbeats: "attachments" */
  const char *table;        /* "backoffice.attachment_transfer_log" */
  const char *status;       /* its column; NULL: "status" */
  const char *waiting;      /* statuses that may be claimed: "'pending', 'failed'" */
  gboolean untried_is_null; /* so may rows without a status: never tried */
  const char *runnable;     /* a further condition on the row q; NULL: none */
  const char *working, *returned, *done, *failed; /* the status words: "'processing'" … */
  const char *message;                            /* column of a failure's text */
  const char *result;                             /* jsonb column of the result */
  const char *begun_at;                           /* column of the instant of the claim, or NULL */
  const char *ended_at;                           /* column of the instant of the end, or NULL */
  const char *renew;       /* SQL function that renews a lease by its token, for the call gate */
  const char *interrupted; /* the text of a job that died with its last attempt */
  gboolean once;           /* what a dead program began may have been done, and is never begun again
                            * by itself: it has failed with that text, attempts left or not */

  /* The work itself.  An error, in place of a result, is a lost lease or a lost database: nothing
   * more is written, and the lease runs out. */
  gboolean (*work)(Db *db, const Claim *claim, gint64 deadline_us, JobResult *result,
                   GError **error);
};

/* Takes the row that is due longest; *found is FALSE when nothing is due. */
gboolean queue_claim_next(Db *db, const Queue *queue, const char *worker, Claim *claim,
                          gboolean *found, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Which of the due rows: a condition on the row q, whose parameters begin with $4. */
typedef struct {
  const char *sql;
  DbParams params; /* at most 4 */
} QueueFilter;

/* The same of the rows that the filter finds. */
gboolean queue_claim_next_of(Db *db, const Queue *queue, const QueueFilter *filter,
                             const char *worker, Claim *claim, gboolean *found,
                             GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Takes this very row, due or not; *found is FALSE when it may not be taken now. */
gboolean queue_claim_row(Db *db, const Queue *queue, const char *id, const char *worker,
                         Claim *claim, gboolean *found, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Does the work of a claimed row and ends it.  *verdict is what became of it. Errors: INTERRUPTED
 * when the lease was lost, DATABASE_*. */
gboolean queue_work(Db *db, const Claim *claim, gint64 deadline_us, JobVerdict *verdict,
                    GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Gives rows of dead programs back, or ends those that have no attempts left (Queue.once: all). */
gboolean queue_sweep(Db *db, const Queue *queue, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The lease of a claim, for calls to an ERP; renewing it by itself, FALSE when it is lost. */
Lease claim_lease(const Claim *claim);

/* A name for this process in the column `worker`: host and pid.  Static. */
const char *worker_name(void);

/* What work says when its lease is lost: INTERRUPTED.  Returns FALSE. */
gboolean claim_was_lost(GError **error);
