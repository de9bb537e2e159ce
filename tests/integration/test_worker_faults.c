/* Workers that are stopped, paused, killed, or cut off: whatever was begun is done exactly once
 * (backoffice.md 14.4 to 14.9). */
#include "harness_worker.h"

#include <signal.h>
#include <string.h>

#define FILES 3

/* A transfer of FILES files that a worker of its own has begun: a call of `method` waits. */
static gint64
begin_transfer(const char *method)
{
  pair_put(1, 2, FILES);
  gint64 id = transfer_put(1, 2);
  calls_hold(method);
  WAIT_FOR(held_count() == 1);
  return id;
}

/* What a dead program held of Omie is free after a while: here at once. */
static void
places_free(void)
{
  sql("truncate erp.call_slot");
}

static void
wait_for_end_of_lease(void)
{
  WAIT_FOR(sql_number("select (select count(*) from " TRANSFERS " where lease_ate < now())"
                      "     + (select count(*) from " CLOSURES " where lease_ate < now())") == 1);
}

/* Each file is there, and once. */
static void
assert_done(gint64 id, const char *attempts)
{
  assert_transfer(id, "status || tentativas", attempts);
  assert_transfer(id, "anexos_sucesso || ' ' || em_envio", "3 []");
  assert_transfer(id, "mensagem_erro", "(null)");
  assert_transfer(id, "lease_token is null and worker is null and processado_em is not null",
                  "true");
  assert_sql("antes.pdf,nota-1.pdf,nota-2.pdf,nota-3.pdf",
             "select string_agg(name, ',' order by name) from sandbox.omie_attachment"
             " where register = 'conta-pagar' and document = 2");
}

static void
assert_handed_back(gint64 id)
{
  assert_transfer(id, "status || tentativas", "pending1");
  assert_transfer(id,
                  "proxima_tentativa_em <= now() and lease_token is null and lease_ate is null"
                  " and worker is null",
                  "true");
}

static void
ask_to_stop(void)
{
  kill(program_parent(WORKER), SIGTERM);
}

/* B35 */
static void
test_a_worker_asked_to_stop_finishes_its_file_and_hands_back(G_GNUC_UNUSED void **state)
{
  worker_start("JOB_WORKERS=1", UNHURRIED);
  gint64 id = begin_transfer(INCLUDE_ATTACHMENT);
  ask_to_stop();
  omie_release();
  WAIT_FOR(program_parent(WORKER) == 0);
  assert_handed_back(id);
  assert_transfer(id, "anexos_sucesso || ' ' || em_envio", "1 []");
  assert_int_equal(omie_calls_of(INCLUDE_ATTACHMENT), 1);
  worker_once(UNHURRIED);
  assert_done(id, "success2");
  assert_int_equal(omie_calls_of(INCLUDE_ATTACHMENT), FILES);
}

/* 14.7: also before the first file */
static void
test_a_worker_asked_to_stop_while_it_lists_hands_back(G_GNUC_UNUSED void **state)
{
  worker_start("JOB_WORKERS=1", UNHURRIED);
  gint64 id = begin_transfer(LIST_ATTACHMENTS);
  ask_to_stop();
  omie_release();
  WAIT_FOR(program_parent(WORKER) == 0);
  assert_handed_back(id);
  worker_once(UNHURRIED);
  assert_done(id, "success2");
}

/* 14.7: a wait is not sat out */
static void
test_a_worker_asked_to_stop_does_not_sit_out_a_wait(G_GNUC_UNUSED void **state)
{
  pair_put(1, 2, FILES);
  omie_answer(.method = LIST_ATTACHMENTS, .times = 1, .status = 429);
  worker_start("JOB_WORKERS=1", NO_RATE, "OMIE_RATE_WAITS_MS=100000");
  gint64 id = transfer_put(1, 2);
  WAIT_FOR(sql_number("select count(*) from sandbox.omie_call where status = 429") == 1);
  ask_to_stop();
  WAIT_FOR(program_parent(WORKER) == 0);
  assert_handed_back(id);
}

/* 14.7: what has no attempts left is not handed to anybody */
static void
test_the_last_attempt_handed_back_is_a_failure(G_GNUC_UNUSED void **state)
{
  worker_start("JOB_WORKERS=1", UNHURRIED);
  gint64 id = begin_transfer(INCLUDE_ATTACHMENT);
  sql("update " TRANSFERS " set tentativas = 3");
  ask_to_stop();
  omie_release();
  WAIT_FOR(program_parent(WORKER) == 0);
  assert_transfer(id, "status || tentativas", "failed3");
  assert_transfer(id, "mensagem_erro", "Processamento interrompido");
  assert_transfer(id, "proxima_tentativa_em is null and processado_em is not null", "true");
}

/* 14.7: a closing that was sent is finished, its confirmation too */
static void
test_a_worker_asked_to_stop_finishes_its_closing(G_GNUC_UNUSED void **state)
{
  order_put("PO123", "Aberto");
  worker_start("JOB_WORKERS=1", UNHURRIED);
  calls_hold(CLOSE_ORDER);
  gint64 id = closure_put("PO123", NULL);
  WAIT_FOR(held_count() == 1);
  ask_to_stop();
  omie_release();
  WAIT_FOR(program_parent(WORKER) == 0);
  assert_closure(id, "status || tentativas", "success1");
  assert_closure(id, "detalhes ->> 'confirmado'", "true");
}

/* 14.7: a program that somebody waits for hands its job to the workers */
static void
test_a_route_asked_to_stop_hands_back(G_GNUC_UNUSED void **state)
{
  program_restart("attachments/transferir", UNHURRIED);
  pair_put(1, 2, FILES);
  calls_hold(LIST_ATTACHMENTS);
  Pending *call = call_start("POST", TRANSFER, .token = fin_token(),
                             .body = "{\"origem_id\":1,\"destino_id\":2}");
  WAIT_FOR(held_count() == 1);
  kill(program_parent("attachments/transferir"), SIGTERM);
  omie_release();
  g_autoptr(Answer) answer = call_finish(call);
  assert_true(answer->status == 200 || answer->status == 503);
  assert_handed_back(1);
  worker_once(UNHURRIED);
  assert_done(1, "success2");
}

static void
test_an_idle_worker_leaves_at_once(G_GNUC_UNUSED void **state)
{
  worker_start("JOB_WORKERS=2", "JOB_POLL_MS=600000", "JOB_SWEEP_MS=600000");
  WAIT_FOR(sql_number("select count(*) from ponte.worker_heartbeat") == 2);
  gint64 begun = g_get_monotonic_time();
  ask_to_stop();
  WAIT_FOR(program_parent(WORKER) == 0);
  assert_true(g_get_monotonic_time() - begun < 5 * G_USEC_PER_SEC);
}

/* B36: a worker is paused in a call of `method`, longer than its lease; another one does the job */
static void
pause_in(const char *method)
{
  worker_start("JOB_WORKERS=1", "JOB_LEASE_S=1", "JOB_SWEEP_MS=600000", UNHURRIED);
  gint64 id = begin_transfer(method);
  gsize mark = program_log_mark(WORKER);
  worker_pause();
  omie_release();
  wait_for_end_of_lease();
  places_free();
  worker_once(UNHURRIED);
  assert_done(id, "success2");
  gint64 calls = sql_number("select count(*) from sandbox.omie_call");
  g_autofree char *row = transfer_column(id, "attachment_transfer_log");
  worker_resume();
  WAIT_FOR(program_has_logged(WORKER, mark, "job lost"));
  g_autofree char *later = transfer_column(id, "attachment_transfer_log");
  assert_string_equal(later, row);
  assert_int_equal(sql_number("select count(*) from sandbox.omie_call"), calls);
  assert_done(id, "success2");
  assert_int_equal(program_worker_count(WORKER), 1); /* and is there for the next job */
}

static void
test_a_worker_paused_while_it_lists_changes_nothing_later(G_GNUC_UNUSED void **state)
{
  pause_in(LIST_ATTACHMENTS);
}

static void
test_a_worker_paused_in_an_inclusion_changes_nothing_later(G_GNUC_UNUSED void **state)
{
  pause_in(INCLUDE_ATTACHMENT);
}

/* B36: paused in its very last call, so that nothing but the end of the job is left to do */
static void
test_a_result_that_comes_too_late_is_not_written(G_GNUC_UNUSED void **state)
{
  order_put("PO123", "Aberto");
  omie_answer(.method = CONSULT_ORDER, .call = 2, .times = 1, .trick = "hang", .delay_ms = 2000);
  worker_start("JOB_WORKERS=1", "JOB_LEASE_S=1", "JOB_SWEEP_MS=600000", UNHURRIED);
  gsize mark = program_log_mark(WORKER);
  gint64 id = closure_put("PO123", NULL);
  WAIT_FOR(omie_calls_of(CONSULT_ORDER) == 2);
  worker_pause();
  wait_for_end_of_lease();
  places_free();
  worker_once(UNHURRIED);
  assert_closure(id, "detalhes ->> 'mensagem'", "Pedido já estava encerrado");
  g_autofree char *row = closure_column(id, "purchase_order_closure_log");
  worker_resume();
  WAIT_FOR(program_has_logged(WORKER, mark, "job lost"));
  g_autofree char *later = closure_column(id, "purchase_order_closure_log");
  assert_string_equal(later, row);
  assert_int_equal(omie_calls_of(CLOSE_ORDER), 1);
}

/* 14.6, B23: the inclusion that was under way is found, not repeated */
static void
test_the_job_of_a_killed_worker_is_done_by_the_next(G_GNUC_UNUSED void **state)
{
  worker_start("JOB_WORKERS=1", "JOB_LEASE_S=1", UNHURRIED, SWEEPS);
  gint64 id = begin_transfer(INCLUDE_ATTACHMENT);
  program_kill_workers(WORKER);
  omie_release();
  places_free();
  WAIT_FOR(transfer_is(id, "success"));
  assert_done(id, "success2");
  assert_int_equal(omie_calls_of(INCLUDE_ATTACHMENT), FILES);
}

/* 14.6 */
static void
test_a_job_that_kills_its_worker_ends_after_three_attempts(G_GNUC_UNUSED void **state)
{
  pair_put(1, 2, FILES);
  omie_answer(.method = LIST_ATTACHMENTS, .trick = "hang", .delay_ms = 60000);
  worker_start("JOB_WORKERS=1", "JOB_LEASE_S=1", UNHURRIED, SWEEPS);
  gint64 id = transfer_put(1, 2);
  for (gint64 attempt = 1; attempt <= 3; attempt++) {
    WAIT_FOR(omie_calls_of(LIST_ATTACHMENTS) == attempt);
    assert_int_equal(sql_number("select tentativas from " TRANSFERS), attempt);
    program_kill_workers(WORKER);
    places_free();
  }
  WAIT_FOR(transfer_is(id, "failed"));
  assert_transfer(id, "mensagem_erro", "Processamento interrompido");
  assert_transfer(id, "tentativas", "3");
  assert_transfer(id, "proxima_tentativa_em is null and processado_em is not null", "true");
}

/* 14.6: a live lease is respected, a dead one with attempts left is due at once */
static void
test_only_dead_leases_are_taken_back(G_GNUC_UNUSED void **state)
{
  order_put("PO1", "Aberto");
  order_put("PO2", "Aberto");
  gint64 dead = closure_put("PO1", NULL), live = closure_put("PO2", NULL);
  sql("update " CLOSURES " set status = 'processing', tentativas = 1, worker = 'another',"
      "  proxima_tentativa_em = null, lease_token = gen_random_uuid(),"
      "  lease_ate = now() + case numero_pedido when 'PO1' then '-1 s' else '1 hour' "
      "end::interval");
  worker_once(UNHURRIED);
  assert_closure(dead, "status || tentativas", "success2");
  assert_closure(live, "status || worker", "processinganother");
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      WORKER_CASE(test_a_worker_asked_to_stop_finishes_its_file_and_hands_back),
      WORKER_CASE(test_a_worker_asked_to_stop_while_it_lists_hands_back),
      WORKER_CASE(test_a_worker_asked_to_stop_does_not_sit_out_a_wait),
      WORKER_CASE(test_the_last_attempt_handed_back_is_a_failure),
      WORKER_CASE(test_a_worker_asked_to_stop_finishes_its_closing),
      WORKER_CASE(test_a_route_asked_to_stop_hands_back),
      WORKER_CASE(test_an_idle_worker_leaves_at_once),
      WORKER_CASE(test_a_worker_paused_while_it_lists_changes_nothing_later),
      WORKER_CASE(test_a_worker_paused_in_an_inclusion_changes_nothing_later),
      WORKER_CASE(test_a_result_that_comes_too_late_is_not_written),
      WORKER_CASE(test_the_job_of_a_killed_worker_is_done_by_the_next),
      WORKER_CASE(test_a_job_that_kills_its_worker_ends_after_three_attempts),
      WORKER_CASE(test_only_dead_leases_are_taken_back),
  };
  return RUN("worker: faults", tests);
}
