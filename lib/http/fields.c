#include "http/fields.h"

#include <string.h>

#include "base/date.h"
#include "base/error.h"
#include "base/money.h"
#include "base/text.h"

struct Fields {
  const Request *req;
  const json_t *body;     /* NULL: an empty body */
  GHashTable *asked;      /* names */
  GHashTable *complaints; /* name → message */
  GStringChunk *texts;
};

Fields *
fields_new(const Request *req)
{
  Fields *fields = g_new0(Fields, 1);
  fields->req = req;
  fields->body = request_json(req);
  fields->asked = g_hash_table_new(g_str_hash, g_str_equal);
  fields->complaints = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
  fields->texts = g_string_chunk_new(512);
  return fields;
}

void
fields_free(Fields *fields)
{
  g_hash_table_unref(fields->asked);
  g_hash_table_unref(fields->complaints);
  g_string_chunk_free(fields->texts);
  g_free(fields);
}

void
fields_complain(Fields *fields, const char *name, const char *message)
{
  if (!g_hash_table_contains(fields->complaints, name))
    g_hash_table_insert(fields->complaints, g_strdup(name), g_strdup(message));
}

static const char *
keep(Fields *fields, const char *text)
{
  return g_string_chunk_insert(fields->texts, text);
}

/* The member, or NULL when there is none: complained about where it is needed. */
static const json_t *
take(Fields *fields, const char *name, FieldNeed need)
{
  const json_t *value = json_object_get(fields->body, name);
  g_hash_table_add(fields->asked, (char *)name);
  g_autofree char *text = json_is_string(value) ? text_trim(json_string_value(value)) : NULL;
  gboolean is_blank = value == NULL || json_is_null(value) || (text != NULL && *text == '\0');
  if (is_blank && need == FIELD_REQUIRED)
    fields_complain(fields, name, "Obrigatório.");
  return is_blank ? NULL : value;
}

/* A member as trimmed text; NULL for any other type. */
static char *
text_of(const json_t *value)
{
  return json_is_string(value) ? text_trim(json_string_value(value)) : NULL;
}

/* The same where a number is as welcome: as it was typed, never through a double. */
static char *
typed_text(const Fields *fields, const char *name, const json_t *value)
{
  gsize length;
  const char *body = request_body(fields->req, &length);
  return json_is_number(value) ? json_number_text(body, length, name) : text_of(value);
}

const char *
fields_text(Fields *fields, const char *name, FieldNeed need, glong max)
{
  const json_t *value = take(fields, name, need);
  if (value == NULL)
    return NULL;
  g_autofree char *text = text_of(value);
  if (text != NULL && g_utf8_strlen(text, -1) <= max)
    return keep(fields, text);
  g_autofree char *message = text == NULL ? g_strdup("Deve ser texto.")
                                          : g_strdup_printf("No máximo %ld caracteres.", max);
  fields_complain(fields, name, message);
  return NULL;
}

const char *
fields_uuid(Fields *fields, const char *name, FieldNeed need)
{
  const json_t *value = take(fields, name, need);
  if (value == NULL)
    return NULL;
  g_autofree char *text = text_of(value);
  if (text != NULL && g_uuid_string_is_valid(text)) {
    g_autofree char *lower = g_ascii_strdown(text, -1);
    return keep(fields, lower);
  }
  fields_complain(fields, name, "Deve ser um UUID.");
  return NULL;
}

const char *
fields_date(Fields *fields, const char *name, FieldNeed need)
{
  const json_t *value = take(fields, name, need);
  GDate day;
  if (value == NULL)
    return NULL;
  g_autofree char *text = text_of(value);
  if (text != NULL && date_parse_iso(text, &day))
    return keep(fields, text);
  fields_complain(fields, name, "Deve ser uma data YYYY-MM-DD.");
  return NULL;
}

const char *
fields_money(Fields *fields, const char *name, FieldNeed need)
{
  const json_t *value = take(fields, name, need);
  gint64 centavos;
  if (value == NULL)
    return NULL;
  g_autofree char *text = typed_text(fields, name, value);
  if (text != NULL && money_parse_exact(text, &centavos) && centavos >= 0)
    return keep(fields, money_text(centavos).text);
  fields_complain(fields, name,
                  "Deve ser um valor não negativo com no máximo duas casas decimais.");
  return NULL;
}

const char *
fields_code(Fields *fields, const char *name, FieldNeed need)
{
  const json_t *value = take(fields, name, need);
  if (value == NULL)
    return NULL;
  g_autofree char *text = typed_text(fields, name, value);
  gint64 number;
  if (text != NULL && g_ascii_string_to_signed(text, 10, 1, G_MAXINT64, &number, NULL))
    return keep(fields, int_text(number));
  fields_complain(fields, name, "Deve ser um código de dígitos.");
  return NULL;
}

gboolean
fields_are_valid(Fields *fields, Response *res, GError **error)
{
  const char *name, *message;
  json_t *value;
  GHashTableIter each;
  json_object_foreach((json_t *)fields->body, name,
                      value) if (!g_hash_table_contains(fields->asked, name))
      fields_complain(fields, name, "Campo desconhecido.");
  g_hash_table_iter_init(&each, fields->complaints);
  while (g_hash_table_iter_next(&each, (gpointer *)&name, (gpointer *)&message))
    response_error_field(res, name, message);
  if (g_hash_table_size(fields->complaints) == 0)
    return TRUE;
  g_set_error_literal(error, PONTE_ERROR, ERROR_INVALID_FIELDS, "Campos inválidos.");
  return FALSE;
}
