/* Keeps ponte.jwks filled from JWT_JWKS_URL, so that no route has to call out to verify a token:
 * fetches at start, every JWT_JWKS_REFRESH_S, and when a route meets an unknown key (NOTIFY
 * ponte_jwks, which the routes send at most once a minute).  `--once` fetches once and says by its
 * exit status how it went.  A failed fetch keeps the set that is there. */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "auth/jwk.h"
#include "auth/key_table.h"
#include "base/log.h"
#include "base/settings.h"
#include "base/stop.h"
#include "base/text.h"
#include "net/https.h"

#define DOCUMENT_MAX_BYTES 262144
#define FETCH_TIMEOUT_MS   10000
#define RETRY_FIRST_S      1 /* after a failed fetch; doubles up to the ordinary interval */
#define LOOK_MAX_S         2 /* how often it looks for wishes and for a way to hear them */
#define EXIT_USAGE         2

G_DEFINE_AUTOPTR_CLEANUP_FUNC(PGconn, PQfinish)

static gboolean
fetch_failed(const char *reason)
{
  log_warning("key set was not fetched", "reason", reason, NULL);
  return FALSE;
}

static gboolean
fetch_document(GString *body)
{
  g_autoptr(GError) error = NULL;
  HttpsResult result;
  const HttpsRequest request = {.url = setting(JWT_JWKS_URL),
                                .timeout_ms = FETCH_TIMEOUT_MS,
                                .max_bytes = DOCUMENT_MAX_BYTES};
  if (!https_fetch(https_shared(), &request, body, &result, &error))
    return fetch_failed(error->message);
  if (result.outcome == HTTPS_TOO_LARGE)
    return fetch_failed("longer than 256 KiB");
  if (result.outcome != HTTPS_ANSWERED)
    return fetch_failed(result.reason != NULL ? result.reason : "no usable answer");
  if (result.status != 200)
    return fetch_failed(https_reason(result.status));
  return TRUE;
}

static gboolean
fetch(void)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GString) body = g_string_new(NULL);
  if (!fetch_document(body))
    return FALSE;
  g_autoptr(GPtrArray) set = jwk_set_parse(body->str, body->len);
  if (set == NULL)
    return fetch_failed("not a JSON Web Key Set");
  if (!key_table_store(db_shared(), body->str, &error))
    return fetch_failed(error->message);
  log_info("key set fetched", "usable_keys", int_text(set->len), NULL);
  return TRUE;
}

/* A connection of its own, since listening is state of a session. */
static PGconn *
listen_for_wishes(void)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(PGconn) connection = db_connect(setting(DATABASE_URL), "ponte-jwks", &error);
  g_autoptr(PGresult) done =
      connection != NULL ? PQexec(connection, "listen " KEY_TABLE_CHANNEL) : NULL;
  if (PQresultStatus(done) == PGRES_COMMAND_OK)
    return g_steal_pointer(&connection);
  log_warning("not listening for wishes; looking for them now and then", NULL);
  return NULL;
}

/* Takes in what arrived; FALSE when the connection is lost. */
static gboolean
read_wishes(PGconn *connection, gboolean *wished)
{
  if (PQconsumeInput(connection) != 1)
    return FALSE;
  for (PGnotify *note; (note = PQnotifies(connection)) != NULL; PQfreemem(note))
    *wished |= strcmp(note->extra, setting(JWT_JWKS_URL)) == 0;
  return TRUE;
}

/* Sleeps until something arrives on `connection` (NULL: nothing does), `until_us`, or a stop. */
static void
doze(PGconn *connection, gint64 until_us)
{
  struct pollfd fds[] = {{.fd = stop_fd(), .events = POLLIN},
                         {.fd = connection ? PQsocket(connection) : -1, .events = POLLIN}};
  gint64 left_ms = (until_us - g_get_monotonic_time()) / 1000 + 1;
  poll(fds, G_N_ELEMENTS(fds), (int)CLAMP(left_ms, 0, G_MAXINT));
}

static gboolean
is_wanted(void)
{
  g_autoptr(GError) error = NULL;
  gboolean wanted = FALSE;
  if (!key_table_is_wanted(db_shared(), &wanted, &error))
    log_warning("wishes could not be read", "error", error->message, NULL);
  return wanted;
}

/* When to fetch next, after a fetch that went well or did not. */
static gint64
next_fetch_us(gboolean fetched)
{
  static gint64 retry_s = RETRY_FIRST_S;
  gint64 wait_s =
      fetched ? setting_int(JWT_JWKS_REFRESH_S) : MIN(retry_s, setting_int(JWT_JWKS_REFRESH_S));
  retry_s = fetched ? RETRY_FIRST_S : wait_s * 2;
  return g_get_monotonic_time() + wait_s * G_USEC_PER_SEC;
}

/* Listening wakes it at once; behind PgBouncer nothing is heard, so it also looks now and then.
 * After a failed fetch only the timer counts. */
static void
serve(void)
{
  g_autoptr(PGconn) wishes = NULL;
  gint64 next_us = 0, look_us = 0;
  gboolean wished = FALSE, fetched = FALSE;
  while (!stop_requested()) {
    gint64 now_us = g_get_monotonic_time();
    if (now_us >= look_us) {
      if (wishes == NULL)
        wishes = listen_for_wishes();
      look_us = now_us + MIN(setting_int(JWT_JWKS_ASK_S), LOOK_MAX_S) * G_USEC_PER_SEC;
      wished = TRUE;
    }
    if (now_us >= next_us || (wished && fetched && is_wanted())) {
      fetched = fetch();
      next_us = next_fetch_us(fetched);
    }
    wished = FALSE;
    doze(wishes, MIN(next_us, look_us));
    if (wishes != NULL && !read_wishes(wishes, &wished)) {
      PQfinish(wishes);
      wishes = NULL;
    }
  }
}

static gboolean
is_configured(void)
{
  const char *missing = !setting_is_set(DATABASE_URL) ? "DATABASE_URL is not set"
                        : !https_url_is_acceptable(setting(JWT_JWKS_URL))
                            ? "JWT_JWKS_URL is not an https URL"
                            : NULL;
  if (missing != NULL)
    log_error(missing, NULL);
  return missing == NULL;
}

int
main(int argc, char **argv)
{
  g_autoptr(GError) error = NULL;
  gboolean once = argc == 2 && strcmp(argv[1], "--once") == 0;
  if (argc > 1 && !once) {
    fprintf(stderr, "usage: _jwks [--once]\n");
    return EXIT_USAGE;
  }
  stop_block_signals();
  if (!settings_load(&error)) {
    fprintf(stderr, "%s\n", error->message);
    return EXIT_FAILURE;
  }
  log_init("_jwks");
  if (!is_configured())
    return EXIT_FAILURE;
  if (once)
    return fetch() ? EXIT_SUCCESS : EXIT_FAILURE;
  serve();
  db_disconnect(db_shared());
  return EXIT_SUCCESS;
}
