/* Account codes and currencies (erp-connectors.md 2.4, 5.2). */
#include <string.h>

#include "erp/values.h"

#define LONGEST_CODE 50

/* Segments of digits and capital letters between dots: covers all three shapes of 5.2. */
static gboolean
is_usual_code(const char *code, gsize length)
{
  gboolean in_segment = FALSE;
  for (gsize i = 0; i < length; i++) {
    if (code[i] == '.' && !in_segment)
      return FALSE;
    if (code[i] != '.' && !g_ascii_isdigit(code[i]) && !g_ascii_isupper(code[i]))
      return FALSE;
    in_segment = code[i] != '.';
  }
  return in_segment;
}

/* U+0000 to U+001F, U+007F to U+009F */
static gboolean
has_control(const char *text, gsize length)
{
  for (gsize i = 0; i < length; i++)
    if ((guchar)text[i] < 0x20 || text[i] == 0x7F ||
        ((guchar)text[i] == 0xC2 && i + 1 < length && (guchar)text[i + 1] < 0xA0))
      return TRUE;
  return FALSE;
}

gboolean
account_code_check(const char *code, gboolean *usual)
{
  while (*code == ' ')
    code++;
  gsize length = strlen(code);
  while (length > 0 && code[length - 1] == ' ')
    length--;
  if (length == 0 || length > LONGEST_CODE || has_control(code, length))
    return FALSE;
  *usual = is_usual_code(code, length);
  return TRUE;
}

static gsize
segment_length(const char *code, gboolean *is_number)
{
  gsize length = strcspn(code, "."), digits = strspn(code, "0123456789");
  *is_number = length > 0 && digits == length;
  return length;
}

static int
compare_bytes(const char *a, gsize a_length, const char *b, gsize b_length)
{
  int order = memcmp(a, b, MIN(a_length, b_length));
  return order != 0 ? order : (a_length > b_length) - (a_length < b_length);
}

static int
compare_numbers(const char *a, gsize a_length, const char *b, gsize b_length)
{
  gsize a_zeros = strspn(a, "0"), b_zeros = strspn(b, "0");
  a_zeros = MIN(a_zeros, a_length);
  b_zeros = MIN(b_zeros, b_length);
  a_length -= a_zeros;
  b_length -= b_zeros;
  if (a_length != b_length)
    return a_length < b_length ? -1 : 1;
  return memcmp(a + a_zeros, b + b_zeros, a_length);
}

/* Numbers stand before other text, so that the order is one whatever is compared with what. */
int
account_code_compare(const char *a, const char *b)
{
  const char *a_whole = a, *b_whole = b;
  for (;;) {
    gboolean a_is_number, b_is_number;
    gsize a_length = segment_length(a, &a_is_number), b_length = segment_length(b, &b_is_number);
    if (a_is_number != b_is_number && a_length > 0 && b_length > 0)
      return a_is_number ? -1 : 1;
    int order = a_is_number && b_is_number ? compare_numbers(a, a_length, b, b_length)
                                           : compare_bytes(a, a_length, b, b_length);
    if (order != 0)
      return order;
    a += a_length;
    b += b_length;
    if (*a == '\0' || *b == '\0')
      break;
    a++;
    b++;
  }
  if (*a != *b)
    return *a == '\0' ? -1 : 1;
  return strcmp(a_whole, b_whole); /* "1.1" and "1.01" */
}

gboolean
currency_check(const char *code, gboolean *usual)
{
  if (strlen(code) != 3 || strspn(code, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != 3)
    return FALSE;
  static const char usual_codes[] = "BRL USD EUR GBP JPY CHF";
  *usual = strstr(usual_codes, code) != NULL;
  return TRUE;
}
