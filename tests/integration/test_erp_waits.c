/* How long an ERP that fails, or asks for patience, is left alone before it is asked again
 * (erp-connectors.md 4.1). */
#include "harness_ledger.h"

#define JANUARY "from=2026-01-01&to=2026-01-31"
#define KIND    "trial-balance"
#define BUSY_MS 1500 /* what a busy machine may add to a wait */

static Book *
totvs_book(void)
{
  Book *book = book_new("EFFECTI", NULL);
  book_seed(book, "2026-01-01", 11, 10, 1);
  return book;
}

static Answer *
ask(const Book *book)
{
  return book_ask(book, TRIAL_BALANCE, JANUARY);
}

/* Between the beginnings of a call and the next one. */
static gint64
gap_ms(const Book *book, guint nth)
{
  return (book_call_us(book, KIND, nth + 1) - book_call_us(book, KIND, nth)) / 1000;
}

/* F-10: and everybody else waits too */
static void
test_an_erp_that_asks_for_two_seconds_gets_them(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = totvs_book();
  book_set(book, "PER_MINUTE", "100");
  book_fault(book, .kind = KIND, .status = 429, .headers = "{\"Retry-After\":\"2\"}");
  g_autoptr(Answer) answer = ask(book);
  assert_status(answer, 200);
  assert_int_equal(book_calls(book, KIND), 2);
  assert_in_range(gap_ms(book, 1), 2000, 2000 + BUSY_MS);
  assert_int_equal(sql_number("select count(*) from erp.rate_bucket b, sandbox.call c"
                              " where b.key = 'totvs:' || $1 and c.who = $2 and c.kind = $3"
                              "   and c.status = 429 and b.tokens <= 0"
                              "   and b.blocked_until >= c.at + interval '2 s'"
                              "   and b.blocked_until < c.at + interval '3.5 s'",
                              book_login(book, "tenant"), book_who(book), KIND),
                   1);
}

/* F-10: another process does not even ask before that */
static void
test_a_pause_holds_for_whoever_comes_next(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = totvs_book();
  book_set(book, "PER_MINUTE", "100");
  book_setting(book, "ERP_RETRY_ATTEMPTS", "1");
  book_fault(book, .kind = KIND, .status = 429, .headers = "{\"Retry-After\":\"1\"}");
  g_autoptr(Answer) refused = ask(book);
  assert_error_code(refused, 429, NULL, "erp_rate_limited");
  assert_at(refused, "retry_after", "1");
  g_autoptr(Answer) next = ask(book);
  assert_status(next, 200);
  assert_in_range(gap_ms(book, 1), 1000, 1000 + BUSY_MS);
}

/* F-11: whole seconds, so up to one of them is already over */
static void
test_an_erp_that_names_a_time_is_not_asked_before_it(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = totvs_book();
  g_autoptr(GDateTime) now = g_date_time_new_now_utc();
  g_autoptr(GDateTime) later = g_date_time_add_seconds(now, 3);
  g_autofree char *headers =
      g_date_time_format(later, "{\"Retry-After\":\"%a, %d %b %Y %H:%M:%S GMT\"}");
  book_fault(book, .kind = KIND, .status = 429, .headers = headers);
  g_autoptr(Answer) answer = ask(book);
  assert_status(answer, 200);
  assert_in_range(gap_ms(book, 1), 1900, 3000 + BUSY_MS);
  assert_true(book_call_us(book, KIND, 2) >= g_date_time_to_unix(later) * G_USEC_PER_SEC - 50000);
}

/* F-12 */
static void
test_an_erp_that_asks_for_an_hour_ends_the_run_at_once(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = totvs_book();
  book_fault(book, .kind = KIND, .status = 429, .headers = "{\"Retry-After\":\"3600\"}");
  g_autoptr(Answer) answer = ask(book);
  assert_error_code(answer, 429, NULL, "erp_rate_limited");
  assert_at(answer, "type", "RateLimit");
  assert_at(answer, "retry_after", "3600");
  assert_at(answer, "attempts", "1");
  assert_header(answer, "retry-after", "3600");
  assert_int_equal(book_calls(book, KIND), 1);
}

#define HELD_UNTIL(until)                                                                          \
  "select bool_and(blocked_until between " until " - interval '20 s' and " until                   \
  " + interval '1 s') from (select blocked_until, clock_timestamp() as now from erp.rate_bucket) " \
  "b"
#define MIDNIGHT                                                                                   \
  "(((now at time zone 'America/Sao_Paulo')::date + 1)::timestamp at time zone "                   \
  "'America/Sao_Paulo')"

/* A slip of the ERP's must not shut everybody out for a year: an hour, or where calls of a day are
 * counted, until the next one.  Who asked is told what the ERP said. */
static void
test_a_pause_of_a_year_holds_everybody_back_for_an_hour(G_GNUC_UNUSED void **state)
{
  static const struct {
    const char *company, *kind, *held;
  } erps[] = {{"EFFECTI", KIND, HELD_UNTIL("now + interval '1 h'")},
              {"LEADLOVERS", "chart", HELD_UNTIL("greatest(" MIDNIGHT ", now + interval '1 h')")}};
  for (gsize i = 0; i < G_N_ELEMENTS(erps); i++) {
    g_autoptr(Book) book = book_new(erps[i].company, NULL);
    sql("delete from erp.rate_bucket");
    book_seed(book, "2026-01-01", 11, 10, 1);
    book_set(book, "PER_MINUTE", "100");
    book_fault(book, .kind = erps[i].kind, .status = 429,
               .headers = "{\"Retry-After\":\"31536000\"}");
    g_autoptr(Answer) answer = ask(book);
    assert_error_code(answer, 429, NULL, "erp_rate_limited");
    assert_at(answer, "retry_after", "31536000");
    assert_sql("t", erps[i].held);
  }
}

/* 4.1: the same from a server that is down for long */
static void
test_an_erp_that_is_down_for_an_hour_ends_the_run_at_once(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = totvs_book();
  book_fault(book, .kind = KIND, .status = 503, .headers = "{\"Retry-After\":\"3600\"}");
  g_autoptr(Answer) answer = ask(book);
  assert_error_code(answer, 502, NULL, "erp_connection_failed");
  assert_at(answer, "retry_after", "3600");
  assert_header(answer, "retry-after", "3600");
  assert_int_equal(book_calls(book, KIND), 1);
}

/* 4.1: a wait that would pass the run's deadline is not begun */
static void
test_a_wait_past_the_deadline_is_not_begun(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = totvs_book();
  book_setting(book, "ERP_TRIAL_BALANCE_DEADLINE_S", "2");
  book_fault(book, .kind = KIND, .status = 429, .headers = "{\"Retry-After\":\"20\"}");
  g_autoptr(Answer) answer = ask(book);
  assert_error_code(answer, 429, NULL, "erp_rate_limited");
  assert_at(answer, "retry_after", "20");
  assert_int_equal(book_calls(book, KIND), 1);
}

static void
assert_header_is_ignored(const char *headers)
{
  g_autoptr(Book) book = totvs_book();
  book_setting(book, "ERP_RETRY_BASE_MS", "200");
  book_fault(book, .kind = KIND, .status = 429, .headers = headers);
  g_autoptr(Answer) answer = ask(book);
  assert_status(answer, 200);
  assert_int_equal(book_calls(book, KIND), 2);
  assert_in_range(gap_ms(book, 1), 200, 200 + BUSY_MS);
}

/* F-13 */
static void
test_a_wait_that_makes_no_sense_is_ignored(G_GNUC_UNUSED void **state)
{
  assert_header_is_ignored("{\"Retry-After\":\"-5\"}");
  assert_header_is_ignored("{\"Retry-After\":\"abc\"}");
}

/* F-14: with the waits that nobody configured */
static void
test_an_erp_that_is_down_for_a_moment_is_asked_again(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = totvs_book();
  book_setting(book, "ERP_RETRY_BASE_MS", "");
  book_setting(book, "ERP_RETRY_JITTER", "");
  book_fault(book, .kind = KIND, .status = 503, .times = 2);
  g_autoptr(Answer) answer = ask(book);
  assert_status(answer, 200);
  assert_int_equal(book_calls(book, KIND), 3);
  assert_in_range(gap_ms(book, 1), 500, 1000 + BUSY_MS);
  assert_in_range(gap_ms(book, 2), 1000, 2000 + BUSY_MS);
}

/* F-15 */
static void
test_an_erp_that_stays_down_is_given_up_after_three_attempts(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = totvs_book();
  book_fault(book, .kind = KIND, .status = 500, .times = 3);
  g_autoptr(Answer) answer = ask(book);
  assert_error_code(answer, 502, "O ERP falhou.", "erp_connection_failed");
  assert_at(answer, "type", "Connection");
  assert_at(answer, "attempts", "3");
  assert_at(answer, "upstream_status", "500");
  assert_at(answer, "retryable", "true");
  assert_at(answer, "retry_after", "null");
  assert_int_equal(book_calls(book, KIND), 3);
  assert_in_range(gap_ms(book, 1), 20, 20 + BUSY_MS);
  assert_in_range(gap_ms(book, 2), 40, 40 + BUSY_MS);
  g_autoptr(Answer) next = ask(book);
  assert_status(next, 200);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      LEDGER_CASE(test_an_erp_that_asks_for_two_seconds_gets_them),
      LEDGER_CASE(test_a_pause_holds_for_whoever_comes_next),
      LEDGER_CASE(test_an_erp_that_names_a_time_is_not_asked_before_it),
      LEDGER_CASE(test_an_erp_that_asks_for_an_hour_ends_the_run_at_once),
      LEDGER_CASE(test_a_pause_of_a_year_holds_everybody_back_for_an_hour),
      LEDGER_CASE(test_an_erp_that_is_down_for_an_hour_ends_the_run_at_once),
      LEDGER_CASE(test_a_wait_past_the_deadline_is_not_begun),
      LEDGER_CASE(test_a_wait_that_makes_no_sense_is_ignored),
      LEDGER_CASE(test_an_erp_that_is_down_for_a_moment_is_asked_again),
      LEDGER_CASE(test_an_erp_that_stays_down_is_given_up_after_three_attempts),
  };
  return RUN("waits for an ERP", tests);
}
