/* Feeding an answer to a reader of rows, whole or in pieces, and seeing what came of it. */
#pragma once
#include "unit.h"

#include <string.h>

#include "erp/rows.h"

typedef struct {
  GString *seen; /* a line per row: each cell that is there, as "0=text ", "2#12.50 " … */
  guint left;    /* so many rows are taken */
  RowReader *reader;
  gboolean fails;
} Rows;

static inline void
show_cell(GString *out, guint index, RowCell cell)
{
  static const char *const marks[] = {
      [ROW_TEXT] = "=", [ROW_NUMBER] = "#", [ROW_TRUE] = "+", [ROW_FALSE] = "-", [ROW_RAW] = "~"};
  if (cell.kind != ROW_ABSENT)
    g_string_append_printf(out, "%u%s%s ", index, marks[cell.kind],
                           cell.text != NULL ? cell.text : "");
}

static inline gboolean
take_row(const RowCell *cells, gpointer data)
{
  Rows *rows = data;
  for (guint i = 0; i < ROWS_MAX_CELLS; i++)
    show_cell(rows->seen, i, cells[i]);
  g_string_append_c(rows->seen, '\n');
  if (--rows->left > 0)
    return TRUE;
  if (rows->fails)
    row_reader_fail(rows->reader);
  return FALSE;
}

static inline void
rows_init(Rows *rows, const RowShape *shape)
{
  *rows = (Rows){.seen = g_string_new(NULL), .left = G_MAXUINT};
  rows->reader = row_reader_new(shape, take_row, rows);
}

static inline void
rows_clear(Rows *rows)
{
  row_reader_free(rows->reader);
  g_string_free(rows->seen, TRUE);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Rows, rows_clear)

typedef struct {
  const BodyReader *body;
  guint status;
  const char *content_type;
  gsize piece; /* so many bytes at a time; 0: all at once */
} Delivery;

/* One attempt.  The pieces are copies of their own size: what reads past them is found out. */
static inline BodyState
feed(Rows *rows, const Delivery *delivery, const char *text, gsize length)
{
  delivery->body->begin(rows->reader);
  delivery->body->head(rows->reader, delivery->status, delivery->content_type);
  gsize piece = delivery->piece > 0 ? delivery->piece : MAX(length, 1);
  for (gsize at = 0; at < length; at += piece) {
    gsize size = MIN(piece, length - at);
    g_autofree char *copy = g_memdup2(text + at, size);
    if (!delivery->body->take(copy, size, rows->reader))
      break;
  }
  return delivery->body->end(rows->reader);
}

static inline BodyState
feed_text(Rows *rows, const Delivery *delivery, const char *text)
{
  return feed(rows, delivery, text, strlen(text));
}
