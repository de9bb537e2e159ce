/* The parent of a route's workers: ROUTE_WORKERS of them (or what the route needs) on one listening
 * socket; decides about leaving when idle. */
#include <sys/mman.h>

#include "base/crew.h"
#include "base/settings.h"
#include "http/internal.h"

typedef struct {
  WorkerState *states; /* shared with the workers */
  guint n_workers;
  gint64 started_us;
} Server;

static int
work_at(guint place, gpointer server)
{
  return work(&((Server *)server)->states[place]);
}

/* A killed worker cannot say that it is not busy any more. */
static void
note_end(guint place, gpointer server)
{
  ((Server *)server)->states[place].busy = 0;
}

static gboolean
is_idle(gpointer data)
{
  const Server *server = data;
  gint64 limit_us = setting_int(ROUTE_IDLE_SECONDS) * G_USEC_PER_SEC,
         latest_us = server->started_us;
  for (guint i = 0; i < server->n_workers; i++) {
    if (g_atomic_int_get(&server->states[i].busy))
      return FALSE;
    latest_us = MAX(latest_us, server->states[i].last_active_us);
  }
  return g_get_monotonic_time() - latest_us >= limit_us;
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
  guint least = route.least_workers != NULL ? route.least_workers() : 1;
  Server server = {.n_workers = MAX((guint)setting_int(ROUTE_WORKERS), least),
                   .started_us = g_get_monotonic_time()};
  server.states = share_states(server.n_workers);
  if (server.states == NULL)
    return 1;
  crew_lead(&(Crew){.size = server.n_workers,
                    .work = work_at,
                    .may_leave = setting_int(ROUTE_IDLE_SECONDS) > 0 ? is_idle : NULL,
                    .note_end = note_end,
                    .data = &server});
  munmap(server.states, server.n_workers * sizeof(WorkerState));
  return 0;
}
