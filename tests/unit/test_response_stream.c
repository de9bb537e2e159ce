/* A body that is sent while it is made, as a client sees it. */
#include "unit.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "base/log.h"
#include "base/settings.h"
#include "http/internal.h"

#define KIB 1024

/* What the handler does in this test. */
static struct {
  gsize pieces;     /* of 1 KiB */
  gsize fail_after; /* pieces; 0: not at all */
  gboolean flush;   /* after the first piece */
} plan;

static gboolean
run(Request *req, Response *res, GError **error)
{
  g_autofree char *piece = g_strnfill(KIB, 'x');
  response_file_name(res, "extrato.csv");
  response_stream_begin(res, req, "text/csv; charset=utf-8");
  for (gsize i = 0; i < plan.pieces; i++) {
    if (plan.fail_after > 0 && i == plan.fail_after) {
      g_set_error_literal(error, PONTE_ERROR, ERROR_ERP_TIMEOUT, "O ERP não respondeu.");
      return FALSE;
    }
    if (!response_stream_write(piece, KIB, res) || (plan.flush && !response_stream_flush(res)))
      return FALSE;
  }
  return TRUE;
}

static gint64
describe_error(G_GNUC_UNUSED const GError *error, gconstpointer about, JsonWriter *w)
{
  assert_null(about);
  json_add_text(w, "type", "Timeout");
  return 7;
}

const char route_url[] = "/api/stream";
const Route route = {
    .family = &family_erp,
    .summary = "",
    .methods = {{"GET", run, ACCESS_PUBLIC, NULL}},
    .no_database = TRUE,
    .no_head = TRUE,
    .streams = TRUE,
    .describe_error = describe_error,
};

typedef struct {
  gboolean is_whole; /* as far as the transport can tell */
  char *head, *body;
  gsize length;
} Seen;

static void
seen_clear(Seen *seen)
{
  g_free(seen->head);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Seen, seen_clear)

/* One request as a plain CGI, whose answer goes to standard output. */
static Seen
ask(const char *method)
{
  Seen seen = {0};
  char *params[] = {g_strconcat("REQUEST_METHOD=", method, NULL), NULL};
  Gateway gateway = {.params = params};
  g_autofree char *name = NULL;
  gsize length = 0;
  int file = g_file_open_tmp(NULL, &name, NULL), screen = dup(STDOUT_FILENO);
  fflush(stdout);
  dup2(file, STDOUT_FILENO);
  seen.is_whole = dispatch(&gateway);
  fflush(stdout);
  dup2(screen, STDOUT_FILENO);
  close(screen);
  close(file);
  assert_true(g_file_get_contents(name, &seen.head, &length, NULL));
  unlink(name);
  g_free(params[0]);
  char *gap = strstr(seen.head, "\r\n\r\n");
  assert_non_null(gap);
  *gap = '\0';
  seen.body = gap + 4;
  seen.length = length - (gsize)(seen.body - seen.head);
  return seen;
}

static void
assert_head(const Seen *seen, const char *line, gboolean is_there)
{
  if ((strstr(seen->head, line) != NULL) != is_there)
    fail_msg("%s %s: %s", line, is_there ? "is missing" : "is there", seen->head);
}

static void
test_a_short_body_goes_out_with_its_length(G_GNUC_UNUSED void **state)
{
  plan.pieces = 256;
  plan.fail_after = 0;
  plan.flush = FALSE;
  g_auto(Seen) seen = ask("GET");
  assert_true(seen.is_whole);
  assert_head(&seen, "Status: 200", TRUE);
  assert_head(&seen, "Content-Length: 262144", TRUE);
  assert_head(&seen, "Content-Disposition: attachment; filename=\"extrato.csv\"", TRUE);
  assert_int_equal(seen.length, 256 * KIB);
}

static void
test_a_long_body_goes_out_before_its_length_is_known(G_GNUC_UNUSED void **state)
{
  plan.pieces = 3000;
  plan.fail_after = 0;
  plan.flush = FALSE;
  g_auto(Seen) seen = ask("GET");
  assert_true(seen.is_whole);
  assert_head(&seen, "Content-Length", FALSE);
  assert_int_equal(seen.length, 3000 * KIB);
}

static void
test_a_failure_before_much_was_written_is_an_ordinary_error(G_GNUC_UNUSED void **state)
{
  plan.pieces = 3000;
  plan.fail_after = 256;
  plan.flush = FALSE;
  g_auto(Seen) seen = ask("GET");
  assert_true(seen.is_whole);
  assert_head(&seen, "Status: 504", TRUE);
  assert_head(&seen, "application/json", TRUE);
  assert_head(&seen, "Retry-After: 7", TRUE);
  assert_head(&seen, "Content-Disposition", FALSE);
  assert_non_null(strstr(seen.body, "\"code\":\"erp_timeout\""));
  assert_non_null(strstr(seen.body, "\"type\":\"Timeout\""));
  assert_null(strstr(seen.body, "xxx"));
}

static void
test_a_failure_after_the_head_cuts_the_answer_off(G_GNUC_UNUSED void **state)
{
  plan.pieces = 3000;
  plan.fail_after = 257;
  plan.flush = FALSE;
  g_auto(Seen) late = ask("GET");
  assert_false(late.is_whole);
  assert_head(&late, "Status: 200", TRUE);
  assert_int_equal(late.length, 257 * KIB);

  plan.fail_after = 2;
  plan.flush = TRUE;
  g_auto(Seen) flushed = ask("GET");
  assert_false(flushed.is_whole);
  assert_int_equal(flushed.length, 2 * KIB);
}

static void
test_nobody_starts_the_work_for_its_headers(G_GNUC_UNUSED void **state)
{
  plan.pieces = 3000;
  g_auto(Seen) seen = ask("HEAD");
  assert_head(&seen, "Status: 405", TRUE);
  assert_head(&seen, "Allow: GET", TRUE);
  assert_head(&seen, "HEAD", FALSE);
  assert_int_equal(seen.length, 0);
}

static int
set_up(G_GNUC_UNUSED void **state)
{
  g_setenv("LOG_LEVEL", "error", TRUE);
  if (!settings_load(NULL))
    return 1;
  log_init("test");
  return 0;
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_a_short_body_goes_out_with_its_length),
      cmocka_unit_test(test_a_long_body_goes_out_before_its_length_is_known),
      cmocka_unit_test(test_a_failure_before_much_was_written_is_an_ordinary_error),
      cmocka_unit_test(test_a_failure_after_the_head_cuts_the_answer_off),
      cmocka_unit_test(test_nobody_starts_the_work_for_its_headers),
  };
  return cmocka_run_group_tests_name("response stream", tests, set_up, NULL);
}
