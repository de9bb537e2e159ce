/* The same binary without a FastCGI socket: one request from the environment, as a plain CGI. */
#include "harness.h"

#include <string.h>

static const char *token;

static int
before(void **state)
{
  harness_before(state);
  token = run_just_now();
  return 0;
}

/* The same binary from a shell, as a plain CGI */
static void
test_the_same_program_answers_once_from_a_shell(G_GNUC_UNUSED void **state)
{
  g_autofree char *header = g_strconcat("HTTP_AUTHORIZATION=Bearer ", token, NULL);
  g_autofree char *shown = program_run_cgi(
      SYNC_PROGRAM, (const char *const[]){"REQUEST_METHOD=GET", "REQUEST_URI=" SYNC, header, NULL},
      "");
  assert_true(g_str_has_prefix(shown, "Status: 200 OK\r\n"));
  assert_non_null(strstr(shown, "\r\n\r\n{\"lastSync\":{\"id\":"));

  runs_age("301 s");
  omie_seed(3);
  g_autofree char *posted =
      program_run_cgi(SYNC_PROGRAM,
                      (const char *const[]){"REQUEST_METHOD=POST", "CONTENT_TYPE=application/json",
                                            "CONTENT_LENGTH=2", header, NULL},
                      "{}");
  assert_true(g_str_has_prefix(posted, "Status: 200 OK\r\n"));
  assert_non_null(strstr(posted, "\"recordCount\":3"));
  assert_count(3, "fin.clients");

  g_autofree char *refused =
      program_run_cgi(SYNC_PROGRAM, (const char *const[]){"REQUEST_METHOD=GET", NULL}, "");
  assert_true(g_str_has_prefix(refused, "Status: 401 Unauthorized\r\n"));
  assert_non_null(strstr(refused, "\"error\":\"Não autenticado.\""));
}

/* Less than the announced body: the peer went away */
static void
test_a_body_shorter_than_announced_is_refused(G_GNUC_UNUSED void **state)
{
  g_autofree char *header = g_strconcat("HTTP_AUTHORIZATION=Bearer ", token, NULL);
  g_autofree char *answer =
      program_run_cgi(SYNC_PROGRAM,
                      (const char *const[]){"REQUEST_METHOD=POST", "CONTENT_TYPE=application/json",
                                            "CONTENT_LENGTH=50", header, NULL},
                      "{}");
  assert_true(g_str_has_prefix(answer, "Status: 400 "));
  static const char *const lengths[] = {"CONTENT_LENGTH=-1", "CONTENT_LENGTH=12abc",
                                        "CONTENT_LENGTH=99999999999999999999"};
  for (gsize i = 0; i < G_N_ELEMENTS(lengths); i++) {
    g_autofree char *odd = program_run_cgi(
        SYNC_PROGRAM, (const char *const[]){"REQUEST_METHOD=POST", lengths[i], header, NULL}, "{}");
    assert_true(g_str_has_prefix(odd, "Status: 413 ") || g_str_has_prefix(odd, "Status: 400 "));
  }
  assert_count(1, "fin.erp_sync_log");
}

#undef CASE
#define CASE(test) cmocka_unit_test_setup_teardown(test, before, harness_after)

int
main(void)
{
  const struct CMUnitTest tests[] = {
      CASE(test_the_same_program_answers_once_from_a_shell),
      CASE(test_a_body_shorter_than_announced_is_refused),
  };
  return RUN("cgi", tests);
}
