/* An ERP's answer about one organization into its tables (data-collecting.md 1.7.6 to 1.7.10): kept
 * as it came, read record by record, repeated ones dropped, imported batch by batch.  Memory stays
 * flat however many records there are. */
#pragma once
#include "crm/organization.h"

typedef struct {
  Db *db;
  const char *run; /* execucaoId */
  const DateRange *days;
  GTimeZone *zone;
  gboolean is_retroactive;
  gint64 deadline_us;             /* no further batch after this */
  void (*between)(gpointer data); /* called between two batches: others want to move on */
  gpointer between_data;
} IntakeContext;

/* Imports what was fetched; the organization ends as OK, PARTIAL, FAILED, or POSTPONED when a stop
 * was asked for or the deadline came in between.  What was stored by then stays.
 * Errors: INTERRUPTED when the lease is lost, DATABASE_*. */
gboolean intake(const IntakeContext *context, Organization *organization, SalesFetch *fetch,
                GError **error) G_GNUC_WARN_UNUSED_RESULT;
