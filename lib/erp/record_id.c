/* The external id of a record, without a tree: repeated ones are found before anything is mapped.
 */
#include <string.h>
#include <yajl/yajl_parse.h>

#include "erp/fields.h"

typedef struct {
  const char *names[2];
  char *found[2];
  guint depth;
  int follows; /* which name's value comes next; -1: none of them */
} Search;

static int
skip_value(Search *search)
{
  search->follows = -1;
  return 1;
}

/* The first name's value ends the search: nothing can go before it. */
static int
take_value(Search *search, const char *text, size_t length)
{
  int which = search->follows;
  search->follows = -1;
  if (which < 0 || search->depth != 1 || search->found[which] != NULL)
    return 1;
  g_autoptr(GString) value = g_string_sized_new(length);
  for (size_t i = 0; i < length; i++)
    if (text[i] != '\0')
      g_string_append_c(value, text[i]);
  search->found[which] = g_utf8_make_valid(value->str, -1);
  return which != 0;
}

static int
on_null(void *data)
{
  return skip_value(data);
}

static int
on_boolean(void *data, G_GNUC_UNUSED int value)
{
  return skip_value(data);
}

static int
on_number(void *data, const char *text, size_t length)
{
  return take_value(data, text, length);
}

static int
on_string(void *data, const unsigned char *text, size_t length)
{
  return take_value(data, (const char *)text, length);
}

static int
on_open(void *data)
{
  Search *search = data;
  search->depth++;
  return skip_value(search);
}

static int
on_close(void *data)
{
  ((Search *)data)->depth--;
  return 1;
}

static int
on_key(void *data, const unsigned char *key, size_t length)
{
  Search *search = data;
  search->follows = -1;
  for (int i = 0; i < 2 && search->depth == 1; i++)
    if (search->names[i] != NULL && strlen(search->names[i]) == length &&
        memcmp(key, search->names[i], length) == 0)
      search->follows = i;
  return 1;
}

/* Trimmed as a mapped sale has it; NULL when nothing is left. */
static char *
clean(char *text)
{
  g_autofree char *trimmed = g_strdup(record_trim(text));
  return *trimmed != '\0' ? g_steal_pointer(&trimmed) : NULL;
}

char *
record_id(const char *record, gsize length, const char *name, const char *other_name)
{
  static const yajl_callbacks callbacks = {.yajl_null = on_null,
                                           .yajl_boolean = on_boolean,
                                           .yajl_number = on_number,
                                           .yajl_string = on_string,
                                           .yajl_start_map = on_open,
                                           .yajl_map_key = on_key,
                                           .yajl_end_map = on_close,
                                           .yajl_start_array = on_open,
                                           .yajl_end_array = on_close};
  Search search = {.names = {name, other_name}, .follows = -1};
  yajl_handle parser = yajl_alloc(&callbacks, NULL, &search);
  yajl_parse(parser, (const unsigned char *)record, length);
  yajl_free(parser);
  char *found = search.found[0] != NULL ? search.found[0] : search.found[1];
  char *id = found != NULL ? clean(found) : NULL;
  g_free(search.found[0]);
  g_free(search.found[1]);
  return id;
}
