/* Who the buyer of a sale is, and what his row tells of him (data-collecting.md 4.2, 4.4). */
#include "crm_fixture.h"

/* DC 27 */
static void
test_an_unknown_buyer_becomes_a_client(void **state)
{
  (void)state;
  Sale *sale = crm_sale("1", "Maria Souza", "100.00");
  sale->client_email = "maria@example.com";
  crm_decide(sale);
  const NewClient *client = new_client(0);
  assert_string_equal(client->name, "Maria Souza");
  assert_string_equal(client->phone, "(11) 98765-4321");
  assert_string_equal(client->phone_base, "1187654321");
  assert_string_equal(client->email, "maria@example.com");
  assert_string_equal(client->title, "CLIENTES RECENTES");
  assert_string_equal(client->origin, "ONLINE-SOFTWARE");
  assert_null(client->external_id);
  assert_null(client->channel);
  assert_null(client->document);
  assert_ptr_equal(planned_sale(0)->client, client->client);
  assert_int_equal(crm.plan->counts.clients_created, 1);
}

/* DC 27 */
static void
test_a_first_sale_dates_the_client_and_counts_for_him(void **state)
{
  (void)state;
  crm_decide(crm_sale("1", "Maria Souza", "99.90"));
  const ClientChange *change = plan_change_of(crm.plan, new_client(0)->client);
  assert_instant(change->first_purchase, NOW);
  assert_instant(change->last_purchase, NOW);
  assert_string_equal(change->first_sale, planned_sale(0)->id);
  assert_string_equal(change->last_sale, planned_sale(0)->id);
  assert_int_equal(change->purchases_change, 1);
  assert_money(change->purchased_change, "99.90");
}

/* DC 28 */
static void
test_a_name_in_other_letters_and_spaces_is_the_same_client(void **state)
{
  (void)state;
  KnownClient *maria = crm_client("MARIA SOUZA", NULL);
  crm_decide(crm_sale("1", " maria   Souza ", "100.00"));
  assert_int_equal(crm.plan->clients->len, 0);
  assert_string_equal(planned_sale(0)->client->id, maria->id);
  assert_null(plan_change_of(crm.plan, planned_sale(0)->client)->external_id);
}

static void
test_accents_make_another_client(void **state)
{
  (void)state;
  crm_client("JOSÉ", NULL);
  crm_decide(crm_sale("1", "Jose", "100.00"));
  assert_int_equal(crm.plan->clients->len, 1);
}

/* DC 29 */
static void
test_a_shared_phone_does_not_merge_relatives(void **state)
{
  (void)state;
  crm_client("PEDRO SOUZA", NULL)->phone_base = "1187654321";
  crm_decide(crm_sale("1", "Maria Souza", "100.00"));
  assert_string_equal(new_client(0)->name, "Maria Souza");
}

/* DC 30 */
static void
test_a_sale_without_a_buyer_is_stored_and_nothing_hangs_on_it(void **state)
{
  (void)state;
  CAMPAIGN(.id = "new", .trigger = TRIGGER_NEW_PURCHASE, .segments = RECENT);
  Sale *sale = crm_sale("1", NULL, "100.00");
  sale->partner = "12345678901";
  sale->has_partner = TRUE;
  crm.rules->program.partner_rate = rate("2");
  crm_decide(sale);
  assert_null(planned_sale(0)->client);
  assert_non_null(planned_sale(0)->partner_id);
  assert_false(planned_sale(0)->attribution_done);
  assert_false(planned_sale(0)->needs_attribution);
  assert_int_equal(crm.plan->movements->len, 0);
  assert_int_equal(crm.plan->interactions->len, 0);
  assert_int_equal(crm.plan->counts.sales_created, 1);
}

/* DC 31 */
static void
test_a_client_of_an_invalid_sale_has_a_last_but_no_first_purchase(void **state)
{
  (void)state;
  Sale *sale = crm_sale("1", "Maria Souza", "100.00");
  sale->nature = "SN02";
  crm_decide(sale);
  const ClientChange *change = plan_change_of(crm.plan, new_client(0)->client);
  assert_true(change->first_purchase == INSTANT_NONE);
  assert_null(change->first_sale);
  assert_instant(change->last_purchase, NOW);
  assert_int_equal(change->purchases_change, 0);
  assert_money(change->purchased_change, "0.00");
}

/* DC 31 */
static void
test_the_first_valid_sale_after_an_invalid_one_is_not_of_a_new_client(void **state)
{
  (void)state;
  CAMPAIGN(.id = "first", .trigger = TRIGGER_FIRST_PURCHASE, .segments = RECENT);
  CAMPAIGN(.id = "new", .trigger = TRIGGER_NEW_PURCHASE, .segments = RECENT);
  Sale *invalid = crm_sale("1", "Maria Souza", "100.00");
  invalid->nature = "SN02";
  crm_decide(invalid);
  crm_decide(crm_sale("2", "Maria Souza", "100.00"));
  assert_int_equal(crm.plan->interactions->len, 1);
  assert_string_equal(interaction(0)->campaign->id, "new");
  assert_string_equal(plan_change_of(crm.plan, new_client(0)->client)->first_sale,
                      planned_sale(1)->id);
}

/* DC 32 */
static void
test_two_sales_of_one_unknown_buyer_are_one_client(void **state)
{
  (void)state;
  CAMPAIGN(.id = "first", .trigger = TRIGGER_FIRST_PURCHASE, .segments = RECENT);
  CAMPAIGN(.id = "new", .trigger = TRIGGER_NEW_PURCHASE, .segments = RECENT);
  crm_decide(crm_sale("1", "Maria Souza", "100.00"));
  crm_decide(crm_sale("2", "MARIA  SOUZA", "50.00"));
  assert_int_equal(crm.plan->clients->len, 1);
  assert_int_equal(crm.plan->interactions->len, 2);
  assert_string_equal(interaction(0)->campaign->id, "first");
  assert_string_equal(interaction(1)->campaign->id, "new");
  assert_int_equal(plan_change_of(crm.plan, new_client(0)->client)->purchases_change, 2);
  assert_money(plan_change_of(crm.plan, new_client(0)->client)->purchased_change, "150.00");
}

/* DC 34 */
static void
test_an_older_sale_does_not_move_the_last_purchase_back(void **state)
{
  (void)state;
  KnownClient *maria = crm_client("MARIA SOUZA", NULL);
  maria->last_purchase = maria->first_purchase = crm.context.now;
  Sale *sale = crm_sale("1", "Maria Souza", "100.00");
  g_date_subtract_days(&sale->day, 1);
  crm_decide(sale);
  const ClientChange *change = plan_change_of(crm.plan, planned_sale(0)->client);
  assert_true(change->last_purchase == INSTANT_NONE);
  assert_null(change->last_sale);
  assert_true(change->first_purchase == INSTANT_NONE); /* it is set once */
  assert_int_equal(change->purchases_change, 1);
}

static void
test_an_invalid_sale_of_an_old_client_moves_his_last_purchase(void **state)
{
  (void)state;
  KnownClient *maria = crm_client("MARIA SOUZA", NULL);
  maria->last_purchase = maria->first_purchase = at("2026-03-01T10:00:00");
  Sale *sale = crm_sale("1", "Maria Souza", "100.00");
  sale->nature = "SN02";
  crm_decide(sale);
  assert_instant(plan_change_of(crm.plan, planned_sale(0)->client)->last_purchase, NOW);
  assert_int_equal(plan_change_of(crm.plan, planned_sale(0)->client)->purchases_change, 0);
}

/* ---- the delivery service: external id, then phone ------------------------------------------- */

/* DC 97 */
static void
test_a_customer_is_found_by_his_number_before_his_phone(void **state)
{
  (void)state;
  KnownClient *by_phone = crm_client("PEDRO", NULL);
  by_phone->phone_base = "1133334444";
  KnownClient *by_number = crm_client("ANA", NULL);
  by_number->external_id = "77";
  crm_decide(crm_order("1", "77", "1133334444"));
  assert_string_equal(planned_sale(0)->client->id, by_number->id);
}

/* DC 97 */
static void
test_a_customer_known_by_phone_gets_his_number(void **state)
{
  (void)state;
  crm_client("PEDRO", NULL)->phone_base = "1133334444";
  crm_decide(crm_order("1", "77", "1133334444"));
  crm_decide(crm_order("2", "77", ""));
  assert_int_equal(crm.plan->clients->len, 0);
  assert_string_equal(plan_change_of(crm.plan, planned_sale(0)->client)->external_id, "77");
  assert_ptr_equal(planned_sale(0)->client, planned_sale(1)->client);
}

static void
test_a_customers_other_number_is_left_alone(void **state)
{
  (void)state;
  KnownClient *pedro = crm_client("PEDRO", NULL);
  pedro->phone_base = "1133334444";
  pedro->external_id = "12";
  crm_decide(crm_order("1", "77", "1133334444"));
  assert_null(plan_change_of(crm.plan, planned_sale(0)->client)->external_id);
  assert_string_equal(planned_sale(0)->client->external_id, "12");
}

static void
test_an_unknown_customer_becomes_a_client_with_his_number(void **state)
{
  (void)state;
  crm_client("ANA LIMA", NULL); /* a name is no key here */
  crm_decide(crm_order("1", "77", "1133334444"));
  assert_string_equal(new_client(0)->external_id, "77");
  assert_string_equal(new_client(0)->origin, "CARDAPIO-WEB");
}

/* DC 97 */
static void
test_a_nameless_customer_is_matched_but_never_made(void **state)
{
  (void)state;
  KnownClient *known = crm_client("ANA", NULL);
  known->phone_base = "1133334444";
  Sale *unknown = crm_order("1", "77", ""), *there = crm_order("2", "78", "1133334444");
  unknown->client_match_only = there->client_match_only = TRUE;
  crm_decide(unknown);
  crm_decide(there);
  assert_int_equal(crm.plan->clients->len, 0);
  assert_null(planned_sale(0)->client);
  assert_false(planned_sale(0)->attribution_done);
  assert_string_equal(planned_sale(1)->client->id, known->id);
}

/* ---- balance row ----------------------------------------------------------------------------- */

/* DC 27 */
static void
test_a_new_client_gets_a_zero_balance_when_there_is_a_program(void **state)
{
  (void)state;
  crm_decide(crm_sale("1", "Maria Souza", "19.99"));
  assert_int_equal(crm.plan->balances->len, 1);
  const KnownBalance *balance = crm.plan->balances->pdata[0];
  assert_true(balance->is_new);
  assert_money(balance->available_change, "0.00");
  assert_string_equal(balance->program_id, "program");
}

/* DC 51 */
static void
test_without_a_program_nobody_gets_a_balance(void **state)
{
  (void)state;
  crm.rules->program.id = NULL;
  crm_decide(crm_sale("1", "Maria Souza", "100.00"));
  assert_int_equal(crm.plan->balances->len, 0);
  assert_int_equal(crm.plan->movements->len, 0);
}

static const struct CMUnitTest tests[] = {
    CASE(test_an_unknown_buyer_becomes_a_client),
    CASE(test_a_first_sale_dates_the_client_and_counts_for_him),
    CASE(test_a_name_in_other_letters_and_spaces_is_the_same_client),
    CASE(test_accents_make_another_client),
    CASE(test_a_shared_phone_does_not_merge_relatives),
    CASE(test_a_sale_without_a_buyer_is_stored_and_nothing_hangs_on_it),
    CASE(test_a_client_of_an_invalid_sale_has_a_last_but_no_first_purchase),
    CASE(test_the_first_valid_sale_after_an_invalid_one_is_not_of_a_new_client),
    CASE(test_two_sales_of_one_unknown_buyer_are_one_client),
    CASE(test_an_older_sale_does_not_move_the_last_purchase_back),
    CASE(test_an_invalid_sale_of_an_old_client_moves_his_last_purchase),
    CASE(test_a_customer_is_found_by_his_number_before_his_phone),
    CASE(test_a_customer_known_by_phone_gets_his_number),
    CASE(test_a_customers_other_number_is_left_alone),
    CASE(test_an_unknown_customer_becomes_a_client_with_his_number),
    CASE(test_a_nameless_customer_is_matched_but_never_made),
    CASE(test_a_new_client_gets_a_zero_balance_when_there_is_a_program),
    CASE(test_without_a_program_nobody_gets_a_balance),
};

RUN("decide: clients", tests)
