#include "crm/send_attempt.h"

#include <poll.h>

#include "base/json.h"
#include "base/log.h"
#include "base/settings.h"
#include "base/stop.h"
#include "crm/send_row.h"

/* ---- before the call ---------------------------------------------------------------------------
 */

/* What keeps a message from being sent at all; NULL: nothing.  Caller frees. */
static char *
obstacle(const SendRow *row)
{
  if (row->message.name == NULL)
    return g_strdup("Campanha sem modelo de mensagem");
  if (row->to == NULL)
    return g_strdup("Cliente sem telefone válido");
  const char *empty = template_empty_parameter(&row->message);
  return empty != NULL ? g_strdup_printf("Variável %s sem valor", empty) : NULL;
}

/* Ends a row of which nothing can be sent; *refused tells whether it was one. */
static gboolean
refuse(const SendRow *row, gboolean *refused, JobResult *result, GError **error)
{
  g_autofree char *reason = obstacle(row);
  Ending ending = {.verdict = JOB_FAILED, .status = "FALHOU", .again_ms = -1, .error = reason};
  *refused = TRUE;
  if (row->is_stale)
    return send_row_put_back(row, -1, "its time is over", result, error);
  if (reason == NULL && !whatsapp_sender_is_usable(&row->sender)) {
    /* somebody has to connect it; the message waits, as far as it may */
    ending.error = "Conexão de WhatsApp indisponível";
    ending.takes_back = TRUE;
    ending.again_ms = setting_int(ENVIO_CONEXAO_ESPERA_S) * 1000;
  }
  *refused = ending.error != NULL;
  return !*refused || send_row_end(row, &ending, ending.error, result, error);
}

/* The last start of this process: exact, where the database's clock and the way to it are not. */
static struct {
  char *connection;
  gint64 at_us;
} last_start;

static void
note_start(const SendRow *row)
{
  g_free(last_start.connection);
  last_start.connection = g_strdup(row->connection);
  last_start.at_us = g_get_monotonic_time();
}

/* FALSE when a stop was asked for before the connection's turn came. */
static gboolean
wait_for_turn(const SendRow *row)
{
  gint64 starts_us = row->starts_us;
  if (g_strcmp0(last_start.connection, row->connection) == 0)
    starts_us = MAX(starts_us, last_start.at_us + setting_int(ENVIO_INTERVALO_MS) * 1000);
  for (;;) {
    struct pollfd stop = {.fd = stop_fd(), .events = POLLIN};
    gint64 left_us = starts_us - g_get_monotonic_time();
    if (stop_requested())
      return FALSE;
    if (left_us <= 0)
      return TRUE;
    poll(&stop, 1, (int)((left_us + 999) / 1000));
  }
}

/* ---- after the call ----------------------------------------------------------------------------
 */

static const Ending endings[] = {
    [SEND_ACCEPTED] = {JOB_DONE, "ENVIADO", "ENVIADO", .was_sent = TRUE},
    [SEND_HELD] = {JOB_DONE, "PENDENTE", "PENDENTE", .was_sent = TRUE},
    [SEND_QUEUED] = {JOB_DONE, "PENDENTE", "PENDENTE", .was_sent = TRUE},
    [SEND_TRANSIENT] = {JOB_FAILED, "FALHOU", "FALHOU"},
    [SEND_SENDER] = {JOB_FAILED, "FALHOU", "FALHOU", .takes_back = TRUE, .suspends = TRUE},
    [SEND_PERMANENT] = {JOB_FAILED, "FALHOU", "FALHOU"},
    [SEND_UNKNOWN] = {JOB_FAILED, "FALHOU", "PENDENTE"},
};

static gint64
again_ms(const SendRow *row, const SendAnswer *answer)
{
  if (answer->class == SEND_SENDER)
    return setting_int(ENVIO_CONEXAO_ESPERA_S) * 1000;
  if (answer->class != SEND_TRANSIENT)
    return -1;
  gint64 wait_ms = setting_wait_ms(ENVIO_ESPERAS_MS, (guint)row->claim->attempt - 1);
  return wait_ms >= 0 ? MAX(wait_ms, answer->retry_after_ms) : -1;
}

/* What a message that is out of our hands adds to metadados (9.5.6); nothing there is lost. */
static char *
metadata(const SendRow *row, const SendAnswer *answer)
{
  g_autoptr(JsonWriter) w = json_writer_new();
  json_open_object(w, NULL);
  if (answer->class == SEND_QUEUED) {
    json_add_text(w, "clientMessageId", row->claim->id);
    json_add_text(w, "jobId", answer->id);
  } else
    json_add_text(w, "whatsappMessageId", answer->id);
  json_add_text(w, "whatsappTemplateId", row->template_id);
  if (row->message_id != NULL)
    json_add_text(w, "chatMessageId", row->message_id);
  json_close_object(w);
  return g_strdup(json_writer_text(w));
}

static gboolean
record(const SendRow *row, const SendAnswer *answer, JobResult *result, GError **error)
{
  Ending ending = endings[answer->class];
  g_autofree char *added = ending.was_sent ? metadata(row, answer) : NULL;
  ending.again_ms = again_ms(row, answer);
  ending.metadata = added;
  ending.error = answer->error;
  ending.id = answer->class != SEND_QUEUED ? answer->id : NULL;
  if (ending.suspends)
    log_warning("connection held back", "connection", row->connection, "code", answer->code, NULL);
  return send_row_end(row, &ending, answer->code, result, error);
}

gboolean
send_attempt(Db *db, const Claim *claim, gint64 deadline_us, JobResult *result, GError **error)
{
  g_auto(SendRow) row = {0};
  g_auto(SendAnswer) answer = {0};
  gboolean refused = FALSE;
  SendTurn turn = TURN_COMES;
  if (!send_row_load(db, claim, &row, error) || !refuse(&row, &refused, result, error))
    return FALSE;
  if (refused)
    return TRUE;
  g_autofree char *text = template_text(&row.message);
  if (!send_row_open(&row, text, deadline_us, &turn, error))
    return FALSE;
  if (turn == TURN_HELD_BACK)
    return send_row_put_back(&row, 0, "the connection is held back", result, error);
  if (turn == TURN_TOO_LATE)
    return send_row_put_back(&row, row.wait_ms, "its turn comes too late", result, error);
  if (!wait_for_turn(&row))
    return send_row_put_back(&row, 0, "stopped before it was sent", result, error);
  if (g_get_monotonic_time() >= row.lease_ends_us) /* we stood still, and it is somebody else's */
    return claim_was_lost(error);
  note_start(&row);
  whatsapp_send(&row.sender, &row.message, row.to, text, claim->id, &answer);
  return record(&row, &answer, result, error);
}
