/* From decimal digits to centavos, rounded half to even (erp-connectors.md 5.3).  For amount.c and
 * amount_text.c. */
#pragma once
#include <glib.h>

extern const char amount_invalid[], amount_out_of_range[]; /* problems of values.h */

/* A number in text: its digits (what else stands between them is skipped), and how many of them
 * stand before the decimal mark, which an exponent moves. */
typedef struct {
  const char *start, *end;
  gssize whole;
  gboolean is_negative;
} AmountDigits;

/* NULL when fine, else the problem. */
const char *amount_round(const AmountDigits *number, gint64 *centavos);
