/* Building an answer, and sending it whole.  (response_stream.c sends it while it is made.) */
#include <string.h>

#include "base/error.h"
#include "base/text.h"
#include "http/internal.h"

static const struct {
  guint status;
  const char *reason;
} reasons[] = {{200, "OK"},
               {201, "Created"},
               {202, "Accepted"},
               {204, "No Content"},
               {400, "Bad Request"},
               {401, "Unauthorized"},
               {403, "Forbidden"},
               {404, "Not Found"},
               {405, "Method Not Allowed"},
               {406, "Not Acceptable"},
               {409, "Conflict"},
               {413, "Content Too Large"},
               {414, "URI Too Long"},
               {415, "Unsupported Media Type"},
               {422, "Unprocessable Content"},
               {425, "Too Early"},
               {429, "Too Many Requests"},
               {500, "Internal Server Error"},
               {501, "Not Implemented"},
               {502, "Bad Gateway"},
               {503, "Service Unavailable"},
               {504, "Gateway Timeout"}};

static const char *
reason_of(guint status)
{
  for (gsize i = 0; i < G_N_ELEMENTS(reasons); i++)
    if (reasons[i].status == status)
      return reasons[i].reason;
  return "Status";
}

void
response_init(Response *res)
{
  *res = (Response){.status = 200,
                    .headers = g_ptr_array_new_with_free_func(g_free),
                    .error_members = g_ptr_array_new_with_free_func(g_free),
                    .error_fields = g_ptr_array_new_with_free_func(g_free)};
}

void
response_clear(Response *res)
{
  g_clear_pointer(&res->json, json_writer_free);
  g_ptr_array_unref(res->headers);
  g_ptr_array_unref(res->error_members);
  g_ptr_array_unref(res->error_fields);
  g_free(res->content_type);
  g_free(res->file_name);
  g_free(res->copied_body);
  if (res->held != NULL)
    g_string_free(res->held, TRUE);
  response_error_about(res, NULL, NULL);
}

JsonWriter *
response_json(Response *res)
{
  if (res->json == NULL)
    res->json = json_writer_new();
  return res->json;
}

void
response_rows(Response *res, const PGresult *rows)
{
  JsonWriter *w = response_json(res);
  json_open_object(w, NULL);
  json_open_array(w, "rows");
  for (int row = 0; row < PQntuples(rows); row++)
    db_write_row(w, rows, row, PQnfields(rows));
  json_close_array(w);
  json_close_object(w);
}

void
response_status(Response *res, guint status)
{
  res->status = status;
}

void
response_accepted(Response *res, const Request *req)
{
  res->status = 202;
  if (request_prefers_async(req))
    response_header(res, "Preference-Applied", "respond-async");
}

void
response_header(Response *res, const char *name, const char *value)
{
  for (guint i = 0; i < res->headers->len; i += 2)
    if (g_ascii_strcasecmp(res->headers->pdata[i], name) == 0) {
      g_free(res->headers->pdata[i + 1]);
      res->headers->pdata[i + 1] = g_strdup(value);
      return;
    }
  g_ptr_array_add(res->headers, g_strdup(name));
  g_ptr_array_add(res->headers, g_strdup(value));
}

void
response_file_name(Response *res, const char *name)
{
  g_free(res->file_name);
  res->file_name = g_strdup(name);
}

void
response_retry_after(Response *res, gint64 seconds)
{
  g_autofree char *text = g_strdup_printf("%" G_GINT64_FORMAT, seconds);
  response_header(res, "Retry-After", text);
}

void
response_error_raw(Response *res, const char *name, const char *json)
{
  g_ptr_array_add(res->error_members, g_strdup(name));
  g_ptr_array_add(res->error_members, g_strdup(json));
}

void
response_error_text(Response *res, const char *name, const char *value)
{
  g_autoptr(JsonWriter) w = json_writer_new();
  json_add_text(w, NULL, value);
  response_error_raw(res, name, json_writer_text(w));
}

void
response_error_int(Response *res, const char *name, gint64 value)
{
  response_error_raw(res, name, int_text(value));
}

void
response_error_field(Response *res, const char *name, const char *message)
{
  g_ptr_array_add(res->error_fields, g_strdup(name));
  g_ptr_array_add(res->error_fields, g_strdup(message));
}

void
response_error_about(Response *res, gpointer about, GDestroyNotify release)
{
  if (res->about != NULL && res->free_about != NULL)
    res->free_about(res->about);
  res->about = about;
  res->free_about = release;
}

void
response_static_body(Response *res, const char *content_type, const char *bytes, gsize length)
{
  g_free(res->content_type);
  res->content_type = g_strdup(content_type);
  res->body = bytes;
  res->body_length = length;
}

void
response_body(Response *res, const char *content_type, const char *bytes, gsize length)
{
  g_free(res->copied_body);
  res->copied_body = g_memdup2(bytes, length);
  response_static_body(res, content_type, res->copied_body, length);
}

void
response_set_error(Response *res, const Request *req, const GError *error)
{
  if (res->has_begun) {
    res->is_cut = TRUE; /* the status is out: all that is left is to end otherwise than well */
    return;
  }
  const char *text = family_error_text(route_family(), error),
             *member = family_error_member(route_family(), error);
  g_clear_pointer(&res->json, json_writer_free); /* what the handler began is not the answer */
  res->body = NULL;
  res->streamed_to = NULL;
  g_clear_pointer(&res->file_name, g_free);
  res->status = error_status(error);
  if (g_error_matches(error, PONTE_ERROR, ERROR_UNAUTHENTICATED))
    response_header(res, "WWW-Authenticate", "Bearer");
  else if (g_error_matches(error, PONTE_ERROR, ERROR_INVALID_TOKEN))
    response_header(res, "WWW-Authenticate", "Bearer error=\"invalid_token\"");
  else if (g_error_matches(error, PONTE_ERROR, ERROR_DATABASE_UNAVAILABLE))
    response_retry_after(res, 5);

  JsonWriter *w = response_json(res);
  json_open_object(w, NULL);
  json_add_bool(w, "ok", FALSE);
  json_add_text(w, "error", text);
  json_add_text(w, "code", error_word(error));
  json_add_text(w, "requestId", req->id);
  if (member != NULL)
    json_add_text(w, member, text);
  gint64 retry_after_s =
      route.describe_error != NULL ? route.describe_error(error, res->about, w) : -1;
  if (retry_after_s >= 0)
    response_retry_after(res, retry_after_s);
  for (guint i = 0; i < res->error_members->len; i += 2)
    json_add_raw(w, res->error_members->pdata[i], res->error_members->pdata[i + 1]);
  if (res->error_fields->len > 0) {
    json_open_object(w, "fields");
    for (guint i = 0; i < res->error_fields->len; i += 2)
      json_add_text(w, res->error_fields->pdata[i], res->error_fields->pdata[i + 1]);
    json_close_object(w);
  }
  json_close_object(w);
}

char *
response_head(const Response *res, const Request *req, const char *type, gssize length)
{
  GString *head = g_string_new(NULL);
  g_string_printf(head, "Status: %u %s\r\nContent-Type: %s\r\n", res->status,
                  reason_of(res->status), type);
  if (length >= 0)
    g_string_append_printf(head, "Content-Length: %" G_GSSIZE_FORMAT "\r\n", length);
  g_string_append_printf(
      head, "Cache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\nX-Request-Id: %s\r\n",
      req->id);
  if (res->file_name != NULL)
    g_string_append_printf(head, "Content-Disposition: attachment; filename=\"%s\"\r\n",
                           res->file_name);
  for (guint i = 0; i < res->headers->len; i += 2)
    g_string_append_printf(head, "%s: %s\r\n", (char *)res->headers->pdata[i],
                           (char *)res->headers->pdata[i + 1]);
  g_string_append(head, "\r\n");
  return g_string_free(head, FALSE);
}

void
response_send(Response *res, const Request *req)
{
  if (response_stream_finish(res))
    return;
  const char *body = res->json != NULL ? json_writer_text(res->json) : res->body;
  gsize length = res->json != NULL ? json_writer_length(res->json) : res->body_length;
  const char *type = res->content_type != NULL && res->json == NULL
                         ? res->content_type
                         : "application/json; charset=utf-8";
  g_autofree char *head = response_head(res, req, type, (gssize)length);
  if (gateway_write(req->gateway, head, strlen(head)) && !req->is_head && length > 0)
    gateway_write(req->gateway, body, length);
}
