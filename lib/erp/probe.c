/* A health probe: one request of one attempt, moved on beside those of other companies. */
#include <math.h>

#include "base/json.h"
#include "base/log.h"
#include "base/settings.h"
#include "erp/probe_request.h"
#include "erp/probe_verdict.h"

#define ANSWER_MAX_BYTES ((gsize)4 * 1024 * 1024)

struct ErpProbe {
  Db *db;
  Erp *erp; /* NULL: not configured, `error` says what */
  ProbeRequest asked;
  RowReader *reader;
  ErpJudged judged;
  ExchangeRequest request;
  Exchange *exchange; /* NULL: nothing could be asked */
  GError *error;
};

static void
begin(ErpProbe *probe)
{
  Erp *erp = probe->erp;
  const ProbeRequest *asked = &probe->asked;
  gboolean is_json = asked->format == &json_rows;
  probe->reader = row_reader_new(&asked->shape, NULL, NULL);
  probe->judged = (ErpJudged){.erp = erp, .reader = probe->reader};
  erp->policy.judge_data = &probe->judged;
  erp->policy.rate = &asked->rate;
  erp->policy.guard = asked->has_guard ? &asked->guard : NULL;
  erp->policy.retry.max_attempts = 1;
  if (erp->oauth.grant != OAUTH_REFRESH_ONLY) /* a chain's next link is waited for */
    erp->oauth.timeout_ms = MIN(erp->oauth.timeout_ms, setting_int(ERP_HEALTH_TIMEOUT_MS));
  probe->request = (ExchangeRequest){.url = asked->url,
                                     .body = asked->body,
                                     .content_type = "application/json",
                                     .accept = is_json ? "application/json" : "application/xml",
                                     .headers = (const char *const *)asked->headers->pdata,
                                     .timeout_ms = setting_int(ERP_HEALTH_TIMEOUT_MS),
                                     .max_bytes = ANSWER_MAX_BYTES,
                                     .reader = asked->format,
                                     .reader_data = probe->reader};
  probe->exchange = exchange_new(probe->db, &erp->policy, &probe->request);
}

ErpProbe *
erp_probe_new(const ErpCompany *company, Db *db)
{
  ErpProbe *probe = g_new0(ErpProbe, 1);
  probe->db = db;
  probe->erp = erp_new(company, db, &probe->error);
  if (probe->erp == NULL)
    return probe;
  erp_begin(probe->erp, "health_check", 0);
  if (probe_request_init(&probe->asked, probe->erp, &probe->error))
    begin(probe);
  return probe;
}

gboolean
erp_probe_advance(ErpProbe *probe)
{
  return probe->exchange == NULL || exchange_advance(probe->exchange);
}

gint64
erp_probe_wait_ms(const ErpProbe *probe)
{
  return probe->exchange != NULL ? exchange_wait_ms(probe->exchange) : 0;
}

static void
add_rate(JsonWriter *w, const ErpProbe *probe)
{
  RateState state = {.tokens_left = NAN};
  g_autoptr(GError) error = NULL;
  gboolean known = probe->erp != NULL && rate_look(probe->db, &probe->erp->rate, &state, &error);
  json_add_text(w, "circuit", known ? state.circuit : NULL);
  json_add_text(w, "rate_mode", known ? "shared" : probe->erp != NULL ? "closed" : NULL);
  if (!known || isnan(state.tokens_left))
    json_add_null(w, "tokens_left");
  else {
    g_autofree char *left = g_strdup_printf("%.1f", state.tokens_left);
    json_add_decimal(w, "tokens_left", left);
  }
}

/* -1 where there is no token, or none is known. */
static gint64
token_left_s(const ErpProbe *probe, gboolean *unpersisted)
{
  g_autoptr(GError) error = NULL;
  gint64 left_s = -1;
  if (probe->erp == NULL || probe->erp->auth != AUTH_OAUTH2)
    return -1;
  if (!oauth_look(probe->db, &probe->erp->oauth, &left_s, unpersisted, &error))
    log_warning("a token's life is not known", "cause", error->message, NULL);
  return left_s;
}

static char *
details_of(const ErpProbe *probe, guint status, gint64 token_s, const char *reason)
{
  g_autoptr(JsonWriter) w = json_writer_new();
  json_open_object(w, NULL);
  json_add_text(w, "api_profile", probe->erp != NULL ? probe->erp->profile->name : NULL);
  if (status > 0)
    json_add_int(w, "http_status", status);
  else
    json_add_null(w, "http_status");
  add_rate(w, probe);
  if (token_s >= 0)
    json_add_int(w, "token_expires_in", token_s);
  else
    json_add_null(w, "token_expires_in");
  json_add_text(w, "reason", reason);
  json_close_object(w);
  return g_strdup(json_writer_text(w));
}

void
erp_probe_take(ErpProbe *probe, ErpHealth *health)
{
  ProbeFacts facts = {0};
  gboolean fine = probe->exchange != NULL && exchange_succeeded(probe->exchange, &probe->error);
  if (probe->exchange != NULL) {
    const ExchangeResult *result = exchange_result(probe->exchange);
    facts.status = result->status;
    facts.latency_us = result->answered_us;
  }
  gint64 token_s = token_left_s(probe, &facts.unpersisted);
  facts.error = fine ? NULL : probe->error;
  facts.has_token = probe->erp != NULL && probe->erp->auth == AUTH_OAUTH2;
  const char *reason = probe_judge(&facts, health);
  health->details = details_of(probe, facts.status, token_s, reason);
}

void
erp_probe_free(ErpProbe *probe)
{
  g_clear_pointer(&probe->exchange, exchange_free);
  g_clear_pointer(&probe->reader, row_reader_free);
  probe_request_clear(&probe->asked);
  g_clear_pointer(&probe->erp, erp_free);
  g_clear_error(&probe->error);
  g_free(probe);
}
