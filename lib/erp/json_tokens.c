/* The tokens of a JSON answer become rows: a callback for each, no tree, and for what nobody asked
 * for next to nothing. */
#include <string.h>

#include "erp/row_reader.h"

/* Instead of a name, of what stands at a depth. */
enum { SKIPPED = NAME_NONE, ROWS = NAME_NONE - 1 };

static int
misshapen(RowReader *reader, const char *reason)
{
  return row_reader_end_with(reader, READ_MISSHAPEN, reason);
}

/* Where the parser stands: behind the token it tells of. */
static gsize
position(const RowReader *reader)
{
  return yajl_get_bytes_consumed(reader->json.parser);
}

/* A text without what cannot stand in ours: yajl decodes \u0000, which ends texts, and lone
 * surrogates, which are no UTF-8. */
static const char *
clean_text(JsonState *json, const char *text, gsize *length)
{
  static const char replacement[] = "\xEF\xBF\xBD"; /* U+FFFD */
  if (memchr(text, '\0', *length) == NULL && memchr(text, 0xED, *length) == NULL)
    return text;
  g_string_truncate(json->clean, 0);
  for (gsize i = 0; i < *length; i++)
    if (text[i] != '\0')
      g_string_append_c(json->clean, text[i]);
  char *kept = json->clean->str;
  *length = json->clean->len;
  for (gsize i = 0; i + 2 < *length; i++)
    if ((guchar)kept[i] == 0xED && (guchar)kept[i + 1] >= 0xA0)
      for (gsize at = 0; at < strlen(replacement); at++)
        kept[i + at] = replacement[at];
  return kept;
}

static int
take_value(RowReader *reader, RowKind kind, const char *text, gsize length)
{
  JsonState *json = &reader->json;
  json->moved = TRUE;
  int where = json->at[json->depth], index = json->next;
  if (where == SKIPPED)
    return 1;
  if (where == ROWS)
    return misshapen(reader, "row_is_no_object");
  json->next = NAME_NONE;
  if (index == NAME_NONE)
    return 1;
  const RowName *name = row_names_at(reader->names, index);
  if (name->n_targets > 0 && !name->is_raw)
    row_reader_set(reader, name, kind, text, length);
  return 1;
}

static int
on_null(void *data)
{
  return take_value(data, ROW_ABSENT, NULL, 0);
}

static int
on_boolean(void *data, int value)
{
  return take_value(data, value ? ROW_TRUE : ROW_FALSE, NULL, 0);
}

static int
on_number(void *data, const char *text, size_t length)
{
  return take_value(data, ROW_NUMBER, text, length);
}

static int
on_string(void *data, const unsigned char *bytes, size_t length)
{
  RowReader *reader = data;
  JsonState *json = &reader->json;
  const char *text = (const char *)bytes;
  gboolean has_escapes = text < json->piece || text >= json->piece + json->length; /* or was held */
  if (has_escapes && json->next != NAME_NONE)
    text = clean_text(json, text, &length);
  return take_value(reader, ROW_TEXT, text, length);
}

static int
on_key(void *data, const unsigned char *key, size_t length)
{
  RowReader *reader = data;
  JsonState *json = &reader->json;
  json->moved = TRUE;
  int where = json->at[json->depth];
  json->next =
      where < 0 ? NAME_NONE : row_names_find(reader->names, where, (const char *)key, length);
  if (json->next != NAME_NONE && !row_reader_meet(reader, row_names_at(reader->names, json->next)))
    return misshapen(reader, "member_twice");
  return 1;
}

/* A row, or the answer that is one itself. */
static int
open_row(RowReader *reader)
{
  JsonState *json = &reader->json;
  gsize from = json->before + position(reader);
  row_reader_open_row(reader, json->depth);
  json->row_from = from;
  return NAME_ROW;
}

/* A value that is an array or an object begins: what stands in it?  Its own text is kept where it
 * was asked for. */
static int
inside_of(RowReader *reader, gboolean is_object)
{
  JsonState *json = &reader->json;
  int index = json->next;
  json->next = NAME_NONE;
  if (index == NAME_NONE)
    return SKIPPED;
  const RowName *name = row_names_at(reader->names, index);
  if (name->is_rows && !is_object)
    return ROWS;
  if (name->is_rows && reader->shape->is_object && row_reader_delivers(reader))
    return open_row(reader);
  if (name->is_raw && json->raw_depth == 0) {
    json->raw_depth = json->depth;
    json->raw_name = index;
    json->raw_from = position(reader) - 1;
    return SKIPPED;
  }
  if (name->n_targets > 0)
    row_reader_set(reader, name, ROW_RAW, "", 0);
  return is_object && name->has_members ? index : SKIPPED;
}

static gboolean
descend(RowReader *reader)
{
  reader->json.moved = TRUE;
  return ++reader->json.depth <= ROWS_MAX_DEPTH || misshapen(reader, "too_deep");
}

static int
on_start_map(void *data)
{
  RowReader *reader = data;
  JsonState *json = &reader->json;
  int outer = json->at[json->depth];
  if (!descend(reader))
    return 0;
  int *inner = &json->at[json->depth];
  if (json->depth == 1) {
    *inner = NAME_ANSWER;
    if (reader->shape->is_object && row_names_at(reader->names, NAME_ANSWER)->is_rows &&
        row_reader_delivers(reader))
      open_row(reader);
  } else if (outer == ROWS)
    *inner = open_row(reader);
  else
    *inner = outer == SKIPPED ? SKIPPED : inside_of(reader, TRUE);
  return 1;
}

static int
on_start_array(void *data)
{
  RowReader *reader = data;
  JsonState *json = &reader->json;
  int outer = json->at[json->depth];
  if (!descend(reader))
    return 0;
  if (outer == ROWS)
    return misshapen(reader, "row_is_no_object");
  int inner = SKIPPED;
  if (json->depth == 1)
    inner = row_names_at(reader->names, NAME_ANSWER)->is_rows ? ROWS : SKIPPED;
  else if (outer != SKIPPED)
    inner = inside_of(reader, FALSE);
  if (inner == ROWS) {
    reader->found_array = TRUE;
    json->had_rows = json->had_rows || json->listed > 0;
    json->listed = 0;
    inner = row_reader_delivers(reader) ? ROWS : SKIPPED;
  }
  json->at[json->depth] = inner;
  return 1;
}

static int
close_row(RowReader *reader)
{
  JsonState *json = &reader->json;
  if (json->before + position(reader) - json->row_from > ROWS_MAX_BYTES)
    return misshapen(reader, "row_too_large");
  json->listed++;
  if (json->had_rows)
    return misshapen(reader, "two_arrays_of_rows");
  return row_reader_close_row(reader);
}

static int
on_end(void *data)
{
  RowReader *reader = data;
  JsonState *json = &reader->json;
  json->moved = TRUE;
  guint depth = json->depth--;
  if (depth == json->raw_depth) {
    g_string_append_len(json->raw, json->piece + json->raw_from,
                        (gssize)(position(reader) - json->raw_from));
    row_reader_set(reader, row_names_at(reader->names, json->raw_name), ROW_RAW, json->raw->str,
                   json->raw->len);
    g_string_truncate(json->raw, 0);
    json->raw_depth = 0;
  }
  return depth != reader->row_depth || close_row(reader);
}

const yajl_callbacks json_row_tokens = {.yajl_null = on_null,
                                        .yajl_boolean = on_boolean,
                                        .yajl_number = on_number,
                                        .yajl_string = on_string,
                                        .yajl_start_map = on_start_map,
                                        .yajl_map_key = on_key,
                                        .yajl_end_map = on_end,
                                        .yajl_start_array = on_start_array,
                                        .yajl_end_array = on_end};
