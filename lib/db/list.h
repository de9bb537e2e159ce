/* A table that callers may read page by page, told by a const table of its columns: which of them
 * are shown, filter, order, are searched.  What callers send only ever becomes a parameter; names
 * in the statements come from that table.  Pure: makes statements, runs none. */
#pragma once
#include "db/db.h"

typedef enum { LIST_TEXT, LIST_INTEGER, LIST_BOOL, LIST_JSON, LIST_INSTANT, LIST_CHOICE } ListKind;

enum { LIST_FILTER = 1, LIST_ORDER = 2, LIST_SEARCH = 4 };

typedef struct {
  const char *name; /* of the answer's member and of the parameter that filters */
  ListKind kind;
  guint uses;      /* LIST_FILTER: exact; of an instant: from NAME_after to NAME_before */
  const char *sql; /* NULL: the column of that name */
} ListColumn;

#define LIST_MAX_COLUMNS 24

/* Every such table has columns id and created_at; the newest comes first. */
typedef struct {
  const char *table;
  ListColumn columns[LIST_MAX_COLUMNS]; /* in the order of the answer's members */
  const char *choices[8];               /* of its LIST_CHOICE column */
} List;

/* What one caller wants to see of it. */
typedef struct {
  const List *list;
  GString *where, *order;
  GPtrArray *values; /* of the parameters $1, $2 … */
} ListQuery;
void list_query_init(ListQuery *query, const List *list);
void list_query_clear(ListQuery *query);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(ListQuery, list_query_clear)

typedef enum { LIST_EXACT, LIST_AFTER, LIST_BEFORE } ListBound;

/* Only rows with this value, or from or up to this date or instant, itself included.  NULL, or what
 * is wrong with the value: the caller's. */
char *list_filter(ListQuery *query, const ListColumn *column, ListBound bound, const char *value);

/* Only rows in whose searched columns every word of this text is contained, in any case; all rows
 * of a list that searches none. */
void list_search(ListQuery *query, const char *text);

/* "-tentativas,id"; what names no column of that use is passed over. */
void list_order(ListQuery *query, const char *text);

/* Statements, the caller's, with list_params(): a count, and the columns of a page.  The second
 * takes limit and offset by list_add_page before.  Dates and instants are local to the
 * transaction's time zone. */
char *list_count_sql(const ListQuery *query);
void list_add_page(ListQuery *query, gint64 limit, gint64 offset);
char *list_page_sql(const ListQuery *query);
DbParams list_params(const ListQuery *query);

/* Writes a row of the second as an object. */
void list_write_row(JsonWriter *w, const List *list, const PGresult *rows, int row);
