/* Jobs that compute anew from what is stored, one SQL function each (sql/0006_data.up.sql): events
 * counted per day (fin.md 11), indices of a month (fin.md 12). */
#include "base/settings.h"
#include "fin/job.h"
#include "fin/period.h"

/* `sql` takes run, period and zone; its result is how many rows, null when the run is not ours any
 * more. */
static gboolean
compute(Db *db, const char *run, const GDate *period, const char *sql, gint64 *rows, GError **error)
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

static gboolean
aggregate(Db *db, const char *run, const GDate *day, G_GNUC_UNUSED gint64 deadline_us,
          gint64 *groups, GError **error)
{
  return compute(db, run, day, sql_aggregate, groups, error);
}

const Job job_aggregate_events = {
    .name = "aggregate-events",
    .counted = "rowsAffected",
    .did = "Eventos agregados para",
    .unit = "grupo(s)",
    .failed = "Erro ao agregar eventos.",
    .period = period_past_day,
    .work = aggregate,
};

static const char sql_indices[] = "select fin.compute_indices($1::uuid, $2::date, $3)";

static gboolean
compute_indices(Db *db, const char *run, const GDate *first, G_GNUC_UNUSED gint64 deadline_us,
                gint64 *saved, GError **error)
{
  return compute(db, run, first, sql_indices, saved, error);
}

const Job job_compute_indices = {
    .name = "compute-data-indices",
    .counted = "saved",
    .did = "Índices para",
    .unit = "registro(s)",
    .failed = "Erro ao calcular índices.",
    .period = period_past_month,
    .work = compute_indices,
};
