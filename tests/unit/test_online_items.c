/* Online Software's items and amounts, and whether a sale changed (data-collecting.md 2.4, 2.6,
 * 5.2). */
#include "online_fixture.h"

/* DC 41 */
static void
test_an_items_amounts_are_computed(G_GNUC_UNUSED void **state)
{
  g_autoptr(Mapped) m = online(SALE);
  assert_int_equal(m->sale.items->len, 1);
  const SaleItem *item = item_of(m, 0);
  assert_text(item->codes[0], "10");
  assert_text(item->codes[1], NULL);
  assert_text(item->new_code, "10");
  assert_text(item->description, "Camisa");
  assert_text(item->unit, "PC");
  assert_text(item->group, "ROUPAS");
  assert_text(item->ncm, "6205");
  assert_text(item->kind, "Produto");
  assert_int_equal(item->quantity, 20000);
  assert_int_equal(item->unit_price, 10000000);
  assert_int_equal(item->gross, 2000);
  assert_int_equal(item->discount, 150);
  assert_int_equal(item->net, 1850);
  assert_int_equal(item->unit_cost, 4000000);
  assert_int_equal(item->cost, 800);
  assert_text(item->metadata,
              "{\"baseicms\":\"18.50\",\"percent\":\"18\",\"icms\":\"3.33\",\"cst_icms\":\"00\","
              "\"csosn\":\"102\",\"cst_pis\":\"01\",\"cfop\":\"5102\",\"vfrete\":\"0\","
              "\"vseg\":\"0\",\"voutro\":\"0\",\"vipi\":\"0\",\"vicmsst\":\"0\","
              "\"vicms_desonera\":\"0\",\"cest\":\"2803800\"}");
  assert_null(item->options);
}

/* DC 18 */
static void
test_both_sets_of_names_give_the_same_sale(G_GNUC_UNUSED void **state)
{
  static const char record[] =
      "{\"idsw\":\"123\",\"clientenome\":\"Maria Souza\",\"clientefone\":\"(11) 98765-4321\","
      "\"valor\":\"199.90\",\"custo\":\"8\",\"data\":\"05/03/2026\",\"natureza\":\"SN01\","
      "\"vendedor\":\"ANA\",\"parceiro\":\"12345678901\",\"chave\":\"K1\",\"documento\":\"D1\","
      "\"modelo\":\"DV\",\"movimento\":\"RECEITAS\",\"serie\":\"0\",\"situacao\":\"00\","
      "\"tipo\":\"Venda de produtos\",\"itens\":[{\"produtocodigo\":\"10\","
      "\"produtodescricao\":\"Camisa\",\"produtounidade\":\"PC\",\"produtogrupo\":\"ROUPAS\","
      "\"produtoncm\":\"6205\",\"produtotipo\":\"Produto\",\"quantidade\":2,\"valoru\":\"10,00\","
      "\"valorb\":\"20.00\",\"desconto\":\"1.5\",\"valor\":\"18.50\",\"custou\":\"4\","
      "\"custo\":\"8.00\",\"baseicms\":18.50,\"percent\":\"18\",\"icms\":\"3.33\","
      "\"cst_icms\":\"00\",\"csosn\":\"102\",\"cst_pis\":\"01\",\"cfop\":\"5102\","
      "\"vfrete\":\"0\",\"vseg\":\"0\",\"voutro\":\"0\",\"vipi\":\"0\",\"vicmsst\":\"0\","
      "\"vicms_desonera\":\"0\",\"cest\":\"2803800\"}]}";
  g_autoptr(Mapped) reference = online(SALE);
  g_autoptr(Mapped) document = online(record);
  g_autofree char *one = sale_hash(&reference->sale);
  g_autofree char *other = sale_hash(&document->sale);
  assert_string_equal(one, other);
  assert_text(item_of(document, 0)->description, "Camisa");
  assert_text(item_of(document, 0)->kind, "Produto");
}

static void
test_the_reference_name_goes_first_unless_it_is_null(G_GNUC_UNUSED void **state)
{
  g_autoptr(Mapped) both = online_with("fim", "1,\"idsw\":\"9\",\"clientenome\":\"Outra\"");
  assert_text(both->sale.external_id, "123");
  assert_text(both->sale.client_name, "Maria Souza");
  g_autoptr(Mapped) null = online_with("id", "null,\"idsw\":\"9\"");
  assert_text(null->sale.external_id, "9");
}

/* DC 23, 2.6 */
static void
test_nothing_is_divided_by_a_quantity_of_zero(G_GNUC_UNUSED void **state)
{
  g_autoptr(Mapped) m = online_with("qtde", "\"0\"");
  assert_int_equal(item_of(m, 0)->unit_cost, 0);
  assert_int_equal(item_of(m, 0)->cost, 800);
  assert_int_equal(item_of(m, 0)->gross, 0);
  assert_int_equal(item_of(m, 0)->net, -150);
}

/* 2.6 */
static void
test_what_was_delivered_is_not_computed(G_GNUC_UNUSED void **state)
{
  g_autoptr(Mapped) m =
      online_with("vprod", "\"99\",\"valorb\":\"21\",\"valor\":\"17\",\"custou\":\"3.333333\"");
  const SaleItem *item = item_of(m, 0);
  assert_int_equal(item->gross, 2100);
  assert_int_equal(item->net, 1700);
  assert_int_equal(item->unit_cost, 3333333);
  g_autoptr(Mapped) cost = online_with("fim", "1,\"custo\":\"55.5\"");
  assert_int_equal(cost->sale.cost, 5550);
  g_autoptr(Mapped) empty = online_with("fim", "1,\"custo\":\"\"");
  assert_int_equal(empty->sale.cost, 800);
}

static void
test_negative_quantities_are_kept(G_GNUC_UNUSED void **state)
{
  g_autoptr(Mapped) m = online_with("qtde", "\"-2\"");
  assert_int_equal(item_of(m, 0)->quantity, -20000);
  assert_int_equal(item_of(m, 0)->gross, -2000);
  assert_int_equal(item_of(m, 0)->net, -2150);
}

static void
test_what_does_not_fit_after_all_is_refused(G_GNUC_UNUSED void **state)
{
  g_autofree char *much = with_member(SALE, "qtde", "\"9999999999\"");
  g_autofree char *more = with_member(much, "valorunit", "\"99999999\"");
  assert_rejected(&online_software, more, "NUMERO_INVALIDO", "valorunit");
  g_autofree char *little = with_member(SALE, "qtde", "\"0.0001\"");
  g_autofree char *dear = with_member(little, "vcusto", "999999999999");
  assert_rejected(&online_software, dear, "NUMERO_INVALIDO", "vcusto");
}

/* 0.2 */
static void
test_only_sn01_above_zero_is_valid(G_GNUC_UNUSED void **state)
{
  assert_true(sale_is_valid("SN01", 1));
  assert_false(sale_is_valid("SN01", 0));
  assert_false(sale_is_valid("SN01", -1));
  assert_false(sale_is_valid("sn01", 100));
  assert_false(sale_is_valid("SN02", 100));
  assert_false(sale_is_valid(NULL, 100));
}

/* 5.2: everything that is stored moves the hash, the buyer's phone and mail do not */
static void
test_the_hash_tells_whether_something_stored_changed(G_GNUC_UNUSED void **state)
{
  static const char *const stored[] = {"cliente",  "valor",    "data",      "natureza", "vendedor",
                                       "parceiro", "chave",    "documento", "modelo",   "movimento",
                                       "serie",    "situacao", "codigo",    "qtde",     "valorunit",
                                       "vdesc",    "vcusto",   "cfop"};
  g_autoptr(Mapped) m = online(SALE);
  g_autofree char *hash = sale_hash(&m->sale);
  assert_int_equal(strlen(hash), 64);
  for (gsize i = 0; i < G_N_ELEMENTS(stored); i++) {
    g_autoptr(Mapped) changed =
        online_with(stored[i], g_str_equal(stored[i], "data") ? "\"06/03/2026\"" : "\"77\"");
    g_autofree char *other = sale_hash(&changed->sale);
    if (g_str_equal(hash, other))
      fail_msg("%s is not in the hash", stored[i]);
  }
  g_autoptr(Mapped) phone = online_with("clientefone", "\"21 99999-0000\"");
  g_autoptr(Mapped) notation = online_with("valor", "\"199,900\"");
  g_autofree char *same = sale_hash(&phone->sale), *also = sale_hash(&notation->sale);
  assert_string_equal(hash, same);
  assert_string_equal(hash, also);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_an_items_amounts_are_computed),
      cmocka_unit_test(test_both_sets_of_names_give_the_same_sale),
      cmocka_unit_test(test_the_reference_name_goes_first_unless_it_is_null),
      cmocka_unit_test(test_nothing_is_divided_by_a_quantity_of_zero),
      cmocka_unit_test(test_what_was_delivered_is_not_computed),
      cmocka_unit_test(test_negative_quantities_are_kept),
      cmocka_unit_test(test_what_does_not_fit_after_all_is_refused),
      cmocka_unit_test(test_only_sn01_above_zero_is_valid),
      cmocka_unit_test(test_the_hash_tells_whether_something_stored_changed),
  };
  return cmocka_run_group_tests_name("online items", tests, NULL, NULL) != 0;
}
