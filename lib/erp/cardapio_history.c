#include "erp/cardapio_history.h"

#include "erp/fields.h"
#include "erp/sales_parts.h"

typedef struct {
  const char *id, *status, *updated_at;
} Listed;

static const Field listed_fields[] = {
    {.names = {"id"}, FIELD_TEXT, offsetof(Listed, id), FIELD_FILLED},
    {.names = {"status"}, FIELD_TEXT, offsetof(Listed, status), FIELD_FILLED},
    {.names = {"updated_at"}, FIELD_TEXT, offsetof(Listed, updated_at), .text = ""},
};

SalesMissing *
cardapio_missing_new(const char *external_id, SalesFailure *failure)
{
  SalesMissing *missing = g_new0(SalesMissing, 1);
  missing->external_id = g_strdup(external_id);
  missing->failure = *failure;
  *failure = (SalesFailure){.code = NULL};
  return missing;
}

void
cardapio_missing_free(SalesMissing *missing)
{
  g_free(missing->external_id);
  sales_failure_clear(&missing->failure);
  g_free(missing);
}

static gboolean
is_finished(const char *status)
{
  return g_str_equal(status, "closed") || g_str_equal(status, "canceled");
}

static void
read_listed(yajl_val value, CardapioPage *page)
{
  Listed listed = {.id = NULL};
  g_auto(SaleRejection) why = {0};
  if (!fields_read(listed_fields, G_N_ELEMENTS(listed_fields), value, "orders", page->arena,
                   &listed, &why)) {
    SalesFailure failure = {.code = NULL};
    sales_fail(&failure, why.code, why.detail);
    g_ptr_array_add(page->unreadable, cardapio_missing_new(listed.id, &failure));
    return;
  }
  if (!is_finished(listed.status)) /* asked for or not */
    return;
  g_ptr_array_add(page->ids, (gpointer)listed.id);
  g_ptr_array_add(page->statuses, (gpointer)listed.status);
  g_ptr_array_add(page->updated, (gpointer)listed.updated_at);
}

/* Where no number of pages is told, a page that is not full is the last. */
static gboolean
is_last_page(yajl_val root, yajl_val orders, guint number, SaleArena *arena)
{
  static const Field total = {.names = {"total_pages"}, FIELD_COUNT, 0, .number = FIELD_ABSENT};
  g_auto(SaleRejection) why = {0};
  yajl_val pagination = NULL;
  gint64 pages = FIELD_ABSENT;
  if (orders->u.array.len == 0 || !YAJL_IS_OBJECT(root))
    return TRUE;
  if (!record_object(root, "pagination", &pagination, &why) || pagination == NULL ||
      !fields_read(&total, 1, pagination, "pagination", arena, &pages, &why) ||
      pages == FIELD_ABSENT)
    return orders->u.array.len < CARDAPIO_PAGE_SIZE;
  return number >= pages;
}

CardapioPage *
cardapio_page_read(const GString *text, guint number)
{
  g_auto(yajl_val) root = record_tree(text->str, text->len);
  yajl_val orders = YAJL_IS_OBJECT(root) ? record_member(root, "orders") : root;
  if (!YAJL_IS_ARRAY(orders))
    return NULL;
  CardapioPage *page = g_new0(CardapioPage, 1);
  page->arena = sale_arena_new();
  page->ids = g_ptr_array_new();
  page->statuses = g_ptr_array_new();
  page->updated = g_ptr_array_new();
  page->unreadable = g_ptr_array_new_with_free_func((GDestroyNotify)cardapio_missing_free);
  page->is_last = is_last_page(root, orders, number, page->arena);
  for (size_t i = 0; i < orders->u.array.len; i++)
    read_listed(orders->u.array.values[i], page);
  return page;
}

void
cardapio_page_free(CardapioPage *page)
{
  g_ptr_array_unref(page->ids);
  g_ptr_array_unref(page->statuses);
  g_ptr_array_unref(page->updated);
  g_ptr_array_unref(page->unreadable);
  sale_arena_free(page->arena);
  g_free(page);
}
