#include "erp/call.h"

#include "base/error.h"
#include "erp/xml_rows.h"
#include "net/seal.h"

#define USER_AGENT "User-Agent: erp-connectors/1"
#define MAX_BODY   (256 * 1024 * 1024) /* 6.0 */

#define LOOK_EVERY_US (G_USEC_PER_SEC / 4)

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
    g_ptr_array_add(headers, g_strdup(*header));
}

static GPtrArray *
headers_of(const Erp *erp, const ErpCall *call, GError **error)
{
  const char *const *credential = erp_credential_headers(erp, error);
  if (credential == NULL)
    return NULL;
  GPtrArray *headers = g_ptr_array_new_with_free_func((GDestroyNotify)secret_free);
  add_headers(headers, credential);
  add_headers(headers, call->headers);
  g_ptr_array_add(headers, g_strdup(USER_AGENT));
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

struct ErpCalling {
  Erp *erp;
  ErpJudged judged;
  ExchangePolicy policy;
  ExchangeRequest request;
  char *url;
  GPtrArray *headers;
  Exchange *exchange;
  ErpMeanwhile meanwhile;
  gpointer data;
  gint64 looked_us; /* when it was last asked whether anybody waits */
};

ErpCalling *
erp_calling_new(Erp *erp, const ErpCall *call, RowReader *reader, GError **error)
{
  static const struct {
    const BodyReader *reader;
    const char *accept;
  } bodies[] = {
      [ERP_JSON] = {&json_rows, "application/json"}, [ERP_XML] = {&xml_rows, "application/xml"}};
  g_autoptr(GPtrArray) headers = headers_of(erp, call, error);
  if (headers == NULL)
    return NULL;
  ErpCalling *calling = g_new0(ErpCalling, 1);
  calling->erp = erp;
  calling->judged = (ErpJudged){.erp = erp, .reader = reader};
  calling->policy = erp->policy;
  calling->policy.operation = erp->operation;
  calling->policy.guard = call->guard;
  calling->policy.judge = erp->profile->judge;
  calling->policy.judge_data = &calling->judged;
  calling->url = url_of(erp, call);
  calling->headers = g_steal_pointer(&headers);
  calling->request = (ExchangeRequest){
      .url = calling->url,
      .body = call->post,
      .content_type = call->post != NULL ? "application/json" : NULL,
      .accept = bodies[call->body].accept,
      .headers = (const char *const *)calling->headers->pdata,
      .timeout_ms = call->is_small ? erp->timeout_ms : erp->extract_timeout_ms,
      .max_bytes = MAX_BODY,
      .reader = bodies[call->body].reader,
      .reader_data = reader,
  };
  row_reader_restart(reader);
  calling->exchange = exchange_new(erp->db, &calling->policy, &calling->request);
  return calling;
}

void
erp_calling_free(ErpCalling *calling)
{
  exchange_free(calling->exchange);
  g_ptr_array_unref(calling->headers);
  secret_free(calling->url);
  g_free(calling);
}

/* What is done between two pieces of an answer; TRUE: nobody waits for it any more. */
static gboolean
do_meanwhile(gpointer data)
{
  ErpCalling *calling = data;
  const Erp *erp = calling->erp;
  gint64 now_us = g_get_monotonic_time();
  if (calling->meanwhile != NULL)
    calling->meanwhile(calling->data);
  if (erp->abandoned == NULL || now_us - calling->looked_us < LOOK_EVERY_US)
    return FALSE;
  calling->looked_us = now_us;
  return erp->abandoned(erp->abandoned_data);
}

gboolean
erp_calling_run(ErpCalling *calling, ErpMeanwhile meanwhile, gpointer data, GError **error)
{
  Erp *erp = calling->erp;
  GError *failure = NULL;
  calling->meanwhile = meanwhile;
  calling->data = data;
  gboolean done = exchange_run(calling->exchange, do_meanwhile, calling, &failure);
  keep_result(erp, exchange_result(calling->exchange));
  if (done)
    return check_answer(erp, &calling->judged, error);
  if (g_error_matches(failure, PONTE_ERROR, ERROR_ERP_DATA))
    tell_reason(erp, row_reader_reason(calling->judged.reader));
  g_propagate_error(error, failure);
  return FALSE;
}

void
erp_calling_go_ahead(ErpCalling *calling)
{
  exchange_hold(calling->exchange);
  exchange_advance(calling->exchange);
}

gboolean
erp_calling_catch_up(ErpCalling *calling)
{
  exchange_release(calling->exchange);
  return !exchange_is_over(calling->exchange) || exchange_result(calling->exchange)->requests > 0;
}

gboolean
erp_call(Erp *erp, const ErpCall *call, RowReader *reader, GError **error)
{
  g_autoptr(ErpCalling) calling = erp_calling_new(erp, call, reader, error);
  return calling != NULL && erp_calling_run(calling, NULL, NULL, error);
}
