/* What a changed record means for cashback, messages and totals (data-collecting.md 5.7), and what
 * has to wait for it. */
#include "crm_fixture.h"

/* ---- the matrix of 5.7 ----------------------------------------------------------------------- */

/* DC 46, 74 */
static void
test_what_each_transition_does(void **state)
{
  const struct {
    const char *before_nature, *before, *after_nature, *after;
    gboolean reverses;
  } cases[] = {
      {"SN01", "100", "SN01", "80", FALSE},  {"SN01", "100", "SN99", "100", TRUE},
      {"SN01", "100", "SN01", "0", TRUE},    {"SN01", "100", "SN01", "-100", TRUE},
      {"SN99", "100", "SN02", "100", FALSE}, {"SN01", "0", "SN01", "-1", FALSE},
      {"SN99", "100", "SN01", "0", FALSE},   {"SN01", "0", "SN99", "0", FALSE},
      {"SN99", "100", "SN01", "100", FALSE}, {"SN01", "0", "SN01", "100", FALSE},
      {"SN01", "100", "sn01", "100", TRUE},
  };
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    crm_tear_down(state);
    crm_set_up(state);
    CAMPAIGN(.id = "new", .trigger = TRIGGER_NEW_PURCHASE, .segments = RECENT);
    Sale *sale = crm_sale("1", "Maria Souza", cases[i].before);
    sale->nature = cases[i].before_nature;
    crm_import(sale);
    Sale *after = crm_again(sale);
    after->nature = cases[i].after_nature;
    after->total = brl(cases[i].after);
    crm_decide(after);
    assert_int_equal(planned_sale(0)->drops_interactions, cases[i].reverses);
    assert_int_equal(crm.plan->movements->len, cases[i].reverses ? 1 : 0);
    assert_int_equal(crm.plan->counts.sales_updated, 1);
    assert_int_equal(crm.plan->counts.sales_cancelled, cases[i].reverses ? 1 : 0);
    assert_int_equal(crm.plan->interactions->len, 0);
  }
}

/* DC 45 */
static void
test_another_value_leaves_cashback_and_totals(void **state)
{
  (void)state;
  Sale *sale = crm_sale("1", "Maria Souza", "100.00");
  crm_import(sale);
  Sale *cheaper = crm_again(sale);
  cheaper->total = brl("80.00");
  crm_import(cheaper);
  const KnownClient *maria = ledger_client(crm.ledger, "MARIA SOUZA");
  assert_money(ledger_balance(crm.ledger, maria)->available, "5.00");
  assert_money(maria->purchased, "100.00");
  assert_money(ledger_sale(crm.ledger, "1")->total, "80.00");
}

static void
test_cashback_stays_with_the_first_client_of_a_sale(void **state)
{
  (void)state;
  Sale *sale = crm_sale("1", "Maria Souza", "100.00");
  crm_import(sale);
  Sale *other = crm_again(sale);
  other->client_name = "Ana Lima";
  crm_import(other);
  const KnownClient *ana = ledger_client(crm.ledger, "ANA LIMA");
  assert_money(ledger_balance(crm.ledger, ana)->available, "0.00");
  assert_money(ledger_balance(crm.ledger, ledger_client(crm.ledger, "MARIA SOUZA"))->available,
               "5.00");
  assert_ptr_equal(ledger_sale(crm.ledger, "1")->client, ana);
}

/* ---- what one batch cannot hold -------------------------------------------------------------- */

static void
test_a_sale_of_this_batch_waits_for_the_next_to_be_changed(void **state)
{
  (void)state;
  Sale *sale = crm_sale("1", "Maria Souza", "100.00");
  crm_decide(sale);
  Sale *changed = crm_again(sale);
  changed->document = "4711";
  assert_int_equal(crm_try(changed), DECIDE_NEXT_BATCH);
  assert_int_equal(crm.plan->sales->len, 1);
  crm_store();
  crm_decide(changed);
}

static void
test_a_change_of_what_is_no_purchase_keeps_nobody_waiting(void **state)
{
  (void)state;
  Sale *quote = crm_sale("1", "Maria Souza", "100.00");
  quote->nature = "SN02";
  crm_import(quote);
  Sale *changed = crm_again(quote);
  changed->total = brl("80.00");
  crm_decide(changed);
  crm_decide(crm_sale("2", "Maria Souza", "50.00"));
}

static void
test_a_purchase_after_a_changed_one_of_that_client_waits_for_the_next(void **state)
{
  (void)state;
  Sale *sale = crm_sale("1", "Maria Souza", "100.00"), *next = crm_sale("2", "Maria Souza", "50");
  Sale *of_other = crm_sale("3", "Ana Lima", "50.00"), *invalid = crm_sale("4", "Maria Souza", "0");
  crm_import(sale);
  Sale *changed = crm_again(sale);
  changed->total = brl("80.00");
  crm_decide(changed);
  assert_int_equal(crm_try(next), DECIDE_NEXT_BATCH);
  crm_decide(of_other);
  crm_decide(invalid);
  crm_store();
  crm_decide(next);
}

/* 8: its history is read when it is stored */
static void
test_a_change_after_a_purchase_that_is_being_attributed_waits_for_the_next(void **state)
{
  (void)state;
  Sale *sale = crm_sale("1", "Maria Souza", "100.00");
  crm_import(sale);
  KnownClient *maria = ledger_client(crm.ledger, "MARIA SOUZA");
  LedgerInteraction executed = {maria, "new", NULL, at("2026-03-02T09:00:00"), TRUE};
  ledger_add_interaction(crm.ledger, &executed);
  crm_decide(crm_sale("2", "Maria Souza", "50.00"));
  Sale *cancelled = crm_again(sale);
  cancelled->nature = "SN99";
  assert_int_equal(crm_try(cancelled), DECIDE_NEXT_BATCH);
  crm_store();
  crm_decide(cancelled);
}

static const struct CMUnitTest tests[] = {
    CASE(test_what_each_transition_does),
    CASE(test_another_value_leaves_cashback_and_totals),
    CASE(test_cashback_stays_with_the_first_client_of_a_sale),
    CASE(test_a_sale_of_this_batch_waits_for_the_next_to_be_changed),
    CASE(test_a_change_of_what_is_no_purchase_keeps_nobody_waiting),
    CASE(test_a_purchase_after_a_changed_one_of_that_client_waits_for_the_next),
    CASE(test_a_change_after_a_purchase_that_is_being_attributed_waits_for_the_next),
};

RUN("decide: changes", tests)
