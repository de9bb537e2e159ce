/* Registering which receipt a payable was made of (backoffice.md 9). */
#include "harness_backoffice.h"

#include <string.h>

#define PAIR "\"origem_recebimento_id\":11,\"destino_conta_pagar_id\":22"
#define LOG  "backoffice.attachment_transfer_log"

/* A log of that pair. */
static void
log_put(const char *status, const char *attempts)
{
  sql("insert into " LOG " (origem_id, destino_id, status, tentativas, origem_tabela_omie,"
      " destino_tabela_omie) values (11, 22, $1, $2::int, 'com-recebimento', 'conta-pagar')",
      status, attempts);
}

static gint64
omie_was_called(void)
{
  return sql_number("select count(*) from sandbox.omie_call");
}

/* B58 */
static void
test_a_new_pair_gets_a_log_that_waits(G_GNUC_UNUSED void **state)
{
  g_autoptr(Answer) answer = bo_post(REGISTER, "{" PAIR ",\"numero_nf\":\" 123 \"}");
  assert_status(answer, 201);
  assert_int_equal(answer_int(answer, "mapa_id"), 1);
  assert_true(json_is_true(json_object_get(answer->json, "criado")));
  assert_int_equal(answer_int(answer, "log_id"), 1);
  assert_member(answer, "status", "pending");
  assert_sql("11 22 123", "select concat_ws(' ', origem_recebimento_id, destino_conta_pagar_id,"
                          " numero_nf) from backoffice.attachment_integration_map");
  assert_sql(
      "com-recebimento com-recebimento conta_a_pagar conta-pagar 0 unscheduled " USER_ID,
      "select concat_ws(' ', origem_tabela, origem_tabela_omie, destino_tabela,"
      " destino_tabela_omie, tentativas, coalesce(proxima_tentativa_em::text, 'unscheduled'),"
      " solicitado_por) from " LOG);
  assert_int_equal(omie_was_called(), 0);
}

/* B59 */
static void
test_an_invoice_number_fills_an_empty_one_and_replaces_none(G_GNUC_UNUSED void **state)
{
  static const struct {
    const char *body, *number;
    guint status;
  } steps[] = {
      {"{" PAIR "}", NULL, 201},
      {"{" PAIR ",\"numero_nf\":\"A1\"}", "A1", 200},
      {"{" PAIR ",\"numero_nf\":\"B2\"}", "A1", 200},
      {"{" PAIR ",\"numero_nf\":null}", "A1", 200},
  };
  for (gsize i = 0; i < G_N_ELEMENTS(steps); i++) {
    g_autoptr(Answer) answer = bo_post(REGISTER, steps[i].body);
    assert_status(answer, steps[i].status);
    assert_true(json_is_boolean(json_object_get(answer->json, "criado")));
    assert_int_equal(json_is_true(json_object_get(answer->json, "criado")), i == 0);
    assert_int_equal(answer_int(answer, "log_id"), 1);
    assert_sql(steps[i].number, "select numero_nf from backoffice.attachment_integration_map");
  }
  assert_count(1, LOG);
}

/* B60 */
static void
test_a_pair_that_succeeded_is_not_started_again(G_GNUC_UNUSED void **state)
{
  log_put("success", "1");
  log_put("failed", "1");
  g_autoptr(Answer) answer =
      bo_post(REGISTER, "{" PAIR ",\"iniciar_transferencia\":true,\"assincrono\":false}");
  assert_status(answer, 200);
  assert_int_equal(answer_int(answer, "log_id"), 1);
  assert_member(answer, "status", "success");
  assert_member(answer, "mensagem", "Transferência já concluída para este par");
  assert_count(2, LOG);
  assert_int_equal(omie_was_called(), 0);
}

/* 9.3 */
static void
test_the_newest_log_that_may_be_tried_is_used_again(G_GNUC_UNUSED void **state)
{
  static const struct {
    const char *status, *attempts;
    gint64 log;
  } steps[] = {
      {"failed", "3", 2},     /* exhausted: a new one */
      {NULL, NULL, 2},        /* that one */
      {"failed", "1", 3},     /* after it ended, the newer failed one */
      {"failed", "3", 5},     /* which a newer exhausted one supersedes */
      {"processing", "3", 6}, /* somebody is at it */
  };
  for (gsize i = 0; i < G_N_ELEMENTS(steps); i++) {
    if (steps[i].status != NULL) {
      sql("update " LOG " set status = 'failed', tentativas = 1 where status <> 'failed'");
      log_put(steps[i].status, steps[i].attempts);
    }
    g_autoptr(Answer) answer = bo_post(REGISTER, "{" PAIR "}");
    assert_int_equal(answer_int(answer, "log_id"), steps[i].log);
  }
  g_autofree char *ended = sql_text("select status from " LOG " order by id desc limit 1");
  assert_string_equal(ended, "processing");
}

/* B61, 9.7 */
static void
test_a_start_runs_on_the_log_that_is_returned(G_GNUC_UNUSED void **state)
{
  workers_rest();
  g_autoptr(Answer) noted = bo_post(REGISTER, "{" PAIR "}");
  assert_status(noted, 201);
  g_autoptr(Answer) later = bo_post(REGISTER, "{" PAIR ",\"iniciar_transferencia\":\"true\"}");
  assert_status(later, 202);
  assert_member(later, "mensagem", "Transferência iniciada de forma assíncrona");
  assert_int_equal(answer_int(later, "log_id"), 1);
  assert_int_equal(answer_int(later, "mapa_id"), 1);
  assert_true(json_is_false(json_object_get(later->json, "criado")));
  assert_sql("t", "select task_id::text = $1 and proxima_tentativa_em is not null from " LOG,
             answer_text(later, "task_id"));

  attachment_put("com-recebimento", 11, "nota.pdf", "hello", 5);
  g_autoptr(Answer) now =
      bo_post(REGISTER, "{" PAIR ",\"iniciar_transferencia\":true,\"assincrono\":0}");
  assert_status(now, 200);
  assert_member(now, "status", "success");
  assert_int_equal(answer_int(now, "anexos_transferidos"), 1);
  assert_int_equal(answer_int(now, "log_id"), 1);
  assert_int_equal(answer_int(now, "mapa_id"), 1);
  assert_count(1, LOG);
  assert_int_equal(attachments_count("conta-pagar", 22), 1);
}

/* 9.4 */
static void
test_a_destination_that_is_being_worked_on_is_a_409(G_GNUC_UNUSED void **state)
{
  sql("insert into " LOG " (origem_id, destino_id, status, tentativas, lease_token, lease_ate,"
      " origem_tabela_omie, destino_tabela_omie) values (99, 22, 'processing', 1,"
      " gen_random_uuid(), now() + interval '1 minute', 'com-recebimento', 'conta-pagar')");
  g_autoptr(Answer) answer =
      bo_post(REGISTER, "{" PAIR ",\"iniciar_transferencia\":true,\"assincrono\":false}");
  assert_erro(answer, 409, "Transferência já em andamento para este destino");
  assert_error_code(answer, 409, NULL, "in_progress");
  assert_int_equal(answer_int(answer, "log_id"), 2);
  assert_sql("pending", "select status from " LOG " where id = 2");
}

/* B62 */
static void
test_ten_registrations_at_once_leave_one_map_and_one_log(G_GNUC_UNUSED void **state)
{
  program_restart("attachments/registrar_mapeamento", "ROUTE_WORKERS=10");
  Pending *calls[10];
  guint created = 0;
  for (gsize i = 0; i < G_N_ELEMENTS(calls); i++)
    calls[i] = call_start("POST", REGISTER, .token = fin_token(), .body = "{" PAIR "}");
  for (gsize i = 0; i < G_N_ELEMENTS(calls); i++) {
    g_autoptr(Answer) answer = call_finish(calls[i]);
    created += answer->status == 201;
    assert_true(answer->status == 201 || answer->status == 200);
    assert_int_equal(answer_int(answer, "log_id"), 1);
  }
  assert_int_equal(created, 1);
  assert_count(1, LOG);
  assert_count(1, "backoffice.attachment_integration_map");
}

/* 9 */
static void
test_a_registration_needs_two_numbers(G_GNUC_UNUSED void **state)
{
#define IDS  "origem_recebimento_id e destino_conta_pagar_id "
#define LONG "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" /* 61 */
  static const struct {
    const char *body, *text;
  } refusals[] = {
      {"{}", IDS "são obrigatórios"},
      {"{\"origem_recebimento_id\":1}", IDS "são obrigatórios"},
      {"{\"origem_recebimento_id\":\"x\"}", IDS "devem ser números inteiros positivos"},
      {"{" PAIR ",\"numero_nf\":\"" LONG "\"}", "numero_nf deve ter no máximo 60 caracteres"},
      {"{" PAIR ",\"iniciar_transferencia\":5}", "iniciar_transferencia deve ser booleano"},
      {"{" PAIR ",\"assincrono\":\"x\"}", "assincrono deve ser booleano"},
  };
  for (gsize i = 0; i < G_N_ELEMENTS(refusals); i++) {
    g_autoptr(Answer) answer = bo_post(REGISTER, refusals[i].body);
    assert_erro(answer, 400, refusals[i].text);
  }
  assert_nothing_happened();
}

/* 9.8 knows filters alone */
static void
test_a_search_of_the_map_changes_nothing(G_GNUC_UNUSED void **state)
{
  g_autoptr(Answer) made = bo_post(REGISTER, "{\"origem_recebimento_id\":1,"
                                             "\"destino_conta_pagar_id\":2}");
  assert_status(made, 201);
  g_autoptr(Answer) answer = bo_get(MAP "?search=nada");
  assert_status(answer, 200);
  assert_int_equal(answer_int(answer, "count"), 1);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      BACKOFFICE_CASE(test_a_new_pair_gets_a_log_that_waits),
      BACKOFFICE_CASE(test_an_invoice_number_fills_an_empty_one_and_replaces_none),
      BACKOFFICE_CASE(test_a_pair_that_succeeded_is_not_started_again),
      BACKOFFICE_CASE(test_the_newest_log_that_may_be_tried_is_used_again),
      BACKOFFICE_CASE(test_a_start_runs_on_the_log_that_is_returned),
      BACKOFFICE_CASE(test_a_destination_that_is_being_worked_on_is_a_409),
      BACKOFFICE_CASE(test_ten_registrations_at_once_leave_one_map_and_one_log),
      BACKOFFICE_CASE(test_a_registration_needs_two_numbers),
      BACKOFFICE_CASE(test_a_search_of_the_map_changes_nothing),
  };
  return RUN("backoffice map", tests);
}
