/* What Omie billed: reading a range of days from it, and the answer callers get, from the snapshot
 * of a month or from a live reading (fin.md 7, 8). */
#pragma once
#include "base/date.h"
#include "db/db.h"
#include "fin/revenue_sum.h"

/* Reads all titles of `days` from Omie and sums them: arrays of codes and of decimal texts, in the
 * same order, for a statement.  `lease` is the caller's, renewed before every call.
 * Errors: those of omie_listing_next and revenue_sum, NOT_CONFIGURED. */
gboolean revenue_fetch(Db *db, const DateRange *days, const Lease *lease, gint64 deadline_us,
                       DbArray *codes, DbArray *values, guint *count,
                       GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Has a live answer about `days` ready in fin.erp_revenue_live_cache: there already, or fetched
 * here, or by the caller who is at it (fin.md 8.6).
 * Errors: those of revenue_fetch; UPSTREAM_TIMEOUT when another one's fetch takes too long. */
gboolean revenue_prepare_live(Db *db, const DateRange *days, gint64 deadline_us,
                              GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The revenue of `days`, per code, largest first; one row without a code when there is none.
 * Columns: RevenueColumn.  Asks Omie when neither snapshot nor live answer is there. */
typedef enum {
  REVENUE_SOURCE,     /* "snapshot" or "live" */
  REVENUE_FETCHED_AT, /* as answers show instants */
  REVENUE_CLIENT,     /* the client's name, or "Cliente <codigo>" */
  REVENUE_CODE,
  REVENUE_VALUE, /* decimal text */
  REVENUE_TOTAL, /* of all rows */
} RevenueColumn;
PGresult *revenue_read(Db *db, const char *claims, const DateRange *days, gint64 deadline_us,
                       GError **error) G_GNUC_WARN_UNUSED_RESULT;
