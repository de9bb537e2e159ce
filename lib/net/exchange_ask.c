/* May this request go out?  Deadline, guard, breaker and buckets (erp-connectors.md 4). */
#include "base/log.h"
#include "base/settings.h"
#include "net/exchange_state.h"

static gint64
left_ms(const Exchange *x)
{
  return (x->policy->deadline_us - g_get_monotonic_time()) / 1000;
}

static gint64
patience_ms(const Exchange *x)
{
  return MAX(0, MIN(x->policy->patience_ms, left_ms(x)));
}

/* Ends it without having asked the ERP (again). */
static void
refuse(Exchange *x, PonteErrorCode code, const char *text, gint64 wait_ms)
{
  x->result.retry_after_s = wait_ms >= 0 ? (wait_ms + 999) / 1000 : -1;
  exchange_end(x, g_error_new_literal(PONTE_ERROR, (gint)code, text));
}

/* In the middle of a run the run ends with its own last error (4.2), and with the wait of now. */
static void
refuse_as_open(Exchange *x, gint64 wait_ms)
{
  GError *last = g_steal_pointer(&x->error);
  refuse(x, ERROR_ERP_CIRCUIT_OPEN, "Chamadas ao ERP suspensas após falhas repetidas.", wait_ms);
  if (last != NULL)
    exchange_end(x, last);
}

/* All places are taken: asks again, for as long as the patience lasts. */
static void
stand_in_line(Exchange *x)
{
  gint64 now = g_get_monotonic_time();
  gint64 wait_ms = x->policy->guard->stand_ms > 0 ? 0 : setting_int(OMIE_SLOT_WAIT_MS);
  if (x->asking_since_us == 0)
    x->asking_since_us = now;
  if (now - x->asking_since_us > patience_ms(x) * 1000)
    refuse(x, ERROR_ERP_RATE_LIMITED, "Todas as chamadas simultâneas ao ERP estão em uso.",
           setting_int(OMIE_SLOT_WAIT_MS));
  else
    x->due_us = now + wait_ms * 1000;
}

/* TRUE with a place, or without a guard. */
static gboolean
pass_guard(Exchange *x)
{
  GateVerdict verdict;
  gint64 wait_ms;
  GError *error = NULL;
  if (x->policy->guard == NULL)
    return TRUE;
  CallPolicy guard = *x->policy->guard;
  guard.per_minute = 0; /* the rate is asked below */
  guard.place_ms += x->policy->patience_ms;
  if (!call_gate_enter(x->db, &guard, x->holder, NULL, &verdict, &wait_ms, &error)) {
    exchange_end(x, rate_store_error(error));
    return FALSE;
  }
  x->has_place = verdict == GATE_GO;
  if (verdict == GATE_SUSPENDED)
    refuse_as_open(x, wait_ms);
  else if (verdict != GATE_GO)
    stand_in_line(x);
  return x->has_place;
}

static void
heed_rate(Exchange *x)
{
  switch (x->grant.verdict) {
  case RATE_GO:
    x->has_grant = TRUE;
    x->due_us = g_get_monotonic_time() + x->grant.wait_ms * 1000;
    x->state = EXCHANGE_CLEARED;
    break;
  case RATE_TOO_LONG:
    refuse(x, ERROR_ERP_RATE_LIMITED, "O limite de chamadas ao ERP foi atingido.",
           x->grant.wait_ms);
    break;
  case RATE_DAY_SPENT:
    refuse(x, ERROR_ERP_DAY_SPENT, "A cota diária de chamadas ao ERP foi atingida.",
           x->grant.wait_ms);
    break;
  case RATE_OPEN:
    refuse_as_open(x, x->grant.wait_ms);
  }
}

static void
pass_rate(Exchange *x)
{
  GError *error = NULL;
  if (rate_enter(x->db, x->policy->rate, patience_ms(x), &x->grant, &error))
    heed_rate(x);
  else
    exchange_end(x, error);
}

gboolean
exchange_ask_ahead(Exchange *x)
{
  if (x->policy->guard != NULL || left_ms(x) <= 0 ||
      !rate_send(x->db, x->policy->rate, patience_ms(x)))
    return FALSE;
  x->state = EXCHANGE_ASKING;
  return TRUE;
}

void
exchange_hear(Exchange *x)
{
  x->state = EXCHANGE_WAITING;
  if (rate_take(x->db, x->policy->rate, &x->grant))
    heed_rate(x);
  else
    exchange_ask(x);
}

void
exchange_unask(Exchange *x)
{
  x->has_grant = rate_take(x->db, x->policy->rate, &x->grant) && x->grant.verdict == RATE_GO;
}

void
exchange_ask(Exchange *x)
{
  if (left_ms(x) <= 0) {
    exchange_end(x, x->error != NULL
                        ? g_steal_pointer(&x->error)
                        : g_error_new_literal(PONTE_ERROR, ERROR_DEADLINE,
                                              "O tempo limite da consulta foi atingido."));
    return;
  }
  if (!pass_guard(x))
    return;
  x->asking_since_us = 0;
  pass_rate(x);
  if (x->state == EXCHANGE_OVER)
    exchange_tell_guard(x, FALSE, 0);
}

void
exchange_tell_rate(Exchange *x, RateOutcome outcome, gint64 pause_ms, gboolean whole_day)
{
  g_autoptr(GError) error = NULL;
  if (!x->has_grant)
    return;
  x->has_grant = FALSE;
  if (!rate_leave(x->db, x->policy->rate, &x->grant, outcome, pause_ms, whole_day, &error))
    log_warning("the end of a call was not noted", "reason", error->message, NULL);
}

void
exchange_tell_guard(Exchange *x, gboolean is_fault, gint64 block_s)
{
  g_autoptr(GError) error = NULL;
  if (!x->has_place)
    return;
  x->has_place = FALSE;
  g_autofree char *holders = g_strdup_printf("{%s}", x->holder);
  gboolean told = is_fault || block_s > 0
                      ? call_gate_note_fault(x->db, x->policy->guard, x->holder, block_s, 0, &error)
                      : call_gate_leave(x->db, x->policy->guard, holders, &error);
  if (!told)
    log_warning("the place of a call was not given back", "reason", error->message, NULL);
}
