/* An ERP is talked to only if it can prove who it is (erp-connectors.md 8). */
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness_ledger.h"

#define JANUARY "from=2026-01-01&to=2026-01-31"

/* ---- a server with a certificate of ours --------------------------------------------------------
 */

typedef struct {
  GPid pid;
  guint port;
  char *log; /* a file: a line for each step of each connection */
} Server;

static char *
in_folder(const char *name, const char *suffix)
{
  g_autofree char *file = g_strconcat(name, suffix, NULL);
  return g_build_filename(harness_folder(), file, NULL);
}

/* NAME.pem and NAME.key for a host ("IP:127.0.0.1"), good for so many days (-1: until yesterday);
 * by our authority, or by itself. */
static void
make_certificate(const char *name, const char *host, const char *days, gboolean by_authority)
{
  g_autofree char *key = in_folder(name, ".key"), *request = in_folder(name, ".csr"),
                  *certificate = in_folder(name, ".pem"), *ca = in_folder("ca", ".pem"),
                  *ca_key = in_folder("ca", ".key"),
                  *names = g_strconcat("subjectAltName=", host, NULL);
  g_free(RUN_OK("openssl", "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                "-keyout", key, "-out", request, "-subj", "/CN=ensaio", "-addext", names));
  g_free(by_authority
             ? RUN_OK("openssl", "x509", "-req", "-in", request, "-CA", ca, "-CAkey", ca_key,
                      "-days", days, "-copy_extensions", "copyall", "-out", certificate)
             : RUN_OK("openssl", "x509", "-req", "-in", request, "-key", key, "-days", days,
                      "-copy_extensions", "copyall", "-out", certificate));
}

/* Trusted by programs with CURL_CA_BUNDLE=…/all.pem, beside the sandbox's. */
static void
make_authority(void)
{
  static gboolean made;
  g_auto(GStrv) settings = harness_settings();
  g_autofree char *key = in_folder("ca", ".key"), *certificate = in_folder("ca", ".pem"),
                  *all = in_folder("all", ".pem"), *own = NULL, *sandbox = NULL;
  if (made)
    return;
  made = TRUE;
  g_free(RUN_OK("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
                "-nodes", "-days", "2", "-keyout", key, "-out", certificate, "-subj", "/CN=raiz",
                "-addext", "keyUsage=critical,keyCertSign"));
  const char *bundle = g_environ_getenv(settings, "CURL_CA_BUNDLE");
  assert_true(g_file_get_contents(certificate, &own, NULL, NULL));
  assert_true(g_file_get_contents(bundle, &sandbox, NULL, NULL));
  g_autofree char *both = g_strconcat(own, sandbox, NULL);
  assert_true(g_file_set_contents(all, both, -1, NULL));
  make_certificate("good", "IP:127.0.0.1", "2", TRUE);
  make_certificate("expired", "IP:127.0.0.1", "-1", TRUE);
  make_certificate("other-host", "DNS:erp.exemplo.test", "2", TRUE);
  make_certificate("self-signed", "IP:127.0.0.1", "2", FALSE);
}

static char *
server_log(const Server *server)
{
  char *log = NULL;
  return g_file_get_contents(server->log, &log, NULL, NULL) ? log : g_strdup("");
}

static guint
server_port(const Server *server)
{
  static const char mark[] = "ACCEPT 127.0.0.1:";
  g_autofree char *log = server_log(server);
  const char *at = strstr(log, mark);
  return at != NULL && strchr(at, '\n') != NULL
             ? (guint)g_ascii_strtoull(at + strlen(mark), NULL, 10)
             : 0;
}

/* A test that fails stops nothing. */
static void
end_with_the_test(G_GNUC_UNUSED gpointer data)
{
  prctl(PR_SET_PDEATHSIG, SIGTERM);
}

/* openssl's own little web server, on a free port; it writes whatever a connection goes through. */
static void
server_start(Server *server, const char *certificate, const char *version)
{
  g_autoptr(GError) error = NULL;
  make_authority();
  g_autofree char *pem = in_folder(certificate, ".pem"), *key = in_folder(certificate, ".key");
  server->log = in_folder(certificate, ".log");
  g_autofree char *command = g_strdup_printf(
      "exec openssl s_server -accept 127.0.0.1:0 -cert '%s' -key '%s' -www -state %s >'%s' 2>&1",
      pem, key, version, server->log);
  unlink(server->log);
  const char *const argv[] = {"sh", "-c", command, NULL};
  if (!g_spawn_async(NULL, (char **)argv, NULL, G_SPAWN_SEARCH_PATH | G_SPAWN_DO_NOT_REAP_CHILD,
                     end_with_the_test, NULL, &server->pid, &error))
    fail_msg("%s", error->message);
  WAIT_FOR((server->port = server_port(server)) != 0);
}

static void
server_stop(Server *server)
{
  if (server->pid > 0) {
    kill(server->pid, SIGTERM);
    waitpid(server->pid, NULL, 0);
  }
  g_free(server->log);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Server, server_stop)

static guint
connections_to(const Server *server)
{
  g_autofree char *log = server_log(server);
  guint count = 0;
  for (const char *at = log; (at = strstr(at, "SSL_accept:SSLv3/TLS read client hello")) != NULL;
       at++)
    count++;
  return count;
}

/* A company whose ERP this server is; no token call is needed. */
static Book *
book_at(const Server *server)
{
  Book *book = book_new("EFFECTI", NULL);
  g_autofree char *token = book_token_make(book), *bundle = in_folder("all", ".pem"),
                  *url = g_strdup_printf("https://127.0.0.1:%u/protheus", server->port);
  book_set(book, "AUTH_TYPE", "bearer_token");
  book_set(book, "TOKEN", token);
  book_set(book, "BASE_URL", url);
  book_setting(book, "CURL_CA_BUNDLE", bundle);
  book_setting(book, "ERP_BREAKER_FAILURES", "100");
  return book;
}

static const char *const bad_certificates[] = {"expired", "self-signed", "other-host"};

/* ---- what callers meet --------------------------------------------------------------------------
 */

/* F-56 */
static void
test_an_erp_with_a_bad_certificate_is_not_asked(G_GNUC_UNUSED void **state)
{
  for (gsize i = 0; i < G_N_ELEMENTS(bad_certificates); i++) {
    g_auto(Server) server = {0};
    server_start(&server, bad_certificates[i], "");
    g_autoptr(Book) book = book_at(&server);
    g_autoptr(Answer) answer = book_ask(book, TRIAL_BALANCE, JANUARY);
    assert_error_code(answer, 502, "O certificado do ERP não é confiável.",
                      "tls_verification_failed");
    assert_member(answer, "type", "Connection");
    assert_at(answer, "attempts", "1");
    assert_int_equal(connections_to(&server), 1);
    g_autoptr(Answer) health = book_ask(book, ERP_HEALTH, "");
    assert_status(health, 503);
    assert_at(health, "details.reason", "tls_verification_failed");
    assert_int_equal(connections_to(&server), 2);
  }
}

/* F-56 */
static void
test_a_token_service_with_a_bad_certificate_is_shown_no_secret(G_GNUC_UNUSED void **state)
{
  for (gsize i = 0; i < G_N_ELEMENTS(bad_certificates); i++) {
    g_auto(Server) server = {0};
    server_start(&server, bad_certificates[i], "");
    g_autoptr(Book) book = book_new("EFFECTI", NULL);
    g_autofree char *url = g_strdup_printf("https://127.0.0.1:%u/token", server.port),
                    *bundle = in_folder("all", ".pem");
    book_set(book, "TOKEN_URL", url);
    book_setting(book, "CURL_CA_BUNDLE", bundle);
    g_autoptr(Answer) answer = book_ask(book, TRIAL_BALANCE, JANUARY);
    assert_error_code(answer, 502, NULL, "tls_verification_failed");
    assert_int_equal(connections_to(&server), 1);
    assert_int_equal(book_calls(book, NULL), 0);
  }
}

/* Against F-56: the same server, properly certified, is asked.  It has but HTML to say. */
static void
test_a_good_certificate_of_a_private_authority_is_accepted(G_GNUC_UNUSED void **state)
{
  g_auto(Server) server = {0};
  server_start(&server, "good", "");
  g_autoptr(Book) book = book_at(&server);
  g_autoptr(Answer) answer = book_ask(book, TRIAL_BALANCE, JANUARY);
  assert_error_code(answer, 502, NULL, "unexpected_content");
}

/* 8: TLS 1.2 or newer */
static void
test_an_erp_with_an_old_tls_is_not_asked(G_GNUC_UNUSED void **state)
{
  g_auto(Server) server = {0};
  server_start(&server, "good", "-tls1_1 -cipher DEFAULT@SECLEVEL=0");
  g_autoptr(Book) book = book_at(&server);
  g_autoptr(Answer) answer = book_ask(book, TRIAL_BALANCE, JANUARY);
  assert_error_code(answer, 502, NULL, "erp_connection_failed");
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      LEDGER_CASE(test_an_erp_with_a_bad_certificate_is_not_asked),
      LEDGER_CASE(test_a_token_service_with_a_bad_certificate_is_shown_no_secret),
      LEDGER_CASE(test_a_good_certificate_of_a_private_authority_is_accepted),
      LEDGER_CASE(test_an_erp_with_an_old_tls_is_not_asked),
  };
  return RUN("certificates of the ERPs", tests);
}
