/* Cashback that nobody redeemed in time expires (data-collecting.md 6.8). */
#pragma once
#include "crm/every.h"

typedef struct {
  EveryCount organizations; /* of those where something was due */
  gint64 expired;           /* accumulations of which something was left */
  gint64 debited, lost;     /* centavos: taken from balances; what they had no more */
} CashbackExpiry;

/* Lets everything expire that is due, in small transactions: what was done before an interruption
 * stays done, and the next run does the rest.  Errors: those of every_organization. */
gboolean cashback_expire(Db *db, gint64 deadline_us, CashbackExpiry *expiry,
                         GError **error) G_GNUC_WARN_UNUSED_RESULT;
