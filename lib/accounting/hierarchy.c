#include "accounting/hierarchy.h"

/* code → place + 1 */
static GHashTable *
index_accounts(const GPtrArray *accounts)
{
  GHashTable *places = g_hash_table_new(g_str_hash, g_str_equal);
  for (guint i = 0; i < accounts->len; i++) {
    const AccountBalance *account = g_ptr_array_index(accounts, i);
    g_hash_table_insert(places, account->code, GUINT_TO_POINTER(i + 1));
  }
  return places;
}

/* Leaves first, then whoever has no child left: no recursion, however deep the tree, and what is
 * never reached is a cycle. */
static void
put_in_order(Hierarchy *tree)
{
  guint *waiting = g_new0(guint, tree->count + 1);
  for (guint i = 0; i < tree->count; i++) {
    waiting[i] = tree->children[i];
    if (waiting[i] == 0)
      tree->order[tree->ordered++] = i;
  }
  for (guint next = 0; next < tree->ordered; next++) {
    guint parent = tree->parent[tree->order[next]];
    if (parent != NO_PARENT && --waiting[parent] == 0)
      tree->order[tree->ordered++] = parent;
  }
  g_free(waiting);
}

void
hierarchy_init(Hierarchy *tree, const GPtrArray *accounts)
{
  g_autoptr(GHashTable) places = index_accounts(accounts);
  *tree = (Hierarchy){.count = accounts->len};
  tree->parent = g_new0(guint, accounts->len);
  tree->children = g_new0(guint, accounts->len);
  tree->order = g_new0(guint, accounts->len);
  for (guint i = 0; i < accounts->len; i++) {
    const AccountBalance *account = g_ptr_array_index(accounts, i);
    gpointer place = account->parent != NULL ? g_hash_table_lookup(places, account->parent) : NULL;
    tree->parent[i] = place != NULL ? GPOINTER_TO_UINT(place) - 1 : NO_PARENT;
    if (place != NULL)
      tree->children[tree->parent[i]]++;
  }
  put_in_order(tree);
}

void
hierarchy_clear(Hierarchy *tree)
{
  g_clear_pointer(&tree->parent, g_free);
  g_clear_pointer(&tree->children, g_free);
  g_clear_pointer(&tree->order, g_free);
}

gint64
hierarchy_as_seen_by(const AccountBalance *parent, const AccountBalance *child, gint64 amount)
{
  return parent->side == child->side ? amount : -amount;
}
