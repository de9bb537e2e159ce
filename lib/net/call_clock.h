/* The time limits of one HTTPS call, by a clock that stands still while sinks work: a caller who
 * reads slowly is neither a time-out nor a stall of the ERP's (erp-connectors.md 1.2).  Pure. */
#pragma once
#include <glib.h>

#define CALL_SLOW_BYTES 100 /* fewer a second are a stall */

typedef struct {
  gint64 begun_us, timeout_us;
  gint64 stall_us;              /* 0: no rule */
  gint64 looked_us, last_bytes; /* when progress was looked at last, and what there was; 0: never */
  gint64 fast_us;               /* when it was last fast enough */
} CallClock;

void call_clock_start(CallClock *clock, gint64 now_us, gint64 timeout_ms, gint64 stall_s);

/* Is the time over?  `bytes` of the body came so far; a stall is looked for only after the answer
 * has begun: an ERP may think for as long as the time-out allows. */
gboolean call_clock_is_over(CallClock *clock, gint64 now_us, gboolean has_begun, gint64 bytes);

/* When to look again. */
gint64 call_clock_next_us(const CallClock *clock);
