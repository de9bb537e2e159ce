/* Days as ERPs write them (erp-connectors.md 5.4). */
#include <string.h>

#include "erp/values.h"

#define SECONDS_PER_DAY  86400
#define FIRST_YEAR       1900
#define LAST_YEAR        2100
#define JULIAN_OF_EPOCH  719163 /* GDate's number of 1970-01-01 */
#define LARGEST_SECONDS  1e11   /* a larger number counts milliseconds */
#define LONGEST_FRACTION 9

static const char invalid[] = "invalid_date", none[] = "";

typedef struct {
  int year, month, day, hour, minute, second;
  gboolean has_time, has_offset;
  int offset; /* seconds east of UTC */
} Moment;

/* Each of these moves *at behind what it read. */
static gboolean
read_digits(const char **at, int count, int *value)
{
  *value = 0;
  for (; count > 0; count--, (*at)++) {
    if (!g_ascii_isdigit(**at))
      return FALSE;
    *value = *value * 10 + g_ascii_digit_value(**at);
  }
  return TRUE;
}

static gboolean
read_mark(const char **at, char mark)
{
  gboolean is_there = **at == mark;
  *at += is_there ? 1 : 0;
  return is_there;
}

static gboolean
read_time(const char **at, Moment *moment)
{
  moment->has_time = TRUE;
  return read_digits(at, 2, &moment->hour) && read_mark(at, ':') &&
         read_digits(at, 2, &moment->minute) && read_mark(at, ':') &&
         read_digits(at, 2, &moment->second) && moment->hour < 24 && moment->minute < 60 &&
         moment->second < 60;
}

static gboolean
read_fraction(const char **at)
{
  int digits = 0;
  if (!read_mark(at, '.'))
    return TRUE;
  for (; g_ascii_isdigit(**at); (*at)++)
    digits++;
  return digits >= 1 && digits <= LONGEST_FRACTION;
}

static gboolean
read_offset(const char **at, Moment *moment)
{
  int hours, minutes, sign = **at == '-' ? -1 : 1;
  moment->has_offset = TRUE;
  if (read_mark(at, 'Z'))
    return TRUE;
  if (!read_mark(at, '+') && !read_mark(at, '-')) {
    moment->has_offset = FALSE;
    return TRUE;
  }
  if (!read_digits(at, 2, &hours) || !read_mark(at, ':') || !read_digits(at, 2, &minutes))
    return FALSE;
  moment->offset = sign * (hours * 60 + minutes) * 60;
  return hours < 24 && minutes < 60;
}

static gboolean
is_over(const char *at)
{
  while (g_ascii_isspace(*at))
    at++;
  return *at == '\0';
}

/* "2024-01-31", "2024-01-31T10:30:00.123-03:00" */
static gboolean
read_iso(const char *at, Moment *moment)
{
  if (!read_digits(&at, 4, &moment->year) || !read_mark(&at, '-') ||
      !read_digits(&at, 2, &moment->month) || !read_mark(&at, '-') ||
      !read_digits(&at, 2, &moment->day))
    return FALSE;
  if (is_over(at))
    return TRUE;
  return (read_mark(&at, 'T') || read_mark(&at, ' ')) && read_time(&at, moment) &&
         read_fraction(&at) && read_offset(&at, moment) && is_over(at);
}

/* "31/01/2024", "31/01/2024 10:30:00" */
static gboolean
read_brazilian(const char *at, Moment *moment)
{
  if (!read_digits(&at, 2, &moment->day) || !read_mark(&at, '/') ||
      !read_digits(&at, 2, &moment->month) || !read_mark(&at, '/') ||
      !read_digits(&at, 4, &moment->year))
    return FALSE;
  return is_over(at) || (read_mark(&at, ' ') && read_time(&at, moment) && is_over(at));
}

/* "20240131" */
static gboolean
read_compact(const char *at, Moment *moment)
{
  return read_digits(&at, 4, &moment->year) && read_digits(&at, 2, &moment->month) &&
         read_digits(&at, 2, &moment->day) && is_over(at);
}

static gboolean
is_no_date(const char *text)
{
  static const char *const words[] = {"0000-00-00", "00/00/0000"};
  if (*text >= '1' && *text <= '9') /* as nearly all begin */
    return FALSE;
  for (gsize i = 0; i < G_N_ELEMENTS(words); i++)
    if (g_str_has_prefix(text, words[i]) && is_over(text + strlen(words[i])))
      return TRUE;
  return text[strspn(text, " /")] == '\0';
}

static const char *
finish(const Moment *moment, const GDate *day, GDate *out, TimeText *instant)
{
  int year = g_date_get_year(day);
  if (year < FIRST_YEAR || year > LAST_YEAR)
    return invalid;
  *out = *day;
  if (instant != NULL && moment->has_time)
    g_snprintf(instant->text, sizeof instant->text, "%sT%02d:%02d:%02d", date_iso(day).text,
               moment->hour, moment->minute, moment->second);
  else if (instant != NULL)
    instant->text[0] = '\0';
  return NULL;
}

/* The day and wall time that a clock of the zone shows at an instant. */
static const char *
finish_in_zone(gint64 unix_s, GTimeZone *zone, GDate *out, TimeText *instant)
{
  gint interval = g_time_zone_find_interval(zone, G_TIME_TYPE_UNIVERSAL, unix_s);
  gint64 local = unix_s + g_time_zone_get_offset(zone, interval);
  gint64 second = local % SECONDS_PER_DAY;
  second += second < 0 ? SECONDS_PER_DAY : 0;
  gint64 julian = (local - second) / SECONDS_PER_DAY + JULIAN_OF_EPOCH;
  if (julian < 1 || julian > G_MAXINT32)
    return invalid;
  GDate day;
  g_date_clear(&day, 1);
  g_date_set_julian(&day, (guint32)julian);
  Moment moment = {.has_time = TRUE,
                   .hour = (int)(second / 3600),
                   .minute = (int)(second / 60 % 60),
                   .second = (int)(second % 60)};
  return finish(&moment, &day, out, instant);
}

static const char *
parse_number(const char *text, GTimeZone *zone, GDate *day, TimeText *instant)
{
  char *end;
  double number = g_ascii_strtod(text, &end);
  if (end == text || *end != '\0')
    return invalid;
  if (number > LARGEST_SECONDS || number < -LARGEST_SECONDS)
    number /= 1000;
  if (!(number <= LARGEST_SECONDS && number >= -LARGEST_SECONDS)) /* nor is it NaN */
    return invalid;
  gint64 second = (gint64)number;
  return finish_in_zone((double)second > number ? second - 1 : second, zone, day, instant);
}

const char *
day_parse(const char *text, gboolean is_number, GTimeZone *zone, GDate *day, TimeText *instant)
{
  if (is_number)
    return parse_number(text, zone, day, instant);
  while (g_ascii_isspace(*text))
    text++;
  if (is_no_date(text))
    return none;
  Moment moment = {0};
  gboolean is_read = FALSE;
  static gboolean (*const forms[])(const char *, Moment *) = {read_iso, read_brazilian,
                                                              read_compact};
  for (gsize i = 0; i < G_N_ELEMENTS(forms) && !is_read; i++) {
    moment = (Moment){0};
    is_read = forms[i](text, &moment);
  }
  if (!is_read ||
      !g_date_valid_dmy((GDateDay)moment.day, (GDateMonth)moment.month, (GDateYear)moment.year))
    return invalid;
  GDate stated;
  g_date_clear(&stated, 1);
  g_date_set_dmy(&stated, (GDateDay)moment.day, (GDateMonth)moment.month, (GDateYear)moment.year);
  if (!moment.has_offset)
    return finish(&moment, &stated, day, instant);
  gint64 days = (gint64)g_date_get_julian(&stated) - JULIAN_OF_EPOCH;
  gint64 second = moment.hour * 3600 + moment.minute * 60 + moment.second - moment.offset;
  return finish_in_zone(days * SECONDS_PER_DAY + second, zone, day, instant);
}
