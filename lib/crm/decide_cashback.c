/* Cashback: what a sale gives its buyer and its partner, and what a cancellation takes back
 * (data-collecting.md 6).  Amounts are found out first, so that a sale which would burst a column
 * is refused whole. */
#include "base/decimal.h"
#include "base/json.h"
#include "base/money.h"
#include "crm/decide_parts.h"

#define TOO_MUCH              (DECIMAL_MONEY_MAX + 1)
#define DEFAULT_CAMPAIGN_DAYS 30

gint64
cashback_amount(AmountKind kind, gint64 rate, gint64 sale_value)
{
  gint64 amount = 0;
  gboolean fits = TRUE;
  if (rate <= 0)
    return 0;
  if (kind == AMOUNT_PERCENT && sale_value > 0) /* a percent has two decimals more as a factor */
    fits = decimal_multiply(sale_value, SCALE_MONEY, rate, SCALE_RATE + 2, SCALE_MONEY, &amount);
  else if (kind == AMOUNT_FIXED)
    fits = decimal_multiply(rate, SCALE_RATE, 1, 0, SCALE_MONEY, &amount);
  return fits ? MIN(amount, TOO_MUCH) : TOO_MUCH;
}

static const CashbackProgram *
program_of(const Record *record)
{
  return &record->context->rules->program;
}

/* ---- balances -------------------------------------------------------------------------------- */

static void
plan_balance(const Record *record, KnownBalance *balance)
{
  if (!balance->is_planned)
    g_ptr_array_add(record->plan->balances, balance);
  balance->is_planned = TRUE;
}

void
record_open_balance(const Record *record, KnownClient *client)
{
  const char *program = program_of(record)->id;
  if (program == NULL)
    return;
  plan_balance(record, known_add_balance(record->known, client,
                                         &(KnownBalance){.program_id = program, .is_new = TRUE}));
}

static KnownBalance *
take_balance(const Record *record, KnownClient *client)
{
  if (known_balance(client, program_of(record)->id) == NULL)
    record_open_balance(record, client);
  return known_balance(client, program_of(record)->id);
}

/* Credits the amount; `rest` says what differs between accumulations. */
static void
credit(const Record *record, KnownClient *client, gint64 amount, const PlannedMovement *rest)
{
  KnownBalance *balance = take_balance(record, client);
  PlannedMovement row = *rest;
  row.id = record_new_id(record);
  row.type = MOVEMENT_ACCUMULATION;
  row.client = client;
  row.program_id = balance->program_id;
  row.sale_id = record->sale_id;
  row.sale_value = record->sale->total;
  row.amount = row.remaining = amount;
  row.before = balance->available;
  row.after = balance->available += amount;
  balance->accumulated += amount;
  balance->available_change += amount;
  balance->accumulated_change += amount;
  plan_balance(record, balance);
  g_array_append_val(record->plan->movements, row);
}

/* ---- what a new sale gives ------------------------------------------------------------------- */

void
rewards_clear(Rewards *rewards)
{
  g_clear_pointer(&rewards->campaigns, g_array_unref);
}

/* 6.4 */
static gint64
buyer_amount(const Record *record)
{
  const CashbackProgram *program = program_of(record);
  gint64 total = record->sale->total;
  if (program->id == NULL || !program->by_integration || total * 100 < program->minimum)
    return 0; /* the minimum has two decimals more than centavos */
  return cashback_amount(program->kind, program->buyer_rate, total);
}

/* 6.5; `client` is set to whom it is for, NULL: one who is still to be made. */
static gint64
partner_amount(const Record *record, KnownClient **client)
{
  const CashbackProgram *program = program_of(record);
  gboolean is_to_be_made = FALSE;
  if (!record->sale->has_partner)
    return 0;
  *client = record_partner_client(record, &is_to_be_made);
  if (!is_to_be_made && (*client == NULL || *client == record->client))
    return 0;
  return cashback_amount(program->kind, program->partner_rate, record->sale->total);
}

static gboolean
fits(const Record *record, const KnownClient *client, gint64 amount)
{
  const KnownBalance *balance =
      client != NULL ? known_balance(client, program_of(record)->id) : NULL;
  gint64 available = balance != NULL ? balance->available : 0;
  gint64 accumulated = balance != NULL ? balance->accumulated : 0;
  return MAX(available, accumulated) <= DECIMAL_MONEY_MAX - amount;
}

Decision
rewards_find(const Record *record, Rewards *rewards)
{
  KnownClient *partner = NULL;
  rewards->buyer = buyer_amount(record);
  if (rewards->buyer > 0)
    rewards->partner = partner_amount(record, &partner);
  Decision decision = campaigns_find(record, rewards);
  if (decision != DECIDED)
    return decision;
  gint64 sum = rewards->buyer;
  for (guint i = 0; rewards->campaigns != NULL && i < rewards->campaigns->len; i++)
    sum = MIN(sum + g_array_index(rewards->campaigns, FiredCampaign, i).cashback, TOO_MUCH);
  if (!fits(record, record->client, sum) || !fits(record, partner, rewards->partner))
    return DECIDE_OVERFLOW;
  return DECIDED;
}

static const char *
partner_metadata(const Record *record)
{
  g_autoptr(JsonWriter) w = json_writer_new();
  json_open_object(w, NULL);
  json_add_text(w, "ator", "PARCEIRO");
  json_add_text(w, "parceiroId", record->partner->id);
  json_add_text(w, "clienteCompradorId", record->client->id);
  json_close_object(w);
  return known_text(record->known, json_writer_text(w));
}

/* 6.4 and 6.5: dated as the sale. */
static void
give_program(const Record *record, const Rewards *rewards, Instant at)
{
  const DecideContext *context = record->context;
  PlannedMovement row = {.expires = instant_plus(context->now, program_of(record)->valid_days,
                                                 UNIT_DAYS, context->zone),
                         .inserted = at};
  credit(record, record->client, rewards->buyer, &row);
  if (rewards->partner > 0) {
    row.metadata = partner_metadata(record);
    credit(record, record->partner->client, rewards->partner, &row);
  }
  record->plan->counts.cashback_accumulated += rewards->buyer + rewards->partner;
}

/* 6.6: dated now. */
static void
give_campaign(const Record *record, const FiredCampaign *fired)
{
  const DecideContext *context = record->context;
  const Campaign *campaign = fired->campaign;
  gboolean is_set = campaign->cashback_valid > 0 && campaign->cashback_unit != UNIT_NONE;
  PlannedMovement row = {
      .campaign_id = campaign->id,
      .expires =
          instant_plus(context->now, is_set ? campaign->cashback_valid : DEFAULT_CAMPAIGN_DAYS,
                       is_set ? campaign->cashback_unit : UNIT_DAYS, context->zone),
      .inserted = context->now};
  credit(record, record->client, fired->cashback, &row);
  record->plan->counts.cashback_campaigns += fired->cashback;
}

void
rewards_give(const Record *record, const Rewards *rewards, Instant at)
{
  if (rewards->buyer > 0)
    give_program(record, rewards, at);
  for (guint i = 0; rewards->campaigns != NULL && i < rewards->campaigns->len; i++) {
    const FiredCampaign *fired = &g_array_index(rewards->campaigns, FiredCampaign, i);
    record_add_interaction(record, fired->campaign, rewards->buyer);
    if (fired->cashback > 0)
      give_campaign(record, fired);
  }
}

/* ---- what a cancellation takes back ---------------------------------------------------------- */

static const char *
reversal_metadata(const Record *record, const KnownMovement *origin, gint64 debit)
{
  g_autoptr(JsonWriter) w = json_writer_new();
  json_open_object(w, NULL);
  json_add_text(w, "transacaoOrigemId", origin->id);
  json_add_text(w, "motivo",
                record->context->is_retroactive ? "VENDA_CANCELADA_RETROATIVA" : "VENDA_CANCELADA");
  json_add_decimal(w, "valorEstornado", money_text(debit).text);
  json_add_decimal(w, "valorNaoRecuperado", money_text(origin->amount - debit).text);
  json_close_object(w);
  return known_text(record->known, json_writer_text(w));
}

/* 6.7: what is left of it, as far as it is still there, from the balance it was credited to. */
static void
reverse(const Record *record, const KnownMovement *origin)
{
  KnownBalance *balance = known_balance(origin->client, origin->program_id);
  gint64 before = balance != NULL ? balance->available : 0;
  gint64 debit = MAX(0, MIN(origin->remaining, before));
  PlannedMovement row = {.id = record_new_id(record),
                         .type = MOVEMENT_CANCELLATION,
                         .client = origin->client,
                         .program_id = origin->program_id,
                         .campaign_id = origin->campaign_id,
                         .sale_id = origin->sale_id,
                         .sale_value = origin->sale_value,
                         .amount = -origin->amount,
                         .before = before,
                         .after = before - debit,
                         .expires = INSTANT_NONE,
                         .inserted = record->context->now,
                         .origin_id = origin->id,
                         .metadata = reversal_metadata(record, origin, debit)};
  g_array_append_val(record->plan->movements, row);
  record->plan->counts.cashback_reversed += debit;
  if (debit == 0)
    return;
  balance->available -= debit;
  balance->available_change -= debit;
  plan_balance(record, balance);
}

void
record_reverse(const Record *record)
{
  const GPtrArray *movements = known_movements(record->known, record->sale_id);
  for (guint i = 0; movements != NULL && i < movements->len; i++)
    reverse(record, movements->pdata[i]);
}
