/* Single members of a JSON text: a number's own text, which a parser of doubles loses; a text too
 * long to be held by a parser as well. */
#include <string.h>
#include <yajl/yajl_parse.h>

#include "base/json.h"

typedef struct {
  const char *name;
  guint depth;
  gboolean follows;          /* the member's name was just read */
  char *found;               /* a number's text; the last one counts */
  const unsigned char *text; /* where a text stands */
  size_t length;
} Search;

static int
on_key(void *data, const unsigned char *key, size_t length)
{
  Search *search = data;
  search->follows = search->depth == 1 && strlen(search->name) == length &&
                    memcmp(key, search->name, length) == 0;
  return 1;
}

static int
on_number(void *data, const char *text, size_t length)
{
  Search *search = data;
  if (search->follows) {
    g_free(search->found);
    search->found = g_strndup(text, length);
  }
  search->follows = FALSE;
  return 1;
}

static int
on_string(void *data, const unsigned char *text, size_t length)
{
  Search *search = data;
  if (search->follows) {
    search->text = text;
    search->length = length;
  }
  search->follows = FALSE;
  return 1;
}

static int
on_open(void *data)
{
  Search *search = data;
  search->follows = FALSE;
  search->depth++;
  return 1;
}

static int
on_close(void *data)
{
  ((Search *)data)->depth--;
  return 1;
}

/* Looks at all members of the object; FALSE when it is no JSON. */
static gboolean
look(Search *search, const char *json, gsize length)
{
  static const yajl_callbacks callbacks = {.yajl_number = on_number,
                                           .yajl_string = on_string,
                                           .yajl_start_map = on_open,
                                           .yajl_map_key = on_key,
                                           .yajl_end_map = on_close,
                                           .yajl_start_array = on_open,
                                           .yajl_end_array = on_close};
  yajl_handle parser = yajl_alloc(&callbacks, NULL, search);
  gboolean fine = yajl_parse(parser, (const unsigned char *)json, length) == yajl_status_ok &&
                  yajl_complete_parse(parser) == yajl_status_ok;
  yajl_free(parser);
  return fine;
}

char *
json_number_text(const char *json, gsize length, const char *name)
{
  Search search = {.name = name};
  if (!look(&search, json, length))
    g_clear_pointer(&search.found, g_free);
  return search.found;
}

gboolean
json_cut_text(GString *json, const char *name, GString *text)
{
  Search search = {.name = name};
  gboolean fine = look(&search, json->str, json->len);
  g_free(search.found);
  /* without escapes yajl shows the text where it stands */
  const char *at = (const char *)search.text;
  if (!fine || at == NULL || at < json->str || at + search.length > json->str + json->len)
    return FALSE;
  g_string_append_len(text, at, (gssize)search.length);
  g_string_erase(json, at - json->str, (gssize)search.length);
  json->str = g_realloc(json->str, json->len + 1);
  json->allocated_len = json->len + 1;
  return TRUE;
}
