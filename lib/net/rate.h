/* What all processes of all hosts share about one ERP account, kept in Postgres (schema erp, tables
 * rate_bucket and breaker; sql/0016_exchange.up.sql): token buckets, daily quotas, the circuit
 * breaker.  One statement asks before a request goes out, one tells how it ended (erp-connectors.md
 * 4.2, 4.3).  When Postgres is away nothing goes out: RATE_STORE_UNAVAILABLE. */
#pragma once
#include "db/db.h"

/* Strict mode: in no window of `interval_s` seconds more than `limit` grants. */
typedef struct {
  char *key;         /* "totvs:T1"; hashes of secrets, never secrets */
  gint64 limit;      /* 0: unlimited, the bucket is not asked */
  gint64 interval_s; /* refill (limit - burst) / interval_s */
  gint64 burst;      /* capacity; at least 1, less than limit */
  gint64 day_limit;  /* grants a day of APP_TIMEZONE; 0: none */
} RateBucket;

#define RATE_MAX_BUCKETS 4

typedef struct {
  char *breaker; /* "EFFECTI@api.totvs.com.br"; NULL: none */
  gint64 threshold, recovery_ms;
  RateBucket buckets[RATE_MAX_BUCKETS];
  guint count;
  double share; /* 0.5 to 1: of every rate; 0: all of it */
} RatePolicy;
void rate_policy_clear(RatePolicy *policy);

typedef enum {
  RATE_GO,        /* send after wait_ms */
  RATE_TOO_LONG,  /* the wait would pass the caller's patience: nothing was taken */
  RATE_DAY_SPENT, /* the day's quota is used up; wait_ms to midnight */
  RATE_OPEN,      /* the breaker refuses; wait_ms until a probe may go */
} RateVerdict;

typedef struct {
  RateVerdict verdict;
  gint64 wait_ms;
  gint64 epoch;      /* of the breaker's state; given back at the end */
  gint64 failures;   /* counted so far */
  gboolean is_probe; /* this request alone tests whether the host answers again */
} RateGrant;

/* Asks to send one request: a token of every bucket, all or none; patience_ms is the longest wait.
 * A policy without breaker and buckets gets RATE_GO without a statement.
 * Errors: RATE_STORE_UNAVAILABLE, DATABASE. */
gboolean rate_enter(Db *db, const RatePolicy *policy, gint64 patience_ms, RateGrant *grant,
                    GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The same in two halves, for who has something else to do meanwhile.  FALSE of the first: nothing
 * was sent, so there is nothing to take.  FALSE of the second: it came to nothing, ask with
 * rate_enter. */
gboolean rate_send(Db *db, const RatePolicy *policy, gint64 patience_ms);
gboolean rate_take(Db *db, const RatePolicy *policy, RateGrant *grant);

typedef enum {
  RATE_SUCCEEDED, /* 2xx, well-formed */
  RATE_FAILED,    /* counted: network, time-out, 5xx, truncated, HTML */
  RATE_UNCOUNTED, /* 4xx, 429: the host answers */
  RATE_CANCELLED, /* no verdict: a probe's place becomes free */
} RateOutcome;

/* Tells how it ended, of a grant with RATE_GO.  pause_ms > 0 holds everybody's buckets back for so
 * long (429, 425); `whole_day` uses up the day's quota (without one: holds back until midnight of
 * APP_TIMEZONE).  Sends nothing where nothing changes: a success while the breaker is
 * closed without failures is known from rate_enter.  Errors as above. */
gboolean rate_leave(Db *db, const RatePolicy *policy, const RateGrant *grant, RateOutcome outcome,
                    gint64 pause_ms, gboolean whole_day, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* How things stand, for a health page; takes nothing. */
typedef struct {
  char circuit[16];   /* "CLOSED", "OPEN", "HALF_OPEN" */
  double tokens_left; /* of the emptiest bucket, below 0 when requests wait; NAN: there is none */
} RateState;
gboolean rate_look(Db *db, const RatePolicy *policy, RateState *state,
                   GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* An error of Postgres's as callers of this room get it: one that is away is
 * RATE_STORE_UNAVAILABLE, for others the same.  Takes and gives ownership. */
GError *rate_store_error(GError *error);
