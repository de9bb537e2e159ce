/* Trying again by hand what failed (backoffice.md 8, 12). */
#include "harness_worker.h"

#include <string.h>

#define RETRY_PROGRAM       "attachments/processar_pendentes"
#define RETRY_ORDER_PROGRAM "purchase-orders/reprocessar_falhas"
#define ORDER_TOTAL         "total_reprocessados"
#define TRANSFER_TOTAL      "total_processados"

#define assert_totals(answer, total, total_value, good, bad, left)                                 \
  do {                                                                                             \
    assert_status(answer, 200);                                                                    \
    assert_int_equal(answer_int(answer, total), total_value);                                      \
    assert_int_equal(answer_int(answer, "sucessos"), good);                                        \
    assert_int_equal(answer_int(answer, "falhas"), bad);                                           \
    assert_int_equal(answer_int(answer, "restantes"), left);                                       \
  } while (0)

/* A job as an attempt left it. */
static void
set_failed(const char *table, gint64 id, const char *attempts)
{
  g_autofree char *statement =
      g_strdup_printf("update %s set status = 'failed', tentativas = $1::int,"
                      "  mensagem_erro = 'Erro Omie: x', processado_em = now(),"
                      "  proxima_tentativa_em = now() + interval '1 hour'"
                      " where id = %" G_GINT64_FORMAT,
                      table, id);
  sql(statement, attempts);
}

static gint64
failed_transfer(gint64 origin, gint64 target)
{
  gint64 id = transfer_put(origin, target);
  set_failed(TRANSFERS, id, "1");
  return id;
}

static gint64
failed_closure(const char *number, const char *item)
{
  gint64 id = closure_put(number, item);
  set_failed(CLOSURES, id, "1");
  return id;
}

/* B20 */
static void
test_a_file_that_failed_is_transferred_on_the_same_log(G_GNUC_UNUSED void **state)
{
  pair_put(1, 2, 3);
  omie_answer(.method = INCLUDE_ATTACHMENT, .call = 2, .times = 1, .status = 500,
              .body = "{\"faultcode\":\"SOAP-ENV:Server\",\"faultstring\":\"Falha interna\"}");
  g_autoptr(Answer) first = bo_post(TRANSFER, "{\"origem_id\":1,\"destino_id\":2}");
  assert_member(first, "status", "failed");
  assert_int_equal(answer_int(first, "anexos_transferidos"), 2);
  gint64 id = answer_int(first, "log_id");

  g_autoptr(Answer) answer = bo_post(RETRY_TRANSFERS, NULL);
  assert_totals(answer, TRANSFER_TOTAL, 1, 1, 0, 0);
  assert_count(1, TRANSFERS);
  assert_transfer(id, "status", "success");
  assert_transfer(id, "tentativas", "2");
  assert_transfer(id, "anexos_sucesso", "3");
  assert_transfer(id, "mensagem_erro", "(null)");
  assert_int_equal(omie_calls_of(INCLUDE_ATTACHMENT), 4);
  assert_int_equal(attachments_count("conta-pagar", 2), 4);
}

/* B25 */
static void
test_a_log_without_attempts_left_is_not_taken(G_GNUC_UNUSED void **state)
{
  pair_put(1, 2, 1);
  gint64 id = transfer_put(1, 2);
  set_failed(TRANSFERS, id, "3");
  g_autoptr(Answer) answer = bo_post(RETRY_TRANSFERS, NULL);
  assert_totals(answer, TRANSFER_TOTAL, 0, 0, 0, 0);
  assert_transfer(id, "status || tentativas", "failed3");
  assert_methods_called("");
  g_autoptr(Answer) shown = bo_get(ATTACHMENTS "/%" G_GINT64_FORMAT, id);
  assert_true(json_is_false(json_object_get(shown->json, "pode_retentar")));
}

/* B26, 6.13: whatever became of the newer one */
static void
test_a_log_with_a_newer_one_of_its_pair_is_not_taken(G_GNUC_UNUSED void **state)
{
  pair_put(1, 2, 1);
  pair_put(3, 4, 1);
  gint64 old = failed_transfer(1, 2), older = failed_transfer(3, 4);
  gint64 done = transfer_put(1, 2);
  sql("update " TRANSFERS " set status = 'success', proxima_tentativa_em = null"
      " where origem_id = 1 and status = 'pending'");
  gint64 newer = failed_transfer(3, 4);
  g_autoptr(Answer) answer = bo_post(RETRY_TRANSFERS, NULL);
  assert_totals(answer, TRANSFER_TOTAL, 1, 1, 0, 0);
  assert_transfer(old, "status || tentativas", "failed1");
  assert_transfer(older, "status || tentativas", "failed1");
  assert_transfer(newer, "status || tentativas", "success2");
  assert_transfer(done, "tentativas", "0");
}

/* B27 */
static void
test_a_log_is_tried_again_with_its_own_tables(G_GNUC_UNUSED void **state)
{
  attachment_put("pedido-compra", 1, "a.pdf", "x", 1);
  attachment_put("conta-receber", 2, "b.pdf", "y", 1);
  gint64 id = failed_transfer(1, 2);
  sql("update " TRANSFERS " set origem_tabela = 'pedido-compra', destino_tabela = 'conta-receber',"
      "  origem_tabela_omie = 'pedido-compra', destino_tabela_omie = 'conta-receber'");
  g_autoptr(Answer) answer = bo_post(RETRY_TRANSFERS, NULL);
  assert_totals(answer, TRANSFER_TOTAL, 1, 1, 0, 0);
  assert_transfer(id, "status", "success");
  assert_int_equal(attachments_count("conta-receber", 2), 2);
  assert_sql("conta-receber,pedido-compra",
             "select string_agg(distinct param ->> 'cTabela', ',') from sandbox.omie_call"
             " where method <> 'download'");
}

/* 8.1: scheduled or not, and however far away; oldest first */
static void
test_everything_that_waits_is_taken_oldest_first(G_GNUC_UNUSED void **state)
{
  for (gint64 i = 1; i <= 3; i++)
    pair_put(10 * i, 10 * i + 1, 1);
  failed_transfer(10, 11); /* scheduled in an hour */
  transfer_put(20, 21);
  transfer_put(30, 31);
  sql("update " TRANSFERS " set proxima_tentativa_em = null where origem_id = 20");
  sql("update " TRANSFERS " set proxima_tentativa_em = now() - interval '1 day'"
      " where origem_id = 30");
  g_autoptr(Answer) answer = bo_post(RETRY_TRANSFERS "/", "{}");
  assert_totals(answer, TRANSFER_TOTAL, 3, 3, 0, 0);
  assert_sql("10,11,20,21,30,31", "select string_agg(param ->> 'nId', ',' order by id)"
                                  "  from sandbox.omie_call where method = 'ListarAnexo'");
}

/* 8.1, 6.14 */
static void
test_what_somebody_works_on_is_left_to_him(G_GNUC_UNUSED void **state)
{
  pair_put(1, 2, 1);
  pair_put(3, 4, 1);
  gint64 busy = transfer_put(1, 2);
  gint64 other = failed_transfer(7, 2); /* another origin, the same destination */
  gint64 free_one = failed_transfer(3, 4);
  sql("update " TRANSFERS " set status = 'processing', tentativas = 1, worker = 'another',"
      "  proxima_tentativa_em = null, lease_token = gen_random_uuid(),"
      "  lease_ate = now() + interval '1 hour' where origem_id = 1");
  g_autoptr(Answer) answer = bo_post(RETRY_TRANSFERS, NULL);
  assert_totals(answer, TRANSFER_TOTAL, 1, 1, 0, 0);
  assert_transfer(busy, "status || worker", "processinganother");
  assert_transfer(other, "status || tentativas", "failed1");
  assert_transfer(free_one, "status", "success");
}

/* 8.4: a log that fails again is still eligible, but not in this request */
static void
test_a_log_that_fails_again_is_tried_once(G_GNUC_UNUSED void **state)
{
  pair_put(1, 2, 1);
  pair_put(3, 4, 1);
  pair_put(5, 6, 1);
  gint64 bad = failed_transfer(1, 2), last = failed_transfer(3, 4), good = failed_transfer(5, 6);
  sql("update " TRANSFERS " set tentativas = 2 where origem_id = 3");
  sql("insert into sandbox.omie_fault (method, param, times, status, body) select 'ListarAnexo',"
      " jsonb_build_object('nId', id), null, 500,"
      " sandbox.omie_fault_text('SOAP-ENV:Server', 'Falha interna') from unnest('{1,3}'::int[]) "
      "id");
  g_autoptr(Answer) answer = bo_post(RETRY_TRANSFERS, NULL);
  assert_totals(answer, TRANSFER_TOTAL, 3, 1, 2, 1); /* the one that has an attempt left */
  assert_transfer(bad, "status || tentativas", "failed2");
  assert_transfer(bad, "proxima_tentativa_em > now() + interval '100 s'", "true");
  assert_transfer(last, "status || tentativas", "failed3");
  assert_transfer(last, "proxima_tentativa_em", "(null)");
  assert_transfer(good, "status", "success");
}

/* B85, 8.6 */
static void
test_two_callers_share_the_work(G_GNUC_UNUSED void **state)
{
  program_restart(RETRY_PROGRAM, UNHURRIED);
  for (gint64 i = 1; i <= 10; i++) {
    pair_put(10 * i, 10 * i + 1, 1);
    failed_transfer(10 * i, 10 * i + 1);
  }
  calls_hold(LIST_ATTACHMENTS); /* so that both have begun before either can be through */
  Pending *first = call_start("POST", RETRY_TRANSFERS, .token = fin_token());
  Pending *second = call_start("POST", RETRY_TRANSFERS, .token = fin_token());
  WAIT_FOR(sql_number("select count(*) from " TRANSFERS " where status = 'processing'") == 2);
  omie_release();
  g_autoptr(Answer) one = call_finish(first), other = call_finish(second);
  assert_status(one, 200);
  assert_status(other, 200);
  assert_int_equal(answer_int(one, TRANSFER_TOTAL) + answer_int(other, TRANSFER_TOTAL), 10);
  assert_int_equal(answer_int(one, "sucessos") + answer_int(other, "sucessos"), 10);
  assert_true(answer_int(one, TRANSFER_TOTAL) > 0 && answer_int(other, TRANSFER_TOTAL) > 0);
  assert_count(10, TRANSFERS " where status = 'success' and tentativas = 2");
  assert_int_equal(omie_calls_of(INCLUDE_ATTACHMENT), 10);
}

/* B86, 8.3 */
static void
test_a_long_queue_is_left_when_the_time_is_over(G_GNUC_UNUSED void **state)
{
  program_restart(RETRY_PROGRAM, UNHURRIED, "BACKOFFICE_BATCH_DEADLINE_S=1");
  omie_setting("latency_ms", "100");
  for (gint64 i = 1; i <= 20; i++) {
    pair_put(10 * i, 10 * i + 1, 1);
    failed_transfer(10 * i, 10 * i + 1);
  }
  gint64 begun = g_get_monotonic_time();
  g_autoptr(Answer) answer = bo_post(RETRY_TRANSFERS, NULL);
  assert_true(g_get_monotonic_time() - begun < 5 * G_USEC_PER_SEC);
  gint64 done = answer_int(answer, TRANSFER_TOTAL);
  assert_true(done >= 1 && done < 20);
  assert_int_equal(
      answer_int(answer, "restantes"),
      sql_number("select count(*) from " TRANSFERS " where status = 'failed' and tentativas < 3"));
  assert_count(0, TRANSFERS " where status = 'processing'");
}

/* 14.8: an attempt that somebody waits for fails at once */
static void
test_a_closed_guard_fails_the_attempts_at_once(G_GNUC_UNUSED void **state)
{
  guard_close(LIST_ATTACHMENTS, 900);
  gint64 id = failed_transfer(1, 2);
  g_autoptr(Answer) answer = bo_post(RETRY_TRANSFERS, NULL);
  assert_totals(answer, TRANSFER_TOTAL, 1, 0, 1, 1);
  assert_transfer(id, "mensagem_erro", "Erro Omie: chamadas suspensas para evitar bloqueio");
  assert_transfer(id, "proxima_tentativa_em > now() + interval '890 s'", "true");
  assert_methods_called("");
}

/* B74, 12.1 */
static void
test_failed_closings_are_tried_again(G_GNUC_UNUSED void **state)
{
  order_put("PO1", "Aberto");
  gint64 id = failed_closure("PO1", NULL);
  gint64 exhausted = closure_put("PO2", NULL);
  set_failed(CLOSURES, exhausted, "3");
  closure_put("PO3", NULL); /* pending: a worker's */
  g_autoptr(Answer) answer = bo_post(RETRY_ORDERS, NULL);
  assert_totals(answer, ORDER_TOTAL, 1, 1, 0, 0);
  assert_closure(id, "status || tentativas", "success2");
  assert_closure(id, "mensagem_erro", "(null)");
  assert_closure(exhausted, "status || tentativas", "failed3");
  assert_count(1, CLOSURES " where status = 'pending' and tentativas = 0");
  assert_count(3, CLOSURES);
}

/* 12.1 */
static void
test_a_closing_with_a_newer_one_is_not_tried_again(G_GNUC_UNUSED void **state)
{
  order_put("PO1", "Aberto");
  gint64 old = failed_closure("PO1", NULL);
  gint64 item = failed_closure("PO1", "001"); /* an item is another closure */
  gint64 newer = failed_closure("PO1", NULL);
  g_autoptr(Answer) answer = bo_post(RETRY_ORDERS, NULL);
  assert_totals(answer, ORDER_TOTAL, 2, 2, 0, 0);
  assert_closure(old, "status || tentativas", "failed1");
  assert_closure(item, "status", "success");
  assert_closure(newer, "status", "success");
}

/* B75, 3.5 */
static void
test_no_body_is_needed_and_nothing_to_do_is_fine(G_GNUC_UNUSED void **state)
{
  g_autoptr(Answer) orders = bo_post(RETRY_ORDERS "/", NULL);
  assert_totals(orders, ORDER_TOTAL, 0, 0, 0, 0);
  g_autoptr(Answer) transfers =
      call("POST", RETRY_TRANSFERS, .token = fin_token(), .body = "", .content_type = "text/plain");
  assert_totals(transfers, TRANSFER_TOTAL, 0, 0, 0, 0);
}

/* 12.2 */
static void
test_closings_stop_at_the_deadline_too(G_GNUC_UNUSED void **state)
{
  program_restart(RETRY_ORDER_PROGRAM, UNHURRIED, "BACKOFFICE_BATCH_DEADLINE_S=1");
  omie_setting("latency_ms", "150");
  for (guint i = 1; i <= 12; i++) {
    g_autofree char *number = g_strdup_printf("PO%u", i);
    order_put(number, "Aberto");
    failed_closure(number, NULL);
  }
  g_autoptr(Answer) answer = bo_post(RETRY_ORDERS, NULL);
  gint64 done = answer_int(answer, ORDER_TOTAL);
  assert_true(done >= 1 && done < 12);
  assert_int_equal(answer_int(answer, "restantes"), 12 - done);
  assert_int_equal(answer_int(answer, "sucessos"), done);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      WORKER_CASE(test_a_file_that_failed_is_transferred_on_the_same_log),
      WORKER_CASE(test_a_log_without_attempts_left_is_not_taken),
      WORKER_CASE(test_a_log_with_a_newer_one_of_its_pair_is_not_taken),
      WORKER_CASE(test_a_log_is_tried_again_with_its_own_tables),
      WORKER_CASE(test_everything_that_waits_is_taken_oldest_first),
      WORKER_CASE(test_what_somebody_works_on_is_left_to_him),
      WORKER_CASE(test_a_log_that_fails_again_is_tried_once),
      WORKER_CASE(test_two_callers_share_the_work),
      WORKER_CASE(test_a_long_queue_is_left_when_the_time_is_over),
      WORKER_CASE(test_a_closed_guard_fails_the_attempts_at_once),
      WORKER_CASE(test_failed_closings_are_tried_again),
      WORKER_CASE(test_a_closing_with_a_newer_one_is_not_tried_again),
      WORKER_CASE(test_no_body_is_needed_and_nothing_to_do_is_fine),
      WORKER_CASE(test_closings_stop_at_the_deadline_too),
  };
  return RUN("reprocess", tests);
}
