/* The organizations of a collecting run: which there are, taking them with a lease, ending them
 * (data-collecting.md 1.4, 1.6, 1.9; DESIGN "Settled points"). */
#pragma once
#include "crm/plan.h"
#include "db/db.h"
#include "erp/sales.h"

typedef enum {
  COLLECT_WAITING, /* its turn has not come: POSTPONED when the run ends */
  COLLECT_TAKEN,   /* the lease is ours */
  COLLECT_OK,
  COLLECT_PARTIAL,
  COLLECT_FAILED,
  COLLECT_BUSY,
  COLLECT_POSTPONED,
  COLLECT_UNSUPPORTED,
} CollectStatus;

/* One organization in a run, and what became of it. */
typedef struct {
  char *id, *type, *configuration;
  const SalesConnector *connector; /* NULL: none for this type */
  char *lease;                     /* token; NULL: not ours (any more) */
  CollectStatus status;
  const char *failure_code;                    /* of FALHA, interned; else NULL */
  const char *failure_stage;                   /* what was being done, for the log row; static */
  char *failure_detail;                        /* at most 300 characters */
  gint64 received, rejected, repeated, failed; /* records, and sales that could not be stored */
  PlanCounts counts;
  gint64 messages_sent, messages_failed;
  guint statements; /* sent for it; one that serves several counts for each of them */
  gint64 started_us, duration_ms;
} Organization;
void organization_free(Organization *organization);

/* It has failed: FALHA. */
void organization_fail(Organization *organization, const char *stage, const char *code,
                       const char *detail);

/* "OK", "PARCIAL", "FALHA" … of an organization that has ended. */
const char *collect_status_word(CollectStatus status);

/* All that are integrated, or the one of that id; those that waited longest come first.  GPtrArray
 * of Organization, the caller's.  *now is the database's clock.
 * Errors: NOT_FOUND when there is none of that id, DATABASE_*. */
GPtrArray *organizations_select(Db *db, const char *id, Instant *now,
                                GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Takes some (Organization *): those that are free become TAKEN, the others BUSY: somebody has
 * them, or has been done with them since then (INSTANT_NONE: that does not matter).
 * Errors: DATABASE_*. */
gboolean organizations_take(Db *db, const GPtrArray *some, Instant since,
                            GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Renews the leases of those that are TAKEN; clears `lease` of those that were lost. */
gboolean organizations_renew(Db *db, const GPtrArray *some,
                             GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Gives the leases of these back, if they are still ours; `synchronised`: and notes the time.
 * *lost (may be NULL) is set when one was not. */
gboolean organizations_end(Db *db, const GPtrArray *some, gboolean synchronised, gboolean *lost,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;
