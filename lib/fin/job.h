/* A scheduled job of one period: at most one run at a time on all hosts, every run in fin.job_run
 * (fin.md 7.5). */
#pragma once
#include "base/date.h"
#include "db/db.h"
#include "net/call_gate.h"

typedef struct {
  const char *name;   /* as in fin.job_run */
  const char *failed; /* the text of a failure whose details are ours alone; NULL: the usual one */
  /* the period a caller means (NULL: did not say), given today's date: INVALID_PARAMETER */
  gboolean (*period)(const char *asked, const GDate *today, GDate *period, GError **error);
} Job;

/* The job's work.  It must end the run `run` in the transaction that stores its result (the SQL
 * functions do, by fin.close_job), so that a run that lost its lease stores nothing.  *records is
 * what the caller is told. */
typedef gboolean (*JobWork)(Db *db, const char *run, const GDate *period, gpointer data,
                            gint64 *records, GError **error);

/* Runs it for the period that was asked for.  Errors: INVALID_PARAMETER; IN_PROGRESS ("Execução em
 * andamento para 2026-01-01."); JOB_FAILED with the cause's public text, at most 500 characters,
 * also kept in the run's row. */
gboolean job_run(Db *db, const Job *job, const char *asked, JobWork work, gpointer data,
                 GDate *period, gint64 *records, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The lease of a run, for calls to an ERP. */
Lease job_lease(const char *run);

/* What work says when its run was declared dead: INTERRUPTED.  Returns FALSE. */
gboolean job_was_lost(GError **error);
