/* Opening a connection: limits that a silent host cannot stretch, words that quote no password. */
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

PGconn *
db_connect(const char *url, const char *program, GError **error)
{
  /* before the URL, which may say otherwise: a host that fell silent is given up within 15 s to 30
   * s */
  const char *const keys[] = {"keepalives_idle",  "keepalives_interval",       "keepalives_count",
                              "tcp_user_timeout", "connect_timeout",           "dbname",
                              "client_encoding",  "fallback_application_name", NULL};
  const char *const values[] = {"15", "5",    "3",     "15000", setting(DB_CONNECT_TIMEOUT_S),
                                url,  "UTF8", program, NULL};
  if (!is_connection_string(url)) {
    g_set_error_literal(error, PONTE_ERROR, ERROR_DATABASE_UNAVAILABLE,
                        "the database URL is not a connection string");
    return NULL;
  }
  PGconn *connection = PQconnectdbParams(keys, values, 1);
  if (PQstatus(connection) != CONNECTION_OK) {
    g_set_error(error, PONTE_ERROR, ERROR_DATABASE_UNAVAILABLE, "no database connection: %s",
                g_strstrip(PQerrorMessage(connection)));
    PQfinish(connection);
    return NULL;
  }
  PQsetNoticeProcessor(connection, ignore_notice, NULL);
  return connection;
}
