/* What a sale credits to its buyer and its partner (data-collecting.md 6.1 to 6.6). */
#include "crm_fixture.h"

#include "base/decimal.h"

static Sale *
partner_sale(const char *id, const char *partner)
{
  Sale *sale = crm_sale(id, "Maria Souza", "100.00");
  sale->partner = partner;
  sale->has_partner = TRUE;
  return sale;
}

static KnownBalance *
changed_balance(const KnownClient *client)
{
  for (guint i = 0; i < crm.plan->balances->len; i++) {
    KnownBalance *balance = crm.plan->balances->pdata[i];
    if (balance->client == client)
      return balance;
  }
  fail_msg("the balance is not changed");
  return NULL;
}

/* DC 55 */
static void
test_rounding_of_a_percentage(void **state)
{
  (void)state;
  const struct {
    const char *sale, *percent, *credited;
  } cases[] = {
      {"99.90", "5", "5.00"},        {"33.33", "3.33", "1.11"}, {"10.10", "2.5", "0.25"},
      {"199.99", "2.5", "5.00"},     {"0.10", "4", "0.00"},     {"33.35", "10", "3.34"},
      {"0.10", "5", "0.01"},         {"100.00", "0", "0.00"},   {"100.00", "-5", "0.00"},
      {"-100.00", "5", "0.00"},      {"0", "5", "0.00"},        {"0.01", "0.0001", "0.00"},
      {"1000000", "0.0001", "1.00"},
  };
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++)
    assert_money(cashback_amount(AMOUNT_PERCENT, rate(cases[i].percent), brl(cases[i].sale)),
                 cases[i].credited);
}

static void
test_a_fixed_amount_is_rounded_to_centavos(void **state)
{
  (void)state;
  assert_money(cashback_amount(AMOUNT_FIXED, rate("3"), brl("19999")), "3.00");
  assert_money(cashback_amount(AMOUNT_FIXED, rate("2.345"), brl("1")), "2.35");
  assert_money(cashback_amount(AMOUNT_FIXED, rate("0.0049"), brl("1")), "0.00");
  assert_money(cashback_amount(AMOUNT_FIXED, rate("-3"), brl("1")), "0.00");
  assert_money(cashback_amount(AMOUNT_NONE, rate("3"), brl("1")), "0.00");
}

static void
test_an_amount_beyond_every_column_is_told_as_such(void **state)
{
  (void)state;
  gint64 huge = rate("9999999999.9999"), too_much = DECIMAL_MONEY_MAX + 1;
  assert_true(cashback_amount(AMOUNT_PERCENT, huge, DECIMAL_MONEY_MAX) == too_much);
  assert_true(cashback_amount(AMOUNT_PERCENT, rate("101"), DECIMAL_MONEY_MAX) == too_much);
  assert_true(cashback_amount(AMOUNT_PERCENT, rate("100"), DECIMAL_MONEY_MAX) == DECIMAL_MONEY_MAX);
}

/* DC 47 */
static void
test_a_purchase_credits_the_programs_percentage(void **state)
{
  (void)state;
  Sale *sale = crm_sale("1", "Maria Souza", "99.90");
  sale->at = at("2026-03-05T09:15:00");
  crm_client("MARIA SOUZA", "12.00");
  crm_decide(sale);
  const PlannedMovement *credit = movement(0);
  assert_int_equal(crm.plan->movements->len, 1);
  assert_int_equal(credit->type, MOVEMENT_ACCUMULATION);
  assert_money(credit->amount, "5.00");
  assert_money(credit->remaining, "5.00");
  assert_money(credit->sale_value, "99.90");
  assert_money(credit->before, "12.00");
  assert_money(credit->after, "17.00");
  assert_instant(credit->expires, "2026-05-04T14:07:00");
  assert_instant(credit->inserted, "2026-03-05T09:15:00");
  assert_string_equal(credit->sale_id, planned_sale(0)->id);
  assert_string_equal(credit->program_id, "program");
  assert_null(credit->campaign_id);
  assert_null(credit->origin_id);
  assert_null(credit->metadata);
  assert_money(changed_balance(credit->client)->available_change, "5.00");
  assert_money(changed_balance(credit->client)->accumulated_change, "5.00");
  assert_money(crm.plan->counts.cashback_accumulated, "5.00");
}

/* DC 48, 49 */
static void
test_what_the_program_asks_of_a_sale(void **state)
{
  const struct {
    AmountKind kind;
    const char *rate, *total, *credited; /* NULL: no movement */
  } cases[] = {
      {AMOUNT_PERCENT, "5", "19.99", NULL}, {AMOUNT_PERCENT, "5", "20.00", "1.00"},
      {AMOUNT_FIXED, "3", "20.00", "3.00"}, {AMOUNT_FIXED, "3", "5000.00", "3.00"},
      {AMOUNT_FIXED, "3", "19.99", NULL},   {AMOUNT_PERCENT, "0.01", "20.00", NULL},
      {AMOUNT_NONE, "5", "100.00", NULL},
  };
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    crm_tear_down(state);
    crm_set_up(state);
    crm.rules->program.kind = cases[i].kind;
    crm.rules->program.buyer_rate = rate(cases[i].rate);
    crm_decide(crm_sale("1", "Maria Souza", cases[i].total));
    assert_int_equal(crm.plan->movements->len, cases[i].credited != NULL ? 1 : 0);
    if (cases[i].credited != NULL)
      assert_money(movement(0)->amount, cases[i].credited);
  }
}

/* DC 50, 75 */
static void
test_without_accumulation_by_integration_campaigns_still_generate(void **state)
{
  (void)state;
  crm.rules->program.by_integration = FALSE;
  CAMPAIGN(.id = "first", .trigger = TRIGGER_FIRST_PURCHASE, .segments = RECENT,
           .cashback = {AMOUNT_PERCENT, rate("10")});
  crm_decide(crm_sale("1", "Maria Souza", "33.35"));
  assert_int_equal(crm.plan->movements->len, 1);
  const PlannedMovement *generated = movement(0);
  assert_money(generated->amount, "3.34");
  assert_string_equal(generated->campaign_id, "first");
  assert_money(generated->sale_value, "33.35");
  assert_instant(generated->inserted, NOW);
  assert_instant(generated->expires, "2026-04-04T14:07:00"); /* 30 days */
  assert_money(crm.plan->counts.cashback_campaigns, "3.34");
  assert_money(crm.plan->counts.cashback_accumulated, "0.00");
}

/* DC 75 */
static void
test_cashback_of_a_campaign_ends_at_the_months_last_day(void **state)
{
  (void)state;
  crm.context.now = at("2025-12-31T10:00:00");
  CAMPAIGN(.id = "first", .trigger = TRIGGER_FIRST_PURCHASE, .segments = RECENT,
           .cashback = {AMOUNT_FIXED, rate("2")}, .cashback_valid = 2,
           .cashback_unit = UNIT_MONTHS);
  crm_decide(crm_sale("1", "Maria Souza", "10.00"));
  assert_money(movement(0)->amount, "2.00");
  assert_instant(movement(0)->expires, "2026-02-28T10:00:00");
}

/* DC 75 */
static void
test_half_an_expiry_setting_is_none(void **state)
{
  (void)state;
  CAMPAIGN(.id = "value", .trigger = TRIGGER_FIRST_PURCHASE, .segments = RECENT,
           .cashback = {AMOUNT_FIXED, rate("2")}, .cashback_valid = 2);
  CAMPAIGN(.id = "unit", .trigger = TRIGGER_FIRST_PURCHASE, .segments = RECENT,
           .cashback = {AMOUNT_FIXED, rate("2")}, .cashback_unit = UNIT_MONTHS);
  crm_decide(crm_sale("1", "Maria Souza", "10.00"));
  assert_instant(movement(0)->expires, "2026-04-04T14:07:00");
  assert_instant(movement(1)->expires, "2026-04-04T14:07:00");
}

/* DC 51 */
static void
test_without_a_program_campaigns_write_and_generate_nothing(void **state)
{
  (void)state;
  crm.rules->program.id = NULL;
  CAMPAIGN(.id = "first", .trigger = TRIGGER_FIRST_PURCHASE, .segments = RECENT,
           .cashback = {AMOUNT_FIXED, rate("2")});
  crm_decide(crm_sale("1", "Maria Souza", "100.00"));
  assert_int_equal(crm.plan->interactions->len, 1);
  assert_int_equal(crm.plan->movements->len, 0);
}

/* DC 52 */
static void
test_a_client_without_a_balance_gets_one_and_is_credited(void **state)
{
  (void)state;
  crm_client("MARIA SOUZA", NULL);
  crm_import(crm_sale("1", "Maria Souza", "100.00"));
  assert_money(ledger_balance(crm.ledger, ledger_client(crm.ledger, "MARIA SOUZA"))->available,
               "5.00");
}

static void
test_zero_days_expire_at_once(void **state)
{
  (void)state;
  crm.rules->program.valid_days = 0;
  crm_decide(crm_sale("1", "Maria Souza", "100.00"));
  assert_instant(movement(0)->expires, NOW);
}

/* DC 53 */
static void
test_a_partner_earns_on_his_own_balance(void **state)
{
  (void)state;
  crm.rules->program.partner_rate = rate("2");
  CAMPAIGN(.id = "cashback", .trigger = TRIGGER_CASHBACK, .segments = RECENT, .may_recur = TRUE);
  crm_decide(partner_sale("1", "12345678909"));
  const PlannedMovement *partner = movement(1);
  assert_int_equal(crm.plan->movements->len, 2);
  assert_money(movement(0)->amount, "5.00");
  assert_money(partner->amount, "2.00");
  assert_money(partner->before, "0.00");
  assert_money(partner->after, "2.00");
  assert_ptr_equal(partner->client, new_client(1)->client);
  assert_instant(partner->expires, "2026-05-04T14:07:00");
  assert_true(changed_balance(partner->client)->is_new);
  assert_money(changed_balance(partner->client)->accumulated_change, "2.00");
  g_autofree char *metadata =
      g_strdup_printf("{\"ator\":\"PARCEIRO\",\"parceiroId\":\"%s\",\"clienteCompradorId\":\"%s\"}",
                      planned_sale(0)->partner_id, planned_sale(0)->client->id);
  assert_string_equal(partner->metadata, metadata);
  assert_money(crm.plan->counts.cashback_accumulated, "7.00");
  assert_int_equal(crm.plan->interactions->len, 1); /* the buyer's */
  assert_null(plan_change_of(crm.plan, partner->client));
}

/* DC 53 */
static void
test_a_partner_who_buys_himself_earns_once(void **state)
{
  (void)state;
  crm.rules->program.partner_rate = rate("2");
  crm_client("MARIA SOUZA", "0.00")->document = "12345678909";
  crm_decide(partner_sale("1", "12345678909"));
  assert_int_equal(crm.plan->movements->len, 1);
  assert_money(movement(0)->amount, "5.00");
}

static void
test_a_partner_earns_only_when_the_buyer_does(void **state)
{
  (void)state;
  crm.rules->program.partner_rate = rate("2");
  Sale *sale = partner_sale("1", "12345678909");
  sale->total = brl("19.99");
  crm_decide(sale);
  crm.rules->program.buyer_rate = 0;
  crm_decide(partner_sale("2", "12345678909"));
  assert_int_equal(crm.plan->movements->len, 0);
}

static void
test_a_balance_that_would_burst_its_column_refuses_the_whole_sale(void **state)
{
  (void)state;
  KnownClient *partner = crm_client("PEDRO", NULL);
  partner->document = "12345678909";
  ledger_add_balance(crm.ledger, &(KnownBalance){.client = partner,
                                                 .program_id = "program",
                                                 .accumulated = DECIMAL_MONEY_MAX});
  crm.rules->program.partner_rate = rate("2");
  assert_int_equal(crm_try(partner_sale("1", "12345678909")), DECIDE_OVERFLOW);
  assert_true(plan_is_empty(crm.plan));
  assert_int_equal(crm.plan->clients->len + crm.plan->partners->len + crm.plan->balances->len, 0);
  crm.rules->program.buyer_rate = rate("9999999999");
  Sale *sale = crm_sale("2", "Maria Souza", "999999999999.99");
  assert_int_equal(crm_try(sale), DECIDE_OVERFLOW);
}

static void
test_cashback_of_campaigns_together_may_burst_it_too(void **state)
{
  (void)state;
  CAMPAIGN(.id = "a", .trigger = TRIGGER_FIRST_PURCHASE, .segments = RECENT,
           .cashback = {AMOUNT_PERCENT, rate("60")});
  CAMPAIGN(.id = "b", .trigger = TRIGGER_FIRST_PURCHASE, .segments = RECENT,
           .cashback = {AMOUNT_PERCENT, rate("36")});
  Sale *sale = crm_sale("1", "Maria Souza", "999999999999.99");
  assert_int_equal(crm_try(sale), DECIDE_OVERFLOW);
  assert_int_equal(crm.plan->interactions->len + crm.plan->clients->len, 0);
  crm.rules->program.buyer_rate = rate("4"); /* 4 + 60 + 36: just the whole */
  crm_decide(sale);
}

static const struct CMUnitTest tests[] = {
    CASE(test_rounding_of_a_percentage),
    CASE(test_a_fixed_amount_is_rounded_to_centavos),
    CASE(test_an_amount_beyond_every_column_is_told_as_such),
    CASE(test_a_purchase_credits_the_programs_percentage),
    CASE(test_what_the_program_asks_of_a_sale),
    CASE(test_without_accumulation_by_integration_campaigns_still_generate),
    CASE(test_cashback_of_a_campaign_ends_at_the_months_last_day),
    CASE(test_half_an_expiry_setting_is_none),
    CASE(test_without_a_program_campaigns_write_and_generate_nothing),
    CASE(test_a_client_without_a_balance_gets_one_and_is_credited),
    CASE(test_zero_days_expire_at_once),
    CASE(test_a_partner_earns_on_his_own_balance),
    CASE(test_a_partner_who_buys_himself_earns_once),
    CASE(test_a_partner_earns_only_when_the_buyer_does),
    CASE(test_a_balance_that_would_burst_its_column_refuses_the_whole_sale),
    CASE(test_cashback_of_campaigns_together_may_burst_it_too),
};

RUN("decide: cashback", tests)
