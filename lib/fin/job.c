#include "fin/job.h"

#include "base/error.h"
#include "base/log.h"
#include "base/settings.h"
#include "base/text.h"
#include "fin/period.h"

#define MAX_MESSAGE 500 /* characters of error_message */
#define INTERRUPTED "Execução interrompida."

static const char sql_open[] =
    "select fin.open_job($1::uuid, $2, $3::date, make_interval(secs => $4::int), $5)";

static gboolean
open_run(Db *db, const char *run, const Job *job, const GDate *period, GError **error)
{
  DateText day = date_iso(period);
  g_autoptr(PGresult) opened =
      db_query(db, DB_CLAIMS_SYSTEM, sql_open,
               DB_PARAMS(run, job->name, day.text, setting(FIN_JOB_LEASE_S), INTERRUPTED), error);
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

/* The failure as caller and log row read it. */
static GError *
describe(const Job *job, const GError *cause)
{
  gboolean is_ours = error_is_private(cause) && job->failed != NULL;
  g_autofree char *text = text_cut(is_ours ? job->failed : error_public_text(cause), MAX_MESSAGE);
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

gboolean
job_run(Db *db, const Job *job, const char *asked, JobWork work, gpointer data, GDate *period,
        gint64 *records, GError **error)
{
  g_autofree char *run = g_uuid_string_random();
  g_autoptr(GError) cause = NULL, failure = NULL;
  gboolean is_open =
      find_period(db, job, asked, period, &cause) && open_run(db, run, job, period, &cause);
  if (is_open && work(db, run, period, data, records, &cause)) {
    log_info("job ended", "job", job->name, "run", run, "period", date_iso(period).text, "records",
             int_text(*records), NULL);
    return TRUE;
  }
  if (is_callers(cause)) {
    g_propagate_error(error, g_steal_pointer(&cause));
    return FALSE;
  }
  failure = describe(job, cause);
  log_error("job failed", "job", job->name, "run", run, "cause", cause->message, NULL);
  if (is_open)
    close_failed(db, run, failure->message);
  g_propagate_error(error, g_steal_pointer(&failure));
  return FALSE;
}

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
