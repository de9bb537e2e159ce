/* Trial balances and subledgers at once: as many as may be, and the next caller is told at once. */
#include <string.h>

#include "harness_ledger.h"
#include "harness_sales.h"

#define JANUARY "from=2026-01-01&to=2026-01-31"
#define RUNNING "select count(*) from erp.run"

static Book *
small_book(const char *company)
{
  Book *book = book_new(company, NULL);
  book_seed(book, "2026-01-01", 11, 20, 1);
  return book;
}

/* A company whose trial balances take until sales_release. */
static Book *
slow_book(const char *company)
{
  Book *book = small_book(company);
  sales_hold("totvs", "trial-balance");
  return book;
}

static void
test_a_company_has_only_so_many_runs_at_once(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = slow_book("EFFECTI");
  book_setting(book, "ERP_RUNS_PER_COMPANY", "1");
  BookCall *first = book_start(book, TRIAL_BALANCE, JANUARY);
  WAIT_FOR(sales_held() == 1);
  g_autoptr(Answer) second = book_ask(book, TRIAL_BALANCE, JANUARY);
  assert_error_code(second, 429, NULL, "busy");
  assert_header(second, "retry-after", "5");
  assert_member(second, "type", "RateLimit");
  assert_member(second, "company", "EFFECTI");
  assert_at(second, "retry_after", "5");
  g_autoptr(Answer) health = book_ask(book, ERP_HEALTH, "");
  assert_status(health, 200); /* is no such run */
  sales_release();
  g_autoptr(Answer) done = book_finish(first);
  assert_status(done, 200);
  g_autoptr(Answer) third = book_ask(book, TRIAL_BALANCE, JANUARY);
  assert_status(third, 200);
  assert_int_equal(sql_number(RUNNING), 0);
}

static void
test_all_companies_together_have_only_so_many(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) effecti = slow_book("EFFECTI");
  g_autoptr(Book) onclick = slow_book("ONCLICK");
  book_setting(effecti, "ERP_RUNS", "1");
  book_setting(onclick, "ERP_RUNS", "1");
  BookCall *first = book_start(effecti, TRIAL_BALANCE, JANUARY);
  WAIT_FOR(sales_held() == 1);
  g_autoptr(Answer) second = book_ask(onclick, TRIAL_BALANCE, JANUARY);
  assert_error_code(second, 429, NULL, "busy");
  assert_member(second, "company", "ONCLICK");
  assert_int_equal(book_calls(onclick, NULL), 0);
  sales_release();
  g_autoptr(Answer) done = book_finish(first);
  assert_status(done, 200);
}

/* Each route has a worker more than there may be runs: nobody is kept waiting for a refusal. */
static void
test_behind_nginx_the_refusal_comes_at_once_too(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = slow_book("EFFECTI");
  book_setting(book, "ERP_RUNS", "3");
  book_setting(book, "ERP_RUNS_PER_COMPANY", "3");
  book_serve(book, TRIAL_BALANCE);
  WAIT_FOR(program_worker_count(TRIAL_BALANCE) == 4);
  g_autofree char *path = book_path(book, TRIAL_BALANCE, JANUARY);
  Pending *runs[3];
  for (guint i = 0; i < G_N_ELEMENTS(runs); i++)
    runs[i] = call_start("GET", path, .token = book_bearer());
  WAIT_FOR(sales_held() == 3);
  g_autoptr(Answer) fourth = call("GET", path, .token = book_bearer());
  assert_error_code(fourth, 429, NULL, "busy");
  assert_int_equal(sql_number(RUNNING), 3);
  sales_release();
  for (guint i = 0; i < G_N_ELEMENTS(runs); i++) {
    g_autoptr(Answer) done = call_finish(runs[i]);
    assert_status(done, 200);
  }
}

/* A run of which nothing is heard is over when its lease is. */
static void
test_a_killed_run_gives_its_place_back(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = slow_book("EFFECTI");
  book_setting(book, "ERP_RUNS_PER_COMPANY", "1");
  book_setting(book, "ERP_RUN_LEASE_S", "2");
  book_serve(book, TRIAL_BALANCE);
  g_autofree char *path = book_path(book, TRIAL_BALANCE, JANUARY);
  Pending *run = call_start("GET", path, .token = book_bearer());
  WAIT_FOR(sales_held() == 1);
  program_kill(TRIAL_BALANCE);
  g_autoptr(Answer) lost = call_finish(run);
  sales_release();
  assert_error(lost, 502, NULL);
  assert_int_equal(sql_number(RUNNING), 1);
  g_autoptr(Answer) early = book_ask(book, TRIAL_BALANCE, JANUARY);
  assert_error_code(early, 429, NULL, "busy");
  WAIT_FOR(sql_number("select count(*) from erp.run where expires_at > clock_timestamp()") == 0);
  g_autoptr(Answer) late = book_ask(book, TRIAL_BALANCE, JANUARY);
  assert_status(late, 200);
}

/* One that works keeps its place, however short the lease. */
static void
test_a_living_run_keeps_its_place(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = small_book("EFFECTI");
  book_fault(book, .kind = "trial-balance", .trick = "truth", .delay_ms = 5000);
  book_setting(book, "ERP_RUNS_PER_COMPANY", "1");
  book_setting(book, "ERP_RUN_LEASE_S", "2");
  BookCall *run = book_start(book, TRIAL_BALANCE, JANUARY);
  WAIT_FOR(sql_number("select count(*) from erp.run"
                      " where clock_timestamp() > started_at + interval '3 s'") == 1);
  g_autoptr(Answer) second = book_ask(book, TRIAL_BALANCE, JANUARY);
  assert_error_code(second, 429, NULL, "busy");
  g_autoptr(Answer) done = book_finish(run);
  assert_status(done, 200);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      LEDGER_CASE(test_a_company_has_only_so_many_runs_at_once),
      LEDGER_CASE(test_all_companies_together_have_only_so_many),
      LEDGER_CASE(test_behind_nginx_the_refusal_comes_at_once_too),
      LEDGER_CASE(test_a_killed_run_gives_its_place_back),
      LEDGER_CASE(test_a_living_run_keeps_its_place),
  };
  return RUN("places for runs", tests);
}
