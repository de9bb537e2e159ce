/* A subledger under way: within one answer of the ERP, while the caller dawdles or leaves, and when
 * our program dies (erp-connectors.md 9).  (What goes from page to page: test_streaming.c.) */
#include <string.h>

#include "harness_ledger.h"
#include "harness_reader.h"

#define ACCOUNT "1.01.001"
#define OTHER   "4.01.001"
#define JANUARY "account=" ACCOUNT "&from=2026-01-01&to=2026-01-31"
#define MANY    20000 /* about 6 MB of JSON, of the ERP's and of ours */
#define SOME    9000
#define HALF    "4500" /* of which more is sent than an ordinary answer holds */
#define KIB     1024
#define SECOND  G_USEC_PER_SEC
#define RUNNING "select count(*) from erp.run where company = 'EFFECTI'"

static Book *
book_with(guint entries)
{
  Book *book = book_new("EFFECTI", NULL);
  book_account(book, ACCOUNT, "Caixa", "ASSET", "0.00");
  book_account(book, OTHER, "Receita", "REVENUE", "0.00");
  book_fill(book, ACCOUNT, OTHER, "2026-01-01", entries);
  return book;
}

/* All of them in one answer of the ERP. */
static Book *
book_of_one_answer(guint entries)
{
  Book *book = book_with(entries);
  ledger_setting("totvs", "paging", "N");
  return book;
}

static Reader *
open_reader(const Book *book, const char *query)
{
  g_autofree char *path = book_path(book, SUBLEDGER, query);
  return reader_open(path, book_bearer());
}

static gboolean
has_come(const Reader *reader, const char *text)
{
  return strstr(reader_text(reader)->str, text) != NULL;
}

/* Reads on to the end of a chunked answer; FALSE when it broke off. */
static gboolean
read_whole(Reader *reader)
{
  while (!g_str_has_suffix(reader_text(reader)->str, "\r\n0\r\n\r\n"))
    if (!reader_take(reader, 1))
      return FALSE;
  return TRUE;
}

static void
assert_breaker_untouched(void)
{
  assert_int_equal(
      sql_number("select count(*) from erp.breaker"
                 " where key like 'EFFECTI@%' and (failures > 0 or state <> 'CLOSED')"),
      0);
}

static void
wait_until_the_run_is_over(gint64 left_us)
{
  WAIT_FOR(sql_number(RUNNING) == 0);
  assert_in_range(g_get_monotonic_time() - left_us, 0, SECOND);
}

/* F-31, F-33: an answer that takes twelve seconds to arrive, of which rows are seen in less */
static void
test_rows_are_handed_on_before_the_erp_has_told_all(G_GNUC_UNUSED void **state)
{
  static const char *const queries[] = {JANUARY, JANUARY "&format=csv"};
  g_autoptr(Book) book = book_of_one_answer(MANY);
  book_fault(book, .kind = "subledger", .trick = "drip", .bytes_per_s = 500 * KIB,
             .times = LEDGER_ALWAYS);
  book_serve(book, SUBLEDGER);
  for (gsize i = 0; i < G_N_ELEMENTS(queries); i++) {
    Reader *reader = open_reader(book, queries[i]);
    assert_true(reader_take(reader, 64 * KIB));
    gint64 begun_us = book_call_us(book, "subledger", (guint)i + 1);
    assert_true(g_get_real_time() - begun_us < 8 * SECOND);
    assert_true(has_come(reader, "HTTP/1.1 200"));
    assert_true(has_come(reader, "2026-01-01"));
    gint64 left_us = g_get_monotonic_time();
    reader_close(reader);
    wait_until_the_run_is_over(left_us);
    assert_int_equal(book_calls(book, "subledger"), i + 1);
  }
  assert_breaker_untouched();
}

/* F-32: nobody's clock runs while the caller dawdles */
static void
test_a_slow_client_holds_one_long_answer_back(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = book_of_one_answer(MANY);
  book_setting(book, "ERP_EXTRACT_TIMEOUT_MS", "5000");
  book_setting(book, "ERP_STALL_S", "1");
  book_serve(book, SUBLEDGER);
  g_autoptr(Reader) reader = open_reader(book, JANUARY);
  assert_true(reader_take(reader, KIB));
  gint64 begun_us = g_get_monotonic_time();
  WAIT_FOR(g_get_monotonic_time() - begun_us > 5 * SECOND);
  assert_int_equal(sql_number(RUNNING), 1);
  assert_true(read_whole(reader));
  assert_true(has_come(reader, "\"complete\":true"));
  assert_true(has_come(reader, "\"entry_count\":20000"));
  assert_int_equal(book_calls(book, "subledger"), 1);
  assert_breaker_untouched();
}

/* F-32: from a caller at 1 KiB/s, in the middle of it, the ERP is asked for nothing */
static void
test_a_caller_who_takes_a_little_is_not_given_up(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = book_with(MANY);
  book_set(book, "PAGE_SIZE", "500");
  book_setting(book, "ERP_CLIENT_STALL_S", "2");
  book_serve(book, SUBLEDGER);
  g_autoptr(Reader) reader = open_reader(book, JANUARY "&format=csv");
  assert_true(reader_take(reader, KIB));
  for (guint i = 0; i < 4; i++) { /* longer than somebody who takes nothing may */
    gint64 begun_us = g_get_monotonic_time();
    WAIT_FOR(g_get_monotonic_time() - begun_us > SECOND);
    assert_true(reader_take(reader, 256 * KIB));
  }
  assert_int_equal(sql_number(RUNNING), 1);
  assert_true(read_whole(reader));
  assert_int_equal(book_calls(book, "subledger"), MANY / 500);
}

/* F-33: the next page is not asked for, nor the failed one again */
static void
test_a_caller_who_leaves_while_a_page_is_waited_for_is_noticed(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = book_with(SOME);
  book_set(book, "PAGE_SIZE", "1000");
  book_setting(book, "ERP_RETRY_BASE_MS", "60000");
  book_fault(book, .kind = "subledger", .request = "{\"page\":\"2\"}", .status = 503);
  book_serve(book, SUBLEDGER);
  Reader *reader = open_reader(book, JANUARY);
  assert_true(reader_take(reader, 200 * KIB)); /* what is not taken keeps page 2 from being asked */
  WAIT_FOR(book_call_status(book, "subledger", 2) == 503); /* and now the wait of 4.1 */
  gint64 left_us = g_get_monotonic_time();
  reader_close(reader);
  wait_until_the_run_is_over(left_us);
  assert_int_equal(book_calls(book, "subledger"), 2);
}

/* Somebody who asks while page 2 does not come, until the program is gone. */
static Pending *
ask_until_page_2(const Book *book, const char *path, gint64 calls)
{
  Pending *pending = call_start("GET", path, .token = book_bearer());
  WAIT_FOR(book_calls(book, "subledger") == calls);
  return pending;
}

static void
assert_broken(Pending *pending)
{
  g_autoptr(Answer) answer = call_finish(pending);
  assert_non_null(answer->failure); /* an HTTP client's own word for it */
  assert_int_equal(answer->status, 0);
  assert_null(answer->json);
}

/* F-34 */
static void
test_a_program_that_is_killed_leaves_broken_transfers(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = book_with(SOME);
  book_set(book, "PAGE_SIZE", HALF);
  book_fault(book, .kind = "subledger", .request = "{\"page\":\"2\"}", .trick = "hang",
             .delay_ms = 60000, .times = LEDGER_ALWAYS);
  book_serve(book, SUBLEDGER);
  g_autofree char *json = book_path(book, SUBLEDGER, JANUARY);
  g_autofree char *csv = book_path(book, SUBLEDGER, JANUARY "&format=csv&bom=1");
  Pending *first = ask_until_page_2(book, json, 2);
  Pending *second = ask_until_page_2(book, csv, 4);
  program_kill(SUBLEDGER);
  assert_broken(first);
  assert_broken(second);
}

/* F-34: and what was told before it is not shown as whole either */
static void
test_csv_that_breaks_off_has_no_proper_end(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = book_with(SOME);
  book_set(book, "PAGE_SIZE", HALF);
  book_fault(book, .kind = "subledger", .request = "{\"page\":\"2\"}", .status = 400);
  book_serve(book, SUBLEDGER);
  g_autoptr(Reader) reader = open_reader(book, JANUARY "&format=csv");
  assert_false(read_whole(reader));
  assert_true(has_come(reader, "HTTP/1.1 200"));
  assert_true(has_come(reader, "Transfer-Encoding: chunked"));
  assert_false(has_come(reader, "erp_rejected_request")); /* no line of it is an error's text */
  WAIT_FOR(sql_number(RUNNING) == 0);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      LEDGER_CASE(test_rows_are_handed_on_before_the_erp_has_told_all),
      LEDGER_CASE(test_a_slow_client_holds_one_long_answer_back),
      LEDGER_CASE(test_a_caller_who_takes_a_little_is_not_given_up),
      LEDGER_CASE(test_a_caller_who_leaves_while_a_page_is_waited_for_is_noticed),
      LEDGER_CASE(test_a_program_that_is_killed_leaves_broken_transfers),
      LEDGER_CASE(test_csv_that_breaks_off_has_no_proper_end),
  };
  return RUN("subledgers under way", tests);
}
