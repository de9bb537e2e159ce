/* The queue's engine alone (lib/jobs), over a table that ponte.make_queue made a queue, with work
 * that does nothing.  DATABASE_URL as everywhere.
 *   queue drain TABLE WORKERS   so many workers until nothing is due; prints the seconds, and the
 * ms of processor that they had queue floor COUNT WORKERS   so many workers that ask two empty
 * questions for each of COUNT jobs, as the engine asks two of its own; prints the same queue time
 * TABLE COUNT      so many jobs one after the other; prints the medians, in ms, of claiming, of
 * working and ending, and of both */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/log.h"
#include "base/settings.h"
#include "base/stop.h"
#include "jobs/worker.h"

static gboolean
do_nothing(G_GNUC_UNUSED Db *db, G_GNUC_UNUSED const Claim *claim, G_GNUC_UNUSED gint64 deadline_us,
           JobResult *result, G_GNUC_UNUSED GError **error)
{
  result->verdict = JOB_DONE;
  return TRUE;
}

/* With the words of the back office's queues. */
static Queue queue = {
    .name = "bench",
    .waiting = "'pending', 'failed'",
    .working = "'processing'",
    .returned = "'pending'",
    .done = "'success'",
    .failed = "'failed'",
    .message = "mensagem_erro",
    .result = "detalhes",
    .ended_at = "processado_em",
    .interrupted = "Processamento interrompido",
    .work = do_nothing,
};
static const Queue *const queues[] = {&queue, NULL};

static double
ms_since(gint64 begin_us)
{
  return (double)(g_get_monotonic_time() - begin_us) / 1000;
}

/* ---- drain, floor --------------------------------------------------------------------------- */

static gboolean
drain(G_GNUC_UNUSED long count)
{
  return worker_run(queues, TRUE);
}

static gboolean
ask_floor(long count)
{
  g_autoptr(GError) error = NULL;
  for (long i = 0; i < 2 * count; i++) {
    g_autoptr(PGresult) nothing =
        db_query(db_shared(), DB_CLAIMS_SYSTEM, "select", DB_NO_PARAMS, &error);
    if (nothing == NULL)
      return FALSE;
  }
  return TRUE;
}

/* Runs it in so many processes at once. */
static int
run_workers(gboolean (*run)(long count), long count, long workers)
{
  gboolean fine = TRUE;
  struct rusage used;
  int status;
  gint64 begin_us = g_get_monotonic_time();
  for (long i = 0; i < workers; i++)
    if (fork() == 0)
      exit(run(count / workers) ? 0 : 1);
  while (wait(&status) > 0)
    fine &= WIFEXITED(status) && WEXITSTATUS(status) == 0;
  double seconds = ms_since(begin_us) / 1000;
  getrusage(RUSAGE_CHILDREN, &used);
  printf("%.4f %.1f\n", seconds,
         (double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) * 1000 +
             (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1000);
  return fine ? 0 : 1;
}

/* ---- time ----------------------------------------------------------------------------------- */

static gint
compare(gconstpointer a, gconstpointer b)
{
  double left = *(const double *)a, right = *(const double *)b;
  return left < right ? -1 : left > right;
}

static double
median(GArray *series)
{
  g_array_sort(series, compare);
  return series->len > 0 ? g_array_index(series, double, series->len / 2) : -1;
}

static gboolean
time_one(GArray *claims, GArray *ends, GArray *both, GError **error)
{
  g_auto(Claim) claim = {0};
  gboolean found;
  JobVerdict verdict;
  gint64 begin_us = g_get_monotonic_time();
  if (!queue_claim_next(db_shared(), &queue, worker_name(), &claim, &found, error))
    return FALSE;
  if (!found) {
    g_set_error_literal(error, g_quark_from_static_string("bench"), 0, "too few jobs");
    return FALSE;
  }
  double claimed_ms = ms_since(begin_us);
  if (!queue_work(db_shared(), &claim, begin_us + G_USEC_PER_SEC, &verdict, error))
    return FALSE;
  double all_ms = ms_since(begin_us), ended_ms = all_ms - claimed_ms;
  g_array_append_val(claims, claimed_ms);
  g_array_append_val(ends, ended_ms);
  g_array_append_val(both, all_ms);
  return TRUE;
}

static int
time_jobs(long count)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GArray) claims = g_array_new(FALSE, FALSE, sizeof(double));
  g_autoptr(GArray) ends = g_array_new(FALSE, FALSE, sizeof(double));
  g_autoptr(GArray) both = g_array_new(FALSE, FALSE, sizeof(double));
  for (long i = 0; i < count; i++)
    if (!time_one(claims, ends, both, &error)) {
      fprintf(stderr, "queue: %s\n", error->message);
      return 1;
    }
  printf("%.3f %.3f %.3f\n", median(claims), median(ends), median(both));
  return 0;
}

int
main(int argc, char **argv)
{
  g_autoptr(GError) error = NULL;
  if (argc != 4) {
    fputs("usage: queue drain TABLE WORKERS | floor COUNT WORKERS | time TABLE COUNT\n", stderr);
    return 2;
  }
  stop_block_signals();
  if (!settings_load(&error)) {
    fprintf(stderr, "queue: %s\n", error->message);
    return 2;
  }
  log_init("bench/queue");
  queue.table = argv[2];
  long number = strtol(argv[3], NULL, 10);
  if (strcmp(argv[1], "drain") == 0)
    return run_workers(drain, 0, number);
  if (strcmp(argv[1], "floor") == 0)
    return run_workers(ask_floor, strtol(argv[2], NULL, 10), number);
  return time_jobs(number);
}
