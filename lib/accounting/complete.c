/* What an ERP leaves out of a trial balance: order, level, parent, summary (erp-connectors.md 5.6);
 * accounts that came twice. */
#include <string.h>

#include "accounting/findings.h"
#include "accounting/hierarchy.h"
#include "base/error.h"

#define MAX_SEGMENTS 15

static int
compare_accounts(gconstpointer a, gconstpointer b)
{
  const AccountBalance *one = *(AccountBalance *const *)a, *other = *(AccountBalance *const *)b;
  return account_code_compare(one->code, other->code); /* 0 for the very same code only */
}

static gboolean
is_same(const AccountBalance *a, const AccountBalance *b)
{
  return strcmp(a->name, b->name) == 0 && g_strcmp0(a->parent, b->parent) == 0 &&
         a->type == b->type && a->level == b->level && a->side == b->side &&
         a->is_summary == b->is_summary && a->opening == b->opening && a->debit == b->debit &&
         a->credit == b->credit && a->closing == b->closing;
}

static void
swap(GPtrArray *accounts, guint a, guint b)
{
  gpointer account = accounts->pdata[a];
  accounts->pdata[a] = accounts->pdata[b];
  accounts->pdata[b] = account;
}

/* Of sorted accounts: those that go gather at the end, and are freed together. */
static gboolean
drop_repeated(TrialBalance *balance, GError **error)
{
  guint kept = 0;
  for (guint i = 0; i < balance->accounts->len; i++) {
    const AccountBalance *account = g_ptr_array_index(balance->accounts, i);
    const AccountBalance *before = kept > 0 ? g_ptr_array_index(balance->accounts, kept - 1) : NULL;
    if (before == NULL || strcmp(before->code, account->code) != 0) {
      swap(balance->accounts, kept++, i);
      continue;
    }
    if (!is_same(before, account)) {
      g_set_error(error, PONTE_ERROR, ERROR_ERP_DUPLICATE_ACCOUNT,
                  "O ERP enviou a conta %s duas vezes, com valores diferentes.", account->code);
      return FALSE;
    }
    finding_add(balance, FOUND_REPEATED, account->code, NULL, NULL);
  }
  g_ptr_array_set_size(balance->accounts, (gint)kept);
  return TRUE;
}

/* The lengths of "1,2,2,4" summed up: 1, 3, 5, 9; none without a mask. */
static gboolean
read_mask(const char *mask, gsize *ends, guint *count, GError **error)
{
  gsize end = 0;
  g_auto(GStrv) lengths = g_strsplit(mask != NULL ? mask : "", ",", -1);
  for (*count = 0; lengths[*count] != NULL; ++*count) {
    guint64 length;
    if (*count == MAX_SEGMENTS ||
        !g_ascii_string_to_unsigned(g_strstrip(lengths[*count]), 10, 1, 50, &length, NULL)) {
      g_set_error_literal(error, PONTE_ERROR, ERROR_ERP_NOT_CONFIGURED,
                          "CODE_MASK deve ser uma lista de tamanhos como 1,2,2,4.");
      return FALSE;
    }
    ends[*count] = end += length;
  }
  return TRUE;
}

/* Codes made of parts of one account number.  Those of our own making ("CC:1", "CC:12") are no
 * parts of each other. */
static gboolean
has_parts(const char *code)
{
  return strchr(code, ':') == NULL;
}

static gint64
count_segments(const char *code)
{
  gint64 count = 1;
  for (; *code != '\0'; code++)
    count += *code == '.';
  return count;
}

/* The longest other code of the set that this one begins with; for codes without dots. */
static AccountBalance *
longest_prefix(GHashTable *accounts, const char *code)
{
  g_autofree char *prefix = g_strdup(code);
  for (gsize length = strlen(code) - 1; length > 0; length--) {
    prefix[length] = '\0';
    AccountBalance *account = g_hash_table_lookup(accounts, prefix);
    if (account != NULL)
      return account;
  }
  return NULL;
}

/* The code without its last segments, as far as there is such an account. */
static AccountBalance *
climb(GHashTable *accounts, const char *code)
{
  g_autofree char *shorter = g_strdup(code);
  for (char *dot; (dot = strrchr(shorter, '.')) != NULL;) {
    *dot = '\0';
    AccountBalance *account = g_hash_table_lookup(accounts, shorter);
    if (account != NULL)
      return account;
  }
  return NULL;
}

static AccountBalance *
derive_parent(GHashTable *accounts, const char *code)
{
  if (!has_parts(code))
    return NULL;
  return strchr(code, '.') != NULL ? climb(accounts, code) : longest_prefix(accounts, code);
}

/* By the mask: which segment the code ends in. */
static gint64
level_by_mask(const gsize *ends, guint count, gsize length)
{
  guint level = 1;
  while (level < count && ends[level - 1] < length)
    level++;
  return level;
}

/* What the code says, or else below the parent (NULL: none), which has its level already.  Whatever
 * the code says, an account is below its parent; unless the ERP states the parent's level and the
 * code alone makes it the parent: that is for level_order to tell. */
static gint64
derive_level(const AccountBalance *account, const AccountBalance *parent, const gsize *ends,
             guint count)
{
  const char *code = account->code;
  gint64 below = parent != NULL ? parent->level + 1 : 1, level = 0;
  if (has_parts(code) && strchr(code, '.') != NULL)
    level = count_segments(code);
  else if (has_parts(code) && count > 0 && g_ascii_isdigit(*code))
    level = level_by_mask(ends, count, strlen(code));
  gboolean is_free = parent != NULL && parent->level_stated && !account->parent_stated;
  return level > 0 && is_free ? level : MAX(level, below);
}

/* A chart that tells of no tree, and has none in its codes, is a plain list (6.2). */
static gboolean
is_flat(const TrialBalance *balance, GHashTable *accounts)
{
  if (!balance->is_aggregated)
    return FALSE;
  for (guint i = 0; i < balance->accounts->len; i++) {
    const AccountBalance *account = g_ptr_array_index(balance->accounts, i);
    if (account->level > 0 || account->parent != NULL ||
        derive_parent(accounts, account->code) != NULL)
      return FALSE;
  }
  return TRUE;
}

static void
fill_in_parents(TrialBalance *balance, GHashTable *accounts)
{
  for (guint i = 0; i < balance->accounts->len; i++) {
    AccountBalance *account = g_ptr_array_index(balance->accounts, i);
    account->parent_stated = account->parent != NULL;
    account->level_stated = account->level > 0;
    const AccountBalance *parent =
        account->parent_stated ? NULL : derive_parent(accounts, account->code);
    if (parent != NULL)
      account->parent = g_strdup(parent->code);
  }
}

static void
fill_in_level(AccountBalance *account, const AccountBalance *parent, const gsize *ends, guint count)
{
  if (account->level == 0)
    account->level = derive_level(account, parent, ends, count);
}

/* Parents before children; those that go round in circles have none. */
static void
fill_in_levels(TrialBalance *balance, const gsize *ends, guint count)
{
  const GPtrArray *accounts = balance->accounts;
  g_auto(Hierarchy) tree = {0};
  hierarchy_init(&tree, accounts);
  for (guint i = tree.ordered; i > 0; i--) {
    guint place = tree.order[i - 1], parent = tree.parent[place];
    fill_in_level(accounts->pdata[place], parent != NO_PARENT ? accounts->pdata[parent] : NULL,
                  ends, count);
  }
  for (guint i = 0; i < accounts->len; i++)
    fill_in_level(accounts->pdata[i], NULL, ends, count);
}

static void
flatten(TrialBalance *balance)
{
  for (guint i = 0; i < balance->accounts->len; i++)
    ((AccountBalance *)g_ptr_array_index(balance->accounts, i))->level = 1;
}

/* Who has a child is a summary, unless the ERP says otherwise. */
static void
mark_summaries(TrialBalance *balance, GHashTable *accounts)
{
  for (guint i = 0; i < balance->accounts->len; i++) {
    const AccountBalance *account = g_ptr_array_index(balance->accounts, i);
    AccountBalance *parent =
        account->parent != NULL ? g_hash_table_lookup(accounts, account->parent) : NULL;
    if (parent != NULL && parent != account && !parent->summary_stated)
      parent->is_summary = TRUE;
  }
}

gboolean
trial_balance_complete(TrialBalance *balance, const char *code_mask, GError **error)
{
  gsize ends[MAX_SEGMENTS];
  guint count;
  if (!read_mask(code_mask, ends, &count, error))
    return FALSE;
  g_ptr_array_sort(balance->accounts, compare_accounts);
  if (!drop_repeated(balance, error))
    return FALSE;
  g_autoptr(GHashTable) accounts = g_hash_table_new(g_str_hash, g_str_equal);
  for (guint i = 0; i < balance->accounts->len; i++) {
    AccountBalance *account = g_ptr_array_index(balance->accounts, i);
    g_hash_table_insert(accounts, account->code, account);
  }
  if (is_flat(balance, accounts))
    flatten(balance);
  fill_in_parents(balance, accounts);
  fill_in_levels(balance, ends, count);
  mark_summaries(balance, accounts);
  return TRUE;
}
