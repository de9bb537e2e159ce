#include "backoffice/file_copy.h"

#include <string.h>

#include "backoffice/base64.h"
#include "backoffice/download.h"
#include "backoffice/package.h"
#include "backoffice/transfer_log.h"
#include "base/error.h"
#include "base/settings.h"
#include "base/stop.h"

#define GRACE_US (5 * G_USEC_PER_SEC) /* a call's own time limit ends it before ours does */

void
file_copy_clear(FileCopy *copy)
{
  refusal_clear(&copy->refusal);
}

gboolean
file_error_is_fatal(const GError *error)
{
  return g_error_matches(error, PONTE_ERROR, ERROR_INTERRUPTED) ||
         g_error_matches(error, PONTE_ERROR, ERROR_DATABASE_UNAVAILABLE) ||
         g_error_matches(error, PONTE_ERROR, ERROR_DATABASE) ||
         g_error_matches(error, PONTE_ERROR, ERROR_DATABASE_CONFLICT);
}

/* A call about this file.  A file that was begun is finished: no stop ends it, and a deadline that
 * passes meanwhile leaves the call its own time.  A write that runs into the deadline all the same
 * may have been carried out. */
static json_t *
ask(FileCopy *copy, const OmieMethod *method, void (*write)(JsonWriter *, gconstpointer),
    gconstpointer data, GString *content, GError **error)
{
  OmieListingRequest request = {
      .account = copy->account,
      .method = method,
      .write_filter = write,
      .filter_data = data,
      .lease = claim_lease(copy->claim),
      .long_name = content != NULL ? OMIE_FILE_CONTENT : NULL,
      .long_text = content,
      .finishes = TRUE,
      .deadline_us = MAX(copy->deadline_us, g_get_monotonic_time()) +
                     omie_method_timeout_ms(method) * 1000 + GRACE_US,
  };
  g_auto(OmieJudgement) judgement = {0};
  g_autoptr(GError) failure = NULL;
  json_t *answer = omie_call(copy->db, &request, &judgement, &failure);
  if (answer != NULL)
    return answer;
  if (!file_error_is_fatal(failure)) {
    copy->outcome = FILE_REFUSED;
    refusal_read(&copy->refusal, &judgement, failure);
    copy->refusal.is_unknown |=
        method->is_write && g_error_matches(failure, PONTE_ERROR, ERROR_DEADLINE);
  }
  g_propagate_error(error, g_steal_pointer(&failure));
  return NULL;
}

static void
refuse(FileCopy *copy, FileOutcome outcome, gboolean may_retry, const char *reason)
{
  copy->outcome = outcome;
  copy->refusal = (Refusal){.text = g_strdup(reason), .may_retry = may_retry};
}

/* A download is a read: one that was lost is asked for again after a while (5.4).  FALSE: the
 * outcome is set, or the error. */
static gboolean
download(FileCopy *copy, const char *link, GString *content, GError **error)
{
  const Lease lease = claim_lease(copy->claim);
  for (guint nth = 0;; nth++) {
    g_autoptr(GError) failure = NULL;
    gint64 deadline_us =
        MAX(copy->deadline_us, g_get_monotonic_time()) + setting_int(OMIE_TIMEOUT_MS) * 1000;
    if (download_fetch(link, (gsize)setting_int(BACKOFFICE_MAX_FILE_BYTES), deadline_us, content,
                       &failure))
      return TRUE;
    gboolean may_pass = !g_error_matches(failure, PONTE_ERROR, ERROR_UPSTREAM_FAULT);
    gint64 wait_ms = may_pass ? setting_wait_ms(OMIE_TRANSIENT_WAITS_MS, nth) : -1;
    if (wait_ms < 0 || stop_requested() ||
        g_get_monotonic_time() + wait_ms * 1000 >= copy->deadline_us) {
      refuse(copy, FILE_REFUSED, may_pass, failure->message);
      return FALSE;
    }
    if (!call_gate_renew(copy->db, &lease, wait_ms, error))
      return FALSE;
    g_usleep((gulong)wait_ms * 1000);
  }
}

/* The file's bytes, from the answer itself or by its link.  FALSE: the outcome is set, or the
 * error.
 */
static gboolean
take_content(FileCopy *copy, const json_t *answer, const GString *cut, GString *content,
             GError **error)
{
  const char *base64 =
      cut->len > 0 ? cut->str : json_string_value(json_object_get(answer, OMIE_FILE_CONTENT));
  const char *link = json_string_value(json_object_get(answer, "cLinkDownload"));
  gsize limit = (gsize)setting_int(BACKOFFICE_MAX_FILE_BYTES);
  if (base64 != NULL && *base64 != '\0') {
    if (!base64_decode(base64, content))
      g_string_truncate(content, 0);
  } else if (link != NULL && *link != '\0' && !download(copy, link, content, error))
    return FALSE;
  if (content->len == 0) {
    refuse(copy, FILE_EMPTY, TRUE, "sem conteúdo");
    return FALSE;
  }
  if (content->len > limit) {
    g_autofree char *size = download_size_text(limit);
    g_autofree char *reason = g_strdup_printf("arquivo excede o limite de %s", size);
    refuse(copy, FILE_REFUSED, FALSE, reason);
    return FALSE;
  }
  return TRUE;
}

/* Includes the packed file; what the log knows of it follows the answer. */
static gboolean
include(FileCopy *copy, const Package *package, gint64 size, GError **error)
{
  g_autofree char *code = transfer_code(copy->file);
  OmieNewFile file = {copy->target, code, copy->file->name, package->base64, package->md5};
  g_autoptr(GError) failure = NULL;
  if (!transfer_log_sending(copy->db, copy->claim, copy->file, error))
    return FALSE;
  json_t *answer = ask(copy, &omie_add_file, omie_write_new_file, &file, NULL, &failure);
  if (answer == NULL && file_error_is_fatal(failure)) {
    g_propagate_error(error, g_steal_pointer(&failure));
    return FALSE;
  }
  if (answer != NULL || copy->refusal.is_duplicate) {
    json_decref(answer);
    copy->outcome = FILE_COPIED;
    return transfer_log_sent(copy->db, copy->claim, copy->file, size, error);
  }
  return copy->refusal.is_unknown || transfer_log_refused(copy->db, copy->claim, copy->file, error);
}

gboolean
file_copy_run(FileCopy *copy, GError **error)
{
  OmieFile wanted = {copy->origin, copy->file->id, copy->file->name};
  g_autoptr(GString) base64 = g_string_new(NULL);
  g_autoptr(GError) failure = NULL;
  json_t *answer = ask(copy, &omie_get_file, omie_write_file, &wanted, base64, &failure);
  if (answer == NULL) {
    if (!file_error_is_fatal(failure))
      return TRUE;
    g_propagate_error(error, g_steal_pointer(&failure));
    return FALSE;
  }
  g_autoptr(GString) content = g_string_new(NULL);
  g_auto(Package) package = {0};
  gboolean taken = take_content(copy, answer, base64, content, &failure);
  g_string_free(g_steal_pointer(&base64), TRUE);
  json_decref(answer);
  if (failure != NULL) {
    g_propagate_error(error, g_steal_pointer(&failure));
    return FALSE;
  }
  if (!taken)
    return TRUE;
  gint64 size = (gint64)content->len;
  if (!package_file(copy->file->name, content->str, content->len, &package, error))
    return FALSE;
  g_string_free(g_steal_pointer(&content), TRUE); /* the package is enough from here on */
  return include(copy, &package, size, error);
}
