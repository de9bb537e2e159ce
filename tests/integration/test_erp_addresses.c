/* Only the addresses that were configured are called, only https, and only public ones unless
 * private ones are allowed (erp-connectors.md 8). */
#include <arpa/inet.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "harness_ledger.h"
#include "harness_sales.h"

#define JANUARY "from=2026-01-01&to=2026-01-31"

/* ---- a host that nobody should call -------------------------------------------------------------
 */

static int silent_host; /* listens on silent_port; whoever connects waits in its queue */
static guint silent_port;

static int
listen_silently(G_GNUC_UNUSED void **state)
{
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t length = sizeof address;
  silent_host = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  assert_int_equal(bind(silent_host, (struct sockaddr *)&address, length), 0);
  assert_int_equal(listen(silent_host, 8), 0);
  assert_int_equal(getsockname(silent_host, (struct sockaddr *)&address, &length), 0);
  silent_port = ntohs(address.sin_port);
  return ledger_before(state);
}

static int
end_silence(void **state)
{
  close(silent_host);
  return ledger_after(state);
}

#define SILENT_CASE(test) cmocka_unit_test_setup_teardown(test, listen_silently, end_silence)

static void
assert_not_called(void)
{
  struct pollfd queue = {silent_host, POLLIN, 0};
  assert_int_equal(poll(&queue, 1, 0), 0);
}

static char *
silent_url(const char *format)
{
  g_auto(GStrv) parts = g_strsplit(format, "PORT", 2);
  g_autofree char *port = g_strdup_printf("%u", silent_port);
  return g_strjoinv(port, parts);
}

/* ---- configured addresses -----------------------------------------------------------------------
 */

/* F-55 */
static void
test_an_address_that_is_not_https_is_refused_before_any_call(G_GNUC_UNUSED void **state)
{
  static const char *const addresses[] = {
      "http://127.0.0.1:PORT/protheus",        "HTTP://127.0.0.1:PORT", "ftp://127.0.0.1:PORT/",
      "https://maria:segredo@127.0.0.1:PORT/", "127.0.0.1:PORT",        "https://"};
  static const char *const keys[] = {"BASE_URL", "TOKEN_URL"};
  for (gsize i = 0; i < G_N_ELEMENTS(addresses) * G_N_ELEMENTS(keys); i++) {
    const char *key = keys[i % G_N_ELEMENTS(keys)];
    g_autoptr(Book) book = book_new("EFFECTI", NULL);
    g_autofree char *url = silent_url(addresses[i / G_N_ELEMENTS(keys)]),
                    *name = g_strconcat("TOTVS_EFFECTI_", key, NULL);
    book_set(book, key, url);
    g_autoptr(Answer) answer = book_ask(book, TRIAL_BALANCE, JANUARY);
    assert_error_code(answer, 503, NULL, "erp_not_configured");
    assert_member(answer, "type", "Configuration");
    assert_non_null(strstr(answer_text(answer, "error"), name));
    assert_null(strstr(answer->body, "segredo"));
    g_autoptr(Answer) health = book_ask(book, ERP_HEALTH, "");
    assert_member(health, "status", "disconnected");
    assert_int_equal(book_calls(book, NULL), 0);
  }
  assert_not_called();
}

/* F-55 */
static void
test_https_may_be_written_in_capitals(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = book_new("EFFECTI", NULL);
  g_autofree char *base = ledger_url("/totvs/protheus"), *token = ledger_url("/totvs/oauth/token"),
                  *base_url = g_strconcat("HTTPS", base + strlen("https"), NULL),
                  *token_url = g_strconcat("HTTPS", token + strlen("https"), NULL);
  book_set(book, "BASE_URL", base_url);
  book_set(book, "TOKEN_URL", token_url);
  g_autoptr(Answer) health = book_ask(book, ERP_HEALTH, "");
  assert_member(health, "status", "healthy");
}

/* 8: whatever the name, the address that is about to be connected counts */
static void
test_private_addresses_are_refused_unless_allowed(G_GNUC_UNUSED void **state)
{
  static const char *const addresses[] = {
      "https://127.0.0.1:PORT/protheus", "https://localhost:PORT/protheus",
      "https://[::ffff:127.0.0.1]:PORT/protheus", "https://0.0.0.0:PORT/protheus"};
  static const char *const values[] = {"0", ""};
  for (gsize i = 0; i < G_N_ELEMENTS(addresses); i++) {
    g_autoptr(Book) book = book_new("EFFECTI", NULL);
    g_autofree char *token = book_token_make(book), *url = silent_url(addresses[i]);
    book_setting(book, "ERP_ALLOW_PRIVATE_HOSTS", values[i % G_N_ELEMENTS(values)]);
    book_set(book, "BASE_URL", url);
    book_set(book, "AUTH_TYPE", "bearer_token");
    book_set(book, "TOKEN", token);
    g_autoptr(Answer) answer = book_ask(book, TRIAL_BALANCE, JANUARY);
    assert_error_code(answer, 503, NULL, "erp_not_configured");
    assert_at(answer, "attempts", "1");
    assert_non_null(strstr(answer_text(answer, "error"), "ERP_ALLOW_PRIVATE_HOSTS"));
  }
  assert_not_called();
}

/* 8 */
static void
test_a_private_token_service_is_refused_unless_allowed(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = book_new("EFFECTI", NULL);
  g_autofree char *url = silent_url("https://127.0.0.1:PORT/token");
  book_setting(book, "ERP_ALLOW_PRIVATE_HOSTS", "0");
  book_set(book, "TOKEN_URL", url);
  g_autoptr(Answer) answer = book_ask(book, TRIAL_BALANCE, JANUARY);
  assert_error_code(answer, 503, NULL, "erp_not_configured");
  assert_non_null(strstr(answer_text(answer, "error"), "ERP_ALLOW_PRIVATE_HOSTS"));
  assert_not_called();
}

/* ---- redirects ----------------------------------------------------------------------------------
 */

static void
assert_is_not_followed(const char *kind, guint status, const char *location)
{
  g_autoptr(Book) book = book_new("EFFECTI", NULL);
  g_autofree char *headers = g_strdup_printf("{\"Location\":\"%s\"}", location);
  book_setting(book, "ERP_BREAKER_FAILURES", "100"); /* each is a failure of the host's */
  book_fault(book, .kind = kind, .status = status, .headers = headers);
  g_autoptr(Answer) answer = book_ask(book, TRIAL_BALANCE, JANUARY);
  assert_error_code(answer, 502, NULL, "redirect_refused");
  assert_member(answer, "type", "Connection");
  assert_int_equal(book_calls(book, kind), 1);
  assert_null(strstr(answer->body, location));
}

/* F-57 */
static void
test_a_redirect_is_never_followed(G_GNUC_UNUSED void **state)
{
  static const guint statuses[] = {301, 302, 303, 307, 308};
  g_autofree char *other = silent_url("https://localhost:PORT/protheus"),
                  *clear = silent_url("http://127.0.0.1:PORT/protheus"),
                  *same = ledger_url("/totvs/x"),
                  *neighbour = g_strconcat("https://localhost", strrchr(same, ':'), NULL);
  for (gsize i = 0; i < G_N_ELEMENTS(statuses); i++)
    assert_is_not_followed("trial-balance", statuses[i], other);
  assert_is_not_followed("trial-balance", 302, clear);
  assert_is_not_followed("trial-balance", 302, same);
  assert_is_not_followed("trial-balance", 302, neighbour);
  assert_is_not_followed("token", 302, other);
  assert_is_not_followed("token", 307, clear);
  assert_is_not_followed("token", 308, neighbour);
  assert_not_called();
  assert_int_equal(sales_calls_of("totvs", "unknown", NULL), 0);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      SILENT_CASE(test_an_address_that_is_not_https_is_refused_before_any_call),
      LEDGER_CASE(test_https_may_be_written_in_capitals),
      SILENT_CASE(test_private_addresses_are_refused_unless_allowed),
      SILENT_CASE(test_a_private_token_service_is_refused_unless_allowed),
      SILENT_CASE(test_a_redirect_is_never_followed),
  };
  return RUN("addresses of the ERPs", tests);
}
