/* Two callers, one destination; the background and those who wait (backoffice.md 6.2, 6.13, 6.14,
 * 8, 14). */
#include "harness_transfer.h"

#include <string.h>

#define BUSY "Transferência já em andamento para este destino"

static gboolean
task_is(const char *task_id, const char *status)
{
  g_autoptr(Answer) answer = bo_get(TASKS "/%s", task_id);
  return g_strcmp0(answer_text(answer, "status"), status) == 0;
}

/* ---- at once ------------------------------------------------------------------------------------
 */

/* B31 */
static void
test_two_callers_of_one_transfer_copy_once(G_GNUC_UNUSED void **state)
{
  receipt_abc();
  calls_hold(INCLUDE_ATTACHMENT);
  Pending *first = transfer_start();
  WAIT_FOR(held_count() == 1);
  g_autoptr(Answer) second = transfer_now();
  omie_release();
  g_autoptr(Answer) done = call_finish(first);
  assert_sent(done, 3, 3);
  assert_erro(second, 409, BUSY);
  assert_int_equal(answer_int(second, "log_id"), answer_int(done, "log_id"));
  assert_payable_is_a_copy();
  assert_count(1, TRANSFERS);
}

/* B32 */
static void
test_two_receipts_are_not_copied_to_one_payable_at_once(G_GNUC_UNUSED void **state)
{
  receipt_file("a.txt", "first");
  attachment_put(RECEIPTS, 2, "b.txt", "second", 6);
  calls_hold(INCLUDE_ATTACHMENT);
  Pending *first = transfer_start();
  WAIT_FOR(held_count() == 1);
  g_autoptr(Answer) second = transfer_of(2, PAYABLE, "");
  omie_release();
  g_autoptr(Answer) done = call_finish(first);
  assert_sent(done, 1, 1);
  assert_erro(second, 409, BUSY);
  assert_int_equal(answer_int(second, "log_id"), answer_int(done, "log_id"));
  assert_count(1, TRANSFERS);
  assert_payable("a.txt");
  g_autoptr(Answer) later = transfer_of(2, PAYABLE, "");
  assert_sent(later, 1, 1);
  assert_payable("a.txt,b.txt");
}

/* 6.14: another payable is nobody's business */
static void
test_two_payables_are_filled_side_by_side(G_GNUC_UNUSED void **state)
{
  receipt_file("a.txt", "first");
  calls_hold(INCLUDE_ATTACHMENT);
  Pending *first = transfer_start();
  WAIT_FOR(held_count() == 1);
  attachment_put(PAYABLES, 2, "a.txt", "there already", 13); /* nothing to include */
  g_autoptr(Answer) second = transfer_of(RECEIPT, 2, "");
  assert_sent(second, 0, 1);
  omie_release();
  g_autoptr(Answer) done = call_finish(first);
  assert_sent(done, 1, 1);
}

/* ---- in the background --------------------------------------------------------------------------
 */

#define LATER ",\"assincrono\":true"

/* B28, B29 */
static void
test_a_transfer_left_to_the_background_waits_for_a_worker(G_GNUC_UNUSED void **state)
{
  receipt_abc();
  g_autoptr(Answer) answer = transfer_with(LATER);
  assert_status(answer, 202);
  assert_member(answer, "mensagem", "Transferência iniciada de forma assíncrona");
  const char *task = answer_text(answer, "task_id");
  assert_int_equal(json_object_size(answer->json), 3);
  assert_transfer(answer_int(answer, "log_id"), "task_id", task);
  assert_transfer(answer_int(answer, "log_id"), "status || tentativas", "pending0");
  assert_true(task_is(task, "pending"));
  assert_int_equal(omie_calls_of(LIST_ATTACHMENTS), 0);
  worker_start(UNHURRIED, POLLS);
  WAIT_FOR(task_is(task, "success"));
  assert_payable_is_a_copy();
}

/* B30 */
static void
test_what_is_in_the_queue_is_not_queued_again(G_GNUC_UNUSED void **state)
{
  receipt_abc();
  g_autoptr(Answer) first = transfer_with(LATER), second = transfer_with(LATER);
  assert_status(second, 202);
  assert_member(second, "mensagem", "Transferência já está na fila");
  assert_string_equal(answer_text(first, "task_id"), answer_text(second, "task_id"));
  assert_int_equal(answer_int(first, "log_id"), answer_int(second, "log_id"));
  assert_count(1, TRANSFERS);
}

/* B30: by the names on the wire, whatever the caller says */
static void
test_two_names_of_one_table_are_one_destination(G_GNUC_UNUSED void **state)
{
  g_autoptr(Answer) first = transfer_with(LATER);
  g_autoptr(Answer) second = transfer_with(LATER ",\"destino_tabela\":\"conta-pagar\"");
  assert_string_equal(answer_text(first, "task_id"), answer_text(second, "task_id"));
  assert_count(1, TRANSFERS);
}

/* B32 */
static void
test_workers_fill_one_payable_one_after_the_other(G_GNUC_UNUSED void **state)
{
  receipt_file("a.txt", "first");
  attachment_put(RECEIPTS, 2, "b.txt", "second", 6);
  g_autoptr(Answer) one = transfer_with(LATER), two = transfer_of(2, PAYABLE, LATER);
  calls_hold(INCLUDE_ATTACHMENT);
  worker_start(UNHURRIED, POLLS, "JOB_WORKERS=2");
  WAIT_FOR(held_count() == 1);
  assert_sql("1 1", "select concat_ws(' ', count(*) filter (where status = 'processing'),"
                    "  count(*) filter (where status = 'pending' and tentativas = 0))"
                    "  from " TRANSFERS);
  omie_release();
  WAIT_FOR(task_is(answer_text(one, "task_id"), "success") &&
           task_is(answer_text(two, "task_id"), "success"));
  assert_sql("a.txt,b.txt", "select string_agg(name, ',' order by name)"
                            "  from sandbox.omie_attachment where register = 'conta-pagar'");
  assert_sql("1", "select max(tentativas) from " TRANSFERS);
}

/* A worker died over it, and no other runs */
static void
test_a_dead_programs_transfer_does_not_stand_in_the_way(G_GNUC_UNUSED void **state)
{
  receipt_abc();
  g_autoptr(Answer) queued = transfer_with(LATER);
  sql("update " TRANSFERS " set status = 'processing', tentativas = 1, proxima_tentativa_em = null,"
      "  lease_token = gen_random_uuid(), lease_ate = now() - interval '1 s', worker = 'gone'");
  g_autoptr(Answer) answer = transfer_now();
  assert_sent(answer, 3, 3);
  assert_int_equal(answer_int(answer, "log_id"), answer_int(queued, "log_id"));
  assert_sql("2", "select tentativas from " TRANSFERS);
}

/* B33 */
static void
test_who_waits_takes_over_what_is_in_the_queue(G_GNUC_UNUSED void **state)
{
  receipt_abc();
  g_autoptr(Answer) queued = transfer_with(LATER), waited = transfer_now();
  assert_sent(waited, 3, 3);
  assert_int_equal(answer_int(waited, "log_id"), answer_int(queued, "log_id"));
  assert_true(task_is(answer_text(queued, "task_id"), "success"));
  assert_count(1, TRANSFERS);
}

/* ---- tried again --------------------------------------------------------------------------------
 */

static void
fail_once(void)
{
  method_fault(LIST_ATTACHMENTS, 1, "SOAP-ENV:Client-105", "ERROR: Algo deu errado!");
  g_autoptr(Answer) answer = transfer_now();
  assert_not_sent(answer, 0, 0, "Erro Omie: ERROR: Algo deu errado!");
}

/* B25 */
static void
test_after_three_attempts_a_transfer_is_left(G_GNUC_UNUSED void **state)
{
  receipt_abc();
  fail_once();
  method_fault(LIST_ATTACHMENTS, 2, "SOAP-ENV:Client-105", "ERROR: Algo deu errado!");
  for (guint i = 2; i <= 3; i++) {
    g_autoptr(Answer) retried = retry_pending();
    assert_int_equal(answer_int(retried, "falhas"), 1);
    assert_int_equal(answer_int(retried, "restantes"), i < 3 ? 1 : 0);
  }
  g_autoptr(Answer) none = retry_pending();
  assert_int_equal(answer_int(none, "total_processados"), 0);
  assert_sql("failed 3 t", "select concat_ws(' ', status, tentativas, proxima_tentativa_em is null)"
                           "  from " TRANSFERS);
  g_autoptr(Answer) shown = bo_get(ATTACHMENTS "/1");
  assert_true(json_is_false(json_object_get(shown->json, "pode_retentar")));
  g_autoptr(Answer) anew = transfer_now(); /* the way on */
  assert_sent(anew, 3, 3);
  assert_int_equal(answer_int(anew, "log_id"), 2);
}

/* B26 */
static void
test_a_failure_that_a_newer_transfer_made_good_is_left(G_GNUC_UNUSED void **state)
{
  receipt_abc();
  fail_once();
  g_autoptr(Answer) answer = transfer_now();
  assert_sent(answer, 3, 3);
  g_autoptr(Answer) retried = retry_pending();
  assert_string_equal(retried->body,
                      "{\"total_processados\":0,\"sucessos\":0,\"falhas\":0,\"restantes\":0}");
  sql("update " TRANSFERS " set proxima_tentativa_em = now() where status = 'failed'");
  worker_once(UNHURRIED);
  assert_sql("1", "select tentativas from " TRANSFERS " where status = 'failed'");
}

/* B27 */
static void
test_another_attempt_uses_the_tables_of_the_first(G_GNUC_UNUSED void **state)
{
  attachment_put("pedido-compra", RECEIPT, "a.txt", "content", 7);
  method_fault(LIST_ATTACHMENTS, 1, "SOAP-ENV:Client-105", "ERROR: Algo deu errado!");
  g_autoptr(Answer) answer =
      transfer_with(",\"origem_tabela\":\"pedido-compra\",\"destino_tabela\":\"nota-entrada\"");
  assert_member(answer, "status", "failed");
  g_autoptr(Answer) retried = retry_pending();
  assert_int_equal(answer_int(retried, "sucessos"), 1);
  assert_names_at("nota-entrada", PAYABLE, "a.txt", __FILE__, __LINE__);
  assert_sql("nota-entrada,pedido-compra",
             "select string_agg(distinct param ->> 'cTabela', ',') from sandbox.omie_call"
             " where method <> 'download'");
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      TRANSFER_CASE(test_two_callers_of_one_transfer_copy_once),
      TRANSFER_CASE(test_two_receipts_are_not_copied_to_one_payable_at_once),
      TRANSFER_CASE(test_a_dead_programs_transfer_does_not_stand_in_the_way),
      TRANSFER_CASE(test_two_payables_are_filled_side_by_side),
      TRANSFER_CASE(test_a_transfer_left_to_the_background_waits_for_a_worker),
      TRANSFER_CASE(test_what_is_in_the_queue_is_not_queued_again),
      TRANSFER_CASE(test_two_names_of_one_table_are_one_destination),
      TRANSFER_CASE(test_workers_fill_one_payable_one_after_the_other),
      TRANSFER_CASE(test_who_waits_takes_over_what_is_in_the_queue),
      TRANSFER_CASE(test_after_three_attempts_a_transfer_is_left),
      TRANSFER_CASE(test_a_failure_that_a_newer_transfer_made_good_is_left),
      TRANSFER_CASE(test_another_attempt_uses_the_tables_of_the_first),
  };
  return RUN("transfer: sharing", tests);
}
