/* A file given by the caller, attached to a record of Omie's (backoffice.md 7). */
#pragma once
#include "db/db.h"

typedef struct {
  const char *table;
  gint64 record_id;
  const char *file_name;
  GString *content; /* decoded; taken, and freed as soon as it is packed */
} Upload;

/* Includes it.  *answer: Omie's answer object as text, the caller's.
 * Errors: UPLOAD_FAILED with the text of 5.4; DATABASE_*. */
gboolean upload_run(Db *db, Upload *upload, gint64 deadline_us, char **answer,
                    GError **error) G_GNUC_WARN_UNUSED_RESULT;
