/* Whatever is lost, killed or asked for twice, a file arrives once (backoffice.md 6.10, 6.13, 6.14,
 * 8). */
#include "harness_transfer.h"

#include <signal.h>
#include <string.h>

/* One row is worked on again, and it is done. */
static void
assert_retry_completes(void)
{
  g_autoptr(Answer) answer = retry_pending();
  assert_status(answer, 200);
  assert_string_equal(answer->body,
                      "{\"total_processados\":1,\"sucessos\":1,\"falhas\":0,\"restantes\":0}");
  assert_sql("success 2 3 3", "select concat_ws(' ', status, tentativas, total_anexos,"
                              "  anexos_sucesso) from " TRANSFERS " order by id limit 1");
  assert_sql("[] 3", "select concat_ws(' ', em_envio, jsonb_array_length(anexos_transferidos))"
                     "  from " TRANSFERS " order by id limit 1");
}

static gint64
detail(const char *figure)
{
  return sql_number("select (detalhes ->> $1)::int from " TRANSFERS, figure);
}

/* ---- the answer is lost -------------------------------------------------------------------------
 */

/* B22 */
static void
test_a_file_included_without_an_answer_is_not_included_again(G_GNUC_UNUSED void **state)
{
  static const OmieEnd ends[] = {ENDS_IN_RESET, ENDS_IN_TIMEOUT_PAGE, ENDS_IN_BYEBYE,
                                 ENDS_AS_REPEATED};
  for (gsize i = 0; i < G_N_ELEMENTS(ends); i++) {
    worker_before(state);
    receipt_abc();
    omie_write_ends(INCLUDE_ATTACHMENT, 2, TRUE, ends[i]);
    g_autoptr(Answer) answer = transfer_now();
    assert_member(answer, "status", "failed");
    assert_figures(answer, "incluidos=2,erros_inclusao=1");
    assert_sql("[\"b.txt\"] t", "select concat_ws(' ', jsonb_path_query_array(em_envio, '$.nome'),"
                                "  proxima_tentativa_em is not null) from " TRANSFERS);
    assert_retry_completes();
    assert_int_equal(detail("ja_transferidos"), 3);
    assert_int_equal(detail("duplicados"), 0);
    assert_payable_is_a_copy();
    assert_int_equal(omie_calls_of(INCLUDE_ATTACHMENT), 3);
  }
}

/* B22, the other way round */
static void
test_a_file_lost_with_its_answer_is_included_by_the_next_attempt(G_GNUC_UNUSED void **state)
{
  static const OmieEnd ends[] = {ENDS_IN_RESET, ENDS_IN_TIMEOUT_PAGE, ENDS_IN_BYEBYE,
                                 ENDS_AS_REPEATED};
  for (gsize i = 0; i < G_N_ELEMENTS(ends); i++) {
    worker_before(state);
    receipt_abc();
    omie_write_ends(INCLUDE_ATTACHMENT, 2, FALSE, ends[i]);
    g_autoptr(Answer) answer = transfer_now();
    assert_figures(answer, "incluidos=2,erros_inclusao=1");
    assert_retry_completes();
    assert_int_equal(detail("ja_transferidos"), 2);
    assert_int_equal(detail("incluidos"), 1);
    assert_payable("a.txt,c.txt,b.txt");
  }
}

/* B22: a time limit */
static void
test_a_file_that_arrives_after_the_time_limit_is_not_included_again(G_GNUC_UNUSED void **state)
{
  program_restart(TRANSFER_PROGRAM, "OMIE_TIMEOUT_MS=600");
  receipt_abc();
  omie_answer(.method = INCLUDE_ATTACHMENT, .call = 3, .times = 1, .trick = "hang",
              .delay_ms = 2000);
  g_autoptr(Answer) answer = transfer_now();
  assert_not_sent(answer, 2, 3,
                  "1 de 3 anexos não transferidos: c.txt: Erro na comunicação com Omie: tempo "
                  "limite excedido");
  assert_sql("[\"c.txt\"]", "select jsonb_path_query_array(em_envio, '$.nome')::text"
                            "  from " TRANSFERS);
  assert_retry_completes();
  assert_int_equal(detail("ja_transferidos"), 3);
  assert_payable_is_a_copy();
  assert_int_equal(omie_calls_of(INCLUDE_ATTACHMENT), 3);
}

/* 5.4: Omie knows our code already: it is there */
static void
test_a_code_that_omie_knows_counts_as_included(G_GNUC_UNUSED void **state)
{
  receipt_file("a.txt", "content");
  method_fault(INCLUDE_ATTACHMENT, 1, "SOAP-ENV:Client-102",
               "ERROR: Anexo já cadastrado para o Código de Integração [B1] com o nIdAnexo [2] !");
  g_autoptr(Answer) answer = transfer_now();
  assert_sent(answer, 1, 1);
}

/* ---- the program is killed ----------------------------------------------------------------------
 */

#define SHORT_LEASE "JOB_LEASE_S=1"

/* The dead program's lease, and its places among the calls in flight, run out. */
static void
wait_for_its_lease(void)
{
  WAIT_FOR(sql_number("select count(*) from " TRANSFERS " where lease_ate >= now()") == 0);
  WAIT_FOR(sql_number("select count(*) from sandbox.omie_call where running") == 0);
  sql("update erp.call_slot set expires_at = now()");
}

/* kill -9 of the route while a call of this method waits in the sandbox, its work done. */
static void
kill_during(const char *method)
{
  program_restart(TRANSFER_PROGRAM, SHORT_LEASE);
  receipt_abc();
  calls_hold(method);
  Pending *call = transfer_start();
  WAIT_FOR(held_count() == 1);
  program_kill(TRANSFER_PROGRAM);
  omie_release();
  answer_free(call_finish(call));
  assert_sql("processing", "select status from " TRANSFERS);
  wait_for_its_lease();
}

static void
assert_worker_completes(void)
{
  worker_once(UNHURRIED);
  assert_sql("success 2 3", "select concat_ws(' ', status, tentativas, anexos_sucesso)"
                            "  from " TRANSFERS);
  assert_payable_is_a_copy();
}

/* B23 */
static void
test_a_kill_after_the_inclusion_includes_nothing_twice(G_GNUC_UNUSED void **state)
{
  kill_during(INCLUDE_ATTACHMENT);
  assert_payable("a.txt");
  assert_sql("[\"a.txt\"] 0",
             "select concat_ws(' ', jsonb_path_query_array(em_envio, '$.nome'), anexos_sucesso)"
             "  from " TRANSFERS);
  assert_worker_completes();
  assert_int_equal(omie_calls_of(INCLUDE_ATTACHMENT), 3);
  assert_int_equal(detail("ja_transferidos"), 1);
}

/* B24: before anything was sent */
static void
test_a_kill_before_the_inclusion_includes_once(G_GNUC_UNUSED void **state)
{
  kill_during(OBTAIN_ATTACHMENT);
  assert_payable("");
  assert_worker_completes();
  assert_int_equal(omie_calls_of(INCLUDE_ATTACHMENT), 3);
}

/* B24: the inclusion was announced, and never came to be */
static void
test_a_kill_between_announcing_and_including_includes_once(G_GNUC_UNUSED void **state)
{
  program_restart(TRANSFER_PROGRAM, SHORT_LEASE);
  receipt_abc();
  omie_answer(.method = INCLUDE_ATTACHMENT, .times = 1, .trick = "hang", .status = 500,
              .delay_ms = 1500);
  Pending *call = transfer_start();
  WAIT_FOR(omie_calls_of(INCLUDE_ATTACHMENT) == 1);
  assert_sql("[\"a.txt\"]", "select jsonb_path_query_array(em_envio, '$.nome')::text"
                            "  from " TRANSFERS);
  program_kill(TRANSFER_PROGRAM);
  answer_free(call_finish(call));
  wait_for_its_lease();
  assert_payable("");
  assert_worker_completes();
}

/* With no worker at all, reprocessing takes a dead program's transfer up */
static void
test_reprocessing_takes_up_what_a_killed_program_left(G_GNUC_UNUSED void **state)
{
  kill_during(INCLUDE_ATTACHMENT);
  assert_retry_completes();
  assert_payable_is_a_copy();
  assert_int_equal(omie_calls_of(INCLUDE_ATTACHMENT), 3);
}

/* The program's own connection is cut while Omie stores a file */
static void
test_a_cut_database_connection_includes_nothing_twice(G_GNUC_UNUSED void **state)
{
  program_restart(TRANSFER_PROGRAM, SHORT_LEASE);
  receipt_abc();
  calls_hold(INCLUDE_ATTACHMENT);
  Pending *call = transfer_start();
  WAIT_FOR(held_count() == 1);
  sql("select pg_terminate_backend(pid) from pg_stat_activity where usename = 'ponte'");
  omie_release();
  {
    g_autoptr(Answer) answer = call_finish(call);
    if (answer->status == 200) /* it could connect again in time */
      assert_sent(answer, 3, 3);
    else
      assert_error_code(answer, 503, "Serviço indisponível.", "database_unavailable");
  }
  wait_for_its_lease();
  worker_once(UNHURRIED);
  assert_sql("success 3", "select status || ' ' || anexos_sucesso from " TRANSFERS);
  assert_payable_is_a_copy();
}

/* ---- the program is asked to stop ---------------------------------------------------------------
 */

/* SIGTERM to the route while a call of this method waits in the sandbox. */
static void
stop_during(const char *method)
{
  program_restart(TRANSFER_PROGRAM, UNHURRIED);
  receipt_abc();
  calls_hold(method);
  Pending *call = transfer_start();
  WAIT_FOR(held_count() == 1);
  kill(program_parent(TRANSFER_PROGRAM), SIGTERM);
  omie_release();
  answer_free(call_finish(call));
  assert_sql("pending 1 t t",
             "select concat_ws(' ', status, tentativas, proxima_tentativa_em <= now(),"
             "  lease_token is null) from " TRANSFERS);
}

/* 14.7 */
static void
test_a_program_asked_to_stop_finishes_its_file_and_hands_the_rest_back(G_GNUC_UNUSED void **state)
{
  stop_during(INCLUDE_ATTACHMENT);
  assert_payable("a.txt");
  assert_sql("1 []", "select concat_ws(' ', anexos_sucesso, em_envio) from " TRANSFERS);
  assert_worker_completes();
}

/* 14.7: also when it had not come to the first file */
static void
test_a_program_asked_to_stop_while_listing_hands_all_back(G_GNUC_UNUSED void **state)
{
  stop_during(LIST_ATTACHMENTS);
  assert_worker_completes();
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      TRANSFER_CASE(test_a_file_included_without_an_answer_is_not_included_again),
      TRANSFER_CASE(test_a_file_lost_with_its_answer_is_included_by_the_next_attempt),
      TRANSFER_CASE(test_a_file_that_arrives_after_the_time_limit_is_not_included_again),
      TRANSFER_CASE(test_a_code_that_omie_knows_counts_as_included),
      TRANSFER_CASE(test_a_kill_after_the_inclusion_includes_nothing_twice),
      TRANSFER_CASE(test_a_kill_before_the_inclusion_includes_once),
      TRANSFER_CASE(test_a_kill_between_announcing_and_including_includes_once),
      TRANSFER_CASE(test_reprocessing_takes_up_what_a_killed_program_left),
      TRANSFER_CASE(test_a_cut_database_connection_includes_nothing_twice),
      TRANSFER_CASE(test_a_program_asked_to_stop_finishes_its_file_and_hands_the_rest_back),
      TRANSFER_CASE(test_a_program_asked_to_stop_while_listing_hands_all_back),
  };
  return RUN("transfer: repeats", tests);
}
