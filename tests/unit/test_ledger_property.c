/* Whatever comes in whatever order and however it is cut into batches, the cashback ledger holds
 * (data-collecting.md 6).  Random sequences of sales, changes, cancellations, repeated records,
 * redemptions and late runs; a failure names the seed of its sequence. */
#include "crm_fixture.h"

#include <stdio.h>

#ifdef __SANITIZE_ADDRESS__ /* twenty times slower */
enum { SEEDS = 150 };
#else
enum { SEEDS = 2000 };
#endif
enum { STEPS = 45, SALES = 14 };

/* ---- a sequence ------------------------------------------------------------------------------ */

/* All but a record happen between batches. */
typedef enum { STEP_RECORD, STEP_REDEEM, STEP_SEND, STEP_NEXT_DAY, STEP_MODE } StepKind;

typedef struct {
  StepKind kind;
  const Sale *sale;
  gint64 amount; /* of a redemption */
  guint client;  /* whose it is: a number to choose by */
} Step;

static guint seed;
static Step steps[STEPS];

static const char *const names[] = {"Maria Souza", "Ana Lima", "Pedro Reis", "Rui Dias", NULL};
static const char *const partners[] = {"N/A", "N/A", "ABC", "12345678909", "DEF"};
static const char *const totals[] = {"0",     "19.99", "20.00",  "33.33", "47.10",
                                     "60.00", "99.90", "100.00", "0.10",  "-5.00"};
static const char *const natures[] = {"SN01", "SN01", "SN01", "SN99", "SN02"};
#define ANY(random, list) list[g_rand_int_range(random, 0, G_N_ELEMENTS(list))]

static void
draw_partner(GRand *random, Sale *sale)
{
  sale->partner = ANY(random, partners);
  sale->has_partner = !g_str_equal(sale->partner, "N/A");
}

static const Sale *
draw_new(GRand *random, guint number)
{
  char *id = g_strdup_printf("%u", number);
  Sale *sale = crm_sale(sale_arena_text(crm.arena, id), ANY(random, names), ANY(random, totals));
  g_free(id);
  sale->nature = ANY(random, natures);
  if (g_rand_int_range(random, 0, 4) == 0)
    g_date_subtract_days(&sale->day, g_rand_int_range(random, 1, 4));
  draw_partner(random, sale);
  return sale;
}

static const Sale *
draw_change(GRand *random, const Sale *sale)
{
  Sale *changed = crm_again(sale);
  switch (g_rand_int_range(random, 0, 7)) {
  case 0: /* nothing: the same record again */
    break;
  case 1:
    changed->total = brl(ANY(random, totals));
    break;
  case 2:
    changed->client_name = ANY(random, names);
    break;
  case 3:
    g_date_subtract_days(&changed->day, 1);
    break;
  case 4:
    draw_partner(random, changed);
    break;
  default:
    changed->nature = ANY(random, natures);
  }
  return changed;
}

static void
draw_steps(GRand *random)
{
  const Sale *present[SALES] = {NULL};
  for (guint i = 0; i < STEPS; i++) {
    guint chance = (guint)g_rand_int_range(random, 0, 30),
          n = (guint)g_rand_int_range(random, 0, SALES);
    steps[i] = (Step){.kind = chance < STEP_MODE ? (StepKind)(chance + 1) : STEP_RECORD};
    steps[i].amount = g_rand_int_range(random, 1, 1500);
    steps[i].client = (guint)g_rand_int_range(random, 0, 100);
    if (steps[i].kind != STEP_RECORD)
      continue;
    present[n] = present[n] == NULL ? draw_new(random, n) : draw_change(random, present[n]);
    steps[i].sale = present[n];
  }
}

/* ---- going through a sequence ---------------------------------------------------------------- */

/* The point of sale takes from the oldest credits (6.8). */
static void
redeem(const Step *step)
{
  if (crm.ledger->balances->len == 0)
    return;
  KnownBalance *balance = crm.ledger->balances->pdata[step->client % crm.ledger->balances->len];
  gint64 amount = MIN(step->amount, balance->available), open = amount;
  for (guint i = 0; i < crm.ledger->movements->len; i++) {
    LedgerMovement *row = crm.ledger->movements->pdata[i];
    gint64 taken = row->client == balance->client ? MIN(open, row->remaining) : 0;
    open -= taken;
    row->remaining -= taken;
    if (taken > 0 && row->remaining == 0)
      row->status = "CONSUMIDO";
  }
  assert_int_equal(open, 0); /* what is available is left of some credit */
  ledger_add_movement(crm.ledger, &(LedgerMovement){.id = "redemption",
                                                    .status = "ATIVO",
                                                    .client = balance->client,
                                                    .type = MOVEMENT_REDEMPTION,
                                                    .amount = -amount,
                                                    .before = balance->available,
                                                    .after = balance->available - amount});
  balance->available -= amount;
  balance->redeemed += amount;
}

static void
happen(const Step *step)
{
  switch (step->kind) {
  case STEP_REDEEM:
    redeem(step);
    break;
  case STEP_SEND:
    for (guint i = 0; i < crm.ledger->interactions->len; i++)
      ((LedgerInteraction *)crm.ledger->interactions->pdata[i])->is_executed = TRUE;
    break;
  case STEP_NEXT_DAY:
    crm.context.now = instant_plus(crm.context.now, 1, UNIT_DAYS, crm.context.zone);
    break;
  case STEP_MODE:
    crm.context.is_retroactive = !crm.context.is_retroactive;
    break;
  case STEP_RECORD:
    break;
  }
}

static void
begin(void)
{
  ledger_free(crm.ledger);
  crm.ledger = ledger_new();
  crm.ids = 0;
  crm.context.now = at(NOW);
  crm.context.is_retroactive = FALSE;
  crm_client("PEDRO REIS", NULL)->document = "12345678909"; /* buyer and partner */
}

static void
store(void)
{
  crm_store();
  ledger_check_laws(crm.ledger);
}

/* Cuts the sequence after every record (`longest` 1), or at random below a length. */
static void
run(GRand *random, gint longest)
{
  gint left = g_rand_int_range(random, 1, longest + 1);
  begin();
  for (guint i = 0; i < STEPS; i++) {
    if (steps[i].kind != STEP_RECORD) {
      store();
      happen(&steps[i]);
      continue;
    }
    if (crm_try(steps[i].sale) == DECIDE_NEXT_BATCH) {
      store();
      crm_decide(steps[i].sale);
    }
    if (--left == 0) {
      store();
      left = g_rand_int_range(random, 1, longest + 1);
    }
  }
  store();
}

/* ---- comparing ------------------------------------------------------------------------------- */

static InstantText
when(Instant instant)
{
  return instant != INSTANT_NONE ? instant_text(instant) : (InstantText){"never"};
}

static char *
written(void)
{
  GString *text = g_string_new(NULL);
  for (guint i = 0; i < crm.ledger->clients->len; i++) {
    const KnownClient *row = crm.ledger->clients->pdata[i];
    g_string_append_printf(text, "client %s %s: %" G_GINT64_FORMAT ", %s, first %s, last %s\n",
                           row->id, row->name_key, row->purchases, crm_money(row->purchased),
                           when(row->first_purchase).text, when(row->last_purchase).text);
  }
  for (guint i = 0; i < crm.ledger->sales->len; i++) {
    const KnownSale *row = crm.ledger->sales->pdata[i];
    g_string_append_printf(text, "sale %s %s: %s %s of %s at %s\n", row->id, row->external_id,
                           row->nature, crm_money(row->total),
                           row->client != NULL ? row->client->id : "nobody", when(row->at).text);
  }
  for (guint i = 0; i < crm.ledger->movements->len; i++) {
    const LedgerMovement *row = crm.ledger->movements->pdata[i];
    g_string_append_printf(text, "movement %s of %s for %s, %s: %u %s %s", row->id, row->client->id,
                           row->sale_id, row->campaign_id, row->type, row->status,
                           crm_money(row->amount));
    g_string_append_printf(text, " left %s,", crm_money(row->remaining));
    g_string_append_printf(text, " %s ->", crm_money(row->before));
    g_string_append_printf(text, " %s\n", crm_money(row->after));
  }
  for (guint i = 0; i < crm.ledger->interactions->len; i++) {
    const LedgerInteraction *row = crm.ledger->interactions->pdata[i];
    g_string_append_printf(text, "interaction of %s for %s, %s\n", row->client->id, row->sale_id,
                           row->campaign);
  }
  return g_string_free(text, FALSE);
}

static void
campaigns(void)
{
  CAMPAIGN(.id = "first", .trigger = TRIGGER_FIRST_PURCHASE, .segments = RECENT,
           .cashback = {AMOUNT_FIXED, rate("3")});
  CAMPAIGN(.id = "once", .trigger = TRIGGER_NEW_PURCHASE, .segments = RECENT,
           .cashback = {AMOUNT_PERCENT, rate("3.33")});
  CAMPAIGN(.id = "daily", .trigger = TRIGGER_NEW_PURCHASE, .segments = RECENT, .may_recur = TRUE,
           .interval = 1, .interval_unit = UNIT_DAYS, .cashback = {AMOUNT_FIXED, rate("0.5")});
  CAMPAIGN(.id = "third", .trigger = TRIGGER_PURCHASE_COUNT, .purchase_count = 3,
           .cashback = {AMOUNT_FIXED, rate("1")});
  CAMPAIGN(.id = "hundred", .trigger = TRIGGER_PURCHASE_VALUE, .purchase_value = brl("100"),
           .may_recur = TRUE, .cashback = {AMOUNT_PERCENT, rate("1")});
  CAMPAIGN(.id = "ten", .trigger = TRIGGER_CASHBACK, .segments = RECENT, .may_recur = TRUE,
           .minimum_balance = brl("10"), .cashback = {AMOUNT_FIXED, rate("0.25")});
}

static void
try_seed(void)
{
  GRand *random = g_rand_new_with_seed(seed);
  const gint longest[] = {4, STEPS};
  draw_steps(random);
  run(random, 1);
  g_autofree char *one_by_one = written();
  for (guint i = 0; i < G_N_ELEMENTS(longest); i++) {
    run(random, longest[i]);
    g_autofree char *in_batches = written();
    assert_string_equal(in_batches, one_by_one);
  }
  g_rand_free(random);
}

static void
test_the_ledger_holds_however_sales_come_and_are_cut_into_batches(void **state)
{
  (void)state;
  crm.rules->program.partner_rate = rate("2");
  campaigns();
  for (seed = 1; seed <= SEEDS; seed++) {
    try_seed();
    g_ptr_array_set_size(crm.sales, 0);
    sale_arena_free(crm.arena);
    crm.arena = sale_arena_new();
  }
}

static int
tell_seed(void **state)
{
  if (seed <= SEEDS)
    fprintf(stderr, "The sequence was that of seed %u.\n", seed);
  return crm_tear_down(state);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test_setup_teardown(
        test_the_ledger_holds_however_sales_come_and_are_cut_into_batches, crm_set_up, tell_seed),
};

RUN("decide: the ledger's laws", tests)
