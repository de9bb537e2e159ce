/* Authorizing a company as a person at a terminal does.  Include it after harness_ledger.h. */
#pragma once
#include "harness_ledger.h"

typedef struct {
  int status;   /* of the tool */
  char *url;    /* the page it named; NULL: none */
  char *output; /* all of it */
  char *errors; /* its log as well */
} Authorized;
void authorized_clear(Authorized *authorized);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Authorized, authorized_clear)

/* Runs the tool with the book's settings and answers it; {state} stands for the state of the page
 * it named.  An `answer` of NULL is a closed standard input. */
Authorized book_authorize(const Book *book, const char *answer);

/* A code such as the ERP's page gives: good for a minute, with this redirect_uri (NULL: none).  The
 * caller's. */
char *book_code(const Book *book, const char *redirect_uri);

/* A parameter of an address; NULL: it has none.  The caller's. */
char *url_parameter(const char *url, const char *name);
