/* A crew of like processes: the parent starts them, replaces those that die, and on SIGTERM lets
 * each finish what it has in hand. */
#pragma once
#include <glib.h>

typedef struct {
  guint size;
  int (*work)(guint place, gpointer data); /* a member's whole life; its exit status */
  gboolean (*may_leave)(gpointer data);    /* asked now and then: shall all leave?  NULL: never */
  void (*note_end)(guint place, gpointer data); /* a member ended; NULL: nobody is told */
  gpointer data;
} Crew;

/* Leads the crew until a stop was asked for, or until may_leave; returns when all have ended.
 * Signals must be blocked already (base/stop.h). */
void crew_lead(const Crew *crew);
