#include "fin/period.h"

#include "base/error.h"
#include "base/settings.h"

#define MAX_RANGE_DAYS 366
#define MAX_LIMIT      500
#define USUAL_LIMIT    100

static gboolean
refuse(const char *text, GError **error)
{
  g_set_error_literal(error, PONTE_ERROR, ERROR_INVALID_PARAMETER, text);
  return FALSE;
}

static const char sql_today[] = "select ponte.local_date(now(), $1)";

gboolean
period_today(Db *db, GDate *today, GError **error)
{
  g_autoptr(PGresult) found =
      db_query(db, DB_CLAIMS_SYSTEM, sql_today, DB_PARAMS(setting(APP_TIMEZONE)), error);
  if (found == NULL)
    return FALSE;
  if (!date_parse_iso(db_text(found, 0, 0), today))
    g_assert_not_reached();
  return TRUE;
}

gboolean
period_parse_month(const char *asked, GDate *first, GError **error)
{
  return date_parse_month(asked, first) || refuse("period deve ser YYYY-MM ou YYYY-MM-01.", error);
}

gboolean
period_parse_day(const char *asked, GDate *day, GError **error)
{
  return date_parse_iso(asked, day) || refuse("period deve ser YYYY-MM-DD.", error);
}

/* A month is of the future when it has not begun yet. */
static gboolean
check_past(const GDate *first, const GDate *today, GError **error)
{
  return g_date_compare(first, today) <= 0 || refuse("period não pode ser futuro.", error);
}

gboolean
period_past_month(const char *asked, const GDate *today, GDate *first, GError **error)
{
  if (asked != NULL)
    return period_parse_month(asked, first, error) && check_past(first, today, error);
  *first = date_month_before(today).first;
  return TRUE;
}

gboolean
period_past_day(const char *asked, const GDate *today, GDate *day, GError **error)
{
  if (asked != NULL)
    return period_parse_day(asked, day, error) && check_past(day, today, error);
  *day = date_plus(today, -1);
  return TRUE;
}

gboolean
period_parse_range(const char *from, const char *to, DateRange *range, GError **error)
{
  if (from == NULL || to == NULL || !date_parse_iso(from, &range->first) ||
      !date_parse_iso(to, &range->last))
    return refuse("from e to devem ser YYYY-MM-DD.", error);
  gint days = g_date_days_between(&range->first, &range->last) + 1;
  return (days >= 1 && days <= MAX_RANGE_DAYS) || refuse("Período inválido.", error);
}

gboolean
list_limit(const char *asked, gint64 *limit, GError **error)
{
  *limit = USUAL_LIMIT;
  return asked == NULL || g_ascii_string_to_signed(asked, 10, 1, MAX_LIMIT, limit, NULL) ||
         refuse("limit deve estar entre 1 e 500.", error);
}
