#include "crm/send_row.h"

#include "base/error.h"
#include "base/settings.h"
#include "base/text.h"

/* What commit and network may take from the pause between two starts of different hosts. */
#define MARGIN_MS 10
#define RECORD_S  15  /* at most so long to record an outcome, beyond the time of the call */
#define RETRY_MS  200 /* a database that is away is asked again so often */

static guint statements;

guint
send_row_statements(void)
{
  return statements;
}

static PGresult *
ask(Db *db, const char *sql, DbParams params, GError **error)
{
  statements++;
  return db_query(db, DB_CLAIMS_SYSTEM, sql, params, error);
}

void
send_row_clear(SendRow *row)
{
  g_clear_pointer(&row->row, PQclear);
  g_clear_pointer(&row->components, json_decref);
  g_clear_pointer(&row->variables, json_decref);
  g_clear_pointer(&row->to, g_free);
  g_clear_pointer(&row->message_id, g_free);
}

/* ---- loading -----------------------------------------------------------------------------------
 */

enum {
  IS_STALE,
  LAST_ERROR,
  CLIENT_PHONE,
  VARIABLES,
  TEMPLATE_NAME,
  COMPONENTS,
  CONNECTION_ID,
  CONNECTION_TYPE,
  CONNECTION_TOKEN,
  GATEWAY_SESSION,
  WHATSAPP_PHONE_ID,
  TEMPLATE_ID,
  WRITES_CHAT
};
static const char sql_load[] =
    "select is_stale, last_error, client_phone, variables, template_name, components,"
    "       connection_id, connection_type, connection_token, gateway_session, whatsapp_phone_id,"
    "       template_id, writes_chat"
    "  from crm.load_send($1::uuid, $2)";

static json_t *
read_json(const char *text)
{
  return text != NULL ? json_loads(text, JSON_DECODE_ANY, NULL) : NULL;
}

gboolean
send_row_load(Db *db, const Claim *claim, SendRow *row, GError **error)
{
  gint64 lease_ends_us = g_get_monotonic_time() + setting_int(JOB_LEASE_S) * G_USEC_PER_SEC;
  PGresult *cells = ask(db, sql_load, DB_PARAMS(claim->token, setting(APP_TIMEZONE)), error);
  *row = (SendRow){.db = db, .claim = claim, .row = cells, .lease_ends_us = lease_ends_us};
  if (cells == NULL)
    return FALSE;
  if (PQntuples(cells) == 0)
    return claim_was_lost(error);
  row->components = read_json(db_text(cells, 0, COMPONENTS));
  row->variables = read_json(db_text(cells, 0, VARIABLES));
  row->message = (Template){db_text(cells, 0, TEMPLATE_NAME), row->components, row->variables};
  row->sender =
      (WhatsappSender){db_text(cells, 0, CONNECTION_TYPE), db_text(cells, 0, CONNECTION_TOKEN),
                       db_text(cells, 0, WHATSAPP_PHONE_ID), db_text(cells, 0, GATEWAY_SESSION)};
  row->template_id = db_text(cells, 0, TEMPLATE_ID);
  row->connection = db_text(cells, 0, CONNECTION_ID);
  row->last_error = db_text(cells, 0, LAST_ERROR);
  row->is_stale = db_bool(cells, 0, IS_STALE);
  row->writes_chat = db_bool(cells, 0, WRITES_CHAT);
  row->to = template_number(db_text(cells, 0, CLIENT_PHONE));
  return TRUE;
}

/* ---- before the call ---------------------------------------------------------------------------
 */

static const char sql_open[] =
    "select verdict, wait_ms, message_id"
    "  from crm.open_send($1::uuid, $2, $3, $4::bigint, $5::bigint, $6::bigint)";

static SendTurn
turn_of(const char *verdict)
{
  return g_str_equal(verdict, "go")          ? TURN_COMES
         : g_str_equal(verdict, "suspended") ? TURN_HELD_BACK
                                             : TURN_TOO_LATE;
}

gboolean
send_row_open(SendRow *row, const char *text, gint64 deadline_us, SendTurn *turn, GError **error)
{
  gint64 interval_ms = setting_int(ENVIO_INTERVALO_MS);
  gint64 call_ms = (setting_int(ENVIO_TIMEOUT_S) + MIN(setting_int(JOB_LEASE_S), RECORD_S)) * 1000;
  gint64 within_ms = MAX(0, deadline_us - g_get_monotonic_time()) / 1000;
  g_autoptr(PGresult) cells =
      ask(row->db, sql_open,
          DB_PARAMS(row->claim->token, row->connection, row->writes_chat ? text : NULL,
                    int_text(interval_ms > 0 ? interval_ms + MARGIN_MS : 0), int_text(call_ms),
                    int_text(within_ms)),
          error);
  if (cells == NULL)
    return FALSE;
  const char *verdict = db_text(cells, 0, 0);
  if (g_str_equal(verdict, "lost"))
    return claim_was_lost(error);
  *turn = turn_of(verdict);
  row->wait_ms = db_int(cells, 0, 1);
  row->starts_us = g_get_monotonic_time() + row->wait_ms * 1000;
  if (*turn == TURN_COMES)
    row->lease_ends_us = MAX(row->lease_ends_us, row->starts_us + call_ms * 1000);
  row->message_id = g_strdup(db_text(cells, 0, 2));
  return TRUE;
}

/* ---- after the call ----------------------------------------------------------------------------
 */

static const char sql_end[] =
    "select crm.end_send($1::uuid, $2, $3, $4::boolean, $5::boolean, $6::bigint, $7::jsonb, $8,"
    "                    $9::crm.chat_message_whatsapp_status, $10, $11::int)";

static PGresult *
ask_end(const SendRow *row, const Ending *ending, GError **error)
{
  return ask(row->db, sql_end,
             DB_PARAMS(row->claim->token, ending->status, ending->error,
                       ending->was_sent ? "true" : "false", ending->takes_back ? "true" : "false",
                       ending->again_ms >= 0 ? int_text(ending->again_ms) : NULL, ending->metadata,
                       ending->id, ending->message_status, row->connection,
                       ending->suspends ? setting(ENVIO_CONEXAO_ESPERA_S) : NULL),
             error);
}

/* What became of a message must not be forgotten because the database is starting anew: it is asked
 * again as long as the row is ours. */
static PGresult *
insist_on_end(const SendRow *row, const Ending *ending, GError **error)
{
  for (;;) {
    g_autoptr(GError) failure = NULL;
    PGresult *cells = ask_end(row, ending, &failure);
    if (cells != NULL)
      return cells;
    if (!g_error_matches(failure, PONTE_ERROR, ERROR_DATABASE_UNAVAILABLE) ||
        g_get_monotonic_time() > row->lease_ends_us) {
      g_propagate_error(error, g_steal_pointer(&failure));
      return NULL;
    }
    g_usleep(RETRY_MS * 1000);
  }
}

gboolean
send_row_end(const SendRow *row, const Ending *ending, const char *reason, JobResult *result,
             GError **error)
{
  g_autoptr(PGresult) cells = insist_on_end(row, ending, error);
  if (cells == NULL)
    return FALSE;
  if (!db_bool(cells, 0, 0))
    return claim_was_lost(error);
  *result = (JobResult){.verdict = ending->verdict, .message = g_strdup(reason), .is_ended = TRUE};
  return TRUE;
}

gboolean
send_row_put_back(const SendRow *row, gint64 again_ms, const char *reason, JobResult *result,
                  GError **error)
{
  const Ending as_before = {.verdict = JOB_POSTPONED,
                            .status = row->last_error != NULL ? "FALHOU" : NULL,
                            .error = row->last_error,
                            .takes_back = TRUE,
                            .again_ms = again_ms};
  return send_row_end(row, &as_before, reason, result, error);
}
