#include "fin/job.h"

#include "base/error.h"
#include "base/log.h"
#include "base/settings.h"
#include "base/text.h"
#include "fin/period.h"

#define MAX_MESSAGE 500 /* characters of error_message */
#define INTERRUPTED "Execução interrompida."

void
job_run_clear(JobRun *run)
{
  g_clear_pointer(&run->run, g_free);
}

static const char sql_open[] =
    "select fin.open_job($1::uuid, $2, $3::date, make_interval(secs => $4::int), $5, $6::boolean)";

static gboolean
open_run(Db *db, const Job *job, gboolean later, const JobRun *run, GError **error)
{
  DateText day = date_iso(&run->period);
  g_autoptr(PGresult) opened =
      db_query(db, DB_CLAIMS_SYSTEM, sql_open,
               DB_PARAMS(run->run, job->name, day.text, setting(FIN_JOB_LEASE_S), INTERRUPTED,
                         later ? "true" : "false"),
               error);
  if (opened == NULL)
    return FALSE;
  if (!db_bool(opened, 0, 0))
    g_set_error(error, PONTE_ERROR, ERROR_IN_PROGRESS, "Execução em andamento para %s.", day.text);
  return db_bool(opened, 0, 0);
}

static const char sql_close[] = "select fin.close_job($1::uuid, null, $2)";

static void
close_failed(Db *db, const char *run, const char *text)
{
  g_autoptr(GError) unclosed = NULL;
  g_autoptr(PGresult) closed =
      db_query(db, DB_CLAIMS_SYSTEM, sql_close, DB_PARAMS(run, text), &unclosed);
  if (closed == NULL) /* the next run closes it, once its lease is over */
    log_error("job not closed", "run", run, "cause", unclosed->message, NULL);
}

/* The failure as caller and log row read it; what it really was goes to the log alone. */
static GError *
describe(const Job *job, const JobRun *run, const GError *cause)
{
  gboolean is_ours = error_is_private(cause) && job->failed != NULL;
  g_autofree char *text = text_cut(is_ours ? job->failed : error_public_text(cause), MAX_MESSAGE);
  log_error("job failed", "job", job->name, "run", run->run, "cause", cause->message, NULL);
  return g_error_new_literal(PONTE_ERROR, ERROR_JOB_FAILED, text);
}

/* Errors that the caller meets as they are; everything else is the job's failure. */
static gboolean
is_callers(const GError *error)
{
  return g_error_matches(error, PONTE_ERROR, ERROR_IN_PROGRESS) ||
         g_error_matches(error, PONTE_ERROR, ERROR_INVALID_PARAMETER);
}

static gboolean
find_period(Db *db, const Job *job, const char *asked, GDate *period, GError **error)
{
  GDate today;
  return period_today(db, &today, error) && job->period(asked, &today, period, error);
}

/* Does the work of an open run; a failure is told in public words. */
static gboolean
do_work(Db *db, const Job *job, gint64 deadline_us, JobRun *run, GError **error)
{
  g_autoptr(GError) cause = NULL;
  if (!job->work(db, run->run, &run->period, deadline_us, &run->records, &cause)) {
    g_propagate_error(error, describe(job, run, cause));
    return FALSE;
  }
  log_info("job ended", "job", job->name, "run", run->run, "period", date_iso(&run->period).text,
           "records", int_text(run->records), NULL);
  return TRUE;
}

gboolean
job_run(Db *db, const Job *job, const char *asked, gboolean later, gint64 deadline_us, JobRun *run,
        GError **error)
{
  g_autoptr(GError) cause = NULL;
  run->run = g_uuid_string_random();
  if (!find_period(db, job, asked, &run->period, &cause) ||
      !open_run(db, job, later, run, &cause)) {
    g_propagate_error(error,
                      is_callers(cause) ? g_steal_pointer(&cause) : describe(job, run, cause));
    return FALSE;
  }
  if (later || do_work(db, job, deadline_us, run, &cause))
    return TRUE;
  close_failed(db, run->run, cause->message);
  g_propagate_error(error, g_steal_pointer(&cause));
  return FALSE;
}

void
job_write_answer(const Job *job, const JobRun *run, gboolean later, JsonWriter *w)
{
  DateText period = date_iso(&run->period);
  json_open_object(w, NULL);
  json_add_bool(w, "ok", TRUE);
  json_add_text(w, "period", period.text);
  if (later)
    json_add_text(w, "task_id", run->run);
  else {
    g_autofree char *message = g_strdup_printf("%s %s: %" G_GINT64_FORMAT " %s.", job->did,
                                               period.text, run->records, job->unit);
    json_add_int(w, job->counted, run->records);
    json_add_text(w, "message", message);
  }
  json_close_object(w);
}

/* ---- in the background -------------------------------------------------------------------------
 */

static const char sql_claimed[] =
    "select job, period from fin.job_run where lease_token = $1::uuid";

static const Job *
find_job(const char *name)
{
  static const Job *const jobs[] = {&job_store_revenue, &job_aggregate_events,
                                    &job_compute_indices};
  for (gsize i = 0; i < G_N_ELEMENTS(jobs); i++)
    if (g_str_equal(jobs[i]->name, name))
      return jobs[i];
  return NULL;
}

static gboolean
work_claimed(Db *db, const Claim *claim, gint64 deadline_us, JobResult *result, GError **error)
{
  g_auto(JobRun) run = {.run = g_strdup(claim->id)};
  g_autoptr(GError) failure = NULL;
  g_autoptr(PGresult) row =
      db_query(db, DB_CLAIMS_SYSTEM, sql_claimed, DB_PARAMS(claim->token), error);
  if (row == NULL)
    return FALSE;
  const Job *job = PQntuples(row) == 1 ? find_job(db_text(row, 0, 0)) : NULL;
  if (job == NULL || !date_parse_iso(db_text(row, 0, 1), &run.period))
    return claim_was_lost(error);
  gboolean done = do_work(db, job, deadline_us, &run, &failure);
  *result = (JobResult){.verdict = done ? JOB_DONE : JOB_FAILED,
                        .message = done ? NULL : g_strdup(failure->message)};
  return TRUE;
}

const Queue job_queue = {
    .name = "jobs",
    .table = "fin.job_run",
    .waiting = "'running'",
    .working = "'running'",
    .returned = "'running'",
    .done = "'success'",
    .failed = "'error'",
    .message = "error_message",
    .result = "details",
    .ended_at = "finished_at",
    .renew = "fin.renew_job_run",
    .interrupted = INTERRUPTED,
    .work = work_claimed,
};

Lease
job_lease(const char *run)
{
  return (Lease){"fin.renew_job", run, setting_int(FIN_JOB_LEASE_S)};
}

gboolean
job_was_lost(GError **error)
{
  g_set_error_literal(error, PONTE_ERROR, ERROR_INTERRUPTED, INTERRUPTED);
  return FALSE;
}
