/* The nightly analysis of clients: totals and favourite product, RFM notes and the title that they
 * make (data-collecting.md 7.3, 10.3). */
#pragma once
#include "crm/every.h"

#define RFM_NOTES 5 /* notes are 1 to 5 */

/* The title of a client by the note of recency and the mean, rounded up, of those of frequency and
 * value.  Static. */
const char *rfm_title(guint recency, guint frequency, guint value);

typedef struct {
  EveryCount organizations;
  gint64 clients, written,
      retitled; /* looked at, rows that came out different, titles among them */
} RfmAnalysis;

/* Analyses the clients of every organization; days are those of APP_TIMEZONE.  Errors: those of
 * every_organization. */
gboolean rfm_analyse(Db *db, gint64 deadline_us, RfmAnalysis *analysis,
                     GError **error) G_GNUC_WARN_UNUSED_RESULT;
