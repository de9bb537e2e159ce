/* A run sends what is to be sent at once, after the commits and before it answers
 * (data-collecting.md 1.7.11, 9.8; DESIGN "Settled points"). */
#include "harness_crm.h"

static int
before(void **state)
{
  int failed = crm_before(state);
  organization_put("O1", ONLINE);
  cashback_put("P1", "O1");
  phone_put("F1", "O1");
  template_put("T1", "O1", "clientName");
  return failed;
}

static void
first_purchase_campaign(const char *delay)
{
  campaign_put("C1", "O1", "PRIMEIRA-COMPRA", .segments = "CLIENTES RECENTES", .phone = "F1",
               .template = "T1", .delay = delay);
}

static void
test_a_message_to_be_sent_at_once_is_out_when_the_run_answers(G_GNUC_UNUSED void **state)
{
  first_purchase_campaign("0");
  sale_put(.id = "1001", .client = "Maria Souza", .phone = "(11) 98765-4321");
  g_autoptr(Answer) answer = collect_ok();
  assert_collected(answer, "O1", "interacoesImediatas", "1");
  assert_collected(answer, "O1", "interacoesAgendadas", "0");
  assert_collected(answer, "O1", "mensagensEnviadas", "1");
  assert_collected(answer, "O1", "mensagensComFalha", "0");
  assert_collected_total(answer, "mensagensEnviadas", "1");
  assert_int_equal(whatsapp_message_count(), 1);
  g_autoptr(GPtrArray) messages = whatsapp_messages();
  assert_string_equal(whatsapp_message(messages, 0)->to, "5511987654321");
  assert_string_equal(whatsapp_parameter(whatsapp_message(messages, 0), "texto"), "Maria Souza");
  assert_string_equal(interaction_column("O1", "1001", "C1", "status_envio"), "ENVIADO");
  g_autoptr(Answer) again = collect_ok();
  assert_collected(again, "O1", "mensagensEnviadas", "0");
  assert_int_equal(whatsapp_message_count(), 1);
}

static void
test_a_scheduled_message_waits_for_its_day(G_GNUC_UNUSED void **state)
{
  first_purchase_campaign("2");
  sale_put(.id = "1001", .client = "Maria Souza", .phone = "(11) 98765-4321");
  g_autoptr(Answer) answer = collect_ok();
  assert_collected(answer, "O1", "interacoesImediatas", "0");
  assert_collected(answer, "O1", "interacoesAgendadas", "1");
  assert_collected(answer, "O1", "mensagensEnviadas", "0");
  assert_int_equal(whatsapp_message_count(), 0);
}

static void
test_a_message_that_is_refused_is_counted_as_failed(G_GNUC_UNUSED void **state)
{
  first_purchase_campaign("0");
  sale_put(.id = "1001", .client = "Maria Souza", .phone = "(11) 98765-4321");
  sale_put(.id = "1002", .client = "Joana Lima", .phone = "(11) 91234-5678");
  whatsapp_refuse(.code = 131026, .request = "{\"to\":\"5511987654321\"}", .times = 1);
  g_autoptr(Answer) answer = collect_ok();
  assert_collected(answer, "O1", "status", "OK");
  assert_collected(answer, "O1", "mensagensEnviadas", "1");
  assert_collected(answer, "O1", "mensagensComFalha", "1");
}

/* DC 84 */
static void
test_a_sale_that_is_not_stored_sends_nothing(G_GNUC_UNUSED void **state)
{
  first_purchase_campaign("0");
  sale_put(.id = "1001", .client = "Maria Souza", .phone = "(11) 98765-4321");
  sql("alter table crm.sales add constraint test_refusal check (id_externo <> '1001')");
  g_autoptr(Answer) answer = collect("");
  sql("alter table crm.sales drop constraint test_refusal");
  assert_collected(answer, "O1", "vendasComErro", "1");
  assert_collected(answer, "O1", "interacoesImediatas", "0");
  assert_int_equal(sales_calls(WHATSAPP), 0);
}

/* DC 89 */
static void
test_what_a_killed_run_left_unsent_the_next_one_sends_once(G_GNUC_UNUSED void **state)
{
  organization_put("O2", ONLINE);
  first_purchase_campaign("0");
  sale_put(.id = "1001", .client = "Maria Souza", .phone = "(11) 98765-4321");
  sales_answer(.service = ONLINE_SOFTWARE, .who = token_of("O2"), .trick = "hang",
               .delay_ms = 20000);
  Pending *run = collect_start();
  WAIT_FOR(last_sync_of("O1") != NULL); /* committed; messages go out at the end of the run */
  program_kill(COLLECT_PROGRAM);
  answer_free(call_finish(run));
  assert_int_equal(whatsapp_message_count(), 0);
  collect_restart("COLETA_PARALELAS=64");
  sales_answers_clear();
  g_autoptr(Answer) next = collect_ok();
  assert_collected(next, "O1", "vendasInalteradas", "1");
  assert_collected(next, "O1", "mensagensEnviadas", "1");
  g_autoptr(Answer) third = collect_ok();
  assert_collected(third, "O1", "mensagensEnviadas", "0");
  assert_int_equal(whatsapp_message_count(), 1);
}

int
main(void)
{
#define SENDING(test) cmocka_unit_test_setup_teardown(test, before, crm_after)
  const struct CMUnitTest tests[] = {
      SENDING(test_a_message_to_be_sent_at_once_is_out_when_the_run_answers),
      SENDING(test_a_scheduled_message_waits_for_its_day),
      SENDING(test_a_message_that_is_refused_is_counted_as_failed),
      SENDING(test_a_sale_that_is_not_stored_sends_nothing),
      SENDING(test_what_a_killed_run_left_unsent_the_next_one_sends_once),
  };
  return RUN("collect_messages", tests);
}
