/* The way of every call: the database lets it in, refuses it or has a fault for it; the work; the
 * record; the answer, now or late. */
#include "stand_in.h"

#include <string.h>

#include "base/log.h"
#include "base/text.h"
#include "http/internal.h"
#include "late_answer.h"
#include "omie_fault.h"

#define RESET_LOCATION "/_reset" /* nginx/sandbox.conf.in */

/* What the database says of a call. */
typedef struct {
  char *verdict, *retry_after;
  gint64 delay_ms, bytes_per_s;
  OmieFault fault;
} Verdict;

static void
verdict_clear(Verdict *verdict)
{
  g_free(verdict->verdict);
  g_free(verdict->retry_after);
  omie_fault_clear(&verdict->fault);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Verdict, verdict_clear)

static void
call_clear(Call *call)
{
  g_free(call->who);
  g_free(call->secret);
  json_decref(call->request);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Call, call_clear)

static const char sql_enter[] =
    "select id, verdict, retry_after, delay_ms, behaviour, performed, status, content_type, "
    "       headers, body, caller, bytes_per_s"
    "  from sandbox.sales_enter($1, $2, $3, $4, $5::jsonb,"
    "         'epoch'::timestamptz + $6::bigint * interval '1 microsecond')";

static gboolean
enter(const StandIn *service, Call *call, gint64 at_us, Verdict *verdict, GError **error)
{
  char *request = json_dumps(call->request, JSON_COMPACT | JSON_ENCODE_ANY);
  g_autoptr(PGresult) row = db_query(
      db_shared(), NULL, sql_enter,
      DB_PARAMS(service->service, call->who, call->secret, service->kind, request, int_text(at_us)),
      error);
  free(request); /* jansson's */
  if (row == NULL)
    return FALSE;
  call->id = db_int(row, 0, 0);
  *verdict = (Verdict){.verdict = g_strdup(db_text(row, 0, 1)),
                       .retry_after = g_strdup(db_text(row, 0, 2)),
                       .delay_ms = db_int(row, 0, 3),
                       .bytes_per_s = db_int(row, 0, 11)};
  g_free(call->who);
  call->who = g_strdup(db_text(row, 0, 10));
  verdict->fault = (OmieFault){.is_due = strcmp(verdict->verdict, "fault") == 0,
                               .behaviour = g_strdup(db_text(row, 0, 4)),
                               .performed = db_bool(row, 0, 5),
                               .status = (guint)db_int(row, 0, 6),
                               .content_type = g_strdup(db_text(row, 0, 7)),
                               .headers = g_strdup(db_text(row, 0, 8)),
                               .body = omie_fault_bytes(row, 9)};
  call->behaviour = verdict->fault.is_due ? verdict->fault.behaviour : "";
  return TRUE;
}

static gboolean
behaves(const OmieFault *fault, const char *behaviour)
{
  return fault->is_due && strcmp(fault->behaviour, behaviour) == 0;
}

static gboolean
loses_connection(const OmieFault *fault)
{
  return behaves(fault, "reset") || behaves(fault, "lost");
}

/* The usual answer in another shape. */
static void
reshape(const OmieFault *fault, OmieReply *reply)
{
  if (behaves(fault, "half"))
    g_string_truncate(reply->body, reply->body->len / 2);
  if (behaves(fault, "windows-1252")) {
    gsize length;
    g_autofree char *bytes =
        g_convert_with_fallback(reply->body->str, (gssize)reply->body->len, "WINDOWS-1252", "UTF-8",
                                "?", NULL, &length, NULL);
    g_string_truncate(reply->body, 0);
    g_string_append_len(reply->body, bytes, (gssize)length);
  }
}

/* Makes the reply what the fault says; an untouched one is the service's usual answer. */
static void
apply(const StandIn *service, const OmieFault *fault, OmieReply *reply)
{
  gsize length;
  if (loses_connection(fault)) {
    reply->status = 0;
  } else if (fault->body != NULL) {
    const char *bytes = g_bytes_get_data(fault->body, &length);
    g_string_truncate(reply->body, 0);
    g_string_append_len(reply->body, bytes, (gssize)length);
    reply->status = fault->status != 0 ? fault->status : 200;
    reply->content_type = length > 0 && *bytes == '<' ? "text/html" : "application/json";
  } else if (behaves(fault, "answer") || fault->status != 0) {
    reply->status = fault->status != 0 ? fault->status : 500;
    if (reply->status >= 502)
      omie_reply_gateway_page(reply, reply->status);
    else
      service->word(reply->status, reply);
  }
  reshape(fault, reply);
  if (fault->content_type != NULL)
    reply->content_type = fault->content_type;
}

static void
refuse(const StandIn *service, const char *verdict, OmieReply *reply)
{
  reply->status = strcmp(verdict, "rate") == 0        ? 429
                  : strcmp(verdict, "unknown") == 0   ? 404
                  : strcmp(verdict, "forbidden") == 0 ? 403
                                                      : 401;
  service->word(reply->status, reply);
}

static void
add_header(GString *head, Response *res, const char *name, const char *value)
{
  g_string_append_printf(head, "%s: %s\r\n", name, value);
  response_header(res, name, value);
}

/* The same head twice: for an answer of lib/http, and for a late one. */
static GString *
write_head(const Verdict *verdict, const OmieReply *reply, Response *res)
{
  GString *head = g_string_new(NULL);
  const char *name;
  json_t *value, *headers;
  if (reply->status == 0) {
    add_header(head, res, "X-Accel-Redirect", RESET_LOCATION);
    return head;
  }
  g_string_append_printf(
      head, "Status: %u\r\nContent-Type: %s\r\nContent-Length: %" G_GSIZE_FORMAT "\r\n",
      reply->status, reply->content_type, reply->body->len);
  if (strcmp(verdict->verdict, "rate") == 0)
    add_header(head, res, "Retry-After", verdict->retry_after);
  if (behaves(&verdict->fault, "drip"))
    add_header(head, res, "X-Accel-Buffering", "no"); /* nginx would wait for more */
  headers = json_loads(verdict->fault.headers != NULL ? verdict->fault.headers : "{}", 0, NULL);
  json_object_foreach(headers, name, value)
  {
    if (json_is_string(value))
      add_header(head, res, name, json_string_value(value));
  }
  json_decref(headers);
  return head;
}

static void
send_reply(const Verdict *verdict, const OmieReply *reply, const Request *req, Response *res)
{
  GString *answer = write_head(verdict, reply, res);
  gsize cut_at = LATE_WHOLE, head;
  if (reply->status != 0)
    omie_reply_send(reply, res);
  g_string_append(answer, "\r\n");
  head = answer->len;
  gboolean drips = behaves(&verdict->fault, "drip");
  if (behaves(&verdict->fault, "cut"))
    cut_at = head + reply->body->len / 2;
  if (verdict->delay_ms > 0 || cut_at != LATE_WHOLE || drips) {
    g_string_append_len(answer, reply->body->str, (gssize)reply->body->len);
    if (drips ? late_answer_drip(req, answer, head, (guint)verdict->bytes_per_s, verdict->delay_ms)
              : late_answer(req, answer, cut_at, verdict->delay_ms))
      return;
  }
  g_string_free(answer, TRUE);
}

static const char sql_leave[] =
    "select sandbox.sales_leave($1::bigint, nullif($2, '0')::int, $3::int)";

static gboolean
answer(const StandIn *service, Call *call, gint64 at_us, Response *res, GError **error)
{
  g_auto(Verdict) verdict = {0};
  if (!enter(service, call, at_us, &verdict, error))
    return FALSE;
  g_autoptr(OmieReply) reply = omie_reply_new(FALSE);
  const OmieFault *fault = &verdict.fault;
  if (strcmp(verdict.verdict, "go") == 0 || (fault->is_due && omie_fault_needs_work(fault))) {
    if (!service->work(call, reply, error))
      return FALSE;
  } else if (!fault->is_due) {
    refuse(service, verdict.verdict, reply);
  }
  if (fault->is_due)
    apply(service, fault, reply);
  g_autoptr(PGresult) done = /* first: who has the answer finds the record */
      db_query(db_shared(), NULL, sql_leave,
               DB_PARAMS(int_text(call->id), int_text(reply->status), int_text(verdict.delay_ms)),
               error);
  if (done == NULL)
    return FALSE;
  send_reply(&verdict, reply, call->req, res);
  return TRUE;
}

gboolean
stand_in_serve(Request *req, Response *res, const StandIn *service)
{
  return stand_in_serve_what(req, res, service, NULL);
}

gboolean
stand_in_serve_what(Request *req, Response *res, const StandIn *service, gconstpointer what)
{
  gint64 at_us = g_get_real_time(); /* before the first connection to the database is made */
  g_autoptr(GError) failure = NULL;
  g_auto(Call) call = {.req = req, .what = what, .behaviour = ""};
  service->read(&call);
  if (!answer(service, &call, at_us, res, &failure)) {
    log_warning("sandbox cannot answer", "reason", failure->message, NULL);
    g_autoptr(OmieReply) page = omie_reply_new(FALSE);
    omie_reply_gateway_page(page, 502);
    omie_reply_send(page, res);
  }
  return TRUE;
}

void
stand_in_reply(OmieReply *reply, guint status, json_t *body)
{
  char *text = json_dumps(body, JSON_COMPACT);
  g_string_assign(reply->body, text);
  free(text); /* jansson's */
  json_decref(body);
  reply->status = status;
  reply->content_type = "application/json";
}

static char *
decode(const char *text)
{
  g_autofree char *spaced = g_strdelimit(g_strdup(text), "+", ' ');
  g_autofree char *plain = g_uri_unescape_string(spaced, NULL);
  return g_strdup(plain != NULL ? plain : "");
}

json_t *
stand_in_query(const Request *req)
{
  return stand_in_form(stand_in_header(req, "QUERY_STRING"));
}

json_t *
stand_in_form(const char *text)
{
  json_t *query = json_object();
  g_auto(GStrv) pairs = g_strsplit(text, "&", -1);
  for (guint i = 0; pairs[i] != NULL; i++) {
    g_auto(GStrv) pair = g_strsplit(pairs[i], "=", 2);
    if (pair[0] == NULL || *pair[0] == '\0')
      continue;
    g_autofree char *name = decode(pair[0]), *value = decode(pair[1] != NULL ? pair[1] : "");
    if (g_str_has_suffix(name, "[]")) {
      if (json_object_get(query, name) == NULL)
        json_object_set_new(query, name, json_array());
      json_array_append_new(json_object_get(query, name), json_string(value));
    } else {
      json_object_set_new(query, name, json_string(value));
    }
  }
  return query;
}

const char *
stand_in_header(const Request *req, const char *param)
{
  const char *value = gateway_param(req->gateway, param, NULL);
  return value != NULL ? value : "";
}

const char *
stand_in_bearer(const Request *req)
{
  const char *value = stand_in_header(req, "HTTP_AUTHORIZATION");
  return g_str_has_prefix(value, "Bearer ") ? value + strlen("Bearer ") : "";
}
