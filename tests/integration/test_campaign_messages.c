/* What a campaign that fires leaves behind: its message and when it leaves, and the cashback it
 * gives (data-collecting.md 6.6, 7.5, 7.6). */
#include "harness.h"

#include "harness_import.h"

static int
before(void **state)
{
  int failed = import_before(state);
  organization_put("O1", ONLINE);
  cashback_put("P1", "O1");
  return failed;
}
#define CAMPAIGN_CASE(test) cmocka_unit_test_setup_teardown(test, before, crm_after)

/* An interval after a movement was written, counted in São Paulo, clamped to the month's end. */
#define LATER(interval)                                                                            \
  "select t.expiracao_data = ((t.data_insercao at time zone 'America/Sao_Paulo')"                  \
  "         + interval '" interval "') at time zone 'America/Sao_Paulo'"                           \
  "  from crm.cashback_program_transactions t where t.campanha_id = $1"

/* DC 75: 31 December is in the unit tests */
static void
test_a_campaign_gives_its_part_of_the_value_for_its_time(G_GNUC_UNUSED void **state)
{
  campaign_put("C1", "O1", "PRIMEIRA-COMPRA", .segments = "CLIENTES RECENTES",
               .cashback_kind = "PERCENTUAL", .cashback_value = "10", .cashback_valid = "2",
               .cashback_unit = "MESES");
  campaign_put("C2", "O1", "PRIMEIRA-COMPRA", .segments = "CLIENTES RECENTES",
               .cashback_kind = "FIXO", .cashback_value = "0.50");
  campaign_put("C3", "O1", "PRIMEIRA-COMPRA", .segments = "CLIENTES RECENTES",
               .cashback_kind = "FIXO", .cashback_value = "0.25", .cashback_valid = "0",
               .cashback_unit = "ANOS");
  campaign_put("C4", "O1", "PRIMEIRA-COMPRA", .segments = "CLIENTES RECENTES",
               .cashback_kind = "FIXO", .cashback_value = "0");
  sale_put(.id = "1", .day = day_iso(-1), .client = "Maria Souza", .total = "33.35");
  g_autoptr(Answer) answer = collect_ok_with(window_days(-1, -1));
  assert_collected(answer, "O1", "cashbackAcumulado", "1.67"); /* 1.6675 */
  assert_collected(answer, "O1", "cashbackCampanhas", "4.09");
  assert_text(movements_of("O1", "MARIA SOUZA"), "ACÚMULO ATIVO 1.67 (1.67) 0.00>1.67; "
                                                 "ACÚMULO ATIVO 3.34 (3.34) 1.67>5.01 C1; "
                                                 "ACÚMULO ATIVO 0.50 (0.50) 5.01>5.51 C2; "
                                                 "ACÚMULO ATIVO 0.25 (0.25) 5.51>5.76 C3");
  assert_sql("t", LATER("2 months"), "C1");
  assert_sql("t", LATER("30 days"), "C2");
  assert_sql("t", LATER("30 days"), "C3");
  assert_count(3, "crm.cashback_program_transactions t join crm.sales s on s.id = t.venda_id"
                  " where campanha_id is not null and venda_valor = 33.35"
                  "   and t.data_insercao > now() - interval '1 minute'");
  assert_int_equal(crm_count("interactions", "O1"), 4);
}

/* DC 76: first by trigger (7.2), within one by age */
static void
test_all_matching_campaigns_fire_in_their_order(G_GNUC_UNUSED void **state)
{
#define GIFT .cashback_kind = "FIXO", .cashback_value = "1.00"
  campaign_put("credito", "O1", "CASHBACK-ACUMULADO", .segments = "CLIENTES RECENTES", GIFT);
  campaign_put("valor", "O1", "VALOR-TOTAL-COMPRAS", .purchase_value = "50.00", GIFT);
  campaign_put("quantidade", "O1", "QUANTIDADE-TOTAL-COMPRAS", .purchase_count = "1", GIFT);
  campaign_put("primeira z", "O1", "PRIMEIRA-COMPRA", .segments = "CLIENTES RECENTES", GIFT);
  campaign_put("primeira a", "O1", "PRIMEIRA-COMPRA", .segments = "CLIENTES RECENTES", GIFT);
  sale_put(.id = "1", .client = "Maria Souza", .total = "100.00");
  g_autoptr(Answer) answer = collect_ok();
  assert_text(movements_of("O1", "MARIA SOUZA"), "ACÚMULO ATIVO 5.00 (5.00) 0.00>5.00; "
                                                 "ACÚMULO ATIVO 1.00 (1.00) 5.00>6.00 primeira z; "
                                                 "ACÚMULO ATIVO 1.00 (1.00) 6.00>7.00 primeira a; "
                                                 "ACÚMULO ATIVO 1.00 (1.00) 7.00>8.00 quantidade; "
                                                 "ACÚMULO ATIVO 1.00 (1.00) 8.00>9.00 valor; "
                                                 "ACÚMULO ATIVO 1.00 (1.00) 9.00>10.00 credito");
  assert_text(interaction_data("O1", "1", "primeira z", "cashbackSaldoDisponivel"), "5.00");
  assert_text(interaction_data("O1", "1", "primeira a", "cashbackSaldoDisponivel"), "6.00");
  assert_text(interaction_data("O1", "1", "credito", "cashbackSaldoDisponivel"), "9.00");
  assert_ledger_holds("O1");
}

/* DC 76, 7.3: the balance as the trigger finds it, for all of its campaigns */
static void
test_a_balance_counts_what_the_same_sale_gave_before(G_GNUC_UNUSED void **state)
{
  campaign_put("dez", "O1", "CASHBACK-ACUMULADO", .segments = "CLIENTES RECENTES",
               .minimum_balance = "10.00", GIFT);
  campaign_put("onze", "O1", "CASHBACK-ACUMULADO", .segments = "CLIENTES RECENTES",
               .minimum_balance = "11.00", GIFT);
  campaign_put("primeira", "O1", "PRIMEIRA-COMPRA", .segments = "CLIENTES RECENTES",
               .cashback_kind = "FIXO", .cashback_value = "5.00");
  sale_put(.id = "1", .client = "Maria Souza", .total = "100.00");
  g_autoptr(Answer) answer = collect_ok();
  assert_non_null(interaction_column("O1", "1", "dez", "id"));
  assert_null(interaction_column("O1", "1", "onze", "id"));
  assert_text(balance_of("O1", "MARIA SOUZA"), "11.00");
}

/* DC 77 */
static void
test_a_greeting_quotes_the_balance_with_this_purchase(G_GNUC_UNUSED void **state)
{
  phone_put("F1", "O1");
  template_put("T1", "O1", "purchaseCashbackNewBalance");
  campaign_put("C1", "O1", "PRIMEIRA-COMPRA", .segments = "CLIENTES RECENTES", .phone = "F1",
               .template = "T1", .cashback_kind = "FIXO", .cashback_value = "2.00");
  sale_put(.id = "1", .client = "Maria Souza", .phone = "(11) 98765-4321", .total = "25000.00",
           .seller = "ANA");
  g_autoptr(Answer) answer = collect_ok();
  g_autoptr(GPtrArray) messages = whatsapp_messages();
  assert_text(whatsapp_parameter(whatsapp_message(messages, 0), "texto"), "R$ 1.250,00");
  static const struct {
    const char *member, *expected;
  } data[] = {
      {"compraValor", "25000.00"},
      {"compraVendedorNome", "ANA"},
      {"compraCashbackAcumulado", "1250.00"},
      {"compraCashbackNovoSaldo", "1250.00"},
      {"cashbackSaldoDisponivel", "1250.00"},
      {"cashbackTotalAcumuladoVida", "1250.00"},
      {"cashbackTotalResgatadoVida", "0.00"},
      {"cashbackAcumuladoValor", NULL},
      {"compraQuantidadeTotal", NULL},
      {"compraValorTotalAcumulado", NULL},
  };
  for (guint i = 0; i < G_N_ELEMENTS(data); i++)
    assert_text_at(interaction_data("O1", "1", "C1", data[i].member), data[i].expected,
                   data[i].member, __FILE__, __LINE__);
  assert_text(interaction_column("O1", "1", "C1", "titulo"), "Mensagem automática da campanha C1");
  assert_text(balance_of("O1", "MARIA SOUZA"), "1252.00");
}

/* The same day in so many months of São Paulo's calendar. */
static char *
day_in_months(const char *months)
{
  return sql_text("select ((now() at time zone 'America/Sao_Paulo')"
                  "        + make_interval(months => $1::int))::date",
                  months);
}

/* DC 78: 23:30 is in the unit tests */
static void
test_a_scheduled_message_waits_for_its_day_and_block(G_GNUC_UNUSED void **state)
{
  phone_put("F1", "O1");
  template_put("T1", "O1", "clientName");
  campaign_put("dias", "O1", "PRIMEIRA-COMPRA", .segments = "CLIENTES RECENTES", .phone = "F1",
               .template = "T1", .delay = "2", .block = "09:00");
  campaign_put("meses", "O1", "PRIMEIRA-COMPRA", .segments = "CLIENTES RECENTES", .phone = "F1",
               .template = "T1", .delay = "3", .delay_unit = "MESES", .block = "21:00");
  campaign_put("semanas", "O1", "PRIMEIRA-COMPRA", .segments = "CLIENTES RECENTES", .phone = "F1",
               .template = "T1", .delay = "1", .delay_unit = "SEMANAS", .block = "00:00");
  sale_put(.id = "1", .client = "Maria Souza", .phone = "(11) 98765-4321");
  g_autoptr(Answer) answer = collect_ok();
  g_autofree char *in_three_months = day_in_months("3");
  g_autofree char *expected = g_strdup_printf(
      "dias agendada %s 09:00 -; semanas agendada %s 00:00 -; meses agendada %s 21:00 -",
      day_iso(2), day_iso(7), in_three_months);
  assert_collected(answer, "O1", "interacoesAgendadas", "3");
  assert_collected(answer, "O1", "interacoesImediatas", "0");
  assert_text(interactions_of_sale("O1", "1"), expected);
  g_autofree char *due = g_strdup_printf("%s 09:00:00", day_iso(2));
  assert_text(interaction_column("O1", "1", "dias", "date_trunc('second', proxima_tentativa_em)"),
              due);
  assert_int_equal(sales_calls(WHATSAPP), 0);
}

/* 7.6: nobody is asked at once over a connection that cannot */
static void
test_without_a_usable_phone_a_message_waits_for_todays_block(G_GNUC_UNUSED void **state)
{
  phone_put("F1", "O1");
  phone_put("F2", "O1");
  sql("update crm.whatsapp_connections set token = null where id = 'connection-F2'");
  template_put("T1", "O1", "clientName");
  campaign_put("sem modelo", "O1", "PRIMEIRA-COMPRA", .segments = "CLIENTES RECENTES",
               .phone = "F1");
  campaign_put("sem telefone", "O1", "PRIMEIRA-COMPRA", .segments = "CLIENTES RECENTES",
               .template = "T1");
  campaign_put("sem conexão", "O1", "PRIMEIRA-COMPRA", .segments = "CLIENTES RECENTES",
               .phone = "F2", .template = "T1");
  sale_put(.id = "1", .client = "Maria Souza", .phone = "(11) 98765-4321");
  g_autoptr(Answer) answer = collect_ok();
  assert_collected(answer, "O1", "interacoesImediatas", "0");
  assert_collected(answer, "O1", "interacoesAgendadas", "3");
  g_autofree char *day = g_strdup(day_iso(0));
  assert_sql("3",
             "select count(*) from crm.interactions where not imediata"
             " and agendamento_data_referencia = $1 and agendamento_bloco_referencia = '09:00'",
             day);
  assert_int_equal(sales_calls(WHATSAPP), 0);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      CAMPAIGN_CASE(test_a_campaign_gives_its_part_of_the_value_for_its_time),
      CAMPAIGN_CASE(test_all_matching_campaigns_fire_in_their_order),
      CAMPAIGN_CASE(test_a_balance_counts_what_the_same_sale_gave_before),
      CAMPAIGN_CASE(test_a_greeting_quotes_the_balance_with_this_purchase),
      CAMPAIGN_CASE(test_a_scheduled_message_waits_for_its_day_and_block),
      CAMPAIGN_CASE(test_without_a_usable_phone_a_message_waits_for_todays_block),
  };
  return RUN("campaign_messages", tests);
}
