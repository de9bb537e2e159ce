#include "erp/omie/receivables.h"

#include <string.h>

#include "base/error.h"
#include "base/settings.h"

const OmieMethod omie_list_receivables = {
    .path = "financas/contareceber/",
    .call = "ListarContasReceber",
    .list = "conta_receber_cadastro",
    .other_list = "lista_contas_receber",
    .members =
        {
            [OMIE_TITLE_ID] = "codigo_lancamento_omie",
            [OMIE_TITLE_CLIENT] = "codigo_cliente_fornecedor",
            [OMIE_TITLE_OTHER_CLIENT] = "codigo_cliente_omie",
            [OMIE_TITLE_VALUE] = "valor_documento",
            [OMIE_TITLE_OTHER_VALUE] = "valor",
            [OMIE_TITLE_STATUS] = "status_titulo",
            [OMIE_TITLE_REGISTERED] = "data_registro",
            [OMIE_TITLE_ISSUED] = "data_emissao",
        },
    .one_at_a_time = TRUE,
};

static const OmieTitleDate dates[] = {
    {"registro", "filtrar_por_registro_de", "filtrar_por_registro_ate", OMIE_TITLE_REGISTERED},
    {"emissao", "filtrar_por_emissao_de", "filtrar_por_emissao_ate", OMIE_TITLE_ISSUED},
    {"alteracao", "filtrar_por_data_de", "filtrar_por_data_ate", -1},
};

gboolean
omie_title_date(const OmieTitleDate **date, GError **error)
{
  for (gsize i = 0; i < G_N_ELEMENTS(dates); i++)
    if (strcmp(setting(OMIE_CR_FILTRO_DATA), dates[i].name) == 0) {
      *date = &dates[i];
      return TRUE;
    }
  g_set_error_literal(error, PONTE_ERROR, ERROR_NOT_CONFIGURED,
                      "OMIE_CR_FILTRO_DATA deve ser registro, emissao ou alteracao.");
  return FALSE;
}

gboolean
omie_title_is_of(const OmieRow *row, const OmieTitleDate *date, const DateRange *days)
{
  const char *text = date->member >= 0 ? row->cells[date->member].text : NULL;
  GDate day;
  return text == NULL || !date_parse_br(text, &day) || date_in_range(&day, days);
}

gboolean
omie_title_is_cancelled(const OmieRow *row)
{
  static const char cancelled[] = "CANCELADO";
  const char *text = row->cells[OMIE_TITLE_STATUS].text, *expected = cancelled;
  for (; text != NULL && *text != '\0'; text++) { /* compared without spaces and _, in capitals */
    if (g_ascii_isspace(*text) || *text == '_')
      continue;
    if (g_ascii_toupper(*text) != *expected)
      return FALSE;
    expected++;
  }
  return text != NULL && *expected == '\0';
}

void
omie_write_title_filter(JsonWriter *w, gconstpointer data)
{
  const OmieTitleFilter *filter = data;
  json_add_text(w, filter->date->from, date_br(&filter->days->first).text);
  json_add_text(w, filter->date->to, date_br(&filter->days->last).text);
}
