/* The days that a collecting run asks the ERPs for (data-collecting.md 1.3, 1.5, 1.11).  Pure. */
#pragma once
#include "base/instant.h"

#define WINDOW_MAX_DAYS 31

typedef enum { COLLECT_NORMAL, COLLECT_RETROACTIVE } CollectMode;

/* "normal", "retroativo"; NULL is normal.  FALSE for any other word. */
gboolean collect_mode_parse(const char *word, CollectMode *mode) G_GNUC_WARN_UNUSED_RESULT;
const char *collect_mode_word(CollectMode mode);

/* The window of a mode at an instant: normal reaches back to the day that it was so many hours ago,
 * retroactive covers the five days before today. */
DateRange window_of(CollectMode mode, Instant now, gint64 tolerance_hours, GTimeZone *zone);

/* Replaces what the caller named ("2026-03-05", NULL: as it is).  FALSE with the name of the
 * parameter that is wrong: malformed, the last day before the first, more than WINDOW_MAX_DAYS. */
gboolean window_override(DateRange *window, const char *from, const char *to,
                         const char **wrong) G_GNUC_WARN_UNUSED_RESULT;
