/* The names a RowShape asks for, made ready: a tree of members, looked up by one small hash table
 * while the text goes by. */
#pragma once
#include "erp/rows.h"

/* The roots: of the whole answer, and of a row. */
enum { NAME_ANSWER, NAME_ROW, N_ROOTS };
#define NAME_NONE (-1) /* nobody asked for it */

/* A cell that a name fills; the lowest rank of a cell wins. */
typedef struct {
  guint8 cell, rank;
  gboolean is_outside;
} NameTarget;

typedef struct {
  char *name;
  guint16 length;
  gint16 parent;
  gint16 next;  /* in the same place of the hash table; NAME_NONE: the last */
  gint16 after; /* the name that came after it last time; NAME_NONE: not known */
  guint16 first_target, n_targets;
  gboolean has_members; /* of those below it, some are asked for */
  gboolean is_raw;      /* its own text is wanted */
  gboolean is_rows;     /* the rows stand here */
  gboolean holds_rows;  /* the rows stand right below */
  guint32 seen;         /* in which row or answer it was met last */
} RowName;

typedef struct RowNames RowNames;

RowNames *row_names_new(const RowShape *shape);
void row_names_free(RowNames *names);

RowName *row_names_at(RowNames *names, int index);
const NameTarget *row_names_targets(const RowNames *names, const RowName *name);

/* The member of a name; NAME_NONE when nobody asked for it.  Rows mostly have the same order: the
 * name that came after the one found before is tried first. */
int row_names_find(RowNames *names, int parent, const char *member, gsize length);
