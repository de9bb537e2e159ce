#include "erp/omie/reply.h"

#include <string.h>
#include <yajl/yajl_parse.h>

#define MAX_DEPTH 32   /* fin.md 5.8 */
#define MAX_ROWS  1000 /* the largest OMIE_PAGE_SIZE: memory is bounded whatever arrives */

/* Depth at which things stand: the answer's members, the rows of its list, the members of a row. */
enum { IN_ANSWER = 1, IN_LIST = 2, IN_ROW = 3 };

typedef enum {
  FAULT_STRING,
  DESCRIPTION,
  ERROR_MESSAGE,
  FAULT_CODE,
  STATUS,
  STATUS_TEXT,
  PAGES,
  N_FACTS
} Fact;

/* Members of the answer itself, by the names the dialects give them (omie-api.md 1.2, 1.4). */
static const struct {
  const char *name;
  Fact fact;
} facts[] = {{"faultstring", FAULT_STRING},
             {"descricao", DESCRIPTION},
             {"error_message", ERROR_MESSAGE},
             {"faultcode", FAULT_CODE},
             {"codigo_status", STATUS},
             {"cCodStatus", STATUS},
             {"descricao_status", STATUS_TEXT},
             {"cDesStatus", STATUS_TEXT},
             {"cDescStatus", STATUS_TEXT},
             {"total_de_paginas", PAGES},
             {"nTotPaginas", PAGES},
             {"nTotalPaginas", PAGES}};

struct OmieReply {
  const OmieMethod *method;
  gsize member_lengths[OMIE_MAX_MEMBERS];
  guint n_members;
  yajl_handle parser;
  gboolean failed, is_object, ended;
  guint depth;
  gboolean in_list;      /* the list of rows is open */
  gboolean list_follows; /* its name was just read */
  int member;            /* of the row: which one's value follows; -1: none of ours */
  int fact;              /* likewise of the answer */
  char *facts[N_FACTS];
  GArray *rows;
  GStringChunk *texts;
  GString *body; /* of a single answer */
};

static gboolean
is_name(const unsigned char *key, size_t length, const char *name)
{
  return name != NULL && strlen(name) == length && memcmp(key, name, length) == 0;
}

/* Copies without what Postgres refuses: NUL characters (fin.md 5.8), and lone surrogates, which
 * yajl decodes from "\\udc00" without a look. */
static char *
keep_text(OmieReply *reply, const char *text, size_t length)
{
  char *copy = g_string_chunk_insert_len(reply->texts, text, (gssize)length);
  if (memchr(copy, '\0', length) != NULL) {
    char *out = copy;
    for (size_t i = 0; i < length; i++)
      if (copy[i] != '\0')
        *out++ = copy[i];
    *out = '\0';
  }
  if (!g_utf8_validate(copy, -1, NULL)) {
    g_autofree char *valid = g_utf8_make_valid(copy, -1);
    copy = g_string_chunk_insert(reply->texts, valid);
  }
  return copy;
}

static gboolean
in_row(const OmieReply *reply)
{
  return reply->in_list && reply->depth == IN_ROW;
}

/* A value has begun; where it stands for one of ours, remembers it. */
static void
take_value(OmieReply *reply, OmieKind kind, const char *text, size_t length)
{
  if (in_row(reply) && reply->member >= 0) {
    OmieRow *row = &g_array_index(reply->rows, OmieRow, reply->rows->len - 1);
    row->cells[reply->member] =
        (OmieCell){kind, text != NULL ? keep_text(reply, text, length) : NULL};
    reply->member = -1;
  } else if (reply->depth == IN_ANSWER && reply->fact >= 0) {
    if (text != NULL)
      reply->facts[reply->fact] = keep_text(reply, text, length);
    reply->fact = -1;
  }
}

static int
on_null(void *data)
{
  take_value(data, OMIE_ABSENT, NULL, 0);
  return 1;
}

static int
on_boolean(void *data, G_GNUC_UNUSED int value)
{
  take_value(data, OMIE_OTHER, NULL, 0);
  return 1;
}

static int
on_number(void *data, const char *text, size_t length)
{
  take_value(data, OMIE_NUMBER, text, length);
  return 1;
}

static int
on_string(void *data, const unsigned char *text, size_t length)
{
  take_value(data, OMIE_TEXT, (const char *)text, length);
  return 1;
}

static int
descend(OmieReply *reply)
{
  take_value(reply, OMIE_OTHER, NULL, 0);
  return ++reply->depth <= MAX_DEPTH;
}

static int
on_start_map(void *data)
{
  OmieReply *reply = data;
  if (reply->depth == 0)
    reply->is_object = TRUE;
  if (!descend(reply))
    return 0;
  if (in_row(reply)) {
    static const OmieRow blank;
    if (reply->rows->len == MAX_ROWS)
      return 0;
    g_array_append_val(reply->rows, blank);
    reply->member = -1;
  }
  return 1;
}

static int
on_start_array(void *data)
{
  OmieReply *reply = data;
  if (!descend(reply))
    return 0;
  if (reply->depth == IN_LIST && reply->list_follows)
    reply->in_list = TRUE;
  reply->list_follows = FALSE;
  return 1;
}

static int
on_end(void *data)
{
  OmieReply *reply = data;
  reply->depth--;
  if (reply->depth == IN_ANSWER)
    reply->in_list = FALSE;
  return 1;
}

static int
on_key(void *data, const unsigned char *key, size_t length)
{
  OmieReply *reply = data;
  if (in_row(reply)) {
    reply->member = -1;
    for (guint i = 0; i < reply->n_members; i++)
      if (reply->member_lengths[i] == length && memcmp(key, reply->method->members[i], length) == 0)
        reply->member = (int)i;
  } else if (reply->depth == IN_ANSWER) {
    reply->list_follows = is_name(key, length, reply->method->list) ||
                          is_name(key, length, reply->method->other_list);
    reply->fact = -1;
    for (gsize i = 0; i < G_N_ELEMENTS(facts); i++)
      if (is_name(key, length, facts[i].name))
        reply->fact = (int)facts[i].fact;
  }
  return 1;
}

OmieReply *
omie_reply_new(const OmieMethod *method)
{
  static const yajl_callbacks callbacks = {
      .yajl_null = on_null,
      .yajl_boolean = on_boolean,
      .yajl_number = on_number,
      .yajl_string = on_string,
      .yajl_start_map = on_start_map,
      .yajl_map_key = on_key,
      .yajl_end_map = on_end,
      .yajl_start_array = on_start_array,
      .yajl_end_array = on_end,
  };
  OmieReply *reply = g_new0(OmieReply, 1);
  reply->method = method;
  for (; reply->n_members < OMIE_MAX_MEMBERS && method->members[reply->n_members] != NULL;
       reply->n_members++)
    reply->member_lengths[reply->n_members] = strlen(method->members[reply->n_members]);
  reply->member = reply->fact = -1;
  reply->rows = g_array_new(FALSE, FALSE, sizeof(OmieRow));
  reply->texts = g_string_chunk_new(16 * 1024);
  reply->body = g_string_new(NULL);
  reply->parser = yajl_alloc(&callbacks, NULL, reply);
  return reply;
}

void
omie_reply_free(OmieReply *reply)
{
  yajl_free(reply->parser);
  g_array_unref(reply->rows);
  g_string_chunk_free(reply->texts);
  g_string_free(reply->body, TRUE);
  g_free(reply);
}

gboolean
omie_reply_feed(const char *bytes, gsize length, gpointer data)
{
  OmieReply *reply = data;
  if (reply->method->is_single) /* parsed at its end: in one piece no text is copied */
    g_string_append_len(reply->body, bytes, (gssize)length);
  else if (!reply->failed)
    reply->failed =
        yajl_parse(reply->parser, (const unsigned char *)bytes, length) != yajl_status_ok;
  return TRUE;
}

void
omie_reply_end(OmieReply *reply)
{
  if (!reply->ended && reply->method->is_single)
    reply->failed = yajl_parse(reply->parser, (const unsigned char *)reply->body->str,
                               reply->body->len) != yajl_status_ok;
  if (!reply->ended && !reply->failed)
    reply->failed = yajl_complete_parse(reply->parser) != yajl_status_ok;
  reply->ended = TRUE;
}

OmieAnswer
omie_reply_answer(const OmieReply *reply, const HttpsResult *https, gint64 timeout_ms)
{
  OmieAnswer answer = {.https = *https, .timeout_ms = timeout_ms};
  answer.is_object = reply->ended && !reply->failed && reply->is_object;
  if (!answer.is_object)
    return answer;
  gboolean good = https->status >= 200 && https->status < 300; /* a record may have a `descricao` */
  for (Fact fact = FAULT_STRING; fact <= ERROR_MESSAGE && answer.fault_text == NULL; fact++)
    if (fact != DESCRIPTION || !good)
      answer.fault_text = reply->facts[fact];
  answer.fault_code = reply->facts[FAULT_CODE];
  const char *status = reply->facts[STATUS];
  if (answer.fault_text == NULL && status != NULL && *status != '\0' && strcmp(status, "0") != 0) {
    answer.fault_text =
        reply->facts[STATUS_TEXT]; /* a refusal that came as a success (omie-api.md 1.2) */
    answer.fault_code = status;
  }
  return answer;
}

guint
omie_reply_length(const OmieReply *reply)
{
  return reply->rows->len;
}

const OmieRow *
omie_reply_row(const OmieReply *reply, guint index)
{
  return &g_array_index(reply->rows, OmieRow, index);
}

GString *
omie_reply_body(const OmieReply *reply)
{
  return reply->body;
}

gint64
omie_reply_total_pages(const OmieReply *reply)
{
  gint64 pages;
  const char *text = reply->facts[PAGES];
  return text != NULL && g_ascii_string_to_signed(text, 10, 0, G_MAXINT32, &pages, NULL) ? pages
                                                                                         : -1;
}
