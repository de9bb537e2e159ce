/* One attachment on its way from one record to another: fetched, packed, included; the log knows of
 * it before and after (backoffice.md 6.7, 6.8, 6.10). */
#pragma once
#include "backoffice/refusal.h"
#include "backoffice/transfer_plan.h"
#include "erp/omie/attachments.h"
#include "jobs/queue.h"

typedef enum {
  FILE_COPIED,
  FILE_EMPTY,   /* there is nothing to copy */
  FILE_REFUSED, /* `refusal` tells why */
} FileOutcome;

typedef struct {
  Db *db;
  const Claim *claim;
  const OmieAccount *account;
  OmieRecord origin, target;
  const ListedFile *file;
  gint64 deadline_us;
  FileOutcome outcome; /* set by the run */
  Refusal refusal;
} FileCopy;
void file_copy_clear(FileCopy *copy);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(FileCopy, file_copy_clear)

/* Errors: INTERRUPTED when the lease is lost, DATABASE_*; everything else is an outcome. */
gboolean file_copy_run(FileCopy *copy, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Errors that end an attempt without a result: the lease or the database is lost. */
gboolean file_error_is_fatal(const GError *error);
