#include "crm/load.h"

#include <jansson.h>
#include <string.h>

#include "base/error.h"
#include "base/text.h"

static const char sql_known[] =
    "select now_us, name_keys, sales, clients, partners, balances, movements, products, sellers,"
    "       groups, options, contacts, touches"
    "  from crm.known_for($1, $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], "
    "$7::text[],"
    "                     $8::text[], $9::text[], $10::text[], $11::text[], $12::text[])";

/* ---- what to ask for ---------------------------------------------------------------------------
 */

/* The parameters of sql_known after the organization. */
enum {
  ASK_SALES,
  ASK_NAMES,
  ASK_CLIENT_IDS,
  ASK_PHONES,
  ASK_DOCUMENTS,
  ASK_PRODUCTS,
  ASK_SELLERS,
  ASK_PARTNERS,
  ASK_GROUPS,
  ASK_OPTIONS,
  ASK_CAMPAIGNS,
  N_ASKED
};

typedef struct {
  GHashTable *seen[N_ASKED]; /* each key is asked for once */
  DbArray keys[N_ASKED];
} Question;

static void
question_init(Question *question)
{
  for (guint i = 0; i < N_ASKED; i++) {
    question->seen[i] = g_hash_table_new(g_str_hash, g_str_equal);
    db_array_init(&question->keys[i]);
  }
}

static void
question_clear(Question *question)
{
  for (guint i = 0; i < N_ASKED; i++) {
    g_hash_table_unref(question->seen[i]);
    db_array_clear(&question->keys[i]);
  }
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Question, question_clear)

static void
ask(Question *question, guint kind, const char *key)
{
  if (key != NULL && g_hash_table_add(question->seen[kind], (gpointer)key))
    db_array_add(&question->keys[kind], key);
}

static void
ask_of_items(Question *question, const Sale *sale)
{
  for (guint i = 0; i < sale->items->len; i++) {
    const SaleItem *item = &g_array_index(sale->items, SaleItem, i);
    ask(question, ASK_PRODUCTS, item->codes[0]);
    ask(question, ASK_PRODUCTS, item->codes[1]);
    ask(question, ASK_PRODUCTS, item->new_code);
    for (guint n = 0; item->options != NULL && n < item->options->len; n++) {
      const SaleOption *option = &g_array_index(item->options, SaleOption, n);
      ask(question, ASK_GROUPS, option->group_id);
      ask(question, ASK_OPTIONS, option->option_id);
    }
  }
}

static void
ask_of_sale(Question *question, const Sale *sale, GPtrArray *documents)
{
  ask(question, ASK_SALES, sale->external_id);
  if (sale->client_name != NULL) {
    ask(question, ASK_NAMES, sale->client_name);
    if (!sale->client_by_name) {
      ask(question, ASK_CLIENT_IDS, sale->client_external_id);
      ask(question, ASK_PHONES, *sale->client_phone_base != '\0' ? sale->client_phone_base : NULL);
    }
  }
  if (sale->has_seller)
    ask(question, ASK_SELLERS, sale->seller);
  if (sale->has_partner) {
    char *digits = partner_digits(sale->partner);
    if (digits != NULL)
      g_ptr_array_add(documents, digits);
    ask(question, ASK_PARTNERS, sale->partner);
    ask(question, ASK_DOCUMENTS, digits);
  }
  ask_of_items(question, sale);
}

/* ---- what came ---------------------------------------------------------------------------------
 */

static const char *
text_of(Known *known, const json_t *row, const char *name)
{
  return known_text(known, json_string_value(json_object_get(row, name)));
}

static gint64
number_of(const json_t *row, const char *name)
{
  return json_integer_value(json_object_get(row, name));
}

static Instant
instant_of(const json_t *row, const char *name)
{
  const json_t *value = json_object_get(row, name);
  return json_is_integer(value) ? json_integer_value(value) : INSTANT_NONE;
}

static KnownClient *
client_of(const Known *known, const json_t *row)
{
  const char *id = json_string_value(json_object_get(row, "client"));
  return id != NULL ? known_client(known, id) : NULL;
}

static const char *
text_at(Known *known, const json_t *row, gsize place)
{
  return known_text(known, json_string_value(json_array_get(row, place)));
}

static void
add_name_key(Known *known, const json_t *row)
{
  known_set_name_key(known, text_at(known, row, 0), text_at(known, row, 1));
}

static void
add_client(Known *known, const json_t *row)
{
  known_add_client(known,
                   &(KnownClient){
                       .id = text_of(known, row, "id"),
                       .name_key = text_of(known, row, "name_key"),
                       .external_id = text_of(known, row, "external_id"),
                       .phone_base = text_of(known, row, "phone_base"),
                       .document = text_of(known, row, "document"),
                       .title = text_of(known, row, "title"),
                       .first_purchase = instant_of(row, "first_purchase"),
                       .last_purchase = instant_of(row, "last_purchase"),
                       .purchases = number_of(row, "purchases"),
                       .purchased = number_of(row, "purchased"),
                       .is_placeholder = json_is_true(json_object_get(row, "is_placeholder")),
                   });
}

static void
add_sale(Known *known, const json_t *row)
{
  known_add_sale(known, &(KnownSale){
                            .id = text_of(known, row, "id"),
                            .external_id = text_of(known, row, "external_id"),
                            .hash = text_of(known, row, "hash"),
                            .nature = text_of(known, row, "nature"),
                            .total = number_of(row, "total"),
                            .client = client_of(known, row),
                            .at = instant_of(row, "at"),
                            .erp_status = text_of(known, row, "erp_status"),
                            .erp_updated_at = text_of(known, row, "erp_updated_at"),
                        });
}

static void
add_partner(Known *known, const json_t *row)
{
  known_add_entity(known, ENTITY_PARTNER,
                   &(KnownEntity){.id = text_of(known, row, "id"),
                                  .key = text_of(known, row, "key"),
                                  .client = client_of(known, row)});
}

static void
add_balance(Known *known, const json_t *row)
{
  known_add_balance(known, client_of(known, row),
                    &(KnownBalance){.program_id = text_of(known, row, "program"),
                                    .available = number_of(row, "available"),
                                    .accumulated = number_of(row, "accumulated"),
                                    .redeemed = number_of(row, "redeemed")});
}

/* One of a client whose row was deleted meanwhile concerns nobody's balance any more. */
static void
add_movement(Known *known, const json_t *row)
{
  if (client_of(known, row) == NULL)
    return;
  known_add_movement(known, &(KnownMovement){.id = text_of(known, row, "id"),
                                             .sale_id = text_of(known, row, "sale"),
                                             .program_id = text_of(known, row, "program"),
                                             .campaign_id = text_of(known, row, "campaign"),
                                             .client = client_of(known, row),
                                             .amount = number_of(row, "amount"),
                                             .remaining = number_of(row, "remaining"),
                                             .sale_value = number_of(row, "sale_value")});
}

static void
add_contact(Known *known, const json_t *row)
{
  const KnownClient *client = known_client(known, json_string_value(json_array_get(row, 0)));
  if (client != NULL)
    known_add_contact(known, client, text_at(known, row, 1),
                      json_integer_value(json_array_get(row, 2)));
}

static void
add_touch(Known *known, const json_t *row)
{
  known_add_touch(known, known_client(known, json_string_value(row)));
}

/* The columns of sql_known, in an order in which each row finds those it refers to. */
static const struct {
  const char *column;
  void (*add)(Known *known, const json_t *row);
} parts[] = {
    {"name_keys", add_name_key}, {"clients", add_client},   {"sales", add_sale},
    {"partners", add_partner},   {"balances", add_balance}, {"movements", add_movement},
    {"contacts", add_contact},   {"touches", add_touch},
};

/* Those whose rows are [key, id]. */
static const struct {
  const char *column;
  EntityKind kind;
} entities[] = {
    {"products", ENTITY_PRODUCT},
    {"sellers", ENTITY_SELLER},
    {"groups", ENTITY_GROUP},
    {"options", ENTITY_OPTION},
};

/* A column as an array; NULL: nothing of that kind. */
static json_t *
rows_of(const PGresult *result, const char *column)
{
  const char *text = db_text(result, 0, PQfnumber(result, column));
  return text != NULL ? json_loads(text, 0, NULL) : NULL;
}

static void
add_entity(Known *known, EntityKind kind, const json_t *row)
{
  known_add_entity(known, kind,
                   &(KnownEntity){.key = text_at(known, row, 0), .id = text_at(known, row, 1)});
}

static Known *
read_known(const PGresult *result)
{
  g_autoptr(Known) known = known_new();
  for (guint i = 0; i < G_N_ELEMENTS(parts); i++) {
    json_t *rows = rows_of(result, parts[i].column);
    for (gsize n = 0; n < json_array_size(rows); n++)
      parts[i].add(known, json_array_get(rows, n));
    json_decref(rows);
  }
  for (guint i = 0; i < G_N_ELEMENTS(entities); i++) {
    json_t *rows = rows_of(result, entities[i].column);
    for (gsize n = 0; n < json_array_size(rows); n++)
      add_entity(known, entities[i].kind, json_array_get(rows, n));
    json_decref(rows);
  }
  return g_steal_pointer(&known);
}

Known *
known_load(const Import *import, const GPtrArray *sales, Instant *now, GError **error)
{
  g_auto(Question) question;
  g_autoptr(GPtrArray) documents = g_ptr_array_new_with_free_func(g_free);
  const GArray *campaigns = import->decide.rules->campaigns;
  const char *values[N_ASKED + 1] = {import->organization};
  question_init(&question);
  for (guint i = 0; i < sales->len; i++)
    ask_of_sale(&question, sales->pdata[i], documents);
  for (guint i = 0; i < campaigns->len; i++)
    ask(&question, ASK_CAMPAIGNS, g_array_index(campaigns, Campaign, i).id);
  for (guint i = 0; i < N_ASKED; i++)
    values[i + 1] = db_array_text(&question.keys[i]);
  g_autoptr(PGresult) result =
      db_exec(import->db, sql_known, (DbParams){G_N_ELEMENTS(values), values}, error);
  if (result == NULL)
    return NULL;
  *now = db_int(result, 0, 0);
  return read_known(result);
}
