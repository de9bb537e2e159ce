#include "crm/plan.h"

static void
clear_interaction(gpointer row)
{
  PlannedInteraction *interaction = row;
  g_free(interaction->description);
  g_free(interaction->metadata);
}

Plan *
plan_new(void)
{
  Plan *plan = g_new(Plan, 1);
  *plan = (Plan){
      .clients = g_array_new(FALSE, FALSE, sizeof(NewClient)),
      .changes = g_array_new(FALSE, FALSE, sizeof(ClientChange)),
      .change_of = g_hash_table_new(NULL, NULL),
      .products = g_array_new(FALSE, FALSE, sizeof(NewProduct)),
      .sellers = g_ptr_array_new(),
      .partners = g_array_new(FALSE, FALSE, sizeof(NewPartner)),
      .groups = g_array_new(FALSE, FALSE, sizeof(NewAddOn)),
      .options = g_array_new(FALSE, FALSE, sizeof(NewAddOn)),
      .balances = g_ptr_array_new(),
      .sales = g_array_new(FALSE, FALSE, sizeof(PlannedSale)),
      .items = g_array_new(FALSE, FALSE, sizeof(PlannedItem)),
      .movements = g_array_new(FALSE, FALSE, sizeof(PlannedMovement)),
      .interactions = g_array_new(FALSE, FALSE, sizeof(PlannedInteraction)),
      .touched = g_array_new(FALSE, FALSE, sizeof(TouchedSale)),
  };
  g_array_set_clear_func(plan->interactions, clear_interaction);
  return plan;
}

void
plan_free(Plan *plan)
{
  GArray *arrays[] = {plan->clients,   plan->changes, plan->products,    plan->partners,
                      plan->groups,    plan->options, plan->sales,       plan->items,
                      plan->movements, plan->touched, plan->interactions};
  for (guint i = 0; i < G_N_ELEMENTS(arrays); i++)
    g_array_unref(arrays[i]);
  g_ptr_array_unref(plan->sellers);
  g_ptr_array_unref(plan->balances);
  g_hash_table_unref(plan->change_of);
  g_free(plan);
}

static ClientChange *
find_change(const Plan *plan, const KnownClient *client)
{
  guint place = GPOINTER_TO_UINT(g_hash_table_lookup(plan->change_of, client));
  return place != 0 ? &g_array_index(plan->changes, ClientChange, place - 1) : NULL;
}

const ClientChange *
plan_change_of(const Plan *plan, const KnownClient *client)
{
  return find_change(plan, client);
}

ClientChange *
plan_change(Plan *plan, KnownClient *client)
{
  ClientChange *there = find_change(plan, client);
  if (there != NULL)
    return there;
  ClientChange change = {
      .client = client, .first_purchase = INSTANT_NONE, .last_purchase = INSTANT_NONE};
  g_array_append_val(plan->changes, change);
  g_hash_table_insert(plan->change_of, client, GUINT_TO_POINTER(plan->changes->len));
  client->is_changed = TRUE;
  return find_change(plan, client);
}

void
plan_counts_add(PlanCounts *sum, const PlanCounts *counts)
{
  gint64 *into = (gint64 *)sum; /* all of them are counters of this one type */
  const gint64 *from = (const gint64 *)counts;
  for (gsize i = 0; i < sizeof *sum / sizeof *into; i++)
    into[i] += from[i];
}

gboolean
plan_is_empty(const Plan *plan)
{
  /* All else hangs on a sale. */
  return plan->sales->len == 0 && plan->touched->len == 0;
}
