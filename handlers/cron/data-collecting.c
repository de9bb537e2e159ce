/* /api/cron/data-collecting
 *   GET, POST  fetches the sales of every integrated organization from its ERP into the CRM, with
 *              cashback, campaigns and messages.  ?organizacao=ID: only this one;
 *              ?modo=retroativo: the five days before today, without cashback and messages;
 *              ?de=YYYY-MM-DD&ate=YYYY-MM-DD: these days, at most 31. */
#include "crm/collect.h"
#include "crm/collect_answer.h"
#include "http/route.h"

static gboolean
run(Request *req, Response *res, GError **error)
{
  CollectRequest asked = {.deadline_us = request_deadline_us(req)};
  g_auto(CollectRun) run = {0};
  const char *wrong = NULL;
  if (!request_query(req, "organizacao", &asked.organization, error) ||
      !request_query(req, "modo", &asked.mode, error) ||
      !request_query(req, "de", &asked.from, error) || !request_query(req, "ate", &asked.to, error))
    return FALSE;
  if (!collect(request_db(req), &asked, &run, &wrong, error)) {
    if (wrong != NULL)
      response_error_text(res, "campo", wrong);
    return FALSE;
  }
  response_status(res, 201);
  collect_write_answer(&run, business_zone(), response_json(res));
  return TRUE;
}

const Route route = {
    .family = &family_crm,
    .summary = "Coleta as vendas das organizações em seus ERPs",
    .methods = {{"GET", run, ACCESS_CRON, NULL}, {"POST", run, ACCESS_CRON, NULL}},
    .deadline_seconds = 300,
};
