/* Without the store of rates nothing is asked of an ERP (erp-connectors.md 4.3, closed). */
#include "harness_ledger.h"

#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#define JANUARY "from=2026-01-01&to=2026-01-31"
#define KIND    "trial-balance"

/* An ERP that nobody should call: the stack's own is gone with Postgres, and would not tell. */
static int
listen_as_erp(Book *book)
{
  struct sockaddr_in address = {.sin_family = AF_INET};
  socklen_t length = sizeof address;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  assert_true(fd >= 0);
  assert_int_equal(bind(fd, (struct sockaddr *)&address, length), 0);
  assert_int_equal(listen(fd, 8), 0);
  assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &length), 0);
  g_autofree char *url =
      g_strdup_printf("https://127.0.0.1:%u/protheus", (guint)ntohs(address.sin_port));
  book_set(book, "BASE_URL", url);
  book_set(book, "TOKEN_URL", url);
  return fd;
}

static Book *
totvs_book(void)
{
  Book *book = book_new("EFFECTI", NULL);
  book_seed(book, "2026-01-01", 11, 10, 1);
  book_setting(book, "JWT_ROLE_SOURCE", "claim"); /* who asks is known without the database */
  return book;
}

static void
assert_closed(const Answer *answer)
{
  assert_error_code(answer, 503, NULL, "rate_store_unavailable");
  assert_at(answer, "type", "Connection");
  assert_at(answer, "retryable", "true");
  assert_at(answer, "retry_after", "5");
  assert_header(answer, "retry-after", "5");
}

/* F-40 */
static void
test_without_the_database_no_erp_is_asked(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = totvs_book();
  g_autoptr(Book) away = book_copy(book);
  int erp = listen_as_erp(away);
  postgres_stop();
  g_autoptr(Answer) balance = book_ask(away, TRIAL_BALANCE, JANUARY);
  g_autoptr(Answer) entries = book_ask(away, SUBLEDGER, "account=1.01.001&" JANUARY);
  g_autoptr(Answer) health = book_ask(away, ERP_HEALTH, "");
  gboolean was_called = accept(erp, NULL, NULL) >= 0;
  close(erp);
  postgres_start();
  assert_closed(balance);
  assert_closed(entries);
  assert_status(health, 503);
  assert_at(health, "status", "unhealthy");
  assert_at(health, "connected", "false");
  assert_at(health, "details.rate_mode", "closed");
  assert_at(health, "details.reason", "rate_store_unavailable");
  assert_at(health, "details.circuit", "null");
  assert_at(health, "details.tokens_left", "null");
  assert_false(was_called);
  g_autoptr(Answer) back = book_ask(book, TRIAL_BALANCE, JANUARY);
  assert_status(back, 200);
  g_autoptr(Answer) well = book_ask(book, ERP_HEALTH, "");
  assert_status(well, 200);
  assert_at(well, "details.rate_mode", "shared");
}

/* F-40: with a token at hand too */
static void
test_without_the_database_a_known_token_is_of_no_use(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = totvs_book();
  int erp = listen_as_erp(book);
  book_set(book, "AUTH_TYPE", "bearer_token");
  book_set(book, "TOKEN", "ficha-de-ensaio-0001");
  postgres_stop();
  g_autoptr(Answer) answer = book_ask(book, TRIAL_BALANCE, JANUARY);
  gboolean was_called = accept(erp, NULL, NULL) >= 0;
  close(erp);
  postgres_start();
  assert_closed(answer);
  assert_false(was_called);
}

/* F-40: a program that lives through it, behind nginx; who asks may be unknown
 * meanwhile */
static void
test_a_program_works_again_once_the_database_is_back(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = totvs_book();
  g_autoptr(Book) usual = book_copy(book);
  book_setting(usual, "JWT_ROLE_SOURCE", "profiles,claim");
  book_serve(book, TRIAL_BALANCE);
  g_autoptr(Answer) before = book_call(book, TRIAL_BALANCE, JANUARY);
  assert_status(before, 200);
  postgres_stop();
  g_autoptr(Answer) away = book_call(book, TRIAL_BALANCE, JANUARY);
  g_autoptr(Answer) unknown = book_ask(usual, TRIAL_BALANCE, JANUARY);
  postgres_start();
  assert_closed(away);
  assert_error_code(unknown, 503, NULL, "database_unavailable");
  assert_header(unknown, "retry-after", "5");
  g_autoptr(Answer) after = book_call(book, TRIAL_BALANCE, JANUARY);
  assert_status(after, 200);
  assert_sql("2", "select count(*) from sandbox.call where who = $1 and kind = $2", book_who(book),
             KIND);
}

/* F-40: in the middle of a run, which does not ask again */
static void
test_a_run_that_loses_the_database_ends(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = totvs_book();
  book_setting(book, "ERP_RETRY_JITTER", "0");
  book_setting(book, "ERP_RETRY_BASE_MS", "2500");
  book_fault(book, .kind = KIND, .status = 503);
  BookCall *call = book_start(book, TRIAL_BALANCE, JANUARY);
  WAIT_FOR(book_call_status(book, KIND, 1) == 503);
  postgres_stop(); /* while it waits to ask again */
  g_autoptr(Answer) answer = book_finish(call);
  postgres_start();
  assert_closed(answer);
  assert_at(answer, "attempts", "1");
  g_autoptr(Answer) next = book_ask(book, TRIAL_BALANCE, JANUARY);
  assert_status(next, 200);
}

static int
after(void **state)
{
  if (!database_answers())
    postgres_start();
  return ledger_after(state);
}

#undef CASE
#define CASE(test) cmocka_unit_test_setup_teardown(test, ledger_before, after)

int
main(void)
{
  const struct CMUnitTest tests[] = {
      CASE(test_without_the_database_no_erp_is_asked),
      CASE(test_without_the_database_a_known_token_is_of_no_use),
      CASE(test_a_program_works_again_once_the_database_is_back),
      CASE(test_a_run_that_loses_the_database_ends),
  };
  return RUN("rates without their store", tests);
}
