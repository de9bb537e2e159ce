/* How long a transfer waits, for Omie and for its next attempt (backoffice.md 5.4, 14.5, 14.8). */
#include "harness_transfer.h"

/* 5.4: reads after 2 s and 5 s, busy writes after 10 s and 61 s (here: as set) */
static void
test_what_may_pass_is_waited_out_in_the_same_run(G_GNUC_UNUSED void **state)
{
  program_restart(TRANSFER_PROGRAM, UNHURRIED, "OMIE_TRANSIENT_WAITS_MS=10,20");
  receipt_file("a.txt", "content");
  omie_answer(.method = LIST_ATTACHMENTS, .times = 1, .trick = "reset");
  omie_answer(.method = OBTAIN_ATTACHMENT, .times = 2, .status = 502, .body = "<html></html>",
              .type = "text/html");
  method_fault(INCLUDE_ATTACHMENT, 1, "SOAP-ENV:Client-1880",
               "ERROR: Já existe uma requisição desse método sendo executada. (1)");
  g_autoptr(Answer) answer = transfer_now();
  assert_sent(answer, 1, 1);
  assert_payable_is_a_copy();
  assert_int_equal(omie_calls_of(INCLUDE_ATTACHMENT), 2);
  assert_int_equal(omie_calls_of(OBTAIN_ATTACHMENT), 3);
}

/* B38 */
static void
test_a_redundant_question_is_asked_again_when_omie_says(G_GNUC_UNUSED void **state)
{
  receipt_file("a.txt", "content");
  method_fault(LIST_ATTACHMENTS, 1, "SOAP-ENV:Client-6",
               "ERROR: Consumo redundante detectado. Aguarde 1 segundos (REDUNDANT).");
  g_autoptr(Answer) answer = transfer_now();
  assert_sent(answer, 1, 1);
  assert_sql("t", "select min(at) filter (where verdict = 'go') - min(at) between '2 s' and '8 s'"
                  "  from sandbox.omie_call where method = 'ListarAnexo'");
}

/* B38: three times, and then as long as it said and a second more */
static void
test_a_question_redundant_for_ever_waits_for_the_next_attempt(G_GNUC_UNUSED void **state)
{
  program_restart(TRANSFER_PROGRAM, NO_PAUSE);
  receipt_file("a.txt", "content");
  static const char text[] = "ERROR: Consumo redundante detectado. Aguarde 1 segundos (REDUNDANT).";
  method_fault(LIST_ATTACHMENTS, 0, "SOAP-ENV:Client-6", text);
  g_autoptr(Answer) answer = transfer_now();
  g_autofree char *message = g_strconcat("Erro Omie: ", text, NULL);
  assert_not_sent(answer, 0, 0, message);
  assert_int_equal(omie_calls_of(LIST_ATTACHMENTS), 3);
  assert_next_attempt_in("2", "3");
}

/* B39: 425 */
static void
test_a_block_holds_everything_back_until_it_ends(G_GNUC_UNUSED void **state)
{
  g_autofree char *body =
      sql_text("select sandbox.omie_fault_text('MISUSE_API_PROCESS',"
               "  'API bloqueada por consumo indevido. Tente novamente em 900 segundos.')");
  receipt_abc();
  omie_answer(.method = INCLUDE_ATTACHMENT, .times = 1, .status = 425, .body = body);
  g_autoptr(Answer) answer = transfer_now();
  assert_not_sent(answer, 0, 3,
                  "3 de 3 anexos não transferidos: a.txt: Erro Omie: API bloqueada por consumo "
                  "indevido");
  assert_figures(answer, "erros_inclusao=1,nao_tentados=2");
  assert_next_attempt_in("900", "901");
  assert_int_equal(omie_calls_of(INCLUDE_ATTACHMENT), 1);
  g_autoptr(Answer) next = transfer_now();
  assert_not_sent(next, 0, 3,
                  "3 de 3 anexos não transferidos: a.txt: Erro Omie: chamadas suspensas para "
                  "evitar bloqueio");
  assert_int_equal(omie_calls_of(INCLUDE_ATTACHMENT), 1);
  assert_payable("");
}

/* B39: eight errors, of which "no records" are some (5.6) */
static void
test_eight_errors_hold_calls_back(G_GNUC_UNUSED void **state)
{
  for (gint64 payable = 1; payable <= 8; payable++) {
    g_autoptr(Answer) answer = transfer_of(RECEIPT, payable, ""); /* the receipt has no files */
    assert_sent(answer, 0, 0);
  }
  g_autoptr(Answer) answer = transfer_of(RECEIPT, 9, "");
  assert_not_sent(answer, 0, 0, "Erro Omie: chamadas suspensas para evitar bloqueio");
  assert_int_equal(omie_calls_of(LIST_ATTACHMENTS), 8);
}

/* B89 */
static void
test_what_a_caller_will_not_wait_for_is_left_to_the_worker(G_GNUC_UNUSED void **state)
{
  program_restart(TRANSFER_PROGRAM, "BACKOFFICE_SYNC_DEADLINE_S=1");
  omie_setting("latency_ms", "200");
  receipt_abc();
  receipt_file("d.txt", "fourth");
  receipt_file("e.txt", "fifth");
  g_autoptr(Answer) answer = transfer_now();
  assert_status(answer, 200);
  assert_member(answer, "status", "failed");
  const json_t *figures = json_object_get(answer->json, "detalhes");
  assert_true(json_integer_value(json_object_get(figures, "nao_tentados")) > 0);
  assert_true(json_integer_value(json_object_get(figures, "incluidos")) > 0);
  assert_next_attempt_in("65", "75");
  sql("update " TRANSFERS " set proxima_tentativa_em = now()");
  worker_once(UNHURRIED);
  assert_sql("success 2 5", "select concat_ws(' ', status, tentativas, anexos_sucesso)"
                            "  from " TRANSFERS);
  assert_payable_is_a_copy();
}

/* 14.5: automatic attempts can be switched off */
static void
test_without_automatic_retries_nothing_is_scheduled(G_GNUC_UNUSED void **state)
{
  program_restart(TRANSFER_PROGRAM, "BACKOFFICE_AUTO_RETRY=0");
  receipt_file("a.txt", "content");
  method_fault(LIST_ATTACHMENTS, 1, "SOAP-ENV:Client-105", "ERROR: Algo deu errado!");
  g_autoptr(Answer) answer = transfer_now();
  assert_not_sent(answer, 0, 0, "Erro Omie: ERROR: Algo deu errado!");
  assert_next_attempt_in("0", "0");
  sql("truncate sandbox.omie_fault");
  g_autoptr(Answer) retried = retry_pending();
  assert_int_equal(answer_int(retried, "sucessos"), 1);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      TRANSFER_CASE(test_what_may_pass_is_waited_out_in_the_same_run),
      TRANSFER_CASE(test_a_redundant_question_is_asked_again_when_omie_says),
      TRANSFER_CASE(test_a_question_redundant_for_ever_waits_for_the_next_attempt),
      TRANSFER_CASE(test_a_block_holds_everything_back_until_it_ends),
      TRANSFER_CASE(test_eight_errors_hold_calls_back),
      TRANSFER_CASE(test_what_a_caller_will_not_wait_for_is_left_to_the_worker),
      TRANSFER_CASE(test_without_automatic_retries_nothing_is_scheduled),
  };
  return RUN("transfer: waits", tests);
}
