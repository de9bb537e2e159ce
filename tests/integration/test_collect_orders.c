/* CardapioWeb in a run: which orders are asked for, and what happens when some cannot be had
 * (data-collecting.md 3.2, 3.3). */
#include "harness_crm.h"

#define HISTORY(who) sales_calls_of(CARDAPIO_WEB, "history", who)
#define DETAILS(who) sales_calls_of(CARDAPIO_WEB, "details", who)

/* DC 93 */
static void
test_details_are_asked_for_once_while_an_order_stays_as_it_is(G_GNUC_UNUSED void **state)
{
  organization_put("O3", CARDAPIO);
  orders_seed(NULL, 230);
  g_autoptr(Answer) first = collect_ok();
  assert_collected(first, "O3", "status", "OK");
  assert_collected(first, "O3", "vendasCriadas", "230");
  assert_int_equal(HISTORY(NULL), 3);
  assert_int_equal(DETAILS(NULL), 230);
  g_autoptr(Answer) second = collect_ok();
  assert_collected(second, "O3", "registrosRecebidos", "0");
  assert_int_equal(HISTORY(NULL), 6);
  assert_int_equal(DETAILS(NULL), 230);
  assert_int_equal(import_rows("O3", "log"), 1);
}

/* 3.3 */
static void
test_a_changed_order_is_asked_for_again(G_GNUC_UNUSED void **state)
{
  organization_put("O3", CARDAPIO);
  order_put(.id = 5001, .total = "50.00");
  order_put(.id = 5002, .total = "60.00");
  g_autoptr(Answer) first = collect_ok();
  assert_collected(first, "O3", "vendasCriadas", "2");
  order_change(5001, "{\"status\":\"canceled\"}");
  g_autoptr(Answer) second = collect_ok();
  assert_collected(second, "O3", "registrosRecebidos", "1");
  assert_collected(second, "O3", "vendasAtualizadas", "1");
  assert_collected(second, "O3", "vendasCanceladas", "1");
  assert_int_equal(DETAILS(NULL), 3);
  assert_string_equal(sale_column("O3", "5001", "situacao"), "CANCELADO");
}

static void
test_an_order_of_another_shop_with_the_same_id_is_another_order(G_GNUC_UNUSED void **state)
{
  organization_put("O3", CARDAPIO);
  organization_put("O4", CARDAPIO);
  order_put(.id = 5001, .total = "50.00");
  g_autoptr(Answer) first = collect_ok();
  order_put(.id = 5001, .merchant = merchant_of("O4"), .total = "70.00");
  g_autoptr(Answer) second = collect_ok();
  assert_collected(second, "O3", "registrosRecebidos", "0");
  assert_collected(second, "O4", "vendasCriadas", "1");
  assert_string_equal(sale_column("O4", "5001", "valor_total"), "70.00");
}

/* DC 94 */
static void
test_a_limit_is_waited_out_or_fails_the_organization(G_GNUC_UNUSED void **state)
{
  organization_put("O3", CARDAPIO);
  order_put(.id = 5001);
  sales_answer(.service = CARDAPIO_WEB, .kind = "history", .status = 429, .times = 1,
               .headers = "{\"Retry-After\":\"1\"}");
  g_autoptr(Answer) waited = collect_ok();
  assert_collected(waited, "O3", "status", "OK");
  assert_true(sales_call_start_us(CARDAPIO_WEB, 2) - sales_call_start_us(CARDAPIO_WEB, 1) >=
              1000 * 1000);
  const char *before = last_sync_of("O3");
  sales_answer(.service = CARDAPIO_WEB, .kind = "history", .status = 429, .times = 3);
  g_autoptr(Answer) failed = collect_ok();
  assert_collected(failed, "O3", "status", "FALHA");
  assert_collected(failed, "O3", "erro", "ERP_LIMITE_EXCEDIDO");
  assert_string_equal(last_sync_of("O3"), before);
}

/* DC 95 */
static void
test_an_order_that_cannot_be_had_is_asked_for_in_the_next_run(G_GNUC_UNUSED void **state)
{
  organization_put("O3", CARDAPIO);
  order_put(.id = 5001);
  order_put(.id = 5002);
  order_put(.id = 5003);
  sales_answer(.service = CARDAPIO_WEB, .kind = "details", .request = "{\"id\":\"5002\"}",
               .status = 500, .times = 3);
  g_autoptr(Answer) first = collect_ok();
  assert_collected(first, "O3", "status", "PARCIAL");
  assert_collected(first, "O3", "vendasCriadas", "2");
  assert_null(sale_id("O3", "5002"));
  assert_non_null(last_sync_of("O3"));
  assert_int_equal(import_rows("O3", "error"), 1);
  assert_string_equal(import_cell("O3", "error", "dados ->> 'idExterno'"), "5002");
  assert_string_equal(import_cell("O3", "error", "dados ->> 'codigo'"), "ERP_HTTP_500");
  assert_string_equal(import_cell("O3", "error", "dados ->> 'etapa'"), "detalhes");
  g_autoptr(Answer) second = collect_ok();
  assert_collected(second, "O3", "status", "OK");
  assert_collected(second, "O3", "vendasCriadas", "1");
  assert_collected(second, "O3", "registrosRecebidos", "1");
}

static void
test_a_refused_key_fails_the_organization(G_GNUC_UNUSED void **state)
{
  organization_put("O3", CARDAPIO);
  organization_configure("O3", "{\"apiKey\":\"outra\",\"merchantId\":\"10001\"}");
  g_autoptr(Answer) answer = collect_ok();
  assert_collected(answer, "O3", "erro", "ERP_NAO_AUTORIZADO");
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      CRM_CASE(test_details_are_asked_for_once_while_an_order_stays_as_it_is),
      CRM_CASE(test_a_changed_order_is_asked_for_again),
      CRM_CASE(test_an_order_of_another_shop_with_the_same_id_is_another_order),
      CRM_CASE(test_a_limit_is_waited_out_or_fails_the_organization),
      CRM_CASE(test_an_order_that_cannot_be_had_is_asked_for_in_the_next_run),
      CRM_CASE(test_a_refused_key_fails_the_organization),
  };
  return RUN("collect_orders", tests);
}
