/* The internal WhatsApp gateway (data-collecting.md 9.6): takes messages of a session and keeps
 * them. */
#include <string.h>

#include "message_store.h"

static const char *
text_of(const json_t *object, const char *name)
{
  const char *text = json_string_value(json_object_get(object, name));
  return text != NULL ? text : "";
}

static void
read_call(Call *call)
{
  gsize length;
  const char *body = request_body(call->req, &length);
  call->request = json_loadb(body, length, JSON_REJECT_DUPLICATES, NULL);
  call->who = g_strdup(text_of(call->request, "sessionId"));
  call->secret = g_strdup(stand_in_bearer(call->req));
}

static void
refuse(OmieReply *reply, guint status, const char *why)
{
  stand_in_reply(reply, status,
                 json_pack("{s:b,s:b,s:s}", "success", FALSE, "queued", FALSE, "error", why));
}

static void
word(guint status, OmieReply *reply)
{
  refuse(reply, status,
         status == 401   ? "Unauthorized"
         : status == 404 ? "Session not found"
         : status >= 500 ? "Internal error"
                         : "Invalid message");
}

/* What is wrong with a message; NULL: nothing. */
static const char *
complaint_of(const json_t *body)
{
  static const char *const media[] = {"image", "video", "document", NULL};
  const json_t *content = json_object_get(body, "content");
  const char *to = text_of(body, "to"), *type = text_of(content, "type");
  gsize digits = strspn(to, "0123456789");
  if (digits != strlen(to) || !g_str_has_prefix(to, "55") || digits < 12 || digits > 13)
    return "Invalid field: to";
  if (*text_of(body, "clientMessageId") == '\0')
    return "Missing field: clientMessageId";
  if (g_strv_contains(media, type))
    return *text_of(content, "mediaUrl") == '\0' ? "Missing field: content.mediaUrl" : NULL;
  if (strcmp(type, "text") != 0)
    return "Invalid field: content.type";
  return *text_of(content, "text") == '\0' ? "Missing field: content.text" : NULL;
}

static gboolean
accept_message(const Call *call, OmieReply *reply, GError **error)
{
  const json_t *content = json_object_get(call->request, "content");
  MessageParts parts = {.to = text_of(call->request, "to"), .text = text_of(content, "text")};
  g_autoptr(PGresult) kept =
      message_store(call, &parts, text_of(call->request, "clientMessageId"), error);
  if (kept == NULL)
    return FALSE;
  gboolean queues = strcmp(db_text(kept, 0, 1), "S") == 0;
  json_t *answer = json_pack("{s:b,s:b}", "success", TRUE, "queued", queues);
  if (queues)
    json_object_set_new(answer, "jobId", json_string(db_text(kept, 0, 0)));
  stand_in_reply(reply, 200, answer);
  return TRUE;
}

static gboolean
work(const Call *call, OmieReply *reply, GError **error)
{
  const char *complaint = complaint_of(call->request);
  if (complaint != NULL) {
    refuse(reply, 400, complaint);
    return TRUE;
  }
  g_autoptr(PGresult) row =
      db_query(db_shared(), NULL, "select sandbox.gateway_has($1)", DB_PARAMS(call->who), error);
  if (row == NULL)
    return FALSE;
  if (db_bool(row, 0, 0))
    return accept_message(call, reply, error);
  word(404, reply);
  return TRUE;
}

static gboolean
serve(Request *req, Response *res, G_GNUC_UNUSED GError **error)
{
  static const StandIn service = {"gateway", "messages", read_call, work, word};
  return stand_in_serve(req, res, &service);
}

const Route route = {
    .family = STAND_IN_FAMILY,
    .summary = "Intermediário de WhatsApp de ensaio: envio de mensagens",
    .methods = {{"POST", serve, ACCESS_PUBLIC}},
    .deadline_seconds = STAND_IN_DEADLINE_SECONDS,
    .max_body = STAND_IN_MAX_BODY,
    .body = BODY_RAW,
};
