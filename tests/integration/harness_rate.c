#include "harness_rate.h"

#define A_MINUTE_MS 60000

static Db *shared;

Db *
program_db(void)
{
  if (shared == NULL)
    shared = db_new(harness_env("PONTE_DATABASE_URL"));
  return shared;
}

void
program_db_close(void)
{
  g_clear_pointer(&shared, db_free);
}

RatePolicy
bucket_policy(const char *key, gint64 limit, gint64 interval_s, gint64 burst)
{
  return (RatePolicy){
      .buckets = {{.key = (char *)key, .limit = limit, .interval_s = interval_s, .burst = burst}},
      .count = 1,
      .share = 1};
}

RatePolicy
breaker_policy(void)
{
  static char key[] = BREAKER;
  return (RatePolicy){.breaker = key, .threshold = 5, .recovery_ms = 60000};
}

RateGrant
enter_within(const RatePolicy *policy, gint64 patience_ms)
{
  g_autoptr(GError) error = NULL;
  RateGrant grant;
  if (!rate_enter(program_db(), policy, patience_ms, &grant, &error))
    fail_msg("rate_enter: %s", error->message);
  return grant;
}

RateGrant
enter(const RatePolicy *policy)
{
  return enter_within(policy, A_MINUTE_MS);
}

RateGrant
enter_ok(const RatePolicy *policy)
{
  RateGrant grant = enter(policy);
  assert_int_equal(grant.verdict, RATE_GO);
  return grant;
}

void
leave(const RatePolicy *policy, const RateGrant *grant, RateOutcome outcome)
{
  g_autoptr(GError) error = NULL;
  if (!rate_leave(program_db(), policy, grant, outcome, 0, FALSE, &error))
    fail_msg("rate_leave: %s", error->message);
}

void
pass(const RatePolicy *policy, RateOutcome outcome)
{
  RateGrant grant = enter_ok(policy);
  leave(policy, &grant, outcome);
}

double
tokens_left(const RatePolicy *policy)
{
  g_autoptr(GError) error = NULL;
  RateState state;
  if (!rate_look(program_db(), policy, &state, &error))
    fail_msg("rate_look: %s", error->message);
  return state.tokens_left;
}

void
breaker_ages(const char *interval)
{
  sql("update erp.breaker set opened_at = opened_at - $1::interval,"
      " probe_until = probe_until - $1::interval",
      interval);
}
