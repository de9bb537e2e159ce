/* Amounts in integer centavos: exact sums, never a double (DESIGN, "Money is exact"). */
#pragma once
#include <glib.h>

#define MONEY_MAX G_GINT64_CONSTANT(999999999999999) /* what numeric(15,2) holds */

/* Reads a JSON number's text ("1500.5", "-3", "1e3") into centavos, rounded half away from zero.
 * FALSE when it is no JSON number or more than MONEY_MAX either way. */
gboolean money_parse(const char *number, gint64 *centavos) G_GNUC_WARN_UNUSED_RESULT;

/* The same for sums: up to MONEY_SUM_MAX, a hundredth of what still can be multiplied. */
#define MONEY_SUM_MAX (G_MAXINT64 / 1000)
gboolean money_parse_sum(const char *number, gint64 *centavos) G_GNUC_WARN_UNUSED_RESULT;

/* The same as money_parse for what a person types: more than two decimals are refused, not rounded.
 */
gboolean money_parse_exact(const char *number, gint64 *centavos) G_GNUC_WARN_UNUSED_RESULT;

/* "1950.00", by value: valid to the end of the full expression, or in a variable. */
typedef struct {
  char text[24];
} MoneyText;
MoneyText money_text(gint64 centavos);
