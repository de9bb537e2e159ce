#include "crm/collect_answer.h"

#include "base/money.h"

/* A counter of the answer: where it is kept, and whether it is an amount. */
typedef struct {
  const char *name;
  gsize offset;
  gboolean is_money;
} Counter;

#define COUNT(name, member)                                                                        \
  {                                                                                                \
    name, G_STRUCT_OFFSET(Organization, member), FALSE                                             \
  }
#define AMOUNT(name, member)                                                                       \
  {                                                                                                \
    name, G_STRUCT_OFFSET(Organization, member), TRUE                                              \
  }

static const Counter counters[] = {
    COUNT("registrosRecebidos", received),
    COUNT("registrosRejeitados", rejected),
    COUNT("registrosDuplicados", repeated),
    COUNT("vendasCriadas", counts.sales_created),
    COUNT("vendasAtualizadas", counts.sales_updated),
    COUNT("vendasInalteradas", counts.sales_unchanged),
    COUNT("vendasCanceladas", counts.sales_cancelled),
    COUNT("vendasComErro", failed),
    COUNT("clientesCriados", counts.clients_created),
    COUNT("produtosCriados", counts.products_created),
    COUNT("vendedoresCriados", counts.sellers_created),
    COUNT("parceirosCriados", counts.partners_created),
    COUNT("adicionaisCriados", counts.add_ons_created),
    AMOUNT("cashbackAcumulado", counts.cashback_accumulated),
    AMOUNT("cashbackCampanhas", counts.cashback_campaigns),
    AMOUNT("cashbackEstornado", counts.cashback_reversed),
    COUNT("interacoesAgendadas", counts.interactions_scheduled),
    COUNT("interacoesImediatas", counts.interactions_immediate),
    COUNT("interacoesCanceladas", counts.interactions_cancelled),
    COUNT("mensagensEnviadas", messages_sent),
    COUNT("mensagensComFalha", messages_failed),
    COUNT("conversoesAtribuidas", counts.conversions),
};

static void
add_counter(JsonWriter *w, const Counter *counter, gint64 value)
{
  if (counter->is_money)
    json_add_text(w, counter->name, money_text(value).text);
  else
    json_add_int(w, counter->name, value);
}

static void
write_organization(JsonWriter *w, const Organization *organization)
{
  json_open_object(w, NULL);
  json_add_text(w, "organizacaoId", organization->id);
  json_add_text(w, "integracaoTipo", organization->type);
  json_add_int(w, "duracaoMs", organization->duration_ms);
  json_add_text(w, "status", collect_status_word(organization->status));
  if (organization->failure_code != NULL) {
    json_open_object(w, "erro");
    json_add_text(w, "codigo", organization->failure_code);
    json_add_text(w, "detalhe", organization->failure_detail);
    json_close_object(w);
  } else
    json_add_null(w, "erro");
  for (guint i = 0; i < G_N_ELEMENTS(counters); i++)
    add_counter(w, &counters[i], G_STRUCT_MEMBER(gint64, organization, counters[i].offset));
  json_add_int(w, "instrucoesSql", organization->statements);
  json_close_object(w);
}

static gint64
count_of_status(const CollectRun *run, CollectStatus status)
{
  gint64 count = 0;
  for (guint i = 0; i < run->organizations->len; i++)
    count += ((Organization *)run->organizations->pdata[i])->status == status;
  return count;
}

static void
write_totals(JsonWriter *w, const CollectRun *run)
{
  gint64 statements = 0;
  json_open_object(w, "totais");
  for (guint i = 0; i < G_N_ELEMENTS(counters); i++) {
    gint64 sum = 0;
    for (guint j = 0; j < run->organizations->len; j++)
      sum += G_STRUCT_MEMBER(gint64, run->organizations->pdata[j], counters[i].offset);
    add_counter(w, &counters[i], sum);
  }
  for (guint j = 0; j < run->organizations->len; j++)
    statements += ((Organization *)run->organizations->pdata[j])->statements;
  json_add_int(w, "instrucoesSql", statements);
  json_add_int(w, "organizacoesOk", count_of_status(run, COLLECT_OK));
  json_add_int(w, "organizacoesParciais", count_of_status(run, COLLECT_PARTIAL));
  json_add_int(w, "organizacoesComFalha", count_of_status(run, COLLECT_FAILED));
  json_add_int(w, "organizacoesOcupadas", count_of_status(run, COLLECT_BUSY));
  json_add_int(w, "organizacoesAdiadas", count_of_status(run, COLLECT_POSTPONED));
  json_close_object(w);
}

void
collect_write_answer(const CollectRun *run, GTimeZone *zone, JsonWriter *w)
{
  json_open_object(w, NULL);
  json_add_text(w, "mensagem", "EXECUTADO COM SUCESSO");
  json_add_text(w, "execucaoId", run->id);
  json_add_text(w, "modo", collect_mode_word(run->mode));
  json_add_text(w, "iniciadoEm", instant_local_text(run->started, zone).text);
  json_add_text(w, "finalizadoEm", instant_local_text(run->ended, zone).text);
  json_open_object(w, "janela");
  json_add_text(w, "de", date_iso(&run->window.first).text);
  json_add_text(w, "ate", date_iso(&run->window.last).text);
  json_close_object(w);
  json_open_array(w, "organizacoes");
  for (guint i = 0; i < run->organizations->len; i++)
    write_organization(w, run->organizations->pdata[i]);
  json_close_array(w);
  write_totals(w, run);
  json_close_object(w);
}
