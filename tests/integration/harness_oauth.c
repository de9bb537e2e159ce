#include "harness_oauth.h"

#include "net/call_gate.h"

Book *
oauth_book(const char *company)
{
  Book *book = book_new(company, NULL);
  book_setting(book, "ERP_HEALTH_REUSE_MS", "0");
  book_setting(book, "ERP_TOKEN_POLL_MS", "20");
  book_setting(book, "ERP_HEALTH_SLOW_MS", "60000");
  book_seed(book, "2026-01-01", 11, 20, 1);
  return book;
}

void
assert_health(const Book *book, const char *status, const char *reason)
{
  g_autoptr(Answer) answer = book_ask(book, ERP_HEALTH, "");
  assert_at(answer, "status", status);
  if (reason != NULL)
    assert_at(answer, "details.reason", reason);
}

void
assert_health_of_many(const Book *book, guint count)
{
  g_autoptr(GPtrArray) calls = g_ptr_array_new();
  for (guint i = 0; i < count; i++)
    g_ptr_array_add(calls, book_start(book, ERP_HEALTH, ""));
  for (guint i = 0; i < count; i++) {
    g_autoptr(Answer) answer = book_finish(calls->pdata[i]);
    assert_at(answer, "status", "healthy");
  }
}

void
assert_balance(const Book *book)
{
  g_autoptr(Answer) answer = book_ask(book, TRIAL_BALANCE, MONTH);
  assert_status(answer, 200);
}

void
assert_state(const Book *book, const char *expression, const char *expected)
{
  g_autofree char *hash = call_gate_account(book_login(book, "client_id"));
  g_autofree char *query =
      g_strdup_printf("select %s from erp.oauth_state where client_hash = $1", expression);
  assert_sql(expected, query, hash);
}

void
set_state(const Book *book, const char *assignments)
{
  g_autofree char *hash = call_gate_account(book_login(book, "client_id"));
  g_autofree char *statement =
      g_strdup_printf("update erp.oauth_state set %s where client_hash = $1", assignments);
  sql(statement, hash);
}
