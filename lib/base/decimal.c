#include "base/decimal.h"

#include <string.h>

/* 128 bits hold every product of two 64-bit numbers. */
__extension__ typedef __int128 Wide;

#define MAX_SCALE    18
#define MAX_EXPONENT 1000 /* beyond it a number is 0 or too large whatever its digits */

/* A number in text: where its digits stand (separators between them are skipped), how many there
 * are, and how many of them stand before the decimal mark, which an exponent moves. */
typedef struct {
  const char *digits, *end;
  gssize count, whole;
  gboolean is_negative;
} Number;

static const char *
skip_digits(const char *at, const char *end)
{
  while (at < end && g_ascii_isdigit(*at))
    at++;
  return at;
}

/* "1.234.567,89": dots in groups of three, before the one comma.  `at` is the first dot. */
static const char *
skip_groups(const Number *number, const char *at, gssize *whole)
{
  if (at - number->digits > 3 || at == number->digits)
    return NULL;
  while (at < number->end && *at == '.') {
    const char *group = at + 1;
    at = skip_digits(group, number->end);
    if (at - group != 3)
      return NULL;
    *whole += 3;
  }
  return at < number->end && *at == ',' ? at : NULL;
}

static const char *
read_exponent(Number *number, const char *at)
{
  gboolean is_negative = at < number->end && *at == '-';
  gssize value = 0;
  if (at < number->end && (*at == '+' || *at == '-'))
    at++;
  const char *digits = at;
  for (; at < number->end && g_ascii_isdigit(*at); at++)
    value = MIN(value * 10 + g_ascii_digit_value(*at), MAX_EXPONENT);
  number->whole += is_negative ? -value : value;
  return at > digits ? at : NULL;
}

/* The grammar of data-collecting.md 0.3, and the exponent of JSON. */
static gboolean
read_number(Number *number)
{
  const char *end = number->end, *at = skip_digits(number->digits, end);
  number->whole = number->count = at - number->digits;
  if (at < end && *at == '.' && memchr(at, ',', (gsize)(end - at)) != NULL) {
    at = skip_groups(number, at, &number->whole);
    if (at == NULL)
      return FALSE;
  }
  number->count = number->whole;
  if (at < end && (*at == '.' || (*at == ',' && number->whole > 0))) {
    const char *fraction = at + 1;
    at = skip_digits(fraction, end);
    if (at == fraction)
      return FALSE;
    number->count += at - fraction;
  }
  const char *digits_end = at;
  if (number->count > 0 && at < end && (*at == 'e' || *at == 'E'))
    at = read_exponent(number, at + 1);
  if (number->count == 0 || at != end)
    return FALSE;
  number->end = digits_end;
  return TRUE;
}

/* |number| at the scale, or -1 when it is above `max`. */
static Wide
scaled(const Number *number, guint scale, gint64 max)
{
  gssize keep = number->whole + (gssize)scale, taken = 0;
  gboolean rounds_up = FALSE;
  Wide value = 0;
  for (const char *at = number->digits; at < number->end && taken <= keep; at++) {
    if (!g_ascii_isdigit(*at))
      continue;
    if (taken++ == keep)
      rounds_up = *at >= '5';
    else
      value = value * 10 + g_ascii_digit_value(*at);
    if (value > max)
      return -1;
  }
  for (; taken < keep && value > 0; taken++) {
    value *= 10;
    if (value > max)
      return -1;
  }
  value += rounds_up ? 1 : 0;
  return value <= max ? value : -1;
}

gboolean
decimal_parse(const char *text, guint scale, gint64 max, gint64 *value)
{
  Number number = {.digits = text != NULL ? text : ""};
  while (g_ascii_isspace(*number.digits))
    number.digits++;
  number.end = number.digits + strlen(number.digits);
  while (number.end > number.digits && g_ascii_isspace(number.end[-1]))
    number.end--;
  if (number.end == number.digits) {
    *value = 0;
    return TRUE;
  }
  number.is_negative = *number.digits == '-';
  if (*number.digits == '-' || *number.digits == '+')
    number.digits++;
  Wide size = read_number(&number) ? scaled(&number, scale, max) : -1;
  if (size < 0)
    return FALSE;
  *value = (gint64)(number.is_negative ? -size : size);
  return TRUE;
}

static Wide
power_of_ten(guint exponent)
{
  Wide power = 1;
  while (exponent-- > 0)
    power *= 10;
  return power;
}

/* a ÷ b, half away from zero.  |a| stays far enough below 2^127 for the doubled remainder. */
static Wide
round_quotient(Wide a, Wide b)
{
  Wide quotient = a / b, rest = a % b;
  Wide rest_size = rest < 0 ? -rest : rest, b_size = b < 0 ? -b : b;
  if (rest_size >= b_size - rest_size)
    quotient += (a < 0) == (b < 0) ? 1 : -1;
  return quotient;
}

static gboolean
narrow(Wide wide, gint64 *value)
{
  if (wide > G_MAXINT64 || wide < G_MININT64)
    return FALSE;
  *value = (gint64)wide;
  return TRUE;
}

gboolean
decimal_multiply(gint64 a, guint a_scale, gint64 b, guint b_scale, guint scale, gint64 *product)
{
  g_assert(a_scale <= MAX_SCALE && b_scale <= MAX_SCALE && scale <= MAX_SCALE);
  Wide wide = (Wide)a * b;
  if (a_scale + b_scale > scale)
    wide = round_quotient(wide, power_of_ten(a_scale + b_scale - scale));
  else if (__builtin_mul_overflow(wide, power_of_ten(scale - a_scale - b_scale), &wide))
    return FALSE;
  return narrow(wide, product);
}

gboolean
decimal_divide(gint64 a, guint a_scale, gint64 b, guint b_scale, guint scale, gint64 *quotient)
{
  g_assert(a_scale <= MAX_SCALE && b_scale <= MAX_SCALE && scale <= MAX_SCALE);
  Wide dividend = a, divisor = b;
  if (b == 0)
    return FALSE;
  if (b_scale + scale >= a_scale) {
    if (__builtin_mul_overflow(dividend, power_of_ten(b_scale + scale - a_scale), &dividend))
      return FALSE;
  } else
    divisor *= power_of_ten(a_scale - b_scale - scale);
  return narrow(round_quotient(dividend, divisor), quotient);
}

DecimalText
decimal_text(gint64 value, guint scale)
{
  g_assert(scale <= MAX_SCALE);
  DecimalText decimal;
  guint64 size = value < 0 ? -(guint64)value : (guint64)value, unit = (guint64)power_of_ten(scale);
  const char *sign = value < 0 ? "-" : "";
  if (scale == 0)
    g_snprintf(decimal.text, sizeof decimal.text, "%s%" G_GUINT64_FORMAT, sign, size);
  else
    g_snprintf(decimal.text, sizeof decimal.text, "%s%" G_GUINT64_FORMAT ".%0*" G_GUINT64_FORMAT,
               sign, size / unit, (int)scale, size % unit);
  return decimal;
}
