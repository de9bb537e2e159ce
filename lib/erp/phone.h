/* Telephone numbers as ERPs deliver them (data-collecting.md 4.3).  Pure. */
#pragma once
#include <glib.h>

/* By value: valid to the end of the full expression, or in a variable. */
typedef struct {
  char base[12];    /* comparable: area code and the last eight digits; "" when it is no number */
  char display[20]; /* "(11) 98765-4321"; "" when there is no digit */
} Phone;

/* `text` may be anything; NULL has no digits. */
Phone phone_read(const char *text);

/* A number of another country as it is stored, "+<ddi><digits>"; NULL when `ddi` (a calling code,
 * with or without +) is none, or Brazil's, or the number has no digits.  Such a number has no
 * comparable form (3.8).  Caller frees. */
char *phone_foreign(const char *ddi, const char *text);
