#include "accounting/warnings.h"

static const struct {
  const char *code, *message;
} messages[] = {
    {"account_name_unknown", "O plano de contas não respondeu; a conta leva o código por nome."},
    {"bad_row", "Linhas que não se leem ficaram de fora."},
    {"both_sides", "Lançamentos com débito e crédito."},
    {"charset_decoded", "A resposta não era UTF-8; foi lida como Windows-1252."},
    {"content_type_mismatch", "A resposta não se declarava como o que era."},
    {"count_mismatch", "O ERP anunciou outra quantidade de registros."},
    {"duplicate_entry", "Registros repetidos ficaram de fora."},
    {"duplicate_page", "Páginas repetidas ficaram de fora."},
    {"nonstandard_account_code", "Códigos de conta fora do comum."},
    {"not_registered", "Movimentos que não se realizaram ficaram de fora."},
    {"opening_not_available", "O ERP não tem saldos iniciais; começam em zero."},
    {"other_account", "Lançamentos de outra conta ficaram de fora."},
    {"out_of_period", "Registros de fora do período ficaram de fora."},
    {"settlement_missing", "Títulos pagos sem a baixa que os pagou."},
    {"vendor_api_discontinued", "Esta API foi descontinuada pelo fornecedor."},
};

static const char *
message_of(const char *code)
{
  for (gsize i = 0; i < G_N_ELEMENTS(messages); i++)
    if (g_str_equal(messages[i].code, code))
      return messages[i].message;
  return NULL;
}

void
warnings_write(JsonWriter *w, const GPtrArray *warnings)
{
  for (guint i = 0; warnings != NULL && i < warnings->len; i++) {
    const ErpWarning *warning = g_ptr_array_index(warnings, i);
    json_open_object(w, NULL);
    json_add_text(w, "code", warning->code);
    json_add_text(w, "about", warning->about);
    json_add_text(w, "message", message_of(warning->code));
    json_add_int(w, "count", (gint64)warning->count);
    json_close_object(w);
  }
}
