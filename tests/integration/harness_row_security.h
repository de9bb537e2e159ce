/* Statements as the programs run them, with the claims of somebody or nobody. */
#pragma once
#include "harness.h"

#define AUTHORISED "{\"sub\":\"" USER_ID "\",\"role\":\"fin\",\"areas\":[\"fin\"]}"
#define SYSTEM     "{\"role\":\"system\"}"

/* At least a row in every table of schema fin, of schema crm. */
void finance_tables_fill(void);
void crm_tables_fill(void);

/* All tables of a schema ("fin.clients"), as the catalog knows them: one that is added later is
 * judged too. */
char **tables_of(const char *schema);

/* How many rows a table has; it has some, or what is not seen would prove nothing. */
gint64 rows_of(const char *table);

/* A connection with the programs' login; the caller ends it. */
PGconn *programs_connect(void);

/* Runs a statement as programs do, with claims (NULL: none are set), and takes it back.  Returns
 * the first cell, the number of rows touched for a write, or "refused: SQLSTATE".  The caller frees
 * it. */
char *as_program(const char *claims, const char *statement);
void assert_as(const char *claims, const char *statement, const char *expected);

/* The four statements on a table; an update changes nothing but would touch every row. */
typedef struct {
  char *count, *add, *change, *drop;
} Statements;
Statements statements_on(const char *table);
void statements_clear(Statements *statements);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Statements, statements_clear)

/* No row of the table can be added, changed or deleted with these claims. */
void assert_may_not_write(const char *claims, const Statements *statements);
