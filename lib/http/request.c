/* Reading a request: identity, query, body. */
#include <string.h>

#include "base/error.h"
#include "http/headers.h"
#include "http/internal.h"

static gboolean
is_well_formed_id(const char *id)
{
  gsize length = id != NULL ? strlen(id) : 0;
  return length >= 8 && length <= 64 &&
         strspn(id, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-") == length;
}

void
request_init(Request *req, const Gateway *gateway)
{
  const char *id = gateway_param(gateway, "HTTP_X_REQUEST_ID", NULL);
  const char *method = gateway_param(gateway, "REQUEST_METHOD", NULL);
  *req = (Request){.gateway = gateway, .started_us = g_get_monotonic_time()};
  req->id = is_well_formed_id(id) ? g_strdup(id) : g_uuid_string_random();
  req->is_head = method != NULL && strcmp(method, "HEAD") == 0;
  req->method = method == NULL ? "" : req->is_head ? "GET" : method;
  req->deadline_us = req->started_us + route_deadline_seconds() * G_USEC_PER_SEC;
  req->body = g_string_new(NULL);
}

void
request_clear(Request *req)
{
  g_free(req->id);
  g_free(req->claims);
  caller_clear(&req->caller);
  g_string_free(req->body, TRUE);
  if (req->long_text != NULL)
    g_string_free(req->long_text, TRUE);
  json_decref(req->json);
  g_clear_pointer(&req->query, g_hash_table_unref);
  g_free(req->path_id);
}

gboolean
request_read_body(Request *req, gsize max, const Family *family, GError **error)
{
  const char *length = gateway_param(req->gateway, "CONTENT_LENGTH", NULL);
  guint64 announced = 0;
  if (length == NULL || *length == '\0')
    return TRUE; /* a missing length is an empty body (DESIGN, settled points) */
  if (!g_ascii_string_to_unsigned(length, 10, 0, G_MAXINT32, &announced, NULL) || announced > max) {
    g_set_error_literal(error, PONTE_ERROR, ERROR_BODY_TOO_LARGE, family->body_too_large);
    return FALSE;
  }
  g_string_set_size(req->body, announced);
  gsize got = gateway_read(req->gateway, req->body->str, announced);
  g_string_truncate(req->body, got);
  if (got < announced) {
    g_set_error_literal(error, PONTE_ERROR, ERROR_TRUNCATED_BODY, family->truncated_body);
    return FALSE;
  }
  return TRUE;
}

/* Before anything else parses the body: a long text shall not be held twice. */
static void
cut_long_text(Request *req)
{
  if (route.long_member == NULL)
    return;
  req->long_text = g_string_new(NULL);
  if (!json_cut_text(req->body, route.long_member, req->long_text)) {
    g_string_free(req->long_text, TRUE);
    req->long_text = NULL;
  }
}

GString *
request_take_long_text(Request *req)
{
  return g_steal_pointer(&req->long_text);
}

gboolean
request_parse_json(Request *req, const Family *family, GError **error)
{
  const char *type = gateway_param(req->gateway, "CONTENT_TYPE", NULL);
  g_autofree char *reason = NULL, *text = NULL;
  if (req->body->len == 0)
    return TRUE;
  if (!content_type_is_json(type, family->utf8_only)) {
    text = family_text(family->unsupported_media, type);
    g_set_error_literal(error, PONTE_ERROR, ERROR_UNSUPPORTED_MEDIA, text);
    return FALSE;
  }
  cut_long_text(req);
  req->json = json_body_read(req->body->str, req->body->len, &family->json, &reason);
  if (req->json == NULL) {
    text = family_text(family->invalid_json, reason);
    g_set_error_literal(error, PONTE_ERROR, ERROR_INVALID_JSON, text);
    return FALSE;
  }
  if (!json_is_object(req->json)) {
    /* where the two are told apart, this one is about what was asked for (backoffice.md 3.4) */
    g_set_error_literal(error, PONTE_ERROR,
                        family->business_member != NULL ? ERROR_INVALID_FIELDS : ERROR_INVALID_JSON,
                        family->not_json_object);
    return FALSE;
  }
  return TRUE;
}

static char *
decode(const char *text)
{
  g_autofree char *spaced = g_strdelimit(g_strdup(text), "+", ' ');
  g_autofree char *plain = g_uri_unescape_string(spaced, NULL); /* refuses %00 and broken escapes */
  return plain != NULL && g_utf8_validate(plain, -1, NULL) ? g_steal_pointer(&plain) : NULL;
}

static void
parse_query(Request *req)
{
  const char *text = gateway_param(req->gateway, "QUERY_STRING", NULL);
  req->query =
      g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_ptr_array_unref);
  req->query_is_valid = TRUE;
  g_auto(GStrv) pairs = g_strsplit(text != NULL ? text : "", "&", -1);
  for (guint i = 0; pairs[i] != NULL; i++) {
    if (*pairs[i] == '\0')
      continue;
    g_auto(GStrv) pair = g_strsplit(pairs[i], "=", 2);
    g_autofree char *name = decode(pair[0]), *value = decode(pair[1] != NULL ? pair[1] : "");
    if (name == NULL || value == NULL) {
      req->query_is_valid = FALSE;
      continue;
    }
    GPtrArray *values = g_hash_table_lookup(req->query, name);
    if (values == NULL) {
      values = g_ptr_array_new_with_free_func(g_free);
      g_hash_table_insert(req->query, g_steal_pointer(&name), values);
    }
    g_ptr_array_add(values, g_steal_pointer(&value));
  }
}

gboolean
request_query(const Request *req, const char *name, const char **value, GError **error)
{
  Request *cache = (Request *)req; /* parsing at first use is not a change the caller sees */
  if (req->query == NULL)
    parse_query(cache);
  const GPtrArray *values = g_hash_table_lookup(req->query, name);
  if (values != NULL && values->len > 1) {
    g_set_error(error, PONTE_ERROR, ERROR_REPEATED_PARAMETER, "Parâmetro repetido: %s.", name);
    return FALSE;
  }
  if (values == NULL && !req->query_is_valid) {
    g_set_error_literal(error, PONTE_ERROR, ERROR_INVALID_PARAMETER,
                        "Parâmetros inválidos na URL.");
    return FALSE;
  }
  *value = values != NULL ? g_ptr_array_index(values, 0) : NULL;
  return TRUE;
}

const char *
request_id(const Request *req)
{
  return req->id;
}

const Caller *
request_caller(const Request *req)
{
  return &req->caller;
}

const char *
request_claims(const Request *req)
{
  return req->claims;
}

Db *
request_db(G_GNUC_UNUSED const Request *req)
{
  return db_shared();
}

gint64
request_deadline_us(const Request *req)
{
  return req->deadline_us;
}

gint64
request_deadline_within(const Request *req, gint64 seconds)
{
  return MIN(req->deadline_us, req->started_us + seconds * G_USEC_PER_SEC);
}

const char *
request_query_text(const Request *req)
{
  return gateway_param(req->gateway, "QUERY_STRING", NULL);
}

const char *
request_accept(const Request *req)
{
  return gateway_param(req->gateway, "HTTP_ACCEPT", NULL);
}

gboolean
request_is_abandoned(gpointer request)
{
  const Request *req = request;
  return gateway_is_abandoned(req->gateway);
}

gboolean
request_prefers_async(const Request *req)
{
  static const char name[] = "HTTP_PREFER=";
  for (char **param = req->gateway->params; *param != NULL; param++) /* it may be sent repeatedly */
    if (g_str_has_prefix(*param, name) && prefer_has(*param + strlen(name), "respond-async"))
      return TRUE;
  return FALSE;
}

const char *
request_body(const Request *req, gsize *length)
{
  if (length != NULL)
    *length = req->body->len;
  return req->body->str;
}

json_t *
request_json(const Request *req)
{
  return req->json;
}
