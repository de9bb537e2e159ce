/* What holds for every route before its own code runs (fin.md 1.6, 3; DESIGN "A handler"). */
#include "harness.h"

#include <string.h>

#define COOLING "Aguarde 5 minuto(s) para sincronizar novamente."

static const char *token;

static int
before(void **state)
{
  harness_before(state);
  token = run_just_now();
  return 0;
}

static void
assert_reaches_the_handler(const char *body, const char *type)
{
  g_autoptr(Answer) answer = call("POST", SYNC, .token = token, .body = body, .content_type = type);
  assert_error(answer, 429, COOLING);
}

static void
assert_body_refused(const char *body, const char *type, guint status, const char *text)
{
  g_autoptr(Answer) answer = call("POST", SYNC, .token = token, .body = body, .content_type = type);
  if (answer->status != status)
    print_error("body: %.60s\n", body);
  assert_error(answer, status, text);
}

/* F43 */
static void
test_a_body_that_is_no_json_object_is_refused(G_GNUC_UNUSED void **state)
{
  g_autofree char *deep = g_strnfill(4000, '[');
  const char *const bodies[] = {"[1,2",
                                "[1,2]",
                                "{\"a\":1",
                                "null",
                                "1",
                                "\"x\"",
                                "{\"a\":1}x",
                                "{'a':1}",
                                "{\"a\":1,}",
                                "{\"a\":\"\xff\"}",
                                "{\"a\":1,\"a\":2}",
                                "\xef\xbb\xbf{}",
                                "{\"a\":NaN}",
                                deep};
  for (gsize i = 0; i < G_N_ELEMENTS(bodies); i++)
    assert_body_refused(bodies[i], "application/json", 400, "Body JSON inválido.");
  assert_count(1, "fin.erp_sync_log");
}

/* F44, 3.2 */
static void
test_a_body_beyond_the_limit_is_refused(G_GNUC_UNUSED void **state)
{
  g_autofree char *big = g_strnfill(5 * 1024 * 1024, ' ');
  assert_body_refused(big, "application/json", 413, "Corpo da requisição excede o limite.");
  big[4097] = '\0';
  assert_body_refused(big, "application/json", 413, "Corpo da requisição excede o limite.");
  memcpy(big, "{}", 2);
  big[4096] = '\0';
  assert_reaches_the_handler(big, "application/json");
}

/* F44, 3.2 */
static void
test_a_body_of_another_type_is_refused(G_GNUC_UNUSED void **state)
{
  static const char *const types[] = {"text/plain", "application/jsonp", "text/json",
                                      "application/x-www-form-urlencoded"};
  for (gsize i = 0; i < G_N_ELEMENTS(types); i++)
    assert_body_refused("{}", types[i], 415, "Content-Type deve ser application/json.");
}

/* 3.2 */
static void
test_an_empty_body_and_any_json_object_are_accepted(G_GNUC_UNUSED void **state)
{
  assert_reaches_the_handler("", "text/plain");
  assert_reaches_the_handler("", "application/json");
  assert_reaches_the_handler("{}", "application/json");
  assert_reaches_the_handler("{\"qualquer\":[1,{\"x\":null}]}", "application/json; charset=utf-8");
  assert_reaches_the_handler("{}", "Application/JSON");
  g_autoptr(Answer) chunked =
      call("POST", SYNC, .token = token, .body = "{}", .headers = {"Transfer-Encoding: chunked"});
  assert_error(chunked, 429, COOLING);
}

/* F45 */
static void
test_a_method_that_the_route_does_not_know_is_named_with_those_it_does(G_GNUC_UNUSED void **state)
{
  static const char *const methods[] = {"PUT", "DELETE", "PATCH", "OPTIONS"};
  for (gsize i = 0; i < G_N_ELEMENTS(methods); i++) {
    g_autoptr(Answer) answer = call(methods[i], SYNC, .token = token);
    assert_error_code(answer, 405, "Método não permitido.", "method_not_allowed");
    const char *allow = answer_header(answer, "allow");
    assert_non_null(allow);
    assert_non_null(strstr(allow, "POST"));
    assert_non_null(strstr(allow, "GET"));
    assert_non_null(strstr(allow, "HEAD"));
  }
}

/* F45, 1.6 */
static void
test_a_trailing_slash_changes_nothing(G_GNUC_UNUSED void **state)
{
  g_autoptr(Answer) bare = call("GET", SYNC, .token = token);
  g_autoptr(Answer) slash = call("GET", SYNC "/", .token = token);
  assert_status(bare, 200);
  assert_status(slash, 200);
  assert_member(slash, "cooldownSeconds", NULL);
  assert_string_equal(answer_last_run(slash, "id"), answer_last_run(bare, "id"));
  g_autoptr(Answer) posted = call("POST", SYNC "/", .token = token);
  assert_error(posted, 429, COOLING);
  g_autoptr(Answer) twice = call("GET", SYNC "//", .token = token);
  assert_true(twice->status == 200 || twice->status == 404);
}

/* DESIGN: authentication, role, method, size, content type, JSON */
static void
test_the_first_of_several_faults_is_the_one_that_is_told(G_GNUC_UNUSED void **state)
{
  g_autofree char *sales = token_for_role("sales");
  g_autofree char *big = g_strnfill(5000, 'x');
  const struct {
    const char *method, *token, *body, *type;
    guint status;
  } steps[] = {
      {"PUT", NULL, big, "text/plain", 401},          {"PUT", sales, big, "text/plain", 403},
      {"PUT", token, big, "text/plain", 405},         {"POST", token, big, "text/plain", 413},
      {"POST", token, "x", "text/plain", 415},        {"POST", token, "x", "application/json", 400},
      {"POST", token, "{}", "application/json", 429},
  };
  for (gsize i = 0; i < G_N_ELEMENTS(steps); i++) {
    g_autoptr(Answer) answer = call(steps[i].method, SYNC, .token = steps[i].token,
                                    .body = steps[i].body, .content_type = steps[i].type);
    assert_error(answer, steps[i].status, NULL);
  }
}

/* 1.6 */
static void
test_head_is_get_without_the_body(G_GNUC_UNUSED void **state)
{
  g_autoptr(Answer) get = call("GET", SYNC, .token = token);
  g_autoptr(Answer) head = call("HEAD", SYNC, .token = token);
  assert_status(head, 200);
  assert_int_equal(head->length, 0);
  assert_header(head, "content-type", "application/json; charset=utf-8");
  g_autofree char *length = g_strdup_printf("%" G_GSIZE_FORMAT, get->length);
  assert_header(head, "content-length", length);
  g_autoptr(Answer) stranger = call("HEAD", SYNC);
  assert_status(stranger, 401);
  assert_int_equal(stranger->length, 0);
}

/* DESIGN "Errors": nginx's own errors have the same shape */
static void
test_an_unknown_path_is_a_json_404(G_GNUC_UNUSED void **state)
{
  static const char *const paths[] = {
      "/api/nada",          "/api/",         "/api/fin",           "/api/fin/erp/sync/x",
      "/api/fin/erp/_jwks", "/api/_migrate", "/api/fin/erp/sync.c"};
  for (gsize i = 0; i < G_N_ELEMENTS(paths); i++) {
    g_autoptr(Answer) answer = call("GET", paths[i], .token = token);
    assert_error_code(answer, 404, NULL, "not_found");
  }
}

/* 3.3 */
static void
test_a_query_beyond_2048_bytes_is_refused(G_GNUC_UNUSED void **state)
{
  g_autofree char *filler = g_strnfill(2048, 'q');
  g_autofree char *fits = g_strconcat(SYNC "?", filler, NULL);
  g_autofree char *over = g_strconcat(SYNC "?x", filler, NULL);
  g_autoptr(Answer) good = call("GET", fits, .token = token);
  assert_status(good, 200);
  g_autoptr(Answer) bad = call("GET", over, .token = token);
  assert_error_code(bad, 414, NULL, "uri_too_long");
}

/* 3.3 */
static void
test_unknown_parameters_are_ignored_however_they_look(G_GNUC_UNUSED void **state)
{
  static const char *const queries[] = {"?x=1", "?x=1&x=2", "?%zz", "?x=%00", "?x=%ff&&=&y", "?"};
  for (gsize i = 0; i < G_N_ELEMENTS(queries); i++) {
    g_autofree char *path = g_strconcat(SYNC, queries[i], NULL);
    g_autoptr(Answer) answer = call("GET", path, .token = token);
    assert_status(answer, 200);
  }
}

#undef CASE
#define CASE(test) cmocka_unit_test_setup_teardown(test, before, harness_after)

int
main(void)
{
  const struct CMUnitTest tests[] = {
      CASE(test_a_body_that_is_no_json_object_is_refused),
      CASE(test_a_body_beyond_the_limit_is_refused),
      CASE(test_a_body_of_another_type_is_refused),
      CASE(test_an_empty_body_and_any_json_object_are_accepted),
      CASE(test_a_method_that_the_route_does_not_know_is_named_with_those_it_does),
      CASE(test_a_trailing_slash_changes_nothing),
      CASE(test_the_first_of_several_faults_is_the_one_that_is_told),
      CASE(test_head_is_get_without_the_body),
      CASE(test_an_unknown_path_is_a_json_404),
      CASE(test_a_query_beyond_2048_bytes_is_refused),
      CASE(test_unknown_parameters_are_ignored_however_they_look),
  };
  return RUN("http", tests);
}
