/* What a collecting run does about messages once its sales are committed (DESIGN, "Settled
 * points"): it sends those that are to go out at once, and tells what became of them. */
#pragma once
#include "crm/organization.h"

/* Sends the immediate interactions of these organizations (Organization *) until the deadline or a
 * stop, and counts those that were sent, or failed, since the run began, by whomever.
 * Errors: DATABASE_*. */
gboolean collect_messages(Db *db, const GPtrArray *organizations, Instant since, gint64 deadline_us,
                          GError **error) G_GNUC_WARN_UNUSED_RESULT;
