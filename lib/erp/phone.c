#include "erp/phone.h"

#include <string.h>

#include "base/text.h"

#define BRAZIL      "55"
#define MAX_DISPLAY 11 /* digits: area code and a mobile number */

/* Steps 2 and 3: without country code and trunk prefix. */
static const char *
national(const char *digits)
{
  if (g_str_has_prefix(digits, BRAZIL) && strlen(digits) >= 12)
    digits += strlen(BRAZIL);
  gsize count = strlen(digits);
  return *digits == '0' && (count == 11 || count == 12) ? digits + 1 : digits;
}

/* Steps 4 to 7.  Of eleven digits with the ninth of mobiles, too, area code and last eight stay. */
static void
write_base(Phone *phone, const char *digits)
{
  gsize count = strlen(digits);
  if (count >= 10)
    g_snprintf(phone->base, sizeof phone->base, "%.2s%s", digits, digits + count - 8);
}

static void
write_display(Phone *phone, const char *digits)
{
  int count = (int)MIN(strlen(digits), MAX_DISPLAY), local = count - 2;
  if (count < 3)
    g_snprintf(phone->display, sizeof phone->display, "%s", digits);
  else if (local < 5)
    g_snprintf(phone->display, sizeof phone->display, "(%.2s) %.*s", digits, local, digits + 2);
  else
    g_snprintf(phone->display, sizeof phone->display, "(%.2s) %.*s-%.4s", digits, local - 4,
               digits + 2, digits + count - 4);
}

Phone
phone_read(const char *text)
{
  Phone phone = {.base = ""};
  g_autofree char *all = text_digits(text != NULL ? text : "");
  const char *digits = national(all);
  write_base(&phone, digits);
  write_display(&phone, digits);
  return phone;
}

char *
phone_foreign(const char *ddi, const char *text)
{
  g_autofree char *country = text_digits(ddi != NULL ? ddi : "");
  g_autofree char *digits = text_digits(text != NULL ? text : "");
  if (*country == '\0' || g_str_equal(country, BRAZIL) || *digits == '\0')
    return NULL;
  return g_strconcat("+", country, digits, NULL);
}
