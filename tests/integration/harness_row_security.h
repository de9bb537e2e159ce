/* Statements as the programs run them, with the claims of somebody or nobody. */
#pragma once
#include "harness.h"

#define AUTHORISED "{\"sub\":\"" USER_ID "\",\"role\":\"fin\",\"areas\":[\"fin\"]}"
#define SYSTEM     "{\"role\":\"system\"}"

/* At least a row in every table of schema fin. */
void finance_tables_fill(void);

/* A connection with the programs' login; the caller ends it. */
PGconn *programs_connect(void);

/* Runs a statement as programs do, with claims (NULL: none are set), and takes it back.  Returns
 * the first cell, the number of rows touched for a write, or "refused: SQLSTATE".  The caller frees
 * it. */
char *as_program(const char *claims, const char *statement);
void assert_as(const char *claims, const char *statement, const char *expected);
