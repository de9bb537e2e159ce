/* A scheduled job of one period: at most one run at a time on all hosts, every run in fin.job_run
 * (fin.md 7.5). */
#pragma once
#include "base/date.h"
#include "base/json.h"
#include "db/db.h"
#include "jobs/queue.h"
#include "net/call_gate.h"

typedef struct {
  const char *name;       /* as in fin.job_run */
  const char *counted;    /* the answer's member for how many */
  const char *did, *unit; /* its message: "<did> 2026-01-01: 87 <unit>." */
  const char *failed; /* the text of a failure whose details are ours alone; NULL: the usual one */
  /* the period a caller means (NULL: did not say), given today's date: INVALID_PARAMETER */
  gboolean (*period)(const char *asked, const GDate *today, GDate *period, GError **error);
  /* The work.  It must end the run `run` in the transaction that stores its result (the SQL
   * functions do, by fin.close_job), so that a run that lost its lease stores nothing.  *records is
   * what the caller is told. */
  gboolean (*work)(Db *db, const char *run, const GDate *period, gint64 deadline_us,
                   gint64 *records, GError **error);
} Job;
extern const Job job_store_revenue, job_aggregate_events, job_compute_indices;

/* What became of a call. */
typedef struct {
  char *run;      /* its id */
  GDate period;   /* which one was meant */
  gint64 records; /* when it was run here */
} JobRun;
void job_run_clear(JobRun *run);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(JobRun, job_run_clear)

/* Runs a job for the period that was asked for; `later` leaves it to the workers.
 * Errors: INVALID_PARAMETER; IN_PROGRESS ("Execução em andamento para 2026-01-01."); JOB_FAILED
 * with the cause's public text, at most 500 characters, also kept in the run's row. */
gboolean job_run(Db *db, const Job *job, const char *asked, gboolean later, gint64 deadline_us,
                 JobRun *run, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Writes the answer to that call: what came of it, or the task that will tell. */
void job_write_answer(const Job *job, const JobRun *run, gboolean later, JsonWriter *w);

/* Runs left to the workers. */
extern const Queue job_queue;

/* The lease of a run, for calls to an ERP. */
Lease job_lease(const char *run);

/* What work says when its run was declared dead: INTERRUPTED.  Returns FALSE. */
gboolean job_was_lost(GError **error);
