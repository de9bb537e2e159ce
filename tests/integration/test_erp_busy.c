/* A company's runs at once, with the limits that nobody configured (erp-connectors.md 9). */
#include "harness_ledger.h"
#include "harness_sales.h"

#define JANUARY "from=2026-01-01&to=2026-01-31"
#define KIND    "trial-balance"

static Book *
totvs_book(const char *company, const char *profile)
{
  Book *book = book_new(company, profile);
  book_seed(book, "2026-01-01", 11, 10, 1);
  return book;
}

static void
assert_busy(const Answer *answer)
{
  assert_error_code(answer, 429, NULL, "busy");
  assert_at(answer, "type", "RateLimit");
  assert_at(answer, "retryable", "true");
  assert_at(answer, "retry_after", "5");
  assert_at(answer, "attempts", "null");
  assert_header(answer, "retry-after", "5");
}

/* 9: of whatever kind */
static void
test_a_third_run_of_a_company_is_told_to_come_back(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = totvs_book("EFFECTI", NULL);
  g_autoptr(Book) other = totvs_book("ONCLICK", "ctb_v1");
  sales_hold("totvs", KIND);
  BookCall *first = book_start(book, TRIAL_BALANCE, JANUARY);
  BookCall *second = book_start(book, TRIAL_BALANCE, JANUARY);
  WAIT_FOR(sales_held() == 2);
  g_autoptr(Answer) third = book_ask(book, TRIAL_BALANCE, JANUARY);
  g_autoptr(Answer) fourth = book_ask(book, SUBLEDGER, "account=1.01.001&" JANUARY);
  assert_busy(third);
  assert_busy(fourth);
  assert_int_equal(book_calls(book, "subledger"), 0);
  g_autoptr(Answer) elsewhere = book_ask(other, SUBLEDGER, "account=1.01.001&" JANUARY);
  assert_status(elsewhere, 200);
  g_autoptr(Answer) health = book_ask(book, ERP_HEALTH, "");
  assert_status(health, 200);
  assert_int_equal(book_calls(book, KIND), 2);
  sales_release();
  g_autoptr(Answer) one = book_finish(first);
  g_autoptr(Answer) two = book_finish(second);
  assert_status(one, 200);
  assert_status(two, 200);
  g_autoptr(Answer) later = book_ask(book, TRIAL_BALANCE, JANUARY);
  assert_status(later, 200);
}

static void
test_a_run_that_failed_gives_its_place_back(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = totvs_book("EFFECTI", NULL);
  book_fault(book, .kind = KIND, .status = 403, .times = 3);
  for (guint i = 0; i < 3; i++) {
    g_autoptr(Answer) answer = book_ask(book, TRIAL_BALANCE, JANUARY);
    assert_error_code(answer, 502, NULL, "erp_forbidden");
  }
  assert_count(0, "erp.run");
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
      CASE(test_a_third_run_of_a_company_is_told_to_come_back),
      CASE(test_a_run_that_failed_gives_its_place_back),
  };
  return RUN("runs at once", tests);
}
