/* /api/cron/compute-data-indices
 *   GET, POST  computes leads_mes, contratos_ativos and mrr_total of a month: the one before this,
 *              or ?period=YYYY-MM. */
#include "fin/job.h"
#include "http/route.h"

static gboolean
compute(Request *req, Response *res, GError **error)
{
  const char *asked;
  gboolean later = request_prefers_async(req);
  g_auto(JobRun) run = {0};
  if (!request_query(req, "period", &asked, error) ||
      !job_run(request_db(req), &job_compute_indices, asked, later, request_deadline_us(req), &run,
               error))
    return FALSE;
  if (later)
    response_accepted(res, req);
  job_write_answer(&job_compute_indices, &run, later, response_json(res));
  return TRUE;
}

const Route route = {
    .family = &family_fin,
    .summary = "Calcula os índices de um mês",
    .methods = {{"GET", compute, ACCESS_CRON, NULL}, {"POST", compute, ACCESS_CRON, NULL}},
    .deadline_seconds = 300,
};
