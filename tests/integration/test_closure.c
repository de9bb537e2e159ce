/* Closing purchase orders (backoffice.md 11): consulted first, closed once, consulted again. */
#include "harness_worker.h"

#include <string.h>

#define CLOSED_AND_CONFIRMED CONSULT_ORDER "," CLOSE_ORDER "," CONSULT_ORDER

static Answer *
post_closure(const char *number, const char *item, const char *more)
{
  g_autofree char *body =
      g_strdup_printf("{\"numero_pedido\":\"%s\",\"item_pedido\":\"%s\","
                      "\"numero_nf_servico\":\"NF789\",\"id_nf_servico\":999%s}",
                      number, item != NULL ? item : "", more);
  return bo_post(ORDER_CLOSURE, body);
}

static Answer *
close_now(const char *number)
{
  return post_closure(number, NULL, "");
}

/* The answer, and the row, with such `detalhes`; NULL: not looked at. */
static void
assert_ended(const Answer *answer, const char *status, const char *message, const char *details)
{
  assert_status(answer, 200);
  assert_member(answer, "status", status);
  assert_member(answer, "mensagem_erro", message);
  gint64 id = answer_int(answer, "log_id");
  assert_closure(id, "status", status);
  assert_closure(id, "mensagem_erro", message != NULL ? message : "(null)");
  assert_closure(id,
                 "lease_token is null and lease_ate is null and worker is null"
                 " and processado_em is not null and tentativas = 1",
                 "true");
  if (details == NULL)
    return;
  g_autoptr(json_t) expected = json_loads(details, 0, NULL);
  assert_non_null(expected);
  const json_t *told = json_object_get(answer->json, "detalhes");
  if (!json_equal(told, expected))
    fail_msg("%s\nnot %s", answer->body, details);
}

/* B63 */
static void
test_an_open_order_is_closed_and_the_closing_is_confirmed(G_GNUC_UNUSED void **state)
{
  gint64 order = order_put("PO123", "Aberto");
  g_autoptr(Answer) answer = close_now("PO123");
  assert_ended(answer, "success", NULL,
               "{\"status_anterior\":\"Aberto\",\"status_novo\":\"Encerrado\","
               "\"item_encerrado\":null,\"confirmado\":true,"
               "\"resultado_api\":{\"cNumero\":\"PO123\",\"cCodStatus\":\"0\","
               "\"cDescStatus\":\"Pedido de compra encerrado com sucesso!\"}}");
  assert_member(answer, "numero_pedido", "PO123");
  g_autofree char *status = order_status("PO123", NULL);
  assert_string_equal(status, "Encerrado");

  assert_methods_called(CLOSED_AND_CONFIRMED);
  g_autofree char *asked = omie_parameters_of(CONSULT_ORDER, 1);
  assert_string_equal(asked, "{\"cNumero\": \"PO123\"}");
  g_autofree char *sent = omie_parameters_of(CLOSE_ORDER, 1);
  assert_string_equal(sent, "{\"cNumero\": \"PO123\", \"cStatus\": \"Encerrado\"}");
  g_autofree char *again = omie_parameters_of(CONSULT_ORDER, 2);
  g_autofree char *by_id = g_strdup_printf("{\"nCodPed\": %" G_GINT64_FORMAT "}", order);
  assert_string_equal(again, by_id);
}

/* Omie refuses the same question within a minute: the second look must not be the same question */
static void
test_confirming_is_no_redundant_question(G_GNUC_UNUSED void **state)
{
  omie_setting("redundancy_s", "60");
  order_put("PO123", "Aberto");
  gint64 begun = g_get_monotonic_time();
  g_autoptr(Answer) answer = close_now("PO123");
  assert_ended(answer, "success", NULL, NULL);
  assert_true(g_get_monotonic_time() - begun < 10 * G_USEC_PER_SEC);
  assert_methods_called(CLOSED_AND_CONFIRMED);
}

/* B64 */
static void
test_an_order_that_is_closed_already_is_left_alone(G_GNUC_UNUSED void **state)
{
  static const char *const words[] = {"ENCERRADO", "fechado", "Finalizado", "  Encerrado "};
  static const char *const shown[] = {"ENCERRADO", "fechado", "Finalizado", "Encerrado"};
  for (gsize i = 0; i < G_N_ELEMENTS(words); i++) {
    g_autofree char *number = g_strdup_printf("PO%zu", i);
    order_put(number, words[i]);
    g_autofree char *details = g_strdup_printf(
        "{\"mensagem\":\"Pedido já estava encerrado\",\"status_anterior\":\"%s\"}", shown[i]);
    g_autoptr(Answer) answer = post_closure(number, i == 1 ? "001" : NULL, ""); /* items as well */
    assert_ended(answer, "success", NULL, details);
  }
  assert_int_equal(omie_calls_of(CLOSE_ORDER), 0);
  assert_int_equal(omie_calls_of(CONSULT_ORDER), 4);
}

/* B65 */
static void
test_one_item_is_closed(G_GNUC_UNUSED void **state)
{
  order_put("PO123", "Aberto");
  g_autoptr(Answer) answer = post_closure("PO123", "001", "");
  assert_ended(answer, "success", NULL, NULL);
  g_autofree char *sent = omie_parameters_of(CLOSE_ORDER, 1);
  assert_string_equal(
      sent, "{\"cNumero\": \"PO123\", \"cStatus\": \"Encerrado\", \"cCodItem\": \"001\"}");
  assert_closure(answer_int(answer, "log_id"), "detalhes ->> 'item_encerrado'", "001");
  assert_closure(answer_int(answer, "log_id"), "item_pedido", "001");
  g_autofree char *item = order_status("PO123", "001"), *other = order_status("PO123", "002");
  assert_string_equal(item, "Encerrado");
  assert_string_equal(other, "");
}

/* 11.6: the consultation for the next item of an order is redundant to Omie, and is waited out */
static void
test_two_items_of_one_order_are_closed_one_after_the_other(G_GNUC_UNUSED void **state)
{
  omie_setting("redundancy_s", "2");
  order_put("PO123", "Aberto");
  g_autoptr(Answer) first = post_closure("PO123", "001", "");
  assert_ended(first, "success", NULL, NULL);
  g_autoptr(Answer) second = post_closure("PO123", "002", "");
  assert_ended(second, "success", NULL, NULL);
  assert_sql("true", "select (count(*) > 0)::text from sandbox.omie_call"
                     " where verdict = 'redundant'");
  g_autofree char *item = order_status("PO123", "002");
  assert_string_equal(item, "Encerrado");
}

/* B66 */
static void
test_word_and_calls_are_the_configured_ones(G_GNUC_UNUSED void **state)
{
  program_restart(CLOSURE_PROGRAM, "OMIE_PO_CLOSE_STATUS=Fechado",
                  "OMIE_PO_CLOSE_CALL=EncerrarNoGateway",
                  "OMIE_PO_CONSULT_CALL=ConsultarPedidoCompra");
  omie_answer(.method = "EncerrarNoGateway", .body = "{\"cCodStatus\":\"0\"}", .times = 1);
  order_put("PO123", "");
  g_autoptr(Answer) answer = close_now("PO123");
  assert_ended(answer, "success", NULL,
               "{\"status_anterior\":\"\",\"status_novo\":\"Fechado\",\"item_encerrado\":null,"
               "\"confirmado\":null,\"resultado_api\":{\"cCodStatus\":\"0\"}}");
  g_autofree char *sent = omie_parameters_of("EncerrarNoGateway", 1);
  assert_string_equal(sent, "{\"cNumero\": \"PO123\", \"cStatus\": \"Fechado\"}");
  assert_true(omie_calls_of("ConsultarPedidoCompra") > 0);
  assert_int_equal(omie_calls_of(CONSULT_ORDER), 0);
}

/* B66: the path; at another one Omie does not know the call */
static void
test_the_path_is_the_configured_one(G_GNUC_UNUSED void **state)
{
  program_restart(CLOSURE_PROGRAM, "OMIE_PO_CLOSE_ENDPOINT=produtos/recebimentonfe/");
  order_put("PO123", "Aberto");
  g_autoptr(Answer) answer = close_now("PO123");
  assert_member(answer, "status", "failed");
  g_autofree char *status = order_status("PO123", NULL);
  assert_string_equal(status, "Aberto");
}

/* B66: the configured word counts as closed */
static void
test_the_configured_word_means_closed(G_GNUC_UNUSED void **state)
{
  program_restart(CLOSURE_PROGRAM, "OMIE_PO_CLOSE_STATUS=Concluído");
  order_put("PO123", "CONCLUÍDO");
  g_autoptr(Answer) answer = close_now("PO123");
  assert_ended(answer, "success", NULL,
               "{\"mensagem\":\"Pedido já estava encerrado\",\"status_anterior\":\"CONCLUÍDO\"}");
  assert_methods_called(CONSULT_ORDER);
}

/* B66, 1.5: a blank word is the usual one */
static void
test_a_blank_word_is_the_usual_one(G_GNUC_UNUSED void **state)
{
  program_restart(CLOSURE_PROGRAM, "OMIE_PO_CLOSE_STATUS=");
  order_put("PO123", "Aberto");
  g_autoptr(Answer) answer = close_now("PO123");
  assert_ended(answer, "success", NULL, NULL);
  assert_closure(answer_int(answer, "log_id"), "detalhes ->> 'status_novo'", "Encerrado");
}

/* B69 */
static void
test_the_status_is_found_where_omie_puts_it(G_GNUC_UNUSED void **state)
{
  static const char *const bodies[] = {
      "{\"cStatus\":\"Fechado\"}",
      "{\"cabecalho_consulta\":{\"cStatus\":\" fechado \"}}",
      "{\"cabecalho\":{\"cStatus\":\"FECHADO\"}}",
  };
  for (gsize i = 0; i < G_N_ELEMENTS(bodies); i++) {
    omie_answer(.method = CONSULT_ORDER, .body = bodies[i], .times = 1);
    g_autoptr(Answer) answer = close_now("PO123");
    assert_ended(answer, "success", NULL, NULL);
    assert_closure(answer_int(answer, "log_id"), "detalhes ->> 'mensagem'",
                   "Pedido já estava encerrado");
  }
}

/* 11.3 */
static void
test_a_long_answer_of_omies_is_not_kept(G_GNUC_UNUSED void **state)
{
  g_autofree char *padding = g_strnfill(5000, 'x');
  g_autofree char *body = g_strdup_printf("{\"cCodStatus\":\"0\",\"texto\":\"%s\"}", padding);
  omie_setting("orders_status", "N");
  order_put("PO123", "Aberto");
  omie_answer(.method = CLOSE_ORDER, .body = body, .times = 1);
  g_autoptr(Answer) answer = close_now("PO123");
  assert_ended(answer, "success", NULL,
               "{\"status_anterior\":\"\",\"status_novo\":\"Encerrado\",\"item_encerrado\":null,"
               "\"confirmado\":null,\"resultado_api\":{\"truncado\":true}}");
}

/* B70, B72 */
static void
test_what_is_wrong_in_the_body_is_said(G_GNUC_UNUSED void **state)
{
  static const char missing[] = "Campos obrigatórios: numero_pedido, numero_nf_servico, "
                                "id_nf_servico";
  g_autofree char *long_text = g_strnfill(51, 'x');
  g_autofree char *long_number = g_strdup_printf(
      "{\"numero_pedido\":\"%s\",\"numero_nf_servico\":\"N\",\"id_nf_servico\":1}", long_text);
  const struct {
    const char *body, *text;
  } bodies[] = {
      {"{\"numero_pedido\":\"P\",\"numero_nf_servico\":\"N\"}", missing},
      {"{\"numero_pedido\":\" \",\"numero_nf_servico\":\"N\",\"id_nf_servico\":1}", missing},
      {"{\"numero_pedido\":\"P\",\"numero_nf_servico\":\"N\",\"id_nf_servico\":\"x\"}",
       "id_nf_servico deve ser um número inteiro positivo"},
      {long_number, "numero_pedido deve ter no máximo 50 caracteres"},
  };
  for (gsize i = 0; i < G_N_ELEMENTS(bodies); i++) {
    g_autoptr(Answer) answer = bo_post(ORDER_CLOSURE, bodies[i].body);
    assert_erro(answer, 400, bodies[i].text);
  }
  assert_nothing_happened();
}

/* B71 */
static void
test_a_numeric_order_number_is_taken_as_its_digits(G_GNUC_UNUSED void **state)
{
  order_put("123456", "Aberto");
  g_autoptr(Answer) answer = bo_post(
      ORDER_CLOSURE, "{\"numero_pedido\":123456,\"numero_nf_servico\":77,\"id_nf_servico\":\"8\"}");
  assert_ended(answer, "success", NULL, NULL);
  assert_sql(
      "123456 77 8",
      "select concat_ws(' ', numero_pedido, numero_nf_servico, id_nf_servico) from " CLOSURES);
}

/* B84 */
static void
test_the_longer_paths_answer_alike(G_GNUC_UNUSED void **state)
{
  order_put("PO123", "Aberto");
  g_autoptr(Answer) closed = bo_post(ORDERS "/closure/encerrar/",
                                     "{\"numero_pedido\":\"PO123\",\"numero_nf_servico\":\"NF789\","
                                     "\"id_nf_servico\":999}");
  assert_ended(closed, "success", NULL, NULL);
  g_autoptr(Answer) list = bo_get(ORDERS "/closure/");
  assert_int_equal(answer_int(list, "count"), 1);
  g_autoptr(Answer) one =
      bo_get(ORDERS "/closure/%" G_GINT64_FORMAT "/", answer_int(closed, "log_id"));
  assert_member(one, "numero_pedido", "PO123");
  g_autoptr(Answer) again = bo_post(ORDERS "/closure/reprocessar_falhas", NULL);
  assert_int_equal(answer_int(again, "total_reprocessados"), 0);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      WORKER_CASE(test_an_open_order_is_closed_and_the_closing_is_confirmed),
      WORKER_CASE(test_confirming_is_no_redundant_question),
      WORKER_CASE(test_an_order_that_is_closed_already_is_left_alone),
      WORKER_CASE(test_one_item_is_closed),
      WORKER_CASE(test_two_items_of_one_order_are_closed_one_after_the_other),
      WORKER_CASE(test_word_and_calls_are_the_configured_ones),
      WORKER_CASE(test_the_path_is_the_configured_one),
      WORKER_CASE(test_the_configured_word_means_closed),
      WORKER_CASE(test_a_blank_word_is_the_usual_one),
      WORKER_CASE(test_the_status_is_found_where_omie_puts_it),
      WORKER_CASE(test_a_long_answer_of_omies_is_not_kept),
      WORKER_CASE(test_what_is_wrong_in_the_body_is_said),
      WORKER_CASE(test_a_numeric_order_number_is_taken_as_its_digits),
      WORKER_CASE(test_the_longer_paths_answer_alike),
  };
  return RUN("closure", tests);
}
