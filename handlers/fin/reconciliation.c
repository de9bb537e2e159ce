/* /api/fin/reconciliation
 *   GET  clients whose MRR and Omie's revenue of the current month differ by more than is
 * tolerated: 5 % of the MRR or R$ 50, whichever is more */
#include "fin/reconciliation.h"
#include "base/money.h"
#include "http/route.h"

static void
write_alert(JsonWriter *w, const Divergence *alert)
{
  json_open_object(w, NULL);
  json_add_text(w, "client_id", alert->client_id);
  json_add_text(w, "client_name", alert->client_name);
  json_add_decimal(w, "mrr", money_text(alert->mrr).text);
  json_add_decimal(w, "faturamento_omie", money_text(alert->revenue).text);
  json_add_decimal(w, "divergencia", money_text(alert->divergence).text);
  json_close_object(w);
}

static gboolean
show(Request *req, Response *res, GError **error)
{
  g_auto(Reconciliation) result = {0};
  if (!reconciliation_load(request_db(req), request_claims(req), request_deadline_us(req), &result,
                           error))
    return FALSE;
  JsonWriter *w = response_json(res);
  json_open_object(w, NULL);
  json_add_text(w, "period", date_iso(&result.month.first).text);
  json_add_text(w, "dataInicio", date_br(&result.month.first).text);
  json_add_text(w, "dataFim", date_br(&result.month.last).text);
  json_add_text(w, "source", result.source);
  json_add_text(w, "fetchedAt", result.fetched_at);
  json_open_object(w, "tolerance");
  json_add_int(w, "percent", RECONCILIATION_PERCENT);
  json_add_decimal(w, "fixed", money_text(RECONCILIATION_FIXED).text);
  json_close_object(w);
  json_add_int(w, "count", result.alerts->len);
  json_open_array(w, "alerts");
  for (guint i = 0; i < result.alerts->len; i++)
    write_alert(w, &g_array_index(result.alerts, Divergence, i));
  json_close_array(w);
  json_close_object(w);
  return TRUE;
}

const Route route = {
    .family = &family_fin,
    .summary = "Compara o MRR com o faturamento do Omie no mês corrente",
    .methods = {{"GET", show, ACCESS_ROLES(AREA_FIN), NULL}},
    .deadline_seconds = 300, /* a live answer may have to wait for Omie */
};
