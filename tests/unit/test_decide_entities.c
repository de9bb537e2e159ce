/* Products, sellers, partners and add-ons that a sale names (data-collecting.md 2.7, 3.7, 4.5 to
 * 4.7). */
#include "crm_fixture.h"

#define CPF        "12345678909"
#define PARTNER(s) crm_row(crm.plan->partners, NewPartner, s)

static Sale *
partner_sale(const char *id, const char *partner)
{
  Sale *sale = crm_sale(id, "Maria Souza", "100.00");
  sale->partner = partner;
  sale->has_partner = TRUE;
  return sale;
}

/* DC 35 */
static void
test_one_unknown_code_is_one_product_for_all_items(void **state)
{
  (void)state;
  Sale *sale = crm_sale("1", NULL, "100.00");
  crm_item(sale, "10");
  crm_item(sale, "20");
  crm_decide(sale);
  crm_decide(crm_sale("2", NULL, "100.00"));
  assert_int_equal(crm.plan->products->len, 2);
  assert_int_equal(crm.plan->counts.products_created, 2);
  const PlannedItem *first = crm_row(crm.plan->items, PlannedItem, 0);
  const PlannedItem *second = crm_row(crm.plan->items, PlannedItem, 1);
  const PlannedItem *of_other_sale = crm_row(crm.plan->items, PlannedItem, 3);
  assert_string_equal(first->product_id, second->product_id);
  assert_string_equal(first->product_id, of_other_sale->product_id);
  assert_string_equal(crm_row(crm.plan->products, NewProduct, 1)->product->key, "20");
}

/* DC 35 */
static void
test_a_known_product_stays_as_it_is(void **state)
{
  (void)state;
  ledger_add_entity(crm.ledger, ENTITY_PRODUCT, &(KnownEntity){.id = "shirt", .key = "10"});
  crm_decide(crm_sale("1", NULL, "100.00"));
  assert_int_equal(crm.plan->products->len, 0);
  assert_string_equal(crm_row(crm.plan->items, PlannedItem, 0)->product_id, "shirt");
}

/* DC 98 */
static void
test_a_product_is_found_by_the_second_code(void **state)
{
  (void)state;
  ledger_add_entity(crm.ledger, ENTITY_PRODUCT, &(KnownEntity){.id = "pizza", .key = "A1"});
  Sale *sale = crm_order("1", "77", "");
  SaleItem *item = &g_array_index(sale->items, SaleItem, 0);
  item->codes[0] = "7";
  item->codes[1] = "A1";
  crm_decide(sale);
  assert_string_equal(crm_row(crm.plan->items, PlannedItem, 0)->product_id, "pizza");
}

/* DC 98 */
static void
test_items_without_any_code_share_one_product(void **state)
{
  (void)state;
  Sale *sale = crm_order("1", "77", "");
  g_array_set_size(sale->items, 0);
  for (guint i = 0; i < 2; i++) {
    SaleItem *item = crm_item(sale, NULL);
    item->new_code = "N/A";
  }
  crm_decide(sale);
  assert_int_equal(crm.plan->products->len, 1);
  assert_string_equal(crm_row(crm.plan->products, NewProduct, 0)->product->key, "N/A");
}

/* DC 36 */
static void
test_a_seller_is_made_once_and_found_again(void **state)
{
  (void)state;
  Sale *first = crm_sale("1", NULL, "100.00"), *second = crm_sale("2", NULL, "100.00");
  first->seller = second->seller = "ANA";
  first->has_seller = second->has_seller = TRUE;
  crm_decide(first);
  crm_decide(second);
  assert_int_equal(crm.plan->sellers->len, 1);
  assert_string_equal(((const KnownEntity *)crm.plan->sellers->pdata[0])->key, "ANA");
  assert_string_equal(planned_sale(0)->seller_id, planned_sale(1)->seller_id);
  assert_int_equal(crm.plan->counts.sellers_created, 1);
}

/* DC 36, 37 */
static void
test_sentinels_name_neither_a_seller_nor_a_partner(void **state)
{
  (void)state;
  crm_decide(crm_sale("1", NULL, "100.00"));
  assert_null(planned_sale(0)->seller_id);
  assert_null(planned_sale(0)->partner_id);
  assert_int_equal(crm.plan->sellers->len, 0);
  assert_int_equal(crm.plan->partners->len, 0);
}

/* DC 37 */
static void
test_an_unknown_partner_gets_a_client_of_his_own(void **state)
{
  (void)state;
  crm_decide(partner_sale("1", CPF));
  const NewClient *client = new_client(1);
  assert_string_equal(client->name, "NÃO DEFINIDO");
  assert_string_equal(client->document, "123.456.789-09");
  assert_string_equal(client->channel, "PARCEIRO");
  assert_string_equal(client->phone, "");
  assert_string_equal(client->phone_base, "");
  assert_null(client->origin);
  assert_null(client->title);
  assert_null(known_balance(client->client, "program"));
  assert_string_equal(PARTNER(0)->partner->key, CPF);
  assert_string_equal(PARTNER(0)->document, "123.456.789-09");
  assert_ptr_equal(PARTNER(0)->partner->client, client->client);
  assert_string_equal(planned_sale(0)->partner_id, PARTNER(0)->partner->id);
  assert_int_equal(crm.plan->counts.clients_created, 2);
  assert_int_equal(crm.plan->counts.partners_created, 1);
}

/* DC 37 */
static void
test_a_partner_is_linked_to_the_client_with_his_document(void **state)
{
  (void)state;
  KnownClient *pedro = crm_client("PEDRO", NULL);
  pedro->document = CPF;
  crm_decide(partner_sale("1", "123.456.789-09"));
  assert_int_equal(crm.plan->clients->len, 1); /* the buyer */
  assert_string_equal(PARTNER(0)->partner->client->id, pedro->id);
}

/* DC 38 */
static void
test_two_unknown_partners_are_two_clients(void **state)
{
  (void)state;
  crm_decide(partner_sale("1", "ABC"));
  crm_decide(partner_sale("2", "DEF"));
  crm_decide(partner_sale("3", "ABC"));
  assert_int_equal(crm.plan->partners->len, 2);
  assert_ptr_not_equal(PARTNER(0)->partner->client, PARTNER(1)->partner->client);
  assert_null(PARTNER(0)->document);
  assert_string_equal(planned_sale(2)->partner_id, planned_sale(0)->partner_id);
}

static void
test_a_document_written_in_two_ways_is_one_client_of_two_partners(void **state)
{
  (void)state;
  crm_decide(partner_sale("1", CPF));
  crm_decide(partner_sale("2", "123.456.789-09"));
  assert_int_equal(crm.plan->partners->len, 2);
  assert_ptr_equal(PARTNER(0)->partner->client, PARTNER(1)->partner->client);
}

static void
test_a_short_number_is_no_document_to_be_found_by(void **state)
{
  (void)state;
  crm_client("PEDRO", NULL)->document = "123";
  crm_decide(partner_sale("1", "123"));
  assert_string_equal(PARTNER(0)->partner->client->id, new_client(1)->client->id);
  assert_string_equal(PARTNER(0)->document, "123");
}

static void
test_a_known_partner_keeps_having_no_client(void **state)
{
  (void)state;
  ledger_add_entity(crm.ledger, ENTITY_PARTNER, &(KnownEntity){.id = "partner", .key = CPF});
  crm.rules->program.partner_rate = rate("2");
  crm_decide(partner_sale("1", CPF));
  assert_int_equal(crm.plan->clients->len, 1);
  assert_string_equal(planned_sale(0)->partner_id, "partner");
  assert_int_equal(crm.plan->movements->len, 1); /* the buyer's */
}

static void
test_a_buyer_of_the_placeholders_name_is_not_a_partners_client(void **state)
{
  (void)state;
  KnownClient *placeholder = crm_client("NÃO DEFINIDO", NULL);
  placeholder->is_placeholder = TRUE;
  crm_decide(crm_sale("1", "Não definido", "100.00"));
  assert_string_equal(new_client(0)->name, "Não definido");
}

/* DC 39 */
static void
test_a_partners_identifier_as_a_document(void **state)
{
  (void)state;
  const struct {
    const char *identifier, *document, *digits;
  } cases[] = {
      {"12345678901", "123.456.789-01", "12345678901"},
      {"123.456.789-01", "123.456.789-01", "12345678901"},
      {"12345678000199", "12.345.678/0001-99", "12345678000199"},
      {"123456780001990", "12.345.678/0001-99", "12345678000199"},
      {"123", "123", NULL},
      {"1234567890123", "1234567890123", NULL},
      {"ABC", NULL, NULL},
  };
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *document = partner_document(cases[i].identifier);
    g_autofree char *digits = partner_digits(cases[i].identifier);
    assert_int_equal(g_strcmp0(document, cases[i].document), 0);
    assert_int_equal(g_strcmp0(digits, cases[i].digits), 0);
  }
}

/* DC 99 */
static void
test_add_ons_and_their_options_are_made_once(void **state)
{
  (void)state;
  const SaleOption options[] = {
      {.group_id = "1", .group_name = "Borda", .option_id = "11", .name = "Catupiry"},
      {.group_id = "1", .group_name = "Borda", .option_id = "12", .name = "Cheddar"},
      {.group_id = "1", .group_name = "Borda", .option_id = "11", .name = "Catupiry"},
      {.group_id = NULL, .option_id = "13", .name = "Solta"},
      {.group_id = "2", .group_name = "Molho", .option_id = NULL, .name = "Sem número"},
  };
  Sale *sale = crm_order("1", "77", "");
  SaleItem *item = &g_array_index(sale->items, SaleItem, 0);
  item->options = sale_arena_options(crm.arena);
  g_array_append_vals(item->options, options, G_N_ELEMENTS(options));
  crm_decide(sale);
  assert_int_equal(crm.plan->groups->len, 2);
  assert_int_equal(crm.plan->options->len, 2);
  const NewAddOn *cheddar = crm_row(crm.plan->options, NewAddOn, 1);
  assert_string_equal(cheddar->entity->key, "12");
  assert_ptr_equal(cheddar->group, crm_row(crm.plan->groups, NewAddOn, 0)->entity);
  assert_int_equal(crm.plan->counts.add_ons_created, 4);
  crm_store();
  Sale *next = crm_again(sale);
  next->external_id = "2";
  crm_decide(next);
  assert_int_equal(crm.plan->groups->len + crm.plan->options->len, 0);
}

static const struct CMUnitTest tests[] = {
    CASE(test_one_unknown_code_is_one_product_for_all_items),
    CASE(test_a_known_product_stays_as_it_is),
    CASE(test_a_product_is_found_by_the_second_code),
    CASE(test_items_without_any_code_share_one_product),
    CASE(test_a_seller_is_made_once_and_found_again),
    CASE(test_sentinels_name_neither_a_seller_nor_a_partner),
    CASE(test_an_unknown_partner_gets_a_client_of_his_own),
    CASE(test_a_partner_is_linked_to_the_client_with_his_document),
    CASE(test_two_unknown_partners_are_two_clients),
    CASE(test_a_document_written_in_two_ways_is_one_client_of_two_partners),
    CASE(test_a_short_number_is_no_document_to_be_found_by),
    CASE(test_a_known_partner_keeps_having_no_client),
    CASE(test_a_buyer_of_the_placeholders_name_is_not_a_partners_client),
    CASE(test_a_partners_identifier_as_a_document),
    CASE(test_add_ons_and_their_options_are_made_once),
};

RUN("decide: products, sellers, partners, add-ons", tests)
