/* Asking programs with the settings of a Book, and what the ERPs saw. */
#include "harness_ledger_book.h"

#include <string.h>

/* ---- asking -----------------------------------------------------------------------------------
 */

const char *
book_bearer(void)
{
  static char *token;
  if (token == NULL)
    token = token_with("admin", "{\"exp\":4102444800}");
  return token;
}

static char *
whole_query(const Book *book, const char *query)
{
  return g_strconcat("company=", book->company, *query != '\0' ? "&" : "", query, NULL);
}

char *
book_path(const Book *book, const char *program, const char *query)
{
  g_autofree char *whole = whole_query(book, query);
  return g_strconcat("/api/", program, "?", whole, NULL);
}

/* A CGI's output: "Status: 200 OK", headers, an empty line, the body. */
static Answer *
read_cgi(char *output)
{
  Answer *answer = g_new0(Answer, 1);
  answer->headers = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
  char *end = strstr(output, "\r\n\r\n");
  answer->body = g_strdup(end != NULL ? end + 4 : "");
  answer->length = strlen(answer->body);
  if (end == NULL) {
    answer->failure = g_strdup_printf("no answer: %.200s", output);
    return answer;
  }
  *end = '\0';
  g_auto(GStrv) lines = g_strsplit(output, "\r\n", -1);
  for (char **line = lines; *line != NULL; line++) {
    char *colon = strchr(*line, ':');
    if (colon == NULL)
      continue;
    *colon = '\0';
    g_hash_table_replace(answer->headers, g_ascii_strdown(*line, -1),
                         g_strdup(g_strstrip(colon + 1)));
  }
  const char *status = g_hash_table_lookup(answer->headers, "status");
  answer->status = status != NULL ? (guint)g_ascii_strtoull(status, NULL, 10) : 200;
  answer->json = json_loadb(answer->body, answer->length, JSON_REJECT_DUPLICATES, NULL);
  return answer;
}

struct BookCall {
  char *program;
  GPtrArray *environment; /* ended by NULL */
  GThread *thread;
};

static void
add_setting(gpointer name, gpointer value, gpointer environment)
{
  g_ptr_array_add(environment, g_strdup_printf("%s=%s", (char *)name, (char *)value));
}

static BookCall *
prepare(const Book *book, const char *program, const char *query, const char *const *headers)
{
  BookCall *call = g_new0(BookCall, 1);
  g_autofree char *whole = whole_query(book, query);
  call->program = g_strdup(program);
  call->environment = g_ptr_array_new_with_free_func(g_free);
  GPtrArray *environment = call->environment;
  g_hash_table_foreach(book->settings, add_setting, environment);
  g_ptr_array_add(environment, g_strdup("REQUEST_METHOD=GET"));
  g_ptr_array_add(environment, g_strdup_printf("REQUEST_URI=/api/%s?%s", program, whole));
  g_ptr_array_add(environment, g_strdup_printf("QUERY_STRING=%s", whole));
  g_ptr_array_add(environment, g_strdup_printf("HTTP_AUTHORIZATION=Bearer %s", book_bearer()));
  for (; headers != NULL && *headers != NULL; headers++)
    if (**headers != '\0')
      g_ptr_array_add(environment, g_strdup(*headers));
  g_ptr_array_add(environment, NULL);
  return call;
}

static GMutex log_lock; /* calls end in threads of their own */
static GString *log_text;

static void
keep_log(const char *log)
{
  g_mutex_lock(&log_lock);
  if (log_text == NULL)
    log_text = g_string_new(NULL);
  g_string_append(log_text, log);
  g_mutex_unlock(&log_lock);
}

char *
book_log_take(void)
{
  keep_log("");
  g_mutex_lock(&log_lock);
  char *text = g_string_free(g_steal_pointer(&log_text), FALSE);
  g_mutex_unlock(&log_lock);
  return text;
}

static gpointer
run(gpointer data)
{
  const BookCall *call = data;
  g_autofree char *log = NULL;
  g_autofree char *output = program_run_cgi_logged(
      call->program, (const char *const *)call->environment->pdata, "", &log);
  keep_log(log);
  return read_cgi(output);
}

static void
book_call_free(BookCall *call)
{
  g_free(call->program);
  g_ptr_array_unref(call->environment);
  g_free(call);
}

Answer *
book_ask_with(const Book *book, const char *program, const char *query, const char *const *headers)
{
  BookCall *call = prepare(book, program, query, headers);
  Answer *answer = run(call);
  book_call_free(call);
  return answer;
}

BookCall *
book_start(const Book *book, const char *program, const char *query)
{
  BookCall *call = prepare(book, program, query, NULL);
  call->thread = g_thread_new("book", run, call);
  return call;
}

Answer *
book_finish(BookCall *call)
{
  Answer *answer = g_thread_join(call->thread);
  book_call_free(call);
  return answer;
}

void
book_serve(const Book *book, const char *program)
{
  g_autoptr(GPtrArray) overrides = g_ptr_array_new_with_free_func(g_free);
  g_hash_table_foreach(book->settings, add_setting, overrides);
  g_ptr_array_add(overrides, NULL);
  program_restart_list(program, (const char *const *)overrides->pdata);
}

Answer *
book_call(const Book *book, const char *program, const char *query)
{
  g_autofree char *path = book_path(book, program, query);
  return call("GET", path, .token = book_bearer());
}

static const char *
or_empty(const char *text)
{
  return text != NULL ? text : "";
}

/* ---- what the ERP saw -------------------------------------------------------------------------
 */

/* Omie's calls are in a table of their own. */
#define CALLS                                                                                      \
  "(select id, kind, request, at, status from sandbox.call where who = $1"                         \
  " union all select o.id, o.method, o.param, o.at, o.status"                                      \
  "  from sandbox.omie_call o join sandbox.ledger_company c on c.api_key = o.app_key"              \
  " where c.who = $1 and c.erp = 'omie') seen where kind = coalesce(nullif($2, ''), kind)"
#define NTH(cell) "select " cell " from " CALLS " order by at, id limit 1 offset $3::int - 1"

gint64
book_calls(const Book *book, const char *kind)
{
  return sql_number("select count(*) from " CALLS, book->who, or_empty(kind));
}

gint64
book_call_us(const Book *book, const char *kind, guint nth)
{
  g_autofree char *n = g_strdup_printf("%u", nth);
  return sql_number(NTH("(extract(epoch from at) * 1000000)::bigint"), book->who, or_empty(kind),
                    n);
}

guint
book_call_status(const Book *book, const char *kind, guint nth)
{
  g_autofree char *n = g_strdup_printf("%u", nth);
  return (guint)sql_number(NTH("coalesce(status, 0)"), book->who, or_empty(kind), n);
}

char *
book_parameter(const Book *book, const char *kind, guint nth, const char *name)
{
  g_autofree char *n = g_strdup_printf("%u", nth);
  return sql_text(NTH("request ->> $4"), book->who, or_empty(kind), n, name);
}

gint64
book_busiest(const Book *book, const char *window)
{
  return sql_number("select sandbox.ledger_busiest($1, $2::interval)", book->who, window);
}

/* ---- answers ----------------------------------------------------------------------------------
 */

char *
answer_at(const Answer *answer, const char *path)
{
  const json_t *value = answer->json;
  g_auto(GStrv) steps = g_strsplit(path, ".", -1);
  for (char **step = steps; *step != NULL && value != NULL; step++)
    value = json_is_array(value) ? json_array_get(value, (size_t)g_ascii_strtoull(*step, NULL, 10))
                                 : json_object_get(value, *step);
  if (value == NULL)
    return NULL;
  if (json_is_string(value))
    return g_strdup(json_string_value(value));
  char *text = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY);
  char *copy = g_strdup(text);
  free(text); /* jansson's */
  return copy;
}

void
assert_at_at(const Answer *answer, const char *path, const char *expected, const char *file,
             int line)
{
  g_autofree char *found = answer_at(answer, path);
  if (g_strcmp0(found, expected) == 0)
    return;
  print_error("%s is %s, not %s, in %.2000s\n", path, found ? found : "(absent)",
              expected ? expected : "(absent)", answer->body);
  _fail(file, line);
}
