#include "erp/fields.h"

#include <string.h>

#include "base/decimal.h"
#include "base/text.h"
#include "erp/records.h"

#define MAX_DEPTH (RECORDS_MAX_DEPTH - 1) /* a record stands in a list */

static const struct {
  const char *code, *detail;
} reasons[] = {{"CAMPO_OBRIGATORIO", "Campo obrigatório ausente."},
               {"TIPO_INVALIDO", "Tipo de JSON inesperado."},
               {"NUMERO_INVALIDO", "Número inválido ou fora dos limites."},
               {"DATA_INVALIDA", "Data inválida."}};

gboolean
record_reject(SaleRejection *why, const char *code, const char *field)
{
  why->code = code;
  why->field = field;
  for (gsize i = 0; i < G_N_ELEMENTS(reasons); i++)
    if (g_str_equal(reasons[i].code, code)) {
      g_free(why->detail);
      why->detail = g_strdup(reasons[i].detail);
    }
  return FALSE;
}

void
record_reject_in_item(SaleRejection *why, gsize index)
{
  char *detail = g_strdup_printf("Item %" G_GSIZE_FORMAT ": %s", index + 1, why->detail);
  g_free(why->detail);
  why->detail = detail;
}

/* A copy without the escapes of NUL; NULL when it is too deep for a parser that recurses. */
static GString *
copy_record(const char *record, gsize length)
{
  g_autoptr(GString) copy = g_string_sized_new(length);
  const char *end = record + length;
  gboolean in_string = FALSE;
  guint depth = 0;
  while (record < end) {
    gboolean is_escape = in_string && *record == '\\' && end - record >= 2;
    if (is_escape && end - record >= 6 && memcmp(record, "\\u0000", 6) == 0) {
      record += 6;
      continue;
    }
    if (*record == '"')
      in_string = !in_string;
    else if (!in_string && (*record == '{' || *record == '[') && ++depth > MAX_DEPTH)
      return NULL;
    else if (!in_string && (*record == '}' || *record == ']'))
      depth -= depth > 0 ? 1 : 0;
    if (is_escape)
      g_string_append_c(copy, *record++);
    g_string_append_c(copy, *record++);
  }
  return g_steal_pointer(&copy);
}

yajl_val
record_tree(const char *text, gsize length)
{
  if (length == 0 || memchr(text, '\0', length) != NULL)
    return NULL; /* yajl_tree would stop reading there */
  g_autoptr(GString) copy = copy_record(text, length);
  return copy != NULL ? yajl_tree_parse(copy->str, NULL, 0) : NULL;
}

yajl_val
record_parse(const char *record, gsize length)
{
  g_auto(yajl_val) tree = record_tree(record, length);
  return YAJL_IS_OBJECT(tree) ? g_steal_pointer(&tree) : NULL;
}

yajl_val
record_parse_or_reject(const char *record, gsize length, SaleRejection *why)
{
  yajl_val object = record_parse(record, length);
  if (object == NULL)
    record_reject(why, "TIPO_INVALIDO", "registro");
  return object;
}

yajl_val
record_member(yajl_val object, const char *name)
{
  for (size_t i = 0; i < object->u.object.len; i++)
    if (strcmp(object->u.object.keys[i], name) == 0)
      return YAJL_IS_NULL(object->u.object.values[i]) ? NULL : object->u.object.values[i];
  return NULL;
}

gboolean
record_array(yajl_val object, const char *name, FieldNeed need, yajl_val *value, SaleRejection *why)
{
  yajl_val found = record_member(object, name);
  if (found == NULL && need != FIELD_OPTIONAL)
    return record_reject(why, "CAMPO_OBRIGATORIO", name);
  if (found != NULL && !YAJL_IS_ARRAY(found))
    return record_reject(why, "TIPO_INVALIDO", name);
  *value = found;
  return TRUE;
}

gboolean
record_object(yajl_val object, const char *name, yajl_val *value, SaleRejection *why)
{
  yajl_val found = record_member(object, name);
  if (found != NULL && !YAJL_IS_OBJECT(found))
    return record_reject(why, "TIPO_INVALIDO", name);
  *value = found;
  return TRUE;
}

const char *
record_scalar(yajl_val value)
{
  return YAJL_IS_NUMBER(value)   ? YAJL_GET_NUMBER(value)
         : YAJL_IS_STRING(value) ? YAJL_GET_STRING(value)
                                 : NULL;
}

/* What Unicode calls White_Space; GLib leaves two of it out. */
static gboolean
is_space(gunichar character)
{
  return g_unichar_isspace(character) || character == 0x0B || character == 0x85;
}

char *
record_trim(char *text)
{
  char *end = text + strlen(text);
  while (*text != '\0' && is_space(g_utf8_get_char(text)))
    text = g_utf8_next_char(text);
  while (end > text && end[-1] == ' ') /* columns of fixed width end in many */
    end--;
  while (end > text && is_space(g_utf8_get_char(g_utf8_prev_char(end))))
    end = g_utf8_prev_char(end);
  *end = '\0';
  return text;
}

/* The text of a scalar, trimmed: in its place, or in the arena when it was no UTF-8 (yajl decodes
 * lone surrogates without a look, and Postgres refuses them). */
static char *
clean_text(yajl_val value, SaleArena *arena)
{
  char *text = (char *)record_scalar(value);
  if (!g_utf8_validate(text, -1, NULL)) {
    g_autofree char *valid = g_utf8_make_valid(text, -1);
    text = (char *)sale_arena_text(arena, valid);
  }
  return record_trim(text);
}

static gboolean
parse_number(yajl_val value, FieldKind kind, const char *text, gint64 *number)
{
  static const struct {
    guint scale;
    gint64 max;
  } sizes[] = {[FIELD_MONEY] = {SCALE_MONEY, DECIMAL_MONEY_MAX},
               [FIELD_UNIT] = {SCALE_UNIT, DECIMAL_UNIT_MAX},
               [FIELD_QUANTITY] = {SCALE_QUANTITY, DECIMAL_QUANTITY_MAX},
               [FIELD_COUNT] = {0, G_MAXINT32}};
  if (YAJL_IS_STRING(value) && strpbrk(text, "eE") != NULL)
    return FALSE; /* an exponent is JSON's alone */
  return decimal_parse(text, sizes[kind].scale, sizes[kind].max, number);
}

static gboolean
read_field(const Field *field, yajl_val object, SaleArena *arena, gpointer target,
           SaleRejection *why)
{
  yajl_val value = record_member(object, field->names[0]);
  gpointer place = (char *)target + field->offset;
  if (value == NULL && field->names[1] != NULL)
    value = record_member(object, field->names[1]);
  if (value != NULL && record_scalar(value) == NULL)
    return record_reject(why, "TIPO_INVALIDO", field->names[0]);

  const char *text = value != NULL ? clean_text(value, arena) : "";
  if (value == NULL ? field->need != FIELD_OPTIONAL : field->need == FIELD_FILLED && *text == '\0')
    return record_reject(why, "CAMPO_OBRIGATORIO", field->names[0]);
  if (field->kind == FIELD_TEXT)
    *(const char **)place = *text != '\0' ? sale_arena_text(arena, text) : field->text;
  else if (*text == '\0')
    *(gint64 *)place = field->number;
  else if (!parse_number(value, field->kind, text, place))
    return record_reject(why, "NUMERO_INVALIDO", field->names[0]);
  return TRUE;
}

gboolean
fields_read(const Field *fields, gsize count, yajl_val object, const char *field, SaleArena *arena,
            gpointer target, SaleRejection *why)
{
  if (!YAJL_IS_OBJECT(object))
    return record_reject(why, "TIPO_INVALIDO", field);
  for (gsize i = 0; i < count; i++)
    if (!read_field(&fields[i], object, arena, target, why))
      return FALSE;
  return TRUE;
}

gboolean
record_name_is(const char *name, const char *key)
{
  if (name == NULL)
    return FALSE;
  g_autofree char *line = text_one_line(name);
  g_autofree char *upper = g_utf8_strup(line, -1);
  return g_str_equal(upper, key);
}
