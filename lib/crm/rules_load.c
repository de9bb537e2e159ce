#include <jansson.h>

#include "base/decimal.h"
#include "base/error.h"
#include "base/settings.h"
#include "crm/rules.h"

/* One row per campaign, in the order of their evaluation, each with the program; one row without a
 * campaign when there is none.  Usable is a phone whose connection has what its kind needs (9.6).
 */
static const char sql_rules[] =
    "select p.id, p.acumulo_tipo, p.acumulo_valor, p.acumulo_valor_parceiro,"
    "       p.acumulo_regra_valor_minimo, p.acumulo_permitir_via_integracao,"
    "       p.expiracao_regra_validade_valor,"
    "       c.id, c.titulo, c.gatilho_tipo,"
    "       (select json_agg(s.segmentacao) from crm.campaign_segmentations s"
    "         where s.campanha_id = c.id),"
    "       crm.centavos(c.gatilho_nova_compra_valor_minimo),"
    "       crm.centavos(c.gatilho_novo_cashback_acumulado_valor_minimo),"
    "       crm.centavos(c.gatilho_total_cashback_acumulado_valor_minimo),"
    "       c.gatilho_quantidade_total_compras, crm.centavos(c.gatilho_valor_total_compras),"
    "       c.execucao_agendada_valor, c.execucao_agendada_medida, c.execucao_agendada_bloco,"
    "       c.whatsapp_template_id is not null and coalesce("
    "         case w.tipo_conexao"
    "           when 'META_CLOUD_API' then w.token <> '' and f.whatsapp_telefone_id <> ''"
    "           else w.gateway_sessao_id <> '' and $2::boolean end, false),"
    "       c.permitir_recorrencia, c.frequencia_intervalo_valor, c.frequencia_intervalo_medida,"
    "       case when c.cashback_geracao_ativo then c.cashback_geracao_tipo end,"
    "       c.cashback_geracao_valor, c.cashback_geracao_expiracao_valor,"
    "       c.cashback_geracao_expiracao_medida"
    "  from (select $1 as id) o"
    "  left join lateral (select * from crm.cashback_programs"
    "                      where organizacao_id = o.id and ativo order by data_insercao, id limit "
    "1) p"
    "    on true"
    "  left join crm.campaigns c on c.organizacao_id = o.id and c.ativo"
    "   and c.gatilho_tipo in ('PRIMEIRA-COMPRA', 'NOVA-COMPRA', 'CASHBACK-ACUMULADO',"
    "                          'QUANTIDADE-TOTAL-COMPRAS', 'VALOR-TOTAL-COMPRAS')"
    "  left join crm.whatsapp_connection_phones f on f.id = c.whatsapp_conexao_telefone_id"
    "  left join crm.whatsapp_connections w on w.id = f.conexao_id"
    " order by c.data_insercao, c.id";

/* The columns of sql_rules. */
enum {
  PROGRAM_ID,
  PROGRAM_KIND,
  PROGRAM_RATE,
  PROGRAM_PARTNER_RATE,
  PROGRAM_MINIMUM,
  PROGRAM_BY_INTEGRATION,
  PROGRAM_DAYS,
  CAMPAIGN_ID,
  CAMPAIGN_TITLE,
  CAMPAIGN_TRIGGER,
  CAMPAIGN_SEGMENTS,
  CAMPAIGN_MINIMUM_VALUE,
  CAMPAIGN_MINIMUM_CASHBACK,
  CAMPAIGN_MINIMUM_BALANCE,
  CAMPAIGN_COUNT,
  CAMPAIGN_VALUE,
  CAMPAIGN_DELAY,
  CAMPAIGN_DELAY_UNIT,
  CAMPAIGN_BLOCK,
  CAMPAIGN_CAN_SEND,
  CAMPAIGN_MAY_RECUR,
  CAMPAIGN_INTERVAL,
  CAMPAIGN_INTERVAL_UNIT,
  CAMPAIGN_CASHBACK_KIND,
  CAMPAIGN_CASHBACK_RATE,
  CAMPAIGN_CASHBACK_VALID,
  CAMPAIGN_CASHBACK_UNIT,
};

static const char *const trigger_words[N_TRIGGERS] = {
    [TRIGGER_FIRST_PURCHASE] = "PRIMEIRA-COMPRA",
    [TRIGGER_NEW_PURCHASE] = "NOVA-COMPRA",
    [TRIGGER_PURCHASE_COUNT] = "QUANTIDADE-TOTAL-COMPRAS",
    [TRIGGER_PURCHASE_VALUE] = "VALOR-TOTAL-COMPRAS",
    [TRIGGER_CASHBACK] = "CASHBACK-ACUMULADO",
};

static const char *
keep(OrganizationRules *rules, const char *text)
{
  return text != NULL ? g_string_chunk_insert(rules->texts, text) : NULL;
}

static gint64
rate(const PGresult *result, int row, int column)
{
  gint64 value = 0;
  return decimal_parse(db_text(result, row, column), SCALE_RATE, G_MAXINT64 / 100, &value) ? value
                                                                                           : 0;
}

static gint64
threshold(const PGresult *result, int row, int column)
{
  return db_text(result, row, column) != NULL ? db_int(result, row, column) : NO_THRESHOLD;
}

static const char *const *
segments(OrganizationRules *rules, const char *text)
{
  json_t *list = text != NULL ? json_loads(text, 0, NULL) : NULL;
  const char **titles = g_new0(const char *, json_array_size(list) + 1);
  for (gsize i = 0; i < json_array_size(list); i++)
    titles[i] = keep(rules, json_string_value(json_array_get(list, i)));
  json_decref(list);
  g_ptr_array_add(rules->lists, titles);
  return titles;
}

static void
read_program(OrganizationRules *rules, const PGresult *result)
{
  rules->program = (CashbackProgram){
      .id = keep(rules, db_text(result, 0, PROGRAM_ID)),
      .kind = amount_kind(db_text(result, 0, PROGRAM_KIND)),
      .buyer_rate = rate(result, 0, PROGRAM_RATE),
      .partner_rate = rate(result, 0, PROGRAM_PARTNER_RATE),
      .minimum = rate(result, 0, PROGRAM_MINIMUM),
      .by_integration = db_bool(result, 0, PROGRAM_BY_INTEGRATION),
      .valid_days = db_int(result, 0, PROGRAM_DAYS),
  };
}

static Campaign
read_campaign(OrganizationRules *rules, const PGresult *result, int row, Trigger trigger)
{
  return (Campaign){
      .id = keep(rules, db_text(result, row, CAMPAIGN_ID)),
      .title = keep(rules, db_text(result, row, CAMPAIGN_TITLE)),
      .trigger = trigger,
      .segments = segments(rules, db_text(result, row, CAMPAIGN_SEGMENTS)),
      .minimum_value = threshold(result, row, CAMPAIGN_MINIMUM_VALUE),
      .minimum_cashback = threshold(result, row, CAMPAIGN_MINIMUM_CASHBACK),
      .minimum_balance = threshold(result, row, CAMPAIGN_MINIMUM_BALANCE),
      .purchase_count = threshold(result, row, CAMPAIGN_COUNT),
      .purchase_value = threshold(result, row, CAMPAIGN_VALUE),
      .delay = db_int(result, row, CAMPAIGN_DELAY),
      .delay_unit = calendar_unit(db_text(result, row, CAMPAIGN_DELAY_UNIT)),
      .block = keep(rules, db_text(result, row, CAMPAIGN_BLOCK)),
      .can_send = db_bool(result, row, CAMPAIGN_CAN_SEND),
      .may_recur = db_bool(result, row, CAMPAIGN_MAY_RECUR),
      .interval = db_int(result, row, CAMPAIGN_INTERVAL),
      .interval_unit = calendar_unit(db_text(result, row, CAMPAIGN_INTERVAL_UNIT)),
      .cashback = {amount_kind(db_text(result, row, CAMPAIGN_CASHBACK_KIND)),
                   rate(result, row, CAMPAIGN_CASHBACK_RATE)},
      .cashback_valid = db_int(result, row, CAMPAIGN_CASHBACK_VALID),
      .cashback_unit = calendar_unit(db_text(result, row, CAMPAIGN_CASHBACK_UNIT)),
  };
}

OrganizationRules *
organization_rules_load(Db *db, const char *organization, GError **error)
{
  const char *gateway = setting_is_set(INTERNAL_WHATSAPP_GATEWAY_URL) &&
                                setting_is_set(INTERNAL_WHATSAPP_GATEWAY_API_SECRET)
                            ? "true"
                            : "false";
  g_autoptr(PGresult) result =
      db_query(db, DB_CLAIMS_SYSTEM, sql_rules, DB_PARAMS(organization, gateway), error);
  if (result == NULL)
    return NULL;
  OrganizationRules *rules = organization_rules_new();
  read_program(rules, result);
  for (Trigger trigger = 0; trigger < N_TRIGGERS; trigger++)
    for (int row = 0; row < PQntuples(result); row++)
      if (g_strcmp0(db_text(result, row, CAMPAIGN_TRIGGER), trigger_words[trigger]) == 0) {
        Campaign campaign = read_campaign(rules, result, row, trigger);
        g_array_append_val(rules->campaigns, campaign);
      }
  return rules;
}
