#include "crm/store.h"

#include "base/error.h"
#include "base/json.h"
#include "base/settings.h"
#include "base/text.h"
#include "crm/store_rows.h"

static const char sql_store[] =
    "select alive, cancelled, conversions"
    "  from crm.store_batch($1, $2::uuid, $3::int, $4, $5::json, $6::json, $7::json, $8::json,"
    "                       $9::json, $10::json, $11::json, $12::json, $13::json, $14::json,"
    "                       $15::json, $16::json, $17::json, $18::json, $19::text[], $20::text[],"
    "                       $21::text[])";

/* ---- parameters --------------------------------------------------------------------------------
 */

typedef void (*WriteRow)(JsonWriter *w, gconstpointer row);

/* A parameter of sql_store as it grows: an array of objects; NULL while it is empty. */
typedef struct {
  JsonWriter *writer;
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
    JsonWriter *w = rows_open(new_rows);
    row_write_client(w, row, plan_change_of(plan, row->client));
    json_close_object(w);
  }
  for (guint i = 0; i < plan->changes->len; i++) {
    const ClientChange *change = &g_array_index(plan->changes, ClientChange, i);
    if (change->client->is_new)
      continue;
    JsonWriter *w = rows_open(changed_rows);
    json_add_text(w, "id", change->client->id);
    json_add_text(w, "external_id", change->external_id);
    row_write_change(w, change);
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
    row_write_sale(w, sale);
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
    row_write_interaction(w, &g_array_index(plan->interactions, PlannedInteraction, i));
    json_add_int(w, "place", i);
    json_close_object(w);
  }
}

static void
parameters_fill(Parameters *to, const Plan *plan)
{
  for (guint i = 0; i < N_IDS; i++)
    db_array_init(&to->ids[i]);
  WRITE_ALL(&to->rows[PRODUCTS], plan->products, NewProduct, row_write_product);
  WRITE_POINTERS(&to->rows[SELLERS], plan->sellers, row_write_seller);
  WRITE_ALL(&to->rows[GROUPS], plan->groups, NewAddOn, row_write_group);
  WRITE_ALL(&to->rows[OPTIONS], plan->options, NewAddOn, row_write_option);
  write_clients(&to->rows[CLIENTS], &to->rows[CHANGES], plan);
  WRITE_ALL(&to->rows[PARTNERS], plan->partners, NewPartner, row_write_partner);
  write_sales(to, plan);
  WRITE_ALL(&to->rows[ITEMS], plan->items, PlannedItem, row_write_item);
  WRITE_ALL(&to->rows[TOUCHED], plan->touched, TouchedSale, row_write_touched);
  WRITE_POINTERS(&to->rows[BALANCES], plan->balances, row_write_balance);
  WRITE_ALL(&to->rows[MOVEMENTS], plan->movements, PlannedMovement, row_write_movement);
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
