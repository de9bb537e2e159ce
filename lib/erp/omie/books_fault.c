/* What a refusal of Omie's means for a run (table of erp-connectors.md 6.3).  What its faults look
 * like is known to fault.c, for all callers; here are the signs that only the books met. */
#include <string.h>

#include "base/settings.h"
#include "base/text.h"
#include "erp/omie/books_call.h"
#include "erp/omie/fault.h"

/* Texts (or codes) in lower case without accents. */
static const struct {
  const char *text, *code;
  OmieClass class;
} further_signs[] = {
    {"consumo indevido", NULL, OMIE_BLOCKED},
    {NULL, "redundant", OMIE_REDUNDANT},
    {"ja esta em execucao", NULL, OMIE_BUSY},
};

/* Refusals that no repetition changes; any other text may pass. */
static const struct {
  const char *text, *and_text;
  PonteErrorCode code;
  const char *message;
} final_signs[] = {
    {"chave de acesso", "", ERROR_ERP_AUTHENTICATION, "O Omie recusou a chave de acesso."},
    {"app_key", "", ERROR_ERP_AUTHENTICATION, "O Omie recusou a chave de acesso."},
    {"app key", "", ERROR_ERP_AUTHENTICATION, "O Omie recusou a chave de acesso."},
    {"app_secret", "", ERROR_ERP_AUTHENTICATION, "O Omie recusou a chave de acesso."},
    {"app secret", "", ERROR_ERP_AUTHENTICATION, "O Omie recusou a chave de acesso."},
    {"tag [", "nao faz parte da estrutura", ERROR_ERP_REJECTED,
     "O Omie não conhece um dos parâmetros."},
};

/* What each class comes to. */
static const struct {
  PonteErrorCode code;
  gboolean retried;
  const char *message;
} outcomes[N_OMIE_CLASSES] = {
    [OMIE_TRANSIENT] = {ERROR_ERP_CONNECTION, TRUE, "O Omie não respondeu direito."},
    [OMIE_BUSY] = {ERROR_ERP_RATE_LIMITED, TRUE, "O Omie ainda executa uma chamada deste método."},
    [OMIE_REDUNDANT] = {ERROR_ERP_RATE_LIMITED, TRUE,
                        "O Omie recusou a consulta por já tê-la respondido há pouco."},
    [OMIE_RATE] = {ERROR_ERP_RATE_LIMITED, TRUE, "O Omie pediu para chamar menos."},
    [OMIE_BLOCKED] = {ERROR_ERP_RATE_LIMITED, FALSE,
                      "O Omie bloqueou as chamadas por consumo indevido."},
    [OMIE_FINAL] = {ERROR_ERP_CONNECTION, TRUE, "O Omie respondeu com uma falha."},
};

static OmieClass
class_of(OmieClass known, const char *text, const char *code)
{
  for (gsize i = 0; i < G_N_ELEMENTS(further_signs) && known == OMIE_FINAL; i++)
    if ((further_signs[i].text != NULL && strstr(text, further_signs[i].text) != NULL) ||
        (further_signs[i].code != NULL && strstr(code, further_signs[i].code) != NULL))
      return further_signs[i].class;
  return known;
}

static void
conclude(ExchangeVerdict *verdict, PonteErrorCode code, gboolean retried, const char *message)
{
  g_free(verdict->message);
  verdict->message = g_strdup(message);
  verdict->code = code;
  verdict->retried = retried;
}

/* A refusal of a kind that fault.c has no own class for. */
static void
conclude_final(ExchangeVerdict *verdict, const char *text)
{
  if (verdict->status == 401 || verdict->status == 403) {
    conclude(verdict, final_signs[0].code, FALSE, final_signs[0].message);
    return;
  }
  for (gsize i = 0; i < G_N_ELEMENTS(final_signs); i++)
    if (strstr(text, final_signs[i].text) != NULL &&
        strstr(text, final_signs[i].and_text) != NULL) {
      conclude(verdict, final_signs[i].code, FALSE, final_signs[i].message);
      return;
    }
}

/* How long to wait, and for whom: a block holds everybody back, a repetition only this question. */
static void
set_waits(ExchangeVerdict *verdict, OmieClass class, const OmieJudgement *judgement)
{
  gint64 stated_s = judgement->stated_wait_s;
  if (class == OMIE_BUSY)
    verdict->min_wait_ms = setting_int(ERP_OMIE_BUSY_MS);
  else if (class == OMIE_REDUNDANT)
    verdict->min_wait_ms = ((stated_s >= 0 ? stated_s : 60) + 1) * 1000;
  else if (class == OMIE_BLOCKED)
    verdict->block_s = verdict->stated_wait_s = stated_s > 0 ? stated_s + 1 : 1800;
}

void
omie_books_judge_fault(ExchangeVerdict *verdict, const char *text, const char *code)
{
  OmieAnswer answer = {.https = {.outcome = HTTPS_ANSWERED, .status = verdict->status},
                       .is_object = TRUE,
                       .fault_text = text,
                       .fault_code = code};
  gboolean is_refused = verdict->status == 401 || verdict->status == 403;
  if (text == NULL && code == NULL && verdict->status != 425 && !is_refused)
    return; /* no fault: the general rules know */
  g_auto(OmieJudgement) judgement = {0};
  omie_judge(&answer, &judgement);
  g_autofree char *folded_text = text_fold(text != NULL ? text : "");
  g_autofree char *folded_code = text_fold(code != NULL ? code : "");
  OmieClass class = is_refused ? OMIE_FINAL : class_of(judgement.class, folded_text, folded_code);
  verdict->is_expired = FALSE; /* a key is not renewed */
  verdict->fine = class == OMIE_EMPTY;
  verdict->retried = verdict->counts = FALSE;
  if (verdict->fine)
    return;
  verdict->counts = TRUE;
  conclude(verdict, outcomes[class].code, outcomes[class].retried, outcomes[class].message);
  if (class == OMIE_FINAL)
    conclude_final(verdict, folded_text);
  set_waits(verdict, class, &judgement);
  g_free(verdict->upstream_message);
  verdict->upstream_message = g_strdup(text != NULL ? text : code);
}

/* Error answers count for the guard, which all callers of Omie share; a lost one is none. */
void
omie_books_judge(ExchangeVerdict *verdict, gpointer data)
{
  ErpJudged *judged = data;
  gboolean is_answer = verdict->https.outcome == HTTPS_ANSWERED;
  gboolean is_good = verdict->status >= 200 && verdict->status < 300;
  judged->is_empty = FALSE;
  verdict->counts = is_answer && !is_good;
  if (!is_answer || verdict->status == 429)
    return;
  RowCell text = row_reader_outside(judged->reader, OMIE_FAULT_TEXT);
  RowCell code = row_reader_outside(judged->reader, OMIE_FAULT_CODE);
  omie_books_judge_fault(verdict, row_text(&text), row_text(&code));
  judged->is_empty = verdict->fine && (text.kind != ROW_ABSENT || code.kind != ROW_ABSENT);
}
