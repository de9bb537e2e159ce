/* An ERP that keeps failing is left alone, and tried again with one request (erp-connectors.md
 * 4.2).  Time passes by moving the breaker's row. */
#include "harness_ledger.h"
#include "harness_sales.h"

#define JANUARY "from=2026-01-01&to=2026-01-31"
#define KIND    "trial-balance"
#define KEY     "EFFECTI@127.0.0.1"
#define CALLERS 10

/* A company whose requests show a token that needs no call, and are tried so often. */
static Book *
totvs_book(const char *attempts)
{
  Book *book = book_new("EFFECTI", NULL);
  g_autofree char *token = book_token_make(book);
  book_seed(book, "2026-01-01", 11, 10, 1);
  book_set(book, "AUTH_TYPE", "bearer_token");
  book_set(book, "TOKEN", token);
  book_setting(book, "ERP_RETRY_BASE_MS", "1");
  book_setting(book, "ERP_RETRY_MAX_MS", "5");
  book_setting(book, "ERP_RETRY_ATTEMPTS", attempts);
  return book;
}

static Answer *
ask(const Book *book)
{
  return book_ask(book, TRIAL_BALANCE, JANUARY);
}

#define assert_breaker(expected)                                                                   \
  assert_sql(expected, "select state || ' ' || failures from erp.breaker where key = $1", KEY)

static void
opened_ago(const char *interval)
{
  sql("update erp.breaker set opened_at = clock_timestamp() - $1::interval where key = $2",
      interval, KEY);
}

/* Five 500s in a row. */
static void
fail_five_times(const Book *book)
{
  book_fault(book, .kind = KIND, .status = 500, .times = 5);
  g_autoptr(Answer) answer = ask(book);
  assert_error_code(answer, 502, NULL, "erp_connection_failed");
  assert_int_equal(book_calls(book, KIND), 5);
  assert_breaker("OPEN 5");
}

static void
assert_refused(const Answer *answer, const char *retry_after)
{
  assert_error_code(answer, 503, "Chamadas ao ERP suspensas após falhas repetidas.",
                    "erp_circuit_open");
  assert_at(answer, "type", "CircuitOpen");
  assert_at(answer, "retryable", "true");
  assert_at(answer, "attempts", "null");
  assert_at(answer, "upstream_status", "null");
  assert_at(answer, "retry_after", retry_after);
  assert_header(answer, "retry-after", retry_after);
}

/* F-35: asked through nginx, so that the 59th second is not over before the program has begun */
static void
test_after_five_failures_nobody_asks_for_a_minute(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = totvs_book("5");
  fail_five_times(book);
  book_serve(book, TRIAL_BALANCE);
  g_autoptr(Answer) awake = book_call(book, TRIAL_BALANCE, "from=2026-02-01&to=2026-01-01");
  assert_status(awake, 400);
  opened_ago("59 s");
  g_autoptr(Answer) early = book_call(book, TRIAL_BALANCE, JANUARY);
  assert_refused(early, "1");
  assert_int_equal(book_calls(book, NULL), 5);
  opened_ago("60 s");
  g_autoptr(Answer) probe = book_call(book, TRIAL_BALANCE, JANUARY);
  assert_status(probe, 200);
  assert_int_equal(book_calls(book, NULL), 6);
  assert_breaker("CLOSED 0");
}

/* 4.2: a run during which it opens tells what it met; and what was begun does not go on */
static void
test_a_run_that_meets_the_fifth_failure_ends_with_it(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = totvs_book("3");
  book_fault(book, .kind = KIND, .status = 504, .times = LEDGER_ALWAYS);
  g_autoptr(Answer) first = ask(book);
  assert_error_code(first, 504, NULL, "erp_timeout");
  assert_at(first, "attempts", "3");
  assert_breaker("CLOSED 3");
  g_autoptr(Answer) second = ask(book);
  assert_error_code(second, 504, NULL, "erp_timeout");
  assert_at(second, "attempts", "2");
  assert_breaker("OPEN 5");
  g_autoptr(Answer) third = ask(book);
  assert_error_code(third, 503, NULL, "erp_circuit_open");
  assert_int_equal(book_calls(book, KIND), 5);
}

/* 4.2: of each company alone */
static void
test_another_company_goes_on(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = totvs_book("5");
  g_autoptr(Book) other = book_new("ONCLICK", NULL);
  book_seed(other, "2026-01-01", 11, 10, 1);
  fail_five_times(book);
  g_autoptr(Answer) answer = ask(other);
  assert_status(answer, 200);
}

/* F-35: health says so, and asks nobody */
static void
test_health_tells_that_calls_are_held_back(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = totvs_book("5");
  fail_five_times(book);
  g_autoptr(Answer) answer = book_ask(book, ERP_HEALTH, "");
  assert_status(answer, 503);
  assert_at(answer, "status", "unhealthy");
  assert_at(answer, "details.circuit", "OPEN");
  assert_at(answer, "details.reason", "erp_circuit_open");
  assert_int_equal(book_calls(book, NULL), 5);
}

/* F-36 */
static void
test_of_ten_at_once_one_tries_whether_the_erp_is_back(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = totvs_book("5");
  BookCall *calls[CALLERS];
  fail_five_times(book);
  book_setting(book, "ERP_RUNS", "20");
  book_setting(book, "ERP_RUNS_PER_COMPANY", "20");
  opened_ago("61 s");
  sales_hold("totvs", KIND);
  calls[0] = book_start(book, TRIAL_BALANCE, JANUARY);
  WAIT_FOR(sales_held() == 1);
  assert_breaker("HALF_OPEN 5");
  for (guint i = 1; i < CALLERS; i++)
    calls[i] = book_start(book, TRIAL_BALANCE, JANUARY);
  for (guint i = 1; i < CALLERS; i++) {
    g_autoptr(Answer) refused = book_finish(calls[i]);
    assert_refused(refused, "1");
  }
  assert_int_equal(book_calls(book, KIND), 6);
  sales_release();
  g_autoptr(Answer) probe = book_finish(calls[0]);
  assert_status(probe, 200);
  assert_breaker("CLOSED 0");
  g_autoptr(Answer) next = ask(book);
  assert_status(next, 200);
}

static guint
count_done(Pending *const *calls)
{
  guint done = 0;
  for (guint i = 0; i < CALLERS; i++)
    done += call_is_done(calls[i]) ? 1 : 0;
  return done;
}

/* F-36: all at once, and nobody knows who is first */
static void
test_ten_at_once_do_not_storm_an_erp_that_was_down(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = totvs_book("5");
  g_autofree char *path = book_path(book, TRIAL_BALANCE, JANUARY);
  Pending *calls[CALLERS];
  guint fine = 0, refused = 0;
  fail_five_times(book);
  book_setting(book, "ERP_RUNS", "20");
  book_setting(book, "ERP_RUNS_PER_COMPANY", "20");
  book_serve(book, TRIAL_BALANCE);
  opened_ago("61 s");
  sales_hold("totvs", KIND);
  for (guint i = 0; i < CALLERS; i++)
    calls[i] = call_start("GET", path, .token = book_bearer());
  WAIT_FOR(count_done(calls) == CALLERS - 1 && sales_held() == 1);
  assert_int_equal(book_calls(book, KIND), 6);
  sales_release();
  for (guint i = 0; i < CALLERS; i++) {
    g_autoptr(Answer) answer = call_finish(calls[i]);
    fine += answer->status == 200;
    refused += answer->status == 503;
  }
  assert_int_equal(fine, 1);
  assert_int_equal(refused, CALLERS - 1);
  assert_breaker("CLOSED 0");
}

/* F-37 */
static void
test_a_probe_that_fails_holds_calls_back_for_another_minute(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = totvs_book("5");
  fail_five_times(book);
  opened_ago("60 s");
  book_fault(book, .kind = KIND, .status = 500, .times = LEDGER_ALWAYS);
  g_autoptr(Answer) probe = ask(book);
  assert_error_code(probe, 502, NULL, "erp_connection_failed");
  assert_at(probe, "attempts", "1");
  assert_int_equal(book_calls(book, KIND), 6);
  assert_sql("t",
             "select state = 'OPEN' and opened_at > clock_timestamp() - interval '20 s'"
             " from erp.breaker where key = $1",
             KEY);
  g_autoptr(Answer) next = ask(book);
  assert_error_code(next, 503, NULL, "erp_circuit_open");
  g_autofree char *retry_after = answer_at(next, "retry_after");
  assert_in_range(g_ascii_strtoll(retry_after, NULL, 10), 40, 60);
  assert_int_equal(book_calls(book, KIND), 6);
}

/* F-37: whoever refuses us is there */
static void
test_a_probe_that_is_refused_lets_everybody_in_again(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = totvs_book("5");
  fail_five_times(book);
  opened_ago("60 s");
  book_fault(book, .kind = KIND, .status = 401);
  g_autoptr(Answer) probe = ask(book);
  assert_error_code(probe, 502, NULL, "erp_authentication_failed");
  assert_breaker("CLOSED 0");
  g_autoptr(Answer) next = ask(book);
  assert_status(next, 200);
}

/* F-38 */
static void
test_answers_that_are_no_failures_hold_nobody_back(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = totvs_book("10");
  book_fault(book, .kind = KIND, .status = 429, .times = 10);
  g_autoptr(Answer) limited = ask(book);
  assert_error_code(limited, 429, NULL, "erp_rate_limited");
  assert_at(limited, "attempts", "10");
  book_fault(book, .kind = KIND, .status = 404, .times = 10);
  for (guint i = 0; i < 10; i++) {
    g_autoptr(Answer) absent = ask(book);
    assert_error_code(absent, 404, NULL, "erp_resource_not_found");
  }
  assert_int_equal(book_calls(book, KIND), 20);
  assert_count(0, "erp.breaker where state <> 'CLOSED' or failures > 0");
  g_autoptr(Answer) next = ask(book);
  assert_status(next, 200);
}

/* F-38, 4.2: nor do they begin the count anew, as a success does */
static void
test_failures_in_a_row_are_counted_past_refusals(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = totvs_book("1");
  book_fault(book, .kind = KIND, .status = 503);
  g_autoptr(Answer) down = ask(book);
  assert_error(down, 502, NULL);
  book_fault(book, .kind = KIND, .status = 404);
  g_autoptr(Answer) absent = ask(book);
  assert_error(absent, 404, NULL);
  assert_breaker("CLOSED 1");
  g_autoptr(Answer) fine = ask(book);
  assert_status(fine, 200);
  assert_breaker("CLOSED 0");
}

static int
after(void **state)
{
  sales_release();
  return ledger_after(state);
}

#undef CASE
#define CASE(test) cmocka_unit_test_setup_teardown(test, ledger_before, after)

int
main(void)
{
  const struct CMUnitTest tests[] = {
      CASE(test_after_five_failures_nobody_asks_for_a_minute),
      CASE(test_a_run_that_meets_the_fifth_failure_ends_with_it),
      CASE(test_another_company_goes_on),
      CASE(test_health_tells_that_calls_are_held_back),
      CASE(test_of_ten_at_once_one_tries_whether_the_erp_is_back),
      CASE(test_ten_at_once_do_not_storm_an_erp_that_was_down),
      CASE(test_a_probe_that_fails_holds_calls_back_for_another_minute),
      CASE(test_a_probe_that_is_refused_lets_everybody_in_again),
      CASE(test_answers_that_are_no_failures_hold_nobody_back),
      CASE(test_failures_in_a_row_are_counted_past_refusals),
  };
  return RUN("breaker of an ERP", tests);
}
