/* The months and days that callers name, and what is meant when they name none (fin.md 3.6, 7.4,
 * 8.4, 11.2).  All errors are INVALID_PARAMETER but those of period_today. */
#pragma once
#include "base/date.h"
#include "db/db.h"

/* Today by the database's clock in APP_TIMEZONE.  Errors: those of db_query. */
gboolean period_today(Db *db, GDate *today, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* "YYYY-MM" or "YYYY-MM-01": the month's first day. */
gboolean period_parse_month(const char *asked, GDate *first,
                            GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* "YYYY-MM-DD". */
gboolean period_parse_day(const char *asked, GDate *day, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The same for something that has happened: NULL means the month before today's, yesterday; what
 * lies after today is refused. */
gboolean period_past_month(const char *asked, const GDate *today, GDate *first,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean period_past_day(const char *asked, const GDate *today, GDate *day,
                         GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* From one day to another, at most 366 days. */
gboolean period_parse_range(const char *from, const char *to, DateRange *range,
                            GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* How many rows a list shall have: 1 to 500, 100 when not told. */
gboolean list_limit(const char *asked, gint64 *limit, GError **error) G_GNUC_WARN_UNUSED_RESULT;
