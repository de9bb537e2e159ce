#include "fin/reconciliation.h"

#include <string.h>

#include "base/error.h"
#include "base/money.h"
#include "base/settings.h"
#include "fin/revenue.h"

gboolean
reconciliation_diverges(gint64 mrr, gint64 revenue, gint64 *divergence)
{
  gint64 difference = mrr > revenue ? mrr - revenue : revenue - mrr;
  *divergence = difference;
  /* hundredths of a centavo: the tolerance is not rounded */
  return difference * 100 > MAX(mrr * RECONCILIATION_PERCENT, RECONCILIATION_FIXED * 100);
}

void
reconciliation_clear(Reconciliation *result)
{
  g_clear_pointer(&result->alerts, g_array_unref);
  g_clear_pointer(&result->rows, PQclear);
}

static const char sql_load[] =
    "select first_day, last_day, source, fetched_at, client_id, client_name, mrr, revenue"
    "  from fin.reconciliation($1, make_interval(secs => $2::int))";

enum { FIRST_DAY, LAST_DAY, SOURCE, FETCHED_AT, CLIENT_ID, CLIENT_NAME, MRR, REVENUE };

/* A result whose revenue is known, or that has no use for it. */
static PGresult *
load_rows(Db *db, const char *claims, gint64 deadline_us, DateRange *month, GError **error)
{
  for (;;) { /* a live answer may grow too old before it is read */
    g_autoptr(PGresult) rows = db_query(
        db, claims, sql_load, DB_PARAMS(setting(APP_TIMEZONE), setting(FIN_LIVE_REUSE_S)), error);
    if (rows == NULL)
      return NULL;
    if (!date_parse_iso(db_text(rows, 0, FIRST_DAY), &month->first) ||
        !date_parse_iso(db_text(rows, 0, LAST_DAY), &month->last))
      g_assert_not_reached();
    if (db_text(rows, 0, CLIENT_ID) == NULL || db_text(rows, 0, SOURCE) != NULL)
      return g_steal_pointer(&rows);
    if (!revenue_prepare_live(db, month, deadline_us, error))
      return NULL;
  }
}

static int
compare(gconstpointer a, gconstpointer b)
{
  const Divergence *one = a, *other = b;
  if (one->divergence != other->divergence)
    return one->divergence > other->divergence ? -1 : 1;
  int by_name = strcmp(one->client_name, other->client_name);
  return by_name != 0 ? by_name : strcmp(one->client_id, other->client_id);
}

static gboolean
judge(Reconciliation *result, int row, GError **error)
{
  Divergence client = {db_text(result->rows, row, CLIENT_ID),
                       db_text(result->rows, row, CLIENT_NAME), 0, 0, 0};
  if (!money_parse_sum(db_text(result->rows, row, MRR), &client.mrr) ||
      !money_parse_sum(db_text(result->rows, row, REVENUE), &client.revenue)) {
    g_set_error(error, PONTE_ERROR, ERROR_INTERNAL, "amounts of client %s are too large",
                client.client_id);
    return FALSE;
  }
  if (reconciliation_diverges(client.mrr, client.revenue, &client.divergence))
    g_array_append_val(result->alerts, client);
  return TRUE;
}

gboolean
reconciliation_load(Db *db, const char *claims, gint64 deadline_us, Reconciliation *result,
                    GError **error)
{
  PGresult *rows = load_rows(db, claims, deadline_us, &result->month, error);
  if (rows == NULL)
    return FALSE;
  result->rows = rows;
  result->alerts = g_array_new(FALSE, FALSE, sizeof(Divergence));
  if (db_text(rows, 0, CLIENT_ID) == NULL)
    return TRUE;
  result->source = db_text(rows, 0, SOURCE);
  result->fetched_at = db_text(rows, 0, FETCHED_AT);
  for (int row = 0; row < PQntuples(rows); row++)
    if (!judge(result, row, error))
      return FALSE;
  g_array_sort(result->alerts, compare);
  return TRUE;
}
