/* Omie is strict: a tag it does not know is refused, one per answer, its name in capitals. */
#include "omie_params.h"

#include <string.h>

static const OmieMember *
find_member(const OmieType *type, const char *name)
{
  for (const OmieMember *member = type->members; member->name != NULL; member++)
    if (strcmp(member->name, name) == 0)
      return member;
  return NULL;
}

static gboolean
knows_tags(const OmieType *type, const json_t *object, OmieReply *reply)
{
  const char *name;
  json_t *value, *element;
  size_t i;
  json_object_foreach((json_t *)object, name, value)
  {
    const OmieMember *member = find_member(type, name);
    if (member == NULL) {
      g_autofree char *tag = g_utf8_strup(name, -1);
      omie_reply_fault(reply, 500, "SOAP-ENV:Client-5001",
                       "ERROR: Tag [%s] não faz parte da estrutura do tipo complexo [%s]!", tag,
                       type->name);
      return FALSE;
    }
    if (member->kind == OMIE_OBJECT && !knows_tags(member->type, value, reply))
      return FALSE;
    if (member->kind == OMIE_LIST)
      json_array_foreach(value, i,
                         element) if (!knows_tags(member->type, element, reply)) return FALSE;
  }
  return TRUE;
}

static gboolean
is_number(const json_t *value)
{
  const char *text = json_string_value(value);
  char *rest = NULL;
  if (text == NULL)
    return json_is_number(value);
  (void)g_ascii_strtod(text, &rest);
  return rest != text && *rest == '\0';
}

/* Does the text look like the pattern, a 0 standing for any digit? */
static gboolean
has_shape(const char *text, const char *pattern)
{
  for (; *pattern != '\0'; text++, pattern++)
    if (*pattern == '0' ? !g_ascii_isdigit(*text) : *text != *pattern)
      return FALSE;
  return *text == '\0';
}

static guint
number_at(const char *text, guint digits)
{
  guint number = 0;
  for (guint i = 0; i < digits; i++)
    number = number * 10 + (guint)g_ascii_digit_value(text[i]);
  return number;
}

static gboolean
is_date(const char *text)
{
  return has_shape(text, "00/00/0000") &&
         g_date_valid_dmy((GDateDay)number_at(text, 2), (GDateMonth)number_at(text + 3, 2),
                          (GDateYear)number_at(text + 6, 4));
}

static gboolean
is_time(const char *text)
{
  return has_shape(text, "00:00:00") && number_at(text, 2) < 24 && number_at(text + 3, 2) < 60 &&
         number_at(text + 6, 2) < 60;
}

/* The words of codes 104 and 105 are not known; these are invented. */
static gboolean
refuse_value(const OmieMember *member, const char *code, const char *wanted, OmieReply *reply)
{
  omie_reply_fault(reply, 500, code, "ERROR: O valor da tag [%s] deve ser %s!", member->name,
                   wanted);
  return FALSE;
}

static gboolean
accepts_text(const OmieMember *member, const json_t *value, OmieReply *reply)
{
  const char *text = json_is_string(value) ? json_string_value(value) : "";
  if (g_utf8_strlen(text, -1) <= (glong)member->max)
    return TRUE;
  omie_reply_fault(reply, 500, "SOAP-ENV:Client-5100",
                   "ERROR: O número máximo de caracteres permitido para o elemento [%s] é de %u",
                   member->name, member->max);
  return FALSE;
}

static gboolean values_fit(const OmieType *type, const json_t *object, OmieReply *reply);

static gboolean
elements_fit(const OmieMember *member, const json_t *list, OmieReply *reply)
{
  size_t i;
  json_t *element;
  if (!json_is_array(list))
    return refuse_value(member, "SOAP-ENV:Client-105", "uma lista", reply);
  json_array_foreach((json_t *)list, i,
                     element) if (!values_fit(member->type, element, reply)) return FALSE;
  return TRUE;
}

static gboolean
value_fits(const OmieMember *member, const json_t *value, OmieReply *reply)
{
  const char *text = json_is_string(value) ? json_string_value(value) : NULL;
  gboolean empty = json_is_null(value) || (text != NULL && *text == '\0');
  switch (member->kind) {
  case OMIE_NUMBER:
    return empty || is_number(value) ||
           refuse_value(member, "SOAP-ENV:Client-105", "um número", reply);
  case OMIE_TEXT:
    return accepts_text(member, value, reply);
  case OMIE_YES_NO:
    return empty || (text != NULL && strlen(text) == 1 && strchr("SN", *text) != NULL) ||
           refuse_value(member, "SOAP-ENV:Client-105", "S ou N", reply);
  case OMIE_DATE:
    return empty || (text != NULL && is_date(text)) ||
           refuse_value(member, "SOAP-ENV:Client-104", "uma data dd/mm/aaaa", reply);
  case OMIE_TIME:
    return empty || (text != NULL && is_time(text)) ||
           refuse_value(member, "SOAP-ENV:Client-104", "uma hora hh:mm:ss", reply);
  case OMIE_OBJECT:
    return values_fit(member->type, value, reply);
  case OMIE_LIST:
    return elements_fit(member, value, reply);
  case OMIE_IGNORED:
    break;
  }
  return TRUE;
}

static gboolean
values_fit(const OmieType *type, const json_t *object, OmieReply *reply)
{
  for (const OmieMember *member = type->members; member->name != NULL; member++) {
    const json_t *value = json_object_get(object, member->name);
    if (value != NULL && !value_fits(member, value, reply))
      return FALSE;
    if (value == NULL && member->required) {
      omie_reply_fault(reply, 500, "SOAP-ENV:Client-1000",
                       "ERROR: O preenchimento da tag [%s] é obrigatório!", member->name);
      return FALSE;
    }
  }
  return TRUE;
}

gboolean
omie_type_accepts(const OmieType *type, const json_t *param, OmieReply *reply)
{
  return knows_tags(type, param, reply) && values_fit(type, param, reply);
}

gint64
omie_param_number(const json_t *param, const char *name)
{
  const json_t *value = json_object_get(param, name);
  if (json_is_string(value))
    return g_ascii_strtoll(json_string_value(value), NULL, 10);
  return json_is_real(value) ? (gint64)CLAMP(json_real_value(value), -1e15, 1e15)
                             : json_integer_value(value);
}

const char *
omie_param_text(const json_t *param, const char *name)
{
  const char *text = json_string_value(json_object_get(param, name));
  return text != NULL && *text != '\0' ? text : NULL;
}

gboolean
omie_param_says_yes(const json_t *param, const char *name)
{
  return g_strcmp0(omie_param_text(param, name), "S") == 0;
}
