/* What reading rows of JSON and of XML have in common.  For rows.c, json_rows.c and xml_rows.c. */
#pragma once
#include <yajl/yajl_parse.h>

#include "erp/digest.h"
#include "erp/row_charset.h"
#include "erp/row_names.h"
#include "net/spool.h"

#define ROWS_MAX_DEPTH 32
#define ROWS_MAX_BYTES (1024 * 1024) /* of a row, of a value outside them */

/* The cells of a row, or of what stands outside: their texts are side by side in one buffer, and
 * become pointers once the row is complete. */
typedef struct {
  RowCell cells[ROWS_MAX_CELLS];
  gsize offsets[ROWS_MAX_CELLS];
  guint8 ranks[ROWS_MAX_CELLS];
  GString *texts;
} CellSet;

typedef enum {
  READING,
  READ_STOPPED,    /* by the taker */
  READ_UNEXPECTED, /* another markup, or none */
  READ_MISSHAPEN,  /* for `reason` */
  READ_CHANGED,    /* not the rows of the attempt before */
  READ_IGNORED,    /* a refusal that cannot be read: its status decides */
} ReadState;

/* Reading JSON: what stands at each depth (a name's index, or one of the marks in json_rows.c). */
typedef struct {
  yajl_handle parser;
  guint depth;
  int at[ROWS_MAX_DEPTH + 1];
  int next;        /* the name whose value follows */
  guint raw_depth; /* of the value whose own text is kept; 0: none */
  int raw_name;
  gsize raw_from;       /* in the piece */
  GString *raw;         /* what earlier pieces had of it */
  GString *clean;       /* a text that had to be changed */
  const char *piece;    /* what is being parsed … */
  gsize length, before; /* … its length, and how much came before it */
  gsize row_from;       /* where in the text the row began */
  gsize quiet;          /* bytes since anything was read: the length of one value */
  gboolean moved;       /* in this piece */
  guint listed;         /* rows of the array that is open … */
  gboolean had_rows;    /* … and were there some in an array before? */
} JsonState;

struct RowReader {
  const RowShape *shape;
  RowTaker take;
  gpointer data;
  RowNames *names;
  guint status;
  ReadState state;
  const char *reason;
  gboolean began;  /* the first character was looked at */
  gboolean failed; /* as the taker said */
  gboolean found_array, was_decoded, was_mislabelled;
  RowCharset charset;
  CellSet row, outside;
  guint row_depth;      /* where the open row stands; 0: none is open */
  guint32 stamp;        /* of the row that is open … */
  guint32 answer_stamp; /* … and of the answer, for what comes twice */
  guint count;
  /* What was handed over, over all attempts, and a digest of it: see row_reader_restart. */
  guint delivered;
  Digest chain, delivered_chain;
  JsonState json;
  Spool *spool; /* XML */
};

/* What becomes of each token of a JSON text; for a RowReader. */
extern const yajl_callbacks json_row_tokens;

/* A 2xx: its rows count. */
gboolean row_reader_delivers(const RowReader *reader);

/* The head of an answer; `markup` is what its Content-Type should say. */
void row_reader_head(RowReader *reader, guint status, const char *content_type, const char *markup);
void row_reader_begin(RowReader *reader);

/* Gives a state, where a refusal's text is simply not read any further; FALSE. */
gboolean row_reader_end_with(RowReader *reader, ReadState state, const char *reason);

void row_reader_open_row(RowReader *reader, guint depth);
gboolean row_reader_close_row(RowReader *reader); /* hands it over; FALSE ends the reading */

/* A name was met: FALSE when it was already, in this row or answer. */
gboolean row_reader_meet(RowReader *reader, RowName *name);
/* Its value. */
void row_reader_set(RowReader *reader, const RowName *name, RowKind kind, const char *text,
                    gsize length);

/* What became of a text; `whole`: its markup came to its end. */
BodyState row_reader_verdict(const RowReader *reader, gboolean whole);
