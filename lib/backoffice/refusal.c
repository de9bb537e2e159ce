#include "backoffice/refusal.h"

#include <string.h>

#include "base/settings.h"
#include "base/text.h"

#define SUSPENDED_WAIT_S 60 /* when nobody said for how long */

void
refusal_clear(Refusal *refusal)
{
  g_clear_pointer(&refusal->text, g_free);
}

static gboolean
says_any(const char *folded, const char *const *words)
{
  for (; *words != NULL; words++)
    if (strstr(folded, *words) != NULL)
      return TRUE;
  return FALSE;
}

/* A fault in Omie's own words, compared in lower case without accents. */
static void
read_fault(Refusal *refusal, const OmieJudgement *judgement)
{
  static const char *const missing[] = {"not exists", "nao faz parte da estrutura", NULL};
  static const char *const hopeless[] = {"nao cadastrad", "invalid", "obrigatori", NULL};
  static const char *const credentials[] = {"chave de acesso", NULL};
  g_autofree char *folded = text_fold(judgement->text);
  refusal->text = g_strdup_printf("Erro Omie: %s", judgement->text);
  refusal->is_missing = says_any(folded, missing);
  refusal->is_duplicate = strstr(folded, "ja cadastrad") != NULL;
  refusal->hits_all = judgement->https.status == 401 || judgement->https.status == 403 ||
                      says_any(folded, credentials);
  refusal->may_retry = !refusal->is_missing && !refusal->hits_all && !says_any(folded, hopeless);
}

static char *
transport_text(const OmieJudgement *judgement)
{
  return judgement->https.outcome == HTTPS_TIMED_OUT
             ? g_strdup("Erro na comunicação com Omie: tempo limite excedido")
             : g_strdup_printf("Erro na comunicação com Omie: %s", judgement->text);
}

/* An answer that asking again would not better: a certificate that does not hold, or more than is
 * accepted, by when a write may have been carried out. */
static void
read_transport(Refusal *refusal, const OmieJudgement *judgement)
{
  refusal->text = transport_text(judgement);
  refusal->hits_all = judgement->https.outcome == HTTPS_UNTRUSTED;
  refusal->is_unknown = judgement->https.outcome == HTTPS_TOO_LARGE;
}

/* Without the full stop at its end, as the specification has it. */
static char *
unexpected_text(const GError *error)
{
  g_autofree char *text = g_strdup_printf("Erro inesperado: %s", error_public_text(error));
  gsize length = strlen(text);
  return g_strndup(text, text[length - 1] == '.' ? length - 1 : length);
}

void
refusal_read(Refusal *refusal, const OmieJudgement *judgement, const GError *error)
{
  *refusal = (Refusal){.may_retry = TRUE,
                       .not_before_s = MAX(judgement->stated_wait_s, 0),
                       .is_unknown = omie_outcome_is_unknown(judgement)};
  switch (judgement->class) {
  case OMIE_TRANSIENT:
    refusal->text = transport_text(judgement);
    refusal->hits_all = judgement->https.outcome == HTTPS_NOT_SENT;
    break;
  case OMIE_BUSY:
    refusal->text = g_strdup_printf("Erro Omie: %s", judgement->text);
    break;
  case OMIE_REDUNDANT:
    refusal->text = g_strdup_printf("Erro Omie: %s", judgement->text);
    refusal->not_before_s++;
    break;
  case OMIE_RATE:
    refusal->text = g_strdup("Erro Omie: 429 Too Many Requests");
    refusal->hits_all = TRUE;
    break;
  case OMIE_BLOCKED:
    refusal->text = g_strdup("Erro Omie: API bloqueada por consumo indevido");
    refusal->not_before_s = omie_block_s(judgement);
    refusal->hits_all = TRUE;
    break;
  case OMIE_SUSPENDED:
    refusal->text = g_strdup("Erro Omie: chamadas suspensas para evitar bloqueio");
    refusal->not_before_s = MAX(refusal->not_before_s, SUSPENDED_WAIT_S);
    refusal->is_suspended = TRUE;
    refusal->hits_all = TRUE;
    break;
  case OMIE_FINAL:
    if (judgement->https.outcome == HTTPS_ANSWERED)
      read_fault(refusal, judgement);
    else
      read_transport(refusal, judgement);
    break;
  default: /* nothing was asked of Omie: settings, our database, the deadline */
    refusal->text = unexpected_text(error);
    refusal->hits_all = TRUE;
  }
}

JobResult
refusal_result(Refusal *refusal, const Claim *claim)
{
  return (JobResult){
      .verdict = refusal->is_suspended && claim->in_background ? JOB_POSTPONED : JOB_FAILED,
      .message = g_steal_pointer(&refusal->text),
      .may_retry = refusal->may_retry && setting_flag(BACKOFFICE_AUTO_RETRY),
      .not_before_s = refusal->not_before_s,
  };
}
