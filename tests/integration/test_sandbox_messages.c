/* The stand-ins of WhatsApp and of the internal gateway take, refuse and lose messages. */
#include "harness_stand_in.h"
#include "harness_whatsapp.h"

#define MESSAGES "/whatsapp/v22.0/" WHATSAPP_PHONE "/messages"

static Reply
send_message(const char *components)
{
  g_autofree char *body = g_strdup_printf(
      "{\"messaging_product\":\"whatsapp\",\"to\":\"5511987654321\",\"type\":\"template\","
      "\"template\":{\"name\":\"ola\",\"language\":{\"code\":\"pt_BR\"},\"components\":[%s]}}",
      components);
  return ask(MESSAGES, body, "Authorization: Bearer " WHATSAPP_TOKEN,
             "Content-Type: application/json");
}

#define NAMED                                                                                      \
  "{\"type\":\"body\",\"parameters\":[{\"type\":\"text\",\"parameter_name\":\"nome\","             \
  "\"text\":\"Maria\"}]}"

static Reply
send_through_gateway(const char *session)
{
  g_autofree char *secret = g_strconcat("Authorization: Bearer ",
                                        harness_env("INTERNAL_WHATSAPP_GATEWAY_API_SECRET"), NULL);
  g_autofree char *body =
      g_strdup_printf("{\"sessionId\":\"%s\",\"to\":\"5511987654321\",\"clientMessageId\":\"i1\","
                      "\"content\":{\"type\":\"text\",\"text\":\"Olá\"}}",
                      session);
  return ask("/gateway/messages/send", body, secret, "Content-Type: application/json");
}

static void
test_whatsapp_keeps_what_it_accepts(G_GNUC_UNUSED void **state)
{
  whatsapp_template("ola", "pt_BR", 1);
  whatsapp_message_status("accepted");
  g_auto(Reply) reply = send_message(NAMED);
  assert_true(says(&reply, 200, "\"messages\":[{\"id\":\"wamid."));
  assert_true(says(&reply, 200, "\"message_status\":\"accepted\""));
  g_autoptr(GPtrArray) messages = whatsapp_messages();
  const Message *message = whatsapp_message(messages, 0);
  assert_string_equal(message->to, "5511987654321");
  assert_string_equal(message->sender, WHATSAPP_PHONE);
  assert_string_equal(message->template, "ola");
  assert_string_equal(whatsapp_parameter(message, "nome"), "Maria");
  assert_int_equal(message->start_us, sales_call_start_us(WHATSAPP, 1));
  assert_true(ABS(g_get_real_time() - message->start_us) < 20 * G_USEC_PER_SEC);
}

static void
test_whatsapp_refuses_as_meta_does(G_GNUC_UNUSED void **state)
{
  static const struct {
    const char *components;
    int code;
  } cases[] = {
      {"{\"type\":\"footer\",\"parameters\":[]}", 100},
      {"{\"type\":\"buttons\",\"parameters\":[{\"type\":\"text\",\"text\":\"x\"}]}", 100},
      {"{\"type\":\"body\",\"parameters\":[{\"type\":\"text\",\"text\":\"\"}]}", 131008},
      {"{\"type\":\"body\",\"parameters\":[{\"type\":\"text\",\"text\":\"a\\nb\"}]}", 100},
      {"{\"type\":\"body\",\"parameters\":[{\"type\":\"text\",\"parameter_name\":\"1\","
       "\"text\":\"x\"}]}",
       100},
      {"{\"type\":\"body\",\"parameters\":[]}", 131008},
      {"{\"type\":\"header\",\"parameters\":[{\"type\":\"image\",\"image\":{}}]}", 131008},
  };
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *code = g_strdup_printf("\"code\":%d,", cases[i].code);
    g_auto(Reply) reply = send_message(cases[i].components);
    assert_true(says(&reply, 400, code));
  }
  whatsapp_template("outro", "pt_BR", 1);
  g_auto(Reply) unknown = send_message(NAMED);
  assert_true(says(&unknown, 404, "\"code\":132001,"));
  whatsapp_template("ola", "pt_BR", 2);
  g_auto(Reply) number = send_message(NAMED);
  assert_true(says(&number, 400, "\"code\":132000,"));
  whatsapp_phone(WHATSAPP_PHONE, "outra");
  g_auto(Reply) token = send_message(NAMED);
  assert_true(says(&token, 401, "\"code\":190,"));
  assert_int_equal(whatsapp_message_count(), 0);
}

static void
test_the_gateway_queues_refuses_and_loses_sessions(G_GNUC_UNUSED void **state)
{
  g_auto(Reply) queued = send_through_gateway(GATEWAY_SESSION);
  assert_true(says(&queued, 200, "{\"success\":true,\"queued\":true,\"jobId\":\"job-1\"}"));
  gateway_queues(FALSE);
  g_auto(Reply) sent = send_through_gateway(GATEWAY_SESSION);
  assert_true(says(&sent, 200, "{\"success\":true,\"queued\":false}"));
  gateway_session(GATEWAY_SESSION, FALSE);
  g_auto(Reply) gone = send_through_gateway(GATEWAY_SESSION);
  assert_true(says(&gone, 404, "{\"success\":false,"));
  g_auto(Reply) stranger =
      ask("/gateway/messages/send", "{}", "Authorization: Bearer x", "Content-Type: text/plain");
  assert_int_equal(stranger.status, 401);
  g_autoptr(GPtrArray) messages = whatsapp_messages();
  assert_int_equal(messages->len, 2);
  assert_string_equal(whatsapp_message(messages, 1)->text, "Olá");
  assert_string_equal(whatsapp_message(messages, 0)->client_id, "i1");
}

static void
test_a_message_is_kept_though_its_answer_is_lost(G_GNUC_UNUSED void **state)
{
  sales_answer(.service = WHATSAPP, .trick = "lost", .times = 1);
  g_auto(Reply) lost = send_message(NAMED);
  assert_int_equal(lost.status, 0);
  assert_int_equal(whatsapp_message_count(), 1);
  whatsapp_refuse(.code = 130429, .times = 1);
  g_auto(Reply) refused = send_message(NAMED);
  assert_true(says(&refused, 429, "\"code\" : 130429"));
  assert_int_equal(whatsapp_message_count(), 1);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      SALES_CASE(test_whatsapp_keeps_what_it_accepts),
      SALES_CASE(test_whatsapp_refuses_as_meta_does),
      SALES_CASE(test_the_gateway_queues_refuses_and_loses_sessions),
      SALES_CASE(test_a_message_is_kept_though_its_answer_is_lost),
  };
  return RUN("sandbox of messages", tests);
}
