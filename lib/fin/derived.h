/* What is computed anew from stored data, one SQL function each (sql/0005_data.up.sql): events
 * counted per day (fin.md 11), indices of a month (fin.md 12). */
#pragma once
#include "base/date.h"
#include "db/db.h"

/* Both take the period as the caller asked for it, or NULL, and tell which it was.  Errors: those
 * of job_run. */

/* *groups: pairs of module and event_type that had events on that day. */
gboolean derived_aggregate_events(Db *db, const char *asked, GDate *day, gint64 *groups,
                                  GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* *saved: indices of the month that begins on *first. */
gboolean derived_compute_indices(Db *db, const char *asked, GDate *first, gint64 *saved,
                                 GError **error) G_GNUC_WARN_UNUSED_RESULT;
