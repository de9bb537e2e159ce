/* The job that replaces the snapshot of a month by what Omie says now, or leaves it as it is
 * (fin.md 7). */
#include "fin/job.h"
#include "fin/period.h"
#include "fin/revenue.h"

static const char sql_store[] =
    "select fin.store_revenue($1::uuid, $2::date, $3::text[], $4::numeric[])";

/* Nothing is written before the last page is read. */
static gboolean
store_month(Db *db, const char *run, const GDate *first, gint64 deadline_us, gint64 *records,
            GError **error)
{
  g_auto(DbArray) codes, values;
  guint count;
  DateRange month = date_month(first);
  Lease lease = job_lease(run);
  db_array_init(&codes);
  db_array_init(&values);
  if (!revenue_fetch(db, &month, &lease, deadline_us, &codes, &values, &count, error))
    return FALSE;
  g_autoptr(PGresult) stored = db_query(
      db, DB_CLAIMS_SYSTEM, sql_store,
      DB_PARAMS(run, date_iso(first).text, db_array_text(&codes), db_array_text(&values)), error);
  if (stored == NULL)
    return FALSE;
  *records = count;
  return db_bool(stored, 0, 0) || job_was_lost(error);
}

const Job job_store_revenue = {
    .name = "sync-omie-revenue",
    .counted = "recordCount",
    .did = "Snapshot Omie para",
    .unit = "cliente(s)",
    .period = period_past_month,
    .work = store_month,
};
