/* Online Software's listing as fast as it can be: the file BENCH_SALES, a whole answer, for
 * whatever organization and days.  Takes the sandbox's place in the stack of tests/bench/run, so
 * that what is measured is our side.  BENCH_SLOW=1: every answer takes a second.  It is nginx that
 * then holds it back, so hundreds may wait at once for one worker. */
#define ROUTE_URL "/online-software/listvends"

#include <stdlib.h>

#include "http/route.h"

static const char *answer;
static gsize answer_length;
static const char *bytes_per_second; /* NULL: as fast as it goes */

/* Before the parent forks: all workers share the one file. */
static void __attribute__((constructor)) map_answer(void)
{
  static const char nothing[] = "{\"resultado\":[]}";
  const char *path = getenv("BENCH_SALES");
  GMappedFile *file = path != NULL ? g_mapped_file_new(path, FALSE, NULL) : NULL;
  answer = file != NULL ? g_mapped_file_get_contents(file) : nothing;
  answer_length = file != NULL ? g_mapped_file_get_length(file) : sizeof nothing - 1;
  /* nginx sends what may go in a second, waits for one, and sends the rest */
  if (g_strcmp0(getenv("BENCH_SLOW"), "1") == 0)
    bytes_per_second = g_strdup_printf("%" G_GSIZE_FORMAT, answer_length * 2 / 3 + 1);
}

static gboolean
list(G_GNUC_UNUSED Request *req, Response *res, G_GNUC_UNUSED GError **error)
{
  response_static_body(res, "application/json", answer, answer_length);
  if (bytes_per_second != NULL)
    response_header(res, "X-Accel-Limit-Rate", bytes_per_second);
  return TRUE;
}

const Route route = {
    .family = &family_fin,
    .summary = "Vendas prontas, para medições",
    .alias = "/online-software/planodecontas/apirestweb/vends/listvends.php",
    .methods = {{"POST", list, ACCESS_PUBLIC, NULL}},
    .no_database = TRUE,
};
