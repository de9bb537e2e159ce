/* Opening a connection: limits that a silent host cannot stretch, words that quote no password. */
#include <poll.h>

#include "base/error.h"
#include "base/settings.h"
#include "db/db.h"

static void
ignore_notice(G_GNUC_UNUSED void *data, G_GNUC_UNUSED const char *message)
{
}

/* libpq's complaint about a connection string quotes pieces of it, a password among them. */
static gboolean
is_connection_string(const char *url)
{
  char *complaint = NULL;
  PQconninfoOption *options = PQconninfoParse(url, &complaint);
  gboolean good = options != NULL;
  PQconninfoFree(options);
  PQfreemem(complaint);
  return good;
}

/* Can it be heard, or written to, within so long? */
static gboolean
server_is_ready(const PGconn *connection, short way, gint64 within_us)
{
  struct pollfd server = {.fd = PQsocket(connection), .events = way};
  return poll(&server, 1, (int)(MAX(0, within_us) / 1000)) > 0;
}

PGconn *
db_connect_begin(const char *url, const char *program, GError **error)
{
  /* before the URL, which may say otherwise: a host that fell silent is given up within 15 s to 30
   * s */
  const char *const keys[] = {
      "keepalives_idle", "keepalives_interval", "keepalives_count",          "tcp_user_timeout",
      "dbname",          "client_encoding",     "fallback_application_name", NULL};
  const char *const values[] = {"15", "5", "3", "15000", url, "UTF8", program, NULL};
  if (!is_connection_string(url)) {
    g_set_error_literal(error, PONTE_ERROR, ERROR_DATABASE_UNAVAILABLE,
                        "the database URL is not a connection string");
    return NULL;
  }
  PGconn *connection = PQconnectStartParams(keys, values, 1);
  if (PQstatus(connection) != CONNECTION_BAD && server_is_ready(connection, POLLOUT, 0))
    PQconnectPoll(connection); /* one of this host begins at once */
  return connection;
}

gboolean
db_connect_complete(PGconn *connection, GError **error)
{
  gint64 deadline_us = g_get_monotonic_time() + setting_int(DB_CONNECT_TIMEOUT_S) * G_USEC_PER_SEC;
  PostgresPollingStatusType next = PGRES_POLLING_WRITING;
  gboolean is_late = FALSE;
  while (PQstatus(connection) != CONNECTION_BAD && next != PGRES_POLLING_OK && !is_late) {
    is_late = !server_is_ready(connection, next == PGRES_POLLING_READING ? POLLIN : POLLOUT,
                               deadline_us - g_get_monotonic_time());
    if (!is_late)
      next = PQconnectPoll(connection);
  }
  if (next != PGRES_POLLING_OK) {
    g_set_error(error, PONTE_ERROR, ERROR_DATABASE_UNAVAILABLE, "no database connection: %s",
                is_late ? "timeout expired" : g_strstrip(PQerrorMessage(connection)));
    return FALSE;
  }
  PQsetNoticeProcessor(connection, ignore_notice, NULL);
  return TRUE;
}

PGconn *
db_connect(const char *url, const char *program, GError **error)
{
  PGconn *connection = db_connect_begin(url, program, error);
  if (connection == NULL || db_connect_complete(connection, error))
    return connection;
  PQfinish(connection);
  return NULL;
}
