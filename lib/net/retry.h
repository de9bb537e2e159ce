/* When to ask again (erp-connectors.md 4.1).  Pure: chance and "now" are handed in. */
#pragma once
#include <glib.h>

typedef enum { RETRY_EXPONENTIAL, RETRY_LINEAR, RETRY_FIXED } RetryStrategy;

typedef struct {
  RetryStrategy strategy;
  guint max_attempts; /* the first included */
  gint64 base_ms, max_ms;
  gboolean jitter; /* each wait becomes 50 % to 100 % of itself */
} RetryPolicy;

/* The wait after attempt `n` (from 0) failed; `chance` in [0, 1) is used with jitter only. */
gint64 retry_delay_ms(const RetryPolicy *policy, guint n, double chance);

/* A number in [0, 1) by the process's own generator, seeded from the system. */
double retry_chance(void);

/* What a Retry-After header asks for, in seconds from now: a number, or an HTTP date seen from the
 * answer's own Date header (NULL: from `now_s`, Unix time).  -1 when it is NULL, garbage or not in
 * the future. */
gint64 retry_after_s(const char *retry_after, const char *date, gint64 now_s);
