/* /api/cron/sync-omie-revenue
 *   GET, POST  stores what Omie billed in a month, per client code: the month before this one, or
 *              ?period=YYYY-MM.  The stored month is replaced as a whole, or left as it is; with
 *              Prefer: respond-async a worker does it. */
#include "fin/job.h"
#include "http/route.h"

static gboolean
store(Request *req, Response *res, GError **error)
{
  const char *asked;
  gboolean later = request_prefers_async(req);
  g_auto(JobRun) run = {0};
  if (!request_query(req, "period", &asked, error) ||
      !job_run(request_db(req), &job_store_revenue, asked, later, request_deadline_us(req), &run,
               error))
    return FALSE;
  if (later)
    response_accepted(res, req);
  job_write_answer(&job_store_revenue, &run, later, response_json(res));
  return TRUE;
}

const Route route = {
    .family = &family_fin,
    .summary = "Grava o faturamento de um mês do Omie",
    .methods = {{"GET", store, ACCESS_CRON, NULL}, {"POST", store, ACCESS_CRON, NULL}},
    .deadline_seconds = 900, /* a month of 50,000 titles is a hundred pages, one at a time */
};
