#include "jobs/worker.h"

#include <poll.h>

#include "base/error.h"
#include "base/log.h"
#include "base/settings.h"
#include "base/stop.h"

#define FIRST_PAUSE_MS 500
#define MAX_PAUSE_MS   30000

typedef struct {
  const Queue *const *queues;
  Db *db;
  PGconn *news; /* a connection of its own: LISTEN does not work behind PgBouncer */
  gint64 next_sweep_us;
  gint64 pause_ms; /* after a lost database */
} Worker;

static const char sql_beat[] =
    "with gone as (delete from ponte.worker_heartbeat where last_seen < now() - interval '1 day')"
    " insert into ponte.worker_heartbeat (worker) values ($1)"
    " on conflict (worker) do update set last_seen = now()";

/* Shows that this worker is alive, and takes back what dead ones left. */
static gboolean
sweep(Worker *worker, GError **error)
{
  if (g_get_monotonic_time() < worker->next_sweep_us)
    return TRUE;
  g_autoptr(PGresult) beat =
      db_query(worker->db, DB_CLAIMS_SYSTEM, sql_beat, DB_PARAMS(worker_name()), error);
  if (beat == NULL)
    return FALSE;
  for (guint i = 0; worker->queues[i] != NULL; i++)
    if (!queue_sweep(worker->db, worker->queues[i], error))
      return FALSE;
  worker->next_sweep_us = g_get_monotonic_time() + setting_int(JOB_SWEEP_MS) * 1000;
  return TRUE;
}

static gboolean
listen_for_news(Worker *worker, GError **error)
{
  if (worker->news != NULL)
    return TRUE;
  Setting url = setting_is_set(LISTEN_DATABASE_URL) ? LISTEN_DATABASE_URL : DATABASE_URL;
  worker->news = db_connect(setting(url), "worker", error);
  if (worker->news == NULL)
    return FALSE;
  PQclear(PQexec(worker->news, "listen ponte_jobs"));
  return TRUE;
}

/* One job of one queue.  A lost lease is somebody else's job by now, and no reason to stop. */
static gboolean
work_one(Worker *worker, const Queue *queue, gboolean *worked, GError **error)
{
  g_auto(Claim) claim = {0};
  g_autoptr(GError) failure = NULL;
  JobVerdict verdict;
  if (!queue_claim_next(worker->db, queue, worker_name(), &claim, worked, error))
    return FALSE;
  if (!*worked)
    return TRUE;
  gint64 deadline_us = g_get_monotonic_time() + setting_int(JOB_DEADLINE_S) * G_USEC_PER_SEC;
  if (queue_work(worker->db, &claim, deadline_us, &verdict, &failure))
    return TRUE;
  log_warning("job lost", "queue", queue->name, "id", claim.id, "cause", failure->message, NULL);
  if (g_error_matches(failure, PONTE_ERROR, ERROR_INTERRUPTED))
    return TRUE;
  g_propagate_error(error, g_steal_pointer(&failure));
  return FALSE;
}

/* A turn over all queues, so that none starves another. */
static gboolean
turn(Worker *worker, gboolean *worked, GError **error)
{
  *worked = FALSE;
  if (!listen_for_news(worker, error) || !sweep(worker, error))
    return FALSE;
  for (guint i = 0; worker->queues[i] != NULL && !stop_requested(); i++) {
    gboolean one = FALSE;
    if (!work_one(worker, worker->queues[i], &one, error))
      return FALSE;
    *worked |= one;
  }
  return TRUE;
}

/* News that came since the last look; FALSE when there were none. */
static gboolean
take_news(Worker *worker)
{
  gboolean any = FALSE;
  PQconsumeInput(worker->news);
  for (PGnotify *told; (told = PQnotifies(worker->news)) != NULL; PQfreemem(told))
    any = TRUE;
  if (PQstatus(worker->news) != CONNECTION_OK)
    g_clear_pointer(&worker->news, PQfinish);
  return any;
}

static void
sleep_until_stop(Worker *worker, gint64 ms)
{
  struct pollfd fds[] = {
      {.fd = stop_fd(), .events = POLLIN},
      {.fd = worker->news != NULL ? PQsocket(worker->news) : -1, .events = POLLIN}};
  poll(fds, G_N_ELEMENTS(fds), (int)ms);
}

/* Nothing is due: waits for news, for the poll, or for a stop. */
static void
wait_for_work(Worker *worker)
{
  if (take_news(worker) || worker->news == NULL) /* told while the last turn went on, or cut off:
                                                  * the next turn listens before it looks */
    return;
  sleep_until_stop(worker, MIN(setting_int(JOB_POLL_MS), setting_int(JOB_SWEEP_MS)));
}

/* The database is away, or refused something: waits longer each time. */
static void
wait_for_database(Worker *worker, const GError *cause)
{
  log_error("worker waits", "cause", cause->message, NULL);
  g_clear_pointer(&worker->news, PQfinish);
  worker->pause_ms = CLAMP(worker->pause_ms * 2, FIRST_PAUSE_MS, MAX_PAUSE_MS);
  sleep_until_stop(worker, worker->pause_ms);
}

gboolean
worker_run(const Queue *const *queues, gboolean once)
{
  Worker worker = {.queues = queues, .db = db_shared()};
  gboolean fine = TRUE;
  log_info("worker started", "worker", worker_name(), NULL);
  while (!stop_requested()) {
    g_autoptr(GError) failure = NULL;
    gboolean worked;
    fine = turn(&worker, &worked, &failure);
    if (fine)
      worker.pause_ms = 0;
    if (once && (!fine || !worked))
      break;
    if (!fine)
      wait_for_database(&worker, failure);
    else if (!worked)
      wait_for_work(&worker);
  }
  g_clear_pointer(&worker.news, PQfinish);
  db_disconnect(worker.db);
  return fine || !once;
}
