/* Clients and contracts entered by hand: what their tests write, and what they look for in
 * answers. */
#pragma once
#include "harness.h"
#include "harness_finance.h"

#define CLIENTS   "/api/fin/clients"
#define CONTRACTS "/api/fin/contracts"
#define ID        "0b9a2f6e-6c1d-4d7b-8f53-2a3d5e7f9b10"
#define CLIENT_ID "c11e0000-0000-4000-8000-000000000001"
#define NO_CLIENT "00000000-0000-4000-8000-000000000099"

/* CLIENT_ID, "ACME" with code 7: a client for contracts to belong to. */
void client_of_contracts(void);

/* A POST that must create something, with `expected` in its answer. */
void assert_created(const char *path, const char *body, const char *expected);

/* A POST that must be refused for exactly these members, in order: "mrr,name". */
void assert_wrong(const char *path, const char *body, const char *members);

/* A text member of all rows of a list, "a,b".  The caller frees it. */
char *rows_text(const Answer *answer, const char *member);
