/* How Omie is called: over TLS that is verified, directly, at the agreed pace, by all processes
 * together (DESIGN "Calling an ERP"; fin.md 1.8, 5.1, 5.6, 5.7). */
#include "harness.h"

#include <string.h>

#define SHORT_WAITS "OMIE_TRANSIENT_WAITS_MS=10,10"

static void
test_a_certificate_of_another_authority_is_not_trusted(G_GNUC_UNUSED void **state)
{
  program_restart(SYNC_PROGRAM, SHORT_WAITS, "CURL_CA_BUNDLE=/etc/ssl/certs/ca-certificates.crt");
  omie_seed(3);
  assert_run_fails(502, "Omie: falha de conexão.");
  assert_int_equal(omie_calls(), 0);
}

/* The certificate is good, but for another name. */
static void
test_a_certificate_of_another_host_is_not_trusted(G_GNUC_UNUSED void **state)
{
  const char *port = strrchr(harness_env("PONTE_SANDBOX_URL"), ':') + 1;
  g_autofree char *url =
      g_strdup_printf("OMIE_API_BASE_URL=https://127.0.0.2:%s/omie/api/v1/", port);
  program_restart(SYNC_PROGRAM, SHORT_WAITS, url);
  omie_seed(3);
  assert_run_fails(502, "Omie: falha de conexão.");
  assert_int_equal(omie_calls(), 0);
}

/* Nothing listens there */
static void
test_an_omie_that_is_not_there_is_a_failed_connection(G_GNUC_UNUSED void **state)
{
  program_restart(SYNC_PROGRAM, SHORT_WAITS, "OMIE_API_BASE_URL=https://127.0.0.1:9/api/v1/");
  assert_run_fails(502, "Omie: falha de conexão.");
}

/* An http address would send the credentials in the clear: they stay here. */
static void
test_a_base_url_without_tls_is_never_called(G_GNUC_UNUSED void **state)
{
  g_autofree char *url =
      g_strconcat("OMIE_API_BASE_URL=", harness_env("PONTE_URL"), "/omie/", NULL);
  program_restart(SYNC_PROGRAM, SHORT_WAITS, url);
  g_autoptr(Answer) answer = sync_post();
  assert_error(answer, 500, NULL);
  assert_null(strstr(answer->body, harness_env("OMIE_APP_SECRET")));
  assert_last_run("status", "error");
}

static void
test_the_base_url_may_come_without_its_last_slash(G_GNUC_UNUSED void **state)
{
  g_autofree char *url =
      g_strconcat("OMIE_API_BASE_URL=", harness_env("PONTE_SANDBOX_URL"), "/omie/api/v1", NULL);
  program_restart(SYNC_PROGRAM, url);
  omie_seed(3);
  assert_int_equal(sync_ok(), 3);
}

/* 1.8 */
static void
test_proxies_of_the_environment_are_not_used(G_GNUC_UNUSED void **state)
{
  program_restart(SYNC_PROGRAM, "https_proxy=http://127.0.0.1:9", "HTTPS_PROXY=http://127.0.0.1:9",
                  "ALL_PROXY=http://127.0.0.1:9", "all_proxy=http://127.0.0.1:9");
  omie_seed(3);
  assert_int_equal(sync_ok(), 3);
}

/* 1.8: what a caller sends cannot become configuration */
static void
test_headers_of_a_caller_do_not_become_configuration(G_GNUC_UNUSED void **state)
{
  g_autofree char *token = token_for_role("fin");
  omie_seed(3);
  g_autoptr(Answer) answer = call("POST", SYNC, .token = token,
                                  .headers = {"Proxy: http://127.0.0.1:9", "Omie-App-Key: 1"});
  assert_status(answer, 200);
}

/* 5.1: a redirect is an answer like another */
static void
test_a_redirect_is_not_followed(G_GNUC_UNUSED void **state)
{
  program_restart(SYNC_PROGRAM, SHORT_WAITS);
  omie_seed(3);
  g_autofree char *elsewhere = g_strdup_printf("{\"Location\":\"%s/omie/api/v1/geral/clientes/\"}",
                                               harness_env("PONTE_SANDBOX_URL"));
  sql("insert into sandbox.omie_fault (status, times, headers, body) values (307, null, $1::jsonb, "
      "'')",
      elsewhere);
  g_autoptr(Answer) answer = sync_post();
  assert_status(answer, 502);
  assert_last_run("status", "error");
  assert_count(0, "fin.clients");
}

/* A place that another process holds */
static void
test_a_call_waits_while_another_process_holds_the_place(G_GNUC_UNUSED void **state)
{
  omie_seed(3);
  assert_int_equal(sync_ok(), 3);
  g_autofree char *account =
      sql_text("select split_part(key, ':', 1) from erp.rate_bucket limit 1");
  assert_non_null(account);
  five_minutes_pass();
  sql("insert into erp.call_slot (account, call, holder, expires_at)"
      " values ($1, 'ListarClientes', gen_random_uuid(), now() + interval '1 hour')",
      account);
  Pending *call = sync_start();
  WAIT_FOR(sql_number("select count(*) from pg_stat_activity where usename = 'ponte'"
                      "   and query like '%enter_call%'") > 0);
  assert_int_equal(omie_calls(), 1); /* of the first run */
  sql("delete from erp.call_slot");
  g_autoptr(Answer) answer = call_finish(call);
  assert_status(answer, 200);
  assert_int_equal(omie_calls(), 2);
}

/* The place of a process that died is free again after its time */
static void
test_the_place_of_a_dead_process_is_taken_over(G_GNUC_UNUSED void **state)
{
  omie_seed(3);
  assert_int_equal(sync_ok(), 3);
  five_minutes_pass();
  sql("insert into erp.call_slot (account, call, holder, expires_at)"
      " select split_part(key, ':', 1), 'ListarClientes', gen_random_uuid(), now() + interval '1 s'"
      "   from erp.rate_bucket limit 1");
  assert_int_equal(sync_ok(), 3);
}

/* The pace: no more calls a minute than configured, all processes together */
static void
test_calls_keep_the_configured_pace(G_GNUC_UNUSED void **state)
{
  program_restart(SYNC_PROGRAM, "OMIE_PAGE_SIZE=10", "OMIE_PER_MINUTE=300", "OMIE_BURST=1");
  omie_seed(60);
  assert_int_equal(sync_ok(), 60);
  assert_int_equal(omie_calls(), 6);
  assert_last_run("finished_at - started_at >= interval '0.99 s'", "true");
}

/* 5.6: without a limit pages follow each other at once */
static void
test_a_limit_of_zero_is_none(G_GNUC_UNUSED void **state)
{
  program_restart(SYNC_PROGRAM, "OMIE_PAGE_SIZE=10", "OMIE_PER_MINUTE=0");
  omie_setting("rate_per_minute", "0");
  omie_seed(600);
  assert_int_equal(sync_ok(), 600);
  assert_int_equal(omie_calls(), 60);
  assert_count(0, "erp.rate_bucket");
}

/* Neither key nor secret is stored anywhere among the shared state */
static void
test_the_shared_state_knows_no_key(G_GNUC_UNUSED void **state)
{
  omie_seed(3);
  omie_answer(.times = 1, .status = 502);
  program_restart(SYNC_PROGRAM, SHORT_WAITS);
  assert_int_equal(sync_ok(), 3);
  assert_sql(
      "0",
      "select count(*)::text from"
      " (select g::text as t from erp.call_guard g union all"
      "  select b::text from erp.rate_bucket b union all select s::text from erp.call_slot s) x"
      " where strpos(t, $1) > 0 or strpos(t, $2) > 0",
      harness_env("OMIE_APP_KEY"), harness_env("OMIE_APP_SECRET"));
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      CASE(test_a_certificate_of_another_authority_is_not_trusted),
      CASE(test_a_certificate_of_another_host_is_not_trusted),
      CASE(test_an_omie_that_is_not_there_is_a_failed_connection),
      CASE(test_a_base_url_without_tls_is_never_called),
      CASE(test_the_base_url_may_come_without_its_last_slash),
      CASE(test_proxies_of_the_environment_are_not_used),
      CASE(test_headers_of_a_caller_do_not_become_configuration),
      CASE(test_a_redirect_is_not_followed),
      CASE(test_a_call_waits_while_another_process_holds_the_place),
      CASE(test_the_place_of_a_dead_process_is_taken_over),
      CASE(test_calls_keep_the_configured_pace),
      CASE(test_a_limit_of_zero_is_none),
      CASE(test_the_shared_state_knows_no_key),
  };
  return RUN("calling out", tests);
}
