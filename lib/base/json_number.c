/* A number's own text, which a parser of doubles loses. */
#include <string.h>
#include <yajl/yajl_parse.h>

#include "base/json.h"

typedef struct {
  const char *name;
  guint depth;
  gboolean follows; /* the member's name was just read */
  char *found;      /* the last one counts */
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

char *
json_number_text(const char *json, gsize length, const char *name)
{
  static const yajl_callbacks callbacks = {.yajl_number = on_number,
                                           .yajl_start_map = on_open,
                                           .yajl_map_key = on_key,
                                           .yajl_end_map = on_close,
                                           .yajl_start_array = on_open,
                                           .yajl_end_array = on_close};
  Search search = {.name = name};
  yajl_handle parser = yajl_alloc(&callbacks, NULL, &search);
  gboolean fine = yajl_parse(parser, (const unsigned char *)json, length) == yajl_status_ok &&
                  yajl_complete_parse(parser) == yajl_status_ok;
  yajl_free(parser);
  if (!fine)
    g_clear_pointer(&search.found, g_free);
  return search.found;
}
