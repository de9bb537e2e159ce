/* The path of one record: what it is compared with what is stored, and in which order its parts are
 * decided (data-collecting.md 5). */
#include "crm/decide.h"

#include <string.h>

#include "base/decimal.h"
#include "crm/decide_parts.h"

SaleState
sale_state(const char *nature, gint64 total)
{
  if (sale_is_valid(nature, total))
    return SALE_VALID;
  return g_strcmp0(nature, "SN01") == 0 ? SALE_WITHOUT_VALUE : SALE_OTHER_NATURE;
}

gboolean
transition_reverses(SaleState before, SaleState after)
{
  return before == SALE_VALID && (after == SALE_OTHER_NATURE || after == SALE_WITHOUT_VALUE);
}

const char *
record_new_id(const Record *record)
{
  g_autofree char *id = record->context->new_id(record->context->new_id_data);
  return known_text(record->known, id);
}

/* Where only the day is told: the instant at which we saw the sale first, if that was on this day,
 * else the day's beginning (2.5, 5.3). */
static Instant
sale_instant(const Record *record, const KnownSale *stored)
{
  const Sale *sale = record->sale;
  GTimeZone *zone = record->context->zone;
  Instant seen = stored != NULL ? stored->at : record->context->now;
  if (sale->at != INSTANT_NONE)
    return sale->at;
  if (seen != INSTANT_NONE) {
    GDate day = instant_day(seen, zone);
    if (g_date_compare(&day, &sale->day) == 0)
      return seen;
  }
  return instant_at(&sale->day, 0, 0, 0, zone);
}

/* ---- parts of a new and of a changed sale ---------------------------------------------------- */

static void
plan_items(const Record *record, KnownClient *client)
{
  const GArray *items = record->sale->items;
  for (guint i = 0; i < items->len; i++) {
    const SaleItem *item = &g_array_index(items, SaleItem, i);
    PlannedItem row = {.sale_id = record->sale_id,
                       .item = item,
                       .client = client,
                       .product_id = record_product(record, item),
                       .number = i + 1};
    record_take_add_ons(record, item);
    g_array_append_val(record->plan->items, row);
  }
}

/* 4.4: the first valid purchase, and the newest of any kind. */
static void
date_client(const Record *record, Instant at)
{
  KnownClient *client = record->client;
  if (record->is_valid && client->first_purchase == INSTANT_NONE) {
    ClientChange *change = plan_change(record->plan, client);
    client->first_purchase = change->first_purchase = at;
    change->first_sale = record->sale_id;
  }
  if (client->last_purchase == INSTANT_NONE || at >= client->last_purchase) {
    ClientChange *change = plan_change(record->plan, client);
    client->last_purchase = change->last_purchase = at;
    change->last_sale = record->sale_id;
  }
}

static void
move_totals(const Record *record, KnownClient *client, gint64 purchases, gint64 purchased)
{
  ClientChange *change = plan_change(record->plan, client);
  client->purchases += purchases;
  client->purchased += purchased;
  change->purchases_change += purchases;
  change->purchased_change += purchased;
}

/* 5.5: a cancelled sale is subtracted, but nothing falls below 0. */
static void
subtract_from_totals(const Record *record, const KnownSale *stored)
{
  KnownClient *client = stored->client;
  if (client != NULL)
    move_totals(record, client, -CLAMP(client->purchases, 0, 1),
                -CLAMP(client->purchased, 0, stored->total));
}

static void
take_entities(Record *record, PlannedSale *row)
{
  row->seller_id = record_seller(record);
  record_take_partner(record);
  row->partner_id = record->partner != NULL ? record->partner->id : NULL;
}

/* ---- a new sale ------------------------------------------------------------------------------ */

/* Does the sale count for totals, cashback, campaigns and attribution of its buyer? */
static gboolean
is_rewarded(const Record *record)
{
  return record->is_valid && !record->context->is_retroactive &&
         (record->client != NULL || record_makes_client(record));
}

/* Everything that could refuse the sale, before anything is changed. */
static Decision
foresee(const Record *record, Rewards *rewards)
{
  const KnownClient *client = record->client;
  if (!is_rewarded(record))
    return DECIDED;
  if (client != NULL && client->sale_was_changed)
    return DECIDE_NEXT_BATCH; /* attribution reads his history from the tables */
  if (client != NULL && client->purchased + record->sale->total > DECIMAL_MONEY_MAX)
    return DECIDE_OVERFLOW;
  return rewards_find(record, rewards);
}

static void
plan_new_sale(Record *record, const char *hash, Instant at)
{
  gboolean is_attributed = is_rewarded(record);
  PlannedSale row = {.id = record->sale_id,
                     .sale = record->sale,
                     .hash = hash,
                     .client = record->client,
                     .at = at,
                     .is_new = TRUE};
  row.needs_attribution = is_attributed && known_has_touch(record->known, record->client);
  row.attribution_done = is_attributed && !row.needs_attribution;
  if (row.needs_attribution)
    record->client->awaits_attribution = TRUE;
  take_entities(record, &row);
  g_array_append_val(record->plan->sales, row);
  known_add_sale(record->known,
                 &(KnownSale){.external_id = record->sale->external_id, .is_planned = TRUE});
}

/* 5.1, in its order. */
static Decision
create(Record *record, const char *hash)
{
  g_auto(Rewards) rewards = {0};
  Decision decision = foresee(record, &rewards);
  if (decision != DECIDED)
    return decision;
  Instant at = sale_instant(record, NULL);
  record->sale_id = record_new_id(record);
  record_take_client(record);
  plan_new_sale(record, hash, at);
  plan_items(record, record->client);
  record->plan->counts.sales_created++;
  if (record->client == NULL)
    return DECIDED;
  date_client(record, at);
  if (is_rewarded(record)) {
    move_totals(record, record->client, 1, record->sale->total);
    rewards_give(record, &rewards, at);
  }
  return DECIDED;
}

/* ---- a sale that is there -------------------------------------------------------------------- */

/* What tells of the order without its details may move while nothing else does (5.3). */
static void
keep(const Record *record, KnownSale *stored)
{
  const Sale *sale = record->sale;
  record->plan->counts.sales_unchanged++;
  if (g_strcmp0(sale->erp_status, stored->erp_status) == 0 &&
      g_strcmp0(sale->erp_updated_at, stored->erp_updated_at) == 0)
    return;
  TouchedSale row = {.id = stored->id, .sale = sale};
  g_array_append_val(record->plan->touched, row);
  stored->erp_status = sale->erp_status;
  stored->erp_updated_at = sale->erp_updated_at;
}

static void
cancel(const Record *record, const KnownSale *stored)
{
  record_reverse(record);
  subtract_from_totals(record, stored);
  record->plan->drops_interactions = TRUE;
  record->plan->counts.sales_cancelled++;
}

/* Is the history of valid purchases another one, which the tables do not show yet? */
static void
note_changed_history(const Record *record, const KnownSale *stored, const PlannedSale *row)
{
  gboolean was_valid = sale_is_valid(stored->nature, stored->total);
  gboolean is_same = was_valid == record->is_valid && stored->total == record->sale->total &&
                     (row->client == NULL || row->client == stored->client) &&
                     stored->at == row->at;
  if (is_same || (!was_valid && !record->is_valid))
    return;
  if (stored->client != NULL)
    stored->client->sale_was_changed = TRUE;
  if (row->client != NULL)
    row->client->sale_was_changed = TRUE;
}

/* 5.3 */
static void
update(Record *record, KnownSale *stored, const char *hash)
{
  PlannedSale row = {.id = stored->id, .sale = record->sale, .hash = hash};
  record->sale_id = stored->id;
  row.at = sale_instant(record, stored);
  row.drops_interactions =
      transition_reverses(sale_state(stored->nature, stored->total),
                          sale_state(record->sale->nature, record->sale->total));
  record_take_client(record);
  if (record->is_new_client)
    date_client(record, row.at);
  row.client = record->client;
  if (row.drops_interactions)
    cancel(record, stored); /* on the stored client, whoever the record names now */
  take_entities(record, &row);
  g_array_append_val(record->plan->sales, row);
  plan_items(record, row.client != NULL ? row.client : stored->client);
  note_changed_history(record, stored, &row);
  stored->is_planned = TRUE;
  record->plan->counts.sales_updated++;
}

/* A change of his history would be seen by the sale before it (8). */
static gboolean
awaits_attribution(const KnownClient *client)
{
  return client != NULL && client->awaits_attribution;
}

Decision
decide_sale(const DecideContext *context, Known *known, const Sale *sale, Plan *plan)
{
  Record record = {.context = context, .known = known, .plan = plan, .sale = sale};
  KnownSale *stored = known_sale(known, sale->external_id);
  if (stored != NULL && stored->is_planned)
    return DECIDE_NEXT_BATCH;
  g_autofree char *hash = sale_hash(sale);
  if (stored != NULL && g_strcmp0(stored->hash, hash) == 0) {
    keep(&record, stored);
    return DECIDED;
  }
  record.is_valid = sale_is_valid(sale->nature, sale->total);
  record.client = record_find_client(&record);
  if (stored == NULL)
    return create(&record, known_text(known, hash));
  if (awaits_attribution(stored->client) || awaits_attribution(record.client))
    return DECIDE_NEXT_BATCH;
  update(&record, stored, known_text(known, hash));
  return DECIDED;
}
