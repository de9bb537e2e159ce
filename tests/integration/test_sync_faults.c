/* What a person reads when Omie fails, and what is stored by then (fin.md 5.4 to 5.9, 6.8). */
#include "harness.h"

#include <string.h>

#define SHORT_WAITS                                                                                \
  "OMIE_TRANSIENT_WAITS_MS=10,10", "OMIE_BUSY_WAITS_MS=10,10", "OMIE_RATE_WAITS_MS=10,10,10"

/* F22 */
static void
test_a_fault_on_page_two_keeps_page_one(G_GNUC_UNUSED void **state)
{
  program_restart(SYNC_PROGRAM, "OMIE_PAGE_SIZE=50");
  omie_seed(120);
  omie_fault(2, 500, "SOAP-ENV:Client-105", "ERROR: Algo deu errado!");
  assert_run_fails(502, "Omie API 500: ERROR: Algo deu errado!");
  assert_last_run("record_count", "50");
  assert_count(50, "fin.clients");
  g_autofree char *pages = omie_pages();
  assert_string_equal(pages, "1,2");
}

/* F23 */
static void
test_a_refused_key_is_tried_once(G_GNUC_UNUSED void **state)
{
  omie_answer(.status = 401, .body = "{\"faultstring\":\"Chave inv\\u00e1lida.\"}");
  assert_run_fails(502, "Omie API 401: Chave inválida.");
  assert_int_equal(omie_calls(), 1);
}

/* F23: the refusal that Omie itself gives */
static void
test_a_suspended_app_is_tried_once(G_GNUC_UNUSED void **state)
{
  sql("update sandbox.omie_app set suspended = true");
  assert_run_fails(502,
                   "Omie API 403: A chave de acesso está inválida ou o aplicativo está suspenso.");
  assert_int_equal(omie_calls(), 1);
}

/* F24 */
static void
test_an_omie_that_never_answers_is_a_time_limit(G_GNUC_UNUSED void **state)
{
  program_restart(SYNC_PROGRAM, SHORT_WAITS, "OMIE_TIMEOUT_MS=1000");
  g_autofree char *rows = undisturbed_rows(3);
  omie_hold(1);
  g_autoptr(Answer) answer = sync_post();
  assert_error_code(answer, 504, "Omie: tempo limite de 1 s excedido.", "upstream_timeout");
  assert_last_run("error_message", "Omie: tempo limite de 1 s excedido.");
  omie_release();
  assert_next_run_leaves(rows, 3);
}

/* F26 */
static void
test_a_long_fault_is_cut_at_500_characters_for_log_and_caller(G_GNUC_UNUSED void **state)
{
  g_autofree char *body = sql_text("select sandbox.omie_fault_text('X-1', repeat('ção', 300))");
  omie_answer(.status = 500, .body = body);
  g_autoptr(Answer) answer = sync_post();
  assert_status(answer, 502);
  const char *text = answer_text(answer, "error");
  assert_true(g_utf8_validate(text, -1, NULL));
  assert_int_equal(g_utf8_strlen(text, -1), 500);
  assert_sql("t",
             "select error_message = $1 and starts_with($1, 'Omie API 500: çãoção')"
             "  from fin.erp_sync_log",
             text);
}

/* F27 */
static void
test_a_fault_that_echoes_the_secret_shows_it_nowhere(G_GNUC_UNUSED void **state)
{
  gsize mark = program_log_mark(SYNC_PROGRAM);
  const char *secret = harness_env("OMIE_APP_SECRET"), *key = harness_env("OMIE_APP_KEY");
  g_autofree char *fault = g_strdup_printf("ERROR: chave %s, segredo %s!", key, secret);
  omie_fault(0, 500, "SOAP-ENV:Client-101", fault);
  g_autoptr(Answer) answer = sync_post();
  assert_error(answer, 502, "Omie API 500: ERROR: chave ***, segredo ***!");
  assert_last_run("error_message", "Omie API 500: ERROR: chave ***, segredo ***!");
  g_autofree char *log = program_log_since(SYNC_PROGRAM, mark);
  assert_true(strlen(log) > 0);
  assert_null(strstr(log, secret));
  assert_null(strstr(log, key));
}

/* F28 */
static void
test_a_redundant_call_is_repeated_after_the_time_that_omie_names(G_GNUC_UNUSED void **state)
{
  omie_seed(3);
  g_autofree char *body = sql_text(
      "select sandbox.omie_fault_text('SOAP-ENV:Client-6', 'ERROR: Consumo redundante detectado."
      " Aguarde 2 segundos para tentar novamente (REDUNDANT).')");
  omie_answer(.times = 1, .status = 500, .body = body);
  assert_int_equal(sync_ok(), 3);
  assert_int_equal(omie_calls(), 2);
  assert_sql("t", "select max(at) - min(at) between '3 s' and '6 s' from sandbox.omie_call");
}

/* F29 */
static void
test_a_block_ends_the_run_and_holds_back_the_next(G_GNUC_UNUSED void **state)
{
  static const char text[] =
      "API bloqueada por consumo indevido. Tente novamente em 1764 segundos.";
  g_autofree char *body =
      sql_text("select sandbox.omie_fault_text('MISUSE_API_PROCESS', $1)", text);
  g_autofree char *expected = g_strconcat("Omie API 425: ", text, NULL);
  omie_seed(3);
  omie_answer(.status = 425, .body = body);
  assert_run_fails(502, expected);
  assert_int_equal(omie_calls(), 1);
  assert_sql("t",
             "select max(blocked_until) - now() between '1700 s' and '1764 s' from erp.call_guard");
  five_minutes_pass();
  assert_run_fails(502, "Omie: chamadas suspensas para evitar bloqueio.");
  assert_int_equal(omie_calls(), 1);
}

/* 5.7 */
static void
test_eight_errors_within_half_an_hour_hold_calls_back(G_GNUC_UNUSED void **state)
{
  omie_fault(0, 500, "SOAP-ENV:Client-105", "ERROR: Outra vez!");
  for (guint i = 0; i < 8; i++) {
    assert_run_fails(502, "Omie API 500: ERROR: Outra vez!");
    five_minutes_pass();
  }
  assert_run_fails(502, "Omie: chamadas suspensas para evitar bloqueio.");
  assert_int_equal(omie_calls(), 8);
  sql("update erp.call_guard set errors = array(select e - interval '31 min' from unnest(errors) "
      "e)");
  omie_answers_clear();
  omie_seed(1);
  five_minutes_pass();
  assert_int_equal(sync_ok(), 1);
}

/* F83 */
static void
test_an_answer_above_16_mib_is_refused_in_bounded_memory(G_GNUC_UNUSED void **state)
{
  program_restart(SYNC_PROGRAM, SHORT_WAITS);
  sql("insert into sandbox.omie_fault (status, times, content_type, body) values"
      " (200, null, 'application/json', '{\"x\":\"' || repeat('a', 16777216 + 1 - 8) || '\"}')");
  G_GNUC_UNUSED gint64 before = program_peak_kib(SYNC_PROGRAM);
  g_autoptr(Answer) answer = sync_post();
  assert_status(answer, 502);
  assert_last_run("status", "error");
#ifndef __SANITIZE_ADDRESS__ /* which keeps freed memory for a while */
  assert_true(program_peak_kib(SYNC_PROGRAM) - before < 48 * 1024);
#endif
}

/* 6.8: the run's own time limit */
static void
test_a_run_that_takes_too_long_ends_by_itself(G_GNUC_UNUSED void **state)
{
  program_restart(SYNC_PROGRAM, "FIN_SYNC_DEADLINE_S=2", "OMIE_RATE_WAITS_MS=60000");
  omie_answer(.status = 429);
  gint64 start = g_get_monotonic_time();
  g_autoptr(Answer) answer = sync_post();
  assert_error_code(answer, 504, "Tempo limite da sincronização excedido.", "deadline_exceeded");
  assert_last_run("error_message", "Tempo limite da sincronização excedido.");
  assert_true(g_get_monotonic_time() - start < 10 * G_USEC_PER_SEC);
}

/* 6.7c: a row that the database refuses ends the run */
static void
test_a_refused_row_ends_the_run_and_keeps_the_pages_before(G_GNUC_UNUSED void **state)
{
  program_restart(SYNC_PROGRAM, "OMIE_PAGE_SIZE=50");
  omie_seed(120);
  g_autofree char *victim =
      sql_text("select id::text from sandbox.omie_client where position = 75");
  sql("create schema if not exists probe");
  sql("create or replace function probe.refuse() returns trigger language plpgsql as $$"
      "  begin if new.omie_codigo = tg_argv[0] then raise exception 'refused by the test'; end if;"
      "  return new; end $$");
  g_autofree char *trigger =
      g_strdup_printf("create trigger probe_refuse before insert on fin.clients for each row"
                      " execute function probe.refuse('%s')",
                      victim);
  sql(trigger);
  g_autoptr(Answer) answer = sync_post();
  sql("drop schema probe cascade");
  assert_error(answer, 500, "Erro interno.");
  assert_last_run("status", "error");
  assert_last_run("record_count", "50");
  assert_count(50, "fin.clients");
  five_minutes_pass();
  assert_int_equal(sync_ok(), 120);
  assert_count(120, "fin.clients");
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      CASE(test_a_fault_on_page_two_keeps_page_one),
      CASE(test_a_refused_key_is_tried_once),
      CASE(test_a_suspended_app_is_tried_once),
      CASE(test_an_omie_that_never_answers_is_a_time_limit),
      CASE(test_a_long_fault_is_cut_at_500_characters_for_log_and_caller),
      CASE(test_a_fault_that_echoes_the_secret_shows_it_nowhere),
      CASE(test_a_redundant_call_is_repeated_after_the_time_that_omie_names),
      CASE(test_a_block_ends_the_run_and_holds_back_the_next),
      CASE(test_eight_errors_within_half_an_hour_hold_calls_back),
      CASE(test_an_answer_above_16_mib_is_refused_in_bounded_memory),
      CASE(test_a_run_that_takes_too_long_ends_by_itself),
      CASE(test_a_refused_row_ends_the_run_and_keeps_the_pages_before),
  };
  return RUN("sync: faults", tests);
}
