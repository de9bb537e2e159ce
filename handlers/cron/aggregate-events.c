/* /api/cron/aggregate-events
 *   GET, POST  counts the module events of a day: yesterday, or ?period=YYYY-MM-DD.  Running it
 *              again counts late events too. */
#include "fin/job.h"
#include "http/route.h"

static gboolean
aggregate(Request *req, Response *res, GError **error)
{
  const char *asked;
  gboolean later = request_prefers_async(req);
  g_auto(JobRun) run = {0};
  if (!request_query(req, "period", &asked, error) ||
      !job_run(request_db(req), &job_aggregate_events, asked, later, request_deadline_us(req), &run,
               error))
    return FALSE;
  if (later)
    response_accepted(res, req);
  job_write_answer(&job_aggregate_events, &run, later, response_json(res));
  return TRUE;
}

const Route route = {
    .family = &family_fin,
    .summary = "Conta os acontecimentos de um dia",
    .methods = {{"GET", aggregate, ACCESS_CRON, NULL}, {"POST", aggregate, ACCESS_CRON, NULL}},
    .deadline_seconds = 300,
};
