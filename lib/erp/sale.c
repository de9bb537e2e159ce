#include "erp/sale.h"

#include <string.h>

#define VALID_NATURE "SN01"

gboolean
sale_is_valid(const char *nature, gint64 total)
{
  return g_strcmp0(nature, VALID_NATURE) == 0 && total > 0;
}

/* Each text with its length before it, so that two fields cannot run into each other. */
static void
add_text(GString *record, const char *text)
{
  if (text == NULL)
    g_string_append(record, "-;");
  else
    g_string_append_printf(record, "%" G_GSIZE_FORMAT ":%s;", strlen(text), text);
}

static void
add_number(GString *record, gint64 number)
{
  g_string_append_printf(record, "%" G_GINT64_FORMAT ";", number);
}

static void
add_item(GString *record, const SaleItem *item)
{
  add_text(record, item->codes[0]);
  add_text(record, item->codes[1]);
  add_text(record, item->new_code);
  const gint64 numbers[] = {item->quantity, item->unit_price, item->unit_cost, item->gross,
                            item->discount, item->net,        item->cost};
  for (gsize i = 0; i < G_N_ELEMENTS(numbers); i++)
    add_number(record, numbers[i]);
  add_text(record, item->metadata);
}

char *
sale_hash(const Sale *sale)
{
  g_autoptr(GString) record = g_string_sized_new(1024);
  const char *const texts[] = {
      sale->external_id,  sale->client_name, sale->client_external_id,
      sale->seller,       sale->partner,     sale->key,
      sale->document,     sale->model,       sale->movement,
      sale->nature,       sale->series,      sale->situation,
      sale->type,         sale->channel,     sale->delivery_mode,
      sale->table_number, sale->notes,
  };
  for (gsize i = 0; i < G_N_ELEMENTS(texts); i++)
    add_text(record, texts[i]);
  const gint64 numbers[] = {sale->total,
                            sale->cost,
                            sale->has_adjustments,
                            sale->has_adjustments ? sale->discounts : 0,
                            sale->has_adjustments ? sale->additions : 0,
                            g_date_valid(&sale->day) ? g_date_get_julian(&sale->day) : 0,
                            sale->at};
  for (gsize i = 0; i < G_N_ELEMENTS(numbers); i++)
    add_number(record, numbers[i]);
  for (guint i = 0; sale->items != NULL && i < sale->items->len; i++)
    add_item(record, &g_array_index(sale->items, SaleItem, i));
  return g_compute_checksum_for_string(G_CHECKSUM_SHA256, record->str, (gssize)record->len);
}

void
sale_rejection_clear(SaleRejection *rejection)
{
  g_clear_pointer(&rejection->detail, g_free);
  g_clear_pointer(&rejection->external_id, g_free);
}

struct SaleArena {
  GStringChunk *texts;
  GPtrArray *arrays;
};

SaleArena *
sale_arena_new(void)
{
  SaleArena *arena = g_new0(SaleArena, 1);
  arena->texts = g_string_chunk_new(16 * 1024);
  arena->arrays = g_ptr_array_new_with_free_func((GDestroyNotify)g_array_unref);
  return arena;
}

void
sale_arena_free(SaleArena *arena)
{
  g_string_chunk_free(arena->texts);
  g_ptr_array_unref(arena->arrays);
  g_free(arena);
}

const char *
sale_arena_text(SaleArena *arena, const char *text)
{
  return text != NULL ? g_string_chunk_insert(arena->texts, text) : NULL;
}

static GArray *
new_array(SaleArena *arena, guint element_size)
{
  GArray *array = g_array_new(FALSE, TRUE, element_size);
  g_ptr_array_add(arena->arrays, array);
  return array;
}

GArray *
sale_arena_items(SaleArena *arena)
{
  return new_array(arena, sizeof(SaleItem));
}

GArray *
sale_arena_options(SaleArena *arena)
{
  return new_array(arena, sizeof(SaleOption));
}
