#include "base/instant.h"

#include <string.h>

#include "base/settings.h"

#define SECOND      G_GINT64_CONSTANT(1000000)
#define DAY_SECONDS G_GINT64_CONSTANT(86400)
#define EPOCH_DAY   719163  /* 1970-01-01 as g_date_get_julian counts */
#define LAST_DAY    3652059 /* 9999-12-31, the last that the calendar here knows; the first is 1 */

CalendarUnit
calendar_unit(const char *word)
{
  static const struct {
    const char *word;
    CalendarUnit unit;
  } units[] = {
      {"DIAS", UNIT_DAYS}, {"SEMANAS", UNIT_WEEKS}, {"MESES", UNIT_MONTHS}, {"ANOS", UNIT_YEARS}};
  for (gsize i = 0; i < G_N_ELEMENTS(units); i++)
    if (g_strcmp0(word, units[i].word) == 0)
      return units[i].unit;
  return UNIT_NONE;
}

GTimeZone *
business_zone(void)
{
  static GTimeZone *zone;
  if (zone == NULL) {
    zone = g_time_zone_new_identifier(setting(APP_TIMEZONE));
    if (zone == NULL) /* days computed in another zone would be wrong days */
      g_error("APP_TIMEZONE names no time zone, or the package tzdata is missing");
  }
  return zone;
}

static GDate
day_of(gint64 number)
{
  GDate day;
  g_date_clear(&day, 1);
  g_date_set_julian(&day, (guint32)CLAMP(number + EPOCH_DAY, 1, LAST_DAY));
  return day;
}

static gint64
number_of(const GDate *day)
{
  return (gint64)g_date_get_julian(day) - EPOCH_DAY;
}

static gint64
floor_divide(gint64 a, gint64 b)
{
  return a / b - (a % b < 0 ? 1 : 0);
}

/* An instant as the clock of a zone shows it; zone NULL: UTC. */
typedef struct {
  gint64 day, second, microsecond; /* since 1970-01-01, of the day, of the second */
  gint32 offset;                   /* seconds east */
} WallTime;

static WallTime
wall_time(Instant instant, GTimeZone *zone)
{
  gint64 seconds = floor_divide(instant, SECOND);
  WallTime wall = {.microsecond = instant - seconds * SECOND};
  if (zone != NULL)
    wall.offset = g_time_zone_get_offset(
        zone, g_time_zone_find_interval(zone, G_TIME_TYPE_UNIVERSAL, seconds));
  seconds += wall.offset;
  wall.day = floor_divide(seconds, DAY_SECONDS);
  wall.second = seconds - wall.day * DAY_SECONDS;
  return wall;
}

/* The instant of a wall time; one that the clocks skip becomes the next that there is. */
static Instant
instant_of(gint64 day, gint64 second, gint64 microsecond, GTimeZone *zone)
{
  gint64 local = day * DAY_SECONDS + second;
  int interval = g_time_zone_adjust_time(zone, G_TIME_TYPE_STANDARD, &local);
  return (local - g_time_zone_get_offset(zone, interval)) * SECOND + microsecond;
}

/* Reads two digits below `limit`, after `mark` unless that is 0; moves on. */
static gboolean
read_pair(const char **at, char mark, int limit, gint64 *value)
{
  const char *c = *at;
  if (mark != '\0' && *c++ != mark)
    return FALSE;
  if (!g_ascii_isdigit(c[0]) || !g_ascii_isdigit(c[1]))
    return FALSE;
  *value = g_ascii_digit_value(c[0]) * 10 + g_ascii_digit_value(c[1]);
  *at = c + 2;
  return *value < limit;
}

/* ".123456789" in microseconds; what is finer is left out. */
static gboolean
read_fraction(const char **at, gint64 *microsecond)
{
  const char *c = *at + 1;
  if (!g_ascii_isdigit(*c))
    return FALSE;
  for (gint64 unit = SECOND / 10; g_ascii_isdigit(*c); c++, unit /= 10)
    *microsecond += g_ascii_digit_value(*c) * unit;
  *at = c;
  return TRUE;
}

/* "Z", "-03:00", "-0300", "-03" to the end of the text. */
static gboolean
read_offset(const char *at, gint64 *offset)
{
  gint64 hours = 0, minutes = 0;
  if (g_ascii_toupper(*at) == 'Z')
    return at[1] == '\0';
  int sign = *at == '-' ? -1 : 1;
  if ((*at != '-' && *at != '+') || (at++, !read_pair(&at, '\0', 24, &hours)))
    return FALSE;
  if (*at != '\0' && !read_pair(&at, *at == ':' ? ':' : '\0', 60, &minutes))
    return FALSE;
  *offset = sign * (hours * 3600 + minutes * 60);
  return *at == '\0';
}

gboolean
instant_parse(const char *text, GTimeZone *zone, Instant *instant)
{
  GDate day;
  gint64 hour, minute, second = 0, microsecond = 0, offset = 0;
  g_autofree char *date = g_strndup(text, 10);
  if (!date_parse_iso(date, &day) || text[10] == '\0' || strchr("Tt ", text[10]) == NULL)
    return FALSE;
  const char *at = text + 11;
  if (!read_pair(&at, '\0', 24, &hour) || !read_pair(&at, ':', 60, &minute) ||
      (*at == ':' && !read_pair(&at, ':', 60, &second)) ||
      (*at == '.' && !read_fraction(&at, &microsecond)))
    return FALSE;
  gint64 of_day = hour * 3600 + minute * 60 + second;
  if (*at == '\0')
    *instant = instant_of(number_of(&day), of_day, microsecond, zone);
  else if (read_offset(at, &offset))
    *instant = (number_of(&day) * DAY_SECONDS + of_day - offset) * SECOND + microsecond;
  else
    return FALSE;
  return TRUE;
}

InstantText
instant_text(Instant instant)
{
  InstantText out;
  WallTime wall = wall_time(instant, NULL);
  GDate day = day_of(wall.day);
  g_snprintf(out.text, sizeof out.text, "%sT%02d:%02d:%02d.%06dZ", date_iso(&day).text,
             (int)(wall.second / 3600), (int)(wall.second / 60 % 60), (int)(wall.second % 60),
             (int)wall.microsecond);
  return out;
}

InstantText
instant_local_text(Instant instant, GTimeZone *zone)
{
  InstantText out;
  WallTime wall = wall_time(instant, zone);
  GDate day = day_of(wall.day);
  int minutes = ABS(wall.offset) / 60;
  g_snprintf(out.text, sizeof out.text, "%sT%02d:%02d:%02d%c%02d:%02d", date_iso(&day).text,
             (int)(wall.second / 3600), (int)(wall.second / 60 % 60), (int)(wall.second % 60),
             wall.offset < 0 ? '-' : '+', minutes / 60, minutes % 60);
  return out;
}

GDate
instant_day(Instant instant, GTimeZone *zone)
{
  return day_of(wall_time(instant, zone).day);
}

Instant
instant_at(const GDate *day, int hour, int minute, int second, GTimeZone *zone)
{
  return instant_of(number_of(day), hour * 3600 + minute * 60 + second, 0, zone);
}

/* So many months later, on the same day or the month's last. */
static GDate
plus_months(const GDate *day, gint64 count)
{
  gint64 months = (gint64)g_date_get_year(day) * 12 + ((gint64)g_date_get_month(day) - 1) + count;
  months = CLAMP(months, 12, 9999 * 12 + 11);
  GDateYear year = (GDateYear)(months / 12);
  GDateMonth month = (GDateMonth)(months % 12 + 1);
  GDate later;
  g_date_clear(&later, 1);
  g_date_set_dmy(&later, MIN(g_date_get_day(day), g_date_get_days_in_month(month, year)), month,
                 year);
  return later;
}

Instant
instant_plus(Instant instant, gint64 count, CalendarUnit unit, GTimeZone *zone)
{
  if (unit == UNIT_NONE)
    return instant;
  WallTime wall = wall_time(instant, zone);
  GDate day = day_of(wall.day);
  count = CLAMP(count, -LAST_DAY, LAST_DAY); /* further is beyond the calendar in every unit */
  switch (unit) {
  case UNIT_MONTHS:
    day = plus_months(&day, count);
    break;
  case UNIT_YEARS:
    day = plus_months(&day, count * 12);
    break;
  default:
    day = day_of(wall.day + count * (unit == UNIT_WEEKS ? 7 : 1));
  }
  return instant_of(number_of(&day), wall.second, wall.microsecond, zone);
}
