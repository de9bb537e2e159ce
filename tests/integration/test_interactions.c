/* data-collecting.md 9.1 to 9.5, 9.7, 9.8: messages that are due are sent, once, and what was sent
 * is to be seen in interaction, chat and message. */
#include "harness_interactions.h"

#include <string.h>

/* DC 83 */
static void
test_a_due_message_is_sent_over_its_campaigns_phone(G_GNUC_UNUSED void **state)
{
  phone_put("F0", "O1"); /* another connection of the organization, older and not the campaign's */
  message_put("M1");
  assert_processed(1, 0, 0);
  g_autoptr(GPtrArray) sent = whatsapp_messages();
  const Message *message = whatsapp_message(sent, 0);
  assert_string_equal(message->sender, "F1");
  assert_string_equal(message->to, "5511987654321");
  assert_string_equal(message->template, "t1");
  assert_string_equal(message->language, "pt_BR");
  assert_string_equal(whatsapp_parameter(message, "texto"), "Maria Souza");
  assert_int_equal(json_array_size(message->parameters), 1);
  g_autofree char *request = sales_request(WHATSAPP, 1);
  assert_null(strstr(request, "footer"));
}

/* DC 83 */
static void
test_what_was_sent_is_told_in_interaction_chat_and_message(G_GNUC_UNUSED void **state)
{
  message_put("M1");
  assert_processed(1, 0, 0);
  g_autoptr(GPtrArray) sent = whatsapp_messages();
  const char *id = whatsapp_message(sent, 0)->id;
  assert_message_stands("M1", "ENVIADO 1 never");
  assert_message("M1",
                 "erro_envio is null and data_execucao = data_envio and lease_token is null"
                 " and lease_ate is null and worker is null and tentativa_em <= data_execucao",
                 "true");
  assert_message("M1", "metadados ->> 'whatsappMessageId'", id);
  assert_message("M1", "metadados ->> 'whatsappTemplateId'", "T1");
  assert_message("M1", "metadados ->> 'compraValor'", "1234.50");
  assert_message("M1", "metadados ->> 'compraVendedorNome'", "Ana");
  assert_sql("M1 Oi! ENVIADO ENVIADO USUÁRIO AUTOR TEXTO T1",
             "select concat_ws(' ', interacao_id, conteudo_texto, status, whatsapp_message_status,"
             "   autor_tipo, autor_usuario_id, conteudo_midia_tipo, whatsapp_template_id)"
             "  from crm.chat_messages where whatsapp_message_id = $1",
             id);
  assert_sql("O1 K1 connection-F1 F1 F1 ABERTA TEXTO Oi! t",
             "select concat_ws(' ', c.organizacao_id, c.cliente_id, whatsapp_conexao_id,"
             "   whatsapp_conexao_telefone_id, whatsapp_telefone_id, c.status,"
             "   ultima_mensagem_conteudo_tipo, ultima_mensagem_conteudo_texto,"
             "   ultima_mensagem_id = m.id and m.id = i.metadados ->> 'chatMessageId')"
             "  from crm.chats c, crm.chat_messages m, crm.interactions i");
}

static void
test_a_second_message_goes_into_the_same_chat(G_GNUC_UNUSED void **state)
{
  message_put("M1");
  message_put("M2");
  assert_processed(2, 0, 0);
  assert_count(1, "crm.chats");
  assert_count(2, "crm.chat_messages");
  assert_sql("M2", "select m.interacao_id from crm.chats c"
                   "  join crm.chat_messages m on m.id = c.ultima_mensagem_id");
}

/* DC 85 */
static void
test_messages_leave_in_order_and_not_too_fast(G_GNUC_UNUSED void **state)
{
  process_restart("ENVIO_INTERVALO_MS=1000");
  client_put("K2", "O1", "João", .phone = "11 3333-4444");
  client_put("K3", "O1", "Rui", .phone = "5521987654321");
  message_put("M1", .client = "K3");
  message_put("M2", .client = "K1");
  message_put("M3", .client = "K2");
  assert_processed(3, 0, 0); /* answered after the last */
  assert_string_equal(numbers_called(), "5521987654321,5511987654321,551133334444");
  assert_true(shortest_pause_ms() >= 500); /* as seen there: the way takes its own time */
}

static void
test_connections_do_not_wait_for_each_other(G_GNUC_UNUSED void **state)
{
  process_restart("ENVIO_INTERVALO_MS=60000");
  second_connection_put();
  message_put("M1");
  message_put("M2", .campaign = "C2");
  assert_processed(2, 0, 0);
}

/* DC 86 */
static void
test_a_client_without_a_phone_gets_nothing(G_GNUC_UNUSED void **state)
{
  client_put("K2", "O1", "João", .phone = "9876");
  message_put("M1", .client = "K2");
  assert_processed(0, 1, 0);
  assert_message_stands("M1", "FALHOU 1 never");
  assert_message("M1", "erro_envio", "Cliente sem telefone válido");
  assert_message("M1", "data_execucao is null", "true");
  assert_int_equal(sales_calls(WHATSAPP), 0);
  assert_count(0, "crm.chats");
}

/* DC 86 */
static void
test_an_empty_variable_is_not_sent(G_GNUC_UNUSED void **state)
{
  template_put("T2", "O1", "clientEmail");
  campaign_put("C2", "O1", "NOVA-COMPRA", .phone = "F1", .template = "T2");
  message_put("M1", .campaign = "C2");
  assert_processed(0, 1, 0);
  assert_message_stands("M1", "FALHOU 1 never");
  assert_message("M1", "erro_envio", "Variável clientEmail sem valor");
  assert_int_equal(sales_calls(WHATSAPP), 0);
  assert_count(0, "crm.chats");
}

static void
test_a_campaign_without_a_template_has_nothing_to_say(G_GNUC_UNUSED void **state)
{
  campaign_put("C2", "O1", "NOVA-COMPRA", .phone = "F1");
  message_put("M1", .campaign = "C2");
  assert_processed(0, 1, 0);
  assert_message_stands("M1", "FALHOU 1 never");
  assert_message("M1", "erro_envio", "Campanha sem modelo de mensagem");
}

/* DC 90 */
static void
test_without_the_chat_hub_only_the_message_leaves(G_GNUC_UNUSED void **state)
{
  sql("update crm.organizations set configuracao ="
      " '{\"recursos\": {\"hubAtendimentos\": {\"acesso\": false}}}'");
  message_put("M1");
  assert_processed(1, 0, 0);
  assert_message_stands("M1", "ENVIADO 1 never");
  assert_message("M1", "metadados ? 'chatMessageId'", "false");
  assert_count(0, "crm.chats");
  assert_count(0, "crm.chat_messages");
}

/* DC 91 */
static void
test_a_parameter_is_sent_as_meta_takes_it(G_GNUC_UNUSED void **state)
{
  client_put("K2", "O1", "Ana\n\tMaria      Dias", .phone = "11987650000");
  template_put("T2", "O1", "purchaseValue");
  campaign_put("C2", "O1", "NOVA-COMPRA", .phone = "F1", .template = "T2");
  message_put("M1", .client = "K2");
  message_put("M2", .client = "K2", .campaign = "C2");
  assert_processed(2, 0, 0);
  g_autoptr(GPtrArray) sent = whatsapp_messages();
  assert_string_equal(whatsapp_parameter(whatsapp_message(sent, 0), "texto"), "Ana Maria   Dias");
  assert_string_equal(whatsapp_parameter(whatsapp_message(sent, 1), "texto"), "R$ 1.234,50");
}

static void
test_a_message_held_for_assessment_is_pending_and_done(G_GNUC_UNUSED void **state)
{
  whatsapp_message_status("held_for_quality_assessment");
  message_put("M1");
  assert_processed(1, 0, 0);
  assert_message_stands("M1", "PENDENTE 1 never");
  assert_message("M1", "data_execucao is not null", "true");
  assert_sql("PENDENTE", "select whatsapp_message_status from crm.chat_messages");
  assert_processed(0, 0, 0);
  assert_int_equal(sales_calls(WHATSAPP), 1);
}

static void
test_the_gateway_gets_the_text_as_it_reads(G_GNUC_UNUSED void **state)
{
  sql("update crm.whatsapp_connections set tipo_conexao = 'INTERNAL_GATEWAY', token = null,"
      " gateway_sessao_id = '" GATEWAY_SESSION "'");
  message_put("M1");
  assert_processed(1, 0, 0);
  g_autoptr(GPtrArray) sent = whatsapp_messages();
  const Message *message = whatsapp_message(sent, 0);
  assert_string_equal(message->service, GATEWAY);
  assert_string_equal(message->sender, GATEWAY_SESSION);
  assert_string_equal(message->to, "5511987654321");
  assert_string_equal(message->text, "Oi!");
  assert_string_equal(message->client_id, "M1");
  assert_message_stands("M1", "PENDENTE 1 never");
  assert_message("M1", "data_execucao is not null", "true");
  assert_message("M1", "metadados ->> 'jobId'", message->id);
  assert_message("M1", "metadados ->> 'clientMessageId'", "M1");
  assert_message("M1", "metadados ->> 'compraVendedorNome'", "Ana");
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      OUTBOX_CASE(test_a_due_message_is_sent_over_its_campaigns_phone),
      OUTBOX_CASE(test_what_was_sent_is_told_in_interaction_chat_and_message),
      OUTBOX_CASE(test_a_second_message_goes_into_the_same_chat),
      OUTBOX_CASE(test_messages_leave_in_order_and_not_too_fast),
      OUTBOX_CASE(test_connections_do_not_wait_for_each_other),
      OUTBOX_CASE(test_a_client_without_a_phone_gets_nothing),
      OUTBOX_CASE(test_an_empty_variable_is_not_sent),
      OUTBOX_CASE(test_a_campaign_without_a_template_has_nothing_to_say),
      OUTBOX_CASE(test_without_the_chat_hub_only_the_message_leaves),
      OUTBOX_CASE(test_a_parameter_is_sent_as_meta_takes_it),
      OUTBOX_CASE(test_a_message_held_for_assessment_is_pending_and_done),
      OUTBOX_CASE(test_the_gateway_gets_the_text_as_it_reads),
  };
  return RUN("interactions", tests);
}
