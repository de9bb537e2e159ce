#include "crm/every.h"

#include "base/error.h"
#include "base/log.h"
#include "base/stop.h"

#define MAX_CONFLICTS 3 /* in a row, with others who change the same rows */

typedef enum { ENDED_DONE, ENDED_FAILED, ENDED_LEFT } Ending;

static gboolean
time_is_up(gint64 deadline_us)
{
  return stop_requested() || g_get_monotonic_time() >= deadline_us;
}

/* One organization to its end.  Whatever is no loss of the database is its own failure. */
static gboolean
one(Db *db, const char *name, const char *id, OrganizationWork work, gpointer data,
    gint64 deadline_us, Ending *ending, GError **error)
{
  gboolean is_done = FALSE;
  for (int conflicts = 0; !is_done;) {
    if (time_is_up(deadline_us)) {
      *ending = ENDED_LEFT;
      return TRUE;
    }
    g_autoptr(GError) failure = NULL;
    if (work(db, id, data, &is_done, &failure)) {
      conflicts = 0;
      continue;
    }
    is_done = FALSE;
    if (g_error_matches(failure, PONTE_ERROR, ERROR_DATABASE_UNAVAILABLE)) {
      g_propagate_error(error, g_steal_pointer(&failure));
      return FALSE;
    }
    if (g_error_matches(failure, PONTE_ERROR, ERROR_DATABASE_CONFLICT) &&
        ++conflicts < MAX_CONFLICTS)
      continue;
    log_error("organization failed", "job", name, "organization", id, "cause", failure->message,
              NULL);
    *ending = ENDED_FAILED;
    return TRUE;
  }
  *ending = ENDED_DONE;
  return TRUE;
}

gboolean
every_organization(Db *db, const char *name, const char *failed, const char *sql,
                   OrganizationWork work, gpointer data, gint64 deadline_us, EveryCount *count,
                   GError **error)
{
  g_autoptr(GError) cause = NULL;
  g_autoptr(PGresult) list = db_query(db, DB_CLAIMS_SYSTEM, sql, DB_NO_PARAMS, &cause);
  if (list == NULL) {
    log_error("job failed", "job", name, "cause", cause->message, NULL);
    g_set_error_literal(error, PONTE_ERROR, ERROR_JOB_FAILED, failed);
    return FALSE;
  }
  for (int i = 0; i < PQntuples(list); i++) {
    Ending ending;
    if (!one(db, name, db_text(list, i, 0), work, data, deadline_us, &ending, error))
      return FALSE;
    count->done += ending == ENDED_DONE;
    count->failed += ending == ENDED_FAILED;
    count->left += ending == ENDED_LEFT;
  }
  return TRUE;
}
