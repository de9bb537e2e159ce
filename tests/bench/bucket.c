/* One bucket that many processes take from as fast as they get (lib/net/rate.h).  DATABASE_URL as
 * everywhere.
 *   bucket PROCESSES LIMIT INTERVAL BURST SECONDS
 * prints how many were granted in so many seconds, and the most of them in any window of the
 * interval: as it is, and with the spec's allowance of 50 ms (F-39: a process that is late by so
 * much sends what was granted before).  A grant's time is when its process would send. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/log.h"
#include "base/settings.h"
#include "net/rate.h"

#define MAX_GRANTS   1000000
#define GET_READY_US G_USEC_PER_SEC
#define ALLOWANCE_US 50000
#define PATIENCE_MS  600000

typedef struct {
  gint count;
  gint64 at_us[MAX_GRANTS];
} Grants;

static Grants *grants; /* of all processes */

static void
wait_until(gint64 instant_us)
{
  gint64 left_us = instant_us - g_get_monotonic_time();
  if (left_us > 0)
    g_usleep((gulong)left_us);
}

static void
note_grant(gint64 at_us)
{
  gint place = g_atomic_int_add(&grants->count, 1);
  if (place < MAX_GRANTS)
    grants->at_us[place] = at_us;
}

/* Each connects before the beginning. */
static gboolean
take_all(const RatePolicy *policy, gint64 begin_us, gint64 end_us)
{
  g_autoptr(GError) error = NULL;
  RateState state;
  RateGrant grant;
  if (!rate_look(db_shared(), policy, &state, &error))
    return FALSE;
  wait_until(begin_us);
  while (g_get_monotonic_time() < end_us) {
    if (!rate_enter(db_shared(), policy, PATIENCE_MS, &grant, &error) || grant.verdict != RATE_GO)
      return FALSE;
    gint64 at_us = g_get_monotonic_time() + grant.wait_ms * 1000;
    if (at_us >= end_us)
      break;
    wait_until(at_us);
    note_grant(g_get_monotonic_time());
  }
  return TRUE;
}

static gboolean
run_processes(const RatePolicy *policy, gint64 seconds, gint64 processes)
{
  gint64 begin_us = g_get_monotonic_time() + GET_READY_US;
  gint64 end_us = begin_us + seconds * G_USEC_PER_SEC;
  gboolean fine = TRUE;
  int status;
  for (gint64 i = 0; i < processes; i++)
    if (fork() == 0)
      _exit(take_all(policy, begin_us, end_us) ? 0 : 1);
  while (wait(&status) > 0)
    fine = fine && status == 0;
  return fine && grants->count <= MAX_GRANTS;
}

static int
by_time(const void *a, const void *b)
{
  gint64 first = *(const gint64 *)a, second = *(const gint64 *)b;
  return (first > second) - (first < second);
}

/* Of the sorted times: those of a window from each of them on. */
static gint
most_within(gint64 window_us)
{
  gint most = 0;
  for (gint from = 0, to = 0; from < grants->count; from++) {
    while (to < grants->count && grants->at_us[to] - grants->at_us[from] < window_us)
      to++;
    most = MAX(most, to - from);
  }
  return most;
}

int
main(int argc, char **argv)
{
  g_autoptr(GError) error = NULL;
  gint64 numbers[5];
  if (argc != 6) {
    fputs("usage: bucket PROCESSES LIMIT INTERVAL BURST SECONDS\n", stderr);
    return 2;
  }
  for (gsize i = 0; i < G_N_ELEMENTS(numbers); i++)
    numbers[i] = g_ascii_strtoll(argv[i + 1], NULL, 10);
  if (!settings_load(&error))
    return 1;
  log_init("bench/bucket");
  grants = mmap(NULL, sizeof *grants, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  g_autofree char *key = g_strdup_printf("bench:%d", getpid());
  const RatePolicy policy = {
      .buckets = {{.key = key, .limit = numbers[1], .interval_s = numbers[2], .burst = numbers[3]}},
      .count = 1,
      .share = 1};
  if (grants == MAP_FAILED || !run_processes(&policy, numbers[4], numbers[0]))
    return 1;
  qsort(grants->at_us, (gsize)grants->count, sizeof grants->at_us[0], by_time);
  gint64 interval_us = numbers[2] * G_USEC_PER_SEC;
  printf("%d %d %d\n", grants->count, most_within(interval_us),
         most_within(interval_us - ALLOWANCE_US));
  return 0;
}
