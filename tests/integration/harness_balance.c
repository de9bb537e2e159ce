#include "harness_balance.h"

#include <string.h>

static const json_t *
find_account(const Answer *answer, const char *code)
{
  const json_t *accounts = json_object_get(answer->json, "accounts"), *account;
  for (size_t i = 0; (account = json_array_get(accounts, i)) != NULL; i++)
    if (strcmp(json_string_value(json_object_get(account, "account_code")), code) == 0)
      return account;
  return NULL;
}

const json_t *
balance_account(const Answer *answer, const char *code)
{
  const json_t *account = find_account(answer, code);
  if (account == NULL)
    fail_msg("no account %s in %.2000s", code, answer->body);
  return account;
}

gboolean
balance_has(const Answer *answer, const char *code)
{
  return find_account(answer, code) != NULL;
}

const char *
balance_text(const Answer *answer, const char *code, const char *member)
{
  return json_string_value(json_object_get(balance_account(answer, code), member));
}

void
assert_amounts(const Answer *answer, const char *code, const char *amounts)
{
  g_autofree char *found = g_strjoin(" ", balance_text(answer, code, "opening_balance"),
                                     balance_text(answer, code, "debit_amount"),
                                     balance_text(answer, code, "credit_amount"),
                                     balance_text(answer, code, "closing_balance"), NULL);
  if (strcmp(found, amounts) != 0)
    fail_msg("%s has %s, not %s", code, found, amounts);
}

void
assert_moved_like(const Answer *answer, const char *code, const Book *book, const char *account,
                  const char *first_day, const char *last_day)
{
  g_autofree char *debit = book_entry_sum(book, account, first_day, last_day, "debit");
  g_autofree char *credit = book_entry_sum(book, account, first_day, last_day, "credit");
  assert_string_equal(balance_text(answer, code, "debit_amount"), debit);
  assert_string_equal(balance_text(answer, code, "credit_amount"), credit);
}

gboolean
balance_warns(const Answer *answer, const char *warning)
{
  const json_t *metadata = json_object_get(answer->json, "metadata"), *found;
  const json_t *list = json_object_get(json_object_get(metadata, "validation"), "warnings");
  for (size_t i = 0; (found = json_array_get(list, i)) != NULL; i++)
    if (strcmp(json_string_value(json_object_get(found, "code")), warning) == 0)
      return TRUE;
  return FALSE;
}

void
assert_entries_like(const Answer *answer, const Book *book, const char *account,
                    const char *first_day, const char *last_day)
{
  g_autofree char *debit = book_entry_sum(book, account, first_day, last_day, "debit");
  g_autofree char *credit = book_entry_sum(book, account, first_day, last_day, "credit");
  gint64 count = book_entry_count(book, account, first_day, last_day);
  assert_status(answer, 200);
  assert_at(answer, "complete", "true");
  assert_at(answer, "total_debit", debit);
  assert_at(answer, "total_credit", credit);
  assert_int_equal(answer_int(answer, "entry_count"), count);
  assert_int_equal(json_array_size(json_object_get(answer->json, "entries")), count);
}

void
assert_asked(const Book *book, const char *kind, guint nth, const char *name, const char *expected)
{
  g_autofree char *sent = book_parameter(book, kind, nth, name);
  if (g_strcmp0(sent, expected) != 0)
    fail_msg("%s was %s, not %s", name, sent != NULL ? sent : "(absent)",
             expected != NULL ? expected : "(absent)");
}
