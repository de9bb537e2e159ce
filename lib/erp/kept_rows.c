#include "erp/kept_rows.h"

#include <string.h>

struct KeptRows {
  guint references;
  guint n_cells, n_outside;
  GPtrArray *rows; /* of RowCell[n_cells] */
  GStringChunk *texts;
  gsize bytes;
  gboolean found_array;
  RowCell outside[ROWS_MAX_CELLS];
};

/* Cells behind the last one that has a name are absent in every row. */
static guint
used(const char *const *names)
{
  guint count = ROWS_MAX_CELLS;
  while (count > 0 && names[count - 1] == NULL)
    count--;
  return count;
}

KeptRows *
kept_rows_new(const RowShape *shape)
{
  KeptRows *kept = g_new0(KeptRows, 1);
  kept->references = 1;
  kept->n_cells = used(shape->cells);
  kept->n_outside = used(shape->outside);
  kept->rows = g_ptr_array_new_with_free_func(g_free);
  kept->texts = g_string_chunk_new(4096);
  return kept;
}

KeptRows *
kept_rows_ref(KeptRows *kept)
{
  kept->references++;
  return kept;
}

void
kept_rows_unref(KeptRows *kept)
{
  if (--kept->references > 0)
    return;
  g_ptr_array_unref(kept->rows);
  g_string_chunk_free(kept->texts);
  g_free(kept);
}

static RowCell
copy(KeptRows *kept, RowCell cell)
{
  if (cell.text != NULL)
    cell.text = g_string_chunk_insert(kept->texts, cell.text);
  return cell;
}

gboolean
kept_rows_add(KeptRows *kept, const RowCell *cells, gsize max_bytes)
{
  gsize bytes = sizeof(RowCell) * ROWS_MAX_CELLS; /* callers may look at cells that have no name */
  for (guint i = 0; i < kept->n_cells; i++)
    bytes += cells[i].text != NULL ? strlen(cells[i].text) + 1 : 0;
  if (bytes > max_bytes || kept->bytes > max_bytes - bytes)
    return FALSE;
  RowCell *row = g_new0(RowCell, ROWS_MAX_CELLS);
  for (guint i = 0; i < kept->n_cells; i++)
    row[i] = copy(kept, cells[i]);
  g_ptr_array_add(kept->rows, row);
  kept->bytes += bytes;
  return TRUE;
}

void
kept_rows_end(KeptRows *kept, const RowReader *reader)
{
  kept->found_array = row_reader_found_array(reader);
  for (guint i = 0; i < kept->n_outside; i++)
    kept->outside[i] = copy(kept, row_reader_outside(reader, i));
}

guint
kept_rows_count(const KeptRows *kept)
{
  return kept->rows->len;
}

const RowCell *
kept_rows_row(const KeptRows *kept, guint index)
{
  return g_ptr_array_index(kept->rows, index);
}

RowCell
kept_rows_outside(const KeptRows *kept, guint index)
{
  return kept->outside[index];
}

gboolean
kept_rows_found_array(const KeptRows *kept)
{
  return kept->found_array;
}

gsize
kept_rows_bytes(const KeptRows *kept)
{
  return kept->bytes;
}

typedef struct {
  KeptRows *kept;
  RowReader *reader;
  gboolean is_too_large;
} Keeping;

static gboolean
keep(const RowCell *cells, gpointer data)
{
  Keeping *keeping = data;
  keeping->is_too_large = !kept_rows_add(keeping->kept, cells, KEPT_ROWS_MAX_BYTES);
  if (keeping->is_too_large)
    row_reader_fail(keeping->reader);
  return !keeping->is_too_large;
}

KeptRows *
erp_call_keep(Erp *erp, const ErpCall *call, const RowShape *shape, GError **error)
{
  g_autoptr(GError) failure = NULL;
  g_autoptr(KeptRows) kept = kept_rows_new(shape);
  Keeping keeping = {.kept = kept};
  g_autoptr(RowReader) reader = row_reader_new(shape, keep, &keeping);
  keeping.reader = reader;
  if (!erp_call(erp, call, reader, &failure)) {
    if (keeping.is_too_large)
      g_set_error_literal(error, PONTE_ERROR, ERROR_ERP_TOO_LARGE,
                          "A resposta do ERP passa do limite de tamanho.");
    else
      g_propagate_error(error, g_steal_pointer(&failure));
    return NULL;
  }
  kept_rows_end(kept, reader);
  return g_steal_pointer(&kept);
}
