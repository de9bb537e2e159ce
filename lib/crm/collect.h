/* A run of data collecting: the sales of all integrated organizations from their ERPs into the CRM
 * (data-collecting.md 1).  Any number of runs may go on at once, on any number of hosts: each
 * organization is worked on by one of them. */
#pragma once
#include "crm/organization.h"
#include "crm/window.h"

/* What the caller asked for; NULL: not named. */
typedef struct {
  const char *organization, *mode, *from, *to;
  gint64 deadline_us; /* g_get_monotonic_time() by which it must have ended */
} CollectRequest;

typedef struct {
  char *id; /* execucaoId */
  CollectMode mode;
  Instant started, ended;
  DateRange window;
  GPtrArray *organizations; /* of Organization, in the order of their turn */
} CollectRun;
void collect_run_clear(CollectRun *run);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(CollectRun, collect_run_clear)

/* Does it.  What happened to each organization is in `run`, whatever it was.
 * Errors: INVALID_PARAMETER, with its name in *wrong (static); NOT_FOUND for an unknown
 * organization; DATABASE_* when the run could not begin or the database is gone for good. */
gboolean collect(Db *db, const CollectRequest *request, CollectRun *run, const char **wrong,
                 GError **error) G_GNUC_WARN_UNUSED_RESULT;
