/* A connector that delivers a chart of accounts and postings of the test. */
#pragma once
#include "books_fixture.h"

typedef struct {
  const char *day, *account, *category; /* one of the two */
  gint64 debit, credit;
  AccountType type;
} Posting;

extern LedgerAccount postings_chart[8]; /* ended by a NULL code */
extern const Posting *postings;         /* ended by a NULL day */

/* Credentials, no further settings, and a chart of 1.01.001, 4.01.001 and 5.01.001.  (Shaped as a
 * CMFixtureFunction.) */
int postings_set_up(void **state);

/* The trial balance of March 2026. */
gboolean postings_extract(TrialBalance *balance, GError **error);
void assert_extracted(TrialBalance *balance);

void assert_amounts(const TrialBalance *balance, const char *code, gint64 opening, gint64 debit,
                    gint64 credit, gint64 closing);
