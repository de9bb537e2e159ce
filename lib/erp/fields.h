/* Reading a sale's record by tables of fields (data-collecting.md 0.3, 2.3, 2.4): each names its
 * members, their kind, and where in a struct the value goes. */
#pragma once
#include <glib.h>
#include <yajl/yajl_tree.h>

#include "erp/sale.h"

G_DEFINE_AUTO_CLEANUP_FREE_FUNC(yajl_val, yajl_tree_free, NULL)

typedef enum {
  FIELD_TEXT,     /* const char *, trimmed, in the arena; a number is its own text */
  FIELD_MONEY,    /* gint64, scale 2 */
  FIELD_UNIT,     /* gint64, scale 6 */
  FIELD_QUANTITY, /* gint64, scale 4 */
  FIELD_COUNT,    /* gint64, a whole number */
} FieldKind;

typedef enum {
  FIELD_OPTIONAL,
  FIELD_REQUIRED, /* absent or null: CAMPO_OBRIGATORIO */
  FIELD_FILLED,   /* an empty text as well */
} FieldNeed;

#define FIELD_ABSENT G_MININT64 /* as `number` of a Field: the value tells that there was none */

typedef struct {
  const char *names[2]; /* the first that is present and not null counts */
  FieldKind kind;
  gsize offset;
  FieldNeed need;
  const char *text; /* what stands for an absent, null or empty text (NULL: NULL) … */
  gint64 number;    /* … and for such a number; one that is required and empty is 0 */
} Field;

/* Parses a JSON text.  NULL when it is none, or deeper than records are (erp/records.h); characters
 * NUL, which Postgres refuses, are left out.  Free with g_auto(yajl_val). */
yajl_val record_tree(const char *text, gsize length);

/* The same for a record: NULL when it is no object. */
yajl_val record_parse(const char *record, gsize length);

/* The same with NULL's reason: TIPO_INVALIDO. */
yajl_val record_parse_or_reject(const char *record, gsize length, SaleRejection *why);

/* A member of an object; NULL when absent or null. */
yajl_val record_member(yajl_val object, const char *name);

/* Members that are an array or an object: *value is NULL when it is absent or null; FALSE with the
 * reason when it is required then, or of another type. */
gboolean record_array(yajl_val object, const char *name, FieldNeed need, yajl_val *value,
                      SaleRejection *why) G_GNUC_WARN_UNUSED_RESULT;
gboolean record_object(yajl_val object, const char *name, yajl_val *value,
                       SaleRejection *why) G_GNUC_WARN_UNUSED_RESULT;

/* Reads all fields of a table from an object (anything else: TIPO_INVALIDO of `field`) into
 * `target`; FALSE with the reason. */
gboolean fields_read(const Field *fields, gsize count, yajl_val object, const char *field,
                     SaleArena *arena, gpointer target,
                     SaleRejection *why) G_GNUC_WARN_UNUSED_RESULT;

/* A scalar as it was delivered, a number by its text; NULL when it is neither text nor number. */
const char *record_scalar(yajl_val value);

/* Takes Unicode white space off both ends, in place; the result is inside `text`. */
char *record_trim(char *text);

/* Gives the reason, and FALSE.  `code` and `field` are static. */
gboolean record_reject(SaleRejection *why, const char *code, const char *field);

/* "Item 2: …" before the detail of what the n-th (from 0) element of a list was refused for. */
void record_reject_in_item(SaleRejection *why, gsize index);

/* The external id at the top of a record, trimmed: the value of the first of two names (the second
 * may be NULL) that is there; NULL when there is none.  Quick: no tree is made.  Caller frees. */
char *record_id(const char *record, gsize length, const char *name, const char *other_name);

/* How names are compared: white space collapsed, upper case (4.2).  `name` NULL is none. */
gboolean record_name_is(const char *name, const char *key);
