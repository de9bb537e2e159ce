/* Arrays inside a row: the lines of a transaction, the categories of an instalment. */
#pragma once
#include "erp/fields.h"
#include "erp/rows.h"

/* The tree of a cell that is JSON text (ROW_RAW); NULL for any other.  The caller's: hold it in a
 * g_auto(yajl_val). */
yajl_val inner_tree(const RowCell *cell);

/* How many elements, and one of them; 0 and NULL when the tree is no array. */
guint inner_count(yajl_val tree);
yajl_val inner_at(yajl_val tree, guint index);

/* A member of an element, by names as in RowShape; its text lives as long as the tree.  An array or
 * object found in place of a value is ROW_RAW without a text. */
RowCell inner_cell(yajl_val element, const char *names);
