/* Rows of a JSON answer while it arrives, piece by piece. */
#include <string.h>

#include "erp/row_reader.h"

static void
begin(gpointer data)
{
  RowReader *reader = data;
  JsonState *json = &reader->json;
  row_reader_begin(reader);
  if (json->parser != NULL)
    yajl_free(json->parser);
  GString *raw = json->raw, *clean = json->clean;
  g_string_truncate(raw, 0);
  *json = (JsonState){.raw = raw, .clean = clean, .next = NAME_NONE, .at = {NAME_NONE}};
  json->parser = yajl_alloc(&json_row_tokens, NULL, reader);
  yajl_config(json->parser, yajl_dont_validate_strings, 1); /* the charset's decoder did */
}

static void
head(gpointer data, guint status, const char *content_type)
{
  row_reader_head(data, status, content_type, "json");
}

/* Only { and [ begin an answer; what stands before is skipped.  FALSE when there is nothing more in
 * this piece. */
static gboolean
look_at_beginning(RowReader *reader, const char **text, gsize *length)
{
  while (*length > 0 && g_ascii_isspace(**text)) {
    (*text)++;
    (*length)--;
  }
  if (*length == 0)
    return FALSE;
  reader->began = TRUE;
  return **text == '{' || **text == '[' || row_reader_end_with(reader, READ_UNEXPECTED, NULL);
}

/* Memory stays bounded whatever arrives: a row, a value, and all that is kept of the rest. */
static void
check_sizes(RowReader *reader)
{
  JsonState *json = &reader->json;
  json->quiet = json->moved ? 0 : json->quiet + json->length;
  json->moved = FALSE;
  json->before += json->length;
  if (reader->row_depth > 0 && json->before - json->row_from > ROWS_MAX_BYTES)
    row_reader_end_with(reader, READ_MISSHAPEN, "row_too_large");
  else if (json->quiet > ROWS_MAX_BYTES || json->raw->len > ROWS_MAX_BYTES ||
           reader->outside.texts->len > ROWS_MAX_BYTES)
    row_reader_end_with(reader, READ_MISSHAPEN, "value_too_large");
}

static void
parse(RowReader *reader, const char *text, gsize length)
{
  JsonState *json = &reader->json;
  json->piece = text;
  json->length = length;
  if (yajl_parse(json->parser, (const unsigned char *)text, length) != yajl_status_ok) {
    if (reader->state == READING)
      row_reader_end_with(reader, READ_UNEXPECTED, "no_json");
    return;
  }
  if (json->raw_depth > 0) {
    g_string_append_len(json->raw, text + json->raw_from, (gssize)(length - json->raw_from));
    json->raw_from = 0;
  }
  check_sizes(reader);
}

static gboolean
read_piece(RowReader *reader, const char *bytes, gsize length, gboolean is_last)
{
  const char *text;
  gsize text_length;
  if (reader->state == READ_IGNORED)
    return TRUE;
  if (reader->state == READING &&
      !row_charset_decode(&reader->charset, bytes, length, is_last, &text, &text_length))
    row_reader_end_with(reader, READ_UNEXPECTED, "no_utf8");
  if (reader->state == READING && text_length > 0 &&
      (reader->began || look_at_beginning(reader, &text, &text_length)))
    parse(reader, text, text_length);
  const RowCharset *charset = &reader->charset;
  reader->was_decoded =
      charset->used == CHARSET_WINDOWS_1252 && charset->stated == CHARSET_UNSTATED;
  return reader->state == READING || reader->state == READ_IGNORED;
}

static gboolean
take(const char *bytes, gsize length, gpointer data)
{
  return read_piece(data, bytes, length, FALSE);
}

static BodyState
end(gpointer data)
{
  RowReader *reader = data;
  gboolean whole = read_piece(reader, "", 0, TRUE) && reader->began;
  if (whole && reader->state == READING)
    whole = yajl_complete_parse(reader->json.parser) == yajl_status_ok;
  return row_reader_verdict(reader, whole);
}

const BodyReader json_rows = {.begin = begin, .head = head, .take = take, .end = end};
