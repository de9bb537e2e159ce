#include "fin/derived.h"

#include "base/settings.h"
#include "fin/job.h"
#include "fin/period.h"

/* `sql` takes run, period and zone; its result is how many rows, null when the run is not ours any
 * more. */
static gboolean
compute(Db *db, const char *run, const GDate *period, gpointer sql, gint64 *rows, GError **error)
{
  DateText day = date_iso(period);
  g_autoptr(PGresult) done =
      db_query(db, DB_CLAIMS_SYSTEM, sql, DB_PARAMS(run, day.text, setting(APP_TIMEZONE)), error);
  if (done == NULL)
    return FALSE;
  *rows = db_int(done, 0, 0);
  return db_text(done, 0, 0) != NULL || job_was_lost(error);
}

static const char sql_aggregate[] = "select fin.aggregate_events($1::uuid, $2::date, $3)";

gboolean
derived_aggregate_events(Db *db, const char *asked, GDate *day, gint64 *groups, GError **error)
{
  static const Job job = {"aggregate-events", "Erro ao agregar eventos.", period_past_day};
  return job_run(db, &job, asked, compute, (gpointer)sql_aggregate, day, groups, error);
}

static const char sql_compute[] = "select fin.compute_indices($1::uuid, $2::date, $3)";

gboolean
derived_compute_indices(Db *db, const char *asked, GDate *first, gint64 *saved, GError **error)
{
  static const Job job = {"compute-data-indices", "Erro ao calcular índices.", period_past_month};
  return job_run(db, &job, asked, compute, (gpointer)sql_compute, first, saved, error);
}
