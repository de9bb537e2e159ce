/* Names of accounts for rows that tell none, as those of CT2 (erp-connectors.md 6.1): from the
 * chart, which is asked for once in ten minutes, not for every account that somebody wants to see.
 */
#include "erp/totvs.h"

#define KEPT_US (10 * G_TIME_SPAN_MINUTE)

typedef struct {
  GHashTable *names; /* by code */
  gint64 until_us;
} Kept;

static void
kept_free(gpointer data)
{
  Kept *kept = data;
  g_hash_table_unref(kept->names);
  g_free(kept);
}

static gboolean
take_account(const LedgerAccount *account, gpointer data, G_GNUC_UNUSED GError **error)
{
  g_hash_table_replace(data, g_strdup(account->code), g_strdup(account->name));
  return TRUE;
}

/* What is wrong with other accounts is told by who reads the chart for its own sake. */
static gboolean
take_flaw(G_GNUC_UNUSED const LedgerFlaw *flaw, G_GNUC_UNUSED gpointer data,
          G_GNUC_UNUSED GError **error)
{
  return TRUE;
}

/* One attempt of the class that charts have, and its failure is none of the run's: a name is worth
 * no more than that. */
static GHashTable *
ask(Erp *erp)
{
  g_autoptr(GHashTable) names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
  LedgerSink sink = {.account = take_account, .flaw = take_flaw, .data = names};
  const RetryPolicy retry = erp->policy.retry;
  gint64 timeout_ms = erp->extract_timeout_ms;
  guint warnings = erp->warnings->len, details = erp->error_details->len;
  g_autoptr(GError) failure = NULL;
  erp->policy.retry.max_attempts = 1;
  erp->extract_timeout_ms = erp->timeout_ms;
  gboolean asked = erp->profile->chart(erp, &sink, &failure);
  erp->policy.retry = retry;
  erp->extract_timeout_ms = timeout_ms;
  g_ptr_array_set_size(erp->warnings, (gint)warnings);
  g_ptr_array_set_size(erp->error_details, (gint)details);
  return asked ? g_steal_pointer(&names) : NULL;
}

const char *
totvs_account_name(Erp *erp, const char *account)
{
  static GHashTable *all; /* of Kept: by company, its number in the ERP and credential */
  if (all == NULL)
    all = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, kept_free);
  gint64 now_us = g_get_monotonic_time();
  g_autofree char *key =
      g_strjoin("\n", erp->company->code, erp->company_id != NULL ? erp->company_id : "",
                erp->account_hash != NULL ? erp->account_hash : "", NULL);
  Kept *kept = g_hash_table_lookup(all, key);
  if (kept == NULL || kept->until_us <= now_us) {
    GHashTable *names = ask(erp);
    if (names == NULL) {
      erp_warn(erp, "account_name_unknown", NULL);
      return NULL;
    }
    kept = g_new0(Kept, 1);
    *kept = (Kept){names, now_us + KEPT_US};
    g_hash_table_replace(all, g_steal_pointer(&key), kept);
  }
  return g_hash_table_lookup(kept->names, account);
}
