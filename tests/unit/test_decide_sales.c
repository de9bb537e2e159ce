/* A new sale, a changed one, and what their transitions mean (data-collecting.md 2.5, 5). */
#include "crm_fixture.h"

#include "base/decimal.h"

/* DC 40, 44 */
static void
test_a_new_sale_brings_its_items_in_order(void **state)
{
  (void)state;
  Sale *sale = crm_sale("1", "Maria Souza", "100.00");
  crm_item(sale, "20");
  crm_decide(sale);
  assert_true(planned_sale(0)->is_new);
  assert_ptr_equal(planned_sale(0)->sale, sale);
  g_autofree char *hash = sale_hash(sale);
  assert_string_equal(planned_sale(0)->hash, hash);
  assert_int_equal(crm.plan->items->len, 2);
  for (guint i = 0; i < 2; i++) {
    const PlannedItem *item = crm_row(crm.plan->items, PlannedItem, i);
    assert_int_equal(item->number, i + 1);
    assert_string_equal(item->sale_id, planned_sale(0)->id);
    assert_ptr_equal(item->item, &g_array_index(sale->items, SaleItem, i));
    assert_ptr_equal(item->client, planned_sale(0)->client);
  }
}

/* DC 42 */
static void
test_a_sale_dated_today_is_of_now_and_an_older_one_of_its_midnight(void **state)
{
  (void)state;
  Sale *yesterday = crm_sale("2", NULL, "100.00");
  Sale *told = crm_sale("3", NULL, "100.00");
  g_date_subtract_days(&yesterday->day, 1);
  told->at = at("2026-03-05T09:15:30");
  crm_decide(crm_sale("1", NULL, "100.00"));
  crm_decide(yesterday);
  crm_decide(told);
  assert_instant(planned_sale(0)->at, NOW);
  assert_instant(planned_sale(1)->at, "2026-03-04T00:00:00");
  assert_instant(planned_sale(2)->at, "2026-03-05T09:15:30");
}

/* DC 42 */
static void
test_a_changed_sale_of_the_same_day_keeps_its_time(void **state)
{
  (void)state;
  Sale *sale = crm_sale("1", NULL, "100.00");
  crm_import(sale);
  crm.context.now = at("2026-03-05T18:00:00");
  Sale *changed = crm_again(sale);
  changed->document = "4711";
  crm_decide(changed);
  assert_instant(planned_sale(0)->at, NOW);
  crm_store();
  Sale *moved = crm_again(changed);
  g_date_subtract_days(&moved->day, 1);
  crm_decide(moved);
  assert_instant(planned_sale(0)->at, "2026-03-04T00:00:00");
}

/* DC 43 */
static void
test_the_same_record_again_writes_nothing(void **state)
{
  (void)state;
  CAMPAIGN(.id = "new", .trigger = TRIGGER_NEW_PURCHASE, .segments = RECENT, .may_recur = TRUE);
  Sale *sale = crm_sale("1", "Maria Souza", "100.00");
  crm_import(sale);
  crm_decide(crm_again(sale));
  assert_true(plan_is_empty(crm.plan));
  assert_int_equal(crm.plan->counts.sales_unchanged, 1);
  assert_int_equal(crm.plan->movements->len + crm.plan->interactions->len, 0);
}

static void
test_an_order_whose_state_alone_moved_is_touched_and_unchanged(void **state)
{
  (void)state;
  Sale *sale = crm_order("1", "77", "");
  sale->erp_status = "closed";
  sale->erp_updated_at = "2026-03-05T14:00:00-03:00";
  crm_import(sale);
  Sale *moved = crm_again(sale);
  moved->erp_updated_at = "2026-03-05T14:05:00-03:00";
  crm_decide(moved);
  assert_int_equal(crm.plan->sales->len, 0);
  assert_string_equal(crm_row(crm.plan->touched, TouchedSale, 0)->id,
                      ledger_sale(crm.ledger, "1")->id);
  assert_false(plan_is_empty(crm.plan));
  assert_int_equal(crm.plan->counts.sales_unchanged, 1);
  crm_store();
  crm_decide(crm_again(moved));
  assert_true(plan_is_empty(crm.plan));
}

/* DC 44 */
static void
test_changed_items_replace_the_old_ones(void **state)
{
  (void)state;
  CAMPAIGN(.id = "new", .trigger = TRIGGER_NEW_PURCHASE, .segments = RECENT);
  Sale *sale = crm_sale("1", "Maria Souza", "100.00");
  crm_import(sale);
  Sale *changed = crm_again(sale);
  crm_item(changed, "20");
  crm_decide(changed);
  assert_false(planned_sale(0)->is_new);
  assert_string_equal(planned_sale(0)->id, ledger_sale(crm.ledger, "1")->id);
  assert_int_equal(crm.plan->items->len, 2);
  assert_int_equal(crm.plan->products->len, 1);
  assert_int_equal(crm.plan->interactions->len, 0);
  assert_int_equal(crm.plan->counts.sales_updated, 1);
  assert_int_equal(crm.plan->changes->len, 0); /* neither dates nor totals */
}

/* DC 44 */
static void
test_an_anonymous_record_leaves_the_stored_client(void **state)
{
  (void)state;
  Sale *sale = crm_sale("1", "Maria Souza", "100.00");
  crm_import(sale);
  Sale *anonymous = crm_again(sale);
  anonymous->client_name = NULL;
  crm_decide(anonymous);
  assert_null(planned_sale(0)->client);
  assert_ptr_equal(crm_row(crm.plan->items, PlannedItem, 0)->client->name_key,
                   known_client_of_name(crm.known, "MARIA SOUZA")->name_key);
}

static void
test_a_client_made_by_a_change_is_dated_by_that_sale_and_earns_nothing(void **state)
{
  (void)state;
  Sale *sale = crm_sale("1", NULL, "100.00");
  crm_import(sale);
  Sale *named = crm_again(sale);
  named->client_name = "Maria Souza";
  crm_decide(named);
  const ClientChange *change = plan_change_of(crm.plan, new_client(0)->client);
  assert_instant(change->first_purchase, NOW);
  assert_instant(change->last_purchase, NOW);
  assert_string_equal(change->last_sale, planned_sale(0)->id);
  assert_int_equal(change->purchases_change, 0);
  assert_int_equal(crm.plan->balances->len, 1);
  assert_int_equal(crm.plan->movements->len, 0);
  assert_ptr_equal(planned_sale(0)->client, new_client(0)->client);
}

/* ---- attribution: who needs a look at it (8) ------------------------------------------------- */

/* DC 79 */
static void
test_only_a_client_who_was_written_to_needs_attribution(void **state)
{
  (void)state;
  KnownClient *maria = crm_client("MARIA SOUZA", NULL);
  LedgerInteraction executed = {maria, "new", NULL, at("2026-03-02T09:00:00"), TRUE};
  ledger_add_interaction(crm.ledger, &executed);
  crm_decide(crm_sale("1", "Maria Souza", "100.00"));
  crm_decide(crm_sale("2", "Ana Lima", "100.00"));
  crm_decide(crm_sale("3", "Maria Souza", "0"));
  assert_true(planned_sale(0)->needs_attribution);
  assert_false(planned_sale(0)->attribution_done);
  assert_false(planned_sale(1)->needs_attribution);
  assert_true(planned_sale(1)->attribution_done);
  assert_false(planned_sale(2)->needs_attribution);
  assert_false(planned_sale(2)->attribution_done);
}

/* DC 17 */
static void
test_a_sale_first_seen_afterwards_earns_nothing(void **state)
{
  (void)state;
  crm.context.is_retroactive = TRUE;
  CAMPAIGN(.id = "first", .trigger = TRIGGER_FIRST_PURCHASE, .segments = RECENT);
  crm_decide(crm_sale("1", "Maria Souza", "100.00"));
  const ClientChange *change = plan_change_of(crm.plan, new_client(0)->client);
  assert_int_equal(crm.plan->movements->len + crm.plan->interactions->len, 0);
  assert_false(planned_sale(0)->needs_attribution);
  assert_false(planned_sale(0)->attribution_done);
  assert_instant(change->first_purchase, NOW);
  assert_int_equal(change->purchases_change, 0);
  assert_int_equal(crm.plan->balances->len, 1);
}

static void
test_totals_that_would_burst_their_column_refuse_the_sale(void **state)
{
  (void)state;
  crm_client("MARIA SOUZA", NULL)->purchased = DECIMAL_MONEY_MAX - brl("99.99");
  assert_int_equal(crm_try(crm_sale("1", "Maria Souza", "100.00")), DECIDE_OVERFLOW);
  assert_true(plan_is_empty(crm.plan));
  assert_int_equal(crm.plan->changes->len + crm.plan->balances->len + crm.plan->products->len, 0);
  crm_decide(crm_sale("2", "Maria Souza", "99.99"));
}

static const struct CMUnitTest tests[] = {
    CASE(test_a_new_sale_brings_its_items_in_order),
    CASE(test_a_sale_dated_today_is_of_now_and_an_older_one_of_its_midnight),
    CASE(test_a_changed_sale_of_the_same_day_keeps_its_time),
    CASE(test_the_same_record_again_writes_nothing),
    CASE(test_an_order_whose_state_alone_moved_is_touched_and_unchanged),
    CASE(test_changed_items_replace_the_old_ones),
    CASE(test_an_anonymous_record_leaves_the_stored_client),
    CASE(test_a_client_made_by_a_change_is_dated_by_that_sale_and_earns_nothing),
    CASE(test_only_a_client_who_was_written_to_needs_attribution),
    CASE(test_a_sale_first_seen_afterwards_earns_nothing),
    CASE(test_totals_that_would_burst_their_column_refuse_the_sale),
};

RUN("decide: sales", tests)
