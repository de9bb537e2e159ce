/* What a collecting run keeps in crm.utils (data-collecting.md 1.10): the ERPs' answers as they
 * came, failures, and records that could not be taken. */
#pragma once
#include "crm/organization.h"
#include "erp/sale.h"
#include "net/spool.h"

/* Whom and which run the rows are about.  Everything is borrowed. */
typedef struct {
  Db *db;
  Organization *organization; /* its statements are counted */
  const char *run;            /* execucaoId */
  char *window;               /* as sent to the ERP; owned */
} ImportLog;

/* A log for an organization with a connector.  Free `window` with import_log_clear. */
ImportLog import_log_of(Db *db, Organization *organization, const char *run, const DateRange *days);
void import_log_clear(ImportLog *log);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(ImportLog, import_log_clear)

/* The answer as it came, in a transaction of its own; one that is there already only gets a new
 * time.  However large it is, no more than a piece of it is in memory.  Errors: DATABASE_*. */
gboolean import_log_answer(ImportLog *log, Spool *answer, gboolean is_json,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Failures and rejected records, collected and then written with one statement. */
typedef struct {
  DbArray kinds, codes, details, ids, fields, stages, records;
  guint count;
  gsize bytes; /* of the records */
} ImportProblems;
void import_problems_init(ImportProblems *problems);
void import_problems_clear(ImportProblems *problems);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(ImportProblems, import_problems_clear)

/* `stage`: what was being done; external_id NULL: it is about the organization as a whole. */
void import_problems_add_failure(ImportProblems *problems, const char *stage, const char *code,
                                 const char *detail, const char *external_id);
void import_problems_add_reject(ImportProblems *problems, const SaleRejection *why,
                                const char *record, gsize length);

/* Writes them, and empties the collection.  Errors: DATABASE_*. */
gboolean import_log_problems(ImportLog *log, ImportProblems *problems,
                             GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Rows of the organization older than UTILS_RETENCAO_DIAS go, at most 1 000.  Errors: DATABASE_*.
 */
gboolean import_log_prune(Db *db, Organization *organization,
                          GError **error) G_GNUC_WARN_UNUSED_RESULT;
