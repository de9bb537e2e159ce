#include "net/retry.h"

#include <curl/curl.h>
#include <string.h>
#include <unistd.h>

#define LONGEST_WAIT_S    (366 * 86400) /* nobody waits for longer, and sums stay small */
#define SHORTEST_DATE     24            /* "Sun Nov  6 08:49:37 1994"; libcurl takes shorter ones */
#define JITTER_KEEPS_HALF 0.5

static gint64
growing_ms(const RetryPolicy *policy, guint n)
{
  gint64 delay = policy->base_ms;
  if (policy->strategy == RETRY_LINEAR)
    return policy->base_ms * ((gint64)n + 1);
  if (policy->strategy == RETRY_EXPONENTIAL)
    while (n-- > 0 && delay < policy->max_ms)
      delay *= 2;
  return delay;
}

gint64
retry_delay_ms(const RetryPolicy *policy, guint n, double chance)
{
  gint64 delay = MIN(growing_ms(policy, n), policy->max_ms);
  if (!policy->jitter)
    return delay;
  return (gint64)((double)delay * (JITTER_KEEPS_HALF + (1 - JITTER_KEEPS_HALF) * chance));
}

double
retry_chance(void)
{
  static GRand *generator;
  static pid_t owner;
  if (generator == NULL || owner != getpid()) { /* forked workers must not wait in step */
    g_clear_pointer(&generator, g_rand_free);
    generator = g_rand_new();
    owner = getpid();
  }
  return g_rand_double(generator);
}

/* Unix time of an HTTP date; -1 for anything else. */
static gint64
date_s(const char *text)
{
  return text != NULL && strlen(text) >= SHORTEST_DATE ? (gint64)curl_getdate(text, NULL) : -1;
}

gint64
retry_after_s(const char *retry_after, const char *date, gint64 now_s)
{
  g_autofree char *text = g_strstrip(g_strdup(retry_after != NULL ? retry_after : ""));
  gint64 seconds;
  if (*text != '\0' && text[strspn(text, "0123456789")] == '\0')
    seconds = g_ascii_strtoll(text, NULL, 10); /* stops at the largest number there is */
  else {
    gint64 until = date_s(text), told = date_s(date);
    if (until < 0)
      return -1;
    seconds = until - (told >= 0 ? told : now_s);
  }
  return seconds > 0 ? MIN(seconds, LONGEST_WAIT_S) : -1;
}
