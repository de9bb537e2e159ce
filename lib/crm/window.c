#include "crm/window.h"

#define RETROACTIVE_DAYS 5
#define HOUR_US          (G_GINT64_CONSTANT(3600) * G_USEC_PER_SEC)

static const char *const modes[] = {
    [COLLECT_NORMAL] = "normal", [COLLECT_RETROACTIVE] = "retroativo"};

gboolean
collect_mode_parse(const char *word, CollectMode *mode)
{
  for (guint i = 0; i < G_N_ELEMENTS(modes); i++)
    if (word == NULL || g_str_equal(word, modes[i])) {
      *mode = (CollectMode)i;
      return TRUE;
    }
  return FALSE;
}

const char *
collect_mode_word(CollectMode mode)
{
  return modes[mode];
}

DateRange
window_of(CollectMode mode, Instant now, gint64 tolerance_hours, GTimeZone *zone)
{
  GDate today = instant_day(now, zone);
  if (mode == COLLECT_RETROACTIVE)
    return (DateRange){date_plus(&today, -RETROACTIVE_DAYS), date_plus(&today, -1)};
  return (DateRange){instant_day(now - tolerance_hours * HOUR_US, zone), today};
}

gboolean
window_override(DateRange *window, const char *from, const char *to, const char **wrong)
{
  DateRange asked = *window;
  *wrong = NULL;
  if (from != NULL && !date_parse_iso(from, &asked.first))
    *wrong = "de";
  else if (to != NULL && !date_parse_iso(to, &asked.last))
    *wrong = "ate";
  else if (from != NULL || to != NULL) {
    gint days = g_date_days_between(&asked.first, &asked.last) + 1;
    if (days < 1 || days > WINDOW_MAX_DAYS)
      *wrong = from != NULL ? "de" : "ate";
  }
  if (*wrong != NULL)
    return FALSE;
  *window = asked;
  return TRUE;
}
