#include "erp/amount.h"

#include "erp/values.h"

#define MAX_EXPONENT 1000

/* What a JSON number with decimals may be: beyond, a double cannot tell centavos apart. */
#define REAL_MAX G_GINT64_CONSTANT(9007199254740991)

const char amount_invalid[] = "invalid_amount", amount_out_of_range[] = "amount_out_of_range";

static gboolean
append_digit(guint64 *value, int digit)
{
  return !__builtin_mul_overflow(*value, 10, value) &&
         !__builtin_add_overflow(*value, (guint64)digit, value);
}

const char *
amount_round(const AmountDigits *number, gint64 *centavos)
{
  gssize keep = number->whole + 2, taken = 0;
  guint64 value = 0;
  int next = 0; /* the first digit that is rounded away */
  gboolean more = FALSE;
  for (const char *at = number->start; at < number->end; at++) {
    if (!g_ascii_isdigit(*at))
      continue;
    int digit = *at - '0';
    if (taken < keep && !append_digit(&value, digit))
      return amount_out_of_range;
    if (taken == keep)
      next = digit;
    else if (taken > keep)
      more = more || digit != 0;
    taken++;
  }
  for (; taken < keep && value > 0; taken++)
    if (!append_digit(&value, 0))
      return amount_out_of_range;
  if (next > 5 || (next == 5 && (more || value % 2 == 1)))
    value++;
  if (value > G_MAXINT64)
    return amount_out_of_range;
  *centavos = number->is_negative ? -(gint64)value : (gint64)value;
  return NULL;
}

static const char *
skip_digits(const char *at)
{
  while (g_ascii_isdigit(*at))
    at++;
  return at;
}

static const char *
read_exponent(const char *at, gssize *exponent)
{
  gboolean is_negative = *at == '-';
  if (*at == '+' || *at == '-')
    at++;
  const char *digits = at;
  for (*exponent = 0; g_ascii_isdigit(*at); at++)
    *exponent = MIN(*exponent * 10 + g_ascii_digit_value(*at), MAX_EXPONENT);
  if (is_negative)
    *exponent = -*exponent;
  return at > digits ? at : NULL;
}

/* JSON's own grammar.  *is_real: it is not written as an integer. */
static gboolean
read_json(const char *text, AmountDigits *number, gssize *digits, gboolean *is_real)
{
  number->is_negative = *text == '-';
  number->start = text + (*text == '-' ? 1 : 0);
  const char *at = skip_digits(number->start);
  number->whole = *digits = at - number->start;
  *is_real = *at != '\0';
  if (*at == '.') {
    const char *fraction = at + 1;
    at = skip_digits(fraction);
    *digits += at - fraction;
    if (at == fraction)
      return FALSE;
  }
  number->end = at;
  gssize exponent = 0;
  if (*at == 'e' || *at == 'E')
    at = read_exponent(at + 1, &exponent);
  number->whole += exponent;
  return number->start < number->end && number->start[0] != '.' && at != NULL && *at == '\0';
}

/* The shortest text that reads back as the same number: 2.6749999999999998 is how some write 2.675
 * (5.3). */
static void
shorten(const char *text, char *buffer, gsize size)
{
  static const char *const formats[] = {"%.15g", "%.16g", "%.17g"};
  double value = g_ascii_strtod(text, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS(formats); i++) {
    g_ascii_formatd(buffer, (int)size, formats[i], value);
    if (g_ascii_strtod(buffer, NULL) == value)
      return;
  }
}

const char *
amount_parse_number(const char *text, gint64 *centavos)
{
  AmountDigits number;
  gssize digits;
  gboolean is_real;
  char shortest[G_ASCII_DTOSTR_BUF_SIZE];
  gint64 value;
  if (!read_json(text, &number, &digits, &is_real))
    return amount_invalid;
  const char *problem = amount_round(&number, &value);
  if (problem == NULL && is_real && digits > 15 && digits - number.whole > 2) {
    shorten(text, shortest, sizeof shortest);
    if (!read_json(shortest, &number, &digits, &is_real))
      return amount_invalid;
    is_real = TRUE;
    problem = amount_round(&number, &value);
  }
  if (problem == NULL && is_real && (value > REAL_MAX || value < -REAL_MAX))
    problem = amount_out_of_range;
  if (problem == NULL)
    *centavos = value;
  return problem;
}
