#include "crm/send.h"

#include "base/error.h"
#include "base/log.h"
#include "base/settings.h"
#include "base/stop.h"
#include "crm/send_attempt.h"
#include "crm/send_row.h"

/* One due interaction that the filter finds.  A lost lease is somebody else's job by now. */
static gboolean
work_one(Db *db, const QueueFilter *filter, gint64 deadline_us, InteractionsRun *run,
         gboolean *found, GError **error)
{
  g_auto(Claim) claim = {0};
  g_autoptr(GError) failure = NULL;
  JobVerdict verdict = JOB_POSTPONED;
  if (!queue_claim_next_of(db, &interaction_queue, filter, worker_name(), &claim, found, error))
    return FALSE;
  if (!*found)
    return TRUE;
  if (!queue_work(db, &claim, deadline_us, &verdict, &failure)) {
    log_warning("job lost", "queue", interaction_queue.name, "id", claim.id, "cause",
                failure->message, NULL);
    if (g_error_matches(failure, PONTE_ERROR, ERROR_INTERRUPTED))
      return TRUE;
    g_propagate_error(error, g_steal_pointer(&failure));
    return FALSE;
  }
  run->sent += verdict == JOB_DONE;
  run->failed += verdict == JOB_FAILED;
  return TRUE;
}

static gboolean
work_all(Db *db, const QueueFilter *filter, gint64 deadline_us, InteractionsRun *run, guint *claims,
         GError **error)
{
  for (gboolean found = TRUE; found && !stop_requested() && g_get_monotonic_time() < deadline_us;
       (*claims)++)
    if (!work_one(db, filter, deadline_us, run, &found, error))
      return FALSE;
  return TRUE;
}

/* ---- process-interactions ----------------------------------------------------------------------
 */

static const char sql_schedule[] = "select crm.schedule_unplanned($1)";

static const char sql_left[] =
    "select count(*) from crm.interactions"
    " where proxima_tentativa_em <= now() and data_execucao is null"
    "   and tipo = 'ENVIO-MENSAGEM' and campanha_id is not null and tentativas < max_tentativas";

gboolean
interactions_process(Db *db, gint64 deadline_us, InteractionsRun *run, GError **error)
{
  const QueueFilter all = {"true", DB_NO_PARAMS};
  guint claims = 0;
  *run = (InteractionsRun){0};
  g_autoptr(PGresult) scheduled =
      db_query(db, DB_CLAIMS_SYSTEM, sql_schedule, DB_PARAMS(setting(APP_TIMEZONE)), error);
  if (scheduled == NULL || !queue_sweep(db, &interaction_queue, error) ||
      !work_all(db, &all, deadline_us, run, &claims, error))
    return FALSE;
  g_autoptr(PGresult) left = db_query(db, DB_CLAIMS_SYSTEM, sql_left, DB_NO_PARAMS, error);
  if (left == NULL)
    return FALSE;
  run->left = db_int(left, 0, 0);
  return TRUE;
}

/* ---- after an import ---------------------------------------------------------------------------
 */

gboolean
interactions_drain(Db *db, const char *const *organizations, gint64 deadline_us, guint *statements,
                   GError **error)
{
  g_auto(DbArray) ids = {0};
  InteractionsRun run = {0};
  guint before = send_row_statements(), claims = 0;
  db_array_init(&ids);
  for (gsize i = 0; organizations[i] != NULL; i++)
    db_array_add(&ids, organizations[i]);
  const QueueFilter immediate = {"q.imediata and q.organizacao_id = any($4::text[])"
                                 " and q.data_insercao > now() - interval '24 hours'",
                                 DB_PARAMS(db_array_text(&ids))};
  gboolean fine = work_all(db, &immediate, deadline_us, &run, &claims, error);
  *statements += claims + send_row_statements() - before;
  return fine;
}

const Queue interaction_queue = {
    .name = "interactions",
    .table = "crm.interactions",
    .status = "status_envio",
    .waiting = "'FALHOU'",
    .untried_is_null = TRUE,
    /* connections that were refused a moment ago wait, and their interactions untouched with them
     */
    .runnable = "q.data_execucao is null and q.tipo = 'ENVIO-MENSAGEM'"
                " and q.campanha_id is not null"
                " and q.campanha_id <> all (array("
                "     select k.id from crm.whatsapp_connections w"
                "       join crm.whatsapp_connection_phones f on f.conexao_id = w.id"
                "       join crm.campaigns k on k.whatsapp_conexao_telefone_id = f.id"
                "      where w.envio_suspenso_ate > now()))",
    .working = "'PENDENTE'",
    .returned = "null::text",
    .done = "'ENVIADO'",
    .failed = "'FALHOU'",
    .message = "erro_envio",
    .result = "metadados",
    .begun_at = "tentativa_em",
    .renew = "crm.renew_interactions",
    .interrupted = "RESULTADO_DESCONHECIDO",
    .once = TRUE,
    .work = send_attempt,
};
