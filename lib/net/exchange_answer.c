/* What became of an attempt: judged, told to all who share the account, logged; and what is next.
 */
#include <string.h>

#include "base/instant.h"
#include "base/log.h"
#include "base/settings.h"
#include "base/text.h"
#include "net/exchange_state.h"
#include "net/seal.h"

#define LONGEST_PAUSE_S 3600

static void
fill(const Exchange *x, ExchangeVerdict *verdict)
{
  const BodyReader *reader = x->request->reader;
  verdict->https = *https_result(x->call);
  verdict->status = verdict->https.status;
  verdict->stated_wait_s =
      retry_after_s(https_header(x->call, "Retry-After"), https_header(x->call, "Date"),
                    g_get_real_time() / G_USEC_PER_SEC);
  gboolean is_over =
      verdict->https.outcome == HTTPS_ANSWERED || verdict->https.outcome == HTTPS_REFUSED;
  if (reader != NULL && is_over)
    verdict->body = reader->end(x->request->reader_data);
}

/* The general rules, the ERP's own, then what the policy has to say about asking again. */
static void
judge(Exchange *x, ExchangeVerdict *verdict)
{
  exchange_judge(verdict);
  if (x->policy->judge != NULL)
    x->policy->judge(verdict, x->policy->judge_data);
  gboolean timed_out = verdict->https.outcome == HTTPS_TIMED_OUT;
  if (timed_out && !x->policy->retry_on_timeout)
    verdict->retried = FALSE;
  if (verdict->https.no_handshake && x->handshakes++ > 0)
    verdict->retried = FALSE; /* once (4.1) */
}

/* The wait before asking again, whether or not that will be done. */
static gint64
wait_after(const Exchange *x, const ExchangeVerdict *verdict)
{
  guint attempt = MAX(1, x->result.attempts) - 1;
  gint64 wait = retry_delay_ms(&x->policy->retry, attempt, retry_chance());
  wait = MAX(wait, verdict->min_wait_ms);
  return MAX(wait, MAX(verdict->stated_wait_s, verdict->block_s) * 1000);
}

/* Tokens and configured secrets never get into a message. */
static char *
clean(const Exchange *x, const char *text)
{
  g_autoptr(GPtrArray) all = g_ptr_array_new(); /* at once: what is cut short is not found again */
  const char *const *secret = x->policy->secrets;
  if (x->authorization != NULL)
    g_ptr_array_add(all, strrchr(x->authorization, ' ') + 1);
  for (; secret != NULL && *secret != NULL; secret++)
    g_ptr_array_add(all, (gpointer)*secret);
  g_ptr_array_add(all, NULL);
  return exchange_clean(text, (const char *const *)all->pdata);
}

static void
note_result(Exchange *x, const ExchangeVerdict *verdict)
{
  x->result.status = verdict->status;
  x->result.answered_us = verdict->https.duration_us;
  x->result.retry_after_s = -1;
  g_free(x->result.upstream_message);
  x->result.upstream_message = clean(x, verdict->upstream_message);
  x->result.content_type_mismatch = verdict->fine && verdict->https.bytes > 0 && x->other_type;
}

/* What may stand in a log (3.5), and nothing else. */
static void
log_attempt(const Exchange *x, const ExchangeVerdict *verdict, const GError *error)
{
  g_autofree char *ms = g_strdup_printf("%.1f", (double)verdict->https.duration_us / 1000);
  HttpsOutcome outcome = verdict->https.outcome;
  log_info("erp call", "company", x->policy->company, "operation", x->policy->operation, "host",
           x->host, "path", x->path, "status", int_text(verdict->status), "bytes",
           int_text((gint64)verdict->https.bytes), "ms", ms, "attempt",
           int_text(x->result.attempts), "outcome",
           outcome != HTTPS_ANSWERED ? https_outcome_name(outcome) : NULL, "error",
           error != NULL ? error_word(error) : NULL, NULL);
}

static gint64
s_to_midnight(void)
{
  Instant now = g_get_real_time();
  GDate day = instant_day(now, business_zone());
  GDate next = date_plus(&day, 1);
  return (instant_at(&next, 0, 0, 0, business_zone()) - now) / G_USEC_PER_SEC + 1;
}

/* A slip of the ERP's must not shut everybody out for a year: where calls of a day are counted the
 * longest pause that makes sense is until the next one. */
static gint64
longest_pause_ms(const RatePolicy *rate)
{
  gboolean is_daily = FALSE;
  for (guint i = 0; i < rate->count; i++)
    is_daily |= rate->buckets[i].day_limit > 0;
  return (is_daily ? MAX(LONGEST_PAUSE_S, s_to_midnight()) : LONGEST_PAUSE_S) * 1000;
}

/* Everybody pauses when the ERP asks for it (4.1), also where this run ends with it. */
static void
tell(Exchange *x, const ExchangeVerdict *verdict, gint64 wait_ms)
{
  gboolean is_pace = verdict->status == 429 || verdict->status == 425 || verdict->block_s > 0;
  gboolean pauses = is_pace && !verdict->fine && !verdict->whole_day;
  gint64 pause_ms = pauses ? MIN(wait_ms, longest_pause_ms(x->policy->rate)) : 0;
  exchange_tell_rate(x, exchange_outcome(verdict), pause_ms, verdict->whole_day);
  exchange_tell_guard(x, verdict->counts && !verdict->fine, verdict->block_s);
}

/* Waits and asks again, or ends with this answer's error. */
static void
go_on_or_end(Exchange *x, const ExchangeVerdict *verdict, gint64 wait_ms)
{
  gint64 due_us = g_get_monotonic_time() + wait_ms * 1000;
  gboolean may = verdict->retried && x->result.attempts < x->policy->retry.max_attempts;
  gboolean too_long =
      wait_ms > setting_int(ERP_RETRY_AFTER_MAX_S) * 1000 || due_us >= x->policy->deadline_us;
  if (may && !too_long) {
    x->due_us = due_us;
    x->state = EXCHANGE_WAITING;
    return;
  }
  if (verdict->whole_day)
    x->result.retry_after_s = s_to_midnight();
  else if (verdict->stated_wait_s > 0 || verdict->code == ERROR_ERP_RATE_LIMITED)
    x->result.retry_after_s = (wait_ms + 999) / 1000;
  exchange_end(x, g_steal_pointer(&x->error));
}

/* The same request once more with another token: costs a place in the rate, not an attempt (3.2).
 */
static void
replay(Exchange *x)
{
  x->has_renewed = x->is_replay = TRUE;
  x->rejected = g_strdup(strrchr(x->authorization, ' ') + 1);
  x->due_us = 0;
  x->state = EXCHANGE_WAITING;
}

void
exchange_read_answer(Exchange *x)
{
  g_auto(ExchangeVerdict) verdict = {0};
  fill(x, &verdict);
  judge(x, &verdict);
  gint64 wait_ms = verdict.fine ? 0 : wait_after(x, &verdict);
  g_clear_error(&x->error);
  if (!verdict.fine)
    x->error = g_error_new_literal(PONTE_ERROR, (gint)verdict.code, verdict.message);
  note_result(x, &verdict);
  log_attempt(x, &verdict, x->error);
  tell(x, &verdict, wait_ms);
  if (verdict.fine)
    exchange_end(x, NULL);
  else if (verdict.is_expired && x->policy->oauth != NULL && !x->has_renewed)
    replay(x);
  else
    go_on_or_end(x, &verdict, wait_ms);
  exchange_drop_call(x);
}
