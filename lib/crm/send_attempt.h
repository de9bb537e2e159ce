/* One attempt to send the message of a claimed interaction (data-collecting.md 9.5): loaded, its
 * rows written, sent when the connection's turn has come, its outcome recorded.  The work of
 * interaction_queue. */
#pragma once
#include "jobs/queue.h"

gboolean send_attempt(Db *db, const Claim *claim, gint64 deadline_us, JobResult *result,
                      GError **error);
