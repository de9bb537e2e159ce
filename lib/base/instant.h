/* Instants, and the calendar of a time zone around them (data-collecting.md 0.4).  Pure: "now"
 * comes from the database's clock and is handed in. */
#pragma once
#include <glib.h>

#include "base/date.h"

typedef gint64 Instant; /* microseconds since 1970-01-01T00:00:00Z */
#define INSTANT_NONE G_MININT64

typedef enum { UNIT_NONE, UNIT_DAYS, UNIT_WEEKS, UNIT_MONTHS, UNIT_YEARS } CalendarUnit;

/* "DIAS", "SEMANAS", "MESES", "ANOS"; UNIT_NONE for any other word and NULL. */
CalendarUnit calendar_unit(const char *word);

/* The zone of APP_TIMEZONE.  The process's own.  Ends the program when there is no such zone. */
GTimeZone *business_zone(void);

/* ISO 8601 with an offset, or without one as wall time of the zone; date and time, seconds and
 * their fraction may be left out. */
gboolean instant_parse(const char *text, GTimeZone *zone,
                       Instant *instant) G_GNUC_WARN_UNUSED_RESULT;

/* "2026-03-05T17:07:00.123456Z", as Postgres reads it; with a zone "2026-03-05T14:07:00-03:00". */
typedef struct {
  char text[48];
} InstantText;
InstantText instant_text(Instant instant);
InstantText instant_local_text(Instant instant, GTimeZone *zone);

GDate instant_day(Instant instant, GTimeZone *zone);
Instant instant_at(const GDate *day, int hour, int minute, int second, GTimeZone *zone);

/* So many units later (or earlier, when negative) at the same wall time; the day is clamped to the
 * month's last, and stays within the years 1 to 9999.  UNIT_NONE changes nothing. */
Instant instant_plus(Instant instant, gint64 count, CalendarUnit unit, GTimeZone *zone);
