/* A trial balance that is summed up from postings (erp-connectors.md 6.2, steps 5 and 6). */
#pragma once
#include "accounting/book.h"

/* Once the connector delivered the period: what balances begin with, by OPENING_POLICY; `history`
 * asks the connector again.  Sets balance->opening_policy, unless all are the ERP's own.  Errors:
 * ERP_NOT_CONFIGURED, those of a run. */
gboolean aggregate_open(Book *book, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Once the tree is known (trial_balance_complete): amounts of all accounts that have none of their
 * own, summaries from their children and what was posted on them. */
void aggregate_close(Book *book);

/* Pure: the day on which the fiscal year of `day` began; `start` is "MM-DD".  FALSE when it is
 * none.
 */
gboolean aggregate_fiscal_year(const char *start, const GDate *day,
                               GDate *first) G_GNUC_WARN_UNUSED_RESULT;
