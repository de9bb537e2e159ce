/* Amounts in text: the separators and signs of two worlds (erp-connectors.md 5.3). */
#include <string.h>

#include "erp/amount.h"
#include "erp/values.h"

#define LONGEST_TEXT 63             /* of an amount without its spaces */
#define MINUS_SIGN   "\xE2\x88\x92" /* U+2212 */

/* Drops spaces; FALSE when what is left is too long to be an amount. */
static gboolean
drop_spaces(const char *text, char *out)
{
  static const char *const spaces[] = {"\xC2\xA0", "\xE2\x80\xAF"}; /* no-break spaces */
  gsize length = 0;
  while (*text != '\0') {
    gsize skip = g_ascii_isspace(*text) ? 1 : 0;
    for (gsize i = 0; i < G_N_ELEMENTS(spaces) && skip == 0; i++)
      skip = g_str_has_prefix(text, spaces[i]) ? strlen(spaces[i]) : 0;
    text += skip;
    if (skip > 0)
      continue;
    if (length == LONGEST_TEXT)
      return FALSE;
    out[length++] = *text++;
  }
  out[length] = '\0';
  return TRUE;
}

/* The length of a sign at `at`; 0: there is none. */
static gsize
sign_length(const char *at)
{
  if (g_str_has_prefix(at, MINUS_SIGN))
    return strlen(MINUS_SIGN);
  return *at == '-' || *at == '+' ? 1 : 0;
}

/* Takes off what stands around the digits: R$, and one sign or a pair of brackets. */
static void
take_off_sign(AmountDigits *number)
{
  gboolean has_sign = FALSE, has_currency = FALSE;
  for (;;) {
    gsize sign = has_sign ? 0 : sign_length(number->start);
    if (sign > 0) {
      number->is_negative = *number->start != '+';
      number->start += sign;
      has_sign = TRUE;
    } else if (!has_currency && g_str_has_prefix(number->start, "R$")) {
      number->start += strlen("R$");
      has_currency = TRUE;
    } else if (!has_sign && *number->start == '(' && number->end[-1] == ')') {
      number->start++;
      number->end--;
      number->is_negative = has_sign = TRUE;
    } else
      break;
  }
  if (!has_sign && number->end > number->start && number->end[-1] == '-') {
    number->end--;
    number->is_negative = TRUE;
  }
}

/* Groups of three digits between separators; the first may be shorter. */
static gboolean
is_grouped(const char *start, const char *end, char separator)
{
  gssize length = 0;
  gboolean is_first = TRUE;
  for (const char *at = start; at <= end; at++) {
    if (at < end && *at != separator) {
      length++;
      continue;
    }
    if (is_first ? length < 1 || length > 3 : length != 3)
      return FALSE;
    is_first = FALSE;
    length = 0;
  }
  return TRUE;
}

static gboolean
is_zero(const char *start, const char *end)
{
  for (; start < end; start++)
    if (*start != '0')
      return FALSE;
  return TRUE;
}

typedef enum { READ_DECIMAL, READ_GROUPS, READ_NEITHER, READ_EITHER } Reading;

/* How the one separator of a number is read: the table of 5.3.  Before a leading zero there are no
 * thousands, and where commas are decimal marks a comma is one (DESIGN, settled points). */
static Reading
read_mark(const AmountDigits *number, const char *mark, DecimalHint hint)
{
  gssize after = number->end - mark - 1;
  gboolean is_comma = *mark == ',';
  if (after == 0)
    return READ_NEITHER;
  if (after <= 2 || is_zero(number->start, mark) || (is_comma && hint == HINT_COMMA))
    return READ_DECIMAL;
  if (after > 3)
    return is_comma ? READ_NEITHER : READ_DECIMAL;
  if (is_comma)
    return READ_GROUPS;
  return hint == HINT_DOT ? READ_DECIMAL : hint == HINT_COMMA ? READ_GROUPS : READ_EITHER;
}

typedef struct {
  guint dots, commas;
  const char *last; /* the last separator */
} Separators;

static gboolean
find_separators(const AmountDigits *number, Separators *found)
{
  *found = (Separators){0};
  gboolean has_digit = FALSE;
  for (const char *at = number->start; at < number->end; at++) {
    has_digit = has_digit || g_ascii_isdigit(*at);
    if (g_ascii_isdigit(*at))
      continue;
    if (*at != '.' && *at != ',')
      return FALSE;
    *(*at == '.' ? &found->dots : &found->commas) += 1;
    found->last = at;
  }
  return has_digit;
}

/* Counts the digits before the decimal mark; NULL when the separators make sense. */
static const char *
read_separators(AmountDigits *number, DecimalHint hint)
{
  Separators found;
  if (!find_separators(number, &found))
    return amount_invalid;
  guint count = found.dots + found.commas;
  const char *mark = NULL; /* the decimal one */
  if (found.dots > 0 && found.commas > 0) {
    mark = found.last;
    if ((*mark == '.' ? found.dots : found.commas) > 1 || mark + 1 == number->end)
      return amount_invalid;
  } else if (count == 1) {
    Reading reading = read_mark(number, found.last, hint);
    if (reading == READ_NEITHER || reading == READ_EITHER)
      return reading == READ_EITHER ? "ambiguous_amount" : amount_invalid;
    mark = reading == READ_DECIMAL ? found.last : NULL;
  }
  const char *end = mark != NULL ? mark : number->end;
  guint groups = count - (mark != NULL ? 1 : 0);
  char separator = found.dots > 0 && (mark == NULL || *mark == ',') ? '.' : ',';
  if (groups > 0 && !is_grouped(number->start, end, separator))
    return amount_invalid;
  number->whole = end - number->start - (gssize)groups;
  return NULL;
}

const char *
amount_parse_text(const char *text, DecimalHint hint, gint64 *centavos, AccountSide *side)
{
  char clean[LONGEST_TEXT + 1] = "";
  if (!drop_spaces(text, clean) || clean[0] == '\0')
    return amount_invalid;
  AmountDigits number = {.start = clean, .end = clean + strlen(clean)};
  AccountSide stated = SIDE_UNSTATED;
  char last = g_ascii_toupper(number.end[-1]);
  if (side != NULL && (last == 'D' || last == 'C')) {
    stated = last == 'D' ? SIDE_DEBIT : SIDE_CREDIT;
    number.end--;
  }
  if (number.start < number.end)
    take_off_sign(&number);
  const char *problem = read_separators(&number, hint);
  if (problem == NULL)
    problem = amount_round(&number, centavos);
  if (problem == NULL && side != NULL)
    *side = stated;
  return problem;
}
