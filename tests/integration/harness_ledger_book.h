/* The insides of a Book, for the files that make up harness_ledger.h. */
#pragma once
#include "harness_ledger.h"

struct Book {
  const char *erp, *prefix; /* "totvs", "TOTVS" */
  char *company, *profile;  /* profile NULL: the default */
  char *who;
  json_t *login;
  GHashTable *settings;
};
