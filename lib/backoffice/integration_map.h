/* Which receipt a payable was made of, so that its attachments can be copied later (backoffice.md
 * 9).
 */
#pragma once
#include "db/db.h"

typedef struct {
  gint64 receipt_id, payable_id;
  const char *invoice;      /* number, or NULL */
  const char *requested_by; /* user, or NULL */
} Mapping;

/* The row of the map, and the log of the pair's transfer: one that succeeded, else the newest when
 * it may still be tried, else a new one that nobody works on yet. */
typedef struct {
  char *id;
  gboolean is_new;
  char *log_id, *log_status;
  gboolean is_done; /* that log is a success */
} Registration;
void registration_clear(Registration *registration);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Registration, registration_clear)

/* Registers a pair, or finds it, in one transaction.  An invoice number fills an empty one and
 * replaces none. */
gboolean mapping_register(Db *db, const Mapping *mapping, Registration *registration,
                          GError **error) G_GNUC_WARN_UNUSED_RESULT;
