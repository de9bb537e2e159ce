#include "base/date.h"

/* Reads a form in which 9 stands for a digit and everything else for itself. */
static gboolean
has_form(const char *text, const char *form)
{
  for (; *form != '\0'; form++, text++)
    if (*form == '9' ? !g_ascii_isdigit(*text) : *text != *form)
      return FALSE;
  return *text == '\0';
}

static int
digits_at(const char *text, int count)
{
  int value = 0;
  for (int i = 0; i < count; i++)
    value = value * 10 + g_ascii_digit_value(text[i]);
  return value;
}

static gboolean
set_date(GDate *day, int year, int month, int dom)
{
  if (!g_date_valid_dmy((GDateDay)dom, (GDateMonth)month, (GDateYear)year))
    return FALSE;
  g_date_clear(day, 1);
  g_date_set_dmy(day, (GDateDay)dom, (GDateMonth)month, (GDateYear)year);
  return TRUE;
}

gboolean
date_parse_iso(const char *text, GDate *day)
{
  return has_form(text, "9999-99-99") &&
         set_date(day, digits_at(text, 4), digits_at(text + 5, 2), digits_at(text + 8, 2));
}

gboolean
date_parse_br(const char *text, GDate *day)
{
  return has_form(text, "99/99/9999") &&
         set_date(day, digits_at(text + 6, 4), digits_at(text + 3, 2), digits_at(text, 2));
}

gboolean
date_parse_month(const char *text, GDate *first)
{
  return (has_form(text, "9999-99") || has_form(text, "9999-99-01")) &&
         set_date(first, digits_at(text, 4), digits_at(text + 5, 2), 1);
}

DateText
date_iso(const GDate *day)
{
  DateText date;
  g_snprintf(date.text, sizeof date.text, "%04u-%02u-%02u", g_date_get_year(day),
             (guint)g_date_get_month(day), g_date_get_day(day));
  return date;
}

DateText
date_br(const GDate *day)
{
  DateText date;
  g_snprintf(date.text, sizeof date.text, "%02u/%02u/%04u", g_date_get_day(day),
             (guint)g_date_get_month(day), g_date_get_year(day));
  return date;
}

DateRange
date_month(const GDate *day)
{
  DateRange month = {*day, *day};
  g_date_set_day(&month.first, 1);
  g_date_set_day(&month.last,
                 g_date_get_days_in_month(g_date_get_month(day), g_date_get_year(day)));
  return month;
}

DateRange
date_month_before(const GDate *day)
{
  DateRange month = date_month(day);
  GDate last = date_plus(&month.first, -1);
  return date_month(&last);
}

GDate
date_plus(const GDate *day, int days)
{
  GDate result = *day;
  if (days < 0)
    g_date_subtract_days(&result, (guint)-days);
  else
    g_date_add_days(&result, (guint)days);
  return result;
}

gboolean
date_in_range(const GDate *day, const DateRange *range)
{
  return g_date_compare(&range->first, day) <= 0 && g_date_compare(day, &range->last) <= 0;
}
