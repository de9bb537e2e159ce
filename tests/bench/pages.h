/* A listing of Omie as fast as it can be: pages rendered beforehand, one a line of the file
 * BENCH_PAGES, served from memory.  Takes the sandbox's place in the stack of tests/bench/run, so
 * that what is measured is our side.  BENCH_LATENCY_MS: how long every page takes.  A whole
 * program, for a file that says its ROUTE_URL. */
#pragma once

#include "http/route.h"

#include <stdlib.h>
#include <string.h>

typedef struct {
  const char *text;
  gsize length;
} Page;

static GArray *pages; /* of Page */
static gulong latency_us;

/* Before the parent forks: all workers share the one index. */
static void __attribute__((constructor)) index_pages(void)
{
  const char *path = getenv("BENCH_PAGES"), *latency_ms = getenv("BENCH_LATENCY_MS");
  GMappedFile *file = path != NULL ? g_mapped_file_new(path, FALSE, NULL) : NULL;
  pages = g_array_new(FALSE, FALSE, sizeof(Page));
  latency_us = latency_ms != NULL ? strtoul(latency_ms, NULL, 10) * 1000 : 0;
  if (file == NULL)
    return;
  const char *text = g_mapped_file_get_contents(file);
  const char *end = text + g_mapped_file_get_length(file), *line_end;
  for (; text < end && (line_end = memchr(text, '\n', (gsize)(end - text))) != NULL;
       text = line_end + 1) {
    Page page = {text, (gsize)(line_end - text)};
    g_array_append_val(pages, page);
  }
}

static gboolean
list(Request *req, Response *res, G_GNUC_UNUSED GError **error)
{
  static const char json[] = "application/json";
  static const char past_the_end[] = "{\"faultstring\":\"ERROR: N\\u00e3o existem registros para a "
                                     "p\\u00e1gina!\",\"faultcode\":\"SOAP-ENV:Client-5113\"}";
  const json_t *param = json_array_get(json_object_get(request_json(req), "param"), 0);
  json_int_t number = json_integer_value(json_object_get(param, "pagina"));
  if (latency_us > 0)
    g_usleep(latency_us);
  if (number < 1 || number > pages->len) {
    response_status(res, 500);
    response_static_body(res, json, past_the_end, strlen(past_the_end));
    return TRUE;
  }
  const Page *page = &g_array_index(pages, Page, number - 1);
  response_static_body(res, json, page->text, page->length);
  return TRUE;
}

const Route route = {
    .family = &family_fin,
    .summary = "Páginas prontas, para medições",
    .methods = {{"POST", list, ACCESS_PUBLIC, NULL}},
    .no_database = TRUE,
};
