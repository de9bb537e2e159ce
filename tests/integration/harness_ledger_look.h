/* Looking at answers about books beside the books themselves.  Include it after harness_ledger.h.
 */
#pragma once
#include "harness_ledger.h"

/* An account of a trial balance; the test fails when it is not there.  Borrowed. */
const json_t *answer_account(const Answer *answer, const char *code);

/* Does metadata.validation have this code in one of its lists ("errors", "warnings")? */
gboolean answer_has_finding(const Answer *answer, const char *list, const char *code);

/* An account's four amounts in January 2026 are those that the books have under this code. */
void assert_true_to_books(const Book *book, const json_t *account, const char *code);

/* The entries of an answer are all that the books have of this account in January 2026: each once,
 * to the centavo, and no warnings. */
void assert_all_entries(const Book *book, const Answer *answer, const char *code);

/* A parameter of the n-th call of a kind; NULL: it was not sent. */
#define assert_sent(book, kind, nth, name, expected)                                               \
  assert_sent_at(book, kind, nth, name, expected, __FILE__, __LINE__)
void assert_sent_at(const Book *book, const char *kind, guint nth, const char *name,
                    const char *expected, const char *file, int line);
