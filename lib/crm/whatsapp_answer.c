#include "crm/whatsapp_answer.h"

#include <jansson.h>
#include <stdlib.h>

#include "base/text.h"

#define MAX_ERROR         500  /* characters of erro_envio */
#define MAX_RETRY_AFTER_S 3600 /* a date that is wrong says years */

void
send_answer_clear(SendAnswer *answer)
{
  g_clear_pointer(&answer->id, g_free);
  g_clear_pointer(&answer->error, g_free);
  g_clear_pointer(&answer->code, g_free);
}

static void
set(SendAnswer *answer, SendClass class, char *code, const char *detail)
{
  g_autofree char *text = detail != NULL ? g_strdup_printf("%s: %s", code, detail) : g_strdup(code);
  g_autofree char *line = text_one_line(text);
  answer->class = class;
  answer->code = code;
  answer->error = text_cut(line, MAX_ERROR);
}

/* What never was a readable answer.  TRUE when there is one to look at. */
static gboolean
was_answered(const HttpsResult *result, SendAnswer *answer)
{
  answer->retry_after_ms = MIN(result->retry_after_s, MAX_RETRY_AFTER_S) * 1000;
  if (result->outcome == HTTPS_ANSWERED)
    return TRUE;
  if (result->was_sent)
    set(answer, SEND_UNKNOWN, g_strdup("RESULTADO_DESCONHECIDO"), NULL);
  else
    set(answer, SEND_TRANSIENT, g_strdup("SEM_CONEXAO"), result->reason);
  return FALSE;
}

static gboolean
is_success(const HttpsResult *result)
{
  return result->status >= 200 && result->status < 300;
}

static const char *
text_of(const json_t *object, const char *name)
{
  return json_string_value(json_object_get(object, name));
}

/* ---- Meta's Cloud API --------------------------------------------------------------------------
 */

static const struct {
  gint64 first, last;
  SendClass class;
} codes[] = {
    {0, 0, SEND_SENDER},
    {1, 2, SEND_TRANSIENT},
    {3, 3, SEND_SENDER},
    {4, 4, SEND_TRANSIENT},
    {10, 10, SEND_SENDER},
    {190, 190, SEND_SENDER},
    {200, 299, SEND_SENDER},
    {368, 368, SEND_SENDER},
    {80007, 80007, SEND_TRANSIENT},
    {130429, 130429, SEND_TRANSIENT},
    {131000, 131000, SEND_TRANSIENT},
    {131005, 131005, SEND_SENDER},
    {131016, 131016, SEND_TRANSIENT},
    {131031, 131031, SEND_SENDER},
    {131042, 131042, SEND_SENDER},
    {131048, 131048, SEND_SENDER},
    {131056, 131057, SEND_TRANSIENT},
    {133010, 133010, SEND_SENDER},
}; /* recipient (131026 …), template (132001 …) and all others: permanent */

static SendClass
class_of_code(gint64 code)
{
  for (gsize i = 0; i < G_N_ELEMENTS(codes); i++)
    if (code >= codes[i].first && code <= codes[i].last)
      return codes[i].class;
  return SEND_PERMANENT;
}

/* A refusal without a code that can be read. */
static SendClass
class_of_status(guint status)
{
  return status >= 500 || status == 429   ? SEND_TRANSIENT
         : status == 401 || status == 403 ? SEND_SENDER
                                          : SEND_PERMANENT;
}

static void
judge_refusal(const HttpsResult *result, const json_t *body, SendAnswer *answer)
{
  const json_t *error = json_object_get(body, "error");
  const json_t *code = json_object_get(error, "code");
  if (!json_is_integer(code)) {
    set(answer, class_of_status(result->status), g_strdup_printf("HTTP %u", result->status), NULL);
    return;
  }
  const char *details = text_of(json_object_get(error, "error_data"), "details");
  const char *trace = text_of(error, "fbtrace_id");
  g_autoptr(GString) text = g_string_new(details != NULL ? details : text_of(error, "message"));
  if (trace != NULL)
    g_string_append_printf(text, " (fbtrace_id %s)", trace);
  set(answer, class_of_code(json_integer_value(code)),
      g_strdup_printf("%" JSON_INTEGER_FORMAT, json_integer_value(code)), text->str);
}

static void
judge_acceptance(const json_t *body, SendAnswer *answer)
{
  static const char *const held[] = {"held_for_quality_assessment", "paused", NULL};
  const json_t *message = json_array_get(json_object_get(body, "messages"), 0);
  const char *id = text_of(message, "id"), *status = text_of(message, "message_status");
  if (id == NULL || *id == '\0') {
    set(answer, SEND_UNKNOWN, g_strdup("RESULTADO_DESCONHECIDO"), NULL);
    return;
  }
  answer->class = status != NULL && g_strv_contains(held, status) ? SEND_HELD : SEND_ACCEPTED;
  answer->id = g_strdup(id);
}

void
whatsapp_judge_cloud(const HttpsResult *result, const GString *body, SendAnswer *answer)
{
  if (!was_answered(result, answer))
    return;
  json_t *read = json_loadb(body->str, body->len, 0, NULL);
  if (is_success(result))
    judge_acceptance(read, answer);
  else
    judge_refusal(result, read, answer);
  json_decref(read);
}

/* ---- the gateway -------------------------------------------------------------------------------
 */

/* 404: the session is gone; 400: this message was refused.  Of a 5xx that does not say so nobody
 * knows whether the message is in its queue. */
static void
judge_gateway_refusal(const HttpsResult *result, const json_t *body, SendAnswer *answer)
{
  if (result->status >= 500 && !json_is_false(json_object_get(body, "success"))) {
    set(answer, SEND_UNKNOWN, g_strdup("RESULTADO_DESCONHECIDO"), NULL);
    return;
  }
  set(answer, result->status == 404 ? SEND_SENDER : class_of_status(result->status),
      g_strdup_printf("HTTP %u", result->status), text_of(body, "error"));
}

void
whatsapp_judge_gateway(const HttpsResult *result, const GString *body, SendAnswer *answer)
{
  if (!was_answered(result, answer))
    return;
  json_t *read = json_loadb(body->str, body->len, 0, NULL);
  const json_t *success = json_object_get(read, "success");
  if (!is_success(result))
    judge_gateway_refusal(result, read, answer);
  else if (json_is_true(success)) {
    answer->class = SEND_QUEUED;
    answer->id = g_strdup(text_of(read, "jobId"));
  } else if (json_is_false(success))
    set(answer, SEND_PERMANENT, g_strdup("GATEWAY"), text_of(read, "error"));
  else
    set(answer, SEND_UNKNOWN, g_strdup("RESULTADO_DESCONHECIDO"), NULL);
  json_decref(read);
}
