/* Subledgers that are sent while they are read: whole, bounded, and never whole in looks alone. */
#include <string.h>

#include "harness_ledger.h"
#include "harness_reader.h"

#define ACCOUNT "1.01.001"
#define OTHER   "4.01.001"
#define JANUARY "account=" ACCOUNT "&from=2026-01-01&to=2026-01-31"
#ifdef __SANITIZE_ADDRESS__ /* slow, and keeps freed memory for a while */
#define MANY               10000
#define SOON               (5 * SECOND)
#define assert_growth(kib) ((void)(kib))
#else
#define MANY               100000
#define SOON               SECOND
#define assert_growth(kib) assert_in_range(kib, 0, 32 * KIB) /* erp-connectors.md 9 */
#endif
#define SOME    20000
#define PAGE    500
#define KIB     1024
#define SECOND  G_USEC_PER_SEC
#define RUNNING "select count(*) from erp.run where company = 'EFFECTI'"

/* A company with so many entries of one account in January, in pages of PAGE. */
static Book *
book_with(guint entries)
{
  Book *book = book_new("EFFECTI", NULL);
  book_account(book, ACCOUNT, "Caixa", "ASSET", "0.00");
  book_account(book, OTHER, "Receita", "REVENUE", "0.00");
  if (entries > 0)
    book_fill(book, ACCOUNT, OTHER, "2026-01-01", entries);
  book_set(book, "PAGE_SIZE", "500");
  return book;
}

static guint
lines_in(const Answer *answer)
{
  const char *end = answer->body + answer->length, *at = answer->body;
  guint n = 0;
  while ((at = memchr(at, '\n', (gsize)(end - at))) != NULL) {
    n++;
    at++;
  }
  return n;
}

static void
assert_all_came(const Book *book, const Answer *answer)
{
  g_autofree char *total = book_entry_sum(book, ACCOUNT, "2026-01-01", "2026-01-31", "debit");
  assert_status(answer, 200);
  assert_int_equal(json_array_size(json_object_get(answer->json, "entries")), MANY);
  assert_at(answer, "entry_count", G_STRINGIFY(MANY));
  assert_at(answer, "total_debit", total);
  assert_at(answer, "total_credit", "0.00");
  assert_at(answer, "complete", "true");
  assert_at(answer, "error", "null");
}

/* F-30 */
static void
test_a_hundred_thousand_entries_arrive_without_growing(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = book_with(MANY);
  book_serve(book, SUBLEDGER);
  g_autoptr(Answer) small = book_call(book, SUBLEDGER, JANUARY "&document_types=nenhum");
  assert_status(small, 200);
  assert_at(small, "entry_count", "0");
  gint64 before_kib = program_peak_kib(SUBLEDGER);
  gint64 calls = book_calls(book, "subledger");
  g_autoptr(Answer) json = book_call(book, SUBLEDGER, JANUARY);
  assert_all_came(book, json);
  assert_int_equal(book_calls(book, "subledger") - calls, MANY / PAGE);
  g_autoptr(Answer) csv = book_call(book, SUBLEDGER, JANUARY "&format=csv");
  assert_status(csv, 200);
  assert_int_equal(lines_in(csv), MANY + 1);
  assert_growth(program_peak_kib(SUBLEDGER) - before_kib);
}

/* F-31 */
static void
test_one_answer_of_a_hundred_thousand_entries_is_no_larger(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = book_with(MANY);
  ledger_setting("totvs", "paging", "N");
  book_serve(book, SUBLEDGER);
  g_autoptr(Answer) health =
      book_call(book, SUBLEDGER, "account=" OTHER "&from=2025-01-01&to=2025-01-01");
  assert_status(health, 200);
  gint64 before_kib = program_peak_kib(SUBLEDGER);
  g_autoptr(Answer) json = book_call(book, SUBLEDGER, JANUARY);
  assert_all_came(book, json);
  assert_int_equal(book_calls(book, "subledger"), 2);
  assert_growth(program_peak_kib(SUBLEDGER) - before_kib);
}

/* Nothing more was asked of the ERP for so long. */
static gboolean
is_quiet(const Book *book, gint64 us)
{
  return sql_number(
             "select coalesce(max(extract(epoch from clock_timestamp() - at)) * 1e6, 0)::bigint"
             " from (select max(at) as at from sandbox.call where who = $1) c",
             book_who(book)) >= us;
}

static gboolean
ends_with(const Reader *reader, const char *end)
{
  const GString *text = reader_text(reader);
  gsize length = strlen(end);
  return text->len >= length && memcmp(text->str + text->len - length, end, length) == 0;
}

/* F-32 */
static void
test_a_client_that_reads_slowly_holds_the_erp_back(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = book_with(SOME);
  book_setting(book, "ERP_EXTRACT_TIMEOUT_MS", "1000");
  book_serve(book, SUBLEDGER);
  g_autofree char *path = book_path(book, SUBLEDGER, JANUARY);
  g_autoptr(Reader) reader = reader_open(path, book_bearer());
  assert_true(reader_take(reader, KIB));
  WAIT_FOR(is_quiet(book, 2 * SECOND)); /* longer than a call may take */
  assert_true(reader_take(reader, KIB));
  assert_in_range(book_calls(book, "subledger"), 1, 20);
  assert_int_equal(sql_number(RUNNING), 1);
  while (!ends_with(reader, "\r\n0\r\n\r\n") && reader_take(reader, 1))
    ;
  assert_non_null(strstr(reader_text(reader)->str, "\"complete\":true"));
  assert_int_equal(book_calls(book, "subledger"), SOME / PAGE); /* none was asked again */
  assert_int_equal(sql_number("select coalesce(sum(failures), 0) from erp.breaker"
                              " where key like 'EFFECTI@%'"),
                   0);
}

/* F-32: the other half of it */
static void
test_a_client_that_takes_nothing_is_given_up(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = book_with(SOME);
  book_setting(book, "ERP_CLIENT_STALL_S", "1");
  book_serve(book, SUBLEDGER);
  g_autofree char *path = book_path(book, SUBLEDGER, JANUARY);
  g_autoptr(Reader) reader = reader_open(path, book_bearer());
  assert_true(reader_take(reader, KIB));
  WAIT_FOR(sql_number(RUNNING) == 0);
  assert_in_range(book_calls(book, "subledger"), 1, 20);
}

/* F-33 */
static void
test_a_client_that_leaves_ends_the_run(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = book_with(SOME);
  book_serve(book, SUBLEDGER);
  g_autofree char *path = book_path(book, SUBLEDGER, JANUARY);
  Reader *reader = reader_open(path, book_bearer());
  assert_true(reader_take(reader, 100 * KIB));
  gint64 left_us = g_get_monotonic_time();
  reader_close(reader);
  WAIT_FOR(sql_number(RUNNING) == 0);
  assert_in_range(g_get_monotonic_time() - left_us, 0, SOON);
  gint64 calls = book_calls(book, "subledger");
  assert_in_range(calls, 1, 20);
  WAIT_FOR(is_quiet(book, SECOND / 2));
  assert_int_equal(book_calls(book, "subledger"), calls);
  assert_int_equal(
      sql_number("select count(*) from erp.breaker"
                 " where key like 'EFFECTI@%' and (failures > 0 or state <> 'CLOSED')"),
      0);
}

/* F-33: before a byte was sent, while the ERP keeps us waiting */
static void
test_a_client_that_leaves_early_ends_the_run_too(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = book_with(1000);
  book_fault(book, .kind = "subledger", .trick = "hang", .delay_ms = 60000);
  book_serve(book, SUBLEDGER);
  g_autofree char *path = book_path(book, SUBLEDGER, JANUARY);
  Reader *reader = reader_open(path, book_bearer());
  WAIT_FOR(book_calls(book, "subledger") == 1);
  gint64 left_us = g_get_monotonic_time();
  reader_close(reader);
  WAIT_FOR(sql_number(RUNNING) == 0);
  assert_in_range(g_get_monotonic_time() - left_us, 0, SOON);
}

/* F-34 */
static void
test_a_failure_in_the_middle_is_told_in_json_and_cuts_csv_off(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = book_with(5000);
  book_set(book, "PAGE_SIZE", "1000");
  book_fault(book, .kind = "subledger", .request = "{\"page\":\"4\"}", .status = 400,
             .times = LEDGER_ALWAYS);
  book_serve(book, SUBLEDGER);
  g_autoptr(Answer) json = book_call(book, SUBLEDGER, JANUARY);
  assert_status(json, 200);
  assert_at(json, "complete", "false");
  assert_at(json, "error.code", "erp_rejected_request");
  assert_at(json, "error.type", "Validation");
  assert_at(json, "error.company", "EFFECTI");
  assert_at(json, "error.upstream_status", "400");
  assert_int_equal(json_array_size(json_object_get(json->json, "entries")), 3000);
  g_autoptr(Answer) csv = book_call(book, SUBLEDGER, JANUARY "&format=csv");
  assert_non_null(csv->failure);
  assert_true(csv->length > 0);
}

/* F-34: nothing was sent yet */
static void
test_a_failure_at_the_beginning_is_an_ordinary_error(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = book_with(5000);
  book_fault(book, .kind = "subledger", .status = 400, .times = LEDGER_ALWAYS);
  book_serve(book, SUBLEDGER);
  g_autoptr(Answer) csv = book_call(book, SUBLEDGER, JANUARY "&format=csv");
  assert_error_code(csv, 422, NULL, "erp_rejected_request");
  assert_member(csv, "type", "Validation");
  assert_member(csv, "company", "EFFECTI");
  assert_null(answer_header(csv, "content-disposition"));
}

static guint
status_of(const char *path)
{
  g_autoptr(Answer) answer = call("GET", path, .token = book_bearer());
  return answer->status;
}

static void
test_a_worker_that_dies_in_the_middle_leaves_no_whole_answer(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = book_with(SOME);
  book_setting(book, "ERP_RUN_LEASE_S", "1");
  book_setting(book, "ERP_RUNS", "1");
  book_serve(book, SUBLEDGER);
  g_autofree char *path = book_path(book, SUBLEDGER, JANUARY "&format=csv");
  g_autoptr(Reader) reader = reader_open(path, book_bearer());
  assert_true(reader_take(reader, 100 * KIB));
  program_kill_workers(SUBLEDGER);
  while (reader_take(reader, 1))
    ;
  assert_false(ends_with(reader, "\r\n0\r\n\r\n"));
  /* its place is free when its lease is over */
  g_autofree char *day =
      book_path(book, SUBLEDGER, "account=" OTHER "&from=2025-01-01&to=2025-01-01");
  WAIT_FOR(status_of(day) == 200);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      LEDGER_CASE(test_a_hundred_thousand_entries_arrive_without_growing),
      LEDGER_CASE(test_one_answer_of_a_hundred_thousand_entries_is_no_larger),
      LEDGER_CASE(test_a_client_that_reads_slowly_holds_the_erp_back),
      LEDGER_CASE(test_a_client_that_takes_nothing_is_given_up),
      LEDGER_CASE(test_a_client_that_leaves_ends_the_run),
      LEDGER_CASE(test_a_client_that_leaves_early_ends_the_run_too),
      LEDGER_CASE(test_a_failure_in_the_middle_is_told_in_json_and_cuts_csv_off),
      LEDGER_CASE(test_a_failure_at_the_beginning_is_an_ordinary_error),
      LEDGER_CASE(test_a_worker_that_dies_in_the_middle_leaves_no_whole_answer),
  };
  return RUN("streaming", tests);
}
