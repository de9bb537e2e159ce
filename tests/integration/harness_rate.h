/* Asking for places in an ERP's rate as the programs do, and moving its time. */
#pragma once
#include "harness.h"

#include "base/error.h"
#include "net/rate.h"

/* A connection as the programs have it, ended with the test. */
Db *program_db(void);
void program_db_close(void);

/* A policy of one bucket, without a breaker; with a breaker alone.  Static. */
RatePolicy bucket_policy(const char *key, gint64 limit, gint64 interval_s, gint64 burst);
RatePolicy breaker_policy(void);
#define BREAKER "EFFECTI@api.totvs.com.br"

/* Asks with a patience of a minute; the test fails when Postgres does not answer. */
RateGrant enter(const RatePolicy *policy);
RateGrant enter_within(const RatePolicy *policy, gint64 patience_ms);

/* A grant that must be RATE_GO; its end. */
RateGrant enter_ok(const RatePolicy *policy);
void leave(const RatePolicy *policy, const RateGrant *grant, RateOutcome outcome);
void pass(const RatePolicy *policy, RateOutcome outcome); /* both */

double tokens_left(const RatePolicy *policy);

/* The breaker's row as "STATE failures". */
#define assert_breaker(expected)                                                                   \
  assert_sql(expected, "select state || ' ' || failures from erp.breaker where key = $1", BREAKER)

/* Lets time pass for the breaker ("59.5 s"). */
void breaker_ages(const char *interval);
