/* Does Omie bill what the contracts say?  MRR against revenue of the current month, client by
 * client (fin.md 9). */
#pragma once
#include "base/date.h"
#include "db/db.h"

#define RECONCILIATION_PERCENT 5    /* of the MRR, or … */
#define RECONCILIATION_FIXED   5000 /* … so many centavos, whichever is more, is tolerated */

/* Pure: is the difference, in centavos, beyond the tolerance?  Sets *divergence in any case. */
gboolean reconciliation_diverges(gint64 mrr, gint64 revenue, gint64 *divergence);

/* A client beyond the tolerance; amounts in centavos, texts borrowed from the result. */
typedef struct {
  const char *client_id, *client_name;
  gint64 mrr, revenue, divergence;
} Divergence;

typedef struct {
  DateRange month;
  const char *source, *fetched_at; /* NULL when no client takes part: Omie is not asked then */
  GArray *alerts;                  /* of Divergence: largest first, then by name, then by id */
  PGresult *rows;                  /* the texts live here */
} Reconciliation;
void reconciliation_clear(Reconciliation *result);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Reconciliation, reconciliation_clear)

/* One query where a snapshot or a live answer of the month is there; else Omie is asked first.
 * Errors: those of revenue_prepare_live, DATABASE_*. */
gboolean reconciliation_load(Db *db, const char *claims, gint64 deadline_us, Reconciliation *result,
                             GError **error) G_GNUC_WARN_UNUSED_RESULT;
