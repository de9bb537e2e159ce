/* Refresh tokens that are good once, shared by all processes: none is shown twice, none is lost
 * (erp-connectors.md 3.2).  Every book_ask is another process. */
#include <string.h>

#include "harness_ledger.h"
#include "harness_sales.h"

#define JANUARY "from=2026-01-01&to=2026-01-31"
#define ROW     "select coalesce(version, 0) || ' ' || status from erp.oauth_state"

static int
chain_after(void **state)
{
  sales_release();
  return ledger_after(state);
}

#define CHAIN_CASE(test) cmocka_unit_test_setup_teardown(test, ledger_before, chain_after)

static Book *
chain_new(const char *company, const char *profile)
{
  Book *book = book_new(company, profile);
  book_seed(book, "2026-01-01", 11, 10, 1);
  book_setting(book, "ERP_TOKEN_POLL_MS", "20");
  return book;
}

/* The access token is over, for us and for the ERP. */
static void
access_ends(const Book *book)
{
  book_tokens_expire(book);
  sql("update erp.oauth_state set access_expires_at = clock_timestamp()");
}

static void
assert_asks(const Book *book, const char *program, guint status)
{
  g_autoptr(Answer) answer =
      book_ask(book, program, strcmp(program, ERP_HEALTH) == 0 ? "" : JANUARY);
  assert_status(answer, status);
}

/* F-03 */
static void
test_eight_processes_whose_token_ends_make_one_token_call(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = chain_new("EFFECTI", NULL);
  BookCall *calls[8];
  book_setting(book, "ERP_RUNS_PER_COMPANY", "8");
  assert_asks(book, ERP_HEALTH, 200);
  book_tokens_expire(book);
  sales_hold("totvs", "trial-balance");
  for (guint i = 0; i < G_N_ELEMENTS(calls); i++)
    calls[i] = book_start(book, TRIAL_BALANCE, JANUARY);
  WAIT_FOR(sales_held() == 8);
  sales_release();
  guint served = 0;
  for (guint i = 0; i < G_N_ELEMENTS(calls); i++) {
    g_autoptr(Answer) answer = book_finish(calls[i]);
    served += answer->status == 200;
  }
  assert_int_equal(served, 8);
  assert_int_equal(book_calls(book, "token"), 2);
  assert_int_equal(book_calls(book, "trial-balance"), 16);
}

/* F-05 */
static void
test_a_dead_chain_is_not_tried_again(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = chain_new("LEADLOVERS", NULL);
  sql("update sandbox.ledger_token set used_at = now() where who = $1", book_who(book));
  g_autoptr(Answer) first = book_ask(book, TRIAL_BALANCE, JANUARY);
  assert_error_code(first, 502, NULL, "erp_reauthorization_required");
  assert_member(first, "type", "Authentication");
  assert_sql("1 reauthorization_required", ROW);
  assert_int_equal(book_calls(book, NULL), 1);
  g_autoptr(Answer) second = book_ask(book, TRIAL_BALANCE, JANUARY);
  assert_error_code(second, 502, NULL, "erp_reauthorization_required");
  g_autoptr(Answer) health = book_ask(book, ERP_HEALTH, "");
  assert_status(health, 503);
  assert_at(health, "details.reason", "erp_reauthorization_required");
  assert_int_equal(book_calls(book, NULL), 1);
}

/* F-05: "until an operator stores a fresh chain" */
static void
test_a_fresh_refresh_token_begins_a_new_chain(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = chain_new("LEADLOVERS", NULL);
  sql("update sandbox.ledger_token set used_at = now() where who = $1", book_who(book));
  assert_asks(book, ERP_HEALTH, 503);
  sql("insert into sandbox.ledger_token (token, who, kind, expires_at)"
      " values ('novo-' || $1, $1, 'refresh', now() + interval '1 day')",
      book_who(book));
  g_autofree char *fresh = g_strconcat("novo-", book_who(book), NULL);
  book_set(book, "REFRESH_TOKEN", fresh);
  assert_asks(book, ERP_HEALTH, 200);
  assert_sql("2 ok", ROW);
}

/* F-06 */
static void
test_a_refused_chain_that_another_process_renewed_goes_on(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) book = chain_new("LEADLOVERS", NULL);
  book_fault(book, .kind = "token", .status = 400, .body = "{\"error\":\"invalid_grant\"}",
             .delay_ms = 700);
  BookCall *late = book_start(book, TRIAL_BALANCE, JANUARY);
  WAIT_FOR(book_calls(book, "token") == 1);
  sql("update erp.oauth_state set claim_until = clock_timestamp()"); /* its lease is over */
  assert_asks(book, ERP_HEALTH, 200);
  assert_sql("1 ok", ROW);
  g_autoptr(Answer) answer = book_finish(late);
  assert_status(answer, 200);
  assert_sql("1 ok", ROW);
  assert_int_equal(book_calls(book, "token"), 2);
}

/* F-07, of ContaAzul and of Bling */
static void
test_two_processes_show_a_refresh_token_once(G_GNUC_UNUSED void **state)
{
  static const char *const companies[][2] = {{"MERCOS", "v2"}, {"LEADLOVERS", NULL}};
  for (gsize i = 0; i < G_N_ELEMENTS(companies); i++) {
    g_autoptr(Book) book = chain_new(companies[i][0], companies[i][1]);
    sql("delete from erp.oauth_state");
    assert_asks(book, ERP_HEALTH, 200); /* R1 is spent, the row holds R2 */
    access_ends(book);
    book_fault(book, .kind = "token", .trick = "truth", .delay_ms = 300);
    BookCall *one = book_start(book, ERP_HEALTH, ""), *other = book_start(book, ERP_HEALTH, "");
    g_autoptr(Answer) first = book_finish(one), second = book_finish(other);
    assert_status(first, 200);
    assert_status(second, 200);
    assert_int_equal(book_link_uses(book, 1), 1);
    assert_int_equal(book_link_uses(book, 2), 1);
    assert_int_equal(book_links(book), 3);
    access_ends(book); /* does the row hold R3? */
    assert_asks(book, ERP_HEALTH, 200);
    assert_int_equal(book_link_uses(book, 3), 1);
    assert_int_equal(book_calls(book, "token"), 3);
  }
}

/* 3.2, 6: once more with the same refresh token, which is good or spent */
static void
test_a_lost_answer_is_asked_for_once_more(G_GNUC_UNUSED void **state)
{
  g_autoptr(Book) lucky = chain_new("LEADLOVERS", NULL);
  book_fault(lucky, .kind = "token", .trick = "reset");
  assert_asks(lucky, ERP_HEALTH, 200);
  assert_int_equal(book_calls(lucky, "token"), 2);

  g_autoptr(Book) unlucky = chain_new("MERCOS", "v2");
  book_fault(unlucky, .kind = "token", .trick = "lost");
  g_autoptr(Answer) answer = book_ask(unlucky, ERP_HEALTH, "");
  assert_at(answer, "details.reason", "erp_reauthorization_required");
  assert_int_equal(book_link_uses(unlucky, 1), 2);
  assert_int_equal(book_calls(unlucky, "token"), 2);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      CHAIN_CASE(test_eight_processes_whose_token_ends_make_one_token_call),
      CHAIN_CASE(test_a_dead_chain_is_not_tried_again),
      CHAIN_CASE(test_a_fresh_refresh_token_begins_a_new_chain),
      CHAIN_CASE(test_a_refused_chain_that_another_process_renewed_goes_on),
      CHAIN_CASE(test_two_processes_show_a_refresh_token_once),
      CHAIN_CASE(test_a_lost_answer_is_asked_for_once_more),
  };
  return RUN("chains of refresh tokens", tests);
}
