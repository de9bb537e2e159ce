#include "backoffice/transfer_plan.h"

#include <string.h>

#include "base/text.h"
#include "erp/omie/attachments.h"

static gint64
number_of(const OmieCell *cell)
{
  gint64 number = 0;
  if (cell->text == NULL || !g_ascii_string_to_signed(cell->text, 10, 1, G_MAXINT64, &number, NULL))
    return 0;
  return number;
}

static char *
text_of(const OmieCell *cell)
{
  if (cell->text == NULL)
    return NULL;
  g_autofree char *decoded = text_decode_entities(cell->text);
  g_autofree char *text = text_trim(decoded);
  return *text != '\0' ? g_steal_pointer(&text) : NULL;
}

void
listed_file_from_omie(ListedFile *file, const OmieRow *row)
{
  *file = (ListedFile){
      .id = number_of(&row->cells[OMIE_FILE_ID]),
      .name = text_of(&row->cells[OMIE_FILE_NAME]),
      .code = text_of(&row->cells[OMIE_FILE_CODE]),
  };
  for (guint i = OMIE_FILE_SIZE; i <= OMIE_FILE_LAST_SIZE && file->size == 0; i++)
    file->size = number_of(&row->cells[i]);
}

void
listed_file_clear(gpointer data)
{
  ListedFile *file = data;
  g_clear_pointer(&file->name, g_free);
  g_clear_pointer(&file->code, g_free);
}

char *
transfer_code(const ListedFile *origin)
{
  return origin->id != 0 ? g_strdup_printf("B%" G_GINT64_FORMAT, origin->id) : NULL;
}

char *
transfer_key(gint64 id, const char *name)
{
  return id != 0 ? g_strdup_printf("%" G_GINT64_FORMAT, id) : g_strdup(name != NULL ? name : "");
}

void
transfer_plan_init(TransferPlan *plan, const GArray *target)
{
  *plan = (TransferPlan){
      .target = target,
      .included = g_ptr_array_new(),
      .sent = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL),
      .in_flight = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL),
  };
}

void
transfer_plan_clear(TransferPlan *plan)
{
  g_clear_pointer(&plan->included, g_ptr_array_unref);
  g_clear_pointer(&plan->sent, g_hash_table_unref);
  g_clear_pointer(&plan->in_flight, g_hash_table_unref);
}

/* 6.6: the same code, or the same name unless both sizes are known and differ. */
static gboolean
is_same(const ListedFile *there, const ListedFile *origin, const char *code)
{
  if (code != NULL && g_strcmp0(there->code, code) == 0)
    return TRUE;
  if (g_strcmp0(there->name, origin->name) != 0)
    return FALSE;
  return there->size == 0 || origin->size == 0 || there->size == origin->size;
}

static gboolean
is_there(const TransferPlan *plan, const ListedFile *origin)
{
  g_autofree char *code = transfer_code(origin);
  for (guint i = 0; i < plan->target->len; i++)
    if (is_same(&g_array_index(plan->target, ListedFile, i), origin, code))
      return TRUE;
  for (guint i = 0; i < plan->included->len; i++)
    if (is_same(plan->included->pdata[i], origin, NULL))
      return TRUE;
  return FALSE;
}

TransferStep
transfer_plan_step(const TransferPlan *plan, const ListedFile *origin)
{
  g_autofree char *key = transfer_key(origin->id, origin->name);
  if (g_hash_table_contains(plan->sent, key))
    return STEP_SENT_BEFORE;
  if (origin->name == NULL)
    return STEP_UNNAMED;
  if (!is_there(plan, origin))
    return STEP_INCLUDE;
  return g_hash_table_contains(plan->in_flight, key) ? STEP_ARRIVED : STEP_DUPLICATE;
}

gint64
transfer_open(const TransferCount *count)
{
  return count->without_content + count->refused + count->not_tried;
}
