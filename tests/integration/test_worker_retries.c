/* When a job that failed is tried again, and what waiting costs it (backoffice.md 14.5, 14.8). */
#include "harness_worker.h"

/* B37, 14.5 */
static void
test_each_failure_doubles_the_wait(G_GNUC_UNUSED void **state)
{
  static const struct {
    const char *number, *attempts, *low, *high;
  } cases[] = {
      {"PO0", "0", "65", "75"},   {"PO1", "1", "130", "140"}, {"PO2", "2", "260", "270"},
      {"PO3", "3", "520", "530"}, {"PO4", "4", NULL, NULL}, /* that was the last attempt */
  };
  omie_answer(.method = CONSULT_ORDER, .status = 500,
              .body = "{\"faultcode\":\"SOAP-ENV:Server\",\"faultstring\":\"Falha interna\"}");
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    closure_put(cases[i].number, NULL);
    sql("update " CLOSURES " set tentativas = $2::int, max_tentativas = 5 where numero_pedido = $1",
        cases[i].number, cases[i].attempts);
  }
  worker_once(UNHURRIED);
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++)
    assert_sql("t",
               "select status = 'failed' and tentativas = $2::int + 1"
               "   and mensagem_erro = 'Erro Omie: Falha interna'"
               "   and case when $3 = '' then proxima_tentativa_em is null"
               "       else extract(epoch from proxima_tentativa_em - processado_em)"
               "            between nullif($3, '')::int and nullif($4, '')::int end"
               "  from " CLOSURES " where numero_pedido = $1",
               cases[i].number, cases[i].attempts, cases[i].low != NULL ? cases[i].low : "",
               cases[i].high != NULL ? cases[i].high : "");
}

/* 14.5: not everybody at once */
static void
test_waits_differ(G_GNUC_UNUSED void **state)
{
  sql("insert into " CLOSURES " (numero_pedido, numero_nf_servico, id_nf_servico,"
      "  proxima_tentativa_em) select 'PO' || i, 'NF', 1, now() from generate_series(1, 12) i");
  omie_answer(.method = CONSULT_ORDER, .status = 500,
              .body = "{\"faultcode\":\"SOAP-ENV:Server\",\"faultstring\":\"Falha interna\"}");
  omie_setting("error_limit", "0");
  worker_once(UNHURRIED);
  assert_sql("t", "select count(distinct extract(epoch from proxima_tentativa_em - processado_em))"
                  "  > 1 from " CLOSURES);
}

/* B38, 14.5: Omie itself asked for more */
static void
test_a_retry_is_not_sooner_than_omie_asked(G_GNUC_UNUSED void **state)
{
  omie_answer(.method = CONSULT_ORDER, .status = 500,
              .body = "{\"faultcode\":\"SOAP-ENV:Client-6\",\"faultstring\":\"ERROR: Consumo "
                      "redundante detectado. Aguarde 300 segundos para tentar novamente "
                      "(REDUNDANT).\"}");
  gint64 id = closure_put("PO123", NULL);
  worker_once(UNHURRIED, "OMIE_REDUNDANT_MAX=0");
  assert_closure(id, "status", "failed");
  assert_closure(id, "extract(epoch from proxima_tentativa_em - processado_em)::int", "301");
}

/* 14.2 */
static void
test_a_task_keeps_its_id_over_its_attempts(G_GNUC_UNUSED void **state)
{
  gint64 id = closure_put("PO123", NULL);
  g_autofree char *task = closure_column(id, "task_id");
  omie_answer(.method = CONSULT_ORDER, .status = 500, .times = 1,
              .body = "{\"faultcode\":\"SOAP-ENV:Server\",\"faultstring\":\"Falha interna\"}");
  order_put("PO123", "Aberto");
  worker_once(UNHURRIED, NO_PAUSE);
  assert_closure(id, "status || tentativas", "success2");
  assert_closure(id, "task_id", task);
  assert_closure(id, "mensagem_erro", "(null)");
}

/* 14.8: waiting for the guard costs no attempt, and Omie is not asked */
static void
assert_postponed_by(const char *method)
{
  pair_put(1, 2, 1);
  gint64 id = transfer_put(1, 2);
  guard_close(method, 900);
  worker_once(UNHURRIED);
  assert_transfer(id, "status || tentativas", "pending0");
  assert_transfer(id, "proxima_tentativa_em > now() + interval '890 s'", "true");
  assert_int_equal(omie_calls_of(method), 0);
  assert_int_equal(attachments_count("conta-pagar", 2), 1);
  sql("truncate erp.call_guard"); /* the time has come */
  sql("update " TRANSFERS " set proxima_tentativa_em = now()");
  worker_once(UNHURRIED);
  assert_transfer(id, "status || tentativas", "success1");
}

static void
test_a_guard_closed_for_lists_postpones_without_an_attempt(G_GNUC_UNUSED void **state)
{
  assert_postponed_by(LIST_ATTACHMENTS);
}

static void
test_a_guard_closed_for_inclusions_postpones_without_an_attempt(G_GNUC_UNUSED void **state)
{
  assert_postponed_by(INCLUDE_ATTACHMENT);
}

static void
test_a_guard_closed_for_closings_postpones_without_an_attempt(G_GNUC_UNUSED void **state)
{
  order_put("PO123", "Aberto");
  gint64 id = closure_put("PO123", NULL);
  guard_close(CLOSE_ORDER, 900);
  worker_once(UNHURRIED);
  assert_closure(id, "status || tentativas", "pending0");
  assert_closure(id, "proxima_tentativa_em > now() + interval '890 s'", "true");
  assert_int_equal(omie_calls_of(CLOSE_ORDER), 0);
}

/* B39: eight error answers close it too */
static void
test_eight_errors_hold_the_others_back(G_GNUC_UNUSED void **state)
{
  sql("insert into " CLOSURES " (numero_pedido, numero_nf_servico, id_nf_servico,"
      "  proxima_tentativa_em) select 'PO' || i, 'NF', 1, now() from generate_series(1, 12) i");
  worker_once(NO_RATE); /* there are no such orders */
  assert_int_equal(omie_calls_of(CONSULT_ORDER), 8);
  assert_count(8, CLOSURES " where status = 'failed' and tentativas = 1");
  assert_count(4, CLOSURES " where status = 'pending' and tentativas = 0"
                           "   and proxima_tentativa_em > now() + interval '50 s'");
}

/* B39, 14.8: the one that met Omie's block has had its attempt, the next one waits for its end */
static void
test_a_block_of_omies_costs_one_job_an_attempt(G_GNUC_UNUSED void **state)
{
  gint64 first = transfer_put(1, 2), second = transfer_put(3, 4);
  sql("update " TRANSFERS " set proxima_tentativa_em = now() - interval '1 s' where origem_id = 1");
  omie_answer(.method = LIST_ATTACHMENTS, .status = 425,
              .body = "{\"faultcode\":\"MISUSE_API_PROCESS\",\"faultstring\":\"API bloqueada por "
                      "consumo indevido. Tente novamente em 600 segundos.\"}");
  worker_once(UNHURRIED);
  assert_transfer(first, "status || tentativas", "failed1");
  assert_transfer(first, "mensagem_erro", "Erro Omie: API bloqueada por consumo indevido");
  assert_transfer(first, "proxima_tentativa_em >= processado_em + interval '600 s'", "true");
  assert_transfer(second, "status || tentativas", "pending0");
  assert_transfer(second, "proxima_tentativa_em > now() + interval '590 s'", "true");
  assert_int_equal(omie_calls_of(LIST_ATTACHMENTS), 1);
}

/* JOB_DEADLINE_S: what there was no time for is done by the next attempt */
static void
test_a_job_out_of_time_goes_on_later(G_GNUC_UNUSED void **state)
{
  pair_put(1, 2, 6);
  gint64 id = transfer_put(1, 2);
  omie_setting("latency_ms", "200");
  worker_once(UNHURRIED, "JOB_DEADLINE_S=1");
  assert_transfer(id, "status || tentativas", "failed1");
  assert_transfer(id, "(detalhes ->> 'nao_tentados')::int between 1 and 6", "true");
  assert_transfer(id, "proxima_tentativa_em > now()", "true");
  omie_setting("latency_ms", "0");
  sql("update " TRANSFERS " set proxima_tentativa_em = now()");
  worker_once(UNHURRIED);
  assert_transfer(id, "status || tentativas || anexos_sucesso", "success26");
  assert_int_equal(omie_calls_of(INCLUDE_ATTACHMENT), 6);
}

/* BACKOFFICE_AUTO_RETRY=0 */
static void
test_without_automatic_retries_a_failure_is_final(G_GNUC_UNUSED void **state)
{
  gint64 id = closure_put("PO123", NULL);
  omie_answer(.method = CONSULT_ORDER, .status = 500,
              .body = "{\"faultcode\":\"SOAP-ENV:Server\",\"faultstring\":\"Falha interna\"}");
  worker_once(UNHURRIED, "BACKOFFICE_AUTO_RETRY=0");
  assert_closure(id, "status || tentativas", "failed1");
  assert_closure(id, "proxima_tentativa_em", "(null)");
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      WORKER_CASE(test_each_failure_doubles_the_wait),
      WORKER_CASE(test_waits_differ),
      WORKER_CASE(test_a_retry_is_not_sooner_than_omie_asked),
      WORKER_CASE(test_a_task_keeps_its_id_over_its_attempts),
      WORKER_CASE(test_a_guard_closed_for_lists_postpones_without_an_attempt),
      WORKER_CASE(test_a_guard_closed_for_inclusions_postpones_without_an_attempt),
      WORKER_CASE(test_a_guard_closed_for_closings_postpones_without_an_attempt),
      WORKER_CASE(test_eight_errors_hold_the_others_back),
      WORKER_CASE(test_a_block_of_omies_costs_one_job_an_attempt),
      WORKER_CASE(test_a_job_out_of_time_goes_on_later),
      WORKER_CASE(test_without_automatic_retries_a_failure_is_final),
  };
  return RUN("worker: retries", tests);
}
