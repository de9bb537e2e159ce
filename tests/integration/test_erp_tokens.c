/* Access tokens of an ERP as its callers meet them: asked for once, renewed in time, replaced when
 * the ERP refuses them (erp-connectors.md 3.2).  Every book_ask is another process. */
#include <string.h>

#include "harness_ledger.h"

#define JANUARY "from=2026-01-01&to=2026-01-31"
#define CASH    "account=1.01.001&" JANUARY

/* Of Protheus, with so many entries of cash in January, ten on a page. */
static Book *
book_of_pages(guint entries)
{
  Book *book = book_new("EFFECTI", NULL);
  book_account(book, "1.01.001", "Caixa", "ASSET", "0.00");
  book_account(book, "4.01.001", "Receita", "REVENUE", "0.00");
  book_fill(book, "1.01.001", "4.01.001", "2026-01-01", entries);
  book_set(book, "PAGE_SIZE", "10");
  return book;
}

static void
assert_pages(const Book *book, const char *const *expected)
{
  guint n = 0;
  for (; expected[n] != NULL; n++) {
    g_autofree char *page = book_parameter(book, "subledger", n + 1, "page");
    assert_string_equal(page, expected[n]);
  }
  assert_int_equal(book_calls(book, "subledger"), n);
}

/* The row of the one token there is, as if so many seconds of its life were left. */
static void
token_has_left(const char *seconds)
{
  sql("update erp.oauth_state set"
      "  access_issued_at = access_issued_at + (clock_timestamp() - access_expires_at)"
      "                     + make_interval(secs => $1::int),"
      "  access_expires_at = clock_timestamp() + make_interval(secs => $1::int)",
      seconds);
}

/* F-01 */
static void
test_a_token_that_ends_in_mid_run_is_renewed_and_the_page_asked_again(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = book_of_pages(25);
  book_setting(book, "ERP_RETRY_ATTEMPTS", "1"); /* the repetition is none of these */
  book_fault(book, .kind = "subledger", .request = "{\"page\":\"2\"}", .status = 401);
  g_autoptr(Answer) answer = book_ask(book, SUBLEDGER, CASH);
  assert_status(answer, 200);
  assert_at(answer, "complete", "true");
  assert_at(answer, "entry_count", "25");
  g_autofree char *debit = book_entry_sum(book, "1.01.001", "2026-01-01", "2026-01-31", "debit");
  assert_member(answer, "total_debit", debit);
  assert_pages(book, (const char *const[]){"1", "2", "2", "3", NULL});
  assert_int_equal(book_calls(book, "token"), 2);
}

/* F-02 */
static void
test_a_fresh_token_that_is_refused_too_ends_the_run(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = book_of_pages(25);
  book_fault(book, .kind = "subledger", .request = "{\"page\":\"2\"}", .status = 401,
             .times = LEDGER_ALWAYS);
  g_autoptr(Answer) entries = book_ask(book, SUBLEDGER, CASH);
  assert_error_code(entries, 502, NULL, "erp_authentication_failed");
  assert_pages(book, (const char *const[]){"1", "2", "2", NULL});
  assert_int_equal(book_calls(book, "token"), 2);

  g_autoptr(Book) other = book_new("ONCLICK", NULL);
  book_fault(other, .kind = "trial-balance", .status = 401, .times = LEDGER_ALWAYS);
  g_autoptr(Answer) balance = book_ask(other, TRIAL_BALANCE, JANUARY);
  assert_error_code(balance, 502, NULL, "erp_authentication_failed");
  assert_member(balance, "type", "Authentication");
  assert_at(balance, "retryable", "false");
  assert_at(balance, "attempts", "1");
  assert_at(balance, "upstream_status", "401");
  assert_int_equal(book_calls(other, "trial-balance"), 2);
  assert_int_equal(book_calls(other, "token"), 2);
}

/* F-04 */
static void
test_a_token_service_that_fails_twice_is_asked_three_times(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = book_new("EFFECTI", NULL);
  book_fault(book, .kind = "token", .status = 500, .times = 2);
  g_autoptr(Answer) answer = book_ask(book, ERP_HEALTH, "");
  assert_status(answer, 200);
  assert_at(answer, "connected", "true");
  assert_int_equal(book_calls(book, "token"), 3);
  assert_int_equal(book_call_status(book, "token", 2), 500);
  assert_int_equal(book_call_status(book, "token", 3), 200);
}

/* F-04: and not more often */
static void
test_a_token_service_that_stays_down_ends_the_run(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = book_new("EFFECTI", NULL);
  book_fault(book, .kind = "token", .status = 500, .times = LEDGER_ALWAYS);
  g_autoptr(Answer) answer = book_ask(book, TRIAL_BALANCE, JANUARY);
  assert_error_code(answer, 502, NULL, "erp_connection_failed");
  assert_int_equal(book_calls(book, "token"), 3);
  assert_int_equal(book_calls(book, "trial-balance"), 0);
}

/* F-09: 20 % of 120 s are kept as a margin */
static void
test_a_short_token_serves_until_its_margin(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = book_new("EFFECTI", NULL);
  ledger_setting("totvs", "token_seconds", "120");
  for (guint i = 0; i < 20; i++) {
    g_autoptr(Answer) answer = book_ask(book, ERP_HEALTH, "");
    assert_status(answer, 200);
  }
  assert_int_equal(book_calls(book, "token"), 1);
  token_has_left("27"); /* some of them pass until it is looked at */
  g_autoptr(Answer) before = book_ask(book, ERP_HEALTH, "");
  assert_status(before, 200);
  assert_int_equal(book_calls(book, "token"), 1);
  token_has_left("24");
  g_autoptr(Answer) after = book_ask(book, ERP_HEALTH, "");
  assert_status(after, 200);
  assert_int_equal(book_calls(book, "token"), 2);
  assert_int_equal(book_calls(book, "health"), 22);
}

/* OA-1: the sandbox serves only whoever shows `Authorization: Bearer` and a token it gave */
static void
test_a_valid_token_is_shown_again(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = book_of_pages(5);
  g_autoptr(Answer) first = book_ask(book, TRIAL_BALANCE, JANUARY);
  g_autoptr(Answer) second = book_ask(book, SUBLEDGER, CASH);
  g_autoptr(Answer) third = book_ask(book, ERP_HEALTH, "");
  assert_status(first, 200);
  assert_status(second, 200);
  assert_status(third, 200);
  assert_int_equal(book_calls(book, "token"), 1);
  g_autofree char *left = answer_at(third, "details.token_expires_in");
  assert_in_range(g_ascii_strtoll(left, NULL, 10), 3500, 3600);
}

/* 3.2: a token that another process has replaced meanwhile is not renewed again */
static void
test_a_token_that_somebody_else_replaced_is_taken_over(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = book_of_pages(5);
  g_autoptr(Answer) first = book_ask(book, ERP_HEALTH, "");
  assert_status(first, 200);
  book_fault(book, .kind = "subledger", .status = 401, .delay_ms = 700); /* late to hear of it */
  BookCall *late = book_start(book, SUBLEDGER, CASH);
  WAIT_FOR(book_calls(book, "subledger") == 1);
  book_fault(book, .kind = "trial-balance", .status = 401);
  g_autoptr(Answer) meanwhile = book_ask(book, TRIAL_BALANCE, JANUARY);
  g_autoptr(Answer) entries = book_finish(late);
  assert_status(meanwhile, 200);
  assert_status(entries, 200);
  assert_at(entries, "entry_count", "5");
  assert_int_equal(book_calls(book, "token"), 2);
}

/* IN-1: a process ends with what it knows; what stays is sealed */
static void
test_a_connection_leaves_nothing_in_clear_behind(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = book_new("EFFECTI", NULL);
  book_setting(book, "ERP_HEALTH_REUSE_MS", "60000"); /* so that the result is kept */
  sql("delete from erp.health");
  g_autoptr(Answer) connected = book_ask(book, ERP_HEALTH, "");
  assert_at(connected, "connected", "true");
  assert_count(1, "erp.oauth_state where access_token_sealed is not null");
  assert_count(0, "erp.oauth_state o, sandbox.ledger_token t"
                  " where strpos(o::text, t.token) > 0 and t.kind = 'access'");
  assert_count(0, "erp.health h, sandbox.ledger_token t where strpos(h::text, t.token) > 0");

  g_autoptr(Book) apart = book_copy(book);
  book_setting(apart, "ERP_HEALTH_REUSE_MS", "0");
  book_set(apart, "CLIENT_SECRET", "");
  g_autoptr(Answer) without = book_ask(apart, ERP_HEALTH, "");
  assert_status(without, 503);
  assert_at(without, "connected", "false");
  assert_member(without, "status", "disconnected");
}

/* 3.2: some servers shut out whoever makes many token calls */
static void
test_token_calls_have_a_rate_of_their_own(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = book_new("EFFECTI", NULL);
  book_setting(book, "ERP_TOKEN_PER_MINUTE", "2");
  for (guint i = 0; i < 2; i++) {
    g_autoptr(Answer) answer = book_ask(book, TRIAL_BALANCE, JANUARY);
    assert_int_not_equal(answer->status, 429);
    book_tokens_expire(book);
  }
  g_autoptr(Answer) answer = book_ask(book, TRIAL_BALANCE, JANUARY);
  assert_error_code(answer, 429, NULL, "erp_rate_limited");
  assert_int_equal(book_calls(book, "token"), 2);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      LEDGER_CASE(test_a_token_that_ends_in_mid_run_is_renewed_and_the_page_asked_again),
      LEDGER_CASE(test_a_fresh_token_that_is_refused_too_ends_the_run),
      LEDGER_CASE(test_a_token_service_that_fails_twice_is_asked_three_times),
      LEDGER_CASE(test_a_token_service_that_stays_down_ends_the_run),
      LEDGER_CASE(test_a_short_token_serves_until_its_margin),
      LEDGER_CASE(test_a_valid_token_is_shown_again),
      LEDGER_CASE(test_a_token_that_somebody_else_replaced_is_taken_over),
      LEDGER_CASE(test_a_connection_leaves_nothing_in_clear_behind),
      LEDGER_CASE(test_token_calls_have_a_rate_of_their_own),
  };
  return RUN("tokens of the ERPs", tests);
}
