#include "crm/store.h"

#include <string.h>

#include "base/decimal.h"
#include "base/error.h"
#include "base/json.h"
#include "base/money.h"
#include "base/settings.h"
#include "base/text.h"

static const char sql_store[] =
    "select alive, cancelled, conversions"
    "  from crm.store_batch($1, $2::uuid, $3::int, $4, $5::json, $6::json, $7::json, $8::json,"
    "                       $9::json, $10::json, $11::json, $12::json, $13::json, $14::json,"
    "                       $15::json, $16::json, $17::json, $18::json, $19::text[], $20::text[],"
    "                       $21::text[])";

/* ---- cells -------------------------------------------------------------------------------------
 */

static void
add_money(JsonWriter *w, const char *name, gint64 centavos)
{
  json_add_decimal(w, name, money_text(centavos).text);
}

static void
add_scaled(JsonWriter *w, const char *name, gint64 value, guint scale)
{
  json_add_decimal(w, name, decimal_text(value, scale).text);
}

static void
add_instant(JsonWriter *w, const char *name, Instant instant)
{
  json_add_text(w, name, instant != INSTANT_NONE ? instant_text(instant).text : NULL);
}

static void
add_client(JsonWriter *w, const KnownClient *client)
{
  json_add_text(w, "client", client != NULL ? client->id : NULL);
}

/* ---- rows --------------------------------------------------------------------------------------
 */

static void
write_product(JsonWriter *w, const NewProduct *row)
{
  json_add_text(w, "id", row->product->id);
  json_add_text(w, "code", row->product->key);
  json_add_text(w, "description", row->item->description);
  json_add_text(w, "unit", row->item->unit);
  json_add_text(w, "group", row->item->group);
  json_add_text(w, "ncm", row->item->ncm);
  json_add_text(w, "kind", row->item->kind);
}

static void
write_seller(JsonWriter *w, const KnownEntity *const *row)
{
  json_add_text(w, "id", (*row)->id);
  json_add_text(w, "key", (*row)->key);
}

static void
write_group(JsonWriter *w, const NewAddOn *row)
{
  json_add_text(w, "id", row->entity->id);
  json_add_text(w, "key", row->entity->key);
  json_add_text(w, "name", row->option->group_name);
  json_add_int(w, "max", row->option->group_max);
}

static void
write_option(JsonWriter *w, const NewAddOn *row)
{
  json_add_text(w, "id", row->entity->id);
  json_add_text(w, "group_id", row->group->id);
  json_add_text(w, "key", row->entity->key);
  json_add_text(w, "name", row->option->name);
  json_add_text(w, "code", row->option->code);
  add_money(w, "price", row->option->price);
}

static void
write_change(JsonWriter *w, const ClientChange *row)
{
  add_instant(w, "first_purchase", row->first_purchase);
  json_add_text(w, "first_sale", row->first_sale);
  add_instant(w, "last_purchase", row->last_purchase);
  json_add_text(w, "last_sale", row->last_sale);
  json_add_int(w, "purchases", row->purchases_change);
  add_money(w, "purchased", row->purchased_change);
}

static void
write_partner(JsonWriter *w, const NewPartner *row)
{
  json_add_text(w, "id", row->partner->id);
  json_add_text(w, "key", row->partner->key);
  json_add_text(w, "document", row->document);
  add_client(w, row->partner->client);
}

static void
write_sale_texts(JsonWriter *w, const Sale *sale)
{
  const struct {
    const char *name, *text;
  } texts[] = {
      {"seller", sale->seller},
      {"partner", sale->partner},
      {"key", sale->key},
      {"document", sale->document},
      {"model", sale->model},
      {"movement", sale->movement},
      {"nature", sale->nature},
      {"series", sale->series},
      {"situation", sale->situation},
      {"type", sale->type},
      {"channel", sale->channel},
      {"table_number", sale->table_number},
      {"notes", sale->notes},
      {"delivery_mode", sale->delivery_mode},
      {"erp_status", sale->erp_status},
      {"erp_updated_at", sale->erp_updated_at},
  };
  for (guint i = 0; i < G_N_ELEMENTS(texts); i++)
    json_add_text(w, texts[i].name, texts[i].text);
}

static void
write_sale(JsonWriter *w, const PlannedSale *row)
{
  const Sale *sale = row->sale;
  json_add_text(w, "id", row->id);
  json_add_text(w, "external_id", sale->external_id);
  add_client(w, row->client);
  json_add_text(w, "seller_id", row->seller_id);
  json_add_text(w, "partner_id", row->partner_id);
  add_money(w, "total", sale->total);
  add_money(w, "cost", sale->cost);
  if (sale->has_adjustments) {
    add_money(w, "discounts", sale->discounts);
    add_money(w, "additions", sale->additions);
  }
  write_sale_texts(w, sale);
  add_instant(w, "at", row->at);
  json_add_bool(w, "attributed", row->attribution_done);
  json_add_text(w, "hash", row->hash);
}

static void
write_touched(JsonWriter *w, const TouchedSale *row)
{
  json_add_text(w, "id", row->id);
  json_add_text(w, "erp_status", row->sale->erp_status);
  json_add_text(w, "erp_updated_at", row->sale->erp_updated_at);
}

static void
write_item(JsonWriter *w, const PlannedItem *row)
{
  const SaleItem *item = row->item;
  json_add_text(w, "sale", row->sale_id);
  add_client(w, row->client);
  json_add_text(w, "product", row->product_id);
  json_add_int(w, "number", row->number);
  add_scaled(w, "quantity", item->quantity, SCALE_QUANTITY);
  add_scaled(w, "unit_price", item->unit_price, SCALE_UNIT);
  add_scaled(w, "unit_cost", item->unit_cost, SCALE_UNIT);
  add_money(w, "gross", item->gross);
  add_money(w, "discount", item->discount);
  add_money(w, "net", item->net);
  add_money(w, "cost", item->cost);
  if (item->metadata != NULL)
    json_add_raw(w, "metadata", item->metadata);
}

static void
write_balance(JsonWriter *w, const KnownBalance *const *row)
{
  const KnownBalance *balance = *row;
  add_client(w, balance->client);
  json_add_text(w, "program", balance->program_id);
  add_money(w, "available", balance->available_change);
  add_money(w, "accumulated", balance->accumulated_change);
  json_add_bool(w, "is_new", balance->is_new);
}

static const char *const movement_types[] = {
    [MOVEMENT_ACCUMULATION] = "ACÚMULO",
    [MOVEMENT_CANCELLATION] = "CANCELAMENTO",
};

static void
write_movement(JsonWriter *w, const PlannedMovement *row)
{
  json_add_text(w, "id", row->id);
  add_client(w, row->client);
  json_add_text(w, "program", row->program_id);
  json_add_text(w, "sale", row->sale_id);
  add_money(w, "sale_value", row->sale_value);
  json_add_text(w, "type", movement_types[row->type]);
  add_money(w, "amount", row->amount);
  add_money(w, "remaining", row->remaining);
  add_money(w, "before", row->before);
  add_money(w, "after", row->after);
  add_instant(w, "expires", row->expires);
  json_add_text(w, "campaign", row->campaign_id);
  json_add_text(w, "origin", row->origin_id);
  if (row->metadata != NULL)
    json_add_raw(w, "metadata", row->metadata);
  add_instant(w, "inserted", row->inserted);
}

static void
write_interaction(JsonWriter *w, const PlannedInteraction *row)
{
  g_autofree char *title =
      g_strconcat("Mensagem automática da campanha ", row->campaign->title, NULL);
  json_add_text(w, "id", row->id);
  add_client(w, row->client);
  json_add_text(w, "campaign", row->campaign->id);
  json_add_text(w, "sale", row->sale_id);
  json_add_text(w, "title", title);
  json_add_text(w, "description", row->description);
  json_add_bool(w, "immediate", row->is_immediate);
  json_add_text(w, "day", date_iso(&row->day).text);
  json_add_text(w, "block", row->campaign->block);
  json_add_raw(w, "metadata", row->metadata);
}

/* ---- parameters --------------------------------------------------------------------------------
 */

typedef void (*WriteRow)(JsonWriter *w, gconstpointer row);

/* A parameter of sql_store as it grows: an array of objects; NULL while it is empty. */
typedef struct {
  JsonWriter *writer;
  guint rows;
} Rows;

static void
rows_clear(Rows *rows)
{
  g_clear_pointer(&rows->writer, json_writer_free);
}

static JsonWriter *
rows_open(Rows *rows)
{
  if (rows->writer == NULL) {
    rows->writer = json_writer_new();
    json_open_array(rows->writer, NULL);
  }
  rows->rows++;
  json_open_object(rows->writer, NULL);
  return rows->writer;
}

static const char *
rows_text(Rows *rows)
{
  if (rows->writer == NULL)
    return NULL;
  json_close_array(rows->writer);
  return json_writer_text(rows->writer);
}

static void
write_all(Rows *rows, const void *elements, guint count, gsize size, WriteRow write)
{
  for (guint i = 0; i < count; i++) {
    JsonWriter *w = rows_open(rows);
    write(w, (const char *)elements + i * size);
    json_close_object(w);
  }
}
#define WRITE_ALL(rows, array, type, write)                                                        \
  write_all(rows, (array)->data, (array)->len, sizeof(type), (WriteRow)(write))
#define WRITE_POINTERS(rows, array, write)                                                         \
  write_all(rows, (array)->pdata, (array)->len, sizeof(gpointer), (WriteRow)(write))

/* New clients get at once what their sales make of them. */
static void
write_clients(Rows *new_rows, Rows *changed_rows, const Plan *plan)
{
  for (guint i = 0; i < plan->clients->len; i++) {
    const NewClient *row = &g_array_index(plan->clients, NewClient, i);
    const ClientChange *change = plan_change_of(plan, row->client);
    JsonWriter *w = rows_open(new_rows);
    json_add_text(w, "id", row->client->id);
    json_add_text(w, "name", row->name);
    json_add_text(w, "external_id", row->external_id);
    json_add_text(w, "phone", row->phone);
    json_add_text(w, "phone_base", row->phone_base);
    json_add_text(w, "email", row->email);
    json_add_text(w, "document", row->document);
    json_add_text(w, "channel", row->channel);
    json_add_text(w, "origin", row->origin);
    json_add_text(w, "title", row->title);
    if (change != NULL)
      write_change(w, change);
    json_close_object(w);
  }
  for (guint i = 0; i < plan->changes->len; i++) {
    const ClientChange *change = &g_array_index(plan->changes, ClientChange, i);
    if (change->client->is_new)
      continue;
    JsonWriter *w = rows_open(changed_rows);
    json_add_text(w, "id", change->client->id);
    json_add_text(w, "external_id", change->external_id);
    write_change(w, change);
    json_close_object(w);
  }
}

enum {
  PRODUCTS,
  SELLERS,
  GROUPS,
  OPTIONS,
  CLIENTS,
  PARTNERS,
  CHANGES,
  SALES,
  UPDATES,
  ITEMS,
  TOUCHED,
  BALANCES,
  MOVEMENTS,
  INTERACTIONS,
  N_ROWS
};
enum { DROPPED, ATTRIBUTED, BATCH, N_IDS };

typedef struct {
  Rows rows[N_ROWS];
  DbArray ids[N_IDS];
} Parameters;

static void
parameters_clear(Parameters *parameters)
{
  for (guint i = 0; i < N_ROWS; i++)
    rows_clear(&parameters->rows[i]);
  for (guint i = 0; i < N_IDS; i++)
    db_array_clear(&parameters->ids[i]);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Parameters, parameters_clear)

static void
write_sales(Parameters *to, const Plan *plan)
{
  for (guint i = 0; i < plan->sales->len; i++) {
    const PlannedSale *sale = &g_array_index(plan->sales, PlannedSale, i);
    JsonWriter *w = rows_open(&to->rows[sale->is_new ? SALES : UPDATES]);
    write_sale(w, sale);
    json_close_object(w);
    if (sale->is_new)
      db_array_add(&to->ids[BATCH], sale->id);
    if (sale->needs_attribution)
      db_array_add(&to->ids[ATTRIBUTED], sale->id);
    if (sale->drops_interactions)
      db_array_add(&to->ids[DROPPED], sale->id);
  }
}

static void
write_interactions(Rows *rows, const Plan *plan)
{
  for (guint i = 0; i < plan->interactions->len; i++) {
    JsonWriter *w = rows_open(rows);
    write_interaction(w, &g_array_index(plan->interactions, PlannedInteraction, i));
    json_add_int(w, "place", i);
    json_close_object(w);
  }
}

static void
parameters_fill(Parameters *to, const Plan *plan)
{
  for (guint i = 0; i < N_IDS; i++)
    db_array_init(&to->ids[i]);
  WRITE_ALL(&to->rows[PRODUCTS], plan->products, NewProduct, write_product);
  WRITE_POINTERS(&to->rows[SELLERS], plan->sellers, write_seller);
  WRITE_ALL(&to->rows[GROUPS], plan->groups, NewAddOn, write_group);
  WRITE_ALL(&to->rows[OPTIONS], plan->options, NewAddOn, write_option);
  write_clients(&to->rows[CLIENTS], &to->rows[CHANGES], plan);
  WRITE_ALL(&to->rows[PARTNERS], plan->partners, NewPartner, write_partner);
  write_sales(to, plan);
  WRITE_ALL(&to->rows[ITEMS], plan->items, PlannedItem, write_item);
  WRITE_ALL(&to->rows[TOUCHED], plan->touched, TouchedSale, write_touched);
  WRITE_POINTERS(&to->rows[BALANCES], plan->balances, write_balance);
  WRITE_ALL(&to->rows[MOVEMENTS], plan->movements, PlannedMovement, write_movement);
  write_interactions(&to->rows[INTERACTIONS], plan);
}

gboolean
plan_store(const Import *import, Plan *plan, GError **error)
{
  g_auto(Parameters) parameters = {0};
  const char *values[4 + N_ROWS + N_IDS] = {import->organization, import->lease,
                                            int_text(import->lease_seconds), setting(APP_TIMEZONE)};
  parameters_fill(&parameters, plan);
  for (guint i = 0; i < N_ROWS; i++)
    values[4 + i] = rows_text(&parameters.rows[i]);
  for (guint i = 0; i < N_IDS; i++)
    values[4 + N_ROWS + i] = db_array_text(&parameters.ids[i]);
  g_autoptr(PGresult) stored =
      db_exec(import->db, sql_store, (DbParams){G_N_ELEMENTS(values), values}, error);
  if (stored == NULL)
    return FALSE;
  if (!db_bool(stored, 0, 0)) {
    g_set_error_literal(error, PONTE_ERROR, ERROR_INTERRUPTED,
                        "A organização passou a outra execução.");
    return FALSE;
  }
  plan->counts.interactions_cancelled += db_int(stored, 0, 1);
  plan->counts.conversions += db_int(stored, 0, 2);
  return TRUE;
}
