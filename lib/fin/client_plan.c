#include "fin/client_plan.h"

#define NAMELESS "Sem nome" /* fin.md 6.5 */

void
client_plan_init(ClientPlan *plan)
{
  *plan = (ClientPlan){
      .clients = g_ptr_array_new_with_free_func(g_free),
      .by_code = g_hash_table_new(g_str_hash, g_str_equal),
      .by_document =
          g_hash_table_new_full(g_str_hash, g_str_equal, NULL, (GDestroyNotify)g_ptr_array_unref),
  };
}

void
client_plan_clear(ClientPlan *plan)
{
  g_clear_pointer(&plan->by_code, g_hash_table_unref);
  g_clear_pointer(&plan->by_document, g_hash_table_unref);
  g_clear_pointer(&plan->clients, g_ptr_array_unref);
}

static void
index_document(ClientPlan *plan, PlannedClient *client)
{
  if (client->document == NULL)
    return;
  GPtrArray *sharing = g_hash_table_lookup(plan->by_document, client->document);
  if (sharing == NULL) {
    sharing = g_ptr_array_new();
    g_hash_table_insert(plan->by_document, (char *)client->document, sharing);
  }
  g_ptr_array_add(sharing, client);
}

static PlannedClient *
add_client(ClientPlan *plan, const PlannedClient *model)
{
  PlannedClient *client = g_memdup2(model, sizeof *model);
  client->order = plan->clients->len;
  g_ptr_array_add(plan->clients, client);
  if (client->code != NULL)
    g_hash_table_insert(plan->by_code, (char *)client->code, client);
  index_document(plan, client);
  return client;
}

void
client_plan_know(ClientPlan *plan, const PlannedClient *client)
{
  add_client(plan, client);
}

/* The oldest client with this document, one without a code before any other. */
static PlannedClient *
find_by_document(const ClientPlan *plan, const char *document)
{
  const GPtrArray *sharing = g_hash_table_lookup(plan->by_document, document);
  PlannedClient *best = NULL;
  for (guint i = 0; sharing != NULL && i < sharing->len; i++) {
    PlannedClient *client = g_ptr_array_index(sharing, i);
    if (!g_str_equal(client->document, document))
      continue; /* it carries another document by now */
    gboolean better =
        best == NULL || (client->code == NULL) > (best->code == NULL) ||
        ((client->code == NULL) == (best->code == NULL) && client->order < best->order);
    if (better)
      best = client;
  }
  return best;
}

/* Does an older client of another code carry this document?  Counts a pair of registers once. */
static gboolean
is_repeated(const ClientPlan *plan, const PlannedClient *client)
{
  const GPtrArray *sharing =
      client->document != NULL ? g_hash_table_lookup(plan->by_document, client->document) : NULL;
  for (guint i = 0; sharing != NULL && i < sharing->len; i++) {
    const PlannedClient *other = g_ptr_array_index(sharing, i);
    if (other != client && other->order < client->order && other->code != NULL &&
        g_str_equal(other->document, client->document))
      return TRUE;
  }
  return FALSE;
}

/* fin.md 6.6, rules 2 to 4; NULL: a new client. */
static PlannedClient *
match(const ClientPlan *plan, const ClientRecord *record)
{
  PlannedClient *found = NULL;
  if (record->code != NULL)
    found = g_hash_table_lookup(plan->by_code, record->code);
  if (found != NULL || record->document == NULL)
    return found;
  found = find_by_document(plan, record->document);
  return found != NULL && record->code != NULL && found->code != NULL
             ? NULL /* another register's row is never taken (6.7) */
             : found;
}

/* Writes a value that Omie supplies and we do not have; a blank in Omie never erases ours. */
static gboolean
set_value(PlannedClient *client, const char **ours, const char *theirs, gboolean *is_new)
{
  if (theirs == NULL || g_strcmp0(*ours, theirs) == 0)
    return FALSE;
  *ours = theirs;
  client->changed = *is_new = TRUE;
  return TRUE;
}

static void
update_client(ClientPlan *plan, PlannedClient *client, const ClientRecord *record)
{
  if (client->code == NULL && set_value(client, &client->code, record->code, &client->new_code))
    g_hash_table_insert(plan->by_code, record->code, client);
  set_value(client, &client->name, record->name, &client->new_name);
  set_value(client, &client->email, record->email, &client->new_email);
  if (set_value(client, &client->document, record->document, &client->new_document))
    index_document(plan, client);
  plan->counts.updated++;
}

static PlannedClient *
insert_client(ClientPlan *plan, const ClientRecord *record)
{
  plan->counts.inserted++;
  return add_client(plan, &(PlannedClient){.code = record->code,
                                           .name = record->name != NULL ? record->name : NAMELESS,
                                           .document = record->document,
                                           .email = record->email,
                                           .changed = TRUE});
}

void
client_plan_apply(ClientPlan *plan, const ClientRecord *record)
{
  if (record->code == NULL && record->document == NULL) {
    plan->counts.ignored++;
    return;
  }
  PlannedClient *client = match(plan, record);
  if (client != NULL)
    update_client(plan, client, record);
  else
    client = insert_client(plan, record);
  if (record->code != NULL && is_repeated(plan, client))
    plan->counts.repeated_documents++;
}
