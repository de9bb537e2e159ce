/* The rows of Online Software's sales and of their items, and what a second look at them changes
 * (data-collecting.md 2.5 to 2.7, 5.2 to 5.5). */
#include "harness.h"

#include "harness_import.h"

/* One item, as an array. */
static char *
only_item(const SaleItem *item)
{
  g_autofree char *text = sale_item_text(item);
  return g_strdup_printf("[%s]", text);
}
#define only(...) only_item(&(SaleItem){__VA_ARGS__})

/* DC 40 */
static void
test_every_column_of_a_sale_is_filled(G_GNUC_UNUSED void **state)
{
  organization_put("O1", ONLINE);
  g_autofree char *items = only(.price = "80.00", .cost = "32.50");
  sale_put(.id = "1", .day = day_iso(-2), .client = "Maria Souza", .total = "80.00",
           .seller = "ANA", .partner = "52998224725", .items = items,
           .with = "{\"chave\":\"CH-1\",\"documento\":\"4711\",\"modelo\":\"DV\","
                   "\"movimento\":\"RECEITAS\",\"serie\":\"2\",\"situacao\":\"00\","
                   "\"tipo\":\"Venda de produtos\"}");
  g_autoptr(Answer) answer = collect_ok_with(window_days(-2, -2));
  assert_collected(answer, "O1", "vendasCriadas", "1");
  g_autofree char *midnight = g_strdup_printf("%s 00:00:00", day_iso(-2));
  assert_cells(
      sale_column, "O1", "1", {"organizacao_id", "O1"},
      {"cliente_id", client_id("O1", "MARIA SOUZA")},
      {"vendedor_id", seller_column("O1", "ANA", "id")},
      {"parceiro_id", partner_column("O1", "52998224725", "id")}, {"valor_total", "80.00"},
      {"custo_total", "32.50"}, {"vendedor_nome", "ANA"}, {"parceiro", "52998224725"},
      {"chave", "CH-1"}, {"documento", "4711"}, {"modelo", "DV"}, {"movimento", "RECEITAS"},
      {"natureza", "SN01"}, {"serie", "2"}, {"situacao", "00"}, {"tipo", "Venda de produtos"},
      {"canal", "Loja Física"}, {"entrega_modalidade", "PRESENCIAL"}, {"data_venda", midnight},
      {"processamento_origem", "EXTERNO"}, {"atribuicao_processada", "t"},
      {"atribuicao_aplicavel", "f"}, {"status", NULL}, {"comanda_numero", NULL},
      {"observacoes", NULL}, {"rascunho_metadados", NULL}, {"entrega_localizacao_id", NULL},
      {"atribuicao_campanha_principal_id", NULL}, {"atribuicao_campanha_conversao_id", NULL},
      {"atribuicao_interacao_id", NULL}, {"erp_situacao", NULL}, {"erp_atualizado_em", NULL});
  assert_non_null(sale_column("O1", "1", "cliente_id"));
  assert_non_null(sale_column("O1", "1", "vendedor_id"));
  assert_non_null(sale_column("O1", "1", "parceiro_id"));
  assert_sql("32", "select length(erp_hash) from crm.sales");
  assert_cells(item_column, "O1", "1", {"organizacao_id", "O1"}, {"ordem", "1"},
               {"cliente_id", client_id("O1", "MARIA SOUZA")},
               {"produto_id", product_column("O1", "10", "id")});
}

/* DC 40 */
static void
test_texts_that_are_missing_read_not_available(G_GNUC_UNUSED void **state)
{
  static const char *const columns[] = {"chave",         "documento", "modelo", "movimento",
                                        "natureza",      "serie",     "tipo",   "situacao",
                                        "vendedor_nome", "parceiro"};
  organization_put("O1", ONLINE);
  sale_put(.id = "vazios", .with = "{\"chave\":\"\",\"documento\":\" \",\"modelo\":\"\","
                                   "\"movimento\":\"\",\"natureza\":\"\",\"serie\":\"\","
                                   "\"situacao\":\"\",\"tipo\":\"\",\"vendedor\":\"\","
                                   "\"parceiro\":\"\"}");
  g_autofree char *bare = g_strdup_printf(
      "{\"id\":\"ausentes\",\"valor\":\"10.00\",\"data\":\"%s\",\"itens\":[]}", day_br(0));
  sale_put_json(NULL, bare);
  g_autoptr(Answer) answer = collect_ok();
  assert_collected(answer, "O1", "vendasCriadas", "2");
  for (guint i = 0; i < G_N_ELEMENTS(columns); i++) {
    assert_cells(sale_column, "O1", "vazios", {columns[i], "N/A"});
    assert_cells(sale_column, "O1", "ausentes", {columns[i], "N/A"});
  }
  assert_text(sale_column("O1", "ausentes", "canal"), "Loja Física");
}

/* DC 41 */
static void
test_an_item_is_reckoned_up_exactly(G_GNUC_UNUSED void **state)
{
  static const char *const taxes[] = {"baseicms", "percent", "icms",           "cst_icms", "csosn",
                                      "cst_pis",  "cfop",    "vfrete",         "vseg",     "voutro",
                                      "vipi",     "vicmsst", "vicms_desonera", "cest"};
  organization_put("O1", ONLINE);
  g_autofree char *items =
      only(.quantity = "2", .price = "10.00", .discount = "1.50", .cost = "8",
           .with = "{\"vprod\":\"99.00\",\"baseicms\":\"18.50\",\"percent\":\"18,00\","
                   "\"icms\":\"3.33\",\"cst_icms\":\"000\",\"csosn\":\"102\",\"cst_pis\":\"49\","
                   "\"cfop\":\"5102\",\"vfrete\":\"0.10\",\"vseg\":\"0.20\",\"voutro\":\"0.30\","
                   "\"vipi\":\"0.40\",\"vicmsst\":\"0.50\",\"vicms_desonera\":\"0.60\","
                   "\"cest\":\"2803800\"}");
  sale_put(.id = "1", .total = "18.50", .items = items);
  g_autofree char *thirds =
      only(.quantity = "3", .price = "0.335", .discount = "-1.00", .cost = "1");
  sale_put(.id = "2", .items = thirds);
  g_autoptr(Answer) answer = collect_ok();
  assert_collected(answer, "O1", "status", "OK");
  assert_cells(item_column, "O1", "1", {"quantidade", "2.0000"},
               {"valor_venda_unitario", "10.000000"}, {"valor_venda_total_bruto", "20.00"},
               {"valor_total_desconto", "1.50"}, {"valor_venda_total_liquido", "18.50"},
               {"valor_custo_unitario", "4.000000"}, {"valor_custo_total", "8.00"});
  assert_cells(item_column, "O1", "2", {"valor_venda_total_bruto", "1.01"}, /* of 1.005 */
               {"valor_total_desconto", "-1.00"}, {"valor_venda_total_liquido", "2.01"},
               {"valor_custo_unitario", "0.333333"});
  for (guint i = 0; i < G_N_ELEMENTS(taxes); i++) { /* as delivered, none added */
    g_autofree char *sent =
        sql_text("select body #>> array['itens', '0', $1] from sandbox.online_sale"
                 " where id = '1'",
                 taxes[i]);
    g_autofree char *kept = sql_text("select metadados ->> $1 from crm.sale_items i"
                                     " join crm.sales s on s.id = i.venda_id"
                                     " where s.id_externo = '1'",
                                     taxes[i]);
    assert_text_at(kept, sent, taxes[i], __FILE__, __LINE__);
    assert_non_null(kept);
  }
  assert_sql("14", "select count(*) from crm.sales s join crm.sale_items i on i.venda_id = s.id,"
                   " jsonb_object_keys(i.metadados) where s.id_externo = '1'");
}

/* DC 42 */
static void
test_a_sale_of_today_has_the_time_it_was_first_seen(G_GNUC_UNUSED void **state)
{
  organization_put("O1", ONLINE);
  g_autofree char *before = sql_text("select clock_timestamp()::text");
  sale_put(.id = "1");
  g_autoptr(Answer) first = collect_ok();
  assert_sql("t", "select data_venda between $1::timestamptz and clock_timestamp() from crm.sales",
             before);
  g_autofree char *seen = sql_text("select data_venda::text from crm.sales");
  sale_change("1", "{\"documento\":\"outro\"}");
  g_autoptr(Answer) second = collect_ok();
  assert_collected(second, "O1", "vendasAtualizadas", "1");
  assert_text(sale_column("O1", "1", "documento"), "outro");
  assert_sql(seen, "select data_venda::text from crm.sales");
  g_autofree char *moved = g_strdup_printf("{\"data\":\"%s\"}", day_br(-1)); /* 5.3.4 */
  sale_change("1", moved);
  g_autoptr(Answer) third = collect_ok_with(window_days(-1, -1));
  assert_collected(third, "O1", "vendasAtualizadas", "1");
  g_autofree char *midnight = g_strdup_printf("%s 00:00:00", day_iso(-1));
  assert_text(sale_column("O1", "1", "data_venda"), midnight);
}

/* DC 42 */
static void
test_an_earlier_sale_is_of_its_days_beginning_unless_a_time_is_told(G_GNUC_UNUSED void **state)
{
  static const struct {
    const char *format, *stored;
  } dates[] = {
      {"DD/MM/YYYY", "00:00:00"},
      {"DD/MM/YYYY 10:15", "10:15:00"},
      {"DD/MM/YYYY 23:59:58", "23:59:58"},
      {"YYYY-MM-DD", "00:00:00"},
  };
  organization_put("O1", ONLINE);
  const char *day = day_iso(-2);
  for (guint i = 0; i < G_N_ELEMENTS(dates); i++) {
    g_autofree char *id = g_strdup_printf("%u", i);
    g_autofree char *date = sql_text("select to_char($1::date, $2)", day, dates[i].format);
    g_autofree char *with = g_strdup_printf("{\"data\":\"%s\"}", date);
    sale_put(.id = id, .day = day, .with = with);
  }
  for (int run = 0; run < 2; run++) { /* the second changes every sale, and no time */
    g_autoptr(Answer) answer = collect_ok_with(window_days(-2, -2));
    assert_collected(answer, "O1", run == 0 ? "vendasCriadas" : "vendasAtualizadas", "4");
    for (guint i = 0; i < G_N_ELEMENTS(dates); i++) {
      g_autofree char *id = g_strdup_printf("%u", i);
      g_autofree char *at = g_strdup_printf("%s %s", day, dates[i].stored);
      assert_cells(sale_column, "O1", id, {"data_venda", at});
      sale_change(id, "{\"documento\":\"outro\"}");
    }
  }
}

/* DC 43 */
static void
test_a_second_run_over_the_same_sales_writes_nothing(G_GNUC_UNUSED void **state)
{
  organization_put("O1", ONLINE);
  cashback_put("P1", "O1");
  phone_put("F1", "O1");
  template_put("boas_vindas", "O1", "clientName");
  campaign_put("C1", "O1", "PRIMEIRA-COMPRA", .segments = "CLIENTES RECENTES", .phone = "F1",
               .template = "boas_vindas");
  sale_put(.id = "1", .client = "Maria Souza", .phone = "(11) 98765-4321", .seller = "ANA");
  sale_put(.id = "2", .client = "Ana Lima", .phone = "(11) 98765-4322", .partner = "52998224725");
  sale_put(.id = "3", .client = "AO CONSUMIDOR");
  sale_put(.id = "4", .client = "Bia Costa", .nature = "SN02");
  g_autoptr(Answer) first = collect_ok();
  assert_collected(first, "O1", "vendasCriadas", "4");
  assert_collected(first, "O1", "mensagensEnviadas", "2");
  assert_int_equal(whatsapp_message_count(), 2);
  const char *rows = crm_snapshot("O1");
  const char *written = written_sales("O1");
  g_autoptr(Answer) second = collect_ok();
  assert_collected(second, "O1", "status", "OK");
  assert_collected(second, "O1", "vendasInalteradas", "4");
  assert_collected(second, "O1", "vendasCriadas", "0");
  assert_collected(second, "O1", "vendasAtualizadas", "0");
  assert_collected(second, "O1", "mensagensEnviadas", "0");
  assert_text(written_sales("O1"), written);
  assert_string_equal(crm_snapshot("O1"), rows);
  assert_int_equal(whatsapp_message_count(), 2);
}

/* DC 44 */
static void
test_changed_items_replace_the_old_ones(G_GNUC_UNUSED void **state)
{
  organization_put("O1", ONLINE);
  cashback_put("P1", "O1");
  campaign_put("C1", "O1", "NOVA-COMPRA", .segments = "CLIENTES RECENTES");
  g_autofree char *ten = sale_item(.code = "10");
  g_autofree char *eleven = sale_item(.code = "11", .price = "30.00");
  g_autofree char *twelve = sale_item(.code = "12", .price = "20.00", .quantity = "3");
  g_autofree char *before = g_strdup_printf("[%s,%s]", ten, eleven);
  g_autofree char *after = g_strdup_printf("{\"itens\":[%s,%s,%s]}", twelve, ten, ten);
  sale_put(.id = "1", .client = "Maria Souza", .items = before);
  g_autoptr(Answer) first = collect_ok();
  assert_text(product_codes_of("O1", "1"), "10,11");
  const char *sale = sale_id("O1", "1");
  sale_change("1", after);
  g_autoptr(Answer) second = collect_ok();
  assert_collected(second, "O1", "vendasAtualizadas", "1");
  assert_collected(second, "O1", "vendasCanceladas", "0");
  assert_collected(second, "O1", "produtosCriados", "1");
  assert_text(sale_id("O1", "1"), sale);
  assert_text(product_codes_of("O1", "1"), "12,10,10");
  assert_cells(item_column, "O1", "1", {"ordem", "1,2,3"},
               {"valor_venda_total_bruto", "60.00,100.00,100.00"});
  assert_int_equal(crm_count("sale_items", "O1"), 3);
  assert_int_equal(crm_count("interactions", "O1"), 0);
  assert_text(client_column("O1", "MARIA SOUZA", "metadata_total_compras"), "1");
}

/* DC 45 */
static void
test_a_changed_value_moves_no_cashback(G_GNUC_UNUSED void **state)
{
  organization_put("O1", ONLINE);
  cashback_put("P1", "O1");
  sale_put(.id = "1", .client = "Maria Souza", .total = "100.00");
  g_autoptr(Answer) first = collect_ok();
  assert_text(balance_of("O1", "MARIA SOUZA"), "5.00");
  const char *movements = movements_of("O1", "MARIA SOUZA");
  sale_change("1", "{\"valor\":\"80.00\"}");
  g_autoptr(Answer) second = collect_ok();
  assert_collected(second, "O1", "vendasAtualizadas", "1");
  assert_collected(second, "O1", "vendasCanceladas", "0");
  assert_text(sale_column("O1", "1", "valor_total"), "80.00");
  assert_string_equal(balances_of("O1", "MARIA SOUZA"), "5.00 5.00 0.00");
  assert_string_equal(movements_of("O1", "MARIA SOUZA"), movements);
  assert_cells(client_column, "O1", "MARIA SOUZA", {"metadata_total_compras", "1"},
               {"metadata_valor_total_compras", "100.00"}); /* 5.5: until the nightly job */
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      IMPORT_CASE(test_every_column_of_a_sale_is_filled),
      IMPORT_CASE(test_texts_that_are_missing_read_not_available),
      IMPORT_CASE(test_an_item_is_reckoned_up_exactly),
      IMPORT_CASE(test_a_sale_of_today_has_the_time_it_was_first_seen),
      IMPORT_CASE(test_an_earlier_sale_is_of_its_days_beginning_unless_a_time_is_told),
      IMPORT_CASE(test_a_second_run_over_the_same_sales_writes_nothing),
      IMPORT_CASE(test_changed_items_replace_the_old_ones),
      IMPORT_CASE(test_a_changed_value_moves_no_cashback),
  };
  return RUN("import_sales", tests);
}
