/* A worker: claims what is due in its queues, one job at a time, and sleeps until it is told of
 * more (LISTEN) or until its poll.  Any number may run, on any host. */
#pragma once
#include "jobs/queue.h"

/* Works until a stop was asked for; with `once`, until nothing is due.  `queues` ends with NULL.
 * Loses the database: waits with growing pauses, up to 30 s, and goes on.  FALSE only with `once`,
 * when the database could not be had. */
gboolean worker_run(const Queue *const *queues, gboolean once);
