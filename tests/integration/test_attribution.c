/* Which message a sale goes back to, and what was known of its buyer before (data-collecting.md 8).
 */
#include "harness.h"

#include "harness_import.h"

#include "harness_crm_texts.h"

static int
before(void **state)
{
  int failed = import_before(state);
  organization_put("O1", ONLINE);
  campaign_put("C1", "O1", "NOVA-COMPRA", .segments = "NINGUÉM");
  return failed;
}
#define ATTRIBUTION_CASE(test) cmocka_unit_test_setup_teardown(test, before, crm_after)

static char *
ago(const char *interval)
{
  return sql_text("select (now() - $1::interval)::text", interval);
}

/* A message of campaign C1 that reached the client so long ago. */
static void
reached(const char *id, const char *client, const char *interval)
{
  g_autofree char *at = ago(interval);
  interaction_put(id, "O1", client, "C1", at, at);
}

/* A purchase that was stored long ago, so many days before today. */
static void
bought(const char *client, int days, const char *nature, const char *total)
{
  const char *day = day_iso(-days);
  sql("insert into crm.sales (organizacao_id, id_externo, cliente_id, valor_total, custo_total,"
      "   vendedor_nome, parceiro, chave, documento, modelo, movimento, natureza, serie, situacao,"
      "   tipo, data_venda)"
      " select 'O1', gen_random_uuid(), $1, $2::numeric, 0, '', '', '', '', '', '', $3, '', '', '',"
      "        $4::timestamp at time zone 'America/Sao_Paulo'",
      client, total, nature, day);
}

/* One cell of the conversion of a sale; NULL: none. */
static const char *
conversion(const char *sale, const char *expression)
{
  g_autofree char *query = g_strdup_printf(
      "select %s from crm.campaign_conversions v join crm.sales s on s.id = v.venda_id"
      " where s.id_externo = $1",
      expression);
  return crm_keep(sql_text(query, sale));
}

/* DC 79 */
static void
test_a_message_counts_for_its_campaigns_days(G_GNUC_UNUSED void **state)
{
  campaign_put("curta", "O1", "NOVA-COMPRA", .window_days = "2", .inactive = TRUE);
  client_put("K1", "O1", "Maria Souza");
  client_put("K2", "O1", "Ana Lima");
  client_put("K3", "O1", "Bia Costa");
  client_put("K4", "O1", "Caio Reis");
  reached("I1", "K1", "3 days");
  reached("I2", "K2", "15 days");
  g_autofree char *hour = ago("47 hours"), *days = ago("3 days");
  interaction_put("I3", "O1", "K3", "curta", hour, hour);
  interaction_put("I4", "O1", "K4", "curta", days, days);
  sale_put(.id = "1", .client = "Maria Souza", .total = "80.00");
  sale_put(.id = "2", .client = "Ana Lima");
  sale_put(.id = "3", .client = "Bia Costa");
  sale_put(.id = "4", .client = "Caio Reis");
  g_autoptr(Answer) answer = collect_ok();
  assert_collected(answer, "O1", "conversoesAtribuidas", "2");
  assert_cells(sale_column, "O1", "1", {"atribuicao_processada", "t"},
               {"atribuicao_aplicavel", "t"}, {"atribuicao_campanha_principal_id", "C1"},
               {"atribuicao_interacao_id", "I1"},
               {"atribuicao_campanha_conversao_id", conversion("1", "v.id")});
  assert_text(conversion("1", "concat_ws(' ', v.campanha_id, v.interacao_id, v.cliente_id,"
                              " v.atribuicao_modelo, v.atribuicao_peso, v.atribuicao_receita,"
                              " v.venda_valor, v.tempo_para_conversao_minutos,"
                              " v.data_conversao = s.data_venda)"),
              "C1 I1 K1 LAST_TOUCH 1.0000 80.00 80.00 4320 t");
  assert_cells(sale_column, "O1", "2", {"atribuicao_processada", "t"},
               {"atribuicao_aplicavel", "f"}, {"atribuicao_campanha_principal_id", NULL});
  assert_cells(sale_column, "O1", "3", {"atribuicao_campanha_principal_id", "curta"});
  assert_cells(sale_column, "O1", "4", {"atribuicao_processada", "t"},
               {"atribuicao_aplicavel", "f"});
  assert_int_equal(crm_count("campaign_conversions", "O1"), 2);
}

/* DC 80 */
static void
test_the_last_message_before_the_sale_has_it(G_GNUC_UNUSED void **state)
{
  g_autofree char *noon = g_strdup_printf("%s 12:00-03", day_iso(-1));
  g_autofree char *two = ago("2 days"), *four = ago("4 days");
  client_put("K1", "O1", "Maria Souza");
  client_put("K2", "O1", "Ana Lima");
  reached("I1", "K1", "3 days");
  reached("I2", "K1", "5 days");
  interaction_put("I3", "O1", "K1", "C1", noon, noon); /* after a sale of that day's beginning */
  interaction_put("I4", "O1", "K1", "C1", two, NULL);  /* not sent yet */
  interaction_put("I5", "O1", "K2", "C1", two, two);
  interaction_put("I6", "O1", "K2", "C1", two, two);
  sql("update crm.interactions set tipo = 'LIGAÇÃO' where id = 'I6'");
  interaction_put("I7", "O1", "K2", "C1", four, two); /* the tie goes to who was written later */
  sale_put(.id = "1", .day = day_iso(-1), .client = "Maria Souza");
  sale_put(.id = "2", .day = day_iso(-1), .client = "Ana Lima");
  g_autoptr(Answer) answer = collect_ok_with(window_days(-1, -1));
  assert_text(sale_column("O1", "1", "atribuicao_interacao_id"), "I1");
  assert_text(sale_column("O1", "2", "atribuicao_interacao_id"), "I5");
  assert_collected(answer, "O1", "conversoesAtribuidas", "2");
}

/* DC 79: an update is no purchase */
static void
test_a_sale_that_changes_is_not_attributed_again(G_GNUC_UNUSED void **state)
{
  client_put("K1", "O1", "Maria Souza");
  reached("I1", "K1", "3 days");
  sale_put(.id = "1", .client = "Maria Souza", .total = "80.00");
  sale_put(.id = "2", .client = "Maria Souza", .nature = "SN02");
  sale_put(.id = "3", .client = "AO CONSUMIDOR");
  g_autoptr(Answer) first = collect_ok();
  assert_collected(first, "O1", "conversoesAtribuidas", "1");
  sale_change("1", "{\"valor\":\"90.00\"}");
  sale_change("2", "{\"natureza\":\"SN01\"}");
  reached("I2", "K1", "1 second");
  g_autoptr(Answer) second = collect_ok();
  assert_collected(second, "O1", "conversoesAtribuidas", "0");
  assert_text(conversion("1", "v.atribuicao_receita"), "80.00");
  assert_text(sale_column("O1", "1", "atribuicao_interacao_id"), "I1");
  assert_cells(sale_column, "O1", "2", {"atribuicao_processada", "f"});
  assert_cells(sale_column, "O1", "3", {"atribuicao_processada", "f"});
  sale_change("1", "{\"natureza\":\"SN99\"}"); /* 6.7: its conversion stays */
  g_autoptr(Answer) third = collect_ok();
  assert_text(conversion("1", "v.interacao_id"), "I1");
}

/* ---- what was known of the buyer --------------------------------------------------------------
 */

/* Purchases so many days before today (0 ends), and what today's, of 100.00, is for them:
 * "purchases days cycle reliable delta kind". */
typedef struct {
  const char *buyer;
  int bought[4];
  const char *expected;
} History;

#define SNAPSHOT                                                                                   \
  "concat_ws(' ', cliente_qtde_compras_ss, coalesce(dias_desde_ultima_compra::text, '-'),"         \
  " coalesce(cliente_ciclo_compra_medio_ss::text, '-'), ciclo_compra_confiavel,"                   \
  " coalesce(delta_frequencia::text, '-'), tipo_conversao)"

/* DC 81, 82 */
static void
test_a_purchase_is_compared_with_the_buyers_habit(G_GNUC_UNUSED void **state)
{
  static const History histories[] = {
      {"day 25", {25, 15, 5}, "3 5 10 t 5 ACELERACAO"},
      {"day 30", {30, 20, 10}, "3 10 10 t 0 REGULAR"},
      {"day 35", {35, 25, 15}, "3 15 10 t -5 ATRASADA"},
      {"day 50", {50, 40, 30}, "3 30 10 t -20 ATRASADA"},
      {"day 55", {55, 45, 35}, "3 35 10 t -25 REATIVACAO"},
      {"uneven", {20, 15, 5}, "3 5 8 t 3 ACELERACAO"}, /* 7.5 days */
      {"slow", {391, 241, 91}, "3 91 150 t 59 REATIVACAO"},
      {"first", {0}, "0 - - f - AQUISICAO"},
      {"one, 90 days", {90}, "1 90 - f - REGULAR"},
      {"one, 91 days", {91}, "1 91 - f - REATIVACAO"},
      {"two", {20, 10}, "2 10 10 f 0 REGULAR"},
  };
  for (guint i = 0; i < G_N_ELEMENTS(histories); i++) {
    const History *history = &histories[i];
    client_put(history->buyer, "O1", history->buyer);
    reached(history->buyer, history->buyer, "1 day");
    for (guint k = 0; k < 4 && history->bought[k] > 0; k++)
      bought(history->buyer, history->bought[k], "SN01", "100.00");
    sale_put(.id = history->buyer, .client = history->buyer, .total = "100.00");
  }
  g_autoptr(Answer) answer = collect_ok();
  for (guint i = 0; i < G_N_ELEMENTS(histories); i++)
    assert_text_at(conversion(histories[i].buyer, SNAPSHOT), histories[i].expected,
                   histories[i].buyer, __FILE__, __LINE__);
}

/* DC 82 */
static void
test_only_earlier_valid_purchases_are_habit(G_GNUC_UNUSED void **state)
{
  client_put("K1", "O1", "Maria Souza");
  client_put("K2", "O1", "Ana Lima");
  reached("I1", "K1", "3 days");
  reached("I2", "K2", "3 days");
  bought("K1", 10, "SN01", "60.00");
  bought("K1", 9, "SN99", "500.00");
  bought("K1", 8, "SN01", "0.00");
  bought("K2", 5, "SN99", "60.00");
  /* in one answer: yesterday's is known to today's */
  sale_put(.id = "1", .day = day_iso(-1), .client = "Maria Souza", .total = "80.00");
  sale_put(.id = "2", .client = "Maria Souza", .total = "105.00");
  sale_put(.id = "3", .client = "Ana Lima", .total = "80.00");
  g_autoptr(Answer) answer = collect_ok_with(window_days(-1, 0));
  assert_text(conversion("1", SNAPSHOT), "1 9 - f - REGULAR");
  assert_text(conversion("1", "concat_ws(' ', cliente_ticket_medio_ss, delta_monetario_absoluto,"
                              " delta_monetario_percentual)"),
              "60.00 20.00 33.3333");
  assert_text(conversion("2", SNAPSHOT), "2 1 9 f 8 REGULAR");
  assert_text(conversion("2", "concat_ws(' ', cliente_ticket_medio_ss, delta_monetario_absoluto,"
                              " delta_monetario_percentual)"),
              "70.00 35.00 50.0000");
  assert_text(conversion("3", SNAPSHOT), "0 - - f - AQUISICAO");
  assert_null(conversion("3", "cliente_ticket_medio_ss"));
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      ATTRIBUTION_CASE(test_a_message_counts_for_its_campaigns_days),
      ATTRIBUTION_CASE(test_the_last_message_before_the_sale_has_it),
      ATTRIBUTION_CASE(test_a_sale_that_changes_is_not_attributed_again),
      ATTRIBUTION_CASE(test_a_purchase_is_compared_with_the_buyers_habit),
      ATTRIBUTION_CASE(test_only_earlier_valid_purchases_are_habit),
  };
  return RUN("attribution", tests);
}
