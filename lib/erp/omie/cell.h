/* A member of a row as Omie sent it. */
#pragma once
#include <glib.h>

typedef enum { OMIE_ABSENT, OMIE_TEXT, OMIE_NUMBER, OMIE_OTHER } OmieKind;

typedef struct {
  OmieKind kind;
  const char *text; /* of a text or number; else NULL */
} OmieCell;

/* An identifier, which comes as number or text, as text (fin.md 6.5); NULL when there is none:
 * absent, blank, 0, a number that is not whole.  Caller frees. */
char *omie_cell_code(const OmieCell *cell);
