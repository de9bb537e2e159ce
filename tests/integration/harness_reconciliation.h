/* Contracts, and what was billed in the current month, for the route that compares them. */
#pragma once
#include "harness_finance.h"
#include "harness_revenue.h"

#define RECONCILIATION         "/api/fin/reconciliation"
#define RECONCILIATION_PROGRAM "fin/reconciliation"
#define THIS_MONTH             "date_trunc('month', now() at time zone 'America/Sao_Paulo')::date"
#define FETCHED                "2026-02-10T13:00:00.123Z" /* of revenue_put */

/* The route, as a person of the finance team. */
Answer *reconcile(void);

/* One more contract of the client with this code. */
void contract_put(const char *code, const char *mrr);

/* What the stored snapshot of the current month says. */
void revenue_put(const char *code, const char *valor);

/* A client with a contract and, when not NULL, revenue in the snapshot. */
void compared_put(const char *code, const char *name, const char *mrr, const char *revenue);

#define assert_source(answer, source) assert_source_at(answer, source, __FILE__, __LINE__)
void assert_source_at(const Answer *answer, const char *source, const char *file, int line);

/* The answer's body has this in it, to the letter. */
void assert_says(const Answer *answer, const char *fragment);
