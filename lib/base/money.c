#include "base/money.h"

#include <string.h>

#define MAX_EXPONENT 1000 /* beyond it a number is 0 or too large whatever its digits */

/* A JSON number taken apart: digits without point, and where the point stood. */
typedef struct {
  GString *digits;
  int exponent; /* value = digits × 10^exponent */
  gboolean is_negative;
} Decimal;

static const char *
take_digits(const char *at, GString *digits)
{
  while (g_ascii_isdigit(*at))
    g_string_append_c(digits, *at++);
  return at;
}

static const char *
take_exponent(const char *at, int *exponent)
{
  gboolean is_negative = *at == '-';
  int value = 0;
  if (*at == '+' || *at == '-')
    at++;
  if (!g_ascii_isdigit(*at))
    return NULL;
  for (; g_ascii_isdigit(*at); at++)
    value = MIN(value * 10 + g_ascii_digit_value(*at), MAX_EXPONENT);
  *exponent += is_negative ? -value : value;
  return at;
}

/* The grammar of RFC 8259, section 6. */
static gboolean
decimal_read(Decimal *decimal, const char *at)
{
  decimal->is_negative = *at == '-';
  at += decimal->is_negative;
  const char *whole = at;
  at = take_digits(at, decimal->digits);
  if (at == whole || (*whole == '0' && at - whole > 1))
    return FALSE;
  if (*at == '.') {
    const char *fraction = at + 1;
    at = take_digits(fraction, decimal->digits);
    if (at == fraction)
      return FALSE;
    decimal->exponent = -(int)(at - fraction);
  }
  if (*at == 'e' || *at == 'E')
    at = take_exponent(at + 1, &decimal->exponent);
  return at != NULL && *at == '\0';
}

/* |decimal| in centavos, or -1 when it is above `max`. */
static gint64
decimal_centavos(const Decimal *decimal, gint64 max)
{
  const char *digits = decimal->digits->str;
  gssize length = (gssize)decimal->digits->len, keep = length + decimal->exponent + 2;
  gint64 value = 0;
  for (gssize i = 0; i < keep; i++) {
    if (value > max)
      return -1;
    value = value * 10 + (i < length ? g_ascii_digit_value(digits[i]) : 0);
    if (value == 0 && i >= length)
      break; /* zero stays zero, however many zeros follow */
  }
  if (keep >= 0 && keep < length && digits[keep] >= '5')
    value++;
  return value <= max ? value : -1;
}

static gboolean
parse(const char *number, gboolean may_round, gint64 max, gint64 *centavos)
{
  Decimal decimal = {.digits = g_string_new(NULL)};
  gboolean is_fine = decimal_read(&decimal, number) && (may_round || decimal.exponent >= -2);
  gint64 value = is_fine ? decimal_centavos(&decimal, max) : -1;
  g_string_free(decimal.digits, TRUE);
  if (value < 0)
    return FALSE;
  *centavos = decimal.is_negative ? -value : value;
  return TRUE;
}

gboolean
money_parse(const char *number, gint64 *centavos)
{
  return parse(number, TRUE, MONEY_MAX, centavos);
}

gboolean
money_parse_sum(const char *number, gint64 *centavos)
{
  return parse(number, TRUE, MONEY_SUM_MAX, centavos);
}

gboolean
money_parse_exact(const char *number, gint64 *centavos)
{
  return parse(number, FALSE, MONEY_MAX, centavos);
}

MoneyText
money_text(gint64 centavos)
{
  MoneyText money;
  guint64 size = centavos < 0 ? -(guint64)centavos : (guint64)centavos;
  g_snprintf(money.text, sizeof money.text, "%s%" G_GUINT64_FORMAT ".%02u", centavos < 0 ? "-" : "",
             size / 100, (guint)(size % 100));
  return money;
}
