/* The way of every call: JSON, then the database's judgement (credentials, arranged faults, block,
 * rate, concurrency, method, redundancy: omie_judge.sql), then parameters and the method's work,
 * and at the end the record that the next judgement looks at.  (omie-api.md 12.) */
#include <string.h>

#include "base/log.h"
#include "omie_fault.h"
#include "omie_service.h"

#define LARGE_PAGE 250 /* records; "Broken response" comes with larger pages (omie-api.md 1.4) */
#define CONTENT    "cArquivo" /* a file in base64: megabytes, which would bury the record of calls */

typedef struct {
  json_t *root;
  char *app_key; /* digits, sent as number or text */
  const char *secret, *method;
  const json_t *param; /* NULL when `param` is not an array of one object */
  char *param_text;    /* for the record: that object, or whatever stood in its place; a file's
                        * content gives way to its length */
} Envelope;

static void
envelope_clear(Envelope *envelope)
{
  json_decref(envelope->root);
  g_free(envelope->app_key);
  free(envelope->param_text); /* jansson's */
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Envelope, envelope_clear)

/* What the database decided about a call, and the settings its work needs. */
typedef struct {
  gint64 id, seconds, delay_ms, row_us, page_cap;
  char *verdict, *again_at;
  gboolean is_broken;
  OmieFault fault;
} Judgement;

static void
judgement_clear(Judgement *judgement)
{
  g_free(judgement->verdict);
  g_free(judgement->again_at);
  omie_fault_clear(&judgement->fault);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Judgement, judgement_clear)

static const char *
text_or_empty(const json_t *value)
{
  return json_is_string(value) ? json_string_value(value) : "";
}

/* jansson's, to be freed with free. */
static char *
text_for_record(const json_t *param)
{
  const json_t *content = json_object_get(param, CONTENT);
  if (!json_is_string(content))
    return json_dumps(param, JSON_ENCODE_ANY | JSON_COMPACT);
  json_t *brief = json_copy((json_t *)param);
  json_object_set_new(brief, CONTENT, json_integer((json_int_t)json_string_length(content)));
  char *text = json_dumps(brief, JSON_COMPACT);
  json_decref(brief);
  return text;
}

static void
open_envelope(Envelope *envelope, const char *body, gsize length)
{
  json_t *root = json_loadb(body, length, 0, NULL);
  if (!json_is_object(root)) {
    json_decref(root);
    root = NULL;
  }
  const json_t *key = json_object_get(root, "app_key"), *param = json_object_get(root, "param");
  const json_t *only = json_array_size(param) == 1 ? json_array_get(param, 0) : NULL;
  envelope->root = root;
  envelope->app_key = json_is_integer(key)
                          ? g_strdup_printf("%" JSON_INTEGER_FORMAT, json_integer_value(key))
                          : g_strdup(text_or_empty(key));
  envelope->secret = text_or_empty(json_object_get(root, "app_secret"));
  envelope->method = text_or_empty(json_object_get(root, "call"));
  envelope->param = json_is_object(only) ? only : NULL;
  envelope->param_text = text_for_record(only != NULL ? only : param);
}

static const OmieMethod *
find_method(const OmieMethod *methods, const char *name)
{
  for (const OmieMethod *method = methods; method->name != NULL; method++)
    if (strcmp(method->name, name) == 0)
      return method;
  return NULL;
}

static char *
copy_text(const PGresult *result, int column)
{
  return g_strdup(db_text(result, 0, column));
}

static const char sql_enter[] =
    "select id, verdict, seconds, delay_ms, row_us, page_cap, is_broken,"
    "       behaviour, performed, status, content_type, headers, body, again_at"
    "  from sandbox.omie_enter($1, $2, $3, $4::jsonb, $5::boolean, $6::boolean, $7::boolean,"
    "                          $8::boolean)";

static const char *
yes(gboolean value)
{
  return value ? "t" : "f";
}

static gboolean
judge(const Envelope *envelope, const OmieMethod *method, Judgement *judgement, GError **error)
{
  gboolean read = method != NULL && method->mode != OMIE_WRITE;
  gboolean alone = method != NULL && method->mode != OMIE_READ;
  g_autoptr(PGresult) row = db_query(
      db_shared(), NULL, sql_enter,
      DB_PARAMS(envelope->app_key, envelope->secret, envelope->method, envelope->param_text,
                yes(envelope->root != NULL), yes(method != NULL), yes(read), yes(alone)),
      error);
  if (row == NULL)
    return FALSE;
  *judgement = (Judgement){.id = db_int(row, 0, 0),
                           .verdict = copy_text(row, 1),
                           .seconds = db_int(row, 0, 2),
                           .delay_ms = db_int(row, 0, 3),
                           .row_us = db_int(row, 0, 4),
                           .page_cap = db_int(row, 0, 5),
                           .is_broken = db_bool(row, 0, 6),
                           .again_at = copy_text(row, 13)};
  judgement->fault = (OmieFault){.is_due = strcmp(judgement->verdict, "fault") == 0,
                                 .behaviour = copy_text(row, 7),
                                 .performed = db_bool(row, 0, 8),
                                 .status = (guint)db_int(row, 0, 9),
                                 .content_type = copy_text(row, 10),
                                 .headers = copy_text(row, 11),
                                 .body = omie_fault_bytes(row, 12)};
  return TRUE;
}

static void
refuse(const Envelope *envelope, const Judgement *judgement, OmieReply *reply)
{
  const char *verdict = judgement->verdict;
  if (strcmp(verdict, "json") == 0)
    omie_reply_fault(reply, 500, "SOAP-ENV:Client-10", "Invalid JSON Object");
  else if (strcmp(verdict, "credentials") == 0)
    omie_reply_bad_credentials(reply);
  else if (strcmp(verdict, "blocked") == 0)
    omie_reply_blocked(reply, judgement->seconds);
  else if (strcmp(verdict, "rate") == 0)
    omie_reply_too_many(reply);
  else if (strcmp(verdict, "busy") == 0)
    omie_reply_fault(reply, 500, "SOAP-ENV:Client-1880",
                     "ERROR: Já existe uma requisição desse método sendo executada e você pode "
                     "tentar novamente em alguns instantes. (1)");
  else if (strcmp(verdict, "unknown") == 0) /* the code is not known */
    omie_reply_fault(reply, 500, "SOAP-ENV:Server", "ERROR: Method \"%s\" not exists",
                     envelope->method);
  else if (strcmp(verdict, "repeated") == 0)
    omie_reply_fault(reply, 500, "SOAP-ENV:Client-8020",
                     "ERROR: Esta requisição já foi processada ou está sendo processada e você "
                     "pode tentar novamente às %s. (1)",
                     judgement->again_at);
  else
    omie_reply_fault(reply, 500, "SOAP-ENV:Client-6",
                     "ERROR: Consumo redundante detectado. Aguarde %" G_GINT64_FORMAT
                     " segundos para tentar novamente (REDUNDANT).",
                     judgement->seconds);
}

static gboolean
work(const Envelope *envelope, const OmieMethod *method, const Judgement *judgement,
     OmieReply *reply, GError **error)
{
  const json_t *param = envelope->param;
  OmieCall call = {.app_key = envelope->app_key,
                   .param = param,
                   .param_text = envelope->param_text,
                   .page_cap = judgement->page_cap};
  if (method == NULL)
    return TRUE; /* a fault is played for a method that does not exist */
  if (param == NULL || (method->needs_param && json_object_size(param) == 0)) {
    omie_reply_fault(reply, 500, "SOAP-ENV:Client-71",
                     "ERROR: Nenhum parâmetro foi recebido em WS_PARAMS!");
    return TRUE;
  }
  if (!omie_type_accepts(method->param, param, reply))
    return TRUE;
  if (!method->run(&call, reply, error))
    return FALSE;
  if (judgement->is_broken && reply->rows > LARGE_PAGE)
    omie_reply_broken(reply);
  return TRUE;
}

static const char sql_leave[] =
    "select sandbox.omie_leave($1::bigint, nullif($2, '0')::int, $3, $4::boolean)";

static gboolean
leave(const Judgement *judgement, const OmieReply *reply, gboolean answered, GError **error)
{
  g_autofree char *id = g_strdup_printf("%" G_GINT64_FORMAT, judgement->id);
  g_autofree char *status = g_strdup_printf("%u", reply->status);
  g_autoptr(PGresult) done = db_query(
      db_shared(), NULL, sql_leave, DB_PARAMS(id, status, reply->faultcode, yes(answered)), error);
  return done != NULL;
}

static gboolean
answer(const Envelope *envelope, const OmieMethod *method, const Request *req, Response *res,
       GError **error)
{
  g_auto(Judgement) judgement = {0};
  if (!judge(envelope, method, &judgement, error))
    return FALSE;
  g_autoptr(OmieReply) reply = omie_reply_new(judgement.id % 2 == 0);
  const OmieFault *fault = judgement.fault.is_due ? &judgement.fault : NULL;
  gboolean goes = strcmp(judgement.verdict, "go") == 0;
  if ((goes || (fault != NULL && omie_fault_needs_work(fault))) &&
      !work(envelope, method, &judgement, reply, error))
    return FALSE;
  /* in Omie's eyes, whatever becomes of the answer on its way */
  gboolean answered = (goes || (fault != NULL && fault->performed)) && reply->status == 200;
  if (!goes && fault == NULL)
    refuse(envelope, &judgement, reply);
  omie_take_time(judgement.delay_ms + reply->rows * judgement.row_us / 1000);
  if (fault != NULL)
    omie_fault_prepare(fault, reply);
  if (!leave(&judgement, reply, answered, error)) /* first: who has the answer finds the record */
    return FALSE;
  if (fault != NULL)
    omie_fault_send(fault, reply, req, res);
  else
    omie_reply_send(reply, res);
  return TRUE;
}

gboolean
omie_serve(Request *req, Response *res, const OmieMethod *methods, G_GNUC_UNUSED GError **error)
{
  gsize length;
  const char *body = request_body(req, &length);
  g_autoptr(GError) failure = NULL;
  g_auto(Envelope) envelope = {0};
  open_envelope(&envelope, body, length);
  if (!answer(&envelope, find_method(methods, envelope.method), req, res, &failure)) {
    log_warning("sandbox cannot answer", "reason", failure->message, NULL);
    g_autoptr(OmieReply) page = omie_reply_new(FALSE);
    omie_reply_gateway_page(page, 502); /* what a caller of Omie sees when Omie's inside fails */
    omie_reply_send(page, res);
  }
  return TRUE;
}
