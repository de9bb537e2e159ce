/* Closures side by side, in the background, and after a crash (backoffice.md 11.1, 14). */
#include "harness_worker.h"

#include <string.h>

#define ORDER_OF(invoice, more)                                                                    \
  "{\"numero_pedido\":\"PO123\",\"numero_nf_servico\":\"" invoice "\",\"id_nf_servico\":999" more  \
  "}"
#define ORDER       ORDER_OF("NF789", "")
#define ASYNC_ORDER ORDER_OF("NF789", ",\"assincrono\":true")

/* B73 */
static void
test_an_order_is_closed_by_one_of_two_callers(G_GNUC_UNUSED void **state)
{
  program_restart(CLOSURE_PROGRAM, NO_WAITS);
  order_put("PO123", "Aberto");
  calls_hold(CONSULT_ORDER);
  Pending *first = call_start("POST", ORDER_CLOSURE, .token = fin_token(), .body = ORDER);
  WAIT_FOR(held_count() == 1);
  g_autoptr(Answer) second = bo_post(ORDER_CLOSURE, ORDER);
  assert_erro(second, 409, "Encerramento já em andamento para este pedido");
  omie_release();
  g_autoptr(Answer) answer = call_finish(first);
  assert_status(answer, 200);
  assert_member(answer, "status", "success");
  assert_int_equal(answer_int(second, "log_id"), answer_int(answer, "log_id"));
  assert_count(1, CLOSURES);
  assert_int_equal(omie_calls_of(CLOSE_ORDER), 1);
}

/* 4.3: another item, and the whole order, are other closures */
static void
test_two_items_do_not_stand_in_each_others_way(G_GNUC_UNUSED void **state)
{
  program_restart(CLOSURE_PROGRAM, NO_WAITS);
  order_put("PO123", "Aberto");
  calls_hold(CONSULT_ORDER);
  Pending *first = call_start("POST", ORDER_CLOSURE, .token = fin_token(),
                              .body = ORDER_OF("NF789", ",\"item_pedido\":\"001\""));
  WAIT_FOR(held_count() == 1);
  Pending *second = call_start("POST", ORDER_CLOSURE, .token = fin_token(),
                               .body = ORDER_OF("NF789", ",\"item_pedido\":\"002\""));
  WAIT_FOR(sql_number("select count(*) from " CLOSURES " where status = 'processing'") == 2);
  omie_release();
  g_autoptr(Answer) one = call_finish(first), other = call_finish(second);
  assert_member(one, "status", "success");
  assert_member(other, "status", "success");
  assert_int_equal(omie_calls_of(CLOSE_ORDER), 2);
}

/* B28, B29, 11.1 */
static void
test_a_closing_left_to_the_background_is_done_by_a_worker(G_GNUC_UNUSED void **state)
{
  order_put("PO123", "Aberto");
  g_autoptr(Answer) answer = bo_post(ORDER_CLOSURE, ASYNC_ORDER);
  assert_status(answer, 202);
  assert_member(answer, "mensagem", "Encerramento iniciado de forma assíncrona");
  gint64 id = answer_int(answer, "log_id");
  assert_closure(id, "status", "pending");
  assert_closure(id, "tentativas", "0");
  assert_methods_called("");

  g_autoptr(Answer) waiting = bo_get(TASKS "/%s", answer_text(answer, "task_id"));
  assert_member(waiting, "tipo", "encerrar_pedido");
  assert_member(waiting, "status", "pending");
  worker_once(UNHURRIED);
  g_autoptr(Answer) done = bo_get(TASKS "/%s/", answer_text(answer, "task_id"));
  assert_member(done, "status", "success");
  assert_member(done, "task_id", answer_text(answer, "task_id"));
  assert_int_equal(answer_int(done, "log_id"), id);
  assert_int_equal(answer_int(done, "tentativas"), 1);
}

/* 11.1 */
static void
test_a_closing_asked_for_twice_is_one_task(G_GNUC_UNUSED void **state)
{
  g_autoptr(Answer) first = bo_post(ORDER_CLOSURE, ASYNC_ORDER);
  g_autoptr(Answer) second = call("POST", ORDER_CLOSURE, .token = fin_token(), .body = ORDER,
                                  .headers = {"Prefer: respond-async"});
  assert_status(second, 202);
  assert_member(second, "mensagem", "Encerramento já está na fila");
  assert_member(second, "task_id", answer_text(first, "task_id"));
  assert_int_equal(answer_int(second, "log_id"), answer_int(first, "log_id"));
  assert_count(1, CLOSURES);
}

/* 11.1: the invoice that was announced first stays */
static void
test_a_caller_who_waits_takes_over_the_pending_closing(G_GNUC_UNUSED void **state)
{
  order_put("PO123", "Aberto");
  g_autoptr(Answer) announced = bo_post(ORDER_CLOSURE, ASYNC_ORDER);
  g_autoptr(Answer) answer = bo_post(ORDER_CLOSURE, ORDER_OF("OTHER", ""));
  assert_status(answer, 200);
  assert_member(answer, "status", "success");
  assert_int_equal(answer_int(answer, "log_id"), answer_int(announced, "log_id"));
  assert_closure(answer_int(answer, "log_id"), "numero_nf_servico", "NF789");
  assert_closure(answer_int(answer, "log_id"), "tentativas", "1");
  assert_count(1, CLOSURES);
}

/* 6.13: what failed is history; a new request is a new log */
static void
test_a_new_request_after_a_failure_is_a_new_log(G_GNUC_UNUSED void **state)
{
  g_autoptr(Answer) failed = bo_post(ORDER_CLOSURE, ORDER);
  assert_member(failed, "status", "failed");
  order_put("PO123", "Aberto");
  g_autoptr(Answer) answer = bo_post(ORDER_CLOSURE, ORDER);
  assert_member(answer, "status", "success");
  assert_true(answer_int(answer, "log_id") > answer_int(failed, "log_id"));
}

/* 11.4: the program dies while Omie closes the order */
static void
test_a_closing_whose_program_died_is_looked_at_not_repeated(G_GNUC_UNUSED void **state)
{
  program_restart(CLOSURE_PROGRAM, "JOB_LEASE_S=1");
  order_put("PO123", "Aberto");
  calls_hold(CLOSE_ORDER);
  Pending *call = call_start("POST", ORDER_CLOSURE, .token = fin_token(), .body = ORDER);
  WAIT_FOR(held_count() == 1);
  program_kill(CLOSURE_PROGRAM);
  omie_release();
  answer_free(call_finish(call));
  WAIT_FOR(sql_number("select count(*) from " CLOSURES
                      " where status = 'processing' and lease_ate < now()") == 1);
  sql("truncate erp.call_slot"); /* its place in Omie's queue is free after a while */
  worker_once(UNHURRIED);
  assert_closure(1, "status", "success");
  assert_closure(1, "tentativas", "2");
  assert_closure(1, "detalhes ->> 'mensagem'", "Pedido já estava encerrado");
  assert_int_equal(omie_calls_of(CLOSE_ORDER), 1);
}

/* 14.4: a lease that was lost while Omie answered */
static void
test_a_closing_that_lost_its_lease_writes_nothing_more(G_GNUC_UNUSED void **state)
{
  order_put("PO123", "Aberto");
  calls_hold(CONSULT_ORDER);
  Pending *call = call_start("POST", ORDER_CLOSURE, .token = fin_token(), .body = ORDER);
  WAIT_FOR(held_count() == 1);
  sql("update " CLOSURES " set lease_token = gen_random_uuid(), worker = 'another'");
  omie_release();
  g_autoptr(Answer) answer = call_finish(call);
  assert_true(answer->status >= 500);
  assert_closure(1, "status || ' ' || worker", "processing another");
  assert_methods_called(CONSULT_ORDER);
}

/* 11.6: the time ends before Omie's minute does; a worker goes on when it is over */
static void
test_a_closing_that_has_no_time_to_wait_is_left_to_a_worker(G_GNUC_UNUSED void **state)
{
  program_restart(CLOSURE_PROGRAM, "BACKOFFICE_SYNC_DEADLINE_S=1", "OMIE_TIMEOUT_MS=1000");
  order_put("PO123", "Aberto");
  omie_answer(.method = CONSULT_ORDER, .status = 500, .times = 1,
              .body = "{\"faultcode\":\"SOAP-ENV:Client-6\",\"faultstring\":\"ERROR: Consumo "
                      "redundante detectado. Aguarde 300 segundos para tentar novamente "
                      "(REDUNDANT).\"}");
  g_autoptr(Answer) answer = bo_post(ORDER_CLOSURE, ORDER);
  assert_member(answer, "status", "failed");
  assert_member(answer, "mensagem_erro",
                "Erro Omie: ERROR: Consumo redundante detectado. Aguarde 300 segundos para tentar "
                "novamente (REDUNDANT).");
  assert_closure(1, "proxima_tentativa_em >= processado_em + interval '290 s'", "true");
  sql("update " CLOSURES " set proxima_tentativa_em = now()");
  worker_once(UNHURRIED);
  assert_closure(1, "status || tentativas", "success2");
}

/* B87 */
static void
test_without_a_database_nothing_is_promised(G_GNUC_UNUSED void **state)
{
  postgres_stop();
  g_autoptr(Answer) now = bo_post(ORDER_CLOSURE, ORDER);
  g_autoptr(Answer) later = bo_post(ORDER_CLOSURE, ASYNC_ORDER);
  g_autoptr(Answer) again = bo_post(RETRY_ORDERS, NULL);
  assert_detail(now, 503, "Serviço indisponível.");
  assert_detail(later, 503, "Serviço indisponível.");
  assert_detail(again, 503, "Serviço indisponível.");
  postgres_start();
  order_put("PO123", "Aberto");
  g_autoptr(Answer) answer = bo_post(ORDER_CLOSURE, ORDER);
  assert_member(answer, "status", "success");
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      WORKER_CASE(test_an_order_is_closed_by_one_of_two_callers),
      WORKER_CASE(test_two_items_do_not_stand_in_each_others_way),
      WORKER_CASE(test_a_closing_left_to_the_background_is_done_by_a_worker),
      WORKER_CASE(test_a_closing_asked_for_twice_is_one_task),
      WORKER_CASE(test_a_caller_who_waits_takes_over_the_pending_closing),
      WORKER_CASE(test_a_new_request_after_a_failure_is_a_new_log),
      WORKER_CASE(test_a_closing_whose_program_died_is_looked_at_not_repeated),
      WORKER_CASE(test_a_closing_that_lost_its_lease_writes_nothing_more),
      WORKER_CASE(test_a_closing_that_has_no_time_to_wait_is_left_to_a_worker),
      WORKER_CASE(test_without_a_database_nothing_is_promised),
  };
  return RUN("closure: runs", tests);
}
