/* /omie-files/{signed token} of the sandbox: the file behind a cLinkDownload (omie-api.md 7.4), the
 * original bytes without credentials.  Omie serves these from another host than its API, so nothing
 * of the API's judgement holds here; arranged faults do, as those of method 'download'. */
#include <string.h>

#include "base/log.h"
#include "http/internal.h"
#include "omie_fault.h"
#include "omie_service.h"

/* What the database says of a link. */
typedef struct {
  char *id; /* of the record */
  gint64 delay_ms;
  guint status;
  char *reason; /* of a refusal */
  const char *type;
  GBytes *content;
  OmieFault fault;
} Download;

static void
download_clear(Download *download)
{
  g_free(download->id);
  g_free(download->reason);
  g_clear_pointer(&download->content, g_bytes_unref);
  omie_fault_clear(&download->fault);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Download, download_clear)

static const char *
type_of(const char *name)
{
  return name != NULL && g_str_has_suffix(name, ".pdf") ? "application/pdf"
                                                        : "application/octet-stream";
}

static const char sql_download[] =
    "select id, status, reason, delay_ms, name, content, fault_behaviour, fault_status, fault_type,"
    "       fault_headers, fault_body"
    "  from sandbox.omie_download($1)";

static gboolean
look_up(const char *token, Download *download, GError **error)
{
  g_autoptr(PGresult) row = db_query(db_shared(), NULL, sql_download, DB_PARAMS(token), error);
  if (row == NULL)
    return FALSE;
  *download = (Download){.id = g_strdup(db_text(row, 0, 0)),
                         .status = (guint)db_int(row, 0, 1),
                         .reason = g_strdup(db_text(row, 0, 2)),
                         .delay_ms = db_int(row, 0, 3),
                         .type = type_of(db_text(row, 0, 4)),
                         .content = omie_fault_bytes(row, 5)};
  download->fault = (OmieFault){.is_due = db_text(row, 0, 6) != NULL,
                                .behaviour = g_strdup(db_text(row, 0, 6)),
                                .status = (guint)db_int(row, 0, 7),
                                .content_type = g_strdup(db_text(row, 0, 8)),
                                .headers = g_strdup(db_text(row, 0, 9)),
                                .body = omie_fault_bytes(row, 10)};
  return TRUE;
}

static const char *
message_of(const char *reason)
{
  if (strcmp(reason, "AccessDenied") == 0)
    return "Request has expired";
  return strcmp(reason, "NoSuchKey") == 0 ? "The specified key does not exist"
                                          : "The request signature does not match";
}

/* The file, or the refusal as a store of objects words it. */
static void
fill(const Download *download, OmieReply *reply)
{
  reply->status = download->status;
  if (download->status == 200) {
    gsize length;
    const char *bytes = g_bytes_get_data(download->content, &length);
    reply->content_type = download->type;
    g_string_append_len(reply->body, bytes, (gssize)length);
  } else {
    reply->content_type = "application/xml";
    g_string_printf(reply->body,
                    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                    "<Error><Code>%s</Code><Message>%s</Message></Error>",
                    download->reason, message_of(download->reason));
  }
}

static const char sql_leave[] =
    "select sandbox.omie_leave($1::bigint, nullif($2, '0')::int, null, false)";

static gboolean
answer(const char *token, const Request *req, Response *res, GError **error)
{
  g_auto(Download) download = {0};
  if (!look_up(token, &download, error))
    return FALSE;
  g_autoptr(OmieReply) reply = omie_reply_new(FALSE);
  const OmieFault *fault = download.fault.is_due ? &download.fault : NULL;
  if (fault == NULL || omie_fault_needs_work(fault))
    fill(&download, reply);
  omie_take_time(download.delay_ms);
  if (fault != NULL)
    omie_fault_prepare(fault, reply);
  g_autofree char *status = g_strdup_printf("%u", reply->status);
  g_autoptr(PGresult) done =
      db_query(db_shared(), NULL, sql_leave, DB_PARAMS(download.id, status), error);
  if (done == NULL)
    return FALSE;
  if (fault != NULL)
    omie_fault_send(fault, reply, req, res);
  else
    omie_reply_send(reply, res);
  return TRUE;
}

static gboolean
serve(Request *req, Response *res, G_GNUC_UNUSED GError **error)
{
  const char *path = gateway_param(req->gateway, "DOCUMENT_URI", NULL);
  const char *slash = path != NULL ? strrchr(path, '/') : NULL;
  g_autoptr(GError) failure = NULL;
  if (!answer(slash != NULL ? slash + 1 : "", req, res, &failure)) {
    log_warning("sandbox cannot answer", "reason", failure->message, NULL);
    g_autoptr(OmieReply) page = omie_reply_new(FALSE);
    omie_reply_gateway_page(page, 502);
    omie_reply_send(page, res);
  }
  return TRUE;
}

const Route route = {
    .family = OMIE_FAMILY,
    .summary = "Omie de ensaio: o arquivo de um anexo",
    .methods = {{"GET", serve, ACCESS_PUBLIC}},
    .deadline_seconds = OMIE_DEADLINE_SECONDS,
    .body = BODY_RAW,
};
