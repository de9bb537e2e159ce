#include "crm_ledger.h"

#include "unit.h"

Ledger *
ledger_new(void)
{
  Ledger *ledger = g_new0(Ledger, 1);
  GPtrArray **lists[] = {&ledger->clients, &ledger->balances, &ledger->sales, &ledger->movements,
                         &ledger->interactions};
  ledger->texts = g_string_chunk_new(4096);
  for (guint i = 0; i < G_N_ELEMENTS(lists); i++)
    *lists[i] = g_ptr_array_new_with_free_func(g_free);
  for (guint i = 0; i < N_ENTITY_KINDS; i++)
    ledger->entities[i] = g_ptr_array_new_with_free_func(g_free);
  return ledger;
}

void
ledger_free(Ledger *ledger)
{
  GPtrArray *lists[] = {ledger->clients, ledger->balances, ledger->sales, ledger->movements,
                        ledger->interactions};
  for (guint i = 0; i < G_N_ELEMENTS(lists); i++)
    g_ptr_array_unref(lists[i]);
  for (guint i = 0; i < N_ENTITY_KINDS; i++)
    g_ptr_array_unref(ledger->entities[i]);
  g_string_chunk_free(ledger->texts);
  g_free(ledger);
}

/* ---- arranging ------------------------------------------------------------------------------- */

void
ledger_keep(Ledger *ledger, const char **text)
{
  if (*text != NULL)
    *text = g_string_chunk_insert_const(ledger->texts, *text);
}

static gpointer
add(GPtrArray *list, gconstpointer row, gsize size)
{
  gpointer copy = g_memdup2(row, size);
  g_ptr_array_add(list, copy);
  return copy;
}

static KnownClient *
client_of_id(const Ledger *ledger, const char *id)
{
  for (guint i = 0; i < ledger->clients->len; i++) {
    KnownClient *client = ledger->clients->pdata[i];
    if (g_str_equal(client->id, id))
      return client;
  }
  fail_msg("no client %s", id);
  return NULL;
}

KnownClient *
ledger_own(const Ledger *ledger, const KnownClient *client)
{
  return client != NULL ? client_of_id(ledger, client->id) : NULL;
}

KnownClient *
ledger_add_client(Ledger *ledger, const KnownClient *client)
{
  KnownClient *row = add(ledger->clients, client, sizeof *client);
  const char **texts[] = {&row->id,         &row->name_key, &row->external_id,
                          &row->phone_base, &row->document, &row->title};
  for (guint i = 0; i < G_N_ELEMENTS(texts); i++)
    ledger_keep(ledger, texts[i]);
  row->first_purchase = row->first_purchase != 0 ? row->first_purchase : INSTANT_NONE;
  row->last_purchase = row->last_purchase != 0 ? row->last_purchase : INSTANT_NONE;
  row->balances = NULL;
  row->is_new = row->is_changed = row->sale_was_changed = FALSE;
  return row;
}

KnownBalance *
ledger_add_balance(Ledger *ledger, const KnownBalance *balance)
{
  KnownBalance *row = add(ledger->balances, balance, sizeof *balance);
  ledger_keep(ledger, &row->program_id);
  row->client = ledger_own(ledger, balance->client);
  row->available_change = row->accumulated_change = 0;
  row->is_new = row->is_planned = FALSE;
  row->next = NULL;
  return row;
}

KnownSale *
ledger_add_sale(Ledger *ledger, const KnownSale *sale)
{
  KnownSale *row = add(ledger->sales, sale, sizeof *sale);
  const char **texts[] = {&row->id,     &row->external_id, &row->hash,
                          &row->nature, &row->erp_status,  &row->erp_updated_at};
  for (guint i = 0; i < G_N_ELEMENTS(texts); i++)
    ledger_keep(ledger, texts[i]);
  row->client = ledger_own(ledger, sale->client);
  row->is_planned = FALSE;
  return row;
}

LedgerMovement *
ledger_add_movement(Ledger *ledger, const LedgerMovement *movement)
{
  LedgerMovement *row = add(ledger->movements, movement, sizeof *movement);
  const char **texts[] = {&row->id,          &row->sale_id,   &row->program_id,
                          &row->campaign_id, &row->origin_id, &row->metadata};
  for (guint i = 0; i < G_N_ELEMENTS(texts); i++)
    ledger_keep(ledger, texts[i]);
  row->client = ledger_own(ledger, movement->client);
  return row;
}

LedgerInteraction *
ledger_add_interaction(Ledger *ledger, const LedgerInteraction *interaction)
{
  LedgerInteraction *row = add(ledger->interactions, interaction, sizeof *interaction);
  ledger_keep(ledger, &row->campaign);
  ledger_keep(ledger, &row->sale_id);
  row->client = ledger_own(ledger, interaction->client);
  return row;
}

KnownEntity *
ledger_add_entity(Ledger *ledger, guint kind, const KnownEntity *entity)
{
  KnownEntity *row = add(ledger->entities[kind], entity, sizeof *entity);
  ledger_keep(ledger, &row->id);
  ledger_keep(ledger, &row->key);
  row->client = ledger_own(ledger, entity->client);
  row->is_new = FALSE;
  return row;
}

/* ---- finding --------------------------------------------------------------------------------- */

KnownClient *
ledger_client(const Ledger *ledger, const char *name_key)
{
  for (guint i = 0; i < ledger->clients->len; i++) {
    KnownClient *client = ledger->clients->pdata[i];
    if (g_strcmp0(client->name_key, name_key) == 0)
      return client;
  }
  fail_msg("no client named %s", name_key);
  return NULL;
}

KnownSale *
ledger_sale(const Ledger *ledger, const char *external_id)
{
  for (guint i = 0; i < ledger->sales->len; i++) {
    KnownSale *sale = ledger->sales->pdata[i];
    if (g_str_equal(sale->external_id, external_id))
      return sale;
  }
  fail_msg("no sale %s", external_id);
  return NULL;
}

KnownBalance *
ledger_find_balance(const Ledger *ledger, const KnownClient *client, const char *program_id)
{
  for (guint i = 0; i < ledger->balances->len; i++) {
    KnownBalance *balance = ledger->balances->pdata[i];
    if (balance->client == client && g_str_equal(balance->program_id, program_id))
      return balance;
  }
  return NULL;
}

KnownBalance *
ledger_balance(const Ledger *ledger, const KnownClient *client)
{
  KnownBalance *balance = ledger_find_balance(ledger, client, "program");
  assert_non_null(balance);
  return balance;
}
