/* Books made of bank statements: each bank account is an account, each movement has its
 * counter-posting on the account of its category. */
#include <string.h>

#include "erp/omie/books_statement.h"

/* Does a callback's FALSE mean that there is enough? */
static gboolean
ended(GError *failure, GError **error)
{
  if (failure == NULL)
    return TRUE;
  g_propagate_error(error, failure);
  return FALSE;
}

/* ---- accounts and postings --------------------------------------------------------------------*/

typedef struct {
  const LedgerSink *sink;
  gboolean has_enough;
} Books;

/* What stands on a bank account is money there is: positive on the debit side, whatever the account
 * is (a credit card's is negative). */
static gboolean
tell_account(const OmieBank *bank, gboolean has_opening, gint64 centavos, gpointer data,
             GError **error)
{
  Books *books = data;
  LedgerAccount account = {
      .code = bank->code,
      .name = bank->name,
      .type = bank->type,
      .has_opening = has_opening,
      .opening = ABS(centavos),
      .opening_side = centavos < 0 ? SIDE_CREDIT : SIDE_DEBIT,
  };
  GError *failure = NULL;
  if (books->sink->account == NULL || books->sink->account(&account, books->sink->data, &failure))
    return books->sink->posting != NULL;
  books->has_enough = failure == NULL;
  if (failure != NULL)
    g_propagate_error(error, failure);
  return FALSE;
}

static gboolean
post(OmieMovement *movement, gpointer data, GError **error)
{
  Books *books = data;
  gboolean is_in = movement->side == SIDE_DEBIT;
  LedgerPosting bank = {.account = movement->bank->code,
                        .name = movement->bank->name,
                        .type = movement->bank->type,
                        .debit = is_in ? movement->amount : 0,
                        .credit = is_in ? 0 : movement->amount,
                        .day = movement->entry.transaction};
  LedgerPosting category = {.debit = bank.credit, .credit = bank.debit, .day = bank.day};
  category.account = omie_category_account(movement->category, movement->side, &category.type,
                                           &category.is_category);
  category.name = category.is_category ? movement->category_name : NULL;
  GError *failure = NULL;
  if (books->sink->posting(&bank, books->sink->data, &failure) &&
      books->sink->posting(&category, books->sink->data, &failure))
    return TRUE;
  books->has_enough = failure == NULL;
  if (failure != NULL)
    g_propagate_error(error, failure);
  return FALSE;
}

gboolean
omie_statement_books(Erp *erp, const ErpPeriod *period, const LedgerSink *sink, GError **error)
{
  Books books = {.sink = sink};
  const OmieStatement statement = {
      .erp = erp, .sink = sink, .opening = tell_account, .movement = post, .data = &books};
  g_autoptr(GPtrArray) banks = omie_banks(erp, error);
  g_autoptr(ErpSeen) seen = erp_seen_new();
  if (banks == NULL)
    return FALSE;
  for (guint i = 0; i < banks->len && !books.has_enough; i++) {
    GError *failure = NULL;
    if (!omie_statement_read(&statement, banks->pdata[i], period, seen, &failure) &&
        !ended(failure, error))
      return FALSE;
  }
  return TRUE;
}

/* ---- entries of one account -------------------------------------------------------------------*/

typedef struct {
  Erp *erp;
  const LedgerSink *sink;
  const char *account;    /* the one asked for */
  GHashTable *categories; /* CATEGORY_MAP */
  ErpSeen *ids;           /* of a category, over all bank accounts */
  gboolean has_enough;
} Entries;

/* "CAT1=4.01.001,CAT2=5.01.001". */
static GHashTable *
read_category_map(const Erp *erp)
{
  GHashTable *map = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
  const char *text = erp_config_text(erp->config, "CATEGORY_MAP");
  g_auto(GStrv) pairs = g_strsplit(text != NULL ? text : "", ",", -1);
  for (guint i = 0; pairs[i] != NULL; i++) {
    char *equals = strchr(pairs[i], '=');
    if (equals == NULL)
      continue;
    *equals = '\0';
    g_hash_table_insert(map, g_strdup(g_strstrip(pairs[i])), g_strdup(g_strstrip(equals + 1)));
  }
  return map;
}

static gboolean
give(Entries *entries, const OmieMovement *movement, LedgerEntry *entry, GError **error)
{
  guint count = omie_movement_extras(movement->cells, entry->metadata);
  entry->metadata[count++] = (LedgerExtra){"category", movement->category};
  entry->metadata[count++] = (LedgerExtra){"category_name", movement->category_name};
  entry->metadata[count++] = (LedgerExtra){"bank_account", movement->bank->code};
  entry->metadata[count] = (LedgerExtra){NULL, NULL};
  GError *failure = NULL;
  if (entries->sink->entry(entry, entries->sink->data, &failure))
    return TRUE;
  entries->has_enough = failure == NULL;
  if (failure != NULL)
    g_propagate_error(error, failure);
  return FALSE;
}

static gboolean
give_of_bank(OmieMovement *movement, gpointer data, GError **error)
{
  LedgerEntry *entry = &movement->entry;
  entry->account = movement->bank->code;
  entry->account_name = movement->bank->name;
  entry->debit = movement->side == SIDE_DEBIT ? movement->amount : 0;
  entry->credit = movement->side == SIDE_CREDIT ? movement->amount : 0;
  return give(data, movement, entry, error);
}

/* The same movement from its category's side.  A transfer stands in two statements, maybe under one
 * id: the second gets its bank account's before it. */
static gboolean
give_of_category(OmieMovement *movement, gpointer data, GError **error)
{
  Entries *entries = data;
  LedgerEntry *entry = &movement->entry;
  AccountType type;
  gboolean is_category;
  const char *account =
      omie_category_account(movement->category, movement->side, &type, &is_category);
  const char *mapped = is_category ? g_hash_table_lookup(entries->categories, account) : NULL;
  if (g_strcmp0(mapped != NULL ? mapped : account, entries->account) != 0)
    return TRUE;
  g_autofree char *own_id = g_strconcat(movement->bank->id, "-", entry->id, NULL);
  if (!erp_seen_add(entries->ids, entry->id))
    entry->id = own_id;
  entry->account = entries->account;
  entry->account_name = mapped == NULL && is_category ? movement->category_name : NULL;
  entry->debit = movement->side == SIDE_CREDIT ? movement->amount : 0;
  entry->credit = movement->side == SIDE_DEBIT ? movement->amount : 0;
  return give(entries, movement, entry, error);
}

/* The bank accounts to be read: the one that is asked for, or all for a category. */
static gboolean
choose_banks(const char *account, GPtrArray *banks, GError **error)
{
  if (!g_str_has_prefix(account, "CC:"))
    return TRUE;
  for (guint i = banks->len; i > 0; i--)
    if (!g_str_equal(((const OmieBank *)banks->pdata[i - 1])->code, account))
      g_ptr_array_remove_index(banks, i - 1);
  if (banks->len > 0)
    return TRUE;
  g_set_error(error, PONTE_ERROR, ERROR_ACCOUNT_NOT_FOUND, "O Omie não tem a conta %s.", account);
  return FALSE;
}

gboolean
omie_statement_entries(Erp *erp, const char *account, const ErpPeriod *period,
                       const LedgerSink *sink, GError **error)
{
  g_autoptr(GHashTable) categories = read_category_map(erp);
  g_autoptr(ErpSeen) seen = erp_seen_new(), ids = erp_seen_new();
  Entries entries = {
      .erp = erp, .sink = sink, .account = account, .categories = categories, .ids = ids};
  const OmieStatement statement = {.erp = erp,
                                   .sink = sink,
                                   .movement = g_str_has_prefix(account, "CC:") ? give_of_bank
                                                                                : give_of_category,
                                   .data = &entries};
  g_autoptr(GPtrArray) banks = omie_banks(erp, error);
  if (banks == NULL || !choose_banks(account, banks, error))
    return FALSE;
  for (guint i = 0; i < banks->len && !entries.has_enough; i++) {
    GError *failure = NULL;
    if (!omie_statement_read(&statement, banks->pdata[i], period, seen, &failure) &&
        !ended(failure, error))
      return FALSE;
  }
  return TRUE;
}
