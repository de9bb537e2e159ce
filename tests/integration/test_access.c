/* Who gets in: roles, profiles, headers, the scheduler's secret (fin.md 2). */
#include "harness.h"

#include <string.h>

#define FORBIDDEN_POST "Sem permissão para sincronizar ERP. Apenas admin, superadmin, cfo ou fin."
#define FORBIDDEN      "Sem permissão. Apenas admin, superadmin, cfo ou fin."

static guint
status_of(const char *token)
{
  g_autoptr(Answer) answer = call("GET", SYNC, .token = token);
  return answer->status;
}

/* F33 */
static void
test_without_a_token_nobody_gets_in(G_GNUC_UNUSED void **state)
{
  static const char *const methods[] = {"POST", "GET"};
  for (gsize i = 0; i < G_N_ELEMENTS(methods); i++) {
    g_autoptr(Answer) answer = call(methods[i], SYNC);
    assert_error_code(answer, 401, "Não autenticado.", "unauthenticated");
    assert_header(answer, "www-authenticate", "Bearer");
  }
  assert_count(0, "fin.erp_sync_log");
}

/* 2.2: a cookie is no token here */
static void
test_a_cookie_is_not_looked_at(G_GNUC_UNUSED void **state)
{
  g_autofree char *token = token_for_role("fin");
  g_autofree char *cookie = g_strconcat("Cookie: sb-access-token=", token, NULL);
  g_autoptr(Answer) answer = call("GET", SYNC, .headers = {cookie});
  assert_error(answer, 401, "Não autenticado.");
}

/* F34 */
static void
test_other_roles_are_refused_and_leave_no_trace(G_GNUC_UNUSED void **state)
{
  static const char *const roles[] = {"sales", "ops",  "employee", "legal",
                                      "FIN",   " fin", "",         "system"};
  for (gsize i = 0; i < G_N_ELEMENTS(roles); i++) {
    g_autofree char *token = token_for_role(roles[i]);
    g_autoptr(Answer) start = call("POST", SYNC, .token = token);
    assert_error_code(start, 403, FORBIDDEN_POST, "forbidden");
    g_autoptr(Answer) show = call("GET", SYNC, .token = token);
    assert_error_code(show, 403, FORBIDDEN, "forbidden");
  }
  assert_count(0, "fin.erp_sync_log");
  assert_int_equal(omie_calls(), 0);
}

/* F35 */
static void
test_the_four_roles_may_start_a_run(G_GNUC_UNUSED void **state)
{
  static const char *const roles[] = {"admin", "superadmin", "cfo", "fin"};
  omie_seed(1);
  for (gsize i = 0; i < G_N_ELEMENTS(roles); i++) {
    g_autofree char *token = token_for_role(roles[i]);
    g_autoptr(Answer) answer = call("POST", SYNC, .token = token);
    assert_status(answer, 200);
    five_minutes_pass();
  }
}

/* F40 */
static void
test_a_role_that_the_user_or_the_database_wrote_counts_for_nothing(G_GNUC_UNUSED void **state)
{
  static const char *const changes[] = {
      "{\"user_metadata\":{\"role\":\"admin\"}}",
      "{\"role\":\"authenticated\"}",
      "{\"role\":\"service_role\"}",
      "{\"role\":\"admin\"}",
  };
  for (gsize i = 0; i < G_N_ELEMENTS(changes); i++) {
    g_autofree char *token = token_with(NULL, changes[i]);
    g_autoptr(Answer) answer = call("GET", SYNC, .token = token);
    assert_error_code(answer, 403, FORBIDDEN, "forbidden");
  }
}

/* F41 */
static void
test_the_role_in_the_token_counts_when_there_is_no_profile(G_GNUC_UNUSED void **state)
{
  g_autofree char *token = token_for_role("fin");
  assert_int_equal(status_of(token), 200);
}

/* F42 */
static void
test_a_profile_decides_over_the_token(G_GNUC_UNUSED void **state)
{
  g_autofree char *admin = token_for_role("admin");
  g_autofree char *sales = token_for_role("sales");
  profile_put(USER_ID, "employee", TRUE);
  assert_int_equal(status_of(admin), 403);
  profile_put(USER_ID, "fin", FALSE);
  assert_int_equal(status_of(admin), 403);
  profile_put(USER_ID, "fin", TRUE);
  assert_int_equal(status_of(sales), 200);
}

/* DESIGN "Access": where the role comes from is configuration */
static void
test_the_role_source_is_configuration(G_GNUC_UNUSED void **state)
{
  g_autofree char *token = token_with("fin", "{\"grupo\":{\"papel\":\"cfo\"}}");
  program_restart(SYNC_PROGRAM, "JWT_ROLE_SOURCE=profiles");
  assert_int_equal(status_of(token), 403);
  program_restart(SYNC_PROGRAM, "JWT_ROLE_SOURCE=claim");
  profile_put(USER_ID, "employee", TRUE);
  assert_int_equal(status_of(token), 200);
  program_restart(SYNC_PROGRAM, "JWT_ROLE_SOURCE=claim", "JWT_ROLE_CLAIM=grupo.papel",
                  "ROLES_FIN=cfo");
  assert_int_equal(status_of(token), 200);
  program_restart(SYNC_PROGRAM, "ROLES_FIN=cfo");
  profile_put(USER_ID, "fin", TRUE);
  assert_int_equal(status_of(token), 403);
}

/* 2.2 */
static void
test_the_authorization_header_is_read_strictly(G_GNUC_UNUSED void **state)
{
  g_autofree char *token = token_for_role("fin");
  g_autofree char *lower = g_strconcat("authorization: bearer ", token, NULL);
  g_autofree char *twice = g_strconcat("Authorization: Bearer ", token, NULL);
  g_autofree char *spaces = g_strconcat("Authorization: Bearer  ", token, NULL);
  g_autofree char *basic = g_strconcat("Authorization: Basic ", token, NULL);
  g_autoptr(Answer) good = call("GET", SYNC, .headers = {lower});
  assert_status(good, 200);
  g_autoptr(Answer) doubled = call("GET", SYNC, .headers = {twice, twice});
  assert_in_range(doubled->status, 400, 401); /* nginx may refuse the repetition by itself */
  g_autoptr(Answer) spaced = call("GET", SYNC, .headers = {spaces});
  assert_error(spaced, 401, "Não autenticado.");
  g_autoptr(Answer) other = call("GET", SYNC, .headers = {basic});
  assert_error(other, 401, "Não autenticado.");
  g_autoptr(Answer) empty = call("GET", SYNC, .headers = {"Authorization: Bearer "});
  assert_error(empty, 401, "Não autenticado.");
}

/* 2.12: a bearer that is present decides alone */
static void
test_a_wrong_bearer_is_not_rescued_by_the_second_header(G_GNUC_UNUSED void **state)
{
  g_autofree char *header = g_strconcat("x-cron-secret: ", harness_env("CRON_SECRET"), NULL);
  g_autoptr(Answer) answer = call("POST", SYNC, .token = "wrong", .headers = {header});
  assert_error(answer, 401, "Não autenticado.");
  g_autoptr(Answer) wrong =
      call("POST", SYNC, .headers = {"x-cron-secret: wrong-secret-0123456789"});
  assert_error(wrong, 401, "Não autenticado.");
  assert_count(0, "fin.erp_sync_log");
}

/* The scheduler's secret starts runs, and does nothing else */
static void
test_the_schedulers_secret_does_not_read_the_log(G_GNUC_UNUSED void **state)
{
  g_autoptr(Answer) bearer = call("GET", SYNC, .token = harness_env("CRON_SECRET"));
  assert_in_range(bearer->status, 401, 403);
  g_autofree char *header = g_strconcat("x-cron-secret: ", harness_env("CRON_SECRET"), NULL);
  g_autoptr(Answer) second = call("GET", SYNC, .headers = {header});
  assert_in_range(second->status, 401, 403);
}

/* Settled points: no secret, or a short one, is never open */
static void
test_a_missing_or_short_cron_secret_is_never_open(G_GNUC_UNUSED void **state)
{
  program_restart(SYNC_PROGRAM, "CRON_SECRET=");
  g_autoptr(Answer) missing = call("POST", SYNC, .headers = {"x-cron-secret: x"});
  assert_error(missing, 500, "CRON_SECRET não configurado.");
  program_restart(SYNC_PROGRAM, "CRON_SECRET=fifteen-letters");
  g_autoptr(Answer) small = call("POST", SYNC, .headers = {"x-cron-secret: fifteen-letters"});
  assert_error(small, 500, "CRON_SECRET não configurado.");
  g_autoptr(Answer) bearer = call("POST", SYNC, .token = "fifteen-letters");
  assert_true(bearer->status == 401 || bearer->status == 500);
  assert_count(0, "fin.erp_sync_log");
}

/* 2.8: who someone is cannot be told while the database is away */
static void
test_while_the_database_is_away_a_role_cannot_be_looked_up(G_GNUC_UNUSED void **state)
{
  postgres_stop();
  g_autoptr(Answer) answer = sync_get();
  postgres_start();
  assert_error_code(answer, 503, "Serviço indisponível.", "database_unavailable");
  assert_header(answer, "retry-after", "5");
  g_autoptr(Answer) again = sync_get();
  assert_status(again, 200);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      CASE(test_without_a_token_nobody_gets_in),
      CASE(test_a_cookie_is_not_looked_at),
      CASE(test_other_roles_are_refused_and_leave_no_trace),
      CASE(test_the_four_roles_may_start_a_run),
      CASE(test_a_role_that_the_user_or_the_database_wrote_counts_for_nothing),
      CASE(test_the_role_in_the_token_counts_when_there_is_no_profile),
      CASE(test_a_profile_decides_over_the_token),
      CASE(test_the_role_source_is_configuration),
      CASE(test_the_authorization_header_is_read_strictly),
      CASE(test_a_wrong_bearer_is_not_rescued_by_the_second_header),
      CASE(test_the_schedulers_secret_does_not_read_the_log),
      CASE(test_a_missing_or_short_cron_secret_is_never_open),
      CASE(test_while_the_database_is_away_a_role_cannot_be_looked_up),
  };
  return RUN("access", tests);
}
