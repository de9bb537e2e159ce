/* What the tables of the CRM promise to whoever writes into them (data-collecting.md 10). */
#include "harness.h"

#define ZONE "America/Sao_Paulo"

static void
shop_put(void)
{
  sql("insert into crm.users (id) values ('U')");
  sql("insert into crm.organizations (id, nome, cnpj) values ('O', 'Loja', '')");
  sql("insert into crm.campaigns (id, organizacao_id, titulo, gatilho_tipo,"
      "   execucao_agendada_bloco, autor_id)"
      " values ('K', 'O', 'Boas-vindas', 'PRIMEIRA-COMPRA', '09:00', 'U')");
}

/* 4.2: whatever the database's locale is */
static void
test_names_that_differ_in_case_and_white_space_are_one_client(G_GNUC_UNUSED void **state)
{
  assert_sql("JOSÉ DA SILVA", "select crm.name_key(E' José\\u00a0 \\u3000da\\tsilva\\n')");
  assert_sql("ÇÃÕÜŸ ŁÓDŹ ΆΛΦΑ", "select crm.name_key('çãõüÿ  łódź άλφα')");
  assert_sql("t", "select crm.name_key('José') <> crm.name_key('Jose')");
  assert_sql("t", "select crm.name_key(E' \\u2003 ') = '' and crm.name_key(null) is null");
  shop_put();
  sql("insert into crm.clients (organizacao_id, nome, origem_integracao)"
      " values ('O', 'ana  souza', 'ONLINE-SOFTWARE')");
  sql("insert into crm.clients (organizacao_id, nome, origem_integracao)"
      " values ('O', ' Ana Souza', 'ONLINE-SOFTWARE') on conflict do nothing");
  sql("insert into crm.clients (organizacao_id, nome) values ('O', 'Ana Souza')"); /* old data */
  assert_sql("2", "select count(*) from crm.clients where nome_chave = 'ANA SOUZA'");
}

/* 9.8: 09:00 in São Paulo is 12:00 UTC; 09:00 on a day in summer of 2018 was 11:00 */
static void
test_a_block_of_a_day_is_an_instant_of_the_zone(G_GNUC_UNUSED void **state)
{
  assert_sql("12:00", "select to_char(crm.block_at('2026-03-05', '09:00', '" ZONE "')"
                      " at time zone 'UTC', 'HH24:MI')");
  assert_sql("11:00", "select to_char(crm.block_at('2018-12-05', '09:00', '" ZONE "')"
                      " at time zone 'UTC', 'HH24:MI')");
}

/* A message as another system leaves it, so many days from today. */
static void
message_put(const char *id, const char *days)
{
  sql("insert into crm.interactions (id, organizacao_id, cliente_id, campanha_id, titulo, tipo,"
      "   agendamento_data_referencia, agendamento_bloco_referencia)"
      " values ($1, 'O', 'C', 'K', 'Mensagem', 'ENVIO-MENSAGEM',"
      "   to_char((now() at time zone '" ZONE "')::date + $2::int, 'YYYY-MM-DD'), '15:00')",
      id, days);
}

static void
test_a_message_scheduled_by_day_and_block_reaches_the_queue(G_GNUC_UNUSED void **state)
{
  shop_put();
  message_put("yesterday", "-1");
  message_put("today", "0");
  message_put("later", "40");
  assert_sql("3", "select crm.schedule_unplanned('" ZONE "')");
  assert_sql("3", "select count(*) from crm.interactions where proxima_tentativa_em ="
                  " (agendamento_data_referencia || ' 15:00')::timestamp at time zone '" ZONE "'");
  assert_sql("0", "select crm.schedule_unplanned('" ZONE "')");
}

static void
test_only_messages_that_wait_untouched_are_scheduled(G_GNUC_UNUSED void **state)
{
  shop_put();
  static const char *const others[] = {
      "agendamento_data_referencia = '9999-02-31'",
      "agendamento_data_referencia = '9999-1-1'",
      "agendamento_data_referencia = 'amanhã'",
      "agendamento_data_referencia = null",
      "agendamento_bloco_referencia = null",
      "tipo = 'LIGAÇÃO'",
      "campanha_id = null",
      "data_execucao = now()",
      "tentativas = 1",
      "status_envio = 'FALHOU'",
      "proxima_tentativa_em = now() + interval '1 year'",
  };
  for (gsize i = 0; i < G_N_ELEMENTS(others); i++) {
    g_autofree char *id = g_strdup_printf("I%d", (int)i);
    g_autofree char *change =
        g_strdup_printf("update crm.interactions set %s where id = $1", others[i]);
    message_put(id, "0");
    sql(change, id);
  }
  message_put("old", "-2");
  assert_sql("0", "select crm.schedule_unplanned('" ZONE "')");
  message_put("good", "0"); /* and the odd ones do not stand in its way */
  assert_sql("1", "select crm.schedule_unplanned('" ZONE "')");
}

/* A shop that leaves takes all it had along. */
static void
test_a_deleted_organization_leaves_nothing(G_GNUC_UNUSED void **state)
{
  shop_put();
  message_put("I", "0");
  sql("insert into crm.clients (id, organizacao_id, nome) values ('C', 'O', 'Pessoa')");
  sql("insert into crm.sales (id, organizacao_id, id_externo, cliente_id, valor_total, custo_total,"
      "   vendedor_nome, parceiro, chave, documento, modelo, movimento, natureza, serie, situacao,"
      "   tipo, atribuicao_interacao_id, atribuicao_campanha_principal_id)"
      " values ('S', 'O', '1', 'C', 1, 0, '', '', '', '', '', '', 'SN01', '', '', '', 'I', 'K')");
  sql("update crm.clients set primeira_compra_id = 'S', ultima_compra_id = 'S'");
  sql("insert into crm.cashback_program_transactions (organizacao_id, cliente_id, programa_id,"
      "   tipo, valor, valor_restante, saldo_valor_anterior, saldo_valor_posterior, venda_id,"
      "   campanha_id) values ('O', 'C', 'X', 'ACÚMULO', 1, 1, 0, 1, 'S', 'K')");
  sql("delete from crm.organizations");
  assert_sql("0",
             "select (select count(*) from crm.clients) + (select count(*) from crm.sales)"
             " + (select count(*) from crm.interactions) + (select count(*) from crm.campaigns)"
             " + (select count(*) from crm.cashback_program_transactions)");
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      CASE(test_names_that_differ_in_case_and_white_space_are_one_client),
      CASE(test_a_block_of_a_day_is_an_instant_of_the_zone),
      CASE(test_a_message_scheduled_by_day_and_block_reaches_the_queue),
      CASE(test_only_messages_that_wait_untouched_are_scheduled),
      CASE(test_a_deleted_organization_leaves_nothing),
  };
  return RUN("tables of the crm", tests);
}
