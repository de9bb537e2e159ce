/* The id that every request carries, and what a log line may hold (fin.md 15). */
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

/* DESIGN: every request carries an id */
static void
test_a_well_formed_request_id_comes_back_and_is_logged(G_GNUC_UNUSED void **state)
{
  gsize mark = program_log_mark(SYNC_PROGRAM);
  g_autoptr(Answer) answer =
      call("GET", SYNC, .token = token, .headers = {"X-Request-Id: pedido_0123-abc"});
  assert_status(answer, 200);
  assert_header(answer, "x-request-id", "pedido_0123-abc");
  g_autoptr(Answer) refused = call("GET", SYNC, .headers = {"X-Request-Id: pedido_0123-abc"});
  assert_error(refused, 401, NULL);
  assert_member(refused, "requestId", "pedido_0123-abc");
  g_autofree char *log = program_log_since(SYNC_PROGRAM, mark);
  assert_non_null(strstr(log, "pedido_0123-abc"));
}

static void
test_a_missing_or_malformed_request_id_is_replaced(G_GNUC_UNUSED void **state)
{
  g_autofree char *endless = g_strnfill(80, 'x');
  g_autofree char *too_long = g_strconcat("X-Request-Id: ", endless, NULL);
  const char *const headers[] = {NULL, "X-Request-Id: short", "X-Request-Id: has space in it",
                                 "X-Request-Id: <script>1</script>", too_long};
  g_autofree char *last = NULL;
  for (gsize i = 0; i < G_N_ELEMENTS(headers); i++) {
    g_autoptr(Answer) answer = call("GET", SYNC, .token = token, .headers = {headers[i]});
    assert_status(answer, 200);
    const char *id = answer_header(answer, "x-request-id");
    assert_non_null(id);
    assert_in_range(strlen(id), 8, 64);
    assert_null(strpbrk(id, " <>"));
    assert_true(headers[i] == NULL || strstr(headers[i], id) == NULL);
    assert_string_not_equal(id, last != NULL ? last : "");
    g_free(last);
    last = g_strdup(id);
  }
}

/* 15.1: what a log line may hold */
static void
test_the_log_tells_of_each_request_and_no_secret(G_GNUC_UNUSED void **state)
{
  runs_age("301 s");
  omie_put(
      "{\"codigo_cliente_omie\":1,\"razao_social\":\"PESSOA UNICA\",\"email\":\"pessoa@unica.com\","
      "\"cnpj_cpf\":\"11.222.333/0001-81\"}");
  gsize mark = program_log_mark(SYNC_PROGRAM);
  assert_int_equal(sync_ok(), 1);
  g_autoptr(Answer) cron = call("POST", SYNC, .token = harness_env("CRON_SECRET"));
  assert_status(cron, 429);
  g_autoptr(Answer) shown = call("GET", SYNC "?email=a@b.com", .token = token);
  assert_status(shown, 200);
  WAIT_FOR(program_has_logged(SYNC_PROGRAM, mark, "\"GET\""));
  g_autofree char *log = program_log_since(SYNC_PROGRAM, mark);
  assert_non_null(strstr(log, USER_ID));
  assert_non_null(strstr(log, "cron"));
  const char *const secrets[] = {token,
                                 harness_env("CRON_SECRET"),
                                 harness_env("JWT_SECRET"),
                                 harness_env("OMIE_APP_KEY"),
                                 harness_env("OMIE_APP_SECRET"),
                                 "PESSOA UNICA",
                                 "pessoa@unica.com",
                                 "11222333000181",
                                 "11.222.333",
                                 "a@b.com"};
  for (gsize i = 0; i < G_N_ELEMENTS(secrets); i++) {
    if (strstr(log, secrets[i]) != NULL)
      fail_msg("the log holds secret number %u", (guint)i);
  }
  g_auto(GStrv) lines = g_strsplit(g_strchomp(log), "\n", -1);
  for (char **line = lines; *line != NULL; line++) {
    g_autoptr(json_t) object = json_loads(*line, 0, NULL);
    if (!json_is_object(object))
      fail_msg("no JSON object in the log: %s", *line);
  }
}

#undef CASE
#define CASE(test) cmocka_unit_test_setup_teardown(test, before, harness_after)

int
main(void)
{
  const struct CMUnitTest tests[] = {
      CASE(test_a_well_formed_request_id_comes_back_and_is_logged),
      CASE(test_a_missing_or_malformed_request_id_is_replaced),
      CASE(test_the_log_tells_of_each_request_and_no_secret),
  };
  return RUN("logging", tests);
}
