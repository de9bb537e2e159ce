#include "erp/online_map.h"

#include <string.h>

#include "base/decimal.h"
#include "base/json.h"
#include "erp/fields.h"
#include "erp/phone.h"

#define NONE        "N/A"
#define ANONYMOUS   "AO CONSUMIDOR" /* as a name key (2.7) */
#define ID          "id"
#define DOCUMENT_ID "idsw"

/* A sale while it is read. */
typedef struct {
  Sale sale;
  const char *phone, *mobile, *date;
  gint64 cost;
} Draft;

#define OF_SALE(member)  offsetof(Draft, sale.member)
#define OF_DRAFT(member) offsetof(Draft, member)

/* 2.3: reference wire name, document name */
static const Field sale_fields[] = {
    {.names = {ID, DOCUMENT_ID}, FIELD_TEXT, OF_SALE(external_id), FIELD_FILLED},
    {.names = {"cliente", "clientenome"}, FIELD_TEXT, OF_SALE(client_name)},
    {.names = {"clientefone"}, FIELD_TEXT, OF_DRAFT(phone)},
    {.names = {"clientecelular"}, FIELD_TEXT, OF_DRAFT(mobile)},
    {.names = {"clienteemail"}, FIELD_TEXT, OF_SALE(client_email)},
    {.names = {"valor"}, FIELD_MONEY, OF_SALE(total), FIELD_REQUIRED},
    {.names = {"custo"}, FIELD_MONEY, OF_DRAFT(cost), .number = FIELD_ABSENT},
    {.names = {"data"}, FIELD_TEXT, OF_DRAFT(date), FIELD_REQUIRED, .text = ""},
    {.names = {"natureza"}, FIELD_TEXT, OF_SALE(nature), .text = NONE},
    {.names = {"vendedor"}, FIELD_TEXT, OF_SALE(seller), .text = NONE},
    {.names = {"parceiro"}, FIELD_TEXT, OF_SALE(partner), .text = NONE},
    {.names = {"chave"}, FIELD_TEXT, OF_SALE(key), .text = NONE},
    {.names = {"documento"}, FIELD_TEXT, OF_SALE(document), .text = NONE},
    {.names = {"modelo"}, FIELD_TEXT, OF_SALE(model), .text = NONE},
    {.names = {"movimento"}, FIELD_TEXT, OF_SALE(movement), .text = NONE},
    {.names = {"serie"}, FIELD_TEXT, OF_SALE(series), .text = NONE},
    {.names = {"situacao"}, FIELD_TEXT, OF_SALE(situation), .text = NONE},
    {.names = {"tipo"}, FIELD_TEXT, OF_SALE(type), .text = NONE},
};

#define OF_ITEM(member) offsetof(SaleItem, member)

/* 2.4 */
static const Field item_fields[] = {
    {.names = {"codigo", "produtocodigo"}, FIELD_TEXT, OF_ITEM(new_code), FIELD_FILLED},
    {.names = {"descricao", "produtodescricao"}, FIELD_TEXT, OF_ITEM(description)},
    {.names = {"unidade", "produtounidade"}, FIELD_TEXT, OF_ITEM(unit), .text = "UN"},
    {.names = {"grupo", "produtogrupo"}, FIELD_TEXT, OF_ITEM(group), .text = ""},
    {.names = {"ncm", "produtoncm"}, FIELD_TEXT, OF_ITEM(ncm), .text = ""},
    {.names = {"tipo", "produtotipo"}, FIELD_TEXT, OF_ITEM(kind), .text = ""},
    {.names = {"qtde", "quantidade"}, FIELD_QUANTITY, OF_ITEM(quantity), FIELD_REQUIRED},
    {.names = {"valorunit", "valoru"}, FIELD_UNIT, OF_ITEM(unit_price), FIELD_REQUIRED},
    {.names = {"valorb"}, FIELD_MONEY, OF_ITEM(gross), .number = FIELD_ABSENT},
    {.names = {"vdesc", "desconto"}, FIELD_MONEY, OF_ITEM(discount)},
    {.names = {"valor"}, FIELD_MONEY, OF_ITEM(net), .number = FIELD_ABSENT},
    {.names = {"custou"}, FIELD_UNIT, OF_ITEM(unit_cost), .number = FIELD_ABSENT},
    {.names = {"vcusto", "custo"}, FIELD_MONEY, OF_ITEM(cost)},
};

/* Kept as delivered (2.4). */
static const char *const tax_names[] = {
    "baseicms", "percent", "icms",   "cst_icms", "csosn",   "cst_pis",        "cfop",
    "vfrete",   "vseg",    "voutro", "vipi",     "vicmsst", "vicms_desonera", "cest"};

static gboolean
read_tax(yajl_val line, SaleArena *arena, SaleItem *item, SaleRejection *why)
{
  g_autoptr(JsonWriter) w = json_writer_new();
  gboolean any = FALSE;
  json_open_object(w, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS(tax_names); i++) {
    yajl_val value = record_member(line, tax_names[i]);
    if (value == NULL)
      continue;
    if (record_scalar(value) == NULL)
      return record_reject(why, "TIPO_INVALIDO", tax_names[i]);
    json_add_text(w, tax_names[i], record_scalar(value));
    any = TRUE;
  }
  json_close_object(w);
  item->metadata = any ? sale_arena_text(arena, json_writer_text(w)) : NULL;
  return TRUE;
}

static gboolean
is_money(gint64 centavos)
{
  return ABS(centavos) <= DECIMAL_MONEY_MAX;
}

/* 2.6: what was not delivered is computed. */
static gboolean
compute_item(SaleItem *item, SaleRejection *why)
{
  if (item->gross == FIELD_ABSENT &&
      (!decimal_multiply(item->quantity, SCALE_QUANTITY, item->unit_price, SCALE_UNIT, SCALE_MONEY,
                         &item->gross) ||
       !is_money(item->gross)))
    return record_reject(why, "NUMERO_INVALIDO", "valorunit");
  if (item->net == FIELD_ABSENT)
    item->net = item->gross - item->discount;
  if (!is_money(item->net))
    return record_reject(why, "NUMERO_INVALIDO", "vdesc");
  if (item->unit_cost != FIELD_ABSENT)
    return TRUE;
  item->unit_cost = 0;
  if (item->quantity != 0 && (!decimal_divide(item->cost, SCALE_MONEY, item->quantity,
                                              SCALE_QUANTITY, SCALE_UNIT, &item->unit_cost) ||
                              ABS(item->unit_cost) > DECIMAL_UNIT_MAX))
    return record_reject(why, "NUMERO_INVALIDO", "vcusto");
  return TRUE;
}

static gboolean
read_item(yajl_val line, SaleArena *arena, SaleItem *item, SaleRejection *why)
{
  if (!fields_read(item_fields, G_N_ELEMENTS(item_fields), line, "itens", arena, item, why) ||
      !read_tax(line, arena, item, why) || !compute_item(item, why))
    return FALSE;
  item->codes[0] = item->new_code;
  if (item->description == NULL)
    item->description = item->new_code;
  return TRUE;
}

static gboolean
read_items(yajl_val record, SaleArena *arena, Draft *draft, SaleRejection *why)
{
  yajl_val lines;
  gint64 cost = 0;
  if (!record_array(record, "itens", FIELD_REQUIRED, &lines, why))
    return FALSE;
  draft->sale.items = sale_arena_items(arena);
  for (size_t i = 0; i < lines->u.array.len; i++) {
    SaleItem item = {0};
    if (!read_item(lines->u.array.values[i], arena, &item, why)) {
      record_reject_in_item(why, i);
      return FALSE;
    }
    cost += item.cost;
    if (!is_money(cost))
      return record_reject(why, "NUMERO_INVALIDO", "vcusto");
    g_array_append_val(draft->sale.items, item);
  }
  draft->sale.cost = draft->cost != FIELD_ABSENT ? draft->cost : cost;
  return TRUE;
}

/* 2.5: "05/03/2026", also with a wall time, or "2026-03-05". */
static gboolean
read_date(Draft *draft, GTimeZone *zone, SaleRejection *why)
{
  const char *date = draft->date;
  Sale *sale = &draft->sale;
  sale->at = INSTANT_NONE;
  if (date_parse_br(date, &sale->day) || date_parse_iso(date, &sale->day))
    return TRUE;
  g_autofree char *day = g_strndup(date, 10);
  if (!date_parse_br(day, &sale->day) || date[10] != ' ' || strlen(date + 11) > strlen("HH:MM:SS"))
    return record_reject(why, "DATA_INVALIDA", "data");
  g_autofree char *moment = g_strconcat(date_iso(&sale->day).text, date + 10, NULL);
  if (strpbrk(date + 11, "+-.Zz") != NULL || !instant_parse(moment, zone, &sale->at))
    return record_reject(why, "DATA_INVALIDA", "data");
  return TRUE;
}

static void
read_buyer(Draft *draft, SaleArena *arena)
{
  Sale *sale = &draft->sale;
  sale->client_by_name = TRUE;
  sale->client_phone = sale->client_phone_base = "";
  if (sale->client_name == NULL || record_name_is(sale->client_name, ANONYMOUS)) {
    sale->client_name = sale->client_email = NULL;
    return;
  }
  Phone phone = phone_read(draft->phone != NULL ? draft->phone : draft->mobile);
  sale->client_phone = sale_arena_text(arena, phone.display);
  sale->client_phone_base = sale_arena_text(arena, phone.base);
}

static gboolean
is_somebody(const char *name)
{
  return !g_str_equal(name, NONE) && !g_str_equal(name, "0");
}

static gboolean
read_sale(yajl_val record, GTimeZone *zone, SaleArena *arena, Draft *draft, SaleRejection *why)
{
  Sale *sale = &draft->sale;
  if (!fields_read(sale_fields, G_N_ELEMENTS(sale_fields), record, "registro", arena, draft, why) ||
      !read_date(draft, zone, why) || !read_items(record, arena, draft, why))
    return FALSE;
  read_buyer(draft, arena);
  sale->has_seller = is_somebody(sale->seller);
  sale->has_partner = is_somebody(sale->partner);
  sale->channel = "Loja Física";
  sale->delivery_mode = "PRESENCIAL";
  return TRUE;
}

char *
online_id_of(const char *record, gsize length)
{
  return record_id(record, length, ID, DOCUMENT_ID);
}

gboolean
online_map(const char *record, gsize length, GTimeZone *zone, SaleArena *arena, Sale *sale,
           SaleRejection *why)
{
  g_auto(yajl_val) object = record_parse_or_reject(record, length, why);
  Draft draft = {.cost = FIELD_ABSENT};
  if (object == NULL || !read_sale(object, zone, arena, &draft, why)) {
    why->external_id = online_id_of(record, length);
    return FALSE;
  }
  *sale = draft.sale;
  return TRUE;
}
