#include "erp/probe_verdict.h"

#include "base/settings.h"

#define UNPERSISTED "refresh_token_unpersisted"

void
erp_health_clear(ErpHealth *health)
{
  g_clear_pointer(&health->message, g_free);
  g_clear_pointer(&health->error_message, g_free);
  g_clear_pointer(&health->details, g_free);
}

static gboolean
is(const ProbeFacts *facts, PonteErrorCode code)
{
  return g_error_matches(facts->error, PONTE_ERROR, (int)code);
}

static const char *
set(ErpHealth *health, const char *status, const char *message, const char *reason)
{
  health->status = status;
  health->connected = g_str_equal(status, "healthy") || g_str_equal(status, "degraded");
  health->message = g_strdup(message);
  return reason;
}

static const char *
judge_answer(const ProbeFacts *facts, ErpHealth *health)
{
  if (facts->unpersisted)
    return set(health, "degraded", "O ERP respondeu, mas o novo token ainda não foi gravado.",
               UNPERSISTED);
  if (facts->latency_us > setting_int(ERP_HEALTH_SLOW_MS) * 1000)
    return set(health, "degraded", "O ERP respondeu devagar.", "slow");
  return set(health, "healthy", "O ERP respondeu normalmente.", NULL);
}

/* Failures after which the connector still works. */
static gboolean
is_passable(const ProbeFacts *facts)
{
  gboolean waits_for_writing =
      facts->unpersisted && (is(facts, ERROR_DEADLINE) || is(facts, ERROR_TOKEN_STORE_UNAVAILABLE));
  return waits_for_writing || is(facts, ERROR_ERP_RATE_LIMITED) || is(facts, ERROR_ERP_DAY_SPENT) ||
         (is(facts, ERROR_ERP_NOT_FOUND) && facts->has_token);
}

const char *
probe_judge(const ProbeFacts *facts, ErpHealth *health)
{
  *health = (ErpHealth){.latency_us = facts->latency_us};
  if (facts->error == NULL)
    return judge_answer(facts, health);
  const char *reason = error_word(facts->error);
  if (is(facts, ERROR_ERP_NOT_CONFIGURED))
    return set(health, "disconnected", facts->error->message, reason);
  if (is_passable(facts))
    return set(health, "degraded", facts->error->message,
               facts->unpersisted ? UNPERSISTED : reason);
  health->error_message = facts->status > 0 ? g_strdup_printf("HTTP %u", facts->status)
                                            : g_strdup(error_public_text(facts->error));
  return set(health, "unhealthy", error_public_text(facts->error), reason);
}
