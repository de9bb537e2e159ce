/* Connectors whose ERP is a function of the test. */
#pragma once
#include "unit.h"

#include "accounting/trial_balance.h"
#include "erp/connector.h"

/* What the environment says; forgets what it said of ERPs before.  Name, value, …, NULL,
 * NULL where there is nothing. */
void books_settings(const char *name, ...) G_GNUC_NULL_TERMINATED;

/* Credentials of all seven companies. */
void books_credentials(void);

/* A company's connector, its profile replaced by `profile`. */
Erp *books_erp(const char *company, const ErpProfile *profile);

/* An account as an ERP lists it, of which it tells code and amounts alone. */
LedgerAccount books_row(const char *code, gint64 opening, gint64 debit, gint64 credit,
                        gint64 closing);

/* An account of a trial balance under test, completed and checked by the test. */
AccountBalance *books_add(TrialBalance *balance, const char *code, AccountType type, gint64 opening,
                          gint64 debit, gint64 credit, gint64 closing);

/* A trial balance with its head filled in: January 2024. */
void books_init(TrialBalance *balance);

AccountBalance *books_find(const TrialBalance *balance, const char *code); /* NULL: none */

/* The codes found, of one kind, in order: "roll_forward 1.01,unbalanced"; borrowed until called
 * again. */
const char *books_found(const TrialBalance *balance, FindingKind kind);

/* How often a connector warned so. */
guint64 books_warned(const Erp *erp, const char *code);

GDate books_day(const char *iso);
