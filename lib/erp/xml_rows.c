/* Rows of an XML answer.  The body is collected first (in a file, when it is long): libxml2's pull
 * reader reads on its own, and an answer of Bling v2 has 100 rows. */
#include "erp/xml_rows.h"

#include <libxml/xmlIO.h>
#include <libxml/xmlreader.h>
#include <string.h>

#include "erp/row_reader.h"
#include "erp/xml_prolog.h"

#define TAIL 256 /* of a text: its last tag stands in it */

typedef struct {
  RowReader *reader;
  xmlTextReaderPtr xml;
  int at[ROWS_MAX_DEPTH + 2]; /* the name of what stands at each depth */
  guint content_depth;        /* the element whose text is in `content`; 0: of none */
  GString *content;
} Walk;

typedef struct {
  Spool *spool;
  gsize offset;
} Source;

static void
begin(gpointer data)
{
  RowReader *reader = data;
  row_reader_begin(reader);
  g_clear_pointer(&reader->spool, spool_free);
  reader->spool = spool_new();
}

static void
head(gpointer data, guint status, const char *content_type)
{
  row_reader_head(data, status, content_type, "xml");
}

static gboolean
no_space(RowReader *reader)
{
  row_reader_fail(reader);
  reader->state = READ_STOPPED;
  return FALSE;
}

static gboolean
take(const char *bytes, gsize length, gpointer data)
{
  RowReader *reader = data;
  return spool_append(bytes, length, reader->spool) || no_space(reader);
}

/* Entities and DTDs are never loaded, whatever a parser would like. */
static xmlParserInputPtr
load_nothing(G_GNUC_UNUSED const char *url, G_GNUC_UNUSED const char *id,
             G_GNUC_UNUSED xmlParserCtxtPtr context)
{
  return NULL;
}

static int
read_source(void *data, char *buffer, int size)
{
  Source *source = data;
  gssize got = spool_read(source->spool, source->offset, buffer, (gsize)size);
  source->offset += got > 0 ? (gsize)got : 0;
  return (int)got;
}

static gboolean
misshapen(Walk *walk, const char *reason)
{
  return row_reader_end_with(walk->reader, READ_MISSHAPEN, reason);
}

/* A value is over; an empty element says as much as none. */
static void
set_value(Walk *walk, const RowName *name)
{
  if (walk->content->len > 0 && !name->is_raw)
    row_reader_set(walk->reader, name, ROW_TEXT, walk->content->str, walk->content->len);
}

static gboolean
end_element(Walk *walk, guint depth)
{
  RowReader *reader = walk->reader;
  gboolean has_content = walk->content_depth == depth && depth > 0;
  walk->content_depth = 0;
  if (depth == reader->row_depth && depth > 0)
    return row_reader_close_row(reader);
  if (has_content && walk->at[depth] != NAME_NONE)
    set_value(walk, row_names_at(reader->names, walk->at[depth]));
  return TRUE;
}

/* A member outside the rows may come several times: the first counts. */
static gboolean
start_member(Walk *walk, guint depth, int index)
{
  RowReader *reader = walk->reader;
  RowName *name = row_names_at(reader->names, index);
  reader->found_array = reader->found_array || name->is_rows || name->holds_rows;
  if (name->is_rows) {
    walk->at[depth] = row_reader_delivers(reader) ? NAME_ROW : NAME_NONE;
    if (row_reader_delivers(reader))
      row_reader_open_row(reader, depth);
    return TRUE;
  }
  walk->at[depth] = index;
  if (reader->row_depth > 0 && !row_reader_meet(reader, name))
    return misshapen(walk, "member_twice");
  return TRUE;
}

static gboolean
start_element(Walk *walk, guint depth)
{
  if (depth >= ROWS_MAX_DEPTH)
    return misshapen(walk, "too_deep");
  const char *member = (const char *)xmlTextReaderConstLocalName(walk->xml);
  g_string_truncate(walk->content, 0);
  walk->content_depth = depth;
  walk->at[depth] = NAME_ANSWER;
  if (depth > 0) {
    int outer = walk->at[depth - 1];
    int index = outer == NAME_NONE
                    ? NAME_NONE
                    : row_names_find(walk->reader->names, outer, member, strlen(member));
    walk->at[depth] = index;
    if (index != NAME_NONE && !start_member(walk, depth, index))
      return FALSE;
  }
  return !xmlTextReaderIsEmptyElement(walk->xml) || end_element(walk, depth);
}

static gboolean
add_content(Walk *walk, guint depth)
{
  RowReader *reader = walk->reader;
  if (depth == 0 || walk->content_depth != depth - 1 || walk->at[depth - 1] == NAME_NONE)
    return TRUE;
  g_string_append(walk->content, (const char *)xmlTextReaderConstValue(walk->xml));
  gsize kept = walk->content->len + reader->row.texts->len + reader->outside.texts->len;
  return kept <= ROWS_MAX_BYTES || misshapen(walk, "row_too_large");
}

static gboolean
take_node(Walk *walk)
{
  guint depth = (guint)xmlTextReaderDepth(walk->xml);
  switch (xmlTextReaderNodeType(walk->xml)) {
  case XML_READER_TYPE_DOCUMENT_TYPE:
    return misshapen(walk, "doctype");
  case XML_READER_TYPE_ELEMENT:
    return start_element(walk, depth);
  case XML_READER_TYPE_TEXT:
  case XML_READER_TYPE_CDATA:
  case XML_READER_TYPE_SIGNIFICANT_WHITESPACE:
    return add_content(walk, depth);
  case XML_READER_TYPE_END_ELEMENT:
    return end_element(walk, depth);
  default:
    return TRUE;
  }
}

/* Does the text end with its root's closing tag?  What is malformed and does not was cut. */
static gboolean
ends_with_root(RowReader *reader, const char *root)
{
  char tail[TAIL + 1];
  gsize length = spool_length(reader->spool), size = MIN(length, TAIL);
  gssize got = spool_read(reader->spool, length - size, tail, size);
  tail[MAX(got, 0)] = '\0';
  g_autofree char *closing = g_strdup_printf("</%s>", root);
  return g_str_has_suffix(g_strchomp(tail), closing);
}

/* TRUE when the text came to its end. */
static gboolean
walk_text(RowReader *reader, const char *root, const char *encoding)
{
  Source source = {reader->spool, 0};
  Walk walk = {.reader = reader, .content = g_string_new(NULL)};
  xmlSetExternalEntityLoader(load_nothing);
  walk.xml = xmlReaderForIO(read_source, NULL, &source, NULL, encoding,
                            XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING |
                                XML_PARSE_IGNORE_ENC);
  int got = -1;
  while (walk.xml != NULL && (got = xmlTextReaderRead(walk.xml)) == 1 && take_node(&walk))
    ;
  if (got < 0 && reader->state == READING && ends_with_root(reader, root))
    row_reader_end_with(reader, READ_UNEXPECTED, "no_xml");
  if (walk.xml != NULL)
    xmlFreeTextReader(walk.xml);
  g_string_free(walk.content, TRUE);
  return got == 0;
}

/* FALSE when there is nothing to read, or it is refused. */
static gboolean
look_at_beginning(RowReader *reader, XmlProlog *prolog)
{
  gssize got = spool_read(reader->spool, 0, prolog->text, XML_PROLOG_MAX);
  prolog->text[MAX(got, 0)] = '\0';
  XmlBeginning beginning = xml_prolog_read(prolog);
  gboolean is_long = spool_length(reader->spool) > XML_PROLOG_MAX;
  reader->began = beginning != XML_EMPTY || is_long;
  if (!reader->began)
    return FALSE;
  if (beginning == XML_NONE || beginning == XML_EMPTY)
    return row_reader_end_with(reader, READ_UNEXPECTED, NULL);
  if (beginning == XML_DOCTYPE)
    return row_reader_end_with(reader, READ_MISSHAPEN, "doctype");
  if (prolog->has_encoding && prolog->encoding == CHARSET_UNSTATED)
    return row_reader_end_with(reader, READ_UNEXPECTED, "unknown_charset");
  if (beginning == XML_ROOTLESS && is_long)
    return row_reader_end_with(reader, READ_MISSHAPEN, "no_root");
  return beginning == XML_ROOTED;
}

/* By HTTP's charset, else that of the declaration, else UTF-8, and what is none Windows-1252. */
static Charset
decide_charset(RowReader *reader, const XmlProlog *prolog)
{
  if (reader->charset.stated != CHARSET_UNSTATED)
    return reader->charset.stated;
  if (prolog->has_encoding)
    return prolog->encoding;
  gsize length = spool_length(reader->spool);
  if (!spool_make_utf8(reader->spool))
    no_space(reader);
  reader->was_decoded = spool_length(reader->spool) != length;
  return CHARSET_UTF8;
}

static BodyState
end(gpointer data)
{
  static const char *const encodings[] = {
      [CHARSET_UTF8] = "UTF-8", [CHARSET_WINDOWS_1252] = "windows-1252"};
  RowReader *reader = data;
  XmlProlog prolog = {.has_encoding = FALSE};
  gboolean whole = FALSE;
  if (reader->state == READING && look_at_beginning(reader, &prolog)) {
    const char *encoding = encodings[decide_charset(reader, &prolog)];
    whole = reader->state == READING && walk_text(reader, prolog.root, encoding);
  }
  g_free(prolog.root);
  return row_reader_verdict(reader, whole);
}

const BodyReader xml_rows = {.begin = begin, .head = head, .take = take, .end = end};
