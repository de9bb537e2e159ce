/* Calendar days and months.  Pure: what day it is now comes from the database's clock, in
 * APP_TIMEZONE (fin.md 3.6), and is handed in. */
#pragma once
#include <glib.h>

/* From `first` to `last`, both included. */
typedef struct {
  GDate first, last;
} DateRange;

/* A day as text, by value: valid to the end of the full expression, or in a variable. */
typedef struct {
  char text[16];
} DateText;
DateText date_iso(const GDate *day); /* "2026-02-28" */
DateText date_br(const GDate *day);  /* "28/02/2026" */

/* Exactly these forms, and days that exist. */
gboolean date_parse_iso(const char *text, GDate *day) G_GNUC_WARN_UNUSED_RESULT;
gboolean date_parse_br(const char *text, GDate *day) G_GNUC_WARN_UNUSED_RESULT;

/* "2026-02" or "2026-02-01"; gives the month's first day. */
gboolean date_parse_month(const char *text, GDate *first) G_GNUC_WARN_UNUSED_RESULT;

/* The month that holds a day, and the month before it. */
DateRange date_month(const GDate *day);
DateRange date_month_before(const GDate *day);

/* A number of days later (or earlier). */
GDate date_plus(const GDate *day, int days);

gboolean date_in_range(const GDate *day, const DateRange *range);
