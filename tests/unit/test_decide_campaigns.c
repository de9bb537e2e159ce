/* Which campaigns a purchase fires (data-collecting.md 7.1 to 7.4). */
#include "crm_fixture.h"

#include <string.h>

static guint
fired(void)
{
  return crm.plan->interactions->len;
}

static void
assert_fired(guint i, const char *campaign)
{
  assert_string_equal(interaction(i)->campaign->id, campaign);
}

/* A client with purchases, as the tables have him. */
static KnownClient *
maria(const char *title, gint64 purchases, const char *purchased)
{
  KnownClient *client = crm_client("MARIA SOUZA", "0.00");
  client->title = title;
  client->purchases = purchases;
  client->purchased = brl(purchased);
  return client;
}

static void
buy(const char *id, const char *total)
{
  crm_decide(crm_sale(id, "Maria Souza", total));
}

/* DC 66 */
static void
test_the_first_purchase_greets_recent_clients_only(void **state)
{
  (void)state;
  CAMPAIGN(.id = "recent", .trigger = TRIGGER_FIRST_PURCHASE,
           .segments = SEGMENTS("EM RISCO", "CLIENTES RECENTES"));
  CAMPAIGN(.id = "at risk", .trigger = TRIGGER_FIRST_PURCHASE, .segments = SEGMENTS("EM RISCO"));
  CAMPAIGN(.id = "nobody", .trigger = TRIGGER_FIRST_PURCHASE, .segments = (const char *[]){NULL});
  CAMPAIGN(.id = "unset", .trigger = TRIGGER_FIRST_PURCHASE);
  CAMPAIGN(.id = "new", .trigger = TRIGGER_NEW_PURCHASE, .segments = RECENT);
  buy("1", "1.00");
  assert_int_equal(fired(), 1);
  assert_fired(0, "recent");
}

/* DC 66 */
static void
test_a_known_client_has_no_first_purchase(void **state)
{
  (void)state;
  maria(NULL, 0, "0");
  CAMPAIGN(.id = "first", .trigger = TRIGGER_FIRST_PURCHASE, .segments = RECENT);
  buy("1", "100.00");
  assert_int_equal(fired(), 0);
}

/* DC 67 */
static void
test_a_new_purchase_asks_for_a_value_and_a_segment(void **state)
{
  (void)state;
  maria("CLIENTES LEAIS", 3, "300.00");
  CAMPAIGN(.id = "loyal", .trigger = TRIGGER_NEW_PURCHASE, .segments = SEGMENTS("CLIENTES LEAIS"),
           .minimum_value = brl("50.00"), .may_recur = TRUE);
  CAMPAIGN(.id = "recent", .trigger = TRIGGER_NEW_PURCHASE, .segments = RECENT);
  CAMPAIGN(.id = "case", .trigger = TRIGGER_NEW_PURCHASE, .segments = SEGMENTS("Clientes Leais"));
  CAMPAIGN(.id = "nobody", .trigger = TRIGGER_NEW_PURCHASE);
  buy("1", "49.99");
  assert_int_equal(fired(), 0);
  buy("2", "50.00");
  assert_int_equal(fired(), 1);
  assert_fired(0, "loyal");
}

/* DC 67 */
static void
test_a_client_without_a_title_is_a_recent_one(void **state)
{
  (void)state;
  maria(NULL, 3, "300.00");
  CAMPAIGN(.id = "recent", .trigger = TRIGGER_NEW_PURCHASE, .segments = RECENT);
  buy("1", "0.01");
  assert_int_equal(fired(), 1);
}

/* DC 68 */
static void
test_accumulated_cashback_has_two_thresholds(void **state)
{
  const struct {
    const char *balance, *total;
    guint fired;
  } cases[] = {{"6.99", "100.00", 0}, {"7.00", "100.00", 1}, {"50.00", "99.80", 0}};
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    crm_tear_down(state);
    crm_set_up(state);
    crm_client("MARIA SOUZA", cases[i].balance);
    CAMPAIGN(.id = "cashback", .trigger = TRIGGER_CASHBACK, .segments = RECENT,
             .minimum_cashback = brl("5.00"), .minimum_balance = brl("12.00"));
    buy("1", cases[i].total);
    assert_int_equal(fired(), cases[i].fired);
  }
}

static void
test_accumulated_cashback_without_thresholds_needs_an_amount(void **state)
{
  (void)state;
  maria(NULL, 1, "10.00");
  CAMPAIGN(.id = "cashback", .trigger = TRIGGER_CASHBACK, .segments = RECENT, .may_recur = TRUE);
  CAMPAIGN(.id = "nobody", .trigger = TRIGGER_CASHBACK, .may_recur = TRUE);
  buy("1", "19.99"); /* below the program's minimum */
  assert_int_equal(fired(), 0);
  buy("2", "20.00");
  assert_int_equal(fired(), 1);
}

/* DC 68 */
static void
test_the_balance_counts_what_earlier_campaigns_of_the_sale_generated(void **state)
{
  (void)state;
  CAMPAIGN(.id = "first", .trigger = TRIGGER_FIRST_PURCHASE, .segments = RECENT,
           .cashback = {AMOUNT_FIXED, rate("3")});
  CAMPAIGN(.id = "eight", .trigger = TRIGGER_CASHBACK, .segments = RECENT,
           .minimum_balance = brl("8.00"), .cashback = {AMOUNT_FIXED, rate("2")});
  CAMPAIGN(.id = "nine", .trigger = TRIGGER_CASHBACK, .segments = RECENT,
           .minimum_balance = brl("9.00")); /* 10.00 only after "eight": the list is fixed before */
  buy("1", "100.00");
  assert_int_equal(fired(), 2);
  assert_fired(1, "eight");
  assert_money(movement(2)->after, "10.00");
}

/* DC 69 */
static void
test_accumulated_cashback_generates_fixed_amounts_only(void **state)
{
  (void)state;
  CAMPAIGN(.id = "percent", .trigger = TRIGGER_CASHBACK, .segments = RECENT,
           .cashback = {AMOUNT_PERCENT, rate("10")});
  CAMPAIGN(.id = "fixed", .trigger = TRIGGER_CASHBACK, .segments = RECENT,
           .cashback = {AMOUNT_FIXED, rate("2")});
  buy("1", "100.00");
  assert_int_equal(fired(), 2);
  assert_int_equal(crm.plan->movements->len, 2);
  assert_string_equal(movement(1)->campaign_id, "fixed");
  assert_money(movement(1)->amount, "2.00");
}

/* DC 70 */
static void
test_the_number_of_purchases_fires_when_it_is_reached(void **state)
{
  (void)state;
  CAMPAIGN(.id = "third", .trigger = TRIGGER_PURCHASE_COUNT, .purchase_count = 3,
           .may_recur = TRUE); /* no segments: everyone */
  CAMPAIGN(.id = "unset", .trigger = TRIGGER_PURCHASE_COUNT);
  const guint after[] = {0, 0, 1, 1};
  const char *const ids[] = {"1", "2", "3", "4"};
  for (guint i = 0; i < G_N_ELEMENTS(after); i++) {
    buy(ids[i], "10.00");
    assert_int_equal(fired(), after[i]);
  }
}

/* DC 71 */
static void
test_the_value_of_purchases_fires_when_it_is_crossed(void **state)
{
  (void)state;
  CAMPAIGN(.id = "hundred", .trigger = TRIGGER_PURCHASE_VALUE, .purchase_value = brl("100.00"),
           .may_recur = TRUE);
  CAMPAIGN(.id = "unset", .trigger = TRIGGER_PURCHASE_VALUE);
  buy("1", "60.00");
  assert_int_equal(fired(), 0);
  buy("2", "45.50");
  assert_int_equal(fired(), 1);
  buy("3", "100.00");
  assert_int_equal(fired(), 1);
}

static void
test_just_reaching_the_value_fires_and_segments_are_heeded(void **state)
{
  (void)state;
  maria("EM RISCO", 1, "60.00");
  CAMPAIGN(.id = "all", .trigger = TRIGGER_PURCHASE_VALUE, .purchase_value = brl("100.00"));
  CAMPAIGN(.id = "recent", .trigger = TRIGGER_PURCHASE_VALUE, .segments = RECENT,
           .purchase_value = brl("100.00"));
  CAMPAIGN(.id = "passed", .trigger = TRIGGER_PURCHASE_VALUE, .purchase_value = brl("60.00"));
  buy("1", "40.00");
  assert_int_equal(fired(), 1);
  assert_fired(0, "all");
}

/* DC 72 */
static void
test_a_campaign_that_does_not_recur_is_skipped_with_its_cashback(void **state)
{
  (void)state;
  KnownClient *client = maria(NULL, 1, "10.00");
  LedgerInteraction earlier = {client, "once", NULL, at("2020-01-01T10:00:00"), FALSE};
  ledger_add_interaction(crm.ledger, &earlier);
  CAMPAIGN(.id = "once", .trigger = TRIGGER_NEW_PURCHASE, .segments = RECENT,
           .cashback = {AMOUNT_FIXED, rate("3")});
  buy("1", "10.00");
  assert_int_equal(fired(), 0);
  assert_int_equal(crm.plan->movements->len, 0);
}

static void
test_a_message_of_an_earlier_sale_of_the_batch_counts(void **state)
{
  (void)state;
  maria(NULL, 1, "10.00");
  CAMPAIGN(.id = "once", .trigger = TRIGGER_NEW_PURCHASE, .segments = RECENT);
  CAMPAIGN(.id = "weekly", .trigger = TRIGGER_NEW_PURCHASE, .segments = RECENT, .may_recur = TRUE,
           .interval = 7, .interval_unit = UNIT_DAYS);
  CAMPAIGN(.id = "always", .trigger = TRIGGER_NEW_PURCHASE, .segments = RECENT, .may_recur = TRUE);
  buy("1", "10.00");
  buy("2", "10.00");
  assert_int_equal(fired(), 4);
  assert_fired(3, "always");
}

/* DC 73 */
static void
test_how_soon_a_campaign_may_write_again(void **state)
{
  (void)state;
  const struct {
    gboolean may_recur;
    gint64 interval;
    CalendarUnit unit;
    const char *last; /* NULL: never */
    gboolean may_contact;
  } cases[] = {
      {TRUE, 7, UNIT_DAYS, "2026-02-26T14:07:00", TRUE},
      {TRUE, 7, UNIT_DAYS, "2026-02-26T15:07:00", FALSE},
      {TRUE, 7, UNIT_DAYS, "2026-02-26T14:07:00.000001", FALSE},
      {TRUE, 1, UNIT_WEEKS, "2026-02-26T14:07:00", TRUE},
      {TRUE, 1, UNIT_WEEKS, "2026-02-26T14:08:00", FALSE},
      {TRUE, 1, UNIT_MONTHS, "2026-02-05T14:07:00", TRUE},
      {TRUE, 1, UNIT_MONTHS, "2026-02-05T14:08:00", FALSE},
      {TRUE, 1, UNIT_YEARS, "2025-03-05T14:08:00", FALSE},
      {TRUE, 0, UNIT_DAYS, NOW, TRUE},
      {TRUE, 7, UNIT_NONE, NOW, TRUE},
      {TRUE, 7, UNIT_DAYS, NULL, TRUE},
      {FALSE, 0, UNIT_DAYS, "2020-01-01T00:00:00", FALSE},
      {FALSE, 7, UNIT_DAYS, "2020-01-01T00:00:00", FALSE},
      {FALSE, 7, UNIT_DAYS, NULL, TRUE},
  };
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    Campaign campaign = {.may_recur = cases[i].may_recur,
                         .interval = cases[i].interval,
                         .interval_unit = cases[i].unit};
    Instant last = cases[i].last != NULL ? at(cases[i].last) : INSTANT_NONE;
    assert_int_equal(campaign_may_contact(&campaign, last, crm.context.now, crm.context.zone),
                     cases[i].may_contact);
  }
}

/* DC 74 */
static void
test_invalid_changed_and_anonymous_sales_fire_nothing(void **state)
{
  (void)state;
  CAMPAIGN(.id = "first", .trigger = TRIGGER_FIRST_PURCHASE, .segments = RECENT);
  CAMPAIGN(.id = "new", .trigger = TRIGGER_NEW_PURCHASE, .segments = RECENT);
  CAMPAIGN(.id = "count", .trigger = TRIGGER_PURCHASE_COUNT, .purchase_count = 1);
  Sale *invalid = crm_sale("1", "Maria Souza", "100.00");
  invalid->nature = "SN02";
  crm_import(invalid);
  crm_decide(crm_sale("2", NULL, "100.00"));
  Sale *valid_now = crm_again(invalid);
  valid_now->nature = "SN01";
  crm_decide(valid_now);
  assert_int_equal(fired(), 0);
  assert_int_equal(crm.ledger->interactions->len, 0);
}

/* DC 76 */
static void
test_all_matching_campaigns_fire_in_order_and_see_each_others_cashback(void **state)
{
  (void)state;
  CAMPAIGN(.id = "older", .trigger = TRIGGER_FIRST_PURCHASE, .segments = RECENT,
           .cashback = {AMOUNT_FIXED, rate("3")});
  CAMPAIGN(.id = "newer", .trigger = TRIGGER_FIRST_PURCHASE, .segments = RECENT);
  CAMPAIGN(.id = "count", .trigger = TRIGGER_PURCHASE_COUNT, .purchase_count = 1);
  CAMPAIGN(.id = "value", .trigger = TRIGGER_PURCHASE_VALUE, .purchase_value = 1);
  CAMPAIGN(.id = "cashback", .trigger = TRIGGER_CASHBACK, .segments = RECENT);
  buy("1", "100.00");
  const char *const order[] = {"older", "newer", "count", "value", "cashback"};
  assert_int_equal(fired(), G_N_ELEMENTS(order));
  for (guint i = 0; i < G_N_ELEMENTS(order); i++)
    assert_fired(i, order[i]);
  assert_non_null(strstr(interaction(0)->metadata, "\"cashbackSaldoDisponivel\":5.00"));
  assert_non_null(strstr(interaction(1)->metadata, "\"cashbackSaldoDisponivel\":8.00"));
}

static const struct CMUnitTest tests[] = {
    CASE(test_the_first_purchase_greets_recent_clients_only),
    CASE(test_a_known_client_has_no_first_purchase),
    CASE(test_a_new_purchase_asks_for_a_value_and_a_segment),
    CASE(test_a_client_without_a_title_is_a_recent_one),
    CASE(test_accumulated_cashback_has_two_thresholds),
    CASE(test_accumulated_cashback_without_thresholds_needs_an_amount),
    CASE(test_the_balance_counts_what_earlier_campaigns_of_the_sale_generated),
    CASE(test_accumulated_cashback_generates_fixed_amounts_only),
    CASE(test_the_number_of_purchases_fires_when_it_is_reached),
    CASE(test_the_value_of_purchases_fires_when_it_is_crossed),
    CASE(test_just_reaching_the_value_fires_and_segments_are_heeded),
    CASE(test_a_campaign_that_does_not_recur_is_skipped_with_its_cashback),
    CASE(test_a_message_of_an_earlier_sale_of_the_batch_counts),
    CASE(test_how_soon_a_campaign_may_write_again),
    CASE(test_invalid_changed_and_anonymous_sales_fire_nothing),
    CASE(test_all_matching_campaigns_fire_in_order_and_see_each_others_cashback),
};

RUN("decide: campaigns", tests)
