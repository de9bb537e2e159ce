/* Items of CardapioWeb's orders, their products, and the add-ons chosen with them
 * (data-collecting.md 3.7). */
#include "harness.h"

#include "harness_import.h"

/* An item with these members in place of the usual ones; as the stand-in's user would see it. */
#define ITEM(members)                                                                              \
  "{\"order_item_id\":1,\"name\":\"Pizza\",\"kind\":\"regular_item\",\"status\":\"ok\","           \
  "\"observation\":null," members "}"

#define PIZZA                                                                                      \
  ITEM("\"item_id\":7,\"external_code\":\"A1\",\"quantity\":2,\"unit_price\":20.00,"               \
       "\"total_price\":45.00,\"options\":[]")
#define CANCELLED                                                                                  \
  "{\"order_item_id\":2,\"name\":\"Suco\",\"kind\":\"regular_item\",\"status\":\"canceled\","      \
  "\"item_id\":8,\"external_code\":\"X8\",\"quantity\":1,\"unit_price\":9.00,"                     \
  "\"total_price\":9.00,\"options\":[]}"
#define NAMELESS                                                                                   \
  "{\"order_item_id\":3,\"name\":\"Avulso\",\"kind\":\"combo\",\"status\":\"ready\","              \
  "\"item_id\":null,\"external_code\":\"\",\"quantity\":0.5,\"unit_price\":10.00,"                 \
  "\"total_price\":5.00,\"observation\":\"bem passado\",\"options\":[]}"

/* DC 98 */
static void
test_items_keep_their_products_and_cancelled_ones_are_dropped(G_GNUC_UNUSED void **state)
{
  organization_put("O3", CARDAPIO);
  order_put(.id = 1, .items = "[" PIZZA "," CANCELLED "," NAMELESS "]");
  g_autoptr(Answer) answer = collect_ok();
  assert_collected(answer, "O3", "status", "OK");
  assert_collected(answer, "O3", "produtosCriados", "2");
  assert_text(product_codes_of("O3", "1"), "A1,N/A");
  assert_null(product_column("O3", "X8", "id"));
  assert_cells(item_column, "O3", "1", {"ordem", "1,2"}, {"quantidade", "2.0000,0.5000"},
               {"valor_venda_unitario", "20.000000,10.000000"},
               {"valor_venda_total_bruto", "45.00,5.00"}, {"valor_total_desconto", "0.00,0.00"},
               {"valor_venda_total_liquido", "45.00,5.00"}, {"valor_custo_total", "0.00,0.00"},
               {"valor_custo_unitario", "0.000000,0.000000"});
  const char *all = "concat_ws('|', descricao, unidade, grupo, ncm, tipo)";
  assert_text(product_column("O3", "A1", all), "Pizza|UN|PRODUTOS||regular_item");
  assert_text(product_column("O3", "N/A", all), "Avulso|UN|COMBOS||combo");
  assert_sql("bem passado",
             "select metadados ->> 'observacao' from crm.sale_items where ordem = 2");
}

/* DC 98: the code the shop gave, or the item's number: whichever its product is stored under */
static void
test_a_known_product_is_found_by_number_and_then_by_code(G_GNUC_UNUSED void **state)
{
  organization_put("O3", CARDAPIO);
  sql("insert into crm.products (organizacao_id, codigo, descricao, unidade, grupo, ncm, tipo)"
      " values ('O3', '7', 'Por número', 'KG', '', '', ''), ('O3', 'B2', 'Por código', 'KG', '',"
      "         '', '')");
  order_put(.id = 1,
            .items = "[" PIZZA "," ITEM(
                "\"item_id\":9,\"external_code\":\"B2\",\"quantity\":1,"
                "\"unit_price\":1,\"total_price\":1") "," ITEM("\"item_id\":33,\"external_"
                                                               "code\":null,\"quantity\":1,"
                                                               "\"unit_price\":1,\"total_"
                                                               "price\":1") "]");
  order_put(.id = 2, .items = "[" ITEM("\"item_id\":33,\"quantity\":1,\"unit_price\":1,"
                                       "\"total_price\":1") "]");
  g_autoptr(Answer) answer = collect_ok();
  assert_collected(answer, "O3", "vendasCriadas", "2");
  assert_collected(answer, "O3", "produtosCriados", "1");
  assert_text(product_codes_of("O3", "1"), "7,B2,33");
  assert_text(product_codes_of("O3", "2"), "33");
  assert_text(product_column("O3", "7", "concat_ws('|', descricao, unidade)"), "Por número|KG");
}

/* DC 98, 5.3: a change of the order renews its items as well */
static void
test_a_changed_order_has_its_items_anew(G_GNUC_UNUSED void **state)
{
  organization_put("O3", CARDAPIO);
  order_put(.id = 1, .items = "[" PIZZA "," NAMELESS "]");
  g_autoptr(Answer) first = collect_ok();
  assert_text(product_codes_of("O3", "1"), "A1,N/A");
  order_change(1, "{\"items\":[" ITEM("\"item_id\":70,\"external_code\":\"C3\",\"quantity\":1,"
                                      "\"unit_price\":30.00,\"total_price\":30.00") "]}");
  g_autoptr(Answer) second = collect_ok();
  assert_collected(second, "O3", "vendasAtualizadas", "1");
  assert_text(product_codes_of("O3", "1"), "C3");
  assert_int_equal(crm_count("sale_items", "O3"), 1);
}

#define OPTION(group, option, price)                                                               \
  "{\"option_group_id\":" group ",\"option_group_name\":\"Bordas\","                               \
  "\"option_group_total_selected_options\":3,\"option_id\":" option                                \
  ",\"external_code\":\"OP\",\"name\":\"Catupiry\",\"quantity\":2,\"unit_price\":" price "}"

#define ITEM_WITH(options)                                                                         \
  ITEM("\"item_id\":7,\"external_code\":\"A1\",\"quantity\":1,\"unit_price\":20.00,"               \
       "\"total_price\":27.00,\"options\":[" options "]")

/* DC 99 */
static void
test_options_are_made_once_and_listed_with_their_item(G_GNUC_UNUSED void **state)
{
  organization_put("O3", CARDAPIO);
  order_put(.id = 1, .items = "[" ITEM_WITH(OPTION("500", "900", "3.50") "," OPTION(
                         "null", "901", "1.00") "," OPTION("501", "null", "1.00")) "]");
  order_put(.id = 2, .items = "[" ITEM_WITH(OPTION("500", "900", "9.99")) "]");
  g_autoptr(Answer) answer = collect_ok();
  assert_collected(answer, "O3", "status", "OK");
  assert_sql("500|Bordas|0|3|t",
             "select concat_ws('|', id_externo, nome, min_opcoes, max_opcoes, ativo)"
             " from crm.product_add_ons where id_externo = '500'");
  assert_sql("900|Catupiry|OP|3.50|99|500",
             "select concat_ws('|', o.id_externo, o.nome, o.codigo, o.preco_delta,"
             "   o.max_qtde_por_item, g.id_externo) from crm.product_add_on_options o"
             " join crm.product_add_ons g on g.id = o.produto_add_on_id");
  assert_int_equal(crm_count("product_add_on_options", "O3"), 1);
  assert_sql("900 of 500: 2 at 3.50",
             "select string_agg(format('%s of %s: %s at %s', o ->> 'optionIdExterno',"
             "   o ->> 'addOnIdExterno', (o ->> 'quantidade')::numeric(9),"
             "   (o ->> 'valorUnitario')::numeric(9,2)), '; ')"
             " from crm.sales s join crm.sale_items i on i.venda_id = s.id,"
             "   jsonb_array_elements(i.metadados -> 'options') o where s.id_externo = '1'");
  order_put(.id = 3, .items = "[" ITEM_WITH(OPTION("500", "900", "4.00")) "]");
  g_autoptr(Answer) later = collect_ok(); /* a catalogue owns them: nothing of them moves */
  assert_collected(later, "O3", "vendasCriadas", "1");
  assert_collected(later, "O3", "adicionaisCriados", "0");
  assert_sql("3.50", "select preco_delta from crm.product_add_on_options");
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      IMPORT_CASE(test_items_keep_their_products_and_cancelled_ones_are_dropped),
      IMPORT_CASE(test_a_known_product_is_found_by_number_and_then_by_code),
      IMPORT_CASE(test_a_changed_order_has_its_items_anew),
      IMPORT_CASE(test_options_are_made_once_and_listed_with_their_item),
  };
  return RUN("cardapio_items", tests);
}
