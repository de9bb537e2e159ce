/* Reading the logs page by page (backoffice.md 9.8, 10, 13). */
#include "harness_backoffice.h"

#include <string.h>

static void
assert_ends_with(const char *text, const char *end)
{
  if (text == NULL || !g_str_has_suffix(text, end))
    fail_msg("\"%s\" does not end with \"%s\"", text != NULL ? text : "(null)", end);
}

/* B76 */
static void
test_fifty_rows_make_a_page(G_GNUC_UNUSED void **state)
{
  closures("51");
  g_autoptr(Answer) first = bo_get(ORDERS "/");
  assert_status(first, 200);
  assert_int_equal(answer_int(first, "count"), 51);
  assert_int_equal(json_array_size(json_object_get(first->json, "results")), 50);
  assert_ends_with(answer_text(first, "next"), "/api/purchase-orders/?page=2");
  assert_true(json_is_null(json_object_get(first->json, "previous")));

  g_autoptr(Answer) second = bo_get(ORDERS "/?page=2");
  assert_status(second, 200);
  assert_listed(second, "id", "1");
  assert_true(json_is_null(json_object_get(second->json, "next")));
  assert_ends_with(answer_text(second, "previous"), "/api/purchase-orders/");

  g_autoptr(Answer) last = bo_get(ORDERS "?page=last&page_size=20");
  assert_listed(last, "id", "11,10,9,8,7,6,5,4,3,2,1");
  assert_ends_with(answer_text(last, "previous"), "/api/purchase-orders?page_size=20&page=2");
}

/* B77 */
static void
test_a_page_that_is_not_there_is_a_404(G_GNUC_UNUSED void **state)
{
  static const char *const pages[] = {
      "0", "-1", "abc", "99", "2", "1.5", "%201", "+1", "1x", "LAST", "99999999999999999999999"};
  g_autoptr(Answer) empty = bo_get(ORDERS);
  assert_status(empty, 200);
  assert_int_equal(answer_int(empty, "count"), 0);
  assert_int_equal(json_array_size(json_object_get(empty->json, "results")), 0);
  closures("3");
  for (gsize i = 0; i < G_N_ELEMENTS(pages); i++) {
    g_autoptr(Answer) answer = bo_get(ORDERS "?page=%s", pages[i]);
    assert_detail(answer, 404, INVALID_PAGE);
  }
  static const char *const good[] = {"1", "last", "", "01"};
  for (gsize i = 0; i < G_N_ELEMENTS(good); i++) {
    g_autoptr(Answer) answer = bo_get(ORDERS "?page=%s", good[i]);
    assert_listed(answer, "id", "3,2,1");
  }
}

/* 13.1 */
static void
test_the_caller_chooses_how_long_a_page_is(G_GNUC_UNUSED void **state)
{
  static const struct {
    const char *asked;
    int rows;
  } sizes[] = {{"1", 1},  {"60", 60}, {"200", 200}, {"201", 200}, {"99999999999999999999", 200},
               {"0", 50}, {"", 50},   {"abc", 50},  {"-5", 50},   {"1.5", 50}};
  closures("210");
  for (gsize i = 0; i < G_N_ELEMENTS(sizes); i++) {
    g_autoptr(Answer) answer = bo_get(ORDERS "?page_size=%s", sizes[i].asked);
    assert_status(answer, 200);
    assert_int_equal(json_array_size(json_object_get(answer->json, "results")), sizes[i].rows);
  }
}

/* B78, 13.2 */
static void
test_links_lead_back_to_the_same_question(G_GNUC_UNUSED void **state)
{
  closures("5");
  sql("update backoffice.purchase_order_closure_log set numero_pedido = 'PO 1&ç'");
  const char *filters = "status=failed&numero_pedido=PO+1%26%C3%A7&page_size=2&x=%22%3E";
  g_autoptr(Answer) middle = call(
      "GET",
      ORDERS "/closure?page=2&status=failed&numero_pedido=PO+1%26%C3%A7&page_size=2&x=%22%3E",
      .token = fin_token(), .headers = {"Host: ponte.example:8443", "X-Forwarded-Proto: https"});
  assert_listed(middle, "id", "3,2");
  g_autofree char *next = g_strconcat("https://ponte.example:8443/api/purchase-orders/closure?",
                                      filters, "&page=3", NULL);
  g_autofree char *previous =
      g_strconcat("https://ponte.example:8443/api/purchase-orders/closure?", filters, NULL);
  assert_string_equal(answer_text(middle, "next"), next);
  assert_string_equal(answer_text(middle, "previous"), previous);

  const char *path = strstr(next, "/api");
  g_autoptr(Answer) last = call("GET", path, .token = fin_token());
  assert_listed(last, "id", "1");
  assert_true(g_str_has_prefix(answer_text(last, "previous"), harness_env("PONTE_URL")));
}

static void
assert_member_names(const json_t *object, const char *expected)
{
  const char *name;
  json_t *value;
  g_autoptr(GString) names = g_string_new(NULL);
  json_object_foreach((json_t *)object, name, value)
  {
    g_string_append_printf(names, "%s%s", names->len > 0 ? " " : "", name);
  }
  assert_string_equal(names->str, expected);
}

/* B82, 13.1, 3.10 */
static void
test_a_closure_is_shown_with_all_that_users_know_of_it(G_GNUC_UNUSED void **state)
{
  sql("insert into backoffice.purchase_order_closure_log"
      " (numero_pedido, numero_nf_servico, id_nf_servico, status, tentativas, detalhes, created_at,"
      "  lease_token, worker) values"
      " ('PO123', 'NF789', 999, 'failed', 2, '{\"status_anterior\":\"Aberto\"}',"
      "  '2025-11-18T19:58:35.123456Z', gen_random_uuid(), 'host')");
  static const char *const paths[] = {ORDERS "/1", ORDERS "/1/", ORDERS "/closure/1",
                                      ORDERS "/closure/1/", ORDERS "/0001"};
  for (gsize i = 0; i < G_N_ELEMENTS(paths); i++) {
    g_autoptr(Answer) answer = bo_get("%s", paths[i]);
    assert_status(answer, 200);
    assert_member_names(
        answer->json, "id task_id numero_pedido item_pedido numero_nf_servico id_nf_servico status"
                      " tentativas max_tentativas pode_retentar mensagem_erro detalhes"
                      " proxima_tentativa_em created_at updated_at processado_em");
    assert_int_equal(answer_int(answer, "id"), 1);
    assert_member(answer, "numero_pedido", "PO123");
    assert_true(json_is_null(json_object_get(answer->json, "item_pedido")));
    assert_int_equal(answer_int(answer, "id_nf_servico"), 999);
    assert_true(json_is_true(json_object_get(answer->json, "pode_retentar")));
    assert_member(answer, "created_at", "2025-11-18T16:58:35.123456-03:00");
    assert_string_equal(json_string_value(json_object_get(json_object_get(answer->json, "detalhes"),
                                                          "status_anterior")),
                        "Aberto");
    assert_header(answer, "cache-control", "no-store");
  }
  sql("update backoffice.purchase_order_closure_log set tentativas = 3");
  g_autoptr(Answer) exhausted = bo_get(ORDERS "/1");
  assert_true(json_is_false(json_object_get(exhausted->json, "pode_retentar")));
}

/* B82, 13.6 */
static void
test_what_is_not_there_is_a_404(G_GNUC_UNUSED void **state)
{
  static const char *const paths[] = {ORDERS "/1",
                                      ORDERS "/0",
                                      ORDERS "/abc",
                                      ORDERS "/-1",
                                      ORDERS "/1.5",
                                      ORDERS "/%201",
                                      ORDERS "/1%00",
                                      ORDERS "/99999999999999999999",
                                      ORDERS "/closure/abc",
                                      ATTACHMENTS "/1",
                                      ATTACHMENTS "/nada/",
                                      TASKS "/1",
                                      TASKS "/5d3f5a52-6a4e-4c7e-9f4e-0a6d1f2b3c4d"};
  for (gsize i = 0; i < G_N_ELEMENTS(paths); i++) {
    if (strstr(paths[i], "%00") != NULL)
      continue; /* nginx refuses it */
    g_autoptr(Answer) answer = bo_get("%s", paths[i]);
    assert_detail(answer, 404, NOT_FOUND);
  }
  g_autoptr(Answer) deeper = bo_get(ORDERS "/1/2");
  assert_error_code(deeper, 404, "Rota não encontrada.", "not_found");
}

/* 10.1, B88 */
static void
test_a_transfer_shows_its_files_whatever_they_are_called(G_GNUC_UNUSED void **state)
{
  sql("insert into backoffice.attachment_transfer_log (origem_id, destino_id, status, tentativas,"
      " anexos_transferidos, total_anexos, anexos_sucesso, mensagem_erro, em_envio, solicitado_por,"
      " origem_tabela_omie, destino_tabela_omie)"
      " values (9000000000, 2, 'success', 1, $1::jsonb, 1, 1, $2, '[{}]', gen_random_uuid(), 'a', "
      "'b')",
      "[{\"nome\":\"<b>\\\"nota\\\" \\\\ "
      "'é'.pdf</script>\",\"nIdAnexoOrigem\":9001,\"tamanho\":48211}]",
      "1 de 2: <i>\"x\"\n");
  g_autoptr(Answer) list = bo_get(ATTACHMENTS "/");
  g_autoptr(Answer) one = bo_get(ATTACHMENTS "/1/");
  assert_status(one, 200);
  assert_true(json_equal(json_array_get(json_object_get(list->json, "results"), 0), one->json));
  assert_member_names(
      one->json, "id task_id origem_tabela origem_id destino_tabela destino_id status tentativas"
                 " max_tentativas pode_retentar anexos_transferidos total_anexos anexos_sucesso"
                 " mensagem_erro detalhes proxima_tentativa_em created_at updated_at"
                 " processado_em");
  const json_t *file = json_array_get(json_object_get(one->json, "anexos_transferidos"), 0);
  assert_string_equal(json_string_value(json_object_get(file, "nome")),
                      "<b>\"nota\" \\ 'é'.pdf</script>");
  assert_member(one, "mensagem_erro", "1 de 2: <i>\"x\"\n");
  assert_member(one, "destino_tabela", "conta_a_pagar");
  assert_int_equal(answer_int(one, "origem_id"), 9000000000);
}

/* 9.8 */
static void
test_the_map_is_listed_too(G_GNUC_UNUSED void **state)
{
  sql("insert into backoffice.attachment_integration_map"
      " (origem_recebimento_id, destino_conta_pagar_id, numero_nf) values (1, 2, 'A'), (1, 3, "
      "null)");
  g_autoptr(Answer) all = bo_get(MAP "/");
  assert_status(all, 200);
  assert_member_names(json_array_get(json_object_get(all->json, "results"), 0),
                      "id origem_recebimento_id destino_conta_pagar_id numero_nf created_at");
  g_autoptr(Answer) one = bo_get(MAP "?origem_recebimento_id=1&numero_nf=A");
  assert_listed(one, "id", "1");
  g_autoptr(Answer) other = bo_get(MAP "?destino_conta_pagar_id=3&id=2&created_at_after=x");
  assert_listed(other, "id", "2");
  assert_listed(other, "numero_nf", "null");
}

/* 14.10 */
static void
test_a_task_is_found_by_its_id(G_GNUC_UNUSED void **state)
{
  sql("insert into backoffice.purchase_order_closure_log (numero_pedido, numero_nf_servico,"
      " id_nf_servico, task_id, proxima_tentativa_em) values ('P', 'N', 1, $1, "
      "'2099-01-01T12:00:00Z')",
      USER_ID);
  sql("insert into backoffice.attachment_transfer_log (origem_id, destino_id, status, tentativas,"
      " task_id, origem_tabela_omie, destino_tabela_omie)"
      " values (1, 2, 'processing', 1, '11111111-1111-4111-8111-111111111111', 'a', 'b')");
  g_autoptr(Answer) closure = bo_get(TASKS "/" USER_ID "/");
  assert_status(closure, 200);
  assert_member_names(closure->json, "task_id tipo status log_id tentativas proxima_tentativa_em");
  assert_member(closure, "task_id", USER_ID);
  assert_member(closure, "tipo", "encerrar_pedido");
  assert_member(closure, "status", "pending");
  assert_int_equal(answer_int(closure, "log_id"), 1);
  assert_member(closure, "proxima_tentativa_em", "2099-01-01T09:00:00.000000-03:00");
  g_autoptr(Answer) transfer = bo_get(TASKS "/11111111-1111-4111-8111-111111111111");
  assert_member(transfer, "tipo", "transferir_anexos");
  assert_member(transfer, "status", "processing");
  assert_int_equal(answer_int(transfer, "tentativas"), 1);
  assert_true(json_is_null(json_object_get(transfer->json, "proxima_tentativa_em")));
}

/* B83 */
static void
test_lists_are_read_only(G_GNUC_UNUSED void **state)
{
  static const char *const paths[] = {ORDERS,           ORDERS "/closure/", ORDERS "/1",
                                      ATTACHMENTS,      ATTACHMENTS "/1/",  MAP,
                                      TASKS "/" USER_ID};
  for (gsize i = 0; i < G_N_ELEMENTS(paths); i++) {
    g_autoptr(Answer) answer = bo_post(paths[i], "{}");
    assert_detail(answer, 405, "Método \"POST\" não é permitido.");
    assert_header(answer, "allow", "GET, HEAD");
  }
}

/* B84 */
static void
test_the_longer_path_of_closures_answers_alike(G_GNUC_UNUSED void **state)
{
  closures("2");
  static const char *const ends[] = {"", "/", "/1", "/2/", "/3", "/?page=2"};
  for (gsize i = 0; i < G_N_ELEMENTS(ends); i++) {
    g_autoptr(Answer) brief = bo_get(ORDERS "%s", ends[i]);
    g_autoptr(Answer) longer = bo_get(ORDERS "/closure%s", ends[i]);
    assert_int_equal(brief->status, longer->status);
    json_object_del(brief->json, "requestId");
    json_object_del(longer->json, "requestId");
    assert_true(json_equal(brief->json, longer->json));
  }
}

/* The id reaches the same binary when it is a plain CGI */
static void
test_one_row_is_found_from_a_shell_as_well(G_GNUC_UNUSED void **state)
{
  closures("1");
  g_autofree char *header = g_strconcat("HTTP_AUTHORIZATION=Bearer ", fin_token(), NULL);
  static const char *const places[] = {"REQUEST_URI=" ORDERS "/1/?x=1",
                                       "SCRIPT_NAME=" ORDERS "/closure/1",
                                       "PATH_INFO=" ORDERS "/1"};
  for (gsize i = 0; i < G_N_ELEMENTS(places); i++) {
    g_autofree char *shown =
        program_run_cgi("purchase-orders/_id",
                        (const char *const[]){"REQUEST_METHOD=GET", places[i], header, NULL}, "");
    assert_true(g_str_has_prefix(shown, "Status: 200 OK\r\n"));
    assert_non_null(strstr(shown, "\"numero_pedido\":\"PO1\""));
  }
  g_autofree char *none = program_run_cgi(
      "purchase-orders/_id", (const char *const[]){"REQUEST_METHOD=GET", header, NULL}, "");
  assert_true(g_str_has_prefix(none, "Status: 404 "));
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      BACKOFFICE_CASE(test_fifty_rows_make_a_page),
      BACKOFFICE_CASE(test_a_page_that_is_not_there_is_a_404),
      BACKOFFICE_CASE(test_the_caller_chooses_how_long_a_page_is),
      BACKOFFICE_CASE(test_links_lead_back_to_the_same_question),
      BACKOFFICE_CASE(test_a_closure_is_shown_with_all_that_users_know_of_it),
      BACKOFFICE_CASE(test_what_is_not_there_is_a_404),
      BACKOFFICE_CASE(test_a_transfer_shows_its_files_whatever_they_are_called),
      BACKOFFICE_CASE(test_the_map_is_listed_too),
      BACKOFFICE_CASE(test_a_task_is_found_by_its_id),
      BACKOFFICE_CASE(test_lists_are_read_only),
      BACKOFFICE_CASE(test_the_longer_path_of_closures_answers_alike),
      BACKOFFICE_CASE(test_one_row_is_found_from_a_shell_as_well),
  };
  return RUN("backoffice lists", tests);
}
