#include "http/members.h"

#include <string.h>

#include "base/error.h"

#define MAX_DIGITS 19 /* of a 64-bit integer */

Members
members_of(const json_t *body)
{
  return (Members){.body = body, .texts = g_string_chunk_new(256)};
}

void
members_clear(Members *members)
{
  g_clear_pointer(&members->complaint, g_free);
  g_clear_pointer(&members->about, g_free);
  g_clear_pointer(&members->texts, g_string_chunk_free);
}

void
members_expect(Members *members, gboolean fits, const char *name, const char *message)
{
  if (fits || members->complaint != NULL)
    return;
  members->complaint = g_strdup(message);
  members->about = g_strdup(name);
}

void
members_expect_length(Members *members, const char *name, const char *text, glong max)
{
  if (text == NULL || g_utf8_strlen(text, -1) <= max)
    return;
  g_autofree char *message = g_strdup_printf("%s deve ter no máximo %ld caracteres", name, max);
  members_expect(members, FALSE, name, message);
}

/* The member, or NULL when it is missing: complained about where it is needed. */
static const json_t *
take(Members *members, const char *name, gboolean is_missing, const char *missing)
{
  members_expect(members, !is_missing || missing == NULL, name, missing);
  return is_missing || members->complaint != NULL ? NULL : json_object_get(members->body, name);
}

static gboolean
is_nothing(const json_t *value)
{
  return value == NULL || json_is_null(value);
}

static gboolean
is_digits(const char *text)
{
  gsize length = strspn(text, "0123456789");
  return length >= 1 && length <= MAX_DIGITS && text[length] == '\0';
}

static gint64
integer_of(const json_t *value)
{
  guint64 number = 0;
  if (json_is_integer(value))
    return json_integer_value(value);
  if (!json_is_string(value) || !is_digits(json_string_value(value)) ||
      !g_ascii_string_to_unsigned(json_string_value(value), 10, 1, G_MAXINT64, &number, NULL))
    return 0;
  return (gint64)number;
}

gint64
members_integer(Members *members, const char *name, const char *missing, const char *wrong)
{
  const json_t *given = json_object_get(members->body, name);
  gboolean is_zero = json_is_integer(given) && json_integer_value(given) == 0,
           is_empty = json_is_string(given) && *json_string_value(given) == '\0';
  const json_t *value = take(members, name, is_nothing(given) || is_zero || is_empty, missing);
  if (value == NULL)
    return 0;
  gint64 number = integer_of(value);
  members_expect(members, number > 0, name, wrong);
  return MAX(number, 0);
}

static gboolean
read_flag(const json_t *value, gboolean *flag)
{
  const char *text = json_string_value(value);
  json_int_t number = json_is_integer(value) ? json_integer_value(value) : -1;
  if (json_is_true(value) || number == 1 ||
      (text != NULL && (g_ascii_strcasecmp(text, "true") == 0 || strcmp(text, "1") == 0)))
    *flag = TRUE;
  else if (json_is_false(value) || number == 0 ||
           (text != NULL && (g_ascii_strcasecmp(text, "false") == 0 || strcmp(text, "0") == 0)))
    *flag = FALSE;
  else
    return FALSE;
  return TRUE;
}

gboolean
members_flag(Members *members, const char *name, gboolean fallback, const char *wrong)
{
  const json_t *given = json_object_get(members->body, name),
               *value = take(members, name, is_nothing(given), NULL);
  gboolean flag = fallback;
  if (value != NULL)
    members_expect(members, read_flag(value, &flag), name, wrong);
  return flag;
}

/* Without the white space at both ends; nothing inside is touched. */
static char *
trimmed(const char *text)
{
  while (g_unichar_isspace(g_utf8_get_char(text)))
    text = g_utf8_next_char(text);
  const char *end = text + strlen(text);
  for (const char *last; end > text; end = last) {
    last = g_utf8_prev_char(end);
    if (!g_unichar_isspace(g_utf8_get_char(last)))
      break;
  }
  return g_strndup(text, (gsize)(end - text));
}

static const char *
read_text(Members *members, const char *name, gboolean integers_too, const char *missing,
          const char *wrong)
{
  const json_t *given = json_object_get(members->body, name);
  g_autofree char *text = NULL;
  if (json_is_string(given))
    text = trimmed(json_string_value(given));
  else if (integers_too && json_is_integer(given))
    text = g_strdup_printf("%" JSON_INTEGER_FORMAT, json_integer_value(given));
  gboolean is_missing = is_nothing(given) || (text != NULL && *text == '\0');
  if (take(members, name, is_missing, missing) == NULL)
    return NULL;
  members_expect(members, text != NULL, name, wrong);
  return text != NULL ? g_string_chunk_insert(members->texts, text) : NULL;
}

const char *
members_text(Members *members, const char *name, const char *missing, const char *wrong)
{
  return read_text(members, name, FALSE, missing, wrong);
}

const char *
members_number_text(Members *members, const char *name, const char *missing, const char *wrong)
{
  return read_text(members, name, TRUE, missing, wrong);
}

gboolean
members_are_valid(const Members *members, Response *res, GError **error)
{
  if (members->complaint == NULL)
    return TRUE;
  response_error_field(res, members->about, members->complaint);
  g_set_error_literal(error, PONTE_ERROR, ERROR_INVALID_FIELDS, members->complaint);
  return FALSE;
}
