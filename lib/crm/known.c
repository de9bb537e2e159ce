/* Everything is found by hashing, since a batch asks for each key many times.  One list owns the
 * structures, one chunk their texts. */
#include "crm/known.h"

#define TEXT_BLOCK 16384

typedef struct {
  const KnownClient *client;
  const char *campaign;
  Instant at;
} Contact;

struct Known {
  GStringChunk *texts;
  GPtrArray *rows; /* all structures, to be freed */
  GHashTable *clients, *clients_by_name, *clients_by_external_id, *clients_by_phone;
  GHashTable *clients_by_document;
  GHashTable *entities[N_ENTITY_KINDS]; /* by key */
  GHashTable *sales;                    /* by external id */
  GHashTable *movements;                /* sale id → GPtrArray */
  GHashTable *name_keys;
  GHashTable *contacts; /* set of Contact */
  GHashTable *touched;  /* set of KnownClient */
};

static guint
contact_hash(gconstpointer key)
{
  const Contact *contact = key;
  return g_direct_hash(contact->client) ^ g_str_hash(contact->campaign);
}

static gboolean
contact_equal(gconstpointer a, gconstpointer b)
{
  const Contact *one = a, *other = b;
  return one->client == other->client && g_str_equal(one->campaign, other->campaign);
}

static GHashTable *
by_text(void)
{
  return g_hash_table_new(g_str_hash, g_str_equal);
}

Known *
known_new(void)
{
  Known *known = g_new(Known, 1);
  *known = (Known){
      .texts = g_string_chunk_new(TEXT_BLOCK),
      .rows = g_ptr_array_new_with_free_func(g_free),
      .clients = by_text(),
      .clients_by_name = by_text(),
      .clients_by_external_id = by_text(),
      .clients_by_phone = by_text(),
      .clients_by_document = by_text(),
      .sales = by_text(),
      .movements =
          g_hash_table_new_full(g_str_hash, g_str_equal, NULL, (GDestroyNotify)g_ptr_array_unref),
      .name_keys = by_text(),
      .contacts = g_hash_table_new(contact_hash, contact_equal),
      .touched = g_hash_table_new(NULL, NULL),
  };
  for (EntityKind kind = 0; kind < N_ENTITY_KINDS; kind++)
    known->entities[kind] = by_text();
  return known;
}

void
known_free(Known *known)
{
  GHashTable *tables[] = {
      known->clients,
      known->clients_by_name,
      known->clients_by_external_id,
      known->clients_by_document,
      known->clients_by_phone,
      known->sales,
      known->movements,
      known->contacts,
      known->name_keys,
      known->touched,
  };
  for (guint i = 0; i < G_N_ELEMENTS(tables); i++)
    g_hash_table_unref(tables[i]);
  for (EntityKind kind = 0; kind < N_ENTITY_KINDS; kind++)
    g_hash_table_unref(known->entities[kind]);
  g_ptr_array_unref(known->rows);
  g_string_chunk_free(known->texts);
  g_free(known);
}

const char *
known_text(Known *known, const char *text)
{
  return text != NULL ? g_string_chunk_insert(known->texts, text) : NULL;
}

/* ---- adding ---------------------------------------------------------------------------------- */

static gpointer
own(Known *known, gconstpointer row, gsize size)
{
  gpointer copy = g_memdup2(row, size);
  g_ptr_array_add(known->rows, copy);
  return copy;
}

/* The first one of a key stays; an absent or empty key finds nobody. */
static void
index_row(GHashTable *table, const char *key, gpointer row)
{
  if (key != NULL && *key != '\0' && !g_hash_table_contains(table, key))
    g_hash_table_insert(table, (char *)key, row);
}

KnownEntity *
known_add_entity(Known *known, EntityKind kind, const KnownEntity *entity)
{
  KnownEntity *row = own(known, entity, sizeof *entity);
  index_row(known->entities[kind], row->key, row);
  return row;
}

KnownClient *
known_add_client(Known *known, const KnownClient *client)
{
  KnownClient *row = own(known, client, sizeof *client);
  index_row(known->clients, row->id, row);
  index_row(known->clients_by_document, row->document, row);
  if (row->is_placeholder)
    return row;
  index_row(known->clients_by_name, row->name_key, row);
  index_row(known->clients_by_external_id, row->external_id, row);
  index_row(known->clients_by_phone, row->phone_base, row);
  return row;
}

KnownSale *
known_add_sale(Known *known, const KnownSale *sale)
{
  KnownSale *row = own(known, sale, sizeof *sale);
  index_row(known->sales, row->external_id, row);
  return row;
}

void
known_add_movement(Known *known, const KnownMovement *movement)
{
  KnownMovement *row = own(known, movement, sizeof *movement);
  GPtrArray *of_sale = g_hash_table_lookup(known->movements, row->sale_id);
  if (of_sale == NULL) {
    of_sale = g_ptr_array_new();
    g_hash_table_insert(known->movements, (char *)row->sale_id, of_sale);
  }
  g_ptr_array_add(of_sale, row);
}

KnownBalance *
known_add_balance(Known *known, KnownClient *client, const KnownBalance *balance)
{
  KnownBalance *row = own(known, balance, sizeof *balance);
  row->client = client;
  row->next = client->balances;
  client->balances = row;
  return row;
}

void
known_set_external_id(Known *known, KnownClient *client, const char *external_id)
{
  client->external_id = external_id;
  index_row(known->clients_by_external_id, external_id, client);
}

void
known_set_name_key(Known *known, const char *name, const char *key)
{
  g_hash_table_insert(known->name_keys, (char *)name, (char *)key);
}

void
known_add_contact(Known *known, const KnownClient *client, const char *campaign, Instant at)
{
  Contact contact = {client, campaign, at};
  Contact *there = g_hash_table_lookup(known->contacts, &contact);
  if (there == NULL)
    g_hash_table_add(known->contacts, own(known, &contact, sizeof contact));
  else
    there->at = MAX(there->at, at);
}

void
known_add_touch(Known *known, const KnownClient *client)
{
  g_hash_table_add(known->touched, (KnownClient *)client);
}

/* ---- finding --------------------------------------------------------------------------------- */

static gpointer
find(GHashTable *table, const char *key)
{
  return key != NULL ? g_hash_table_lookup(table, key) : NULL;
}

const char *
known_name_key(const Known *known, const char *name)
{
  return find(known->name_keys, name);
}

gboolean
known_last_contact(const Known *known, const KnownClient *client, const char *campaign, Instant *at)
{
  const Contact *there = g_hash_table_lookup(known->contacts, &(Contact){client, campaign, 0});
  if (there == NULL)
    return FALSE;
  *at = there->at;
  return TRUE;
}

gboolean
known_has_touch(const Known *known, const KnownClient *client)
{
  return g_hash_table_contains(known->touched, client);
}

KnownClient *
known_client(const Known *known, const char *id)
{
  return find(known->clients, id);
}

KnownClient *
known_client_of_name(const Known *known, const char *name_key)
{
  return find(known->clients_by_name, name_key);
}

KnownClient *
known_client_of_external_id(const Known *known, const char *external_id)
{
  return find(known->clients_by_external_id, external_id);
}

KnownClient *
known_client_of_phone(const Known *known, const char *phone_base)
{
  return find(known->clients_by_phone, phone_base);
}

KnownClient *
known_client_of_document(const Known *known, const char *digits)
{
  return find(known->clients_by_document, digits);
}

KnownBalance *
known_balance(const KnownClient *client, const char *program_id)
{
  for (KnownBalance *balance = client->balances; balance != NULL; balance = balance->next)
    if (g_strcmp0(balance->program_id, program_id) == 0)
      return balance;
  return NULL;
}

KnownEntity *
known_entity(const Known *known, EntityKind kind, const char *key)
{
  return find(known->entities[kind], key);
}

KnownSale *
known_sale(const Known *known, const char *external_id)
{
  return find(known->sales, external_id);
}

const GPtrArray *
known_movements(const Known *known, const char *sale_id)
{
  return find(known->movements, sale_id);
}
