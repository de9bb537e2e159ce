/* What an answer means, before the ERP's own judge has a say (erp-connectors.md 4.1). */
#include "net/exchange.h"

enum { FINE = 1, AGAIN = 2, COUNTS = 4, EXPIRED = 8 };

typedef struct {
  PonteErrorCode code;
  guint flags;
  const char *message;
} Rule;

#define FAILED  "O ERP falhou."
#define LATE    "O ERP não respondeu a tempo."
#define WAITING "O ERP pediu para esperar."

static const struct {
  guint status;
  Rule rule;
} statuses[] = {
    {401, {ERROR_ERP_AUTHENTICATION, EXPIRED, "O ERP recusou as credenciais."}},
    {403, {ERROR_ERP_FORBIDDEN, 0, "O ERP não permite esta consulta a estas credenciais."}},
    {404, {ERROR_ERP_NOT_FOUND, 0, "O ERP não encontrou o recurso."}},
    {408, {ERROR_ERP_TIMEOUT, AGAIN | COUNTS, LATE}},
    {425, {ERROR_ERP_RATE_LIMITED, AGAIN, WAITING}},
    {429, {ERROR_ERP_RATE_LIMITED, AGAIN, WAITING}},
    {500, {ERROR_ERP_CONNECTION, AGAIN | COUNTS, FAILED}},
    {502, {ERROR_ERP_CONNECTION, AGAIN | COUNTS, FAILED}},
    {503, {ERROR_ERP_CONNECTION, AGAIN | COUNTS, "O ERP está indisponível."}},
    {504, {ERROR_ERP_TIMEOUT, AGAIN | COUNTS, LATE}},
};

/* Statuses that the table does not name, by their first digit. */
static const Rule redirect = {ERROR_ERP_REDIRECTED, COUNTS,
                              "O ERP respondeu com um redirecionamento, que não é seguido."};
static const Rule rejection = {ERROR_ERP_REJECTED, 0, "O ERP rejeitou a consulta."};
static const Rule failure = {ERROR_ERP_CONNECTION, COUNTS, FAILED};

static const Rule transports[N_HTTPS_OUTCOMES] = {
    [HTTPS_TIMED_OUT] = {ERROR_ERP_TIMEOUT, AGAIN | COUNTS, LATE},
    [HTTPS_NOT_SENT] = {ERROR_ERP_CONNECTION, AGAIN | COUNTS, "Não foi possível conectar ao ERP."},
    [HTTPS_FAILED] = {ERROR_ERP_CONNECTION, AGAIN | COUNTS,
                      "A conexão com o ERP foi interrompida."},
    [HTTPS_UNTRUSTED] = {ERROR_ERP_UNTRUSTED, COUNTS, "O certificado do ERP não é confiável."},
    [HTTPS_TOO_LARGE] = {ERROR_ERP_TOO_LARGE, 0, "A resposta do ERP excede o limite de tamanho."},
    [HTTPS_NOT_PUBLIC] = {ERROR_ERP_NOT_CONFIGURED, 0,
                          "O endereço do ERP não é público (ERP_ALLOW_PRIVATE_HOSTS)."},
};

static const Rule bodies[] = {
    [BODY_WHOLE] = {.flags = FINE},
    [BODY_NONE] = {.flags = FINE},
    [BODY_STOPPED] = {.flags = FINE},
    [BODY_TRUNCATED] = {ERROR_ERP_TRUNCATED, AGAIN | COUNTS, "A resposta do ERP está incompleta."},
    [BODY_UNEXPECTED] = {ERROR_ERP_UNEXPECTED, AGAIN | COUNTS,
                         "O ERP respondeu com um conteúdo inesperado."},
    [BODY_MISSHAPEN] = {ERROR_ERP_DATA, 0, "A resposta do ERP não tem a forma esperada."},
    [BODY_UNTAKEN] = {ERROR_INTERNAL, 0, "A resposta do ERP não pôde ser processada."},
};

static gboolean
is_good(guint status)
{
  return status >= 200 && status < 300;
}

static const Rule *
rule_of_status(guint status)
{
  for (gsize i = 0; i < G_N_ELEMENTS(statuses); i++)
    if (statuses[i].status == status)
      return &statuses[i].rule;
  return status < 300 || status >= 500 ? &failure : status < 400 ? &redirect : &rejection;
}

static const Rule *
rule_of(const ExchangeVerdict *verdict)
{
  HttpsOutcome outcome = verdict->https.outcome;
  if (outcome == HTTPS_FAILED && is_good(verdict->status))
    return &bodies[BODY_TRUNCATED]; /* Content-Length unmet, chunks without an end */
  if (outcome == HTTPS_ANSWERED || outcome == HTTPS_REFUSED)
    return is_good(verdict->status) ? &bodies[verdict->body] : rule_of_status(verdict->status);
  if (outcome == HTTPS_TOO_LARGE && verdict->status >= 300)
    return rule_of_status(verdict->status);
  return &transports[outcome];
}

void
exchange_judge(ExchangeVerdict *verdict)
{
  const Rule *rule = rule_of(verdict);
  verdict->fine = (rule->flags & FINE) != 0;
  verdict->retried = (rule->flags & AGAIN) != 0;
  verdict->counts = (rule->flags & COUNTS) != 0;
  verdict->is_expired = (rule->flags & EXPIRED) != 0;
  verdict->code = rule->code;
  g_free(verdict->message);
  verdict->message = rule->code == ERROR_ERP_RATE_LIMITED && verdict->stated_wait_s > 0
                         ? g_strdup_printf("O ERP pediu para esperar %" G_GINT64_FORMAT " s.",
                                           verdict->stated_wait_s)
                         : g_strdup(rule->message);
}

void
exchange_verdict_clear(ExchangeVerdict *verdict)
{
  g_clear_pointer(&verdict->message, g_free);
  g_clear_pointer(&verdict->upstream_message, g_free);
}

RateOutcome
exchange_outcome(const ExchangeVerdict *verdict)
{
  if (!verdict->fine && verdict->body == BODY_UNTAKEN)
    return RATE_CANCELLED; /* our own failure says nothing about the host */
  if (verdict->fine)
    return is_good(verdict->status) ? RATE_SUCCEEDED : RATE_UNCOUNTED;
  return verdict->counts ? RATE_FAILED : RATE_UNCOUNTED;
}
