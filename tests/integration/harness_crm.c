/* The CRM's harness: before and after each test, and arranging rows. */
#include "harness_crm.h"

#include <stdlib.h>

#include "harness_crm_texts.h"

static GPtrArray *texts;
static GHashTable *accounts; /* organization → its token or merchant at the stand-in */
static guint shops, stores;  /* put so far */

const char *
crm_keep(char *text)
{
  if (texts == NULL)
    texts = g_ptr_array_new_with_free_func(g_free);
  if (text != NULL)
    g_ptr_array_add(texts, text);
  return text;
}

void
crm_forget_texts(void)
{
  g_clear_pointer(&texts, g_ptr_array_unref);
}

/* deploy/program, past the harness, which would bring everything back after each test. */
static void
deploy(const char *action, const char *name, const char *const *settings)
{
  g_autofree char *path = g_build_filename(harness_env("PONTE_ROOT"), "deploy", "program", NULL);
  const char *argv[16] = {path, action, name};
  for (guint i = 0; settings != NULL && settings[i] != NULL; i++)
    argv[3 + i] = settings[i];
  g_autofree char *output = NULL, *errors = NULL;
  if (run_command(argv, NULL, NULL, &output, &errors) != 0)
    fail_msg("deploy/program %s %s: %s", action, name, errors);
}

static void
restore_programs(void)
{
  deploy("restart", COLLECT_PROGRAM, NULL);
  deploy("restart", "_worker", NULL);
}

/* No worker, and the program with CRM_SETTINGS: once for a test program, and again after a test
 * that wanted them otherwise. */
static void
prepare_programs(void)
{
  static const char *const settings[] = {CRM_SETTINGS, NULL};
  static pid_t prepared;
  if (program_parent("_worker") != 0)
    deploy("stop", "_worker", NULL);
  if (prepared != 0 && program_parent(COLLECT_PROGRAM) == prepared)
    return;
  if (prepared == 0)
    atexit(restore_programs);
  deploy("restart", COLLECT_PROGRAM, settings);
  prepared = program_parent(COLLECT_PROGRAM);
}

int
crm_before(void **state)
{
  prepare_programs();
  sales_before(state);
  accounts = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
  shops = stores = 0;
  sql("insert into crm.users (id, nome) values ('AUTOR', 'Autora das campanhas')");
  return 0;
}

int
crm_after(void **state)
{
  g_clear_pointer(&accounts, g_hash_table_unref);
  crm_forget_texts();
  int failed = sales_after(state);
  database_reset(); /* a worker that comes back finds none of its rows */
  return failed;
}

/* ---- organizations --------------------------------------------------------------------------- */

const char *
token_of(const char *organization)
{
  return g_hash_table_lookup(accounts, organization);
}

const char *
merchant_of(const char *organization)
{
  return g_hash_table_lookup(accounts, organization);
}

void
organization_configure(const char *id, const char *configuration)
{
  sql("update crm.organizations set integracao_configuracao = $2::jsonb where id = $1", id,
      configuration);
}

static void
open_shop(const char *id)
{
  char *token = shops++ == 0 ? g_strdup(SALES_TOKEN) : g_strconcat("ficha-", id, NULL);
  g_hash_table_insert(accounts, g_strdup(id), token);
  sales_organization(token);
  g_autofree char *configuration =
      g_strdup_printf("{\"tipo\":\"%s\",\"token\":\"%s\"}", ONLINE, token);
  organization_configure(id, configuration);
}

static void
open_store(const char *id)
{
  char *merchant = stores == 0 ? g_strdup(ORDERS_MERCHANT) : g_strdup_printf("%u", 20000 + stores);
  g_autofree char *key = stores == 0 ? g_strdup(ORDERS_KEY) : g_strconcat("chave-", id, NULL);
  stores++;
  g_hash_table_insert(accounts, g_strdup(id), merchant);
  orders_store(merchant, key);
  g_autofree char *configuration = g_strdup_printf(
      "{\"tipo\":\"%s\",\"apiKey\":\"%s\",\"merchantId\":\"%s\"}", CARDAPIO, key, merchant);
  organization_configure(id, configuration);
}

void
organization_put(const char *id, const char *integration)
{
  sql("insert into crm.organizations (id, nome, cnpj, integracao_tipo)"
      " values ($1, 'Loja ' || $1::varchar, '11222333000181',"
      "         nullif($2, '')::crm.organization_integration_type)",
      id, integration != NULL ? integration : "");
  if (g_strcmp0(integration, ONLINE) == 0)
    open_shop(id);
  else if (g_strcmp0(integration, CARDAPIO) == 0)
    open_store(id);
}

void
organization_hold(const char *id, const char *interval)
{
  sql("update crm.organizations set lease_token = gen_random_uuid(), worker = 'outra',"
      " lease_ate = clock_timestamp() + $2::interval where id = $1",
      id, interval);
}

void
organization_release(const char *id)
{
  sql("update crm.organizations set lease_token = null, lease_ate = null, worker = null"
      " where id = $1",
      id);
}

/* ---- cashback and campaigns ------------------------------------------------------------------ */

void
cashback_put_with(const char *id, const char *organization, const CashbackOptions *options)
{
  sql("insert into crm.cashback_programs (id, organizacao_id, titulo, acumulo_tipo, acumulo_valor,"
      "   acumulo_valor_parceiro, acumulo_regra_valor_minimo, expiracao_regra_validade_valor,"
      "   acumulo_permitir_via_integracao, ativo)"
      " values ($1, $2, 'Programa ' || $1::varchar, $3::crm.cashback_program_accumulation_type, "
      "$4::numeric,"
      "         $5::numeric, $6::numeric, $7::int, $8::boolean, $9::boolean)",
      id, organization, crm_or(options->kind, "PERCENTUAL"), crm_or(options->value, "5"),
      crm_or(options->partner_value, "0"), crm_or(options->minimum, "20.00"),
      crm_or(options->days, "60"), options->no_integration ? "false" : "true",
      options->inactive ? "false" : "true");
}

static void
segments_put(const char *campaign, const char *organization, const char *segments)
{
  sql("insert into crm.campaign_segmentations (organizacao_id, campanha_id, segmentacao)"
      " select $1, $2, s from unnest(string_to_array(nullif($3, ''), ',')) s",
      organization, campaign, crm_or(segments, ""));
}

void
campaign_put_with(const char *id, const char *organization, const char *trigger,
                  const CampaignOptions *options)
{
  sql("insert into crm.campaigns (id, organizacao_id, gatilho_tipo, titulo, ativo,"
      "   execucao_agendada_valor, execucao_agendada_medida, execucao_agendada_bloco,"
      "   permitir_recorrencia, frequencia_intervalo_valor, frequencia_intervalo_medida,"
      "   whatsapp_conexao_telefone_id, whatsapp_template_id, atribuicao_janela_dias, autor_id,"
      "   data_insercao)"
      " values ($1, $2, $3::crm.campaign_trigger_type, $4, $5::boolean, $6::int,"
      "         $7::crm.time_duration_units, $8::crm.interactions_cron_time_blocks, $9::boolean,"
      "         $10::int, $11::crm.time_duration_units, nullif($12, ''), nullif($13, ''), $14::int,"
      "         'AUTOR', clock_timestamp())",
      id, organization, trigger, crm_or(options->title, id), options->inactive ? "false" : "true",
      crm_or(options->delay, "0"), crm_or(options->delay_unit, "DIAS"),
      crm_or(options->block, "09:00"), options->once ? "false" : "true",
      crm_or(options->interval, "0"), crm_or(options->interval_unit, "DIAS"),
      crm_or(options->phone, ""), crm_or(options->template, ""),
      crm_or(options->window_days, "14"));
  sql("update crm.campaigns set gatilho_nova_compra_valor_minimo = nullif($2, '')::numeric,"
      "   gatilho_novo_cashback_acumulado_valor_minimo = nullif($3, '')::numeric,"
      "   gatilho_total_cashback_acumulado_valor_minimo = nullif($4, '')::numeric,"
      "   gatilho_quantidade_total_compras = nullif($5, '')::int,"
      "   gatilho_valor_total_compras = nullif($6, '')::numeric,"
      "   cashback_geracao_ativo = $7 <> '',"
      "   cashback_geracao_tipo = nullif($7, '')::crm.cashback_program_accumulation_type,"
      "   cashback_geracao_valor = nullif($8, '')::numeric,"
      "   cashback_geracao_expiracao_valor = nullif($9, '')::int,"
      "   cashback_geracao_expiracao_medida = nullif($10, '')::crm.time_duration_units"
      " where id = $1",
      id, crm_or(options->minimum_value, ""), crm_or(options->minimum_cashback, ""),
      crm_or(options->minimum_balance, ""), crm_or(options->purchase_count, ""),
      crm_or(options->purchase_value, ""), crm_or(options->cashback_kind, ""),
      crm_or(options->cashback_value, ""), crm_or(options->cashback_valid, ""),
      crm_or(options->cashback_unit, ""));
  segments_put(id, organization, options->segments);
}

void
phone_put(const char *id, const char *organization)
{
  g_autofree char *token = g_strconcat("EAA-", id, NULL);
  sql("insert into crm.whatsapp_connections (id, organizacao_id, token)"
      " values ('connection-' || $1::varchar, $2, $3)",
      id, organization, token);
  sql("insert into crm.whatsapp_connection_phones"
      "   (id, conexao_id, nome, numero, whatsapp_telefone_id)"
      " values ($1, 'connection-' || $1::varchar, 'Telefone ' || $1::varchar, '1130000000', $1)",
      id);
  whatsapp_phone(id, token);
}

void
template_put(const char *id, const char *organization, const char *variable)
{
  g_autofree char *name = g_ascii_strdown(id, -1);
  sql("insert into crm.whatsapp_templates (id, organizacao_id, nome, categoria, componentes)"
      " values ($1, $2, $3, 'MARKETING', jsonb_build_object('corpo', jsonb_build_object("
      "   'conteudo', '<p>Oi!</p>', 'parametros', case when $4 = '' then '[]'::jsonb else"
      "   jsonb_build_array(jsonb_build_object('nome', 'texto', 'exemplo', 'x',"
      "                                        'identificador', $4)) end)))",
      id, organization, name, crm_or(variable, ""));
  whatsapp_template(name, "pt_BR", variable != NULL ? 1 : 0);
}
