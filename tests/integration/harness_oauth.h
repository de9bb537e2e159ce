/* Companies that log in by OAuth2, and what is stored of their tokens. */
#pragma once
#include "harness.h"

#include "harness_ledger.h"

#define MONTH "from=2026-01-01&to=2026-01-31" /* of their books */

/* A company with a small book, whose health is asked anew each time. */
Book *oauth_book(const char *company);

/* Asks the ERP whether it is well, by a process of its own; `reason` NULL: any. */
void assert_health(const Book *book, const char *status, const char *reason);

/* So many processes ask at once, and all hear that it is. */
void assert_health_of_many(const Book *book, guint count);

/* A trial balance comes, by a process of its own. */
void assert_balance(const Book *book);

/* An expression over the book's row in erp.oauth_state, as text; and assignments to it. */
void assert_state(const Book *book, const char *expression, const char *expected);
void set_state(const Book *book, const char *assignments);
