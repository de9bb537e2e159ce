/* data-collecting.md 9.8: which messages are due, who sends them, and who may ask for it. */
#include "harness_interactions.h"

#include <string.h>

#define CRON .token = harness_env("CRON_SECRET")

/* DC 92 */
static void
test_blocks_that_have_come_are_sent_and_later_ones_wait(G_GNUC_UNUSED void **state)
{
  message_put("today", .unplanned = TRUE);
  message_put("missed", .unplanned = TRUE, .day = day_iso(-1), .block = "06:00");
  message_put("tomorrow", .unplanned = TRUE, .day = day_iso(1));
  message_put("too-old", .unplanned = TRUE, .day = day_iso(-2), .block = "21:00");
  assert_processed(2, 0, 0);
  assert_message_stands("today", "ENVIADO 1 never");
  assert_message_stands("missed", "ENVIADO 1 never");
  assert_message("tomorrow", "coalesce(status_envio, '-') || tentativas", "-0");
  assert_message("tomorrow",
                 "proxima_tentativa_em = (agendamento_data_referencia::date)::timestamp"
                 " at time zone 'America/Sao_Paulo'",
                 "true");
  assert_message_stands("too-old", "- 0 never");
}

/* DC 92 */
static void
test_the_missed_block_is_sent_before_todays(G_GNUC_UNUSED void **state)
{
  client_put("K2", "O1", "João", .phone = "1133334444");
  message_put("today", .unplanned = TRUE);
  message_put("missed", .unplanned = TRUE, .client = "K2", .day = day_iso(-1));
  assert_processed(2, 0, 0);
  assert_string_equal(numbers_called(), "551133334444,5511987654321");
}

static void
test_a_message_whose_day_is_long_over_is_left_as_it_is(G_GNUC_UNUSED void **state)
{
  message_put("M1", .day = day_iso(-2));
  assert_processed(0, 0, 0);
  assert_message_stands("M1", "- 0 never");
  assert_message("M1", "erro_envio is null and data_execucao is null", "true");
  assert_int_equal(sales_calls(WHATSAPP), 0);
}

static void
test_another_attempt_may_cross_one_more_midnight(G_GNUC_UNUSED void **state)
{
  message_put("M1", .day = day_iso(-2));
  sql("update crm.interactions set tentativas = 1, status_envio = 'FALHOU', erro_envio = 'x'");
  assert_processed(1, 0, 0);
  assert_message_stands("M1", "ENVIADO 2 never");
  assert_message("M1", "erro_envio is null", "true");
  message_put("M2", .day = day_iso(-3));
  sql("update crm.interactions set tentativas = 1, status_envio = 'FALHOU' where id = 'M2'");
  assert_processed(0, 0, 0);
}

static void
test_other_kinds_of_interaction_are_nobodys_message(G_GNUC_UNUSED void **state)
{
  message_put("call");
  message_put("by-hand");
  message_put("done");
  sql("update crm.interactions set tipo = 'LIGAÇÃO' where id = 'call'");
  sql("update crm.interactions set campanha_id = null where id = 'by-hand'");
  sql("update crm.interactions set data_execucao = now() where id = 'done'");
  assert_processed(0, 0, 0);
  assert_int_equal(sales_calls(WHATSAPP), 0);
}

static void
test_the_worker_sends_without_being_called(G_GNUC_UNUSED void **state)
{
  worker_start("JOB_WORKERS=1", "JOB_POLL_MS=600000");
  worker_process(); /* it listens */
  message_put("M1");
  WAIT_FOR(whatsapp_message_count() == 1);
  WAIT_FOR(g_strcmp0(message_column("M1", "status_envio"), "ENVIADO") == 0);
}

static void
test_two_calls_at_once_send_each_message_once(G_GNUC_UNUSED void **state)
{
  process_restart("ENVIO_INTERVALO_MS=0");
  sql("insert into crm.interactions (organizacao_id, cliente_id, campanha_id, titulo, tipo,"
      "   agendamento_data_referencia, proxima_tentativa_em)"
      " select 'O1', 'K1', 'C1', 'Mensagem', 'ENVIO-MENSAGEM', $1, now()"
      "   from generate_series(1, 20)",
      day_iso(0));
  Pending *first = call_start("GET", PROCESS, CRON), *second = call_start("POST", PROCESS, CRON);
  g_autoptr(Answer) a = call_finish(first);
  g_autoptr(Answer) b = call_finish(second);
  assert_status(a, 200);
  assert_status(b, 200);
  assert_int_equal(answer_int(a, "mensagensEnviadas") + answer_int(b, "mensagensEnviadas"), 20);
  assert_int_equal(whatsapp_message_count(), 20);
  assert_count(20, "crm.chat_messages where whatsapp_message_status = 'ENVIADO'");
}

static void
test_what_the_time_does_not_suffice_for_is_due_when_its_turn_comes(G_GNUC_UNUSED void **state)
{
  process_restart("EXECUCAO_ORCAMENTO_S=1", "ENVIO_INTERVALO_MS=60000");
  message_put("M1");
  message_put("M2");
  assert_processed(1, 0, 0);
  assert_message_stands("M2", "- 0 60 s"); /* when its turn comes */
  assert_message("M2", "lease_token is null", "true");
  assert_sql("t", "select envio_livre_em < now() + interval '70 s' from crm.whatsapp_connections"
                  " where envio_livre_em is not null");
}

static void
test_the_answer_says_what_was_done(G_GNUC_UNUSED void **state)
{
  g_autoptr(Answer) answer = call("POST", PROCESS, CRON);
  assert_status(answer, 200);
  assert_true(json_is_true(json_object_get(answer->json, "ok")));
  assert_member(answer, "mensagem", "EXECUTADO COM SUCESSO");
  assert_header(answer, "cache-control", "no-store");
}

static void
test_only_the_cron_may_ask(G_GNUC_UNUSED void **state)
{
  message_put("M1");
  g_autoptr(Answer) nobody = call("GET", PROCESS);
  assert_status(nobody, 401);
  assert_member(nobody, "erro", answer_text(nobody, "error"));
  g_autoptr(Answer) wrong = call("POST", PROCESS, .token = "not-the-cron-secret-000");
  assert_status(wrong, 401);
  g_autoptr(Answer) other = call("DELETE", PROCESS, CRON);
  assert_status(other, 405);
  assert_member(other, "erro", "Método não permitido.");
  assert_header(other, "allow", "GET, HEAD, POST");
  assert_message_stands("M1", "- 0 now");
}

/* DESIGN, "Logs": neither who was written to, nor what, nor with which token */
static void
test_nothing_personal_is_logged(G_GNUC_UNUSED void **state)
{
  gsize mark = program_log_mark(PROCESS_PROGRAM);
  message_put("M1");
  message_put("M2");
  whatsapp_refuse(.code = 131026, .call = 2, .details = "5511987654321 has no WhatsApp");
  assert_processed(1, 1, 0);
  WAIT_FOR(program_has_logged(PROCESS_PROGRAM, mark, "131026"));
  g_autofree char *log = program_log_since(PROCESS_PROGRAM, mark);
  const char *const secrets[] = {"98765", "Maria", "Oi!", "EAA-F1", "1234", "wamid"};
  for (gsize i = 0; i < G_N_ELEMENTS(secrets); i++)
    if (strstr(log, secrets[i]) != NULL)
      fail_msg("%s in the log: %s", secrets[i], log);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      OUTBOX_CASE(test_blocks_that_have_come_are_sent_and_later_ones_wait),
      OUTBOX_CASE(test_the_missed_block_is_sent_before_todays),
      OUTBOX_CASE(test_a_message_whose_day_is_long_over_is_left_as_it_is),
      OUTBOX_CASE(test_another_attempt_may_cross_one_more_midnight),
      OUTBOX_CASE(test_other_kinds_of_interaction_are_nobodys_message),
      OUTBOX_CASE(test_the_worker_sends_without_being_called),
      OUTBOX_CASE(test_two_calls_at_once_send_each_message_once),
      OUTBOX_CASE(test_what_the_time_does_not_suffice_for_is_due_when_its_turn_comes),
      OUTBOX_CASE(test_the_answer_says_what_was_done),
      OUTBOX_CASE(test_only_the_cron_may_ask),
      OUTBOX_CASE(test_nothing_personal_is_logged),
  };
  return RUN("interactions that are due", tests);
}
