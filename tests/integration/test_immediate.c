/* A message that a sale causes leaves with the run that stored it, whole, once, or not at all
 * (data-collecting.md 1.7.11, 9.3 to 9.7). */
#include "harness.h"

#include "harness_import.h"

static int
before(void **state)
{
  int failed = import_before(state);
  organization_put("O1", ONLINE);
  cashback_put("P1", "O1");
  phone_put("F0", "O1"); /* another connection, older than the campaign's */
  phone_put("F1", "O1");
  template_put("T1", "O1", "clientName");
  campaign_put("C1", "O1", "PRIMEIRA-COMPRA", .segments = "CLIENTES RECENTES", .phone = "F1",
               .template = "T1");
  return failed;
}
#define IMMEDIATE_CASE(test) cmocka_unit_test_setup_teardown(test, before, crm_after)

/* Sales of three new buyers. */
static void
three_buyers(void)
{
  sale_put(.id = "1", .client = "Maria Souza", .phone = "(11) 98765-4321");
  sale_put(.id = "2", .client = "Ana Lima", .phone = "(21) 98765-4322");
  sale_put(.id = "3", .client = "Bia Costa", .phone = "(31) 98765-4323");
}

/* To whom messages were accepted, in order. */
static char *
recipients(void)
{
  g_autoptr(GPtrArray) messages = whatsapp_messages();
  GString *text = g_string_new(NULL);
  for (guint i = 0; i < messages->len; i++)
    g_string_append_printf(text, "%s%s", i > 0 ? "," : "", whatsapp_message(messages, i)->to);
  return g_string_free(text, FALSE);
}

static void
assert_recipients(const char *expected)
{
  g_autofree char *found = recipients();
  assert_string_equal(found, expected);
}

/* DC 83 */
static void
test_the_message_is_as_meta_wants_it(G_GNUC_UNUSED void **state)
{
  static const char wanted[] =
      "{\"messaging_product\":\"whatsapp\",\"to\":\"5511987654321\",\"type\":\"template\","
      "\"template\":{\"name\":\"t1\",\"language\":{\"code\":\"pt_BR\"},\"components\":["
      "{\"type\":\"body\",\"parameters\":[{\"type\":\"text\",\"parameter_name\":\"texto\","
      "\"text\":\"Maria Souza\"}]}]}}";
  sql("update crm.whatsapp_templates set componentes = componentes || '{\"rodape\":{\"conteudo\":"
      "\"Responda "
      "SAIR\"},\"cabecalho\":{\"tipo\":\"text\",\"conteudo\":\"Oi\"},\"botoes\":[{\"tipo\":"
      "\"quick_reply\",\"texto\":\"Sim\",\"dados\":{}}]}'");
  sale_put(.id = "1", .client = "Maria Souza", .phone = "(11) 98765-4321");
  g_autoptr(Answer) answer = collect_ok();
  assert_collected(answer, "O1", "mensagensEnviadas", "1");
  assert_int_equal(sales_calls(WHATSAPP), 1);
  g_autoptr(GPtrArray) messages = whatsapp_messages();
  const Message *message = whatsapp_message(messages, 0);
  assert_string_equal(message->sender, "F1"); /* with its own token, or it were refused */
  g_autoptr(json_t) expected = json_loads(wanted, 0, NULL);
  assert_true(json_equal(message->payload, expected));
}

/* DC 83 */
static void
test_the_message_is_to_be_seen_where_people_look(G_GNUC_UNUSED void **state)
{
  sale_put(.id = "1", .client = "Maria Souza", .phone = "(11) 98765-4321", .seller = "ANA");
  g_autoptr(Answer) answer = collect_ok();
  g_autoptr(GPtrArray) messages = whatsapp_messages();
  const char *id = whatsapp_message(messages, 0)->id;
  assert_text(interaction_column("O1", "1", "C1", "status_envio"), "ENVIADO");
  assert_text(interaction_column("O1", "1", "C1", "imediata"), "t");
  assert_non_null(interaction_column("O1", "1", "C1", "data_execucao"));
  assert_non_null(interaction_column("O1", "1", "C1", "data_envio"));
  assert_text(interaction_data("O1", "1", "C1", "whatsappMessageId"), id);
  assert_text(interaction_data("O1", "1", "C1", "compraValor"), "100.00");
  assert_text(interaction_data("O1", "1", "C1", "compraVendedorNome"), "ANA");
  assert_text(interaction_data("O1", "1", "C1", "compraCashbackNovoSaldo"), "5.00");
  g_autofree char *seen = sql_text(
      "select concat_ws(' ', c.cliente_id, c.whatsapp_conexao_telefone_id, m.whatsapp_message_id)"
      "  from crm.chat_messages m join crm.chats c on c.id = m.chat_id");
  g_autofree char *expected = g_strjoin(" ", client_id("O1", "MARIA SOUZA"), "F1", id, NULL);
  assert_text(seen, expected);
}

/* DC 84: of three sales stored together the second is refused */
static void
test_a_sale_that_is_not_stored_sends_nothing_and_keeps_none_back(G_GNUC_UNUSED void **state)
{
  three_buyers();
  sql("alter table crm.sales add constraint test_refusal check (id_externo <> '2')");
  g_autoptr(Answer) answer = collect("");
  sql("alter table crm.sales drop constraint test_refusal");
  assert_collected(answer, "O1", "vendasComErro", "1");
  assert_collected(answer, "O1", "interacoesImediatas", "2");
  assert_collected(answer, "O1", "mensagensEnviadas", "2");
  assert_recipients("5511987654321,5531987654323");
}

/* DC 85: as seen over there, where the way takes its own time */
static void
test_messages_leave_in_order_and_apart_before_the_answer(G_GNUC_UNUSED void **state)
{
  collect_restart("ENVIO_INTERVALO_MS=1000");
  three_buyers();
  g_autoptr(Answer) answer = collect_ok();
  assert_collected(answer, "O1", "mensagensEnviadas", "3");
  assert_recipients("5511987654321,5521987654322,5531987654323");
  g_autoptr(GPtrArray) messages = whatsapp_messages();
  for (guint i = 1; i < 3; i++)
    assert_true(whatsapp_message(messages, i)->start_us -
                    whatsapp_message(messages, i - 1)->start_us >=
                500000);
}

/* DC 88 */
static void
test_a_message_whose_fate_is_unknown_is_not_sent_again(G_GNUC_UNUSED void **state)
{
  three_buyers();
  sales_answer(.service = WHATSAPP, .trick = "lost", .times = 1,
               .request = "{\"to\":\"5521987654322\"}");
  g_autoptr(Answer) first = collect_ok();
  assert_collected(first, "O1", "status", "OK");
  assert_collected(first, "O1", "mensagensEnviadas", "2");
  assert_collected(first, "O1", "mensagensComFalha", "1");
  assert_text(interaction_column("O1", "2", "C1", "status_envio"), "FALHOU");
  assert_text(interaction_column("O1", "2", "C1", "erro_envio"), "RESULTADO_DESCONHECIDO");
  assert_null(interaction_column("O1", "2", "C1", "data_execucao"));
  assert_null(interaction_column("O1", "2", "C1", "proxima_tentativa_em"));
  sale_change("2", "{\"documento\":\"outro\"}");
  g_autoptr(Answer) second = collect_ok();
  assert_collected(second, "O1", "mensagensEnviadas", "0");
  assert_collected(second, "O1", "mensagensComFalha", "0");
  assert_int_equal(sales_calls(WHATSAPP), 3);
}

/* DC 88, 89: one is on its way when the program dies, two have not left */
static void
test_what_a_killed_sender_left_is_sent_and_what_it_had_in_hand_is_not(G_GNUC_UNUSED void **state)
{
  three_buyers();
  sales_hold(WHATSAPP, NULL);
  Pending *run = collect_start();
  WAIT_FOR(sales_held() == 1);
  program_kill(COLLECT_PROGRAM);
  sales_release();
  answer_free(call_finish(run));
  assert_recipients("5511987654321");
  sql("update crm.interactions set lease_ate = now() - interval '1 ms' where lease_ate is not "
      "null");
  collect_restart("COLETA_LOTE=500");
  g_autoptr(Answer) next = collect_ok();
  assert_collected(next, "O1", "vendasInalteradas", "3");
  assert_collected(next, "O1", "mensagensEnviadas", "2");
  g_autoptr(Answer) swept =
      call("POST", "/api/cron/process-interactions", .token = harness_env("CRON_SECRET"));
  assert_status(swept, 200);
  assert_text(interaction_column("O1", "1", "C1", "status_envio"), "FALHOU");
  assert_text(interaction_column("O1", "1", "C1", "erro_envio"), "RESULTADO_DESCONHECIDO");
  g_autoptr(Answer) last = collect_ok();
  assert_collected(last, "O1", "mensagensEnviadas", "0");
  assert_recipients("5511987654321,5521987654322,5531987654323");
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      IMMEDIATE_CASE(test_the_message_is_as_meta_wants_it),
      IMMEDIATE_CASE(test_the_message_is_to_be_seen_where_people_look),
      IMMEDIATE_CASE(test_a_sale_that_is_not_stored_sends_nothing_and_keeps_none_back),
      IMMEDIATE_CASE(test_messages_leave_in_order_and_apart_before_the_answer),
      IMMEDIATE_CASE(test_a_message_whose_fate_is_unknown_is_not_sent_again),
      IMMEDIATE_CASE(test_what_a_killed_sender_left_is_sent_and_what_it_had_in_hand_is_not),
  };
  return RUN("immediate", tests);
}
