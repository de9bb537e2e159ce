#include "erp/sales_parts.h"

#include <jansson.h>
#include <string.h>

#include "base/error.h"
#include "base/log.h"
#include "base/text.h"

#define MAX_DETAIL 300 /* characters (1.9) */

G_DEFINE_AUTOPTR_CLEANUP_FUNC(json_t, json_decref)

static gboolean
can_stand_in_header(const char *text)
{
  gboolean any = FALSE;
  for (; *text != '\0'; text++) {
    if (g_ascii_iscntrl(*text))
      return FALSE;
    any = any || !g_ascii_isspace(*text);
  }
  return any;
}

gboolean
sales_configuration_is_fine(const char *configuration, const char *type, const char *const *needed,
                            char **detail)
{
  g_autoptr(json_t) object = configuration != NULL ? json_loads(configuration, 0, NULL) : NULL;
  if (!json_is_object(object)) {
    *detail = g_strdup("A configuração da integração não é um objeto.");
    return FALSE;
  }
  for (; *needed != NULL; needed++) {
    const char *text = json_string_value(json_object_get(object, *needed));
    if (text == NULL || !can_stand_in_header(text)) {
      *detail = g_strdup_printf("A configuração da integração não tem %s válido.", *needed);
      return FALSE;
    }
  }
  json_t *told = json_object_get(object, "tipo");
  if (told != NULL && !json_is_null(told) && g_strcmp0(json_string_value(told), type) != 0) {
    *detail = g_strdup("O tipo da configuração não é o da integração.");
    return FALSE;
  }
  return TRUE;
}

char *
sales_configuration_text(const char *configuration, const char *name)
{
  g_autoptr(json_t) object = json_loads(configuration, 0, NULL);
  return g_strdup(json_string_value(json_object_get(object, name)));
}

char *
sales_url(Setting base, const char *path)
{
  const char *url = setting(base);
  return g_strconcat(url, g_str_has_suffix(url, "/") ? path + 1 : path, NULL);
}

void
sales_call_limits(HttpsRequest *request)
{
  request->timeout_ms = setting_int(ERP_TIMEOUT_TOTAL_S) * 1000;
  request->connect_timeout_ms = setting_int(ERP_TIMEOUT_CONEXAO_S) * 1000;
  request->max_bytes = (gsize)setting_int(ERP_MAX_BYTES);
}

gboolean
sales_call_is_fine(const HttpsResult *result)
{
  return result->outcome == HTTPS_ANSWERED && result->status >= 200 && result->status < 300;
}

gboolean
sales_call_was_lost(const HttpsResult *result)
{
  return (result->outcome == HTTPS_NOT_SENT || result->outcome == HTTPS_FAILED) &&
         result->status == 0;
}

void
sales_call_log(const char *erp, const char *call, const HttpsResult *result)
{
  log_info("erp call", "erp", erp, "call", call, "status", int_text(result->status), "bytes",
           int_text((gint64)result->bytes), "ms", int_text(result->duration_us / 1000), "reason",
           result->outcome != HTTPS_ANSWERED ? result->reason : NULL, NULL);
}

void
sales_fail(SalesFailure *failure, const char *code, const char *detail)
{
  char *cut = text_cut(detail, MAX_DETAIL); /* perhaps the detail that is there already */
  g_free(failure->detail);
  failure->code = g_intern_string(code);
  failure->detail = cut;
}

static void
fail_of_status(SalesFailure *failure, guint status)
{
  g_autofree char *code = g_strdup_printf("ERP_HTTP_%u", status);
  g_autofree char *detail =
      g_strdup_printf("O ERP respondeu HTTP %u (%s).", status, https_reason(status));
  sales_fail(failure, status == 401 || status == 403 ? "ERP_NAO_AUTORIZADO" : code, detail);
}

void
sales_fail_of_call(SalesFailure *failure, const HttpsResult *result)
{
  g_autofree char *detail = NULL;
  switch (result->outcome) {
  case HTTPS_ANSWERED:
    fail_of_status(failure, result->status);
    return;
  case HTTPS_TIMED_OUT:
    detail = g_strdup_printf("O ERP não respondeu em %" G_GINT64_FORMAT " s.",
                             result->duration_us / G_USEC_PER_SEC);
    sales_fail(failure, "ERP_TEMPO_ESGOTADO", detail);
    return;
  case HTTPS_TOO_LARGE:
    detail = g_strdup_printf("A resposta do ERP passa de %s bytes.", setting(ERP_MAX_BYTES));
    sales_fail(failure, "ENVELOPE_INVALIDO", detail);
    return;
  case HTTPS_REFUSED:
    sales_fail(failure, "ERRO_INTERNO", "A resposta do ERP não pôde ser guardada.");
    return;
  default:
    detail = g_strdup_printf("Sem conexão com o ERP (%s).", result->reason);
    sales_fail(failure, "ERP_INACESSIVEL", detail);
  }
}

void
sales_fail_of_error(SalesFailure *failure, const GError *error)
{
  const char *code = g_error_matches(error, PONTE_ERROR, ERROR_DATABASE_UNAVAILABLE)
                         ? "BANCO_INDISPONIVEL"
                     : g_error_matches(error, PONTE_ERROR, ERROR_NOT_CONFIGURED) ? "CONFIG_INVALIDA"
                                                                                 : "ERRO_INTERNO";
  sales_fail(failure, code, error_public_text(error));
}

gint64
sales_wait_ms(gint64 due_us)
{
  return MAX(0, (due_us - g_get_monotonic_time() + 999) / 1000);
}
