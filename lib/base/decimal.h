/* Decimals as scaled integers: exact, never a double (data-collecting.md 0.3, 6.2).  A scale is the
 * number of decimals that the integer carries: money 2, unit prices 6, quantities and rates 4. */
#pragma once
#include <glib.h>

enum { SCALE_MONEY = 2, SCALE_RATE = 4, SCALE_QUANTITY = 4, SCALE_UNIT = 6 };

/* The largest amounts that may come in, at their scales: 999 999 999 999.99 at the scale of money
 * and of unit prices, 9 999 999 999.9999 at that of quantities. */
#define DECIMAL_MONEY_MAX    G_GINT64_CONSTANT(99999999999999)
#define DECIMAL_UNIT_MAX     G_GINT64_CONSTANT(999999999999990000)
#define DECIMAL_QUANTITY_MAX G_GINT64_CONSTANT(99999999999999)

/* Reads "1234.5", "1234,5", "1.234,56", ".5", "+3", also a JSON number's text with an exponent; ""
 * and NULL are 0, ASCII white space around is skipped.  What has more decimals is rounded half away
 * from zero.  FALSE when it is no number or its size is beyond `max` (at the scale). */
gboolean decimal_parse(const char *text, guint scale, gint64 max,
                       gint64 *value) G_GNUC_WARN_UNUSED_RESULT;

/* a × b and a ÷ b at the scale asked for, rounded half away from zero.  FALSE when the result does
 * not fit, or b is 0. */
gboolean decimal_multiply(gint64 a, guint a_scale, gint64 b, guint b_scale, guint scale,
                          gint64 *product) G_GNUC_WARN_UNUSED_RESULT;
gboolean decimal_divide(gint64 a, guint a_scale, gint64 b, guint b_scale, guint scale,
                        gint64 *quotient) G_GNUC_WARN_UNUSED_RESULT;

/* "1950.00", "-0.0050", by value: valid to the end of the full expression, or in a variable. */
typedef struct {
  char text[28];
} DecimalText;
DecimalText decimal_text(gint64 value, guint scale);
