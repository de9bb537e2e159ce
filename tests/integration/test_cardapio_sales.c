/* What becomes of CardapioWeb's orders: their state, their customer, their items and amounts
 * (data-collecting.md 3.4 to 3.8). */
#include "harness.h"

#include "harness_import.h"

/* DC 96 */
static void
test_a_closed_order_is_a_sale_until_it_is_cancelled(G_GNUC_UNUSED void **state)
{
  organization_put("O3", CARDAPIO);
  cashback_put("P3", "O3");
  order_put(.id = 1, .customer_id = 11, .customer_name = "Ana Lima", .total = "50.00");
  order_put(.id = 2, .customer_id = 12, .customer_name = "Bia Costa", .phone = "21988887777",
            .total = "0");
  order_put(.id = 3, .customer_id = 13, .customer_name = "Caio Reis", .phone = "31988887777",
            .total = "70.00", .status = "canceled");
  order_put(.id = 4, .total = "80.00", .status = "confirmed"); /* not finished: not asked for */
  g_autoptr(Answer) first = collect_ok();
  assert_collected(first, "O3", "vendasCriadas", "3");
  assert_cells(sale_column, "O3", "1", {"natureza", "SN01"}, {"situacao", "FECHADO"},
               {"erp_situacao", "closed"}, {"valor_total", "50.00"});
  assert_cells(sale_column, "O3", "2", {"natureza", "SN01"}, {"valor_total", "0.00"});
  assert_cells(sale_column, "O3", "3", {"natureza", "CANCELADO"}, {"situacao", "CANCELADO"});
  assert_null(sale_id("O3", "4"));
  assert_string_equal(balances_of("O3", "ANA LIMA"), "2.50 2.50 0.00");
  assert_string_equal(balances_of("O3", "BIA COSTA"), "0.00 0.00 0.00");
  assert_string_equal(balances_of("O3", "CAIO REIS"), "0.00 0.00 0.00");
  assert_cells(client_column, "O3", "ANA LIMA", {"metadata_total_compras", "1"});
  assert_cells(client_column, "O3", "BIA COSTA", {"metadata_total_compras", "0"},
               {"primeira_compra_id", NULL});
  assert_cells(client_column, "O3", "CAIO REIS", {"metadata_total_compras", "0"});

  order_change(1, "{\"status\":\"canceled\"}");
  g_autoptr(Answer) second = collect_ok();
  assert_collected(second, "O3", "vendasCanceladas", "1");
  assert_collected(second, "O3", "cashbackEstornado", "2.50");
  assert_cells(sale_column, "O3", "1", {"natureza", "CANCELADO"}, {"situacao", "CANCELADO"},
               {"erp_situacao", "canceled"}, {"valor_total", "50.00"});
  assert_string_equal(balances_of("O3", "ANA LIMA"), "0.00 2.50 0.00");
  assert_string_equal(movements_of("O3", "ANA LIMA"), "ACÚMULO EXPIRADO 2.50 (0.00) 0.00>2.50; "
                                                      "CANCELAMENTO ATIVO -2.50 (0.00) 2.50>0.00");
  assert_ledger_holds("O3");
  assert_cells(client_column, "O3", "ANA LIMA", {"metadata_total_compras", "0"},
               {"metadata_valor_total_compras", "0.00"});
}

/* DC 97 */
static void
test_a_customer_is_found_by_id_and_then_by_phone(G_GNUC_UNUSED void **state)
{
  organization_put("O3", CARDAPIO);
  client_put("por-id", "O3", "Ana Lima", .external_id = "11", .phone = "(11) 98765-0001");
  client_put("por-fone", "O3", "Bia Costa", .phone = "(11) 98765-0002");
  client_put("de-outro-id", "O3", "Caio Reis", .external_id = "A9", .phone = "(11) 98765-0003");
  order_put(.id = 1, .customer_id = 11, .customer_name = "Outro Nome", .phone = "11987650009");
  order_put(.id = 2, .customer_id = 12, .customer_name = "B. Costa", .phone = "+55 11 98765-0002");
  order_put(.id = 3, .customer_id = 13, .customer_name = "Caio", .phone = "11987650003");
  order_put(.id = 4, .customer_id = 14, .customer_name = "Dora Nunes", .phone = "11987650004");
  order_put(.id = 5, .customer_id = 14, .customer_name = "Dora N.", .phone = "");
  order_put(.id = 6, .customer_id = 15, .customer_name = "Edu Nunes", .phone = "11987650004");
  g_autoptr(Answer) answer = collect_ok();
  assert_collected(answer, "O3", "vendasCriadas", "6");
  assert_collected(answer, "O3", "clientesCriados", "1");
  assert_text(sale_column("O3", "1", "cliente_id"), "por-id");
  assert_text(sale_column("O3", "2", "cliente_id"), "por-fone");
  assert_text(sale_column("O3", "3", "cliente_id"), "de-outro-id");
  assert_cells(client_column, "O3", "ANA LIMA", {"nome", "Ana Lima"},
               {"telefone_base", "1187650001"}, {"id_externo", "11"});
  assert_cells(client_column, "O3", "BIA COSTA", {"id_externo", "12"}, {"nome", "Bia Costa"});
  assert_cells(client_column, "O3", "CAIO REIS", {"id_externo", "A9"});
  assert_cells(client_column, "O3", "DORA NUNES", {"id_externo", "14"},
               {"telefone", "(11) 98765-0004"}, {"telefone_base", "1187650004"},
               {"origem_integracao", CARDAPIO}, {"email", NULL}, {"metadata_total_compras", "3"});
  assert_text(sale_column("O3", "6", "cliente_id"), client_id("O3", "DORA NUNES"));
  assert_text(sale_column("O3", "5", "cliente_id"), client_id("O3", "DORA NUNES"));
}

/* DC 97 */
static void
test_a_customer_without_a_name_is_matched_but_never_made(G_GNUC_UNUSED void **state)
{
  organization_put("O3", CARDAPIO);
  cashback_put("P3", "O3");
  client_put("por-fone", "O3", "Bia Costa", .phone = "(11) 98765-0002");
  order_put(.id = 1, .customer_id = 11, .customer_name = "", .phone = "11987650001");
  order_put(.id = 2, .customer_id = 12, .customer_name = " ", .phone = "11987650002");
  order_put(.id = 3, .customer_id = 13, .customer_name = "Cliente Cardapio Web", .phone = "");
  order_put(.id = 4, .anonymous = TRUE);
  g_autoptr(Answer) answer = collect_ok();
  assert_collected(answer, "O3", "status", "OK");
  assert_collected(answer, "O3", "vendasCriadas", "4");
  assert_collected(answer, "O3", "clientesCriados", "0");
  assert_int_equal(crm_count("clients", "O3"), 1);
  assert_text(sale_column("O3", "1", "cliente_id"), NULL);
  assert_text(sale_column("O3", "2", "cliente_id"), "por-fone");
  assert_text(sale_column("O3", "3", "cliente_id"), NULL);
  assert_text(sale_column("O3", "4", "cliente_id"), NULL);
  assert_non_null(sale_id("O3", "1"));
  assert_collected(answer, "O3", "cashbackAcumulado", "2.50");
}

/* DC 97, 3.8 */
static void
test_a_number_of_another_country_is_kept_but_never_compared(G_GNUC_UNUSED void **state)
{
  organization_put("O3", CARDAPIO);
  order_put(.id = 1, .with = "{\"customer\":{\"id\":11,\"name\":\"Ana Lima\",\"ddi\":\"+351\","
                             "\"phone\":\"912 345 678\"}}");
  order_put(.id = 2, .with = "{\"customer\":{\"id\":12,\"name\":\"Bia Costa\",\"ddi\":\"55\","
                             "\"phone\":\"11987650002\"}}");
  g_autoptr(Answer) answer = collect_ok();
  assert_collected(answer, "O3", "clientesCriados", "2");
  assert_cells(client_column, "O3", "ANA LIMA", {"telefone", "+351912345678"},
               {"telefone_base", ""});
  assert_cells(client_column, "O3", "BIA COSTA", {"telefone", "(11) 98765-0002"},
               {"telefone_base", "1187650002"});
}

/* DC 99 */
static void
test_channels_and_ways_of_delivery_have_our_words(G_GNUC_UNUSED void **state)
{
  static const struct {
    const char *type, *channel, *mode, *shown;
  } orders[] = {
      {"delivery", "portal", "ENTREGA", "Portal CardapioWeb"},
      {"takeout", "whatsapp_extension", "RETIRADA", "WhatsApp"},
      {"onsite", "ifood", "PRESENCIAL", "iFood"},
      {"closed_table", "catalog", "COMANDA", "Catálogo CardapioWeb"},
      {"delivery", "store_front_catalog", "ENTREGA", "Catálogo CardapioWeb"},
      {"drone", "totem", NULL, "totem"},
      {"delivery", "", "ENTREGA", "NÃO DEFINIDO"},
  };
  organization_put("O3", CARDAPIO);
  for (guint i = 0; i < G_N_ELEMENTS(orders); i++)
    order_put(.id = i + 1, .order_type = orders[i].type, .sales_channel = orders[i].channel);
  g_autoptr(Answer) answer = collect_ok();
  assert_collected(answer, "O3", "status", "OK");
  assert_collected(answer, "O3", "vendasCriadas", "7");
  for (guint i = 0; i < G_N_ELEMENTS(orders); i++) {
    g_autofree char *id = g_strdup_printf("%u", i + 1);
    assert_cells(sale_column, "O3", id, {"entrega_modalidade", orders[i].mode},
                 {"canal", orders[i].shown}, {"movimento", orders[i].type},
                 {"tipo", orders[i].type});
  }
}

/* DC 100 */
static void
test_discounts_and_fees_are_summed_and_cashback_is_of_the_total(G_GNUC_UNUSED void **state)
{
  organization_put("O3", CARDAPIO);
  cashback_put("P3", "O3");
  order_put(.id = 1, .customer_name = "Ana Lima", .total = "50.00",
            .with = "{\"delivery_fee\":7,\"service_fee\":1,\"additional_fee\":0,\"discounts\":["
                    "{\"kind\":\"discount\",\"category\":\"coupon\",\"total\":5},"
                    "{\"kind\":\"item\",\"category\":\"loyalty\",\"total\":3.00,"
                    "\"total_points\":30}]}");
  order_put(.id = 2, .anonymous = TRUE,
            .with = "{\"delivery_fee\":0.10,\"service_fee\":0.20,\"additional_fee\":0.30}");
  g_autoptr(Answer) answer = collect_ok();
  assert_collected(answer, "O3", "vendasCriadas", "2");
  assert_cells(sale_column, "O3", "1", {"valor_total", "50.00"}, {"descontos_total", "8.00"},
               {"acrescimos_total", "8.00"}, {"custo_total", "0.00"});
  assert_cells(sale_column, "O3", "2", {"descontos_total", "0.00"}, {"acrescimos_total", "0.60"});
  assert_string_equal(movements_of("O3", "ANA LIMA"), "ACÚMULO ATIVO 2.50 (2.50) 0.00>2.50");
}

/* DC 100, 3.6: and everything else of an order */
static void
test_every_column_of_an_order_is_filled(G_GNUC_UNUSED void **state)
{
  static const struct {
    const char *created_at, *sold_at;
  } times[] = {
      {"T12:30:00.000-03:00", "12:30:00"}, {"T12:30:00Z", "09:30:00"}, {"T12:30:00", "12:30:00"}};
  organization_put("O3", CARDAPIO);
  for (guint i = 0; i < G_N_ELEMENTS(times); i++) {
    g_autofree char *created = g_strconcat(day_iso(-2), times[i].created_at, NULL);
    order_put(.id = i + 1, .created_at = created, .customer_name = "Ana Lima",
              .with = "{\"fiscal_document\":\"NF-77\",\"table_number\":\"12\","
                      "\"observation\":\"sem cebola\"}");
  }
  order_put(.id = 9, .created_at = "amanhã");
  g_autoptr(Answer) answer = collect_ok_with(window_days(-2, 0));
  assert_collected(answer, "O3", "status", "PARCIAL");
  assert_collected(answer, "O3", "vendasCriadas", "3");
  assert_rejected("O3", "9", "DATA_INVALIDA created_at");
  assert_cells(sale_column, "O3", "1", {"cliente_id", client_id("O3", "ANA LIMA")},
               {"vendedor_nome", "CARDAPIO WEB"}, {"vendedor_id", NULL}, {"parceiro", "N/A"},
               {"parceiro_id", NULL}, {"chave", "N/A"}, {"serie", "N/A"}, {"documento", "NF-77"},
               {"modelo", "CARDAPIO-WEB"}, {"movimento", "delivery"}, {"tipo", "delivery"},
               {"comanda_numero", "12"}, {"observacoes", "sem cebola"},
               {"processamento_origem", "EXTERNO"}, {"status", NULL});
  for (guint i = 0; i < G_N_ELEMENTS(times); i++) {
    g_autofree char *id = g_strdup_printf("%u", i + 1);
    g_autofree char *at = g_strdup_printf("%s %s", day_iso(-2), times[i].sold_at);
    assert_cells(sale_column, "O3", id, {"data_venda", at});
  }
  assert_text(sale_column("O3", "1", "erp_atualizado_em"), sale_column("O3", "1", "data_venda"));
  assert_int_equal(crm_count("sellers", "O3"), 0);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      IMPORT_CASE(test_a_closed_order_is_a_sale_until_it_is_cancelled),
      IMPORT_CASE(test_a_customer_is_found_by_id_and_then_by_phone),
      IMPORT_CASE(test_a_customer_without_a_name_is_matched_but_never_made),
      IMPORT_CASE(test_a_number_of_another_country_is_kept_but_never_compared),
      IMPORT_CASE(test_channels_and_ways_of_delivery_have_our_words),
      IMPORT_CASE(test_discounts_and_fees_are_summed_and_cashback_is_of_the_total),
      IMPORT_CASE(test_every_column_of_an_order_is_filled),
  };
  return RUN("cardapio_sales", tests);
}
