/* What a batch knows: found by its keys, the first of several candidates counts
 * (data-collecting.md 1.7.9, 4.2). */
#include "unit.h"

#include "crm/known.h"

static int
set_up(void **state)
{
  *state = known_new();
  return 0;
}

static int
tear_down(void **state)
{
  known_free(*state);
  return 0;
}

static void
test_the_older_of_two_clients_with_one_name_is_found(void **state)
{
  KnownClient *older = known_add_client(*state, &(KnownClient){.id = "a", .name_key = "ANA"});
  KnownClient *newer = known_add_client(*state, &(KnownClient){.id = "b", .name_key = "ANA"});
  assert_ptr_equal(known_client_of_name(*state, "ANA"), older);
  assert_ptr_equal(known_client(*state, "b"), newer);
}

static void
test_a_client_is_found_by_each_of_his_keys(void **state)
{
  KnownClient *ana = known_add_client(*state, &(KnownClient){.id = "a",
                                                             .name_key = "ANA",
                                                             .external_id = "7",
                                                             .phone_base = "1133334444",
                                                             .document = "12345678901"});
  assert_ptr_equal(known_client_of_name(*state, "ANA"), ana);
  assert_ptr_equal(known_client_of_external_id(*state, "7"), ana);
  assert_ptr_equal(known_client_of_phone(*state, "1133334444"), ana);
  assert_ptr_equal(known_client_of_document(*state, "12345678901"), ana);
  assert_null(known_client_of_name(*state, "7"));
}

static void
test_clients_without_a_key_are_not_found_by_its_absence(void **state)
{
  known_add_client(*state, &(KnownClient){.id = "a", .name_key = "ANA", .phone_base = ""});
  assert_null(known_client_of_phone(*state, ""));
  assert_null(known_client_of_external_id(*state, NULL));
  assert_null(known_client_of_document(*state, NULL));
}

static void
test_a_partners_placeholder_is_found_by_its_document_alone(void **state)
{
  KnownClient *partner = known_add_client(*state, &(KnownClient){.id = "p",
                                                                 .name_key = "NÃO DEFINIDO",
                                                                 .external_id = "7",
                                                                 .phone_base = "1133334444",
                                                                 .document = "12345678901",
                                                                 .is_placeholder = TRUE});
  assert_null(known_client_of_name(*state, "NÃO DEFINIDO"));
  assert_null(known_client_of_external_id(*state, "7"));
  assert_null(known_client_of_phone(*state, "1133334444"));
  assert_ptr_equal(known_client_of_document(*state, "12345678901"), partner);
}

static void
test_a_client_given_an_external_id_is_found_by_it(void **state)
{
  KnownClient *ana = known_add_client(*state, &(KnownClient){.id = "a", .name_key = "ANA"});
  known_set_external_id(*state, ana, "7");
  assert_ptr_equal(known_client_of_external_id(*state, "7"), ana);
  assert_string_equal(ana->external_id, "7");
}

static void
test_the_newest_message_of_a_campaign_counts(void **state)
{
  KnownClient *ana = known_add_client(*state, &(KnownClient){.id = "a"});
  KnownClient *bia = known_add_client(*state, &(KnownClient){.id = "b"});
  Instant at = INSTANT_NONE;
  known_add_contact(*state, ana, "welcome", 20);
  known_add_contact(*state, ana, "welcome", 10);
  known_add_contact(*state, ana, "other", 30);
  assert_true(known_last_contact(*state, ana, "welcome", &at));
  assert_int_equal(at, 20);
  known_add_contact(*state, ana, "welcome", 40);
  assert_true(known_last_contact(*state, ana, "welcome", &at));
  assert_int_equal(at, 40);
  assert_false(known_last_contact(*state, bia, "welcome", &at));
  assert_int_equal(at, 40);
}

static void
test_a_touch_is_the_clients_own(void **state)
{
  KnownClient *ana = known_add_client(*state, &(KnownClient){.id = "a"});
  KnownClient *bia = known_add_client(*state, &(KnownClient){.id = "b"});
  known_add_touch(*state, ana);
  assert_true(known_has_touch(*state, ana));
  assert_false(known_has_touch(*state, bia));
}

static void
test_a_client_has_a_balance_in_each_program(void **state)
{
  KnownClient *ana = known_add_client(*state, &(KnownClient){.id = "a"});
  known_add_balance(*state, ana, &(KnownBalance){.program_id = "old", .available = 1});
  known_add_balance(*state, ana, &(KnownBalance){.program_id = "new", .available = 2});
  assert_int_equal(known_balance(ana, "old")->available, 1);
  assert_int_equal(known_balance(ana, "new")->available, 2);
  assert_ptr_equal(known_balance(ana, "new")->client, ana);
  assert_null(known_balance(ana, "third"));
  assert_null(known_balance(ana, NULL));
}

static void
test_movements_of_a_sale_keep_their_order(void **state)
{
  const char *const ids[] = {"third", "first", "second"};
  assert_null(known_movements(*state, "sale"));
  for (guint i = 0; i < G_N_ELEMENTS(ids); i++)
    known_add_movement(*state, &(KnownMovement){.id = ids[i], .sale_id = "sale"});
  known_add_movement(*state, &(KnownMovement){.id = "x", .sale_id = "other"});
  const GPtrArray *movements = known_movements(*state, "sale");
  assert_int_equal(movements->len, 3);
  for (guint i = 0; i < G_N_ELEMENTS(ids); i++)
    assert_string_equal(((const KnownMovement *)movements->pdata[i])->id, ids[i]);
}

static void
test_products_sellers_and_partners_do_not_mix(void **state)
{
  known_add_entity(*state, ENTITY_PRODUCT, &(KnownEntity){.id = "p", .key = "10"});
  known_add_entity(*state, ENTITY_SELLER, &(KnownEntity){.id = "s", .key = "ANA"});
  known_add_entity(*state, ENTITY_GROUP, &(KnownEntity){.id = "g", .key = "10"});
  assert_string_equal(known_entity(*state, ENTITY_PRODUCT, "10")->id, "p");
  assert_string_equal(known_entity(*state, ENTITY_GROUP, "10")->id, "g");
  assert_string_equal(known_entity(*state, ENTITY_SELLER, "ANA")->id, "s");
  assert_null(known_entity(*state, ENTITY_OPTION, "10"));
  assert_null(known_entity(*state, ENTITY_PARTNER, "ANA"));
  assert_null(known_entity(*state, ENTITY_PRODUCT, NULL));
}

int
main(void)
{
#define CASE(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
  const struct CMUnitTest tests[] = {
      CASE(test_the_older_of_two_clients_with_one_name_is_found),
      CASE(test_a_client_is_found_by_each_of_his_keys),
      CASE(test_clients_without_a_key_are_not_found_by_its_absence),
      CASE(test_a_partners_placeholder_is_found_by_its_document_alone),
      CASE(test_a_client_given_an_external_id_is_found_by_it),
      CASE(test_the_newest_message_of_a_campaign_counts),
      CASE(test_a_touch_is_the_clients_own),
      CASE(test_a_client_has_a_balance_in_each_program),
      CASE(test_movements_of_a_sale_keep_their_order),
      CASE(test_products_sellers_and_partners_do_not_mix),
  };
  return cmocka_run_group_tests_name("known", tests, NULL, NULL);
}
