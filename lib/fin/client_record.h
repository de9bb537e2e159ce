/* One client as Omie tells it, made fit for our table (fin.md 6.5).  Pure. */
#pragma once
#include <glib.h>

#include "erp/omie/reply.h"

/* NULL stands for "Omie supplies nothing". */
typedef struct {
  char *code; /* omie_codigo */
  char *name;
  char *document; /* digits */
  char *email;
} ClientRecord;

void client_record_from_omie(ClientRecord *record, const OmieRow *row);
void client_record_clear(ClientRecord *record);
