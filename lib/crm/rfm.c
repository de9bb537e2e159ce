#include "crm/rfm.h"

#include "base/settings.h"
#include "base/text.h"

/* The usual map of RFM onto the eleven titles of 7.3: a row for each note of recency, from bought
 * long ago to bought just now, a column for each mean note of frequency and value. */
/* clang-format off */
static const char *const titles[RFM_NOTES][RFM_NOTES] = {
    {"PERDIDOS", "PERDIDOS", "EM RISCO", "EM RISCO", "NÃO PODE PERDÊ-LOS"},
    {"HIBERNANDO", "HIBERNANDO", "EM RISCO", "EM RISCO", "NÃO PODE PERDÊ-LOS"},
    {"PRESTES A DORMIR", "PRESTES A DORMIR", "PRECISAM DE ATENÇÃO", "CLIENTES LEAIS", "CLIENTES LEAIS"},
    {"PROMISSORES", "POTENCIAIS CLIENTES LEAIS", "POTENCIAIS CLIENTES LEAIS", "CLIENTES LEAIS", "CLIENTES LEAIS"},
    {"CLIENTES RECENTES", "POTENCIAIS CLIENTES LEAIS", "POTENCIAIS CLIENTES LEAIS", "CAMPEÕES", "CAMPEÕES"},
};
/* clang-format on */

const char *
rfm_title(guint recency, guint frequency, guint value)
{
  g_assert(recency - 1 < RFM_NOTES && frequency - 1 < RFM_NOTES && value - 1 < RFM_NOTES);
  return titles[recency - 1][(frequency + value + 1) / 2 - 1];
}

static const char sql_organizations[] = "select id from crm.organizations order by id";

static const char sql_analyse[] = "select clients, changed, written, retitled"
                                  "  from crm.analyse_clients($1, $2, $3::text[])";

/* All of a shop's sales at once take longer than other statements may. */
static const char sql_limit[] = "select set_config('statement_timeout', $1, true)";

typedef struct {
  RfmAnalysis *analysis;
  DbArray titles;
  gint64 deadline_us;
} Work;

static PGresult *
analyse_in_time(Db *db, const char *organization, Work *work, GError **error)
{
  gint64 left_ms = (work->deadline_us - g_get_monotonic_time()) / 1000;
  g_autoptr(PGresult) limited = db_exec(db, sql_limit, DB_PARAMS(int_text(MAX(left_ms, 1))), error);
  if (limited == NULL)
    return NULL;
  g_autoptr(PGresult) row =
      db_exec(db, sql_analyse,
              DB_PARAMS(organization, setting(APP_TIMEZONE), db_array_text(&work->titles)), error);
  return row != NULL && db_commit(db, error) ? g_steal_pointer(&row) : NULL;
}

static gboolean
analyse(Db *db, const char *organization, gpointer data, gboolean *is_done, GError **error)
{
  Work *work = data;
  if (!db_begin(db, DB_CLAIMS_SYSTEM, error))
    return FALSE;
  g_autoptr(PGresult) row = analyse_in_time(db, organization, work, error);
  if (row == NULL) {
    db_rollback(db);
    return FALSE;
  }
  *is_done = db_int(row, 0, 1) == db_int(row, 0, 2); /* else sales came in between */
  if (*is_done)
    work->analysis->clients += db_int(row, 0, 0);
  work->analysis->written += db_int(row, 0, 2);
  work->analysis->retitled += db_int(row, 0, 3);
  return TRUE;
}

gboolean
rfm_analyse(Db *db, gint64 deadline_us, RfmAnalysis *analysis, GError **error)
{
  Work work = {.analysis = analysis, .deadline_us = deadline_us};
  db_array_init(&work.titles);
  for (guint recency = 1; recency <= RFM_NOTES; recency++) {
    for (guint mean = 1; mean <= RFM_NOTES; mean++)
      db_array_add(&work.titles, rfm_title(recency, mean, mean));
  }
  gboolean ok =
      every_organization(db, "rfm-analysis", "Erro ao analisar clientes.", sql_organizations,
                         analyse, &work, deadline_us, &analysis->organizations, error);
  db_array_clear(&work.titles);
  return ok;
}
