#include "erp/records.h"

#include <string.h>
#include <yajl/yajl_parse.h>

#define PIECE (128 * 1024)
#define BOM   "\xEF\xBB\xBF"

typedef struct {
  const char *member;
  RecordTaker take;
  gpointer data;
  yajl_handle parser;
  guint depth;
  gboolean follows; /* the value of `member` comes next */
  guint list_depth; /* of the open list of records; 0: none is open */
  gboolean found, stopped;
  const char *piece; /* what is being parsed */
  gsize after;       /* offset in it behind the last record, or the list's bracket */
  GString *held;     /* of a record that spans pieces, what earlier ones had of it */
} Reader;

/* Where the parser stands in the piece: behind the token it tells of. */
static gsize
position(const Reader *reader)
{
  return yajl_get_bytes_consumed(reader->parser);
}

/* Separators before a record are none of it. */
static void
skip_separators(const char **at, const char *end)
{
  while (*at < end && (g_ascii_isspace(**at) || **at == ','))
    (*at)++;
}

/* Keeps what the piece has of a record that goes on in the next. */
static void
hold(Reader *reader, gsize end)
{
  const char *at = reader->piece + reader->after, *stop = reader->piece + end;
  if (reader->held->len == 0)
    skip_separators(&at, stop);
  g_string_append_len(reader->held, at, stop - at);
}

static gboolean
hand_over(Reader *reader)
{
  const char *at = reader->piece + reader->after, *end = reader->piece + position(reader);
  reader->after = position(reader);
  if (reader->take == NULL)
    return TRUE;
  if (reader->held->len == 0) {
    skip_separators(&at, end);
    reader->stopped = !reader->take(at, (gsize)(end - at), reader->data);
  } else {
    g_string_append_len(reader->held, at, end - at);
    reader->stopped = !reader->take(reader->held->str, reader->held->len, reader->data);
    g_string_truncate(reader->held, 0);
  }
  return !reader->stopped;
}

/* A value has ended at the present depth. */
static int
end_value(Reader *reader)
{
  reader->follows = FALSE;
  return reader->list_depth == 0 || reader->depth != reader->list_depth || hand_over(reader);
}

static int
on_scalar(void *data)
{
  return end_value(data);
}

static int
on_boolean(void *data, G_GNUC_UNUSED int value)
{
  return end_value(data);
}

static int
on_number(void *data, G_GNUC_UNUSED const char *text, G_GNUC_UNUSED size_t length)
{
  return end_value(data);
}

static int
on_string(void *data, G_GNUC_UNUSED const unsigned char *text, G_GNUC_UNUSED size_t length)
{
  return end_value(data);
}

static int
on_start_map(void *data)
{
  Reader *reader = data;
  reader->follows = FALSE;
  return ++reader->depth <= RECORDS_MAX_DEPTH;
}

static int
on_start_array(void *data)
{
  Reader *reader = data;
  gboolean is_list = !reader->found && (reader->depth == 0 || reader->follows);
  reader->follows = FALSE;
  reader->depth++;
  if (is_list) {
    reader->found = TRUE;
    reader->list_depth = reader->depth;
    reader->after = position(reader);
  }
  return reader->depth <= RECORDS_MAX_DEPTH;
}

static int
on_end_map(void *data)
{
  Reader *reader = data;
  reader->depth--;
  return end_value(reader);
}

static int
on_end_array(void *data)
{
  Reader *reader = data;
  if (reader->depth == reader->list_depth)
    reader->list_depth = 0;
  reader->depth--;
  return end_value(reader);
}

static int
on_key(void *data, const unsigned char *key, size_t length)
{
  Reader *reader = data;
  reader->follows = reader->depth == 1 && reader->member != NULL &&
                    strlen(reader->member) == length && memcmp(key, reader->member, length) == 0;
  return 1;
}

static gboolean
parse_piece(Reader *reader, const char *piece, gsize length)
{
  reader->piece = piece;
  reader->after = 0;
  if (yajl_parse(reader->parser, (const unsigned char *)piece, length) != yajl_status_ok)
    return FALSE;
  if (reader->list_depth > 0 && reader->take != NULL)
    hold(reader, length);
  return TRUE;
}

static gboolean
parse(Reader *reader, Spool *spool)
{
  g_autofree char *piece = g_malloc(PIECE);
  gssize got = spool_read(spool, 0, piece, strlen(BOM));
  gsize offset =
      got == (gssize)strlen(BOM) && memcmp(piece, BOM, strlen(BOM)) == 0 ? strlen(BOM) : 0;
  while ((got = spool_read(spool, offset, piece, PIECE)) > 0) {
    if (!parse_piece(reader, piece, (gsize)got))
      return FALSE;
    offset += (gsize)got;
  }
  return got == 0 && yajl_complete_parse(reader->parser) == yajl_status_ok;
}

RecordsOutcome
records_read(Spool *spool, const char *member, RecordTaker take, gpointer data)
{
  static const yajl_callbacks callbacks = {.yajl_null = on_scalar,
                                           .yajl_boolean = on_boolean,
                                           .yajl_number = on_number,
                                           .yajl_string = on_string,
                                           .yajl_start_map = on_start_map,
                                           .yajl_map_key = on_key,
                                           .yajl_end_map = on_end_map,
                                           .yajl_start_array = on_start_array,
                                           .yajl_end_array = on_end_array};
  Reader reader = {.member = member, .take = take, .data = data, .held = g_string_new(NULL)};
  reader.parser = yajl_alloc(&callbacks, NULL, &reader);
  gboolean is_json = parse(&reader, spool);
  yajl_free(reader.parser);
  g_string_free(reader.held, TRUE);
  if (reader.stopped)
    return RECORDS_STOPPED;
  if (!is_json)
    return RECORDS_NOT_JSON;
  return reader.found ? RECORDS_READ : RECORDS_NO_ENVELOPE;
}
