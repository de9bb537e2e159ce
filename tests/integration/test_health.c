/* What a load balancer is told. */
#include "harness.h"

#include <string.h>

static void
test_a_healthy_stack_says_so_without_a_login(G_GNUC_UNUSED void **state)
{
  g_autoptr(Answer) answer = call("GET", HEALTH);
  assert_status(answer, 200);
  assert_true(json_is_true(json_object_get(answer->json, "ok")));
  assert_member(answer, "process", "ok");
  assert_member(answer, "database", "ok");
  const json_t *levels = json_object_get(answer->json, "migrations");
  gint64 newest = sql_number("select max(level) from ponte.schema_migrations");
  assert_int_equal(json_integer_value(json_object_get(levels, "current")), newest);
  assert_int_equal(json_integer_value(json_object_get(levels, "expected")), newest);
  assert_header(answer, "cache-control", "no-store");
}

static void
test_health_shows_no_secret_and_no_address(G_GNUC_UNUSED void **state)
{
  g_autoptr(Answer) answer = call("GET", HEALTH);
  static const char *const words[] = {"host=",  "user=", "postgres", "/",
                                      "secret", "key",   "version"};
  for (gsize i = 0; i < G_N_ELEMENTS(words); i++)
    assert_null(strstr(answer->body, words[i]));
}

static void
test_health_is_503_while_the_database_is_away_and_then_200_again(G_GNUC_UNUSED void **state)
{
  g_autoptr(Answer) before = call("GET", HEALTH);
  assert_status(before, 200);
  postgres_stop();
  g_autoptr(Answer) away = call("GET", HEALTH);
  g_autoptr(Answer) still = call("GET", HEALTH);
  postgres_start();
  assert_error_code(away, 503, "Serviço indisponível.", "database_unavailable");
  assert_error_code(still, 503, "Serviço indisponível.", "database_unavailable");
  assert_non_null(answer_header(away, "retry-after"));
  g_autoptr(Answer) back = call("GET", HEALTH);
  assert_status(back, 200);
}

/* A program that is newer than its database */
static void
test_health_is_503_while_migrations_are_pending(G_GNUC_UNUSED void **state)
{
  sql("create table public.probe_level as select * from ponte.schema_migrations"
      " where level = (select max(level) from ponte.schema_migrations)");
  sql("delete from ponte.schema_migrations where level = (select level from public.probe_level)");
  g_autoptr(Answer) behind = call("GET", HEALTH);
  sql("insert into ponte.schema_migrations select * from public.probe_level");
  sql("drop table public.probe_level");
  assert_error(behind, 503, NULL);
  g_autoptr(Answer) back = call("GET", HEALTH);
  assert_status(back, 200);
}

static void
test_health_answers_head_and_refuses_other_methods(G_GNUC_UNUSED void **state)
{
  g_autoptr(Answer) head = call("HEAD", HEALTH "/");
  assert_status(head, 200);
  assert_int_equal(head->length, 0);
  g_autoptr(Answer) post = call("POST", HEALTH);
  assert_error_code(post, 405, "Método não permitido.", "method_not_allowed");
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      CASE(test_a_healthy_stack_says_so_without_a_login),
      CASE(test_health_shows_no_secret_and_no_address),
      CASE(test_health_is_503_while_the_database_is_away_and_then_200_again),
      CASE(test_health_is_503_while_migrations_are_pending),
      CASE(test_health_answers_head_and_refuses_other_methods),
  };
  return RUN("health", tests);
}
