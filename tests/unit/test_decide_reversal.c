/* What a cancelled sale takes back (data-collecting.md 6.7, 5.5). */
#include "crm_fixture.h"

#include <string.h>

/* Maria's sale "1" of R$ 100,00 with 5.00 of cashback, stored. */
static Sale *
bought(void)
{
  Sale *sale = crm_sale("1", "Maria Souza", "100.00");
  crm_import(sale);
  return sale;
}

static Sale *
cancelled(const Sale *sale)
{
  Sale *record = crm_again(sale);
  record->nature = "SN99";
  return record;
}

static KnownBalance *
balance(void)
{
  return ledger_balance(crm.ledger, ledger_client(crm.ledger, "MARIA SOUZA"));
}

static LedgerMovement *
stored_movement(guint i)
{
  assert_true(i < crm.ledger->movements->len);
  return crm.ledger->movements->pdata[i];
}

/* DC 56 */
static void
test_a_cancelled_sale_takes_its_cashback_back(void **state)
{
  (void)state;
  crm_client("MARIA SOUZA", "12.00");
  Sale *sale = bought();
  const char *origin = stored_movement(0)->id;
  crm_decide(cancelled(sale));
  const PlannedMovement *reversal = movement(0);
  assert_int_equal(reversal->type, MOVEMENT_CANCELLATION);
  assert_money(reversal->amount, "-5.00");
  assert_money(reversal->remaining, "0.00");
  assert_money(reversal->before, "17.00");
  assert_money(reversal->after, "12.00");
  assert_money(reversal->sale_value, "100.00");
  assert_string_equal(reversal->origin_id, origin);
  assert_string_equal(reversal->sale_id, ledger_sale(crm.ledger, "1")->id);
  assert_true(reversal->expires == INSTANT_NONE);
  assert_instant(reversal->inserted, NOW);
  g_autofree char *metadata =
      g_strdup_printf("{\"transacaoOrigemId\":\"%s\",\"motivo\":\"VENDA_CANCELADA\","
                      "\"valorEstornado\":5.00,\"valorNaoRecuperado\":0.00}",
                      origin);
  assert_string_equal(reversal->metadata, metadata);
  assert_true(planned_sale(0)->drops_interactions);
  assert_money(crm.plan->counts.cashback_reversed, "5.00");
  crm_store();
  assert_money(balance()->available, "12.00");
  assert_money(balance()->accumulated, "17.00"); /* of a lifetime: it stays */
  assert_string_equal(stored_movement(0)->status, "EXPIRADO");
  assert_money(stored_movement(0)->remaining, "0.00");
}

/* DC 56 */
static void
test_a_cancelled_sale_no_longer_counts_for_its_client(void **state)
{
  (void)state;
  Sale *sale = bought();
  crm_import(crm_sale("2", "Maria Souza", "30.00"));
  Sale *record = cancelled(sale);
  record->total = brl("70.00"); /* what was stored counts */
  crm_import(record);
  const KnownClient *maria = ledger_client(crm.ledger, "MARIA SOUZA");
  assert_int_equal(maria->purchases, 1);
  assert_money(maria->purchased, "30.00");
}

static void
test_totals_never_fall_below_zero(void **state)
{
  (void)state;
  Sale *sale = bought();
  KnownClient *maria = ledger_client(crm.ledger, "MARIA SOUZA");
  maria->purchases = 0; /* the nightly job counted otherwise */
  maria->purchased = brl("40.00");
  crm_decide(cancelled(sale));
  const ClientChange *change = plan_change_of(crm.plan, known_client(crm.known, maria->id));
  assert_int_equal(change->purchases_change, 0);
  assert_money(change->purchased_change, "-40.00");
}

/* DC 57, 58, 59 */
static void
test_only_what_is_left_and_still_there_is_taken(void **state)
{
  const struct {
    const char *status, *remaining, *available, *returned, *lost;
  } cases[] = {
      {"ATIVO", "5.00", "5.00", "5.00", "0.00"},     {"ATIVO", "4.00", "4.00", "4.00", "1.00"},
      {"CONSUMIDO", "0.00", "0.00", "0.00", "5.00"}, {"ATIVO", "5.00", "3.00", "3.00", "2.00"},
      {"CONSUMIDO", "0.00", "9.00", "0.00", "5.00"}, {"ATIVO", "5.00", "0.00", "0.00", "5.00"},
  };
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    crm_tear_down(state);
    crm_set_up(state);
    Sale *sale = bought();
    stored_movement(0)->status = cases[i].status;
    stored_movement(0)->remaining = brl(cases[i].remaining);
    balance()->available = brl(cases[i].available);
    crm_decide(cancelled(sale));
    g_autofree char *taken = g_strdup_printf("\"valorEstornado\":%s,\"valorNaoRecuperado\":%s}",
                                             cases[i].returned, cases[i].lost);
    assert_money(movement(0)->amount, "-5.00");
    assert_money(movement(0)->before, cases[i].available);
    assert_true(g_str_has_suffix(movement(0)->metadata, taken));
    assert_money(crm.plan->counts.cashback_reversed, cases[i].returned);
    gint64 left = brl(cases[i].available) - brl(cases[i].returned);
    assert_int_equal(movement(0)->after, left);
    crm_store();
    assert_int_equal(balance()->available, left);
  }
}

static void
test_without_a_balance_row_nothing_is_taken_and_the_row_is_written(void **state)
{
  (void)state;
  Sale *sale = bought();
  g_ptr_array_set_size(crm.ledger->balances, 0);
  crm_decide(cancelled(sale));
  assert_money(movement(0)->amount, "-5.00");
  assert_money(movement(0)->before, "0.00");
  assert_money(movement(0)->after, "0.00");
  assert_int_equal(crm.plan->balances->len, 0);
}

static void
test_expired_cashback_is_not_reversed(void **state)
{
  (void)state;
  Sale *sale = bought();
  stored_movement(0)->status = "EXPIRADO";
  crm_decide(cancelled(sale));
  assert_int_equal(crm.plan->movements->len, 0);
  assert_true(planned_sale(0)->drops_interactions);
}

/* DC 60 */
static void
test_a_sale_that_lost_its_value_is_cancelled(void **state)
{
  (void)state;
  Sale *record = crm_again(bought());
  record->total = 0;
  crm_import(record);
  assert_money(balance()->available, "0.00");
  assert_int_equal(ledger_client(crm.ledger, "MARIA SOUZA")->purchases, 0);
}

/* DC 61 */
static void
test_a_cancelled_sale_is_reversed_once(void **state)
{
  (void)state;
  Sale *record = cancelled(bought());
  crm_import(record);
  Sale *changed = crm_again(record);
  changed->document = "4711";
  crm_import(crm_again(record));
  crm_import(changed);
  assert_int_equal(crm.ledger->movements->len, 2);
  assert_int_equal(ledger_client(crm.ledger, "MARIA SOUZA")->purchases, 0);
}

/* DC 62 */
static void
test_an_anonymous_cancellation_reverses_the_stored_clients_cashback(void **state)
{
  (void)state;
  Sale *record = cancelled(bought());
  record->client_name = NULL;
  crm_import(record);
  assert_money(balance()->available, "0.00");
  assert_int_equal(ledger_client(crm.ledger, "MARIA SOUZA")->purchases, 0);
}

static void
test_a_cancellation_under_another_name_reverses_the_stored_clients_cashback(void **state)
{
  (void)state;
  Sale *record = cancelled(bought());
  record->client_name = "Ana Lima";
  crm_import(record);
  assert_money(balance()->available, "0.00");
  assert_int_equal(ledger_client(crm.ledger, "MARIA SOUZA")->purchases, 0);
  assert_int_equal(ledger_client(crm.ledger, "ANA LIMA")->purchases, 0);
}

/* DC 63 */
static void
test_messages_of_a_cancelled_sale_go_and_free_their_campaign(void **state)
{
  (void)state;
  crm.rules->program.id = NULL;
  CAMPAIGN(.id = "welcome", .trigger = TRIGGER_NEW_PURCHASE, .segments = RECENT);
  crm_client("MARIA SOUZA", NULL);
  Sale *sale = bought(), *next = crm_sale("2", "Maria Souza", "100.00");
  assert_int_equal(crm.ledger->interactions->len, 1);
  crm_import(cancelled(sale));
  assert_int_equal(crm.ledger->interactions->len, 0);
  crm_import(next); /* 7.4: once per client, and that slot is free again */
  assert_int_equal(crm.ledger->interactions->len, 1);
}

/* DC 63 */
static void
test_a_message_that_goes_in_this_batch_is_waited_for(void **state)
{
  (void)state;
  CAMPAIGN(.id = "welcome", .trigger = TRIGGER_NEW_PURCHASE, .segments = RECENT);
  crm_client("MARIA SOUZA", NULL);
  crm_client("ANA LIMA", NULL);
  Sale *sale = bought(), *moved = crm_again(sale);
  moved->client_name = "Ana Lima"; /* her sale, his message: his history is not hers */
  crm_import(moved);
  crm_decide(cancelled(moved));
  assert_int_equal(crm_try(crm_sale("2", "Maria Souza", "100.00")), DECIDE_NEXT_BATCH);
  crm_store();
  crm_decide(crm_sale("2", "Maria Souza", "100.00"));
  assert_int_equal(crm.plan->interactions->len, 1);
}

/* DC 64 */
static void
test_cashback_of_campaigns_and_partners_is_taken_back_from_each(void **state)
{
  (void)state;
  crm.rules->program.partner_rate = rate("2");
  CAMPAIGN(.id = "first", .trigger = TRIGGER_FIRST_PURCHASE, .segments = RECENT,
           .cashback = {AMOUNT_FIXED, rate("3")});
  Sale *sale = crm_sale("1", "Maria Souza", "100.00");
  sale->partner = "ABC";
  sale->has_partner = TRUE;
  crm_import(sale);
  crm_decide(cancelled(sale));
  assert_int_equal(crm.plan->movements->len, 3);
  assert_money(movement(0)->amount, "-5.00");
  assert_money(movement(1)->amount, "-2.00");
  assert_money(movement(2)->amount, "-3.00");
  assert_string_equal(movement(2)->campaign_id, "first");
  assert_true(movement(1)->client->is_placeholder);
  assert_money(movement(0)->before, "8.00");
  assert_money(movement(2)->before, "3.00");
  assert_money(movement(2)->after, "0.00");
  assert_money(crm.plan->counts.cashback_reversed, "10.00");
}

/* DC 65 */
static void
test_a_sale_valid_again_gets_nothing_back(void **state)
{
  (void)state;
  Sale *sale = bought();
  crm_import(cancelled(sale));
  crm_decide(crm_again(sale));
  assert_int_equal(crm.plan->movements->len + crm.plan->interactions->len, 0);
  assert_int_equal(crm.plan->counts.sales_cancelled, 0);
  crm_store();
  assert_int_equal(ledger_client(crm.ledger, "MARIA SOUZA")->purchases, 0);
}

static void
test_a_late_run_tells_its_own_reason(void **state)
{
  (void)state;
  Sale *sale = bought();
  crm.context.is_retroactive = TRUE;
  crm_decide(cancelled(sale));
  assert_non_null(strstr(movement(0)->metadata, "\"motivo\":\"VENDA_CANCELADA_RETROATIVA\""));
  assert_money(movement(0)->after, "0.00");
}

static void
test_cashback_of_an_earlier_program_goes_back_to_its_own_balance(void **state)
{
  (void)state;
  Sale *sale = bought();
  crm.rules->program.id = "successor";
  ledger_add_balance(crm.ledger, &(KnownBalance){.client = ledger_client(crm.ledger, "MARIA SOUZA"),
                                                 .program_id = "successor",
                                                 .available = brl("7.00")});
  crm_decide(cancelled(sale));
  assert_string_equal(movement(0)->program_id, "program");
  assert_int_equal(crm.plan->balances->len, 1);
  crm_store();
  assert_money(balance()->available, "0.00");
}

static const struct CMUnitTest tests[] = {
    CASE(test_a_cancelled_sale_takes_its_cashback_back),
    CASE(test_a_cancelled_sale_no_longer_counts_for_its_client),
    CASE(test_totals_never_fall_below_zero),
    CASE(test_only_what_is_left_and_still_there_is_taken),
    CASE(test_without_a_balance_row_nothing_is_taken_and_the_row_is_written),
    CASE(test_expired_cashback_is_not_reversed),
    CASE(test_a_sale_that_lost_its_value_is_cancelled),
    CASE(test_a_cancelled_sale_is_reversed_once),
    CASE(test_an_anonymous_cancellation_reverses_the_stored_clients_cashback),
    CASE(test_a_cancellation_under_another_name_reverses_the_stored_clients_cashback),
    CASE(test_messages_of_a_cancelled_sale_go_and_free_their_campaign),
    CASE(test_a_message_that_goes_in_this_batch_is_waited_for),
    CASE(test_cashback_of_campaigns_and_partners_is_taken_back_from_each),
    CASE(test_a_sale_valid_again_gets_nothing_back),
    CASE(test_a_late_run_tells_its_own_reason),
    CASE(test_cashback_of_an_earlier_program_goes_back_to_its_own_balance),
};

RUN("decide: reversal", tests)
