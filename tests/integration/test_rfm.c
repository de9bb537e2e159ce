/* Totals, notes and titles of clients (data-collecting.md 7.3, 10.3). */
#include "harness_rfm.h"

/* 0.2: only valid sales count, whatever was counted before */
static void
test_totals_are_those_of_valid_sales(G_GNUC_UNUSED void **state)
{
  rfm_shop_put("O");
  rfm_client_put("A", "O");
  rfm_sale_put("S1", "A", "SN01", "10.10", "3");
  rfm_sale_put("S2", "A", "SN01", "0.20", "2");
  rfm_sale_put("S3", "A", "SN99", "500.00", "1");
  rfm_sale_put("S4", "A", "SN01", "0.00", "1");
  rfm_client_put("B", "O"); /* had purchases once, all cancelled since */
  sql("update crm.clients set metadata_total_compras = 7, metadata_valor_total_compras = 70,"
      "   metadata_produto_mais_comprado_id = 'P', metadata_grupo_produto_mais_comprado = 'G',"
      "   analise_rfm_titulo = 'CAMPEÕES', analise_rfm_notas_recencia = '5' where id = 'B'");
  rfm_sale_put("S5", "B", "SN99", "70.00", "1");
  g_autoptr(Answer) answer = rfm_analyse();
  assert_status(answer, 200);
  assert_totals("A", "2 10.30");
  assert_totals("B", "0 0.00");
  assert_rfm("B", "5 CAMPEÕES"); /* keeps its title */
}

static void
test_the_favourite_product_is_the_one_of_most_pieces(G_GNUC_UNUSED void **state)
{
  rfm_shop_put("O");
  rfm_client_put("A", "O");
  rfm_client_put("B", "O");
  rfm_product_put("P1", "Bebidas");
  rfm_product_put("P2", "Doces");
  rfm_product_put("P3", "Bebidas");
  rfm_product_put("P4", "");
  rfm_sale_put("S1", "A", "SN01", "10.00", "3");
  rfm_sale_put("S2", "A", "SN01", "10.00", "2");
  rfm_sale_put("S3", "A", "SN99", "10.00", "2");
  rfm_item_put("S1", "P1", "1.5");
  rfm_item_put("S1", "P2", "2");
  rfm_item_put("S2", "P1", "0.4"); /* 1.9 in all; with P3 the group has 3.9 */
  rfm_item_put("S2", "P3", "2");   /* as many as P2: the smaller id */
  rfm_item_put("S3", "P1", "100"); /* not valid */
  rfm_sale_put("S4", "B", "SN01", "10.00", "2");
  rfm_item_put("S4", "P4", "1"); /* a product without a group */
  g_autoptr(Answer) answer = rfm_analyse();
  assert_status(answer, 200);
  assert_totals("A", "2 20.00 P2 Bebidas");
  assert_totals("B", "1 10.00 P4");
}

static void
test_notes_follow_the_ranges_of_the_organization(G_GNUC_UNUSED void **state)
{
  rfm_shop_put("O");
  rfm_configure("O", RANGES);
  rfm_shop_put("X");
  rfm_configure("X", "{\"recencia\":{\"1\":{\"min\":0}}}"); /* somebody else's */
  rfm_client_put("A", "O");
  rfm_purchases_put("A", 6, "10");
  rfm_client_put("B", "O");
  rfm_purchases_put("B", 1, "11");
  rfm_client_put("C", "O");
  rfm_purchases_put("C", 3, "400");
  rfm_client_put("D", "O");
  rfm_sale_put("D1", "D", "SN01", "35.60", "21"); /* between two ranges, nearer to 4 */
  rfm_client_put("E", "O");
  rfm_sale_put("E1", "E", "SN01", "15.00", "0"); /* in two: the better note */
  rfm_client_put("F", "O");
  rfm_sale_put("F1", "F", "SN01", "999.00", "40"); /* beyond the last */
  g_autoptr(Answer) answer = rfm_analyse();
  assert_analysed(answer, 6, 6, 6);
  assert_rfm("A", "5 5 5 CAMPEÕES");
  assert_rfm("B", "4 1 1 PROMISSORES");
  assert_rfm("C", "1 3 3 EM RISCO");
  assert_rfm("D", "3 1 4 PRECISAM DE ATENÇÃO");
  assert_rfm("E", "5 1 2 POTENCIAIS CLIENTES LEAIS");
  assert_rfm("F", "2 1 5 EM RISCO");
}

static void
test_ranges_may_stand_under_dados(G_GNUC_UNUSED void **state)
{
  rfm_shop_put("O");
  rfm_configure("O", "{\"dados\":" RANGES "}");
  rfm_client_put("A", "O");
  rfm_purchases_put("A", 4, "25");
  g_autoptr(Answer) answer = rfm_analyse();
  assert_status(answer, 200);
  assert_rfm("A", "3 4 4 CLIENTES LEAIS");
}

/* Without usable ranges: fifths, and who is alike gets the same note. */
static void
test_without_ranges_clients_are_compared_with_each_other(G_GNUC_UNUSED void **state)
{
  static const char *const days[] = {"50", "40", "30", "20", "10"};
  rfm_shop_put("O");
  rfm_configure("O", "{\"recencia\":\"muito\",\"frequencia\":{\"5\":{\"min\":\"dez\"}}}");
  for (int i = 0; i < 5; i++) {
    const char id[] = {(char)('A' + i), 0};
    rfm_client_put(id, "O");
    rfm_purchases_put(id, i + 1, days[i]);
  }
  g_autoptr(Answer) answer = rfm_analyse();
  assert_status(answer, 200);
  assert_rfm("A", "1 1 1 PERDIDOS");
  assert_rfm("B", "2 2 2 HIBERNANDO");
  assert_rfm("C", "3 3 3 PRECISAM DE ATENÇÃO");
  assert_rfm("D", "4 4 4 CLIENTES LEAIS");
  assert_rfm("E", "5 5 5 CAMPEÕES");
  sql("delete from crm.sales where cliente_id <> 'E'");
  rfm_client_put("G", "O");
  rfm_purchases_put("G", 5, "10");
  g_autoptr(Answer) again = rfm_analyse();
  assert_status(again, 200);
  assert_rfm("E", "5 1 1 CLIENTES RECENTES");
  assert_rfm("G", "5 1 1 CLIENTES RECENTES");
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      CASE(test_totals_are_those_of_valid_sales),
      CASE(test_the_favourite_product_is_the_one_of_most_pieces),
      CASE(test_notes_follow_the_ranges_of_the_organization),
      CASE(test_ranges_may_stand_under_dados),
      CASE(test_without_ranges_clients_are_compared_with_each_other),
  };
  return RUN("rfm analysis", tests);
}
