/* What a trial balance or a subledger in an answer says, and what the ERP was asked for it.
 * Include it after harness_ledger.h. */
#pragma once
#include "harness_ledger.h"

/* An account of a trial balance; the test fails when it is not there. */
const json_t *balance_account(const Answer *answer, const char *code);
gboolean balance_has(const Answer *answer, const char *code);

/* A text member of it ("opening_balance"); borrowed. */
const char *balance_text(const Answer *answer, const char *code, const char *member);

/* All four amounts, as "opening debit credit closing". */
void assert_amounts(const Answer *answer, const char *code, const char *amounts);

/* Debit and credit are those of an account of the books in that period. */
void assert_moved_like(const Answer *answer, const char *code, const Book *book,
                       const char *account, const char *first_day, const char *last_day);

/* Is there such a warning in its validation? */
gboolean balance_warns(const Answer *answer, const char *warning);

/* A whole subledger, with the sums and the number of an account's entries in the books. */
void assert_entries_like(const Answer *answer, const Book *book, const char *account,
                         const char *first_day, const char *last_day);

/* A parameter of the n-th call of a kind (from 1); NULL: it was not sent. */
void assert_asked(const Book *book, const char *kind, guint nth, const char *name,
                  const char *expected);
