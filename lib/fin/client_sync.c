#include "fin/client_sync.h"

#include "base/error.h"
#include "base/log.h"
#include "base/settings.h"
#include "base/text.h"
#include "erp/omie/clients.h"
#include "fin/client_store.h"

/* Page after page: while the server stores one, the next is read and those after it are on their
 * way. */
static gboolean
copy_pages(OmieListing *listing, ClientStore *store, GError **error)
{
  g_autoptr(GError) failure = NULL;
  for (OmiePage *page; (page = omie_listing_next(listing, &failure)) != NULL;) {
    client_store_take(store, page);
    omie_listing_read_ahead(listing);
    if (!client_store_write(store, error))
      return FALSE;
  }
  if (!client_store_finish(store, error)) /* pages before the failing one are kept */
    return FALSE;
  if (failure != NULL) {
    g_propagate_error(error, g_steal_pointer(&failure));
    return FALSE;
  }
  return TRUE;
}

static gboolean
copy_clients(Db *db, const char *log_id, gint64 deadline_us, SyncProgress *progress, GError **error)
{
  g_auto(OmieAccount) account = {0};
  if (!omie_account_init(&account, error))
    return FALSE;
  OmieListingRequest request = {
      .account = &account,
      .method = &omie_list_clients,
      .write_filter = omie_write_client_filter,
      .lease = {"fin.renew_client_sync", log_id, setting_int(FIN_SYNC_LEASE_S)},
      .deadline_us = deadline_us,
  };
  g_autoptr(OmieListing) listing = omie_listing_new(db, &request);
  g_autoptr(ClientStore) store = client_store_new(db, log_id, progress);
  return copy_pages(listing, store, error);
}

/* fin.md's words for what ends a run, cut as they are stored: caller and log read the same. */
static GError *
describe_failure(const GError *failure)
{
  const char *text = error_public_text(failure);
  if (g_error_matches(failure, PONTE_ERROR, ERROR_DEADLINE))
    text = "Tempo limite da sincronização excedido.";
  else if (g_error_matches(failure, PONTE_ERROR, ERROR_INTERRUPTED))
    text = SYNC_INTERRUPTED;
  g_autofree char *cut = text_cut(text, SYNC_MAX_MESSAGE);
  if (error_is_private(failure))
    log_error("sync failed", "cause", failure->message, NULL);
  return g_error_new_literal(failure->domain, failure->code, cut);
}

static void
log_run(const char *log_id, const SyncProgress *progress, const char *failure)
{
  g_autofree char *details = sync_progress_json(progress);
  log_info("client sync ended", "log_id", log_id, "records",
           int_text(sync_progress_records(progress)), "details", details, "failure", failure, NULL);
}

gboolean
client_sync_run(Db *db, const char *log_id, gint64 deadline_us, gint64 *record_count,
                GError **error)
{
  SyncProgress progress = {.total_pages = -1};
  gint64 own_deadline_us =
      g_get_monotonic_time() + setting_int(FIN_SYNC_DEADLINE_S) * G_USEC_PER_SEC;
  g_autoptr(GError) cause = NULL, failure = NULL, unclosed = NULL;
  if (!copy_clients(db, log_id, MIN(deadline_us, own_deadline_us), &progress, &cause))
    failure = describe_failure(cause);
  *record_count = sync_progress_records(&progress);
  log_run(log_id, &progress, failure != NULL ? failure->message : NULL);
  if (!sync_log_close(db, log_id, &progress, failure != NULL ? failure->message : NULL,
                      &unclosed)) {
    /* the row stays running until its lease is over; the next gate closes it (fin.md 6.8c) */
    log_error("sync row not closed", "log_id", log_id, "cause", unclosed->message, NULL);
    if (failure == NULL)
      failure = g_steal_pointer(&unclosed);
  }
  if (failure == NULL)
    return TRUE;
  g_propagate_error(error, g_steal_pointer(&failure));
  return FALSE;
}

static gboolean
work(Db *db, const Claim *claim, gint64 deadline_us, JobResult *result,
     G_GNUC_UNUSED GError **error)
{
  g_autoptr(GError) failure = NULL;
  gint64 records;
  gboolean done = client_sync_run(db, claim->id, deadline_us, &records, &failure);
  *result = (JobResult){.verdict = done ? JOB_DONE : JOB_FAILED,
                        .message = done ? NULL : g_strdup(failure->message)};
  return TRUE;
}

const Queue client_sync_queue = {
    .name = "client-syncs",
    .table = "fin.erp_sync_log",
    .waiting = "'running'",
    .working = "'running'",
    .returned = "'running'",
    .done = "'success'",
    .failed = "'error'",
    .message = "error_message",
    .result = "details",
    .ended_at = "finished_at",
    .renew = "fin.renew_erp_sync_log",
    .interrupted = SYNC_INTERRUPTED,
    .work = work,
};
