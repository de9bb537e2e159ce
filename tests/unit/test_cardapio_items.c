/* Items and add-ons of CardapioWeb's orders (data-collecting.md 3.7). */
#include "sale_fixture.h"

#define OPTION                                                                                     \
  "{\"option_id\":31,\"external_code\":\"OP\",\"name\":\"Bacon\",\"quantity\":2,"                  \
  "\"unit_price\":2.50,\"option_group_id\":30,\"option_group_name\":\"Extras\","                   \
  "\"option_group_total_selected_options\":3,\"fim\":1}"
#define ITEM                                                                                       \
  "{\"item_id\":7,\"order_item_id\":70,\"external_code\":\"A1\",\"name\":\"X-Burger\","            \
  "\"quantity\":2,\"unit_price\":10.5,\"total_price\":26.00,\"kind\":\"regular_item\","            \
  "\"status\":\"ok\",\"observation\":\"bem passado\",\"options\":[" OPTION "]}"

static Mapped *
order_of(const char *items)
{
  g_autofree char *record =
      g_strdup_printf("{\"id\":1,\"status\":\"closed\",\"total\":26,"
                      "\"created_at\":\"2026-03-05T10:00:00Z\",\"items\":[%s]}",
                      items);
  return map_fine(&cardapio_web, record);
}

static Mapped *
order_with(const char *name, const char *value)
{
  g_autofree char *item = with_member(ITEM, name, value);
  return order_of(item);
}

static void
test_an_items_amounts_are_those_delivered(G_GNUC_UNUSED void **state)
{
  g_autoptr(Mapped) m = order_of(ITEM);
  const SaleItem *item = item_of(m, 0);
  assert_int_equal(item->quantity, 20000);
  assert_int_equal(item->unit_price, 10500000);
  assert_int_equal(item->net, 2600);
  assert_int_equal(item->gross, 2600);
  assert_int_equal(item->discount, 0);
  assert_int_equal(item->cost, 0);
  assert_int_equal(item->unit_cost, 0);
}

/* DC 98 */
static void
test_a_product_is_looked_for_by_id_then_by_code(G_GNUC_UNUSED void **state)
{
  g_autoptr(Mapped) both = order_of(ITEM);
  assert_text(item_of(both, 0)->codes[0], "7");
  assert_text(item_of(both, 0)->codes[1], "A1");
  assert_text(item_of(both, 0)->new_code, "A1");
  g_autoptr(Mapped) id = order_with("external_code", "\"\"");
  assert_text(item_of(id, 0)->codes[0], "7");
  assert_text(item_of(id, 0)->codes[1], NULL);
  assert_text(item_of(id, 0)->new_code, "7");
  g_autoptr(Mapped) code = order_with("item_id", "null");
  assert_text(item_of(code, 0)->codes[0], "A1");
  assert_text(item_of(code, 0)->codes[1], NULL);
  assert_text(item_of(code, 0)->new_code, "A1");
  g_autoptr(Mapped) none = order_of("{\"item_id\":null,\"name\":\"X\"}");
  assert_text(item_of(none, 0)->codes[0], "N/A");
  assert_text(item_of(none, 0)->codes[1], NULL);
  assert_text(item_of(none, 0)->new_code, "N/A");
}

static void
test_a_new_product_is_described_by_the_item(G_GNUC_UNUSED void **state)
{
  g_autoptr(Mapped) m = order_of(ITEM);
  const SaleItem *item = item_of(m, 0);
  assert_text(item->description, "X-Burger");
  assert_text(item->unit, "UN");
  assert_text(item->group, "PRODUTOS");
  assert_text(item->ncm, "");
  assert_text(item->kind, "regular_item");
  g_autoptr(Mapped) combo = order_with("kind", "\"combo\"");
  assert_text(item_of(combo, 0)->group, "COMBOS");
}

/* DC 98 */
static void
test_cancelled_items_are_dropped_and_the_rest_keep_their_order(G_GNUC_UNUSED void **state)
{
  g_autofree char *canceled = with_member(ITEM, "status", "\"canceled\"");
  g_autofree char *other = with_member(ITEM, "item_id", "8");
  g_autofree char *items = g_strjoin(",", ITEM, canceled, other, NULL);
  g_autoptr(Mapped) m = order_of(items);
  assert_int_equal(m->sale.items->len, 2);
  assert_text(item_of(m, 0)->codes[0], "7");
  assert_text(item_of(m, 1)->codes[0], "8");
}

/* DC 99 */
static void
test_options_are_listed_in_the_item(G_GNUC_UNUSED void **state)
{
  g_autoptr(Mapped) m = order_of(ITEM);
  assert_text(item_of(m, 0)->metadata,
              "{\"observacao\":\"bem passado\",\"options\":[{\"addOnIdExterno\":\"30\","
              "\"optionIdExterno\":\"31\",\"quantidade\":2,\"valorUnitario\":2.5}]}");
  assert_int_equal(item_of(m, 0)->options->len, 1);
  const SaleOption *option = &g_array_index(item_of(m, 0)->options, SaleOption, 0);
  assert_text(option->group_id, "30");
  assert_text(option->group_name, "Extras");
  assert_int_equal(option->group_max, 3);
  assert_text(option->option_id, "31");
  assert_text(option->name, "Bacon");
  assert_text(option->code, "OP");
  assert_int_equal(option->price, 250);
}

static void
test_options_without_ids_are_skipped(G_GNUC_UNUSED void **state)
{
  static const char *const names[] = {"option_id", "option_group_id"};
  for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
    g_autoptr(Mapped) m = order_with(names[i], "null");
    assert_int_equal(item_of(m, 0)->options->len, 0);
    assert_text(item_of(m, 0)->metadata, "{\"observacao\":\"bem passado\",\"options\":[]}");
  }
}

static void
test_an_options_gaps_have_their_defaults(G_GNUC_UNUSED void **state)
{
  g_autoptr(Mapped) m = order_of("{\"options\":[{\"option_id\":\"1\",\"option_group_id\":\"2\","
                                 "\"option_group_total_selected_options\":0}]}");
  const SaleOption *option = &g_array_index(item_of(m, 0)->options, SaleOption, 0);
  assert_text(option->group_name, "");
  assert_int_equal(option->group_max, 1);
  assert_text(option->name, "");
  assert_text(option->code, NULL);
  assert_int_equal(option->price, 0);
  assert_text(item_of(m, 0)->metadata,
              "{\"observacao\":null,\"options\":[{\"addOnIdExterno\":\"2\","
              "\"optionIdExterno\":\"1\",\"quantidade\":0,\"valorUnitario\":0}]}");
}

static void
test_an_option_that_changed_changes_the_hash(G_GNUC_UNUSED void **state)
{
  g_autoptr(Mapped) m = order_of(ITEM);
  g_autoptr(Mapped) changed = order_with("option_id", "32");
  g_autofree char *hash = sale_hash(&m->sale), *other = sale_hash(&changed->sale);
  assert_string_not_equal(hash, other);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_an_items_amounts_are_those_delivered),
      cmocka_unit_test(test_a_product_is_looked_for_by_id_then_by_code),
      cmocka_unit_test(test_a_new_product_is_described_by_the_item),
      cmocka_unit_test(test_cancelled_items_are_dropped_and_the_rest_keep_their_order),
      cmocka_unit_test(test_options_are_listed_in_the_item),
      cmocka_unit_test(test_options_without_ids_are_skipped),
      cmocka_unit_test(test_an_options_gaps_have_their_defaults),
      cmocka_unit_test(test_an_option_that_changed_changes_the_hash),
  };
  return cmocka_run_group_tests_name("cardapio items", tests, NULL, NULL) != 0;
}
