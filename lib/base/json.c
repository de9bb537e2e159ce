#include "base/json.h"

#include <string.h>
#include <yajl/yajl_gen.h>

struct JsonWriter {
  yajl_gen gen;
};

JsonWriter *
json_writer_new(void)
{
  JsonWriter *w = g_new0(JsonWriter, 1);
  w->gen = yajl_gen_alloc(NULL);
  return w;
}

void
json_writer_free(JsonWriter *w)
{
  explicit_bzero((char *)json_writer_text(w), json_writer_length(w)); /* it may hold credentials */
  yajl_gen_free(w->gen);
  g_free(w);
}

static void
string(JsonWriter *w, const char *text)
{
  g_autofree char *valid = g_utf8_validate(text, -1, NULL) ? NULL : g_utf8_make_valid(text, -1);
  const char *value = valid != NULL ? valid : text;
  yajl_gen_string(w->gen, (const unsigned char *)value, strlen(value));
}

static void
member(JsonWriter *w, const char *name)
{
  if (name != NULL)
    string(w, name);
}

void
json_open_object(JsonWriter *w, const char *name)
{
  member(w, name);
  yajl_gen_map_open(w->gen);
}

void
json_close_object(JsonWriter *w)
{
  yajl_gen_map_close(w->gen);
}

void
json_open_array(JsonWriter *w, const char *name)
{
  member(w, name);
  yajl_gen_array_open(w->gen);
}

void
json_close_array(JsonWriter *w)
{
  yajl_gen_array_close(w->gen);
}

void
json_add_text(JsonWriter *w, const char *name, const char *value)
{
  member(w, name);
  if (value == NULL)
    yajl_gen_null(w->gen);
  else
    string(w, value);
}

void
json_add_int(JsonWriter *w, const char *name, gint64 value)
{
  member(w, name);
  yajl_gen_integer(w->gen, value);
}

void
json_add_bool(JsonWriter *w, const char *name, gboolean value)
{
  member(w, name);
  yajl_gen_bool(w->gen, value);
}

void
json_add_null(JsonWriter *w, const char *name)
{
  member(w, name);
  yajl_gen_null(w->gen);
}

void
json_add_decimal(JsonWriter *w, const char *name, const char *number)
{
  member(w, name);
  yajl_gen_number(w->gen, number, strlen(number));
}

void
json_add_raw(JsonWriter *w, const char *name, const char *json)
{
  json_add_decimal(w, name, json); /* yajl writes a number's text as it is given */
}

const char *
json_writer_text(JsonWriter *w)
{
  const unsigned char *text = NULL;
  size_t length = 0;
  yajl_gen_get_buf(w->gen, &text, &length);
  return (const char *)text; /* yajl keeps it ended by NUL */
}

gsize
json_writer_length(JsonWriter *w)
{
  const unsigned char *text = NULL;
  size_t length = 0;
  yajl_gen_get_buf(w->gen, &text, &length);
  return length;
}
