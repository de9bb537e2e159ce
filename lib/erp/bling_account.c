/* Bling's accounts by their codes, kept for a while. */
#include "base/error.h"
#include "erp/bling.h"

#define KEPT_US (10 * G_TIME_SPAN_MINUTE)

typedef struct {
  GHashTable *accounts; /* code to BlingAccount */
  gint64 until_us;
} Kept;

static void
account_free(gpointer data)
{
  BlingAccount *account = data;
  g_free(account->id);
  g_free(account->name);
  g_free(account);
}

static void
kept_free(gpointer data)
{
  Kept *kept = data;
  g_hash_table_unref(kept->accounts);
  g_free(kept);
}

void
bling_account_put(GHashTable *accounts, const char *code, const char *id, const char *name)
{
  BlingAccount *account = g_new0(BlingAccount, 1);
  *account = (BlingAccount){g_strdup(id), g_strdup(name)};
  g_hash_table_replace(accounts, g_strdup(code), account);
}

gboolean
bling_no_account(const char *code, GError **error)
{
  g_set_error(error, PONTE_ERROR, ERROR_ACCOUNT_NOT_FOUND, "O Bling não tem a conta %s.", code);
  return FALSE;
}

/* The process's: by company, profile and credential, so that a change of either asks anew. */
static GHashTable *
all_kept(void)
{
  static GHashTable *all;
  if (all == NULL)
    all = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, kept_free);
  return all;
}

const BlingAccount *
bling_account(Erp *erp, const char *code, BlingLoad load, GError **error)
{
  gint64 now_us = g_get_monotonic_time();
  g_autofree char *key = g_strjoin("\n", erp->company->code, erp->profile->name,
                                   erp->account_hash != NULL ? erp->account_hash : "", NULL);
  Kept *kept = g_hash_table_lookup(all_kept(), key);
  if (kept == NULL || kept->until_us <= now_us) {
    g_autoptr(GHashTable) accounts =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, account_free);
    if (!load(erp, accounts, error))
      return NULL;
    kept = g_new0(Kept, 1);
    *kept = (Kept){g_steal_pointer(&accounts), now_us + KEPT_US};
    g_hash_table_replace(all_kept(), g_steal_pointer(&key), kept);
  }
  const BlingAccount *account = g_hash_table_lookup(kept->accounts, code);
  if (account == NULL)
    bling_no_account(code, error);
  return account;
}
