/* How often Bling may be asked (erp-connectors.md 4.3, 6.4): three times a second, 120,000 times a
 * day, and not at all when it says so. */
#include "harness_balance.h"

#define JANUARY   "from=2026-01-01&to=2026-01-31"
#define OF_MINUTE "key like 'bling:%'"
#define CALLERS   12

/* A second, less what a call may take longer than another from its grant to Bling. */
#ifndef __SANITIZE_ADDRESS__
#define SECOND "0.95 s"
#else
#define SECOND "0.75 s"
#endif

/* A company with one small page per call, and its rates. */
static Book *
limited_book(void)
{
  Book *book = book_new("LEADLOVERS", NULL);
  book_seed(book, "2026-01-01", 11, 10, 1);
  book_set(book, "LANCAMENTOS_PATH", "/contabeis/lancamentos");
  book_set(book, "PER_MINUTE", "100");
  return book;
}

static Answer *
ask(const Book *book)
{
  return book_ask(book, SUBLEDGER, "account=1.01.001&" JANUARY);
}

/* Calls of Bling for data. */
static gint64
data_calls(const Book *book)
{
  return book_calls(book, NULL) - book_calls(book, "token");
}

/* Seconds to the next midnight in São Paulo. */
static gint64
to_midnight(void)
{
  return sql_number("select ceil(extract(epoch from"
                    "   date_trunc('day', now() at time zone 'America/Sao_Paulo')"
                    "   + interval '1 day' - now() at time zone 'America/Sao_Paulo'))");
}

/* The day's quota is spent; nothing goes out, and all say so. */
static void
assert_day_is_spent(const Book *book, const Answer *answer, gint64 calls)
{
  assert_error_code(answer, 429, NULL, "daily_quota_exhausted");
  assert_at(answer, "type", "RateLimit");
  assert_at(answer, "erp", "bling");
  gint64 wait = answer_int(answer, "retry_after"), left = to_midnight();
  assert_in_range(wait, left > 1 ? left - 1 : 0, left + 60);
  g_autofree char *header = g_strdup_printf("%" G_GINT64_FORMAT, wait);
  assert_header(answer, "retry-after", header);
  assert_int_equal(data_calls(book), calls);
}

/* F-42 */
static void
test_no_second_sees_more_than_three_calls(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = limited_book();
  BookCall *calls[CALLERS];
  book_setting(book, "ERP_RUNS_PER_COMPANY", "100");
  book_setting(book, "ERP_RUNS", "100");
  g_autoptr(Answer) first = ask(book); /* and brings the token */
  assert_status(first, 200);
  for (guint i = 0; i < CALLERS; i++)
    calls[i] = book_start(book, SUBLEDGER, "account=1.01.001&" JANUARY);
  for (guint i = 0; i < CALLERS; i++) {
    g_autoptr(Answer) answer = book_finish(calls[i]);
    assert_status(answer, 200);
  }
  assert_int_equal(data_calls(book), 1 + CALLERS);
  assert_in_range(book_busiest(book, SECOND), 1, 3);
}

/* F-43 */
static void
test_a_spent_day_lasts_until_midnight(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = limited_book();
  g_autoptr(Answer) before = ask(book);
  assert_status(before, 200);
  assert_sql("1", "select day_used::text from erp.rate_bucket where " OF_MINUTE);
  sql("update erp.rate_bucket set day_used = 119999 where " OF_MINUTE);
  g_autoptr(Answer) last = ask(book);
  assert_status(last, 200);
  g_autoptr(Answer) answer = ask(book);
  assert_day_is_spent(book, answer, 2);
  assert_at(answer, "upstream_status", "null");
  g_autoptr(Answer) balance = book_ask(book, TRIAL_BALANCE, JANUARY);
  assert_day_is_spent(book, balance, 2);
  sql("update erp.rate_bucket set day = day - 1 where " OF_MINUTE); /* a night goes by */
  g_autoptr(Answer) tomorrow = ask(book);
  assert_status(tomorrow, 200);
}

/* 6.4: Bling itself says that the day is over */
static void
test_a_day_that_bling_calls_spent_is_spent_for_all(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = limited_book();
  book_fault(book, .kind = "subledger", .status = 429,
             .body = "{\"error\":{\"type\":\"TOO_MANY_REQUESTS\",\"message\":\"Limite diário\","
                     "\"limit\":120000,\"period\":\"day\"}}");
  g_autoptr(Answer) told = ask(book);
  assert_day_is_spent(book, told, 1);
  assert_at(told, "upstream_status", "429");
  assert_at(told, "upstream_message", "Limite diário");
  assert_at(told, "attempts", "1");
  g_autoptr(Answer) next = ask(book);
  assert_day_is_spent(book, next, 1);
}

/* 6.4: of a second, it is asked again */
static void
test_a_second_that_is_spent_is_waited_for(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = limited_book();
  book_fault(book, .kind = "subledger", .status = 429,
             .body = "{\"error\":{\"type\":\"TOO_MANY_REQUESTS\",\"message\":\"Limite\","
                     "\"limit\":3,\"period\":\"second\"}}");
  g_autoptr(Answer) answer = ask(book);
  assert_status(answer, 200);
  assert_int_equal(data_calls(book), 2);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      LEDGER_CASE(test_no_second_sees_more_than_three_calls),
      LEDGER_CASE(test_a_spent_day_lasts_until_midnight),
      LEDGER_CASE(test_a_day_that_bling_calls_spent_is_spent_for_all),
      LEDGER_CASE(test_a_second_that_is_spent_is_waited_for),
  };
  return RUN("Bling, limits", tests);
}
