#include "backoffice/closure_attempt.h"

#include <stdlib.h>
#include <string.h>

#include "backoffice/closure_rule.h"
#include "backoffice/file_copy.h"
#include "backoffice/refusal.h"
#include "base/error.h"
#include "base/json.h"
#include "base/settings.h"
#include "base/text.h"
#include "erp/omie/orders.h"

#define MAX_ANSWER 4096 /* bytes of resultado_api */

typedef struct {
  Db *db;
  const Claim *claim;
  gint64 deadline_us;
  OmieAccount account;
  char *number, *item; /* item NULL: the whole order */
  char *status_before; /* NULL: not consulted */
  gint64 id;           /* nCodPed, as consulted; 0: unknown */
  Refusal refusal;     /* of the last call */
} Attempt;

static void
attempt_clear(Attempt *attempt)
{
  omie_account_clear(&attempt->account);
  refusal_clear(&attempt->refusal);
  g_clear_pointer(&attempt->number, g_free);
  g_clear_pointer(&attempt->item, g_free);
  g_clear_pointer(&attempt->status_before, g_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Attempt, attempt_clear)

static const char *
closing_word(void)
{
  return setting_is_set(OMIE_PO_CLOSE_STATUS) ? setting(OMIE_PO_CLOSE_STATUS) : "Encerrado";
}

static const char sql_load[] = "select numero_pedido, item_pedido"
                               "  from backoffice.purchase_order_closure_log"
                               " where lease_token = $1::uuid";

static gboolean
load(Attempt *attempt, GError **error)
{
  g_autoptr(PGresult) row =
      db_query(attempt->db, DB_CLAIMS_SYSTEM, sql_load, DB_PARAMS(attempt->claim->token), error);
  if (row == NULL)
    return FALSE;
  if (PQntuples(row) == 0)
    return claim_was_lost(error);
  attempt->number = g_strdup(db_text(row, 0, 0));
  attempt->item = g_strdup(db_text(row, 0, 1));
  return TRUE;
}

/* A call about the order; *answer stays NULL when Omie refused.  A closing that was begun is
 * finished, its confirmation (by id) included, whatever is asked of this program. */
static gboolean
ask(Attempt *attempt, const OmieMethod *method, const OmieOrder *order, json_t **answer,
    GError **error)
{
  OmieListingRequest request = {
      .account = &attempt->account,
      .method = method,
      .write_filter = omie_write_order,
      .filter_data = order,
      .lease = claim_lease(attempt->claim),
      .finishes = method->is_write || order->id != 0,
      .deadline_us =
          MAX(attempt->deadline_us, g_get_monotonic_time()) + omie_method_timeout_ms(method) * 1000,
  };
  g_auto(OmieJudgement) judgement = {0};
  g_autoptr(GError) failure = NULL;
  *answer = omie_call(attempt->db, &request, &judgement, &failure);
  if (*answer != NULL)
    return TRUE;
  if (file_error_is_fatal(failure)) {
    g_propagate_error(error, g_steal_pointer(&failure));
    return FALSE;
  }
  refusal_clear(&attempt->refusal);
  refusal_read(&attempt->refusal, &judgement, failure);
  return TRUE;
}

/* `detalhes` of a failure: what is known (11.5), and that Omie lacks the call (11.8). */
static char *
failure_details(const Attempt *attempt, gboolean is_missing)
{
  g_autoptr(JsonWriter) w = json_writer_new();
  json_open_object(w, NULL);
  if (attempt->status_before != NULL)
    json_add_text(w, "status_anterior", attempt->status_before);
  if (is_missing)
    json_add_text(w, "motivo", "chamada_indisponivel");
  json_close_object(w);
  return g_strdup(json_writer_text(w));
}

static void
fail(Attempt *attempt, JobResult *result)
{
  gboolean is_missing = attempt->refusal.is_missing && attempt->status_before != NULL;
  *result = refusal_result(&attempt->refusal, attempt->claim);
  result->result = failure_details(attempt, is_missing);
  if (is_missing) {
    g_autofree char *text = g_steal_pointer(&result->message);
    result->message = g_strdup_printf("O Omie não oferece esta chamada de encerramento: %s",
                                      text + strlen("Erro Omie: "));
  }
}

static char *
already_closed_details(const Attempt *attempt)
{
  g_autoptr(JsonWriter) w = json_writer_new();
  json_open_object(w, NULL);
  json_add_text(w, "mensagem", "Pedido já estava encerrado");
  json_add_text(w, "status_anterior", attempt->status_before);
  json_close_object(w);
  return g_strdup(json_writer_text(w));
}

/* `confirmado`: a second consultation found it closed; null where Omie tells no status. */
static char *
closed_details(const Attempt *attempt, const json_t *answer, gboolean is_confirmed)
{
  char *text = json_dumps(answer, JSON_COMPACT | JSON_PRESERVE_ORDER);
  g_autoptr(JsonWriter) w = json_writer_new();
  json_open_object(w, NULL);
  json_add_text(w, "status_anterior", attempt->status_before);
  json_add_text(w, "status_novo", closing_word());
  json_add_text(w, "item_encerrado", attempt->item);
  json_add_raw(w, "resultado_api",
               text != NULL && strlen(text) <= MAX_ANSWER ? text : "{\"truncado\":true}");
  if (is_confirmed)
    json_add_bool(w, "confirmado", TRUE);
  else
    json_add_null(w, "confirmado");
  json_close_object(w);
  free(text); /* jansson's own allocator */
  return g_strdup(json_writer_text(w));
}

/* The order as Omie has it; *status stays NULL when Omie refused and `result` says so. */
static gboolean
consult(Attempt *attempt, const OmieOrder *order, char **status, JobResult *result, GError **error)
{
  json_t *answer;
  if (!ask(attempt, omie_consult_order(), order, &answer, error))
    return FALSE;
  if (answer != NULL) {
    *status = closure_status_of(answer);
    attempt->id = closure_id_of(answer);
  } else
    fail(attempt, result);
  json_decref(answer);
  return TRUE;
}

/* Omie took the call: does the order say so?  Asked by its id, since the same question by its
 * number would be refused for a minute.  An item's closing does not show in the order's status. */
static gboolean
confirm(Attempt *attempt, const json_t *answer, JobResult *result, GError **error)
{
  g_autofree char *status = NULL;
  gboolean can_tell = attempt->item == NULL && attempt->id != 0 && *attempt->status_before != '\0';
  if (can_tell) {
    if (!consult(attempt, &(OmieOrder){.id = attempt->id}, &status, result, error))
      return FALSE;
    if (status == NULL) /* the next attempt consults first */
      return TRUE;
  }
  if (can_tell && *status != '\0' && !closure_is_closed(status, closing_word()))
    *result = (JobResult){.verdict = JOB_FAILED,
                          .message = g_strdup_printf("O Omie aceitou o encerramento, mas o pedido "
                                                     "continua com status %s",
                                                     status),
                          .may_retry = setting_flag(BACKOFFICE_AUTO_RETRY),
                          .result = failure_details(attempt, FALSE)};
  else
    *result = (JobResult){.verdict = JOB_DONE,
                          .result = closed_details(attempt, answer, can_tell && *status != '\0')};
  return TRUE;
}

static gboolean
close_order(Attempt *attempt, JobResult *result, GError **error)
{
  const OmieOrder order = {0, attempt->number, closing_word(), attempt->item};
  json_t *answer;
  if (!ask(attempt, omie_close_order(), &order, &answer, error))
    return FALSE;
  if (answer == NULL) {
    fail(attempt, result);
    return TRUE;
  }
  gboolean fine = confirm(attempt, answer, result, error);
  json_decref(answer);
  return fine;
}

gboolean
closure_attempt(Db *db, const Claim *claim, gint64 deadline_us, JobResult *result, GError **error)
{
  g_auto(Attempt) attempt = {.db = db, .claim = claim, .deadline_us = deadline_us};
  g_autoptr(GError) unconfigured = NULL;
  if (!omie_account_init(&attempt.account, &unconfigured)) {
    static const OmieJudgement silence;
    refusal_read(&attempt.refusal, &silence, unconfigured);
    fail(&attempt, result);
    return TRUE;
  }
  if (!load(&attempt, error) || !consult(&attempt, &(OmieOrder){.number = attempt.number},
                                         &attempt.status_before, result, error))
    return FALSE;
  if (attempt.status_before == NULL)
    return TRUE;
  if (!closure_is_closed(attempt.status_before, closing_word()))
    return close_order(&attempt, result, error);
  *result = (JobResult){.verdict = JOB_DONE, .result = already_closed_details(&attempt)};
  return TRUE;
}
