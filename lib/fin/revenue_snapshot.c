#include "fin/job.h"
#include "fin/revenue.h"

static const Job job = {.name = "sync-omie-revenue"};

typedef struct {
  DateRange month;
  gint64 deadline_us;
} Work;

static const char sql_store[] =
    "select fin.store_revenue($1::uuid, $2::date, $3::text[], $4::numeric[])";

/* Nothing is written before the last page is read. */
static gboolean
store_month(Db *db, const char *run, gpointer data, gint64 *records, GError **error)
{
  const Work *work = data;
  g_auto(DbArray) codes, values;
  guint count;
  Lease lease = job_lease(run);
  db_array_init(&codes);
  db_array_init(&values);
  if (!revenue_fetch(db, &work->month, &lease, work->deadline_us, &codes, &values, &count, error))
    return FALSE;
  DateText first = date_iso(&work->month.first);
  g_autoptr(PGresult) stored =
      db_query(db, DB_CLAIMS_SYSTEM, sql_store,
               DB_PARAMS(run, first.text, db_array_text(&codes), db_array_text(&values)), error);
  if (stored == NULL)
    return FALSE;
  *records = count;
  return db_bool(stored, 0, 0) || job_was_lost(error);
}

gboolean
revenue_store_month(Db *db, const GDate *first, gint64 deadline_us, gint64 *records, GError **error)
{
  Work work = {date_month(first), deadline_us};
  return job_run(db, &job, first, store_month, &work, records, error);
}
