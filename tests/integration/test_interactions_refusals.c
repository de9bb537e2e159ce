/* data-collecting.md 9.6: what a refusal means for the message, for its connection, and for the
 * connection's other messages. */
#include "harness_interactions.h"

/* DC 87 */
static void
test_a_wrong_template_needs_a_person(G_GNUC_UNUSED void **state)
{
  whatsapp_refuse(.code = 132001, .details = "Template name does not exist");
  message_put("M1");
  assert_processed(0, 1, 0);
  assert_message_stands("M1", "FALHOU 1 never");
  assert_message("M1", "erro_envio like '132001: Template name does not exist%'", "true");
  assert_message("M1", "data_execucao is null and data_envio is null", "true");
  assert_sql("FALHOU", "select whatsapp_message_status from crm.chat_messages");
  assert_processed(0, 0, 0);
  assert_int_equal(sales_calls(WHATSAPP), 1);
}

/* DC 87 */
static void
test_a_limit_is_waited_for_and_the_message_sent(G_GNUC_UNUSED void **state)
{
  whatsapp_refuse(.code = 130429, .times = 1);
  message_put("M1");
  assert_processed(0, 1, 0);
  assert_message_stands("M1", "FALHOU 1 300 s");
  waits_over();
  assert_processed(1, 0, 0);
  assert_message_stands("M1", "ENVIADO 2 never");
  assert_message("M1", "erro_envio is null", "true");
  assert_count(1, "crm.chat_messages"); /* the same, once more */
  assert_sql("ENVIADO", "select whatsapp_message_status from crm.chat_messages");
}

/* DC 87 */
static void
test_three_attempts_are_made_in_all(G_GNUC_UNUSED void **state)
{
  whatsapp_refuse(.code = 130429);
  message_put("M1");
  assert_processed(0, 1, 0);
  waits_over();
  assert_processed(0, 1, 0);
  assert_message_stands("M1", "FALHOU 2 1800 s");
  waits_over();
  assert_processed(0, 1, 0);
  assert_message_stands("M1", "FALHOU 3 never");
  assert_processed(0, 0, 0);
  assert_int_equal(sales_calls(WHATSAPP), 3);
}

/* DC 87 */
static void
test_a_refused_token_stops_its_connection_alone(G_GNUC_UNUSED void **state)
{
  whatsapp_refuse(.code = 190, .who = "F1");
  second_connection_put();
  message_put("M1");
  message_put("M2");
  message_put("M3", .campaign = "C2");
  assert_processed(1, 1, 1);
  assert_message_stands("M1", "FALHOU 0 1800 s");
  assert_message("M1", "erro_envio like '190:%' and metadados ->> 'compraVendedorNome' = 'Ana'",
                 "true");
  assert_message_stands("M2", "- 0 now");
  assert_message("M2", "tentativa_em is null", "true");
  assert_message_stands("M3", "ENVIADO 1 never");
  assert_int_equal(sales_calls_of(WHATSAPP, NULL, "F1"), 1);
  assert_sql("connection-F1", "select string_agg(id, ',') from crm.whatsapp_connections"
                              " where envio_suspenso_ate > now() + interval '29 minutes'");
}

/* DC 87 */
static void
test_a_connection_that_works_again_sends_what_waited(G_GNUC_UNUSED void **state)
{
  whatsapp_refuse(.code = 190, .times = 1);
  message_put("M1");
  message_put("M2");
  assert_processed(0, 1, 1);
  waits_over();
  assert_processed(2, 0, 0);
  assert_message_stands("M1", "ENVIADO 1 never");
  assert_message_stands("M2", "ENVIADO 1 never");
}

static void
test_the_message_of_a_connection_that_is_not_there_waits(G_GNUC_UNUSED void **state)
{
  campaign_put("C2", "O1", "NOVA-COMPRA", .template = "T1"); /* no phone */
  sql("update crm.whatsapp_connections set token = ''");
  message_put("M1");
  message_put("M2", .campaign = "C2");
  assert_processed(0, 2, 0);
  assert_message_stands("M1", "FALHOU 0 1800 s");
  assert_message_stands("M2", "FALHOU 0 1800 s");
  assert_message("M2", "erro_envio", "Conexão de WhatsApp indisponível");
  assert_int_equal(sales_calls(WHATSAPP), 0);
  assert_count(0, "crm.chats");
  sql("update crm.whatsapp_connections set token = 'EAA-F1'");
  sql("update crm.campaigns set whatsapp_conexao_telefone_id = 'F1'");
  waits_over();
  assert_processed(2, 0, 0);
}

static void
test_a_gateway_without_its_session_is_held_back(G_GNUC_UNUSED void **state)
{
  sql("update crm.whatsapp_connections set tipo_conexao = 'INTERNAL_GATEWAY',"
      " gateway_sessao_id = 'outra'");
  message_put("M1");
  message_put("M2");
  assert_processed(0, 1, 1);
  assert_message_stands("M1", "FALHOU 0 1800 s");
  assert_message_stands("M2", "- 0 now");
}

/* 9.6: connection refused before sending */
static void
test_what_never_left_is_tried_again(G_GNUC_UNUSED void **state)
{
  process_restart("WHATSAPP_API_BASE_URL=https://127.0.0.1:1/v22.0");
  message_put("M1");
  assert_processed(0, 1, 0);
  assert_message_stands("M1", "FALHOU 1 300 s");
}

static void
test_a_longer_wait_that_was_asked_for_is_kept(G_GNUC_UNUSED void **state)
{
  sales_answer(.service = WHATSAPP, .status = 503, .headers = "{\"Retry-After\":\"900\"}");
  message_put("M1");
  assert_processed(0, 1, 0);
  assert_message_stands("M1", "FALHOU 1 900 s");
  assert_message("M1", "erro_envio", "HTTP 503");
}

static void
assert_unknown_for_good(const char *id)
{
  assert_message_stands(id, "FALHOU 1 never");
  assert_message(id, "erro_envio", "RESULTADO_DESCONHECIDO");
  assert_message(id, "data_execucao is null", "true");
  assert_sql("PENDENTE", "select whatsapp_message_status from crm.chat_messages");
  sales_answers_clear();
  waits_over();
  assert_processed(0, 0, 0);
  worker_once("JOB_POLL_MS=50");
  assert_int_equal(sales_calls(WHATSAPP), 1);
}

/* DC 88 */
static void
test_a_lost_answer_is_never_sent_again(G_GNUC_UNUSED void **state)
{
  sales_answer(.service = WHATSAPP, .trick = "lost");
  message_put("M1");
  assert_processed(0, 1, 0);
  assert_int_equal(whatsapp_message_count(), 1);
  assert_unknown_for_good("M1");
}

/* DC 88 */
static void
test_an_answer_that_comes_too_late_is_never_sent_again(G_GNUC_UNUSED void **state)
{
  process_restart("ENVIO_TIMEOUT_S=1");
  sales_answer(.service = WHATSAPP, .trick = "hang", .delay_ms = 3000);
  message_put("M1");
  assert_processed(0, 1, 0);
  assert_unknown_for_good("M1");
}

/* DC 88 */
static void
test_an_acceptance_without_an_id_is_never_sent_again(G_GNUC_UNUSED void **state)
{
  sales_answer(.service = WHATSAPP, .status = 200, .body = "{\"messages\":[]}");
  message_put("M1");
  assert_processed(0, 1, 0);
  assert_unknown_for_good("M1");
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      OUTBOX_CASE(test_a_wrong_template_needs_a_person),
      OUTBOX_CASE(test_a_limit_is_waited_for_and_the_message_sent),
      OUTBOX_CASE(test_three_attempts_are_made_in_all),
      OUTBOX_CASE(test_a_refused_token_stops_its_connection_alone),
      OUTBOX_CASE(test_a_connection_that_works_again_sends_what_waited),
      OUTBOX_CASE(test_the_message_of_a_connection_that_is_not_there_waits),
      OUTBOX_CASE(test_a_gateway_without_its_session_is_held_back),
      OUTBOX_CASE(test_what_never_left_is_tried_again),
      OUTBOX_CASE(test_a_longer_wait_that_was_asked_for_is_kept),
      OUTBOX_CASE(test_a_lost_answer_is_never_sent_again),
      OUTBOX_CASE(test_an_answer_that_comes_too_late_is_never_sent_again),
      OUTBOX_CASE(test_an_acceptance_without_an_id_is_never_sent_again),
  };
  return RUN("refused interactions", tests);
}
