#include "backoffice/upload.h"

#include <jansson.h>
#include <stdlib.h>

#include "backoffice/package.h"
#include "backoffice/refusal.h"
#include "backoffice/transfer_log.h"
#include "base/error.h"
#include "erp/omie/attachments.h"

#define CODE_LENGTH 19 /* after the U of cCodIntAnexo */

/* A code of our own, so that an unclear outcome can be traced (7.1).  Caller frees. */
static char *
new_code(void)
{
  g_autofree char *random = g_uuid_string_random();
  g_autoptr(GString) code = g_string_new("U");
  for (const char *at = random; *at != '\0' && code->len <= CODE_LENGTH; at++)
    if (*at != '-')
      g_string_append_c(code, *at);
  return g_strdup(code->str);
}

static void
describe(const OmieJudgement *judgement, const GError *failure, GError **error)
{
  g_auto(Refusal) refusal = {0};
  refusal_read(&refusal, judgement, failure);
  g_autofree char *text =
      judgement->https.outcome == HTTPS_TIMED_OUT
          ? g_strconcat(refusal.text, "; verifique se o anexo foi incluído", NULL)
          : g_steal_pointer(&refusal.text);
  g_set_error_literal(error, PONTE_ERROR, ERROR_UPLOAD_FAILED, text);
}

gboolean
upload_run(Db *db, Upload *upload, gint64 deadline_us, char **answer, GError **error)
{
  g_auto(OmieAccount) account = {0};
  g_auto(Package) package = {0};
  g_auto(OmieJudgement) judgement = {0};
  g_autofree char *code = new_code();
  g_autoptr(GString) content = g_steal_pointer(&upload->content);
  g_autoptr(GError) failure = NULL;
  if (!omie_account_init(&account, &failure)) {
    describe(&judgement, failure, error);
    return FALSE;
  }
  if (!package_file(upload->file_name, content->str, content->len, &package, error))
    return FALSE;
  g_string_free(g_steal_pointer(&content), TRUE);
  g_autofree char *table = transfer_wire_table(upload->table);
  OmieNewFile file = {
      {table, upload->record_id}, code, upload->file_name, package.base64, package.md5};
  OmieListingRequest request = {.account = &account,
                                .method = &omie_add_file,
                                .write_filter = omie_write_new_file,
                                .filter_data = &file,
                                .finishes = TRUE,
                                .deadline_us = deadline_us};
  json_t *object = omie_call(db, &request, &judgement, &failure);
  if (object == NULL) {
    describe(&judgement, failure, error);
    return FALSE;
  }
  char *text = json_dumps(object, JSON_COMPACT | JSON_PRESERVE_ORDER);
  json_decref(object);
  *answer = g_strdup(text);
  free(text); /* jansson's own allocator */
  return TRUE;
}
