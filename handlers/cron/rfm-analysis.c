/* /api/cron/rfm-analysis
 *   GET, POST  counts the purchases of every organization's clients anew, and gives each client the
 *              RFM notes and title that follow.  Running it again changes nothing. */
#include "crm/rfm.h"
#include "http/route.h"

static gboolean
analyse(Request *req, Response *res, GError **error)
{
  RfmAnalysis analysis = {0};
  if (!rfm_analyse(request_db(req), request_deadline_us(req), &analysis, error))
    return FALSE;
  JsonWriter *w = response_json(res);
  json_open_object(w, NULL);
  json_add_bool(w, "ok", TRUE);
  json_add_text(w, "message", "Análise RFM concluída.");
  json_add_int(w, "organizacoes", analysis.organizations.done);
  json_add_int(w, "organizacoesComFalha", analysis.organizations.failed);
  json_add_int(w, "organizacoesAdiadas", analysis.organizations.left);
  json_add_int(w, "clientesAnalisados", analysis.clients);
  json_add_int(w, "clientesAtualizados", analysis.written);
  json_add_int(w, "titulosAlterados", analysis.retitled);
  json_close_object(w);
  return TRUE;
}

const Route route = {
    .family = &family_crm,
    .summary = "Analisa os clientes das organizações (RFM)",
    .methods = {{"GET", analyse, ACCESS_CRON, NULL}, {"POST", analyse, ACCESS_CRON, NULL}},
    .deadline_seconds = 300,
};
