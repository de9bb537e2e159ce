#include "erp/document.h"

#include <string.h>

#include "base/text.h"

/* Fills a form in which 0 stands for a digit. */
static char *
fill(const char *form, const char *digits)
{
  char *out = g_strdup(form);
  for (char *at = out; *at != '\0'; at++)
    if (*at == '0')
      *at = *digits++;
  return out;
}

char *
document_format(const char *identifier)
{
  g_autofree char *digits = text_digits(identifier);
  gsize count = strlen(digits);
  if (count == 11)
    return fill("000.000.000-00", digits);
  if (count >= 14)
    return fill("00.000.000/0000-00", digits);
  return count > 0 ? g_steal_pointer(&digits) : NULL;
}
