/* Work that is done to one organization after the other, each standing or falling alone
 * (data-collecting.md 1.8). */
#pragma once
#include "db/db.h"

/* Does the work for one organization; `data` is the caller's.  It may be repeated after an error of
 * DATABASE_CONFLICT, and may return with *is_done FALSE to be called again for what is left. */
typedef gboolean (*OrganizationWork)(Db *db, const char *organization, gpointer data,
                                     gboolean *is_done, GError **error);

typedef struct {
  gint64 done, failed, left; /* organizations; left: the time was up, or a stop was asked for */
} EveryCount;

/* Runs `work` for each id that the statement `sql` finds.  A failure is logged as `name`, counted,
 * and does not stop the others.
 * Errors: JOB_FAILED with the text `failed` when there is no list to begin with;
 * DATABASE_UNAVAILABLE. */
gboolean every_organization(Db *db, const char *name, const char *failed, const char *sql,
                            OrganizationWork work, gpointer data, gint64 deadline_us,
                            EveryCount *count, GError **error) G_GNUC_WARN_UNUSED_RESULT;
