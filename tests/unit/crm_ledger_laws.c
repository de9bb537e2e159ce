/* What holds of cashback whatever happened (data-collecting.md 6.3, 6.7, 10.9). */
#include "unit.h"

#include <string.h>

#include "base/json.h"
#include "base/money.h"
#include "crm_ledger.h"

#define LAW(holds, text)                                                                           \
  do                                                                                               \
    if (!(holds))                                                                                  \
      fail_msg("%s", text);                                                                        \
  while (0)

static gint64
effect(const LedgerMovement *row)
{
  gint64 returned = 0;
  if (row->type != MOVEMENT_CANCELLATION)
    return row->amount;
  g_autofree char *number =
      json_number_text(row->metadata, strlen(row->metadata), "valorEstornado");
  LAW(number != NULL && money_parse(number, &returned), "a reversal tells what it returned");
  return -returned;
}

/* Each movement starts where the one before ended, and moves the balance by its effect. */
static void
check_client(const Ledger *ledger, const KnownClient *client)
{
  gint64 available = 0, accumulated = 0, remaining = 0;
  for (guint i = 0; i < ledger->movements->len; i++) {
    const LedgerMovement *row = ledger->movements->pdata[i];
    if (row->client != client)
      continue;
    LAW(row->before == available, "a movement starts where the one before ended");
    LAW(row->after - row->before == effect(row), "a movement moves the balance by its effect");
    LAW(row->after >= 0, "a balance is never negative");
    available = row->after;
    accumulated += row->type == MOVEMENT_ACCUMULATION ? row->amount : 0;
    remaining += row->remaining;
  }
  for (guint i = 0; i < ledger->balances->len; i++) {
    const KnownBalance *balance = ledger->balances->pdata[i];
    if (balance->client != client)
      continue;
    LAW(balance->available == available, "the balance is where the last movement ended");
    LAW(balance->accumulated == accumulated,
        "the lifetime's total is the sum of what was credited");
    available = accumulated = 0;
  }
  LAW(available == 0 && accumulated == 0, "movements have a balance, and only one");
  LAW(remaining == 0 || client->purchases >= 0, "purchases are never negative");
}

/* What is left of all credits is what is available. */
static void
check_remainders(const Ledger *ledger)
{
  gint64 remaining = 0, available = 0;
  for (guint i = 0; i < ledger->movements->len; i++)
    remaining += ((const LedgerMovement *)ledger->movements->pdata[i])->remaining;
  for (guint i = 0; i < ledger->balances->len; i++)
    available += ((const KnownBalance *)ledger->balances->pdata[i])->available;
  LAW(remaining == available, "what is left of the credits is what is available");
}

/* The program credits a sale at most once per client, and a campaign too. */
static void
check_once_per_sale(const Ledger *ledger)
{
  g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  for (guint i = 0; i < ledger->movements->len; i++) {
    const LedgerMovement *row = ledger->movements->pdata[i];
    if (row->type != MOVEMENT_ACCUMULATION)
      continue;
    char *key = g_strdup_printf("%s %s %s", row->sale_id, row->client->id,
                                row->campaign_id != NULL ? row->campaign_id : "the program");
    LAW(g_hash_table_add(seen, key), "a sale is credited once");
  }
}

void
ledger_check_laws(const Ledger *ledger)
{
  for (guint i = 0; i < ledger->clients->len; i++)
    check_client(ledger, ledger->clients->pdata[i]);
  check_remainders(ledger);
  check_once_per_sale(ledger);
}
