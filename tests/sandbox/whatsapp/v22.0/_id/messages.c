/* WhatsApp's Cloud API (data-collecting.md 9.6): takes messages of a phone and keeps them. */
#include <string.h>

#include "base/text.h"
#include "message_store.h"

static void
read_call(Call *call)
{
  gsize length;
  const char *body = request_body(call->req, &length);
  call->who = g_strdup(request_path_id(call->req));
  call->secret = g_strdup(stand_in_bearer(call->req));
  call->request = json_loadb(body, length, JSON_REJECT_DUPLICATES, NULL);
}

/* An error as Meta words it; without details there is no error_data. */
static void
refuse(OmieReply *reply, guint status, int code, const char *details)
{
  g_autofree char *message = g_strdup_printf("(#%d) %s", code, message_title(code));
  g_autofree char *trace = g_strdup_printf("A%08xensaio", g_str_hash(message));
  json_t *fault =
      json_pack("{s:s,s:s,s:i}", "message", message, "type", "OAuthException", "code", code);
  if (details != NULL)
    json_object_set_new(
        fault, "error_data",
        json_pack("{s:s,s:s}", "messaging_product", "whatsapp", "details", details));
  json_object_set_new(fault, "fbtrace_id", json_string(trace));
  stand_in_reply(reply, status, json_pack("{s:o}", "error", fault));
}

static void
word(guint status, OmieReply *reply)
{
  if (status == 404) /* Meta says 400 of what does not exist */
    refuse(reply, 400, 100, "Unsupported post request. Object with this ID does not exist");
  else if (status == 401 || status == 403)
    refuse(reply, status, 190, NULL);
  else if (status == 429)
    refuse(reply, status, 130429, "Message failed to send because of the rate limit");
  else if (status >= 500)
    refuse(reply, status, 1, NULL);
  else
    refuse(reply, status, 100, "Invalid parameter");
}

/* The template's own refusal: 0, or Meta's code; -1 with the error set. */
static gint64
judge_template(const MessageParts *parts, GError **error)
{
  g_autoptr(PGresult) row =
      db_query(db_shared(), NULL, "select sandbox.whatsapp_template_refusal($1, $2, $3::int)",
               DB_PARAMS(parts->template, parts->language,
                         int_text((gint64)json_array_size(parts->parameters))),
               error);
  return row != NULL ? db_int(row, 0, 0) : -1;
}

static gboolean
accept_message(const Call *call, const MessageParts *parts, OmieReply *reply, GError **error)
{
  g_autoptr(PGresult) kept = message_store(call, parts, NULL, error);
  if (kept == NULL)
    return FALSE;
  json_t *message = json_pack("{s:s}", "id", db_text(kept, 0, 0));
  if (db_text(kept, 0, 1) != NULL)
    json_object_set_new(message, "message_status", json_string(db_text(kept, 0, 1)));
  stand_in_reply(reply, 200,
                 json_pack("{s:s,s:[{s:s,s:s}],s:[o]}", "messaging_product", "whatsapp", "contacts",
                           "input", parts->to, "wa_id", parts->to + (*parts->to == '+'), "messages",
                           message));
  return TRUE;
}

static gboolean
work(const Call *call, OmieReply *reply, GError **error)
{
  g_auto(MessageParts) parts = {0};
  MessageProblem problem = {0};
  if (!message_read(call->request, &parts, &problem)) {
    refuse(reply, 400, problem.code, problem.details);
    return TRUE;
  }
  gint64 code = judge_template(&parts, error);
  if (code < 0)
    return FALSE;
  if (code == 0)
    return accept_message(call, &parts, reply, error);
  g_autofree char *details = g_strdup_printf("template name (%s) in %s: %s", parts.template,
                                             parts.language, message_title((int)code));
  refuse(reply, code == 132001 ? 404 : 400, (int)code, details);
  return TRUE;
}

static gboolean
serve(Request *req, Response *res, G_GNUC_UNUSED GError **error)
{
  static const StandIn service = {"whatsapp", "messages", read_call, work, word};
  return stand_in_serve(req, res, &service);
}

const Route route = {
    .family = STAND_IN_FAMILY,
    .summary = "WhatsApp de ensaio: mensagens de um telefone",
    .methods = {{"POST", serve, ACCESS_PUBLIC}},
    .deadline_seconds = STAND_IN_DEADLINE_SECONDS,
    .max_body = STAND_IN_MAX_BODY,
    .body = BODY_RAW,
};
