/* /api/cron/process-interactions
 *   GET, POST  sends the messages whose time has come, one after the other, within
 *              EXECUCAO_ORCAMENTO_S; what is left is the workers', or the next call's */
#include "base/settings.h"
#include "crm/send.h"
#include "http/route.h"

static gboolean
process(Request *req, Response *res, GError **error)
{
  InteractionsRun run;
  gint64 deadline_us = request_deadline_within(req, setting_int(EXECUCAO_ORCAMENTO_S));
  if (!interactions_process(request_db(req), deadline_us, &run, error))
    return FALSE;
  JsonWriter *w = response_json(res);
  json_open_object(w, NULL);
  json_add_bool(w, "ok", TRUE);
  json_add_text(w, "mensagem", "EXECUTADO COM SUCESSO");
  json_add_int(w, "mensagensEnviadas", run.sent);
  json_add_int(w, "mensagensComFalha", run.failed);
  json_add_int(w, "restantes", run.left);
  json_close_object(w);
  return TRUE;
}

const Route route = {
    .family = &family_crm,
    .summary = "Envia as mensagens das campanhas que estão na hora",
    .methods = {{"GET", process, ACCESS_CRON, NULL}, {"POST", process, ACCESS_CRON, NULL}},
    .deadline_seconds = 300,
};
