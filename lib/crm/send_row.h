/* A claimed interaction in the database: what its message is made of, the rows written before the
 * call, and how it ended (sql/0013_crm_outbox.up.sql).  One statement each. */
#pragma once
#include "crm/whatsapp.h"
#include "jobs/queue.h"

/* Texts are borrowed from `row`, or owned where they are char *. */
typedef struct {
  Db *db;
  const Claim *claim;
  PGresult *row;
  json_t *components, *variables;
  Template message; /* its name is NULL when the campaign has no template */
  WhatsappSender sender;
  const char *template_id, *connection; /* NULL: none */
  const char *last_error;               /* of the attempt before */
  gboolean is_stale;                    /* its day is too long ago to be sent at all */
  gboolean writes_chat;
  char *to;                        /* NULL: the client has no valid phone */
  char *message_id;                /* of the chat's row; NULL: none is written */
  gint64 lease_ends_us, starts_us; /* by our clock: the row is ours until, send not before */
  gint64 wait_ms;                  /* until the connection's turn */
} SendRow;
void send_row_clear(SendRow *row);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(SendRow, send_row_clear)

/* All four fail with INTERRUPTED when the lease is lost, or DATABASE_*. */
gboolean send_row_load(Db *db, const Claim *claim, SendRow *row,
                       GError **error) G_GNUC_WARN_UNUSED_RESULT;

typedef enum {
  TURN_COMES,     /* the connection's next start is ours, and the chat's message is written */
  TURN_HELD_BACK, /* the connection was refused a moment ago: nothing was written */
  TURN_TOO_LATE,  /* it would come after the deadline: nothing was written or reserved */
} SendTurn;

/* Reserves the connection's next start before the deadline, and writes the chat's message with such
 * a text. */
gboolean send_row_open(SendRow *row, const char *text, gint64 deadline_us, SendTurn *turn,
                       GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* How a row ends. */
typedef struct {
  JobVerdict verdict;
  const char *status;         /* status_envio; NULL: never tried */
  const char *message_status; /* of the chat's message; NULL: as it is */
  gboolean was_sent;          /* out of our hands: it counts as executed */
  gboolean takes_back;        /* the attempt does not count */
  gboolean suspends;          /* nobody uses the connection for ENVIO_CONEXAO_ESPERA_S */
  gint64 again_ms;            /* until the next attempt; -1: none by itself */
  const char *metadata;       /* JSON, merged into metadados; NULL: nothing */
  const char *id;             /* whatsapp_message_id; NULL: none */
  const char *error;          /* for people */
} Ending;

/* `reason` is for the log: no text of the other side, nothing personal. */
gboolean send_row_end(const SendRow *row, const Ending *ending, const char *reason,
                      JobResult *result, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* As if it had not been claimed: due again after so long, or (again_ms -1) not any more. */
gboolean send_row_put_back(const SendRow *row, gint64 again_ms, const char *reason,
                           JobResult *result, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The statements that rows of this process have needed so far. */
guint send_row_statements(void);
