/* ERPs that take their time: bytes that drip, answers that never come (erp-connectors.md 1.2). */
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
  };
  return RUN("slow ERPs", tests);
}
