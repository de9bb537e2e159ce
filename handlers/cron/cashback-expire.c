/* /api/cron/cashback-expire
 *   GET, POST  lets cashback expire that nobody redeemed in time.  Running it again finds nothing,
 *              or the rest. */
#include "base/money.h"
#include "crm/expire.h"
#include "http/route.h"

static gboolean
expire(Request *req, Response *res, GError **error)
{
  CashbackExpiry expiry = {0};
  if (!cashback_expire(request_db(req), request_deadline_us(req), &expiry, error))
    return FALSE;
  JsonWriter *w = response_json(res);
  json_open_object(w, NULL);
  json_add_bool(w, "ok", TRUE);
  json_add_text(w, "message", "Cashback vencido expirado.");
  json_add_int(w, "organizacoes", expiry.organizations.done);
  json_add_int(w, "organizacoesComFalha", expiry.organizations.failed);
  json_add_int(w, "organizacoesAdiadas", expiry.organizations.left);
  json_add_int(w, "transacoesExpiradas", expiry.expired);
  json_add_text(w, "valorExpirado", money_text(expiry.debited).text);
  json_add_text(w, "valorNaoRecuperado", money_text(expiry.lost).text);
  json_close_object(w);
  return TRUE;
}

const Route route = {
    .family = &family_crm,
    .summary = "Expira o cashback vencido",
    .methods = {{"GET", expire, ACCESS_CRON, NULL}, {"POST", expire, ACCESS_CRON, NULL}},
    .deadline_seconds = 300,
};
