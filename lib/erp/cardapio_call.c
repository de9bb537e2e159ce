#include "erp/cardapio_call.h"

#include <string.h>

#include "base/text.h"
#include "net/call_gate.h"

#define MAX_ATTEMPTS 3
#define BOM          "\xEF\xBB\xBF"

void
cardapio_store_init(CardapioStore *store, const char *configuration)
{
  g_autofree char *key = sales_configuration_text(configuration, "apiKey");
  g_autofree char *merchant = sales_configuration_text(configuration, "merchantId");
  *store = (CardapioStore){.headers = {g_strconcat("X-API-KEY: ", key, NULL),
                                       g_strconcat("X-Merchant-Id: ", merchant, NULL),
                                       g_strdup("Content-Type: application/json")},
                           .account = call_gate_account(key)};
}

void
cardapio_store_clear(CardapioStore *store)
{
  for (gsize i = 0; store->headers[i] != NULL; i++)
    g_free((char *)store->headers[i]);
  g_clear_pointer(&store->account, g_free);
}

void
cardapio_call_clear(CardapioCall *call)
{
  g_clear_pointer(&call->https, https_call_free); /* before the body it writes into */
  g_clear_pointer(&call->body, spool_free);
  sales_failure_clear(&call->failure);
  g_free(call->url);
  *call = (CardapioCall){.state = CALL_IDLE};
}

void
cardapio_call_begin(CardapioCall *call, char *url)
{
  *call = (CardapioCall){.state = CALL_WANTS_TOKEN, .url = url};
}

void
cardapio_call_send(CardapioCall *call, const CardapioStore *store)
{
  g_autoptr(GError) error = NULL;
  g_clear_pointer(&call->body, spool_free);
  call->body = spool_new();
  call->attempts++;
  HttpsRequest request = {
      .url = call->url, .headers = store->headers, .sink = spool_append, .sink_data = call->body};
  sales_call_limits(&request);
  call->https = https_start(https_shared(), &request, &error);
  call->state = call->https != NULL ? CALL_UNDER_WAY : CALL_FAILED;
  if (error != NULL)
    sales_fail_of_error(&call->failure, error);
}

/* How long to wait before it is asked again; -1: not at all. */
static gint64
retry_wait_ms(const CardapioCall *call, const HttpsResult *result)
{
  gboolean answered = result->outcome == HTTPS_ANSWERED;
  if (call->attempts >= MAX_ATTEMPTS)
    return -1;
  if (answered && result->status == 429 && result->retry_after_s > 0)
    return result->retry_after_s * 1000;
  if (answered && result->status == 429)
    return setting_int(CW_LIMITE_ESPERA_MS) << (call->attempts - 1);
  if ((answered && result->status >= 500) || sales_call_was_lost(result))
    return setting_int(CW_FALHA_ESPERA_MS) << (call->attempts - 1);
  return -1;
}

static void
take_failure(CardapioCall *call, const HttpsResult *result)
{
  gboolean is_limit = result->outcome == HTTPS_ANSWERED && result->status == 429;
  gint64 wait_ms = retry_wait_ms(call, result);
  sales_fail_of_call(&call->failure, result);
  if (is_limit)
    sales_fail(&call->failure, "ERP_LIMITE_EXCEDIDO", call->failure.detail);
  call->state = wait_ms < 0 ? CALL_FAILED : CALL_WANTS_TOKEN;
  call->due_us = g_get_monotonic_time() + wait_ms * 1000;
  call->pause_us = is_limit && wait_ms >= 0 ? wait_ms * 1000 : 0;
}

void
cardapio_call_look(CardapioCall *call)
{
  const HttpsResult *answer = call->https != NULL ? https_result(call->https) : NULL;
  if (answer == NULL)
    return;
  HttpsResult result = *answer;
  g_clear_pointer(&call->https, https_call_free);
  sales_call_log("cardapio-web", "orders", &result);
  call->pause_us = 0;
  if (!sales_call_is_fine(&result))
    take_failure(call, &result);
  else if (spool_make_utf8(call->body))
    call->state = CALL_DONE;
  else {
    sales_fail(&call->failure, "ERRO_INTERNO", "A resposta do ERP não pôde ser guardada.");
    call->state = CALL_FAILED;
  }
}

GString *
cardapio_call_text(const CardapioCall *call)
{
  gsize length = spool_length(call->body);
  g_autoptr(GString) text = g_string_sized_new(length);
  while (text->len < length) {
    gssize got = spool_read(call->body, text->len, text->str + text->len, length - text->len);
    if (got <= 0)
      return NULL;
    g_string_set_size(text, text->len + (gsize)got);
  }
  if (g_str_has_prefix(text->str, BOM))
    g_string_erase(text, 0, (gssize)strlen(BOM));
  return g_steal_pointer(&text);
}

static const char sql_take_places[] =
    "select ceil(extract(epoch from erp.take_token($1, $2::int, $3::int)) * 1000)::bigint"
    "  from generate_series(1, $4::int)";

gboolean
cardapio_take_places(Db *db, const CardapioStore *store, const char *limit, gint64 per_minute,
                     gint64 burst, guint count, GArray *places, GError **error)
{
  g_autofree char *key = g_strconcat(store->account, ":", limit, NULL);
  g_autoptr(PGresult) result =
      db_query(db, DB_CLAIMS_SYSTEM, sql_take_places,
               DB_PARAMS(key, int_text(per_minute), int_text(burst), int_text(count)), error);
  if (result == NULL)
    return FALSE;
  gint64 now = g_get_monotonic_time();
  for (int row = 0; row < PQntuples(result); row++) {
    gint64 place = now + db_int(result, row, 0) * 1000;
    g_array_append_val(places, place);
  }
  return TRUE;
}
