#include "net/call_clock.h"

#define LOOKS_PER_STALL 20

void
call_clock_start(CallClock *clock, gint64 now_us, gint64 timeout_ms, gint64 stall_s)
{
  *clock = (CallClock){
      .begun_us = now_us, .timeout_us = timeout_ms * 1000, .stall_us = stall_s * G_USEC_PER_SEC};
}

static gint64
step_us(const CallClock *clock)
{
  return clock->stall_us / LOOKS_PER_STALL;
}

static gboolean
is_stalled(CallClock *clock, gint64 now_us, gint64 bytes)
{
  gint64 passed_us = now_us - clock->looked_us;
  gboolean is_first = clock->looked_us == 0;
  if (!is_first && passed_us < step_us(clock))
    return FALSE;
  if (is_first || (bytes - clock->last_bytes) * G_USEC_PER_SEC >= CALL_SLOW_BYTES * passed_us)
    clock->fast_us = now_us;
  clock->looked_us = now_us;
  clock->last_bytes = bytes;
  return now_us - clock->fast_us >= clock->stall_us;
}

gboolean
call_clock_is_over(CallClock *clock, gint64 now_us, gboolean has_begun, gint64 bytes)
{
  return now_us - clock->begun_us >= clock->timeout_us ||
         (has_begun && clock->stall_us > 0 && is_stalled(clock, now_us, bytes));
}

gint64
call_clock_next_us(const CallClock *clock)
{
  gint64 end_us = clock->begun_us + clock->timeout_us;
  return clock->looked_us > 0 ? MIN(end_us, clock->looked_us + step_us(clock)) : end_us;
}
