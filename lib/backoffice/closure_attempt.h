/* One attempt to close a purchase order: consulted first, closed only when it is open
 * (backoffice.md 11.2).  The work of closure_queue. */
#pragma once
#include "jobs/queue.h"

gboolean closure_attempt(Db *db, const Claim *claim, gint64 deadline_us, JobResult *result,
                         GError **error);
