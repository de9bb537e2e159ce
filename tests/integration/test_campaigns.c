/* Which campaigns a sale fires, and what their messages say (data-collecting.md 7). */
#include "harness.h"

#include "harness_import.h"

#include "harness_crm_texts.h"

static int
before(void **state)
{
  int failed = import_before(state);
  organization_put("O1", ONLINE);
  cashback_put("P1", "O1");
  return failed;
}
#define CAMPAIGN_CASE(test) cmocka_unit_test_setup_teardown(test, before, crm_after)

/* The campaigns a sale fired: "C1,C2"; NULL: none. */
static const char *
fired(const char *sale)
{
  return crm_keep(sql_text("select string_agg(i.campanha_id, ',' order by i.campanha_id)"
                           "  from crm.interactions i join crm.sales s on s.id = i.venda_id"
                           " where s.id_externo = $1",
                           sale));
}

static char *
ago(const char *interval)
{
  return sql_text("select (now() - $1::interval)::text", interval);
}

/* ---- conditions -------------------------------------------------------------------------------
 */

/* DC 66 */
static void
test_a_first_purchase_greets_those_of_the_segment(G_GNUC_UNUSED void **state)
{
  campaign_put("recentes", "O1", "PRIMEIRA-COMPRA", .segments = "EM RISCO,CLIENTES RECENTES");
  campaign_put("em risco", "O1", "PRIMEIRA-COMPRA", .segments = "EM RISCO");
  campaign_put("ninguém", "O1", "PRIMEIRA-COMPRA");
  campaign_put("encerrada", "O1", "PRIMEIRA-COMPRA", .segments = "CLIENTES RECENTES",
               .inactive = TRUE);
  client_put("K1", "O1", "Ana Lima"); /* known, though she never bought */
  sale_put(.id = "1", .client = "Maria Souza");
  sale_put(.id = "2", .client = "Ana Lima");
  g_autoptr(Answer) answer = collect_ok();
  assert_collected(answer, "O1", "interacoesAgendadas", "1");
  assert_text(fired("1"), "recentes");
  assert_null(fired("2"));
}

/* DC 67 */
static void
test_a_new_purchase_asks_for_value_and_segment(G_GNUC_UNUSED void **state)
{
  campaign_put("leais", "O1", "NOVA-COMPRA", .segments = "CLIENTES LEAIS",
               .minimum_value = "50.00");
  campaign_put("recentes", "O1", "NOVA-COMPRA", .segments = "CLIENTES RECENTES");
  campaign_put("ninguém", "O1", "NOVA-COMPRA");
  client_put("K1", "O1", "Maria Souza", .title = "CLIENTES LEAIS");
  client_put("K2", "O1", "Ana Lima", .title = "");
  sale_put(.id = "1", .client = "Maria Souza", .total = "49.99");
  sale_put(.id = "2", .client = "Maria Souza", .total = "50.00");
  sale_put(.id = "3", .client = "Ana Lima", .total = "1.00"); /* no title reads as recent */
  sale_put(.id = "4", .client = "Bia Costa", .total = "90.00");
  g_autoptr(Answer) answer = collect_ok();
  assert_null(fired("1"));
  assert_text(fired("2"), "leais");
  assert_text(fired("3"), "recentes");
  assert_null(fired("4")); /* her first */
}

/* DC 68 */
static void
test_a_credit_asks_for_an_amount_and_a_balance(G_GNUC_UNUSED void **state)
{
  campaign_put("C1", "O1", "CASHBACK-ACUMULADO", .segments = "CLIENTES RECENTES",
               .minimum_cashback = "5.00", .minimum_balance = "12.00");
  campaign_put("ninguém", "O1", "CASHBACK-ACUMULADO");
  client_put("K1", "O1", "Ana Lima", .available = "6.99");
  client_put("K2", "O1", "Bia Costa", .available = "7.00");
  client_put("K3", "O1", "Caio Reis", .available = "50.00");
  sale_put(.id = "1", .client = "Ana Lima", .total = "100.00");
  sale_put(.id = "2", .client = "Bia Costa", .total = "100.00");
  sale_put(.id = "3", .client = "Caio Reis", .total = "99.80"); /* 4.99 */
  g_autoptr(Answer) answer = collect_ok();
  assert_null(fired("1"));
  assert_text(fired("2"), "C1");
  assert_null(fired("3"));
  assert_text(interaction_data("O1", "2", "C1", "cashbackAcumuladoValor"), "5.00");
  assert_text(interaction_data("O1", "2", "C1", "compraCashbackNovoSaldo"), "12.00");
}

/* DC 69 */
static void
test_a_credit_is_followed_by_a_fixed_gift_only(G_GNUC_UNUSED void **state)
{
  campaign_put("percentual", "O1", "CASHBACK-ACUMULADO", .segments = "CLIENTES RECENTES",
               .cashback_kind = "PERCENTUAL", .cashback_value = "10");
  campaign_put("fixo", "O1", "CASHBACK-ACUMULADO", .segments = "CLIENTES RECENTES",
               .cashback_kind = "FIXO", .cashback_value = "2.00");
  sale_put(.id = "1", .client = "Maria Souza", .total = "100.00");
  g_autoptr(Answer) answer = collect_ok();
  assert_text(fired("1"), "fixo,percentual");
  assert_collected(answer, "O1", "cashbackCampanhas", "2.00");
  assert_text(movements_of("O1", "MARIA SOUZA"), "ACÚMULO ATIVO 5.00 (5.00) 0.00>5.00; "
                                                 "ACÚMULO ATIVO 2.00 (2.00) 5.00>7.00 fixo");
}

/* DC 70 */
static void
test_the_third_purchase_is_marked_once(G_GNUC_UNUSED void **state)
{
  static const char *const ids[] = {"1", "2", "3", "4"};
  campaign_put("todos", "O1", "QUANTIDADE-TOTAL-COMPRAS", .purchase_count = "3");
  campaign_put("recentes", "O1", "QUANTIDADE-TOTAL-COMPRAS", .purchase_count = "3",
               .segments = "CLIENTES RECENTES");
  campaign_put("em risco", "O1", "QUANTIDADE-TOTAL-COMPRAS", .purchase_count = "3",
               .segments = "EM RISCO");
  campaign_put("sem meta", "O1", "QUANTIDADE-TOTAL-COMPRAS");
  for (guint i = 0; i < G_N_ELEMENTS(ids); i++)
    sale_put(.id = ids[i], .client = "Maria Souza", .total = "10.00");
  g_autoptr(Answer) answer = collect_ok();
  assert_collected(answer, "O1", "interacoesAgendadas", "2");
  assert_text(fired("3"), "recentes,todos");
  assert_text(interaction_data("O1", "3", "todos", "compraQuantidadeTotal"), "3");
}

/* DC 71 */
static void
test_a_hundred_reais_in_purchases_are_marked_once(G_GNUC_UNUSED void **state)
{
  campaign_put("C1", "O1", "VALOR-TOTAL-COMPRAS", .purchase_value = "100.00");
  sale_put(.id = "1", .client = "Maria Souza", .total = "60.00");
  sale_put(.id = "2", .client = "Maria Souza", .total = "45.50");
  sale_put(.id = "3", .client = "Maria Souza", .total = "200.00");
  g_autoptr(Answer) answer = collect_ok();
  assert_collected(answer, "O1", "interacoesAgendadas", "1");
  assert_text(fired("2"), "C1");
  assert_text(interaction_data("O1", "2", "C1", "compraValorTotalAcumulado"), "105.50");
  assert_text(interaction_data("O1", "2", "C1", "compraQuantidadeTotal"), "2");
}

/* ---- how often --------------------------------------------------------------------------------
 */

/* DC 72 */
static void
test_a_campaign_of_one_time_does_not_come_twice(G_GNUC_UNUSED void **state)
{
  campaign_put("C1", "O1", "NOVA-COMPRA", .segments = "CLIENTES RECENTES", .once = TRUE,
               .cashback_kind = "FIXO", .cashback_value = "2.00");
  client_put("K1", "O1", "Maria Souza");
  client_put("K2", "O1", "Ana Lima");
  interaction_put("I1", "O1", "K1", "C1", "2020-01-01 10:00-03", NULL); /* never even sent */
  sale_put(.id = "1", .client = "Maria Souza", .total = "100.00");
  sale_put(.id = "2", .client = "Ana Lima", .total = "100.00");
  sale_put(.id = "3", .client = "Ana Lima", .total = "100.00"); /* in one transaction with 2 */
  g_autoptr(Answer) answer = collect_ok();
  assert_collected(answer, "O1", "cashbackCampanhas", "2.00");
  assert_null(fired("1"));
  assert_text(fired("2"), "C1");
  assert_null(fired("3"));
  assert_text(balance_of("O1", "MARIA SOUZA"), "5.00");
  assert_text(balance_of("O1", "ANA LIMA"), "12.00");
}

/* DC 73: seven days ago as the run sees it is a moment more */
static void
test_a_recurring_campaign_keeps_its_interval(G_GNUC_UNUSED void **state)
{
  g_autofree char *week = ago("7 days"), *less = ago("6 days 23 hours"), *hour = ago("1 hour");
  campaign_put("semana", "O1", "NOVA-COMPRA", .segments = "CLIENTES RECENTES", .interval = "7");
  campaign_put("sempre", "O1", "NOVA-COMPRA", .segments = "CLIENTES RECENTES");
  client_put("K1", "O1", "Ana Lima");
  client_put("K2", "O1", "Bia Costa");
  client_put("K3", "O1", "Caio Reis");
  interaction_put("I1", "O1", "K1", "semana", week, NULL);
  interaction_put("I2", "O1", "K2", "semana", less, less);
  interaction_put("I3", "O1", "K2", "semana", week, week);
  interaction_put("I4", "O1", "K2", "sempre", hour, hour);
  sale_put(.id = "1", .client = "Ana Lima");
  sale_put(.id = "2", .client = "Bia Costa");
  sale_put(.id = "3", .client = "Caio Reis");
  sale_put(.id = "4", .client = "Caio Reis");
  g_autoptr(Answer) answer = collect_ok();
  assert_text(fired("1"), "semana,sempre");
  assert_text(fired("2"), "sempre");
  assert_text(fired("3"), "semana,sempre");
  assert_text(fired("4"), "sempre");
}

/* DC 74 */
static void
test_these_sales_fire_nothing(G_GNUC_UNUSED void **state)
{
  campaign_put("C1", "O1", "PRIMEIRA-COMPRA", .segments = "CLIENTES RECENTES");
  campaign_put("C2", "O1", "NOVA-COMPRA", .segments = "CLIENTES RECENTES");
  campaign_put("C3", "O1", "QUANTIDADE-TOTAL-COMPRAS", .purchase_count = "1");
  campaign_put("C4", "O1", "VALOR-TOTAL-COMPRAS", .purchase_value = "0.01");
  campaign_put("C5", "O1", "CASHBACK-ACUMULADO", .segments = "CLIENTES RECENTES");
  client_put("K1", "O1", "Maria Souza");
  sale_put(.id = "1", .client = "Maria Souza", .nature = "SN02");
  sale_put(.id = "2", .client = "Maria Souza", .total = "0.00");
  sale_put(.id = "3", .client = "Nova Pessoa", .nature = "COND");
  sale_put(.id = "4", .client = "AO CONSUMIDOR");
  g_autoptr(Answer) first = collect_ok();
  assert_collected(first, "O1", "vendasCriadas", "4");
  sale_change("1", "{\"natureza\":\"SN01\"}");
  sale_change("2", "{\"valor\":\"100.00\"}");
  sale_change("3", "{\"natureza\":\"SN01\"}");
  sale_change("4", "{\"cliente\":\"Maria Souza\"}");
  g_autoptr(Answer) second = collect_ok();
  assert_collected(second, "O1", "vendasAtualizadas", "4");
  assert_int_equal(crm_count("interactions", "O1"), 0);
  assert_int_equal(crm_count("cashback_program_transactions", "O1"), 0);
  /* all five would have fired */
  sale_put(.id = "5", .client = "Maria Souza");
  sale_put(.id = "6", .client = "Outra Pessoa");
  g_autoptr(Answer) third = collect_ok();
  assert_text(fired("5"), "C2,C3,C4,C5");
  assert_text(fired("6"), "C1,C3,C4,C5");
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      CAMPAIGN_CASE(test_a_first_purchase_greets_those_of_the_segment),
      CAMPAIGN_CASE(test_a_new_purchase_asks_for_value_and_segment),
      CAMPAIGN_CASE(test_a_credit_asks_for_an_amount_and_a_balance),
      CAMPAIGN_CASE(test_a_credit_is_followed_by_a_fixed_gift_only),
      CAMPAIGN_CASE(test_the_third_purchase_is_marked_once),
      CAMPAIGN_CASE(test_a_hundred_reais_in_purchases_are_marked_once),
      CAMPAIGN_CASE(test_a_campaign_of_one_time_does_not_come_twice),
      CAMPAIGN_CASE(test_a_recurring_campaign_keeps_its_interval),
      CAMPAIGN_CASE(test_these_sales_fire_nothing),
  };
  return RUN("campaigns", tests);
}
