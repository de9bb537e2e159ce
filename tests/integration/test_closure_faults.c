/* Closures that Omie refuses, forgets, or answers too late (backoffice.md 5, 11.4, 11.8). */
#include "harness_worker.h"

#include <string.h>

#define ORDER     "{\"numero_pedido\":\"PO123\",\"numero_nf_servico\":\"NF789\",\"id_nf_servico\":999}"
#define SUSPENDED "Erro Omie: chamadas suspensas para evitar bloqueio"
#define ACCEPTED  "{\"cNumero\":\"PO123\",\"cCodStatus\":\"0\",\"cDescStatus\":\"ok\"}"

static Answer *
close_now(void)
{
  return bo_post(ORDER_CLOSURE, ORDER);
}

static void
answer_fault(const char *method, guint status, const char *code, const char *text)
{
  g_autofree char *body = sql_text("select sandbox.omie_fault_text($1, $2)", code, text);
  omie_answer(.method = method, .status = status, .body = body);
}

/* The attempt failed so; scheduled again or not; `details` as jsonb.  Returns the log. */
static gint64
assert_failed(const Answer *answer, const char *message, gboolean is_scheduled, const char *details)
{
  assert_status(answer, 200);
  assert_member(answer, "status", "failed");
  assert_member(answer, "mensagem_erro", message);
  gint64 id = answer_int(answer, "log_id");
  assert_closure(id, "status", "failed");
  assert_closure(id, "mensagem_erro", message);
  assert_closure(id, "proxima_tentativa_em is not null", is_scheduled ? "true" : "false");
  assert_closure(id, "processado_em is not null and lease_token is null", "true");
  g_autofree char *same = g_strdup_printf("detalhes = '%s'::jsonb", details);
  g_autofree char *told = closure_column(id, "detalhes");
  g_autofree char *is_same = closure_column(id, same);
  if (strcmp(is_same, "true") != 0)
    fail_msg("detalhes are %s, not %s", told, details);
  return id;
}

/* A worker tries again now, whatever the schedule says. */
static void
try_again(void)
{
  sql("update " CLOSURES " set proxima_tentativa_em = now()");
  worker_once(UNHURRIED);
}

static void
assert_found_closed(gint64 id)
{
  assert_closure(id, "status", "success");
  assert_closure(id, "mensagem_erro", "(null)");
  assert_closure(id, "detalhes ->> 'mensagem'", "Pedido já estava encerrado");
  assert_closure(id, "tentativas", "2");
}

/* B67 */
static void
test_an_order_that_omie_does_not_have_is_not_closed(G_GNUC_UNUSED void **state)
{
  g_autoptr(Answer) answer = close_now();
  assert_failed(answer,
                "Erro Omie: ERROR: Pedido de compra não cadastrado para o Número [0000000000PO123]",
                FALSE, "{}");
  assert_int_equal(omie_calls_of(CLOSE_ORDER), 0);
}

/* B67, 11.8: Omie itself has no such call */
static void
test_an_omie_without_the_call_is_named_as_such(G_GNUC_UNUSED void **state)
{
  omie_setting("orders", "strict");
  order_put("PO123", "Aberto");
  g_autoptr(Answer) answer = close_now();
  assert_failed(answer,
                "O Omie não oferece esta chamada de encerramento: ERROR: Method "
                "\"AlterarPedidoCompra\" not exists",
                FALSE, "{\"status_anterior\":\"\",\"motivo\":\"chamada_indisponivel\"}");
}

/* 11.8: or it has another call of that name */
static void
test_refused_members_are_named_as_such(G_GNUC_UNUSED void **state)
{
  order_put("PO123", "Aberto");
  answer_fault(CLOSE_ORDER, 500, "SOAP-ENV:Client-71",
               "ERROR: Tag [CSTATUS] não faz parte da estrutura do tipo complexo [pedido]!");
  g_autoptr(Answer) answer = close_now();
  assert_failed(answer,
                "O Omie não oferece esta chamada de encerramento: ERROR: Tag [CSTATUS] não faz "
                "parte da estrutura do tipo complexo [pedido]!",
                FALSE, "{\"status_anterior\":\"Aberto\",\"motivo\":\"chamada_indisponivel\"}");
}

/* A consultation that Omie lacks is no missing closing call */
static void
test_a_consultation_that_does_not_exist_is_told_as_omie_tells_it(G_GNUC_UNUSED void **state)
{
  program_restart(CLOSURE_PROGRAM, "OMIE_PO_CONSULT_CALL=ConsultarNada");
  order_put("PO123", "Aberto");
  g_autoptr(Answer) answer = close_now();
  assert_failed(answer, "Erro Omie: ERROR: Method \"ConsultarNada\" not exists", FALSE, "{}");
  assert_methods_called("ConsultarNada");
}

/* Omie says yes, and the order stays as it was: not a success */
static void
test_an_order_that_stays_open_is_no_success(G_GNUC_UNUSED void **state)
{
  order_put("PO123", "Em aprovação");
  omie_answer(.method = CLOSE_ORDER, .body = ACCEPTED, .times = 1);
  g_autoptr(Answer) answer = close_now();
  gint64 id = assert_failed(
      answer, "O Omie aceitou o encerramento, mas o pedido continua com status Em aprovação", TRUE,
      "{\"status_anterior\":\"Em aprovação\"}");
  order_put("PO123", "Encerrado"); /* it only took Omie a while */
  try_again();
  assert_found_closed(id);
  assert_int_equal(omie_calls_of(CLOSE_ORDER), 1);
}

/* The closing was accepted, and then Omie cannot be asked: the next attempt consults before it acts
 */
static void
test_a_closing_that_could_not_be_confirmed_is_looked_at_again(G_GNUC_UNUSED void **state)
{
  order_put("PO123", "Aberto");
  omie_answer(.method = CONSULT_ORDER, .call = 2, .times = 1, .status = 500,
              .body = "{\"faultcode\":\"SOAP-ENV:Server\",\"faultstring\":\"Falha interna\"}");
  g_autoptr(Answer) answer = close_now();
  gint64 id =
      assert_failed(answer, "Erro Omie: Falha interna", TRUE, "{\"status_anterior\":\"Aberto\"}");
  try_again();
  assert_found_closed(id);
  assert_int_equal(omie_calls_of(CLOSE_ORDER), 1);
}

/* 5.3: a refusal in an answer that is no fault */
static void
test_a_status_other_than_0_is_a_refusal(G_GNUC_UNUSED void **state)
{
  order_put("PO123", "Aberto");
  omie_answer(.method = CLOSE_ORDER, .times = 1,
              .body = "{\"cCodStatus\":\"1\",\"cDesStatus\":\"Pedido em uso\"}");
  g_autoptr(Answer) answer = close_now();
  assert_failed(answer, "Erro Omie: Pedido em uso", TRUE, "{\"status_anterior\":\"Aberto\"}");
  assert_methods_called(CONSULT_ORDER "," CLOSE_ORDER);
}

/* B68: whatever became of the answer, the order was closed */
static void
test_a_closing_whose_answer_was_lost_is_not_sent_again(G_GNUC_UNUSED void **state)
{
  static const struct {
    OmieEnd end;
    const char *text;
  } ends[] = {
      {ENDS_IN_RESET, "Erro na comunicação com Omie: %"},
      {ENDS_IN_TIMEOUT_PAGE, "Erro na comunicação com Omie: %"},
      {ENDS_IN_BYEBYE, "Erro na comunicação com Omie: %"},
      {ENDS_AS_REPEATED, "Erro Omie: ERROR: Esta requisição já foi processada %"},
  };
  for (gsize i = 0; i < G_N_ELEMENTS(ends); i++) {
    worker_before(NULL);
    order_put("PO123", "Aberto");
    omie_write_ends(CLOSE_ORDER, 1, TRUE, ends[i].end);
    g_autoptr(Answer) answer = close_now();
    assert_member(answer, "status", "failed");
    gint64 id = answer_int(answer, "log_id");
    assert_sql("t",
               "select mensagem_erro like $1 and proxima_tentativa_em is not null"
               "  from " CLOSURES,
               ends[i].text);
    try_again();
    assert_found_closed(id);
    assert_int_equal(omie_calls_of(CLOSE_ORDER), 1);
  }
}

/* B68: the time limit */
static void
test_a_closing_that_took_too_long_is_not_sent_again(G_GNUC_UNUSED void **state)
{
  program_restart(CLOSURE_PROGRAM, "OMIE_TIMEOUT_MS=300");
  order_put("PO123", "Aberto");
  omie_answer(.method = CLOSE_ORDER, .times = 1, .trick = "hang", .delay_ms = 1000);
  g_autoptr(Answer) answer = close_now();
  gint64 id = assert_failed(answer, "Erro na comunicação com Omie: tempo limite excedido", TRUE,
                            "{\"status_anterior\":\"Aberto\"}");
  WAIT_FOR(sql_number("select count(*) from sandbox.omie_order where closed") == 1);
  sql("truncate erp.call_slot");
  try_again();
  assert_found_closed(id);
  assert_int_equal(omie_calls_of(CLOSE_ORDER), 1);
}

/* 11.4: it was not carried out; a consultation stands between the two calls */
static void
test_a_closing_that_never_happened_is_sent_after_another_look(G_GNUC_UNUSED void **state)
{
  order_put("PO123", "Aberto");
  omie_write_ends(CLOSE_ORDER, 1, FALSE, ENDS_IN_RESET);
  g_autoptr(Answer) answer = close_now();
  gint64 id = answer_int(answer, "log_id");
  assert_closure(id, "status", "failed");
  try_again();
  assert_closure(id, "status", "success");
  assert_closure(id, "detalhes ->> 'status_novo'", "Encerrado");
  assert_methods_called(CONSULT_ORDER "," CLOSE_ORDER "," CONSULT_ORDER "," CLOSE_ORDER
                                      "," CONSULT_ORDER);
}

/* A question may be repeated at once, an order to close not */
static void
test_a_consultation_that_was_lost_is_asked_again_at_once(G_GNUC_UNUSED void **state)
{
  program_restart(CLOSURE_PROGRAM, NO_WAITS);
  order_put("PO123", "Aberto");
  omie_answer(.method = CONSULT_ORDER, .times = 1, .trick = "reset");
  g_autoptr(Answer) answer = close_now();
  assert_member(answer, "status", "success");
  assert_methods_called(CONSULT_ORDER "," CONSULT_ORDER "," CLOSE_ORDER "," CONSULT_ORDER);
}

/* 5.4: nothing to hope for from repeating it */
static void
test_wrong_credentials_are_not_tried_again(G_GNUC_UNUSED void **state)
{
  answer_fault(CONSULT_ORDER, 403, "SOAP-ENV:Client-1", "A chave de acesso está inválida");
  g_autoptr(Answer) refused = close_now();
  assert_failed(refused, "Erro Omie: A chave de acesso está inválida", FALSE, "{}");
}

/* 6.12 */
static void
test_missing_credentials_are_said(G_GNUC_UNUSED void **state)
{
  program_restart(CLOSURE_PROGRAM, "OMIE_APP_KEY=");
  g_autoptr(Answer) answer = close_now();
  assert_failed(answer, "Erro inesperado: OMIE_APP_KEY e OMIE_APP_SECRET devem estar definidos",
                TRUE, "{}");
}

/* BACKOFFICE_AUTO_RETRY=0 */
static void
test_without_automatic_retries_nothing_is_scheduled(G_GNUC_UNUSED void **state)
{
  program_restart(CLOSURE_PROGRAM, "BACKOFFICE_AUTO_RETRY=0");
  order_put("PO123", "Aberto");
  answer_fault(CLOSE_ORDER, 500, "SOAP-ENV:Server", "Falha interna");
  g_autoptr(Answer) answer = close_now();
  assert_failed(answer, "Erro Omie: Falha interna", FALSE, "{\"status_anterior\":\"Aberto\"}");
}

/* 14.8: nobody waits half an hour for an answer */
static void
test_a_closed_guard_fails_a_closing_at_once(G_GNUC_UNUSED void **state)
{
  order_put("PO123", "Aberto");
  guard_close(CLOSE_ORDER, 900);
  g_autoptr(Answer) answer = close_now();
  gint64 id = assert_failed(answer, SUSPENDED, TRUE, "{\"status_anterior\":\"Aberto\"}");
  assert_closure(id, "proxima_tentativa_em > now() + interval '890 s'", "true");
  assert_methods_called(CONSULT_ORDER);
}

/* 14.8: Omie's block closes it for everybody, as long as Omie says */
static void
test_a_block_of_omies_holds_the_next_closing_back(G_GNUC_UNUSED void **state)
{
  order_put("PO123", "Aberto");
  answer_fault(CONSULT_ORDER, 425, "MISUSE_API_PROCESS",
               "API bloqueada por consumo indevido. Tente novamente em 600 segundos.");
  g_autoptr(Answer) answer = close_now();
  gint64 id = assert_failed(answer, "Erro Omie: API bloqueada por consumo indevido", TRUE, "{}");
  assert_closure(id, "proxima_tentativa_em >= processado_em + interval '600 s'", "true");
  g_autoptr(Answer) next = close_now();
  assert_member(next, "mensagem_erro", SUSPENDED);
  assert_methods_called(CONSULT_ORDER);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      WORKER_CASE(test_an_order_that_omie_does_not_have_is_not_closed),
      WORKER_CASE(test_an_omie_without_the_call_is_named_as_such),
      WORKER_CASE(test_refused_members_are_named_as_such),
      WORKER_CASE(test_a_consultation_that_does_not_exist_is_told_as_omie_tells_it),
      WORKER_CASE(test_an_order_that_stays_open_is_no_success),
      WORKER_CASE(test_a_closing_that_could_not_be_confirmed_is_looked_at_again),
      WORKER_CASE(test_a_status_other_than_0_is_a_refusal),
      WORKER_CASE(test_a_closing_whose_answer_was_lost_is_not_sent_again),
      WORKER_CASE(test_a_closing_that_took_too_long_is_not_sent_again),
      WORKER_CASE(test_a_closing_that_never_happened_is_sent_after_another_look),
      WORKER_CASE(test_a_consultation_that_was_lost_is_asked_again_at_once),
      WORKER_CASE(test_wrong_credentials_are_not_tried_again),
      WORKER_CASE(test_missing_credentials_are_said),
      WORKER_CASE(test_without_automatic_retries_nothing_is_scheduled),
      WORKER_CASE(test_a_closed_guard_fails_a_closing_at_once),
      WORKER_CASE(test_a_block_of_omies_holds_the_next_closing_back),
  };
  return RUN("closure: faults", tests);
}
