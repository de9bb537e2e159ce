/* The parent: forks ROUTE_WORKERS workers on one listening socket, replaces those that die, decides
 * about leaving when idle, and on SIGTERM lets each finish the request in hand. */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/log.h"
#include "base/settings.h"
#include "base/text.h"
#include "http/internal.h"

#define SHORT_LIFE_US    (1 * G_USEC_PER_SEC) /* a worker that lived less is started again later */
#define RESTART_DELAY_US (G_USEC_PER_SEC / 2)
#define IDLE_CHECK_MS    200

typedef struct {
  pid_t pid; /* 0: not running */
  gint64 started_us;
  gint64 not_before_us;
} Worker;

typedef struct {
  Worker *workers;
  WorkerState *states; /* shared with the workers */
  guint n_workers;
  gint64 started_us;
  gboolean stopping;
} Server;

static void
start_worker(Server *server, guint slot)
{
  Worker *worker = &server->workers[slot];
  pid_t parent = getpid();
  worker->started_us = g_get_monotonic_time();
  worker->pid = fork();
  if (worker->pid == 0) {
    prctl(PR_SET_PDEATHSIG, SIGTERM); /* a killed parent leaves no orphans */
    if (getppid() != parent)
      _exit(0);
    exit(work(&server->states[slot]));
  }
  if (worker->pid < 0) {
    log_error("fork failed", "reason", g_strerror(errno), NULL);
    worker->pid = 0;
    worker->not_before_us = worker->started_us + RESTART_DELAY_US;
  }
}

static void
start_missing(Server *server)
{
  gint64 now = g_get_monotonic_time();
  for (guint i = 0; i < server->n_workers; i++)
    if (server->workers[i].pid == 0 && now >= server->workers[i].not_before_us)
      start_worker(server, i);
}

static void
note_death(Server *server, pid_t pid, int status)
{
  for (guint i = 0; i < server->n_workers; i++) {
    Worker *worker = &server->workers[i];
    if (worker->pid != pid)
      continue;
    gint64 now = g_get_monotonic_time();
    gboolean failed = !WIFEXITED(status) || WEXITSTATUS(status) != 0;
    gboolean short_lived = failed && now - worker->started_us < SHORT_LIFE_US;
    worker->pid = 0;
    worker->not_before_us = short_lived ? now + RESTART_DELAY_US : 0;
    server->states[i].busy = 0;
    if (failed && !server->stopping)
      log_error("worker died", "pid", int_text(pid), "signal",
                WIFSIGNALED(status) ? int_text(WTERMSIG(status)) : NULL, "status",
                WIFEXITED(status) ? int_text(WEXITSTATUS(status)) : NULL, NULL);
  }
}

static void
collect_dead(Server *server)
{
  int status;
  for (pid_t pid; (pid = waitpid(-1, &status, WNOHANG)) > 0;)
    note_death(server, pid, status);
}

static gboolean
is_idle(const Server *server)
{
  gint64 limit_us = setting_int(ROUTE_IDLE_SECONDS) * G_USEC_PER_SEC,
         latest_us = server->started_us;
  if (limit_us == 0)
    return FALSE;
  for (guint i = 0; i < server->n_workers; i++) {
    if (g_atomic_int_get(&server->states[i].busy))
      return FALSE;
    latest_us = MAX(latest_us, server->states[i].last_active_us);
  }
  return g_get_monotonic_time() - latest_us >= limit_us;
}

static gboolean
any_running(const Server *server)
{
  for (guint i = 0; i < server->n_workers; i++)
    if (server->workers[i].pid != 0)
      return TRUE;
  return FALSE;
}

static gboolean
any_waiting(const Server *server)
{
  for (guint i = 0; i < server->n_workers; i++)
    if (server->workers[i].pid == 0)
      return TRUE;
  return FALSE;
}

static void
stop_workers(Server *server)
{
  server->stopping = TRUE;
  for (guint i = 0; i < server->n_workers; i++)
    if (server->workers[i].pid != 0)
      kill(server->workers[i].pid, SIGTERM);
}

/* Waits for a signal; with a time limit only when something else must be looked at. */
static int
next_signal(const Server *server, const sigset_t *signals)
{
  struct timespec pause = {.tv_nsec = IDLE_CHECK_MS * 1000000L};
  gboolean timed = any_waiting(server) || setting_int(ROUTE_IDLE_SECONDS) > 0;
  return timed ? sigtimedwait(signals, NULL, &pause) : sigwaitinfo(signals, NULL);
}

/* Memory that the workers share with the parent; NULL when there is none. */
static WorkerState *
share_states(guint n)
{
  void *memory = mmap(NULL, n * sizeof(WorkerState), PROT_READ | PROT_WRITE,
                      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  // cppcheck-suppress memleak ; MAP_FAILED is no memory
  return memory != MAP_FAILED ? memory : NULL;
}

int
serve_fastcgi(void)
{
  Server server = {.n_workers = (guint)setting_int(ROUTE_WORKERS),
                   .started_us = g_get_monotonic_time()};
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGCHLD);
  sigprocmask(SIG_BLOCK, &signals, NULL);

  server.states = share_states(server.n_workers);
  if (server.states == NULL)
    return 1;
  server.workers = g_new0(Worker, server.n_workers);
  while (!server.stopping || any_running(&server)) {
    if (!server.stopping)
      start_missing(&server);
    int got = next_signal(&server, &signals);
    if (got == SIGCHLD)
      collect_dead(&server);
    else if ((got == SIGTERM || got == SIGINT || is_idle(&server)) && !server.stopping)
      stop_workers(&server);
  }
  munmap(server.states, server.n_workers * sizeof(WorkerState));
  g_free(server.workers);
  return 0;
}
