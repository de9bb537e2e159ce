/* data-collecting.md 9.5, 9.8: programs that die, stand still or are stopped while they send, and a
 * database that starts anew: a message goes out once, or somebody is told that nobody knows. */
#include "harness_interactions.h"

#include <signal.h>

/* A message whose call to WhatsApp waits, accepted but not answered. */
static void
begin_sending(const char *id)
{
  sales_hold(WHATSAPP, NULL);
  message_put(id);
  WAIT_FOR(sales_held() == 1);
}

static void
ask_to_stop(void)
{
  kill(program_parent(WORKER), SIGTERM);
}

static void
assert_unknown(const char *id)
{
  assert_message_stands(id, "FALHOU 1 never");
  assert_message(id, "erro_envio", "RESULTADO_DESCONHECIDO");
  assert_message(id, "data_execucao is null and lease_token is null and worker is null", "true");
  assert_sql("PENDENTE", "select whatsapp_message_status from crm.chat_messages");
}

/* DC 89 */
static void
test_a_message_committed_by_a_program_that_died_is_sent_once(G_GNUC_UNUSED void **state)
{
  message_put("M1"); /* all that it left */
  assert_processed(1, 0, 0);
  assert_processed(0, 0, 0);
  assert_int_equal(whatsapp_message_count(), 1);
}

/* DC 88 */
static void
test_a_worker_killed_while_it_sent_leaves_an_unknown_result(G_GNUC_UNUSED void **state)
{
  worker_start("JOB_WORKERS=1");
  begin_sending("M1");
  program_kill(WORKER);
  sales_release();
  assert_processed(0, 0, 0); /* it might be alive yet */
  assert_message("M1", "status_envio || tentativas", "PENDENTE1");
  message_lease_over("M1");
  assert_processed(0, 0, 0);
  assert_unknown("M1");
  worker_once("JOB_POLL_MS=50");
  assert_int_equal(sales_calls(WHATSAPP), 1);
}

static void
test_a_worker_that_stood_still_cannot_overwrite_what_was_found(G_GNUC_UNUSED void **state)
{
  worker_start("JOB_WORKERS=1", "JOB_SWEEP_MS=600000");
  begin_sending("M1");
  gsize mark = program_log_mark(WORKER);
  worker_pause();
  message_lease_over("M1");
  assert_processed(0, 0, 0);
  assert_unknown("M1");
  sales_release();
  worker_resume();
  WAIT_FOR(program_has_logged(WORKER, mark, "job lost"));
  assert_unknown("M1");
  assert_int_equal(sales_calls(WHATSAPP), 1);
}

static void
test_a_worker_that_stood_still_before_its_turn_sends_nothing(G_GNUC_UNUSED void **state)
{
  sql("update crm.whatsapp_connections set envio_livre_em = now() + interval '4 seconds'");
  worker_start("JOB_WORKERS=1", "JOB_SWEEP_MS=600000", "JOB_LEASE_S=1", "ENVIO_TIMEOUT_S=1");
  gsize mark = program_log_mark(WORKER);
  message_put("M1");
  WAIT_FOR(sql_number("select count(*) from crm.chat_messages") == 1);
  worker_pause();
  WAIT_FOR(sql_number("select count(*) from crm.interactions where lease_ate < now()") == 1);
  assert_processed(0, 0, 0);
  assert_unknown("M1");
  worker_resume();
  WAIT_FOR(program_has_logged(WORKER, mark, "job lost"));
  assert_unknown("M1");
  assert_int_equal(sales_calls(WHATSAPP), 0);
}

static void
test_postgres_started_anew_forgets_no_message(G_GNUC_UNUSED void **state)
{
  worker_start("JOB_WORKERS=1");
  sales_latency(WHATSAPP, 1000);
  message_put("M1");
  WAIT_FOR(sales_calls(WHATSAPP) == 1);
  postgres_restart();
  WAIT_FOR(g_strcmp0(message_column("M1", "status_envio"), "PENDENTE") != 0);
  assert_message_stands("M1", "ENVIADO 1 never");
  assert_int_equal(whatsapp_message_count(), 1);
}

/* DC 85, 9.7: over all programs and hosts */
static void
test_two_workers_share_the_pace_of_a_connection(G_GNUC_UNUSED void **state)
{
  for (guint i = 0; i < 4; i++) {
    g_autofree char *id = g_strdup_printf("M%u", i);
    message_put(id);
  }
  worker_start("JOB_WORKERS=2", "ENVIO_INTERVALO_MS=1000");
  WAIT_FOR(whatsapp_message_count() == 4);
  assert_true(shortest_pause_ms() >= 500); /* as seen there: the way takes its own time */
  WAIT_FOR(sql_number("select count(*) from crm.interactions where status_envio = 'ENVIADO'") == 4);
}

static void
test_a_worker_asked_to_stop_hands_back_what_has_not_left(G_GNUC_UNUSED void **state)
{
  sql("update crm.whatsapp_connections set envio_livre_em = now() + interval '5 minutes'");
  worker_start("JOB_WORKERS=1");
  message_put("M1");
  WAIT_FOR(sql_number("select count(*) from crm.chat_messages") == 1);
  ask_to_stop();
  WAIT_FOR(program_parent(WORKER) == 0);
  assert_message_stands("M1", "- 0 now");
  assert_message("M1", "lease_token is null and erro_envio is null", "true");
  assert_int_equal(sales_calls(WHATSAPP), 0);
  sql("update crm.whatsapp_connections set envio_livre_em = null");
  assert_processed(1, 0, 0);
  assert_count(1, "crm.chat_messages");
}

static void
test_a_worker_asked_to_stop_waits_for_the_answer(G_GNUC_UNUSED void **state)
{
  worker_start("JOB_WORKERS=1");
  begin_sending("M1");
  ask_to_stop();
  sales_release();
  WAIT_FOR(program_parent(WORKER) == 0);
  assert_message_stands("M1", "ENVIADO 1 never");
}

/* A refusal of the sender, while another worker has its message in hand already */
static void
test_a_message_in_hand_is_put_back_when_its_connection_is_refused(G_GNUC_UNUSED void **state)
{
  message_put("M1");
  sql("update crm.interactions set status_envio = 'FALHOU', tentativas = 1, erro_envio = 'antes'");
  sql("create function crm.refuse_now() returns trigger language plpgsql as $$ begin"
      "  update crm.whatsapp_connections set envio_suspenso_ate = now() + interval '1 minute';"
      "  return null; end $$");
  sql("create trigger refuse_now after update of tentativa_em on crm.interactions"
      " execute function crm.refuse_now()");
  assert_processed(0, 0, 1);
  sql("drop trigger refuse_now on crm.interactions");
  sql("drop function crm.refuse_now()");
  assert_message_stands("M1", "FALHOU 1 now");
  assert_message("M1", "erro_envio", "antes");
  assert_int_equal(sales_calls(WHATSAPP), 0);
  assert_count(0, "crm.chat_messages");
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      OUTBOX_CASE(test_a_message_committed_by_a_program_that_died_is_sent_once),
      OUTBOX_CASE(test_a_worker_killed_while_it_sent_leaves_an_unknown_result),
      OUTBOX_CASE(test_a_worker_that_stood_still_cannot_overwrite_what_was_found),
      OUTBOX_CASE(test_a_worker_that_stood_still_before_its_turn_sends_nothing),
      OUTBOX_CASE(test_postgres_started_anew_forgets_no_message),
      OUTBOX_CASE(test_two_workers_share_the_pace_of_a_connection),
      OUTBOX_CASE(test_a_worker_asked_to_stop_hands_back_what_has_not_left),
      OUTBOX_CASE(test_a_worker_asked_to_stop_waits_for_the_answer),
      OUTBOX_CASE(test_a_message_in_hand_is_put_back_when_its_connection_is_refused),
  };
  return RUN("interrupted interactions", tests);
}
