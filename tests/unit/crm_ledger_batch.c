/* A batch on the tables in memory: what storing its plan does, and what loading the next one gives.
 */
#include "crm_ledger.h"
#include "unit.h"

/* ---- storing --------------------------------------------------------------------------------- */

static void
apply_clients(Ledger *ledger, const Plan *plan)
{
  for (guint i = 0; i < plan->clients->len; i++) {
    KnownClient model = *g_array_index(plan->clients, NewClient, i).client;
    model.external_id = g_array_index(plan->clients, NewClient, i).external_id;
    model.first_purchase = model.last_purchase = INSTANT_NONE;
    model.purchases = model.purchased = 0;
    ledger_add_client(ledger, &model);
  }
  for (guint i = 0; i < plan->changes->len; i++) {
    const ClientChange *change = &g_array_index(plan->changes, ClientChange, i);
    KnownClient *client = ledger_own(ledger, change->client);
    if (change->external_id != NULL) {
      assert_null(client->external_id);
      client->external_id = g_string_chunk_insert_const(ledger->texts, change->external_id);
    }
    if (change->first_purchase != INSTANT_NONE)
      client->first_purchase = change->first_purchase;
    if (change->last_purchase != INSTANT_NONE)
      client->last_purchase = change->last_purchase;
    client->purchases = MAX(0, client->purchases + change->purchases_change);
    client->purchased = MAX(0, client->purchased + change->purchased_change);
  }
}

static void
apply_entities(Ledger *ledger, const Plan *plan)
{
  for (guint i = 0; i < plan->products->len; i++)
    ledger_add_entity(ledger, ENTITY_PRODUCT, g_array_index(plan->products, NewProduct, i).product);
  for (guint i = 0; i < plan->sellers->len; i++)
    ledger_add_entity(ledger, ENTITY_SELLER, plan->sellers->pdata[i]);
  for (guint i = 0; i < plan->partners->len; i++)
    ledger_add_entity(ledger, ENTITY_PARTNER, g_array_index(plan->partners, NewPartner, i).partner);
  for (guint i = 0; i < plan->groups->len; i++)
    ledger_add_entity(ledger, ENTITY_GROUP, g_array_index(plan->groups, NewAddOn, i).entity);
  for (guint i = 0; i < plan->options->len; i++)
    ledger_add_entity(ledger, ENTITY_OPTION, g_array_index(plan->options, NewAddOn, i).entity);
}

static void
apply_balances(Ledger *ledger, const Plan *plan)
{
  for (guint i = 0; i < plan->balances->len; i++) {
    const KnownBalance *change = plan->balances->pdata[i];
    const KnownClient *client = ledger_own(ledger, change->client);
    KnownBalance *balance = ledger_find_balance(ledger, client, change->program_id);
    assert_true(change->is_new == (balance == NULL));
    if (balance == NULL) {
      KnownBalance zero = {.client = change->client, .program_id = change->program_id};
      balance = ledger_add_balance(ledger, &zero);
    }
    balance->available += change->available_change;
    balance->accumulated += change->accumulated_change;
    assert_true(balance->available >= 0); /* the table's own check */
    assert_int_equal(balance->available, change->available);
  }
}

static void
drop_interactions(Ledger *ledger, const char *sale_id)
{
  for (guint i = ledger->interactions->len; i > 0; i--) {
    const LedgerInteraction *interaction = ledger->interactions->pdata[i - 1];
    if (!interaction->is_executed && g_strcmp0(interaction->sale_id, sale_id) == 0)
      g_ptr_array_remove_index(ledger->interactions, i - 1);
  }
}

static void
apply_sales(Ledger *ledger, const Plan *plan)
{
  for (guint i = 0; i < plan->sales->len; i++) {
    const PlannedSale *row = &g_array_index(plan->sales, PlannedSale, i);
    KnownSale model = {.id = row->id,
                       .external_id = row->sale->external_id,
                       .hash = row->hash,
                       .nature = row->sale->nature,
                       .total = row->sale->total,
                       .client = row->client,
                       .at = row->at,
                       .erp_status = row->sale->erp_status,
                       .erp_updated_at = row->sale->erp_updated_at};
    KnownSale *sale = ledger_add_sale(ledger, &model);
    if (row->is_new)
      continue;
    KnownSale *before = ledger_sale(ledger, row->sale->external_id);
    assert_string_equal(before->id, row->id);
    sale->client = sale->client != NULL ? sale->client : before->client;
    *before = *sale;
    g_ptr_array_remove(ledger->sales, sale);
    if (row->drops_interactions)
      drop_interactions(ledger, row->id);
  }
  for (guint i = 0; i < plan->touched->len; i++) {
    const TouchedSale *row = &g_array_index(plan->touched, TouchedSale, i);
    KnownSale *sale = ledger_sale(ledger, row->sale->external_id);
    sale->erp_status = row->sale->erp_status;
    sale->erp_updated_at = row->sale->erp_updated_at;
    ledger_keep(ledger, &sale->erp_status);
    ledger_keep(ledger, &sale->erp_updated_at);
  }
}

/* 6.7.4; the unique key on its origin makes a second reversal impossible. */
static void
end_origin(Ledger *ledger, const char *origin_id)
{
  for (guint i = 0; i < ledger->movements->len; i++) {
    LedgerMovement *origin = ledger->movements->pdata[i];
    if (!g_str_equal(origin->id, origin_id))
      continue;
    assert_string_not_equal(origin->status, "EXPIRADO");
    origin->status = "EXPIRADO";
    origin->remaining = 0;
    return;
  }
  fail_msg("no movement %s to reverse", origin_id);
}

static void
apply_movements(Ledger *ledger, const Plan *plan)
{
  for (guint i = 0; i < plan->movements->len; i++) {
    const PlannedMovement *row = &g_array_index(plan->movements, PlannedMovement, i);
    if (row->origin_id != NULL)
      end_origin(ledger, row->origin_id);
    LedgerMovement model = {.id = row->id,
                            .sale_id = row->sale_id,
                            .program_id = row->program_id,
                            .campaign_id = row->campaign_id,
                            .origin_id = row->origin_id,
                            .metadata = row->metadata,
                            .status = "ATIVO",
                            .client = row->client,
                            .type = row->type,
                            .sale_value = row->sale_value,
                            .amount = row->amount,
                            .remaining = row->remaining,
                            .before = row->before,
                            .after = row->after,
                            .expires = row->expires,
                            .inserted = row->inserted};
    ledger_add_movement(ledger, &model);
  }
}

void
ledger_apply(Ledger *ledger, const Plan *plan, Instant now)
{
  apply_clients(ledger, plan);
  apply_entities(ledger, plan);
  apply_balances(ledger, plan);
  apply_sales(ledger, plan);
  apply_movements(ledger, plan);
  for (guint i = 0; i < plan->interactions->len; i++) {
    const PlannedInteraction *row = &g_array_index(plan->interactions, PlannedInteraction, i);
    LedgerInteraction model = {row->client, row->campaign->id, row->sale_id, now, FALSE};
    ledger_add_interaction(ledger, &model);
  }
}

/* ---- loading --------------------------------------------------------------------------------- */

static KnownClient *
theirs(const Known *known, const KnownClient *client)
{
  return client != NULL ? known_client(known, client->id) : NULL;
}

static void
load_entities(const Ledger *ledger, Known *known)
{
  for (EntityKind kind = 0; kind < N_ENTITY_KINDS; kind++)
    for (guint i = 0; i < ledger->entities[kind]->len; i++) {
      KnownEntity model = *(const KnownEntity *)ledger->entities[kind]->pdata[i];
      model.client = theirs(known, model.client);
      known_add_entity(known, kind, &model);
    }
}

static void
load_movements(const Ledger *ledger, Known *known)
{
  for (guint i = 0; i < ledger->movements->len; i++) {
    const LedgerMovement *row = ledger->movements->pdata[i];
    if (row->type == MOVEMENT_ACCUMULATION && !g_str_equal(row->status, "EXPIRADO"))
      known_add_movement(known, &(KnownMovement){.id = row->id,
                                                 .sale_id = row->sale_id,
                                                 .program_id = row->program_id,
                                                 .campaign_id = row->campaign_id,
                                                 .client = theirs(known, row->client),
                                                 .amount = row->amount,
                                                 .remaining = row->remaining,
                                                 .sale_value = row->sale_value});
  }
}

Known *
ledger_known(const Ledger *ledger)
{
  Known *known = known_new();
  for (guint i = 0; i < ledger->clients->len; i++)
    known_add_client(known, ledger->clients->pdata[i]);
  for (guint i = 0; i < ledger->balances->len; i++) {
    const KnownBalance *balance = ledger->balances->pdata[i];
    known_add_balance(known, theirs(known, balance->client), balance);
  }
  for (guint i = 0; i < ledger->sales->len; i++) {
    KnownSale model = *(const KnownSale *)ledger->sales->pdata[i];
    model.client = theirs(known, model.client);
    known_add_sale(known, &model);
  }
  load_entities(ledger, known);
  load_movements(ledger, known);
  for (guint i = 0; i < ledger->interactions->len; i++) {
    const LedgerInteraction *row = ledger->interactions->pdata[i];
    known_add_contact(known, theirs(known, row->client), row->campaign, row->at);
    if (row->is_executed)
      known_add_touch(known, theirs(known, row->client));
  }
  return known;
}
