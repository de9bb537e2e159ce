#include "backoffice/names.h"

#include <string.h>

#define MAX_TABLE 50
#define MAX_FILE  100

gboolean
name_is_table(const char *text)
{
  gsize length = strlen(text);
  return length >= 1 && length <= MAX_TABLE &&
         strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_") == length;
}

gboolean
name_is_file(const char *text)
{
  glong length = g_utf8_strlen(text, -1);
  for (const char *at = text; *at != '\0'; at = g_utf8_next_char(at))
    if (*at == '/' || *at == '\\' || g_unichar_iscntrl(g_utf8_get_char(at)))
      return FALSE;
  return length >= 1 && length <= MAX_FILE && strcmp(text, ".") != 0 && strcmp(text, "..") != 0;
}
