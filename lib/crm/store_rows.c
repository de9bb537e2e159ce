#include "crm/store_rows.h"

#include "base/decimal.h"
#include "base/money.h"

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

void
row_write_product(JsonWriter *w, const NewProduct *row)
{
  json_add_text(w, "id", row->product->id);
  json_add_text(w, "code", row->product->key);
  json_add_text(w, "description", row->item->description);
  json_add_text(w, "unit", row->item->unit);
  json_add_text(w, "group", row->item->group);
  json_add_text(w, "ncm", row->item->ncm);
  json_add_text(w, "kind", row->item->kind);
}

void
row_write_seller(JsonWriter *w, const KnownEntity *const *row)
{
  json_add_text(w, "id", (*row)->id);
  json_add_text(w, "key", (*row)->key);
}

void
row_write_group(JsonWriter *w, const NewAddOn *row)
{
  json_add_text(w, "id", row->entity->id);
  json_add_text(w, "key", row->entity->key);
  json_add_text(w, "name", row->option->group_name);
  json_add_int(w, "max", row->option->group_max);
}

void
row_write_option(JsonWriter *w, const NewAddOn *row)
{
  json_add_text(w, "id", row->entity->id);
  json_add_text(w, "group_id", row->group->id);
  json_add_text(w, "key", row->entity->key);
  json_add_text(w, "name", row->option->name);
  json_add_text(w, "code", row->option->code);
  add_money(w, "price", row->option->price);
}

void
row_write_change(JsonWriter *w, const ClientChange *row)
{
  add_instant(w, "first_purchase", row->first_purchase);
  json_add_text(w, "first_sale", row->first_sale);
  add_instant(w, "last_purchase", row->last_purchase);
  json_add_text(w, "last_sale", row->last_sale);
  json_add_int(w, "purchases", row->purchases_change);
  add_money(w, "purchased", row->purchased_change);
}

void
row_write_client(JsonWriter *w, const NewClient *row, const ClientChange *change)
{
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
    row_write_change(w, change);
}

void
row_write_partner(JsonWriter *w, const NewPartner *row)
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

void
row_write_sale(JsonWriter *w, const PlannedSale *row)
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

void
row_write_touched(JsonWriter *w, const TouchedSale *row)
{
  json_add_text(w, "id", row->id);
  json_add_text(w, "erp_status", row->sale->erp_status);
  json_add_text(w, "erp_updated_at", row->sale->erp_updated_at);
}

void
row_write_item(JsonWriter *w, const PlannedItem *row)
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

void
row_write_balance(JsonWriter *w, const KnownBalance *const *row)
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

void
row_write_movement(JsonWriter *w, const PlannedMovement *row)
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

void
row_write_interaction(JsonWriter *w, const PlannedInteraction *row)
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
