/* Array literals for unnest: five parameters whatever the number of rows (platform-notes, libpq 1).
 */
#include <string.h>

#include "db/db.h"

void
db_array_init(DbArray *array)
{
  array->text = g_string_new("{");
}

void
db_array_add(DbArray *array, const char *value)
{
  GString *text = array->text;
  if (text->len > 1)
    g_string_append_c(text, ',');
  if (value == NULL) {
    g_string_append(text, "NULL");
    return;
  }
  g_string_append_c(text, '"');
  for (;;) { /* quoted whole; only \ and " need care */
    gsize plain = strcspn(value, "\\\"");
    g_string_append_len(text, value, (gssize)plain);
    value += plain;
    if (*value == '\0')
      break;
    g_string_append_c(text, '\\');
    g_string_append_c(text, *value++);
  }
  g_string_append_c(text, '"');
}

const char *
db_array_text(DbArray *array)
{
  if (array->text->len == 0 || array->text->str[array->text->len - 1] != '}' ||
      array->text->len == 1)
    g_string_append_c(array->text, '}');
  return array->text->str;
}

void
db_array_clear(DbArray *array)
{
  if (array->text != NULL)
    g_string_free(array->text, TRUE);
  array->text = NULL;
}
