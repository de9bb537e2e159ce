#include "erp/omie/fault.h"

#include <string.h>

#include "base/settings.h"
#include "base/text.h"

#define BLOCK_DEFAULT_S     1800 /* when a 425 does not say (fin.md 5.7) */
#define REDUNDANT_DEFAULT_S 60
#define MAX_STATED_WAIT_S   86400

/* Faults are told by their text first and their code second: one code serves several meanings, and
 * texts vary by release.  Compared in lower case without accents; first match wins. */
static const struct {
  OmieClass class;
  const char *text; /* contained in the fault's text; NULL: not looked at */
  const char *code; /* end of the fault's code */
} faults[] = {
    {OMIE_BLOCKED, "bloqueada por consumo indevido", "misuse_api_process"},
    {OMIE_REDUNDANT, "consumo redundante", "client-8020"},
    {OMIE_REDUNDANT, "(redundant)", "client-1100"},
    {OMIE_REDUNDANT, "ja foi processada ou esta sendo processada", "client-6"},
    {OMIE_BUSY, "ja existe uma requisicao desse metodo", "client-1880"},
    {OMIE_EMPTY, "nao existem registros", "client-5113"},
    {OMIE_EMPTY, "nao existem cadastros", NULL},
    {OMIE_FINAL, "chave de acesso", NULL},
    {OMIE_TRANSIENT, "broken response", NULL},
    {OMIE_TRANSIENT, "proto_byebye", NULL},
};

static OmieClass
class_of_fault(const char *text, const char *code)
{
  g_autofree char *folded_text = text_fold(text != NULL ? text : "");
  g_autofree char *folded_code = text_fold(code != NULL ? code : "");
  for (gsize i = 0; i < G_N_ELEMENTS(faults); i++)
    if (strstr(folded_text, faults[i].text) != NULL)
      return faults[i].class;
  for (gsize i = 0; i < G_N_ELEMENTS(faults); i++)
    if (faults[i].code != NULL && g_str_has_suffix(folded_code, faults[i].code))
      return faults[i].class;
  return OMIE_FINAL;
}

/* The first number in a text such as "Aguarde 43 segundos"; -1 when there is none. */
static gint64
seconds_in(const char *text)
{
  g_autofree char *folded = text_fold(text != NULL ? text : "");
  const char *unit = strstr(folded, " segundo");
  if (unit == NULL)
    return -1;
  const char *digits = unit;
  while (digits > folded && g_ascii_isdigit(digits[-1]))
    digits--;
  if (digits == unit)
    return -1;
  return MIN(g_ascii_strtoll(digits, NULL, 10), MAX_STATED_WAIT_S);
}

/* `text` is taken; a status that is no success stands before it in the message. */
static void
conclude(OmieJudgement *judgement, OmieClass class, PonteErrorCode code, guint status, char *text)
{
  judgement->class = class;
  judgement->code = code;
  judgement->text = text;
  judgement->message = status < 200 || status >= 300
                           ? g_strdup_printf("Omie API %u: %s", status, text)
                           : g_strdup_printf("Omie: %s", text);
}

#define NO_STATUS 200 /* for conclude: the message names none */

/* No whole answer arrived. */
static void
judge_transport(const OmieAnswer *answer, OmieJudgement *judgement)
{
  switch (answer->https.outcome) {
  case HTTPS_TIMED_OUT:
    conclude(judgement, OMIE_TRANSIENT, ERROR_UPSTREAM_TIMEOUT, NO_STATUS,
             g_strdup_printf("tempo limite de %g s excedido.", (double)answer->timeout_ms / 1000));
    break;
  case HTTPS_TOO_LARGE:
    conclude(judgement, OMIE_FINAL, ERROR_UPSTREAM_UNAVAILABLE, NO_STATUS,
             g_strdup("resposta acima do limite de tamanho."));
    break;
  case HTTPS_UNTRUSTED: /* asking again gives the same certificate */
    conclude(judgement, OMIE_FINAL, ERROR_UPSTREAM_UNAVAILABLE, NO_STATUS,
             g_strdup("falha de conexão."));
    break;
  default: /* refused, reset; after a status line: cut in the middle */
    conclude(
        judgement, OMIE_TRANSIENT, ERROR_UPSTREAM_UNAVAILABLE, NO_STATUS,
        g_strdup(answer->https.status != 0 ? "resposta inválida (JSON)." : "falha de conexão."));
  }
}

static void
judge_fault(const OmieAnswer *answer, OmieJudgement *judgement)
{
  guint status = answer->https.status;
  OmieClass class = class_of_fault(answer->fault_text, answer->fault_code);
  const char *text = answer->fault_text != NULL ? answer->fault_text : answer->fault_code;
  judgement->counts = TRUE;
  judgement->stated_wait_s = seconds_in(answer->fault_text);
  if (status == 401 || status == 403)
    class = OMIE_FINAL;
  else if (status == 425)
    class = OMIE_BLOCKED;
  if (class == OMIE_EMPTY) {
    judgement->class = OMIE_EMPTY;
    judgement->code = ERROR_UPSTREAM_FAULT;
  } else if (class == OMIE_TRANSIENT && status >= 400)
    conclude(judgement, class, ERROR_UPSTREAM_UNAVAILABLE, status, g_strdup(https_reason(status)));
  else
    conclude(judgement, class, ERROR_UPSTREAM_FAULT, status, g_strdup(text));
}

/* A whole answer without a fault in it. */
static void
judge_status(const OmieAnswer *answer, OmieJudgement *judgement)
{
  guint status = answer->https.status;
  gboolean good = status >= 200 && status < 300;
  judgement->counts = !good;
  if (good && answer->is_object)
    judgement->class = OMIE_FINE;
  else if (good)
    conclude(judgement, OMIE_TRANSIENT, ERROR_UPSTREAM_UNAVAILABLE, status,
             g_strdup("resposta inválida (JSON)."));
  else if (status == 425)
    conclude(judgement, OMIE_BLOCKED, ERROR_UPSTREAM_FAULT, status, g_strdup(https_reason(status)));
  else if (status >= 500 || (!answer->is_object && status != 401 && status != 403))
    conclude(judgement, OMIE_TRANSIENT, ERROR_UPSTREAM_UNAVAILABLE, status,
             g_strdup(https_reason(status)));
  else
    conclude(judgement, OMIE_FINAL, ERROR_UPSTREAM_FAULT, status, g_strdup(https_reason(status)));
}

void
omie_judge(const OmieAnswer *answer, OmieJudgement *judgement)
{
  *judgement = (OmieJudgement){.stated_wait_s = -1, .https = answer->https};
  if (answer->https.outcome != HTTPS_ANSWERED)
    judge_transport(answer, judgement);
  else if (answer->https.status == 429) {
    judgement->counts = TRUE;
    judgement->stated_wait_s = answer->https.retry_after_s > 0 ? answer->https.retry_after_s : -1;
    conclude(judgement, OMIE_RATE, ERROR_UPSTREAM_FAULT, 429, g_strdup(https_reason(429)));
  } else if (answer->fault_text != NULL || answer->fault_code != NULL)
    judge_fault(answer, judgement);
  else
    judge_status(answer, judgement);
}

void
omie_judgement_clear(OmieJudgement *judgement)
{
  g_clear_pointer(&judgement->message, g_free);
  g_clear_pointer(&judgement->text, g_free);
}

gboolean
omie_outcome_is_unknown(const OmieJudgement *judgement)
{
  return judgement->class == OMIE_REDUNDANT ||
         (judgement->class == OMIE_TRANSIENT && judgement->https.outcome != HTTPS_NOT_SENT);
}

gint64
omie_retry_wait_ms(const OmieJudgement *judgement, gboolean is_write, guint nth)
{
  gint64 stated_s = judgement->stated_wait_s;
  if (is_write && omie_outcome_is_unknown(judgement))
    return -1;
  switch (judgement->class) {
  case OMIE_TRANSIENT: /* a write waits longer: its next attempt must reach Omie */
    return setting_wait_ms(is_write ? OMIE_BUSY_WAITS_MS : OMIE_TRANSIENT_WAITS_MS, nth);
  case OMIE_BUSY:
    return setting_wait_ms(OMIE_BUSY_WAITS_MS, nth);
  case OMIE_RATE: {
    gint64 wait = setting_wait_ms(OMIE_RATE_WAITS_MS, nth);
    return wait < 0 ? -1 : MAX(wait, stated_s * 1000);
  }
  case OMIE_REDUNDANT:
    if (nth >= setting_int(OMIE_REDUNDANT_MAX))
      return -1;
    return ((stated_s >= 0 ? stated_s : REDUNDANT_DEFAULT_S) + 1) * 1000;
  default:
    return -1;
  }
}

gint64
omie_block_s(const OmieJudgement *judgement)
{
  if (judgement->class != OMIE_BLOCKED)
    return 0;
  return judgement->stated_wait_s > 0 ? judgement->stated_wait_s : BLOCK_DEFAULT_S;
}
