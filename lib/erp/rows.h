/* The rows of a JSON answer while it arrives: only the members that are asked for are kept, numbers
 * keep their text, the body is never held (erp-connectors.md 6.0).  Also reads what stands outside
 * the rows: hasNext, totals, faults. */
#pragma once
#include "net/exchange.h"

typedef enum { ROW_ABSENT, ROW_TEXT, ROW_NUMBER, ROW_TRUE, ROW_FALSE, ROW_RAW } RowKind;

typedef struct {
  RowKind kind; /* ROW_ABSENT for null as well */
  /* Of text (trimmed), number and raw; else NULL.  Lives until the taker returns.  A raw one is ""
   * when its name did not end in []: an array or object where a value was asked for. */
  const char *text;
} RowCell;

#define ROWS_MAX_CELLS 32

/* All names are dotted paths ("contato.nome"), several separated by commas: the first that is
 * present and not null wins.  A name that ends in [] is an array or object inside the row, kept as
 * its own JSON text (ROW_RAW).  A name's path must not go on inside the rows' own array. */
typedef struct {
  const char *arrays;                  /* where the rows are; "" among them: at the root */
  const char *cells[ROWS_MAX_CELLS];   /* of a row; NULL: always absent */
  const char *outside[ROWS_MAX_CELLS]; /* outside the rows, of the whole answer */
  gboolean is_object; /* no array is needed, and an object at one of `arrays` is a row itself */
} RowShape;

/* Takes a row; FALSE stops the transfer. */
typedef gboolean (*RowTaker)(const RowCell *cells, gpointer data);

typedef struct RowReader RowReader;

/* `take` may be NULL.  The shape must outlive the reader. */
RowReader *row_reader_new(const RowShape *shape, RowTaker take, gpointer data);
void row_reader_free(RowReader *reader);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(RowReader, row_reader_free)

extern const BodyReader json_rows; /* for a RowReader */

/* A new request begins (erp_call does this).  Until then attempts are taken for the same request:
 * rows that were handed over are not handed over again, and an attempt in which they are others
 * counts as cut (BODY_TRUNCATED). */
void row_reader_restart(RowReader *reader);

/* Of the last attempt.  The cells live until the next one. */
guint row_reader_count(const RowReader *reader); /* rows read, those of a first attempt included */
RowCell row_reader_outside(const RowReader *reader, guint index);
gboolean row_reader_found_array(const RowReader *reader);
gboolean row_reader_lacks_rows(const RowReader *reader); /* a 2xx without the array that was due */
gboolean
row_reader_was_decoded(const RowReader *reader); /* from Windows-1252, without being told */
gboolean row_reader_was_mislabelled(const RowReader *reader); /* by its Content-Type */
const char *row_reader_reason(const RowReader *reader);       /* a word: "row_too_large"; or NULL */

/* Whoever takes rows says so when it failed, rather than had enough (BODY_UNTAKEN). */
void row_reader_fail(RowReader *reader);

/* A cell as text: NULL when absent, raw, or only white space.  "true", "false". */
const char *row_text(const RowCell *cell);

/* TRUE for true, 1, "true", "1", "S", "sim". */
gboolean row_flag(const RowCell *cell);
