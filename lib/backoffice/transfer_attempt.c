#include "backoffice/transfer_attempt.h"

#include "backoffice/file_copy.h"
#include "backoffice/transfer_log.h"
#include "backoffice/transfer_report.h"
#include "base/error.h"
#include "base/settings.h"
#include "base/stop.h"
#include "erp/omie/attachments.h"

/* Everything one attempt works with. */
typedef struct {
  Db *db;
  const Claim *claim;
  gint64 deadline_us;
  OmieAccount account;
  TransferLog log;
  GArray *origin, *target; /* of ListedFile */
  TransferPlan plan;
  TransferReport report;
  gboolean is_suspended; /* our own guard ended it */
} Attempt;

static void
attempt_clear(Attempt *attempt)
{
  omie_account_clear(&attempt->account);
  transfer_log_clear(&attempt->log);
  transfer_plan_clear(&attempt->plan);
  transfer_report_clear(&attempt->report);
  g_clear_pointer(&attempt->origin, g_array_unref);
  g_clear_pointer(&attempt->target, g_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Attempt, attempt_clear)

static OmieListingRequest
request(const Attempt *attempt, const OmieMethod *method,
        void (*write)(JsonWriter *, gconstpointer), gconstpointer data)
{
  return (OmieListingRequest){.account = &attempt->account,
                              .method = method,
                              .write_filter = write,
                              .filter_data = data,
                              .lease = claim_lease(attempt->claim),
                              .deadline_us = attempt->deadline_us};
}

/* The attempt ends here, with Omie's refusal of a listing. */
static void
fail_listing(const Attempt *attempt, const OmieListing *listing, const GError *failure,
             JobResult *result)
{
  static const OmieJudgement silence;
  const OmieJudgement *judgement = omie_listing_refusal(listing);
  g_auto(Refusal) refusal = {0};
  refusal_read(&refusal, judgement != NULL ? judgement : &silence, failure);
  *result = refusal_result(&refusal, attempt->claim);
}

/* All files of a record.  *listed is FALSE when Omie refused: `result` says how it ends. */
static gboolean
list_files(Attempt *attempt, const OmieRecord *record, GArray **files, gboolean *listed,
           JobResult *result, GError **error)
{
  OmieListingRequest asked = request(attempt, &omie_list_files, omie_write_record, record);
  g_autoptr(OmieListing) listing = omie_listing_new(attempt->db, &asked);
  g_autoptr(GError) failure = NULL;
  *files = g_array_new(FALSE, FALSE, sizeof(ListedFile));
  g_array_set_clear_func(*files, listed_file_clear);
  for (;;) {
    g_autoptr(OmiePage) page = omie_listing_next(listing, &failure);
    if (page == NULL)
      break;
    for (guint i = 0; i < omie_reply_length(page->reply); i++) {
      ListedFile file;
      listed_file_from_omie(&file, omie_reply_row(page->reply, i));
      g_array_append_val(*files, file);
    }
  }
  *listed = failure == NULL;
  /* by the stop, most likely; a lease that was lost instead shows when the job ends */
  if (stop_requested() && g_error_matches(failure, PONTE_ERROR, ERROR_INTERRUPTED)) {
    *result = (JobResult){.verdict = JOB_HANDED_BACK};
    return TRUE;
  }
  if (failure != NULL && file_error_is_fatal(failure)) {
    g_propagate_error(error, g_steal_pointer(&failure));
    return FALSE;
  }
  if (failure != NULL)
    fail_listing(attempt, listing, failure, result);
  return TRUE;
}

/* What earlier attempts did, into the plan. */
static void
remember(GHashTable *keys, const json_t *entries)
{
  gsize i;
  const json_t *entry;
  json_array_foreach(entries, i, entry)
  {
    g_hash_table_add(keys,
                     transfer_key(json_integer_value(json_object_get(entry, "nIdAnexoOrigem")),
                                  json_string_value(json_object_get(entry, "nome"))));
  }
}

/* Copies one file and keeps the log true before and after.  *ends: no file after it would fare
 * better. */
static gboolean
copy_file(Attempt *attempt, const ListedFile *file, gboolean *ends, GError **error)
{
  g_auto(FileCopy) copy = {.db = attempt->db,
                           .claim = attempt->claim,
                           .account = &attempt->account,
                           .origin = {attempt->log.origin_table, attempt->log.origin_id},
                           .target = {attempt->log.target_table, attempt->log.target_id},
                           .file = file,
                           .deadline_us = attempt->deadline_us};
  TransferReport *report = &attempt->report;
  if (!file_copy_run(&copy, error))
    return FALSE;
  *ends = copy.refusal.hits_all;
  attempt->is_suspended = copy.refusal.is_suspended;
  if (copy.outcome == FILE_COPIED) {
    report->count.included++;
    g_ptr_array_add(attempt->plan.included, (gpointer)file);
    return TRUE;
  }
  if (copy.outcome == FILE_EMPTY)
    report->count.without_content++;
  else
    report->count.refused++;
  transfer_report_trouble(report, file, copy.refusal.text, copy.refusal.may_retry,
                          copy.refusal.not_before_s);
  return TRUE;
}

static gboolean
handle_file(Attempt *attempt, const ListedFile *file, gboolean *ends, GError **error)
{
  TransferReport *report = &attempt->report;
  switch (transfer_plan_step(&attempt->plan, file)) {
  case STEP_SENT_BEFORE:
    report->count.sent_before++;
    return TRUE;
  case STEP_ARRIVED:
    report->count.sent_before++;
    return transfer_log_sent(attempt->db, attempt->claim, file, file->size, error);
  case STEP_UNNAMED:
    report->count.unnamed++;
    return TRUE;
  case STEP_DUPLICATE:
    transfer_report_duplicate(report, file->name);
    return TRUE;
  case STEP_INCLUDE:
    return copy_file(attempt, file, ends, error);
  }
  return TRUE;
}

/* File by file, until the time is over, a stop is asked for, or nothing more can succeed. */
static gboolean
handle_files(Attempt *attempt, gboolean *stopped, GError **error)
{
  gboolean ends = FALSE;
  for (guint i = 0; i < attempt->origin->len; i++) {
    *stopped = stop_requested();
    ends |= *stopped || g_get_monotonic_time() >= attempt->deadline_us;
    if (ends) {
      attempt->report.count.not_tried = attempt->origin->len - i;
      return TRUE;
    }
    if (!handle_file(attempt, &g_array_index(attempt->origin, ListedFile, i), &ends, error))
      return FALSE;
  }
  return TRUE;
}

static void
conclude(Attempt *attempt, gboolean stopped, JobResult *result)
{
  const TransferReport *report = &attempt->report;
  gint64 open = transfer_open(&report->count);
  gboolean out_of_time = report->count.not_tried > 0 && report->troubles->len == 0;
  gboolean waits = attempt->is_suspended && report->count.included == 0 &&
                   attempt->claim->in_background; /* 14.8: costs no attempt */
  *result = (JobResult){.verdict = stopped    ? JOB_HANDED_BACK
                                   : waits    ? JOB_POSTPONED
                                   : open > 0 ? JOB_FAILED
                                              : JOB_DONE,
                        .message = transfer_report_message(report),
                        .may_retry = (report->may_retry || out_of_time) &&
                                     setting_flag(BACKOFFICE_AUTO_RETRY),
                        .not_before_s = report->not_before_s,
                        .result = transfer_report_json(report)};
}

/* Both listings, and everything between them and the result. */
static gboolean
copy_files(Attempt *attempt, JobResult *result, GError **error)
{
  const OmieRecord origin = {attempt->log.origin_table, attempt->log.origin_id};
  const OmieRecord target = {attempt->log.target_table, attempt->log.target_id};
  gboolean listed, stopped = FALSE;
  if (!list_files(attempt, &origin, &attempt->origin, &listed, result, error))
    return FALSE;
  if (!listed)
    return TRUE;
  attempt->report.count.origin = attempt->origin->len;
  if (!transfer_log_found(attempt->db, attempt->claim, attempt->origin->len, error))
    return FALSE;
  if (attempt->origin->len > 0) {
    if (!list_files(attempt, &target, &attempt->target, &listed, result, error))
      return FALSE;
    if (!listed) {
      attempt->report.count.not_tried = attempt->origin->len;
      result->result = transfer_report_json(&attempt->report);
      return TRUE;
    }
    attempt->report.count.target = attempt->target->len;
    transfer_plan_init(&attempt->plan, attempt->target);
    remember(attempt->plan.sent, attempt->log.sent);
    remember(attempt->plan.in_flight, attempt->log.in_flight);
    if (!handle_files(attempt, &stopped, error))
      return FALSE;
  }
  conclude(attempt, stopped, result);
  return TRUE;
}

/* Without credentials nothing can be asked. */
static void
fail_unconfigured(const Attempt *attempt, const GError *failure, JobResult *result)
{
  static const OmieJudgement silence;
  g_auto(Refusal) refusal = {0};
  refusal_read(&refusal, &silence, failure);
  *result = refusal_result(&refusal, attempt->claim);
}

gboolean
transfer_attempt(Db *db, const Claim *claim, gint64 deadline_us, JobResult *result, GError **error)
{
  g_auto(Attempt) attempt = {.db = db, .claim = claim, .deadline_us = deadline_us};
  g_autoptr(GError) unconfigured = NULL;
  transfer_report_init(&attempt.report);
  if (!omie_account_init(&attempt.account, &unconfigured))
    fail_unconfigured(&attempt, unconfigured, result);
  else if (!transfer_log_load(db, claim, &attempt.log, error) ||
           !copy_files(&attempt, result, error))
    return FALSE;
  if (result->verdict == JOB_FAILED && result->result == NULL) /* failed before the first file */
    result->result = transfer_report_json(&attempt.report);
  return TRUE;
}
