/* Which campaigns a new sale fires: conditions and frequency (data-collecting.md 7.2 to 7.4). */
#include <string.h>

#include "crm/decide_parts.h"

/* The buyer as the campaigns of one trigger find him. */
typedef struct {
  const char *title;
  gint64 purchases, purchased; /* before this sale */
  gint64 credited, available;  /* by the program for this sale; when the trigger is evaluated */
  gboolean is_new;
} Buyer;

static Buyer
buyer_of(const Record *record, gint64 credited)
{
  const KnownClient *client = record->client;
  Buyer buyer = {.title = client_title(client), .credited = credited, .available = credited};
  buyer.is_new = client == NULL;
  if (client == NULL)
    return buyer;
  const KnownBalance *balance = known_balance(client, record->context->rules->program.id);
  buyer.purchases = client->purchases;
  buyer.purchased = client->purchased;
  buyer.available += balance != NULL ? balance->available : 0;
  return buyer;
}

static gboolean
crosses(gint64 before, gint64 step, gint64 threshold)
{
  return threshold != NO_THRESHOLD && before < threshold && threshold <= before + step;
}

static gboolean
reaches(gint64 amount, gint64 minimum)
{
  return minimum == NO_THRESHOLD || amount >= minimum;
}

static gboolean
condition_holds(const Campaign *campaign, const Buyer *buyer, gint64 total)
{
  switch (campaign->trigger) {
  case TRIGGER_FIRST_PURCHASE:
    return buyer->is_new;
  case TRIGGER_NEW_PURCHASE:
    return !buyer->is_new && reaches(total, campaign->minimum_value);
  case TRIGGER_PURCHASE_COUNT:
    return crosses(buyer->purchases, 1, campaign->purchase_count);
  case TRIGGER_PURCHASE_VALUE:
    return crosses(buyer->purchased, total, campaign->purchase_value);
  case TRIGGER_CASHBACK:
    return buyer->credited > 0 && reaches(buyer->credited, campaign->minimum_cashback) &&
           reaches(buyer->available, campaign->minimum_balance);
  case N_TRIGGERS:
    break;
  }
  g_assert_not_reached();
}

/* An empty list is everyone for the two of the total purchases, and nobody for the others. */
static gboolean
is_for(const Campaign *campaign, const char *title)
{
  if (campaign->segments == NULL || campaign->segments[0] == NULL)
    return campaign->trigger == TRIGGER_PURCHASE_COUNT ||
           campaign->trigger == TRIGGER_PURCHASE_VALUE;
  return g_strv_contains(campaign->segments, title);
}

gboolean
campaign_may_contact(const Campaign *campaign, Instant last, Instant now, GTimeZone *zone)
{
  if (last == INSTANT_NONE)
    return TRUE;
  if (!campaign->may_recur)
    return FALSE;
  if (campaign->interval <= 0 || campaign->interval_unit == UNIT_NONE)
    return TRUE;
  return last <= instant_plus(now, -campaign->interval, campaign->interval_unit, zone);
}

static gboolean
may_contact(const Record *record, const Campaign *campaign)
{
  Instant last = INSTANT_NONE;
  if (record->client == NULL ||
      !known_last_contact(record->known, record->client, campaign->id, &last))
    return TRUE;
  return campaign_may_contact(campaign, last, record->context->now, record->context->zone);
}

/* 6.6 */
static gint64
generated(const Record *record, const Campaign *campaign)
{
  if (record->context->rules->program.id == NULL ||
      (campaign->trigger == TRIGGER_CASHBACK && campaign->cashback.kind != AMOUNT_FIXED))
    return 0;
  return cashback_amount(campaign->cashback.kind, campaign->cashback.rate, record->sale->total);
}

static void
fire(const Record *record, const Campaign *campaign, Rewards *rewards)
{
  FiredCampaign fired = {campaign, generated(record, campaign)};
  if (rewards->campaigns == NULL)
    rewards->campaigns = g_array_new(FALSE, FALSE, sizeof fired);
  g_array_append_val(rewards->campaigns, fired);
}

static gint64
generated_so_far(const Rewards *rewards)
{
  gint64 sum = 0;
  for (guint i = 0; rewards->campaigns != NULL && i < rewards->campaigns->len; i++)
    sum += g_array_index(rewards->campaigns, FiredCampaign, i).cashback;
  return sum;
}

Decision
campaigns_find(const Record *record, Rewards *rewards)
{
  const GArray *campaigns = record->context->rules->campaigns;
  Buyer buyer = buyer_of(record, rewards->buyer);
  gint64 available = buyer.available;
  Trigger trigger = N_TRIGGERS;
  for (guint i = 0; i < campaigns->len; i++) {
    const Campaign *campaign = &g_array_index(campaigns, Campaign, i);
    if (campaign->trigger != trigger) { /* what fires of it is fixed before the first executes */
      trigger = campaign->trigger;
      buyer.available = available + generated_so_far(rewards);
    }
    if (!condition_holds(campaign, &buyer, record->sale->total) || !is_for(campaign, buyer.title))
      continue;
    if (may_contact(record, campaign))
      fire(record, campaign, rewards);
    else if (record->plan->drops_interactions)
      return DECIDE_NEXT_BATCH; /* the one that is in the way may be among those that go */
  }
  return DECIDED;
}
