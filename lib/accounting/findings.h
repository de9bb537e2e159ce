/* What the checks of a trial balance found (erp-connectors.md 5.7). */
#pragma once
#include "accounting/trial_balance.h"

/* The codes, in the order of the specification's table; their words, severity and text are one
 * table in findings.c. */
typedef enum {
  FOUND_REPEATED, /* duplicate_account_identical */
  FOUND_UNBALANCED,
  FOUND_ROLL_FORWARD,
  FOUND_PARENT_MISSING,
  FOUND_CYCLE,
  FOUND_LEVEL_ORDER,
  FOUND_PARENT_NOT_SUMMARY,
  FOUND_TYPE_MISMATCH,
  FOUND_SUMMARY_SUM,
  FOUND_EQUATION,
  FOUND_CLASSES_INVERTED,
  FOUND_CONTRA_ACCOUNT,
  FOUND_TYPE_DEFAULTED,
  FOUND_UNMAPPED,
  FOUND_UNUSUAL_CURRENCY,
  N_FOUND
} Found;

/* `account`, `expected` and `actual` may be NULL; they are copied. */
void finding_add(TrialBalance *balance, Found found, const char *account, const char *expected,
                 const char *actual);

/* The same with two amounts in centavos. */
void finding_add_amounts(TrialBalance *balance, Found found, const char *account, gint64 expected,
                         gint64 actual);

/* A check that makes no sense here: FINDING_NOT_APPLICABLE. */
void finding_skip(TrialBalance *balance, Found found);

void finding_free(Finding *finding);
