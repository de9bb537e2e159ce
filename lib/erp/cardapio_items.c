#include "erp/cardapio_items.h"

#include <string.h>

#include "base/decimal.h"
#include "base/json.h"

#define NONE "N/A"

/* An item while it is read. */
typedef struct {
  SaleItem item;
  const char *id, *code, *name, *kind, *status, *notes;
} ItemDraft;

#define OF_ITEM(member) offsetof(ItemDraft, member)

static const Field item_fields[] = {
    {.names = {"item_id"}, FIELD_TEXT, OF_ITEM(id)},
    {.names = {"external_code"}, FIELD_TEXT, OF_ITEM(code)},
    {.names = {"name"}, FIELD_TEXT, OF_ITEM(name)},
    {.names = {"quantity"}, FIELD_QUANTITY, OF_ITEM(item.quantity)},
    {.names = {"unit_price"}, FIELD_UNIT, OF_ITEM(item.unit_price)},
    {.names = {"total_price"}, FIELD_MONEY, OF_ITEM(item.net)},
    {.names = {"kind"}, FIELD_TEXT, OF_ITEM(kind), .text = ""},
    {.names = {"status"}, FIELD_TEXT, OF_ITEM(status), .text = ""},
    {.names = {"observation"}, FIELD_TEXT, OF_ITEM(notes)},
};

typedef struct {
  SaleOption option;
  gint64 quantity, unit_price;
} OptionDraft;

#define OF_OPTION(member) offsetof(OptionDraft, member)

static const Field option_fields[] = {
    {.names = {"option_group_id"}, FIELD_TEXT, OF_OPTION(option.group_id)},
    {.names = {"option_group_name"}, FIELD_TEXT, OF_OPTION(option.group_name), .text = ""},
    {.names = {"option_group_total_selected_options"},
     FIELD_COUNT,
     OF_OPTION(option.group_max),
     .number = 1},
    {.names = {"option_id"}, FIELD_TEXT, OF_OPTION(option.option_id)},
    {.names = {"name"}, FIELD_TEXT, OF_OPTION(option.name), .text = ""},
    {.names = {"external_code"}, FIELD_TEXT, OF_OPTION(option.code)},
    {.names = {"quantity"}, FIELD_QUANTITY, OF_OPTION(quantity)},
    {.names = {"unit_price"}, FIELD_UNIT, OF_OPTION(unit_price)},
    {.names = {"unit_price"}, FIELD_MONEY, OF_OPTION(option.price)},
};

/* An exact number without the zeros that only fill its scale: 1, 2.5. */
static void
add_number(JsonWriter *w, const char *name, gint64 value, guint scale)
{
  DecimalText decimal = decimal_text(value, scale);
  char *end = decimal.text + strlen(decimal.text);
  while (end[-1] == '0')
    end--;
  *(end[-1] == '.' ? end - 1 : end) = '\0';
  json_add_decimal(w, name, decimal.text);
}

static void
write_option(JsonWriter *w, const OptionDraft *draft)
{
  json_open_object(w, NULL);
  json_add_text(w, "addOnIdExterno", draft->option.group_id);
  json_add_text(w, "optionIdExterno", draft->option.option_id);
  add_number(w, "quantidade", draft->quantity, SCALE_QUANTITY);
  add_number(w, "valorUnitario", draft->unit_price, SCALE_UNIT);
  json_close_object(w);
}

/* An option without its id, or its group's, is nothing that could be found again. */
static gboolean
read_option(yajl_val value, SaleArena *arena, JsonWriter *w, GArray *options, SaleRejection *why)
{
  OptionDraft draft = {.quantity = 0};
  if (!fields_read(option_fields, G_N_ELEMENTS(option_fields), value, "options", arena, &draft,
                   why))
    return FALSE;
  if (draft.option.group_id == NULL || draft.option.option_id == NULL)
    return TRUE;
  draft.option.group_max = MAX(draft.option.group_max, 1);
  g_array_append_val(options, draft.option);
  write_option(w, &draft);
  return TRUE;
}

static gboolean
read_options(yajl_val line, SaleArena *arena, ItemDraft *draft, SaleRejection *why)
{
  yajl_val values;
  if (!record_array(line, "options", FIELD_OPTIONAL, &values, why))
    return FALSE;
  GArray *options = draft->item.options = sale_arena_options(arena);
  g_autoptr(JsonWriter) w = json_writer_new();
  json_open_object(w, NULL);
  json_add_text(w, "observacao", draft->notes);
  json_open_array(w, "options");
  for (size_t i = 0; values != NULL && i < values->u.array.len; i++)
    if (!read_option(values->u.array.values[i], arena, w, options, why))
      return FALSE;
  json_close_array(w);
  json_close_object(w);
  draft->item.metadata = sale_arena_text(arena, json_writer_text(w));
  return TRUE;
}

/* Products are looked for by the item's id, then by its code; a new one is stored under its code.
 */
static void
name_product(ItemDraft *draft)
{
  SaleItem *item = &draft->item;
  item->new_code = draft->code != NULL ? draft->code : draft->id != NULL ? draft->id : NONE;
  item->codes[0] = draft->id != NULL ? draft->id : item->new_code;
  item->codes[1] = draft->id != NULL ? draft->code : NULL;
  item->description = draft->name != NULL ? draft->name : item->new_code;
  item->unit = "UN";
  item->group = g_str_equal(draft->kind, "combo") ? "COMBOS" : "PRODUTOS";
  item->ncm = "";
  item->kind = draft->kind;
}

static gboolean
read_item(yajl_val line, SaleArena *arena, ItemDraft *draft, SaleRejection *why)
{
  if (!fields_read(item_fields, G_N_ELEMENTS(item_fields), line, "items", arena, draft, why) ||
      !read_options(line, arena, draft, why))
    return FALSE;
  name_product(draft);
  draft->item.gross = draft->item.net; /* discounts are the order's */
  return TRUE;
}

gboolean
cardapio_items_read(yajl_val order, SaleArena *arena, GArray **items, SaleRejection *why)
{
  yajl_val lines;
  if (!record_array(order, "items", FIELD_REQUIRED, &lines, why))
    return FALSE;
  GArray *read = sale_arena_items(arena);
  for (size_t i = 0; i < lines->u.array.len; i++) {
    ItemDraft draft = {.id = NULL};
    if (!read_item(lines->u.array.values[i], arena, &draft, why)) {
      record_reject_in_item(why, i);
      return FALSE;
    }
    if (!g_str_equal(draft.status, "canceled"))
      g_array_append_val(read, draft.item);
  }
  *items = read;
  return TRUE;
}
