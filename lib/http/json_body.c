#include "http/json_body.h"

#include <string.h>

static char *
reason_of(const json_error_t *error)
{
  switch (json_error_code(error)) {
  case json_error_invalid_utf8:
    return g_strdup("UTF-8 inválido");
  case json_error_premature_end_of_input:
    return g_strdup("fim inesperado");
  case json_error_end_of_input_expected:
    return g_strdup("texto depois do fim");
  case json_error_stack_overflow:
    return g_strdup("profundidade excessiva");
  case json_error_numeric_overflow:
    return g_strdup("número fora do intervalo");
  case json_error_duplicate_key:
    return g_strdup("membro repetido");
  default:
    return g_strdup_printf("sintaxe inválida na linha %d, coluna %d", error->line, error->column);
  }
}

/* TRUE when more than `depth` objects and arrays stand inside each other. */
static gboolean
is_deeper(const json_t *value, guint depth)
{
  const char *name;
  json_t *inner;
  size_t index;
  if (!json_is_object(value) && !json_is_array(value))
    return FALSE;
  if (depth == 0)
    return TRUE;
  json_object_foreach((json_t *)value, name, inner) if (is_deeper(inner, depth - 1)) return TRUE;
  json_array_foreach(value, index, inner) if (is_deeper(inner, depth - 1)) return TRUE;
  return FALSE;
}

/* The length of a string, quotes included, or of what is left when it does not end. */
static gsize
string_length(const char *text, gsize left)
{
  gsize i = 1;
  while (i < left && text[i] != '"')
    i += text[i] == '\\' ? 2 : 1;
  return MIN(i + 1, left);
}

static gsize
number_length(const char *text, gsize left)
{
  gsize i = 0;
  while (i < left && strchr("0123456789+-.eE", text[i]) != NULL && text[i] != '\0')
    i++;
  return i;
}

/* An integer that jansson may refuse as too big; those of 18 digits never are. */
static gboolean
is_long_integer(const char *text, gsize length)
{
  gsize sign = *text == '-' ? 1 : 0;
  if (length - sign <= 18 || text[sign] == '0')
    return FALSE;
  for (gsize i = sign; i < length; i++)
    if (!g_ascii_isdigit(text[i]))
      return FALSE;
  return TRUE;
}

/* The same body with long integers in quotes. */
static GString *
quote_long_integers(const char *bytes, gsize length)
{
  GString *quoted = g_string_sized_new(length + 32);
  for (gsize i = 0; i < length;) {
    gsize left = length - i, step = 1;
    gboolean quote = FALSE;
    if (bytes[i] == '"')
      step = string_length(bytes + i, left);
    else if (g_ascii_isdigit(bytes[i]) || bytes[i] == '-') {
      step = number_length(bytes + i, left);
      quote = is_long_integer(bytes + i, step);
    }
    if (quote)
      g_string_append_c(quoted, '"');
    g_string_append_len(quoted, bytes + i, (gssize)step);
    if (quote)
      g_string_append_c(quoted, '"');
    i += step;
  }
  return quoted;
}

json_t *
json_body_read(const char *bytes, gsize length, const JsonRules *rules, char **reason)
{
  size_t flags = JSON_DECODE_ANY | (rules->last_member_counts ? 0 : JSON_REJECT_DUPLICATES);
  json_error_t error;
  json_t *value = json_loadb(bytes, length, flags, &error);
  if (value == NULL && rules->long_integers &&
      json_error_code(&error) == json_error_numeric_overflow) {
    GString *quoted = quote_long_integers(bytes, length);
    value = json_loadb(quoted->str, quoted->len, flags, &error);
    g_string_free(quoted, TRUE);
  }
  if (value == NULL) {
    *reason = reason_of(&error);
    return NULL;
  }
  if (rules->max_depth != 0 && is_deeper(value, rules->max_depth)) {
    json_decref(value);
    *reason = g_strdup_printf("profundidade acima de %u", rules->max_depth);
    return NULL;
  }
  return value;
}
