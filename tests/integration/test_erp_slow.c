/* ERPs that take their time: bytes that drip, answers that never come (erp-connectors.md 1.2). */
#include <string.h>

#include "harness_ledger.h"

#define JANUARY "from=2026-01-01&to=2026-01-31"
#define KIND    "trial-balance"
#define BUSY_MS 1500 /* what a busy machine may add to a time-out */

static Book *
totvs_book(void)
{
  Book *book = book_new("EFFECTI", NULL);
  book_seed(book, "2026-01-01", 11, 10, 1);
  book_setting(book, "ERP_STALL_S", "1");
  return book;
}

static gint64
ms_since(gint64 begun_us)
{
  return (g_get_monotonic_time() - begun_us) / 1000;
}

/* F-23 */
static void
test_an_answer_that_drips_is_given_up_and_asked_for_again(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = totvs_book();
  book_fault(book, .kind = KIND, .trick = "drip", .bytes_per_s = 10);
  gint64 begun_us = g_get_monotonic_time();
  g_autoptr(Answer) answer = book_ask(book, TRIAL_BALANCE, JANUARY);
  assert_status(answer, 200);
  assert_int_equal(book_calls(book, KIND), 2);
  assert_in_range(ms_since(begun_us), 1000, 1000 + BUSY_MS);
}

/* F-23 */
static void
test_an_erp_that_always_drips_is_a_gateway_timeout(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = totvs_book();
  book_setting(book, "ERP_RETRY_ATTEMPTS", "2");
  book_fault(book, .kind = KIND, .times = LEDGER_ALWAYS, .trick = "drip", .bytes_per_s = 10);
  g_autoptr(Answer) answer = book_ask(book, TRIAL_BALANCE, JANUARY);
  assert_error_code(answer, 504, "O ERP não respondeu a tempo.", "erp_timeout");
  assert_at(answer, "type", "Timeout");
  assert_at(answer, "retryable", "true");
  assert_at(answer, "attempts", "2");
  assert_int_equal(book_calls(book, KIND), 2);
}

/* F-23 */
static void
test_a_timeout_is_not_asked_again_where_that_was_configured(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = totvs_book();
  book_setting(book, "ERP_RETRY_ON_TIMEOUT", "0");
  book_fault(book, .kind = KIND, .trick = "drip", .bytes_per_s = 10);
  g_autoptr(Answer) answer = book_ask(book, TRIAL_BALANCE, JANUARY);
  assert_error_code(answer, 504, NULL, "erp_timeout");
  assert_at(answer, "attempts", "1");
  assert_int_equal(book_calls(book, KIND), 1);
}

/* 1.2: an answer that does not begin has the attempt's time */
static void
test_an_erp_that_never_answers_has_as_long_as_an_attempt_may_take(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = totvs_book();
  book_setting(book, "ERP_EXTRACT_TIMEOUT_MS", "300");
  book_fault(book, .kind = KIND, .times = 2, .trick = "hang", .delay_ms = 5000);
  gint64 begun_us = g_get_monotonic_time();
  g_autoptr(Answer) answer = book_ask(book, TRIAL_BALANCE, JANUARY);
  assert_status(answer, 200);
  assert_int_equal(book_calls(book, KIND), 3);
  assert_in_range(ms_since(begun_us), 600, 600 + BUSY_MS);
}

/* 1.2: the whole run */
static void
test_a_run_ends_by_its_deadline(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = totvs_book();
  book_setting(book, "ERP_TRIAL_BALANCE_DEADLINE_S", "1");
  book_fault(book, .kind = KIND, .times = LEDGER_ALWAYS, .trick = "hang", .delay_ms = 5000);
  gint64 begun_us = g_get_monotonic_time();
  g_autoptr(Answer) answer = book_ask(book, TRIAL_BALANCE, JANUARY);
  assert_error(answer, 504, NULL);
  assert_at(answer, "type", "Timeout");
  assert_int_equal(book_calls(book, KIND), 1);
  assert_in_range(ms_since(begun_us), 1000, 1000 + BUSY_MS);
}

static void
set_health_times(Book *book, const char *attempt_ms, const char *whole_ms)
{
  book_setting(book, "ERP_HEALTH_TIMEOUT_MS", attempt_ms);
  book_setting(book, "ERP_HEALTH_DEADLINE_MS", whole_ms);
}

static void
assert_unhealthy_within(const Book *book, gint64 least_ms, gint64 most_ms)
{
  gint64 begun_us = g_get_monotonic_time();
  g_autoptr(Answer) answer = book_ask(book, ERP_HEALTH, "");
  assert_status(answer, 503);
  assert_at(answer, "status", "unhealthy");
  assert_at(answer, "connected", "false");
  assert_at(answer, "company", "EFFECTI");
  assert_at(answer, "details.http_status", "null");
  assert_in_range(ms_since(begun_us), least_ms, most_ms);
}

/* F-24 */
static void
test_health_of_an_erp_that_never_answers_is_told_in_time(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = totvs_book();
  set_health_times(book, "400", "4000");
  book_fault(book, .kind = "health", .times = LEDGER_ALWAYS, .trick = "hang", .delay_ms = 9000);
  assert_unhealthy_within(book, 400, 400 + BUSY_MS);
  assert_int_equal(book_calls(book, "health"), 1);
}

/* F-24: getting a token is part of it, and has second tries */
static void
test_health_keeps_its_deadline_while_no_token_comes(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = totvs_book();
  set_health_times(book, "600", "1000");
  book_fault(book, .kind = "token", .times = LEDGER_ALWAYS, .trick = "hang", .delay_ms = 9000);
  assert_unhealthy_within(book, 600, 1000 + BUSY_MS);
  assert_int_equal(book_calls(book, "health"), 0);
}

/* 9, F-68: one that is slow still works */
static void
test_health_of_a_slow_erp_is_degraded(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = totvs_book();
  book_setting(book, "ERP_HEALTH_SLOW_MS", "200");
  book_fault(book, .kind = "health", .trick = "truth", .delay_ms = 300);
  g_autoptr(Answer) answer = book_ask(book, ERP_HEALTH, "");
  assert_status(answer, 200);
  assert_at(answer, "status", "degraded");
  assert_at(answer, "connected", "true");
}

/* Three pages of entries, of which the first arrives slowly. */
static Book *
dripping_book(guint bytes_per_s)
{
  Book *book = book_new("EFFECTI", NULL);
  book_account(book, "1.01.001", "Caixa", "ASSET", "0.00");
  book_account(book, "4.01.001", "Receita", "REVENUE", "0.00");
  book_fill(book, "1.01.001", "4.01.001", "2026-01-01", 30);
  book_set(book, "PAGE_SIZE", "10");
  book_fault(book, .kind = "subledger", .trick = "drip", .bytes_per_s = bytes_per_s);
  return book;
}

/* Of the first page of entries that a program logged, in microseconds. */
static gint64
first_page_us(void)
{
  static const char word[] = "\"ms\":\"";
  g_autofree char *log = book_log_take();
  const char *page = strstr(log, "/CTBR020/movimentacao");
  assert_non_null(page);
  return (gint64)(g_ascii_strtod(strstr(page, word) + strlen(word), NULL) * 1000);
}

/* F-23: an ERP thinks about the next page while this one arrives; what it says then waits, however
 * long its turn is in coming */
static void
test_the_next_page_is_asked_for_while_one_drips(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = dripping_book(1500);
  book_setting(book, "ERP_STALL_S", "1");
  g_autofree char *ignored = book_log_take();
  g_autoptr(Answer) answer = book_ask(book, SUBLEDGER, "account=1.01.001&" JANUARY);
  assert_status(answer, 200);
  assert_int_equal(answer_int(answer, "entry_count"), 30);
  assert_int_equal(book_calls(book, "subledger"), 3);
  gint64 dripped_us = first_page_us();
  assert_in_range(dripped_us, G_USEC_PER_SEC, 60 * G_USEC_PER_SEC); /* longer than a stall */
  assert_in_range(book_call_us(book, "subledger", 2) - book_call_us(book, "subledger", 1), 0,
                  dripped_us / 2);
}

/* 4.1: and what it refuses then is asked for again in its turn */
static void
test_a_page_refused_ahead_of_its_turn_is_asked_for_again(G_GNUC_UNUSED void **state)
{
  static const BookFault refusals[] = {
      {.status = 503}, {.status = 401}, {.trick = "reset"}, {.trick = "cut"}, {.status = 429}};
  for (gsize i = 0; i < G_N_ELEMENTS(refusals); i++) {
    g_autoptr(Book) book = dripping_book(6000);
    BookFault refusal = refusals[i];
    refusal.kind = "subledger";
    refusal.request = "{\"page\":\"2\"}";
    book_fault_with(book, &refusal);
    g_autoptr(Answer) answer = book_ask(book, SUBLEDGER, "account=1.01.001&" JANUARY);
    assert_status(answer, 200);
    assert_int_equal(answer_int(answer, "entry_count"), 30);
    assert_int_equal(book_calls(book, "subledger"), 4);
  }
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      LEDGER_CASE(test_an_answer_that_drips_is_given_up_and_asked_for_again),
      LEDGER_CASE(test_an_erp_that_always_drips_is_a_gateway_timeout),
      LEDGER_CASE(test_a_timeout_is_not_asked_again_where_that_was_configured),
      LEDGER_CASE(test_an_erp_that_never_answers_has_as_long_as_an_attempt_may_take),
      LEDGER_CASE(test_a_run_ends_by_its_deadline),
      LEDGER_CASE(test_health_of_an_erp_that_never_answers_is_told_in_time),
      LEDGER_CASE(test_health_keeps_its_deadline_while_no_token_comes),
      LEDGER_CASE(test_health_of_a_slow_erp_is_degraded),
      LEDGER_CASE(test_the_next_page_is_asked_for_while_one_drips),
      LEDGER_CASE(test_a_page_refused_ahead_of_its_turn_is_asked_for_again),
  };
  return RUN("slow ERPs", tests);
}
