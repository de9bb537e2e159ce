#include "erp/call.h"

#include <string.h>

#include "base/error.h"
#include "erp/xml_rows.h"
#include "net/seal.h"

#define USER_AGENT "User-Agent: erp-connectors/1"
#define MAX_BODY   (256 * 1024 * 1024) /* 6.0 */

/* ---- URLs -------------------------------------------------------------------------------------*/

/* The first segment of a path without its leading slash, and the next one; 0: there is none. */
static gsize
first_segments(const char *path, guint count)
{
  const char *at = path;
  for (; count > 0 && *at != '\0'; count--) {
    at += strcspn(at, "/");
    if (count > 1)
      at += *at == '/' ? 1 : 0;
  }
  return count == 0 ? (gsize)(at - path) : 0;
}

/* How much of the path's beginning the base already ends with. */
static gsize
shared_length(const char *base, gsize base_length, const char *path)
{
  gsize shared = 0;
  for (guint count = 1;; count++) {
    gsize length = first_segments(path, count);
    if (length == 0 || length >= base_length)
      return shared;
    const char *tail = base + base_length - length;
    if (tail[-1] == '/' && strncmp(tail, path, length) == 0)
      shared = length;
    if (path[length] == '\0')
      return shared;
  }
}

char *
erp_join_url(const char *base, const char *path)
{
  gsize length = strlen(base);
  while (length > 0 && base[length - 1] == '/')
    length--;
  while (*path == '/')
    path++;
  const char *host = strstr(base, "://");
  host = host != NULL ? host + strlen("://") : base;
  const char *segments = host + strcspn(host, "/"); /* a host is no segment */
  gsize before = (gsize)(segments - base);
  gsize shared = length > before ? shared_length(segments, length - before, path) : 0;
  return g_strdup_printf("%.*s%s%s", (int)length, base, shared > 0 ? "" : "/", path + shared);
}

void
erp_query_init(ErpQuery *query)
{
  query->text = g_string_new(NULL);
}

void
erp_query_add(ErpQuery *query, const char *name, const char *value)
{
  if (name == NULL || value == NULL)
    return;
  if (query->text->len > 0)
    g_string_append_c(query->text, '&');
  g_string_append_uri_escaped(query->text, name, NULL, FALSE);
  g_string_append_c(query->text, '=');
  g_string_append_uri_escaped(query->text, value, NULL, FALSE);
}

void
erp_query_add_int(ErpQuery *query, const char *name, gint64 value)
{
  char text[24];
  g_snprintf(text, sizeof text, "%" G_GINT64_FORMAT, value);
  erp_query_add(query, name, text);
}

void
erp_query_clear(ErpQuery *query)
{
  if (query->text == NULL)
    return;
  secret_free(g_string_free(query->text, FALSE)); /* a key may be among them */
  query->text = NULL;
}

/* ---- one call ---------------------------------------------------------------------------------*/

/* The URL with what the call and the credential add to it. */
static char *
url_of(const Erp *erp, const ErpCall *call)
{
  g_autofree char *url = erp_join_url(erp->base_url, call->path);
  g_auto(ErpQuery) query = {0};
  erp_query_init(&query);
  if (call->query != NULL)
    g_string_append(query.text, call->query->text->str);
  const char *const *pair = erp_credential_query(erp);
  for (; pair != NULL && pair[0] != NULL; pair += 2)
    erp_query_add(&query, pair[0], pair[1]);
  if (query.text->len == 0)
    return g_steal_pointer(&url);
  return g_strconcat(url, strchr(url, '?') != NULL ? "&" : "?", query.text->str, NULL);
}

static void
add_headers(GPtrArray *headers, const char *const *header)
{
  for (; header != NULL && *header != NULL; header++)
    g_ptr_array_add(headers, (gpointer)*header);
}

static GPtrArray *
headers_of(const Erp *erp, const ErpCall *call, GError **error)
{
  const char *const *credential = erp_credential_headers(erp, error);
  if (credential == NULL)
    return NULL;
  GPtrArray *headers = g_ptr_array_new();
  add_headers(headers, credential);
  add_headers(headers, call->headers);
  g_ptr_array_add(headers, (gpointer)USER_AGENT);
  g_ptr_array_add(headers, NULL);
  return headers;
}

static void
keep_result(Erp *erp, const ExchangeResult *result)
{
  g_free(erp->last.upstream_message);
  erp->last = *result;
  erp->last.upstream_message = g_strdup(result->upstream_message);
  erp->requests += result->requests;
}

static void
warn_once(Erp *erp, const char *code)
{
  for (guint i = 0; i < erp->warnings->len; i++)
    if (g_str_equal(((const ErpWarning *)erp->warnings->pdata[i])->code, code))
      return;
  erp_warn(erp, code, NULL);
}

/* What is wrong with the shape of an answer, for `details`. */
static void
tell_reason(Erp *erp, const char *reason)
{
  static const struct {
    const char *reason, *message;
  } words[] = {
      {"row_is_no_object", "um elemento da lista não é um objeto"},
      {"member_twice", "um campo aparece duas vezes"},
      {"two_arrays_of_rows", "há mais de uma lista"},
      {"row_too_large", "um registro passa de 1 MiB"},
      {"value_too_large", "um valor passa de 1 MiB"},
      {"too_deep", "há mais de 32 níveis"},
      {"doctype", "o XML traz um DOCTYPE"},
      {"no_root", "o XML não tem raiz"},
      {"no_rows", "não há a lista esperada"},
  };
  for (gsize i = 0; i < G_N_ELEMENTS(words); i++)
    if (g_strcmp0(reason, words[i].reason) == 0)
      erp_detail(erp, NULL, reason, words[i].message);
}

static gboolean
check_answer(Erp *erp, const ErpJudged *judged, GError **error)
{
  const RowReader *reader = judged->reader;
  if (row_reader_was_mislabelled(reader))
    warn_once(erp, "content_type_mismatch");
  if (row_reader_was_decoded(reader))
    warn_once(erp, "charset_decoded");
  if (judged->is_empty || !row_reader_lacks_rows(reader))
    return TRUE;
  tell_reason(erp, "no_rows");
  g_set_error_literal(error, PONTE_ERROR, ERROR_ERP_DATA,
                      "A resposta do ERP não tem a forma esperada.");
  return FALSE;
}

gboolean
erp_call(Erp *erp, const ErpCall *call, RowReader *reader, GError **error)
{
  static const struct {
    const BodyReader *reader;
    const char *accept;
  } bodies[] = {
      [ERP_JSON] = {&json_rows, "application/json"}, [ERP_XML] = {&xml_rows, "application/xml"}};
  g_autoptr(GPtrArray) headers = headers_of(erp, call, error);
  if (headers == NULL)
    return FALSE;
  ErpJudged judged = {.erp = erp, .reader = reader};
  ExchangePolicy policy = erp->policy;
  policy.operation = erp->operation;
  policy.guard = call->guard;
  policy.judge = erp->profile->judge;
  policy.judge_data = &judged;
  char *url = url_of(erp, call);
  ExchangeRequest request = {
      .url = url,
      .body = call->post,
      .content_type = call->post != NULL ? "application/json" : NULL,
      .accept = bodies[call->body].accept,
      .headers = (const char *const *)headers->pdata,
      .timeout_ms = call->is_small ? erp->timeout_ms : erp->extract_timeout_ms,
      .max_bytes = MAX_BODY,
      .reader = bodies[call->body].reader,
      .reader_data = reader,
  };
  row_reader_restart(reader);
  g_autoptr(Exchange) exchange = exchange_new(erp->db, &policy, &request);
  GError *failure = NULL;
  gboolean done = exchange_run(exchange, erp->abandoned, erp->abandoned_data, &failure);
  keep_result(erp, exchange_result(exchange));
  secret_free(url);
  if (done)
    return check_answer(erp, &judged, error);
  if (g_error_matches(failure, PONTE_ERROR, ERROR_ERP_DATA))
    tell_reason(erp, row_reader_reason(reader));
  g_propagate_error(error, failure);
  return FALSE;
}
