#include "harness_ledger_look.h"

#include <string.h>

#define FIRST_DAY "2026-01-01"
#define LAST_DAY  "2026-01-31"

static const char *
text_of(const json_t *object, const char *member)
{
  const char *text = json_string_value(json_object_get(object, member));
  return text != NULL ? text : "";
}

const json_t *
answer_account(const Answer *answer, const char *code)
{
  const json_t *accounts = json_object_get(answer->json, "accounts"), *account;
  for (size_t i = 0; (account = json_array_get(accounts, i)) != NULL; i++)
    if (strcmp(text_of(account, "account_code"), code) == 0)
      return account;
  fail_msg("no account %s in %.2000s", code, answer->body);
  return NULL;
}

gboolean
answer_has_finding(const Answer *answer, const char *list, const char *code)
{
  const json_t *metadata = json_object_get(answer->json, "metadata"), *finding;
  const json_t *findings = json_object_get(json_object_get(metadata, "validation"), list);
  for (size_t i = 0; (finding = json_array_get(findings, i)) != NULL; i++)
    if (strcmp(text_of(finding, "code"), code) == 0)
      return TRUE;
  return FALSE;
}

void
assert_true_to_books(const Book *book, const json_t *account, const char *code)
{
  static const struct {
    const char *column, *member;
  } amounts[] = {{"opening", "opening_balance"},
                 {"debit", "debit_amount"},
                 {"credit", "credit_amount"},
                 {"closing", "closing_balance"}};
  for (gsize i = 0; i < G_N_ELEMENTS(amounts); i++) {
    g_autofree char *expected = book_balance(book, code, FIRST_DAY, LAST_DAY, amounts[i].column);
    const char *told = text_of(account, amounts[i].member);
    if (g_strcmp0(told, expected) != 0)
      fail_msg("%s of %s is %s, not %s", amounts[i].member, code, told, expected);
  }
}

void
assert_all_entries(const Book *book, const Answer *answer, const char *code)
{
  g_autofree char *debit = book_entry_sum(book, code, FIRST_DAY, LAST_DAY, "debit");
  g_autofree char *credit = book_entry_sum(book, code, FIRST_DAY, LAST_DAY, "credit");
  gint64 count = book_entry_count(book, code, FIRST_DAY, LAST_DAY);
  g_autoptr(GHashTable) ids = g_hash_table_new(g_str_hash, g_str_equal);
  const json_t *entries = json_object_get(answer->json, "entries"), *entry;
  assert_status(answer, 200);
  assert_at(answer, "complete", "true");
  assert_at(answer, "error", "null");
  assert_at(answer, "warnings", "[]");
  assert_at(answer, "total_debit", debit);
  assert_at(answer, "total_credit", credit);
  assert_int_equal(answer_int(answer, "entry_count"), count);
  assert_int_equal(json_array_size(entries), count);
  for (size_t i = 0; (entry = json_array_get(entries, i)) != NULL; i++)
    if (!g_hash_table_add(ids, (gpointer)text_of(entry, "entry_id")))
      fail_msg("%s is there twice", text_of(entry, "entry_id"));
}

void
assert_sent_at(const Book *book, const char *kind, guint nth, const char *name,
               const char *expected, const char *file, int line)
{
  g_autofree char *sent = book_parameter(book, kind, nth, name);
  if (g_strcmp0(sent, expected) == 0)
    return;
  print_error("%s was %s, not %s\n", name, sent != NULL ? sent : "(absent)",
              expected != NULL ? expected : "(absent)");
  _fail(file, line);
}
