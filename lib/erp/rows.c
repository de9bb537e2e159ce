#include "erp/row_reader.h"

#include <string.h>

#include "base/text.h"
#include "erp/fields.h"

#define RANK_NONE G_MAXUINT8

static void
clear_cells(CellSet *set)
{
  memset(set->cells, 0, sizeof set->cells);
  memset(set->ranks, RANK_NONE, sizeof set->ranks);
  g_string_truncate(set->texts, 0);
}

RowReader *
row_reader_new(const RowShape *shape, RowTaker take, gpointer data)
{
  RowReader *reader = g_new0(RowReader, 1);
  reader->shape = shape;
  reader->take = take;
  reader->data = data;
  reader->names = row_names_new(shape);
  reader->row.texts = g_string_sized_new(1024);
  reader->outside.texts = g_string_new(NULL);
  reader->json.raw = g_string_new(NULL);
  reader->json.clean = g_string_new(NULL);
  row_reader_begin(reader);
  return reader;
}

void
row_reader_free(RowReader *reader)
{
  row_names_free(reader->names);
  row_charset_clear(&reader->charset);
  g_string_free(reader->row.texts, TRUE);
  g_string_free(reader->outside.texts, TRUE);
  if (reader->json.parser != NULL)
    yajl_free(reader->json.parser);
  g_string_free(reader->json.raw, TRUE);
  g_string_free(reader->json.clean, TRUE);
  g_clear_pointer(&reader->spool, spool_free);
  g_free(reader);
}

void
row_reader_restart(RowReader *reader)
{
  reader->delivered = 0;
}

void
row_reader_begin(RowReader *reader)
{
  static const Digest first = {0};
  reader->status = 0;
  reader->state = READING;
  reader->reason = NULL;
  reader->began = reader->failed = reader->found_array = reader->was_decoded = FALSE;
  reader->was_mislabelled = FALSE;
  clear_cells(&reader->row);
  clear_cells(&reader->outside);
  reader->row_depth = reader->count = 0;
  reader->answer_stamp = ++reader->stamp;
  reader->chain = first;
  row_charset_begin(&reader->charset, NULL);
}

void
row_reader_head(RowReader *reader, guint status, const char *content_type, const char *markup)
{
  reader->status = status;
  row_charset_begin(&reader->charset, content_type);
  g_autofree char *lower = g_ascii_strdown(content_type != NULL ? content_type : markup, -1);
  reader->was_mislabelled = strstr(lower, markup) == NULL;
}

gboolean
row_reader_delivers(const RowReader *reader)
{
  return reader->status >= 200 && reader->status < 300;
}

gboolean
row_reader_end_with(RowReader *reader, ReadState state, const char *reason)
{
  reader->state = row_reader_delivers(reader) ? state : READ_IGNORED;
  reader->reason = reason;
  return FALSE;
}

void
row_reader_open_row(RowReader *reader, guint depth)
{
  clear_cells(&reader->row);
  reader->stamp++;
  reader->row_depth = depth;
}

static void
point_cells(CellSet *set)
{
  for (guint i = 0; i < ROWS_MAX_CELLS; i++)
    if (set->cells[i].text != NULL)
      set->cells[i].text = set->texts->str + set->offsets[i];
}

gboolean
row_reader_close_row(RowReader *reader)
{
  reader->row_depth = 0;
  reader->count++;
  reader->chain = digest_of(&reader->chain, reader->row.texts->str, reader->row.texts->len);
  if (reader->count < reader->delivered)
    return TRUE;
  if (reader->count == reader->delivered)
    return digest_equal(&reader->chain, &reader->delivered_chain) ||
           row_reader_end_with(reader, READ_CHANGED, NULL);
  reader->delivered = reader->count;
  reader->delivered_chain = reader->chain;
  point_cells(&reader->row);
  if (reader->take != NULL && !reader->take(reader->row.cells, reader->data)) {
    reader->state = READ_STOPPED;
    return FALSE;
  }
  return TRUE;
}

gboolean
row_reader_meet(RowReader *reader, RowName *name)
{
  guint32 stamp = reader->row_depth > 0 ? reader->stamp : reader->answer_stamp;
  gboolean is_new = name->seen != stamp;
  name->seen = stamp;
  return is_new;
}

/* Neither end can be white space of any script: nothing is to be trimmed. */
static gboolean
is_trimmed(const char *text, gsize length)
{
  return length == 0 || (g_ascii_isgraph(text[0]) && g_ascii_isgraph(text[length - 1]));
}

/* Appends a cell's text with its end; returns where it begins. */
static gsize
append_cell(GString *texts, RowKind kind, const char *text, gsize length)
{
  gsize from = texts->len;
  append_bytes(texts, text, length);
  if (kind == ROW_TEXT && !is_trimmed(text, length)) {
    const char *trimmed = record_trim(texts->str + from);
    from = (gsize)(trimmed - texts->str);
    texts->len = from + strlen(trimmed);
  }
  texts->len++; /* the end that GString has set is kept */
  return from;
}

void
row_reader_set(RowReader *reader, const RowName *name, RowKind kind, const char *text, gsize length)
{
  const NameTarget *target = row_names_targets(reader->names, name);
  for (guint i = 0; i < name->n_targets && kind != ROW_ABSENT; i++, target++) {
    CellSet *set = target->is_outside ? &reader->outside : &reader->row;
    if (target->rank >= set->ranks[target->cell])
      continue;
    set->ranks[target->cell] = target->rank;
    set->cells[target->cell] = (RowCell){kind, text}; /* not the text's last place: its offset is */
    set->offsets[target->cell] =
        append_cell(set->texts, kind, text != NULL ? text : "", text != NULL ? length : 0);
  }
}

BodyState
row_reader_verdict(const RowReader *reader, gboolean whole)
{
  if (reader->state == READ_STOPPED)
    return reader->failed ? BODY_UNTAKEN : BODY_STOPPED;
  if (!reader->began && reader->state == READING && reader->delivered == 0)
    return BODY_NONE;
  if (!row_reader_delivers(reader))
    return BODY_WHOLE;
  if (reader->state == READ_UNEXPECTED)
    return BODY_UNEXPECTED;
  if (reader->state == READ_MISSHAPEN)
    return BODY_MISSHAPEN;
  gboolean is_whole = whole && reader->state == READING && reader->count >= reader->delivered;
  return is_whole ? BODY_WHOLE : BODY_TRUNCATED;
}

guint
row_reader_count(const RowReader *reader)
{
  return reader->count;
}

RowCell
row_reader_outside(const RowReader *reader, guint index)
{
  RowCell cell = reader->outside.cells[index];
  if (cell.text != NULL)
    cell.text = reader->outside.texts->str + reader->outside.offsets[index];
  return cell;
}

gboolean
row_reader_found_array(const RowReader *reader)
{
  return reader->found_array;
}

gboolean
row_reader_lacks_rows(const RowReader *reader)
{
  return row_reader_delivers(reader) && reader->began && !reader->found_array &&
         !reader->shape->is_object && reader->shape->arrays != NULL;
}

gboolean
row_reader_was_decoded(const RowReader *reader)
{
  return reader->was_decoded;
}

gboolean
row_reader_was_mislabelled(const RowReader *reader)
{
  return reader->was_mislabelled && reader->began;
}

const char *
row_reader_reason(const RowReader *reader)
{
  return reader->reason;
}

void
row_reader_fail(RowReader *reader)
{
  reader->failed = TRUE;
}

const char *
row_text(const RowCell *cell)
{
  static const char *const words[] = {[ROW_TRUE] = "true", [ROW_FALSE] = "false"};
  if (cell->kind == ROW_TRUE || cell->kind == ROW_FALSE)
    return words[cell->kind];
  gboolean has_text = cell->kind == ROW_TEXT || cell->kind == ROW_NUMBER;
  return has_text && *cell->text != '\0' ? cell->text : NULL;
}

gboolean
row_flag(const RowCell *cell)
{
  static const char *const yes[] = {"true", "1", "s", "sim"};
  const char *text = row_text(cell);
  for (gsize i = 0; i < G_N_ELEMENTS(yes) && text != NULL; i++)
    if (g_ascii_strcasecmp(text, yes[i]) == 0)
      return TRUE;
  return FALSE;
}
