/* The HTTP client of the tests: one libcurl handle per call, threads for calls at once. */
#include "harness.h"

#include <curl/curl.h>
#include <string.h>

struct Pending {
  char *method, *path;
  CallOptions options;
  GThread *thread;
  gint done;
};

static GSList *pending_calls;

void
answer_free(Answer *answer)
{
  g_free(answer->failure);
  g_free(answer->body);
  g_hash_table_unref(answer->headers);
  if (answer->json != NULL)
    json_decref(answer->json);
  g_free(answer);
}

static gsize
keep_body(char *bytes, gsize size, gsize count, void *body)
{
  g_string_append_len(body, bytes, (gssize)(size * count));
  return size * count;
}

static gsize
keep_header(char *bytes, gsize size, gsize count, void *headers)
{
  g_autofree char *line = g_strndup(bytes, size * count);
  char *colon = strchr(line, ':');
  if (g_str_has_prefix(line, "HTTP/")) {
    g_hash_table_remove_all(headers); /* 100 Continue came before */
  } else if (colon != NULL) {
    *colon = '\0';
    g_hash_table_replace(headers, g_ascii_strdown(line, -1), g_strdup(g_strstrip(colon + 1)));
  }
  return size * count;
}

static struct curl_slist *
headers_of(const CallOptions *options)
{
  struct curl_slist *list = NULL;
  if (options->token != NULL) {
    g_autofree char *line = g_strdup_printf("Authorization: Bearer %s", options->token);
    list = curl_slist_append(list, line);
  }
  if (options->body != NULL) {
    const char *type = options->content_type ? options->content_type : "application/json";
    g_autofree char *line = g_strdup_printf("Content-Type: %s", type);
    list = curl_slist_append(list, line);
  } else {
    list = curl_slist_append(list, "Content-Type:");
  }
  for (guint i = 0; i < G_N_ELEMENTS(options->headers) && options->headers[i] != NULL; i++)
    list = curl_slist_append(list, options->headers[i]);
  return list;
}

static void
set_method(CURL *curl, const char *method, const CallOptions *options)
{
  gsize length = options->body == NULL ? 0
                 : options->length > 0 ? options->length
                                       : strlen(options->body);
  if (g_str_equal(method, "HEAD")) {
    curl_easy_setopt(curl, CURLOPT_NOBODY, 1L);
    return;
  }
  if (options->body != NULL || g_str_equal(method, "POST")) {
    curl_easy_setopt(curl, CURLOPT_POST, 1L);
    curl_easy_setopt(curl, CURLOPT_POSTFIELDS, options->body ? options->body : "");
    curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)length);
  }
  curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, method);
}

Answer *
call_with(const char *method, const char *path, const CallOptions *options)
{
  Answer *answer = g_new0(Answer, 1);
  answer->headers = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
  GString *body = g_string_new(NULL);
  struct curl_slist *headers = headers_of(options);
  g_autofree char *url = g_strconcat(g_getenv("PONTE_URL"), path, NULL);
  CURL *curl = curl_easy_init();
  curl_easy_setopt(curl, CURLOPT_URL, url);
  curl_easy_setopt(curl, CURLOPT_PATH_AS_IS, 1L);
  curl_easy_setopt(curl, CURLOPT_PROXY, "");
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
  curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS,
                   (long)(options->timeout_ms ? options->timeout_ms : 120000));
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, keep_body);
  curl_easy_setopt(curl, CURLOPT_WRITEDATA, body);
  curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, keep_header);
  curl_easy_setopt(curl, CURLOPT_HEADERDATA, answer->headers);
  set_method(curl, method, options);
  CURLcode result = curl_easy_perform(curl);
  long status = 0;
  curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
  curl_easy_cleanup(curl);
  curl_slist_free_all(headers);
  answer->status = result == CURLE_OK ? (guint)status : 0;
  answer->failure = result == CURLE_OK ? NULL : g_strdup(curl_easy_strerror(result));
  answer->length = body->len;
  answer->body = g_string_free(body, FALSE);
  answer->json = json_loadb(answer->body, answer->length, JSON_REJECT_DUPLICATES, NULL);
  return answer;
}

static gpointer
run_pending(gpointer data)
{
  Pending *pending = data;
  Answer *answer = call_with(pending->method, pending->path, &pending->options);
  g_atomic_int_set(&pending->done, 1);
  return answer;
}

Pending *
call_start_with(const char *method, const char *path, const CallOptions *options)
{
  Pending *pending = g_new0(Pending, 1);
  pending->method = g_strdup(method);
  pending->path = g_strdup(path);
  pending->options = *options;
  pending->thread = g_thread_new("call", run_pending, pending);
  pending_calls = g_slist_prepend(pending_calls, pending);
  return pending;
}

gboolean
call_is_done(Pending *pending)
{
  return g_atomic_int_get(&pending->done) != 0;
}

Answer *
call_finish(Pending *pending)
{
  Answer *answer = g_thread_join(pending->thread);
  pending_calls = g_slist_remove(pending_calls, pending);
  g_free(pending->method);
  g_free(pending->path);
  g_free(pending);
  return answer;
}

void
calls_abandon(void)
{
  while (pending_calls != NULL)
    answer_free(call_finish(pending_calls->data));
}

const char *
answer_header(const Answer *answer, const char *name)
{
  g_autofree char *lower = g_ascii_strdown(name, -1);
  return g_hash_table_lookup(answer->headers, lower);
}

const char *
answer_text(const Answer *answer, const char *member)
{
  return json_string_value(json_object_get(answer->json, member));
}

gint64
answer_int(const Answer *answer, const char *member)
{
  const json_t *value = json_object_get(answer->json, member);
  if (!json_is_integer(value))
    fail_msg("%s is no integer in %s", member, answer->body);
  return json_integer_value(value);
}

void
assert_status_at(const Answer *answer, guint status, const char *file, int line)
{
  if (answer->status == status)
    return;
  print_error("status %u, not %u: %s\n", answer->status, status,
              answer->failure != NULL ? answer->failure : answer->body);
  _fail(file, line);
}

void
assert_member_at(const Answer *answer, const char *name, const char *text, const char *file,
                 int line)
{
  if (g_strcmp0(answer_text(answer, name), text) == 0)
    return;
  print_error("%s is not \"%s\" in %s\n", name, text, answer->body);
  _fail(file, line);
}

void
assert_header_at(const Answer *answer, const char *name, const char *value, const char *file,
                 int line)
{
  const char *found = answer_header(answer, name);
  if (g_strcmp0(found, value) == 0)
    return;
  print_error("header %s is \"%s\", not \"%s\"\n", name, found ? found : "(absent)",
              value ? value : "(absent)");
  _fail(file, line);
}

void
assert_error_at(const Answer *answer, guint status, const char *text, const char *code,
                const char *file, int line)
{
  assert_status_at(answer, status, file, line);
  const char *type = answer_header(answer, "content-type");
  const char *id = answer_text(answer, "requestId");
  if (json_is_false(json_object_get(answer->json, "ok")) && answer_text(answer, "error") != NULL &&
      answer_text(answer, "code") != NULL && id != NULL &&
      g_strcmp0(id, answer_header(answer, "x-request-id")) == 0 &&
      g_strcmp0(type, "application/json; charset=utf-8") == 0) {
    if (text != NULL)
      assert_member_at(answer, "error", text, file, line);
    if (code != NULL)
      assert_member_at(answer, "code", code, file, line);
    return;
  }
  print_error("not the error envelope (type %s, request id %s): %s\n", type ? type : "(none)",
              answer_header(answer, "x-request-id"), answer->body);
  _fail(file, line);
}
