#include "accounting/checks.h"
#include "accounting/findings.h"

static AccountBalance *
account_at(const TrialBalance *balance, guint place)
{
  return g_ptr_array_index(balance->accounts, place);
}

/* One account with its parent, which is in the set. */
static void
check_pair(TrialBalance *balance, const AccountBalance *account, const AccountBalance *parent)
{
  if (parent->level >= account->level) {
    g_autofree char *expected = g_strdup_printf("< %" G_GINT64_FORMAT, account->level);
    g_autofree char *actual = g_strdup_printf("%" G_GINT64_FORMAT, parent->level);
    finding_add(balance, FOUND_LEVEL_ORDER, account->code, expected, actual);
  }
  if (!parent->is_summary)
    finding_add(balance, FOUND_PARENT_NOT_SUMMARY, account->code, NULL, parent->code);
  if (parent->type != account->type)
    finding_add(balance, FOUND_TYPE_MISMATCH, account->code, account_type_name(parent->type),
                account_type_name(account->type));
}

static void
check_parents(TrialBalance *balance, const Hierarchy *tree)
{
  for (guint i = 0; i < tree->count; i++) {
    const AccountBalance *account = account_at(balance, i);
    if (tree->parent[i] != NO_PARENT)
      check_pair(balance, account, account_at(balance, tree->parent[i]));
    else if (account->parent != NULL)
      finding_add(balance, FOUND_PARENT_MISSING, account->code, account->parent, NULL);
  }
}

/* What the order of the tree does not reach goes round in circles: one finding for each circle. */
static void
check_cycles(TrialBalance *balance, const Hierarchy *tree)
{
  gboolean *seen = g_new0(gboolean, tree->count + 1);
  for (guint i = 0; i < tree->ordered; i++)
    seen[tree->order[i]] = TRUE;
  for (guint i = 0; i < tree->count; i++) {
    if (!seen[i])
      finding_add(balance, FOUND_CYCLE, account_at(balance, i)->code, NULL, NULL);
    for (guint at = i; !seen[at]; at = tree->parent[at])
      seen[at] = TRUE;
  }
  g_free(seen);
}

static void
compare_sum(TrialBalance *balance, const char *code, guint children, gint64 expected, gint64 actual)
{
  if (ABS(expected - actual) > (gint64)children) /* a centavo for each child */
    finding_add_amounts(balance, FOUND_SUMMARY_SUM, code, expected, actual);
}

static void
check_sums(TrialBalance *balance, const Hierarchy *tree)
{
  BalanceAmounts *sums = g_new0(BalanceAmounts, tree->count + 1);
  for (guint i = 0; i < tree->count; i++)
    sums[i] = account_at(balance, i)->own;
  for (guint i = 0; i < tree->count; i++) {
    if (tree->parent[i] == NO_PARENT)
      continue;
    const AccountBalance *account = account_at(balance, i);
    const AccountBalance *parent = account_at(balance, tree->parent[i]);
    BalanceAmounts *sum = &sums[tree->parent[i]];
    sum->opening += hierarchy_as_seen_by(parent, account, account->opening);
    sum->debit += account->debit;
    sum->credit += account->credit;
    sum->closing += hierarchy_as_seen_by(parent, account, account->closing);
  }
  for (guint i = 0; i < tree->count; i++) {
    const AccountBalance *account = account_at(balance, i);
    guint children = tree->children[i];
    if (!account->is_summary || children == 0)
      continue;
    compare_sum(balance, account->code, children, sums[i].opening, account->opening);
    compare_sum(balance, account->code, children, sums[i].debit, account->debit);
    compare_sum(balance, account->code, children, sums[i].credit, account->credit);
    compare_sum(balance, account->code, children, sums[i].closing, account->closing);
  }
  g_free(sums);
}

void
check_tree(TrialBalance *balance, const Hierarchy *tree)
{
  check_parents(balance, tree);
  check_cycles(balance, tree);
  check_sums(balance, tree);
}

void
check_classes(TrialBalance *balance)
{
  g_auto(Hierarchy) tree = {0};
  guint parents = 0;
  hierarchy_init(&tree, balance->accounts);
  for (guint i = 0; i < tree.count; i++) {
    const AccountBalance *account = account_at(balance, i);
    gboolean has_children = tree.children[i] > 0;
    parents += has_children ? 1 : 0;
    if (!account->summary_stated || account->is_summary == has_children)
      return;
  }
  if (parents > 0)
    finding_add(balance, FOUND_CLASSES_INVERTED, NULL, NULL, NULL);
}
