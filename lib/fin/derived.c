#include "fin/derived.h"

#include "base/settings.h"
#include "fin/job.h"

typedef struct {
  const char *sql; /* run, period, zone → how many rows; null: the run is not ours any more */
  GDate period;
} Work;

static gboolean
compute(Db *db, const char *run, gpointer data, gint64 *rows, GError **error)
{
  const Work *work = data;
  DateText period = date_iso(&work->period);
  g_autoptr(PGresult) done = db_query(db, DB_CLAIMS_SYSTEM, work->sql,
                                      DB_PARAMS(run, period.text, setting(APP_TIMEZONE)), error);
  if (done == NULL)
    return FALSE;
  *rows = db_int(done, 0, 0);
  return db_text(done, 0, 0) != NULL || job_was_lost(error);
}

static const char sql_aggregate[] = "select fin.aggregate_events($1::uuid, $2::date, $3)";

gboolean
derived_aggregate_events(Db *db, const GDate *day, gint64 *groups, GError **error)
{
  static const Job job = {"aggregate-events", "Erro ao agregar eventos."};
  Work work = {sql_aggregate, *day};
  return job_run(db, &job, day, compute, &work, groups, error);
}

static const char sql_compute[] = "select fin.compute_indices($1::uuid, $2::date, $3)";

gboolean
derived_compute_indices(Db *db, const GDate *first, gint64 *saved, GError **error)
{
  static const Job job = {"compute-data-indices", "Erro ao calcular índices."};
  Work work = {sql_compute, *first};
  return job_run(db, &job, first, compute, &work, saved, error);
}
