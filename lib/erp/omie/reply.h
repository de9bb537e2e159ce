/* Reads an answer of Omie's while it arrives, keeping only the members that are asked for: nothing
 * else is copied, and the body is never held as a whole.  Numbers keep their text. */
#pragma once
#include <glib.h>

#include "erp/omie/cell.h"
#include "erp/omie/fault.h"

#define OMIE_MAX_MEMBERS 8

/* What a method's call and answer look like: a listing of rows, or a single object. */
typedef struct {
  const char *path;                      /* "geral/clientes/" */
  const char *call;                      /* "ListarClientes" */
  const char *list, *other_list;         /* wrapper of the rows, and its alternative name */
  const char *members[OMIE_MAX_MEMBERS]; /* of a row, in the order of OmieRow.cells */
  gboolean one_at_a_time;
  const char *page, *page_size; /* names in the request; NULL: pagina, registros_por_pagina */
  guint rows_per_page;          /* 0: OMIE_PAGE_SIZE */
  guint max_pages;              /* 0: OMIE_MAX_PAGES */
  gboolean is_single;           /* no pages: the answer is one object, kept as a whole */
  gboolean is_write;            /* never repeated when its outcome is unknown */
  gboolean is_slow;             /* half as much time again */
} OmieMethod;

typedef struct {
  OmieCell cells[OMIE_MAX_MEMBERS];
} OmieRow;

typedef struct OmieReply OmieReply;

OmieReply *omie_reply_new(const OmieMethod *method);
void omie_reply_free(OmieReply *reply);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(OmieReply, omie_reply_free)

/* Takes the next piece of the body; an HttpsSink.  Goes on taking (and dropping) what follows an
 * error, so that the connection stays usable. */
gboolean omie_reply_feed(const char *bytes, gsize length, gpointer reply);

/* To be called at the end of the body. */
void omie_reply_end(OmieReply *reply);

/* What the answer says, apart from the transport's part; texts are borrowed. */
OmieAnswer omie_reply_answer(const OmieReply *reply, const HttpsResult *https, gint64 timeout_ms);

guint omie_reply_length(const OmieReply *reply);
const OmieRow *omie_reply_row(const OmieReply *reply, guint index);

/* The body of a single answer, as it came; "" of a listing. */
GString *omie_reply_body(const OmieReply *reply);

/* `total_de_paginas`, -1 when absent. */
gint64 omie_reply_total_pages(const OmieReply *reply);
