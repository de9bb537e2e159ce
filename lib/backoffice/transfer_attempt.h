/* One attempt of a transfer: both records are listed, what is missing at the target is fetched,
 * packed and included (backoffice.md 6.4).  The work of transfer_queue. */
#pragma once
#include "jobs/queue.h"

gboolean transfer_attempt(Db *db, const Claim *claim, gint64 deadline_us, JobResult *result,
                          GError **error);
