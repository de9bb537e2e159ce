/* What callers may send to the back office, and what they are told when it is something else
 * (backoffice.md 3, and the tables of 6, 7, 9 and 11). */
#include "harness_backoffice.h"

#include <string.h>

#define ORDER       "{\"numero_pedido\":\"PO1\",\"numero_nf_servico\":\"NF1\","
#define IDS_MISSING "origem_id e destino_id são obrigatórios"
#define IDS_WRONG   "origem_id e destino_id devem ser números inteiros positivos"
#define FLAG_WRONG  "assincrono deve ser booleano"

typedef struct {
  const char *body, *text;
} Refusal;

/* Each body is refused with 400 and its text, and nothing is written. */
static void
assert_refused(const char *path, const Refusal *refusals, gsize count)
{
  for (gsize i = 0; i < count; i++) {
    g_autoptr(Answer) answer = bo_post(path, refusals[i].body);
    if (g_strcmp0(answer_text(answer, "erro"), refusals[i].text) != 0)
      print_error("body: %s\n", refusals[i].body);
    assert_erro(answer, 400, refusals[i].text);
  }
  assert_nothing_happened();
}

/* B41, B42, B44, B45, B46 */
static void
test_a_transfer_needs_two_records(G_GNUC_UNUSED void **state)
{
#define PAIR "\"origem_id\":1,\"destino_id\":2"
#define LONG "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" /* 51 */
  static const Refusal refusals[] = {
      {"{}", IDS_MISSING},
      {"", IDS_MISSING},
      {"{\"origem_id\":1}", IDS_MISSING},
      {"{\"destino_id\":1}", IDS_MISSING},
      {"{\"origem_id\":0,\"destino_id\":1}", IDS_MISSING},
      {"{\"origem_id\":null,\"destino_id\":1}", IDS_MISSING},
      {"{\"origem_id\":\"\",\"destino_id\":1}", IDS_MISSING},
      {"{\"origem_id\":\"abc\",\"destino_id\":1}", IDS_WRONG},
      {"{\"origem_id\":1.5,\"destino_id\":1}", IDS_WRONG},
      {"{\"origem_id\":1.0,\"destino_id\":1}", IDS_WRONG},
      {"{\"origem_id\":1e3,\"destino_id\":1}", IDS_WRONG},
      {"{\"origem_id\":-3,\"destino_id\":1}", IDS_WRONG},
      {"{\"origem_id\":\"-3\",\"destino_id\":1}", IDS_WRONG},
      {"{\"origem_id\":\"+3\",\"destino_id\":1}", IDS_WRONG},
      {"{\"origem_id\":true,\"destino_id\":1}", IDS_WRONG},
      {"{\"origem_id\":[1],\"destino_id\":1}", IDS_WRONG},
      {"{\"origem_id\":1,\"destino_id\":12345678901234567890}", IDS_WRONG},
      {"{\"origem_id\":1,\"destino_id\":\"12345678901234567890\"}", IDS_WRONG},
      {"{\"origem_id\":1,\"destino_id\":9223372036854775808}", IDS_WRONG},
      {"{\"origem_id\":1,\"destino_id\":\"9223372036854775808\"}", IDS_WRONG},
      {"{\"origem_id\":5,\"origem_id\":\"x\",\"destino_id\":1}", IDS_WRONG},
      {"{" PAIR ",\"assincrono\":\"talvez\"}", FLAG_WRONG},
      {"{" PAIR ",\"assincrono\":2}", FLAG_WRONG},
      {"{" PAIR ",\"assincrono\":1.0}", FLAG_WRONG},
      {"{" PAIR ",\"assincrono\":\"\"}", FLAG_WRONG},
      {"{" PAIR ",\"assincrono\":[]}", FLAG_WRONG},
      {"{" PAIR ",\"origem_tabela\":\"" LONG "\"}", "origem_tabela inválida"},
      {"{" PAIR ",\"origem_tabela\":\"a/b\"}", "origem_tabela inválida"},
      {"{" PAIR ",\"origem_tabela\":7}", "origem_tabela inválida"},
      {"{" PAIR ",\"destino_tabela\":\"ação\"}", "destino_tabela inválida"},
      {"{" PAIR ",\"destino_tabela\":\"a b\",\"assincrono\":2}", "destino_tabela inválida"},
      {"{\"origem_id\":7,\"destino_id\":\"7\",\"origem_tabela\":\"x\",\"destino_tabela\":\"x\"}",
       "origem e destino não podem ser o mesmo registro"},
      {"{\"origem_id\":7,\"destino_id\":7,\"origem_tabela\":\"conta-pagar\"}", /* the wire's name */
       "origem e destino não podem ser o mesmo registro"},
  };
  assert_refused(TRANSFER, refusals, G_N_ELEMENTS(refusals));
  g_autoptr(Answer) told = bo_post(TRANSFER, "{\"origem_id\":\"x\"}");
  assert_error_code(told, 400, IDS_WRONG, "invalid_fields");
  assert_string_equal(
      json_string_value(json_object_get(json_object_get(told->json, "fields"), "origem_id")),
      IDS_WRONG);
}

/* B43, 3.4, 3.8, 3.9 */
static void
test_numbers_may_be_typed_as_text_and_flags_as_words(G_GNUC_UNUSED void **state)
{
  workers_rest();
  static const struct {
    const char *body, *row;
  } bodies[] = {
      {"{\"origem_id\":\"123\",\"destino_id\":9000000000,\"assincrono\":true}",
       "com-recebimento 123 conta_a_pagar 9000000000 pending"},
      {"{\"origem_id\":9223372036854775807,\"destino_id\":\"9223372036854775807\",\"assincrono\":"
       "1}",
       "com-recebimento 9223372036854775807 conta_a_pagar 9223372036854775807 pending"},
      {"{\"origem_id\":\"x\",\"origem_id\":4,\"destino_id\":5,\"assincrono\":\"True\","
       "\"destino_tabela\":\" pedido-compra \",\"origem_tabela\":\"  \"}",
       "com-recebimento 4 pedido-compra 5 pending"},
      {"{\"origem_id\":6,\"destino_id\":7,\"assincrono\":\"1\",\"outro\":123456789012345678901234}",
       "com-recebimento 6 conta_a_pagar 7 pending"},
  };
  for (gsize i = 0; i < G_N_ELEMENTS(bodies); i++) {
    g_autoptr(Answer) answer = bo_post(TRANSFER, bodies[i].body);
    assert_status(answer, 202);
    assert_sql(bodies[i].row, "select concat_ws(' ', origem_tabela, origem_id, destino_tabela,"
                              " destino_id, status) from backoffice.attachment_transfer_log"
                              " order by id desc limit 1");
  }
}

/* B44 */
static void
test_false_in_any_form_means_that_the_caller_waits(G_GNUC_UNUSED void **state)
{
  static const char *const flags[] = {"false", "\"false\"", "\"FALSE\"", "0", "\"0\"", "null"};
  for (gsize i = 0; i < G_N_ELEMENTS(flags); i++) {
    g_autofree char *body =
        g_strdup_printf("{\"origem_id\":%zu,\"destino_id\":2,\"assincrono\":%s}", i + 1, flags[i]);
    g_autoptr(Answer) answer = bo_post(TRANSFER, body);
    assert_status(answer, 200);
    assert_member(answer, "status", "success");
  }
}

/* DESIGN "Work in the background", RFC 7240 */
static void
test_a_header_asks_for_the_background_as_well(G_GNUC_UNUSED void **state)
{
  workers_rest();
  const char *body = "{\"origem_id\":1,\"destino_id\":2,\"assincrono\":false}";
  g_autoptr(Answer) preferred = call("POST", TRANSFER, .token = fin_token(), .body = body,
                                     .headers = {"Prefer: wait=5, Respond-Async;foo=1"});
  assert_status(preferred, 202);
  assert_header(preferred, "preference-applied", "respond-async");
  assert_member(preferred, "mensagem", "Transferência iniciada de forma assíncrona");
  assert_int_equal(answer_int(preferred, "log_id"), 1);
  g_autofree char *task = g_strconcat(TASKS "/", answer_text(preferred, "task_id"), NULL);
  g_autoptr(Answer) found = bo_get("%s", task);
  assert_member(found, "status", "pending");

  g_autoptr(Answer) again =
      bo_post(TRANSFER, "{\"origem_id\":1,\"destino_id\":2,\"assincrono\":true}");
  assert_status(again, 202);
  assert_header(again, "preference-applied", NULL);
  assert_member(again, "mensagem", "Transferência já está na fila");
  assert_member(again, "task_id", answer_text(preferred, "task_id"));
  assert_count(1, "backoffice.attachment_transfer_log");
}

/* B55, 7 */
static void
test_an_upload_needs_a_record_a_name_and_a_file(G_GNUC_UNUSED void **state)
{
#define UPLOAD_MISSING "tabela, n_id, nome_arquivo e arquivo_base64 são obrigatórios"
#define UPLOAD_TO      "{\"tabela\":\"conta-pagar\",\"n_id\":5,"
#define NAMED          UPLOAD_TO "\"nome_arquivo\":\"a.pdf\","
  g_autofree char *description = g_strnfill(501, 'd'), *name = g_strnfill(101, 'n');
  g_autofree char *described = g_strconcat(NAMED "\"arquivo_base64\":\"aGVsbG8=\",\"descricao\":\"",
                                           description, "\"}", NULL);
  g_autofree char *long_name = g_strconcat(
      UPLOAD_TO "\"arquivo_base64\":\"aGVsbG8=\",\"nome_arquivo\":\"", name, "\"}", NULL);
  const Refusal refusals[] = {
      {"{}", UPLOAD_MISSING},
      {UPLOAD_TO "\"nome_arquivo\":\"a.pdf\"}", UPLOAD_MISSING},
      {UPLOAD_TO "\"arquivo_base64\":\"aGVsbG8=\"}", UPLOAD_MISSING},
      {NAMED "\"arquivo_base64\":\"\"}", UPLOAD_MISSING},
      {NAMED "\"arquivo_base64\":null}", UPLOAD_MISSING},
      {"{\"tabela\":\"a b\"}", "tabela inválida"},
      {"{\"tabela\":\"conta-pagar\",\"n_id\":\"x\"}", "n_id deve ser um número inteiro positivo"},
      {UPLOAD_TO "\"nome_arquivo\":\"../a\",\"arquivo_base64\":\"x\"}", "nome_arquivo inválido"},
      {UPLOAD_TO "\"nome_arquivo\":\"a\\\\b\"}", "nome_arquivo inválido"},
      {UPLOAD_TO "\"nome_arquivo\":\"a\\tb\"}", "nome_arquivo inválido"},
      {UPLOAD_TO "\"nome_arquivo\":\"..\"}", "nome_arquivo inválido"},
      {UPLOAD_TO "\"nome_arquivo\":7}", "nome_arquivo inválido"},
      {long_name, "nome_arquivo inválido"},
      {NAMED "\"arquivo_base64\":\"aGVsbG8\"}", "arquivo_base64 inválido"},
      {NAMED "\"arquivo_base64\":\"aGVs_G8=\"}", "arquivo_base64 inválido"},
      {NAMED "\"arquivo_base64\":\"aGVs bG8=\"}", "arquivo_base64 inválido"},
      {NAMED "\"arquivo_base64\":\"data:application/pdf;base64,\"}", "arquivo_base64 inválido"},
      {NAMED "\"arquivo_base64\":\"data:text/plain,aGVsbG8=\"}", "arquivo_base64 inválido"},
      {NAMED "\"arquivo_base64\":[1]}", "arquivo_base64 inválido"},
      {described, "descricao deve ter no máximo 500 caracteres"},
  };
  assert_refused(UPLOAD, refusals, G_N_ELEMENTS(refusals));
}

/* 7, B54: its answer is Omie's own */
static void
test_a_file_may_come_as_a_browser_reads_it(G_GNUC_UNUSED void **state)
{
  gsize mark = program_log_mark("attachments/incluir"), length;
  g_autoptr(Answer) answer =
      bo_post(UPLOAD, NAMED "\"arquivo_base64\":\"data:application/pdf;base64,aGVs\\r\\nbG8=\\n\","
                            "\"descricao\":\"<nota>\"}");
  assert_status(answer, 200);
  assert_member(answer, "cCodStatus", "0");
  assert_member(answer, "ok", NULL);
  g_autofree char *content = attachment_content("conta-pagar", 5, "a.pdf", &length);
  assert_string_equal(content, "hello");
  WAIT_FOR(program_has_logged("attachments/incluir", mark, "[RF-001] upload"));
  assert_false(program_has_logged("attachments/incluir", mark, "aGVs"));
}

/* B56 */
static void
test_what_omie_says_about_a_file_is_told(G_GNUC_UNUSED void **state)
{
  omie_answer(.method = INCLUDE_ATTACHMENT, .status = 500,
              .body = "{\"faultcode\":\"SOAP-ENV:Client-102\","
                      "\"faultstring\":\"ERROR: Tabela sem anexos!\"}");
  g_autoptr(Answer) answer = bo_post(UPLOAD, NAMED "\"arquivo_base64\":\"aGVsbG8=\"}");
  assert_erro(answer, 500, "Erro Omie: ERROR: Tabela sem anexos!");
  assert_error_code(answer, 500, NULL, "upload_failed");
}

/* B31, B73: the log that is in the way is named */
static void
test_what_is_being_worked_on_is_a_409(G_GNUC_UNUSED void **state)
{
  sql("insert into backoffice.attachment_transfer_log (origem_id, destino_id, status, tentativas,"
      " lease_token, lease_ate, origem_tabela_omie, destino_tabela_omie) values (1, 2, "
      "'processing',"
      " 1, gen_random_uuid(), now() + interval '1 minute', 'com-recebimento', 'conta-pagar')");
  g_autoptr(Answer) transfer = bo_post(TRANSFER, "{" PAIR "}");
  assert_erro(transfer, 409, "Transferência já em andamento para este destino");
  assert_int_equal(answer_int(transfer, "log_id"), 1);

  sql("insert into backoffice.purchase_order_closure_log (numero_pedido, numero_nf_servico,"
      " id_nf_servico, status, tentativas, lease_token, lease_ate)"
      " values ('PO1', 'NF1', 1, 'processing', 1, gen_random_uuid(), now() + interval '1 minute')");
  g_autoptr(Answer) closure = bo_post(ORDER_CLOSURE, ORDER "\"id_nf_servico\":1}");
  assert_erro(closure, 409, "Encerramento já em andamento para este pedido");
  assert_int_equal(answer_int(closure, "log_id"), 1);
}

/* B70, B72 */
static void
test_a_closure_needs_an_order_and_its_invoice(G_GNUC_UNUSED void **state)
{
#define CLOSURE_MISSING "Campos obrigatórios: numero_pedido, numero_nf_servico, id_nf_servico"
  static const Refusal refusals[] = {
      {"{}", CLOSURE_MISSING},
      {ORDER "\"x\":1}", CLOSURE_MISSING},
      {ORDER "\"id_nf_servico\":0}", CLOSURE_MISSING},
      {"{\"numero_pedido\":\"  \",\"numero_nf_servico\":\"N\",\"id_nf_servico\":1}",
       CLOSURE_MISSING},
      {"{\"numero_pedido\":\"P\",\"numero_nf_servico\":null,\"id_nf_servico\":1}", CLOSURE_MISSING},
      {ORDER "\"id_nf_servico\":\"x\"}", "id_nf_servico deve ser um número inteiro positivo"},
      {"{\"numero_pedido\":\"" LONG "\"}", "numero_pedido deve ter no máximo 50 caracteres"},
      {"{\"numero_pedido\":\"P\",\"numero_nf_servico\":\"" LONG "\"}",
       "numero_nf_servico deve ter no máximo 50 caracteres"},
      {ORDER "\"id_nf_servico\":1,\"item_pedido\":\"" LONG "\"}",
       "item_pedido deve ter no máximo 50 caracteres"},
      {ORDER "\"id_nf_servico\":1,\"assincrono\":\"sim\"}", FLAG_WRONG},
  };
  assert_refused(ORDER_CLOSURE, refusals, G_N_ELEMENTS(refusals));
  assert_refused(ORDERS "/closure/encerrar/", refusals, G_N_ELEMENTS(refusals)); /* B84 */
}

/* B71, 3.9 */
static void
test_an_order_typed_as_a_number_keeps_its_digits(G_GNUC_UNUSED void **state)
{
  workers_rest();
  g_autoptr(Answer) answer =
      bo_post(ORDER_CLOSURE, "{\"numero_pedido\":123456,\"numero_nf_servico\":12345678901234567890,"
                             "\"id_nf_servico\":\"7\",\"item_pedido\":\" \",\"assincrono\":true}");
  assert_status(answer, 202);
  assert_sql("123456 12345678901234567890 7 whole",
             "select concat_ws(' ', numero_pedido, numero_nf_servico, id_nf_servico,"
             " coalesce(item_pedido, 'whole')) from backoffice.purchase_order_closure_log");
}

/* B75, 3.5 */
static void
test_reprocessing_needs_no_body(G_GNUC_UNUSED void **state)
{
  static const struct {
    const char *body, *type;
  } bodies[] = {{NULL, NULL}, {"", "text/plain"}, {"", "application/json"}, {"{}", NULL}};
  for (gsize i = 0; i < G_N_ELEMENTS(bodies); i++) {
    g_autoptr(Answer) orders = call("POST", RETRY_ORDERS, .token = fin_token(),
                                    .body = bodies[i].body, .content_type = bodies[i].type);
    assert_status(orders, 200);
    assert_int_equal(answer_int(orders, "total_reprocessados"), 0);
    assert_int_equal(answer_int(orders, "restantes"), 0);
    g_autoptr(Answer) files = call("POST", RETRY_TRANSFERS "/", .token = fin_token(),
                                   .body = bodies[i].body, .content_type = bodies[i].type);
    assert_status(files, 200);
    assert_int_equal(answer_int(files, "total_processados"), 0);
    assert_int_equal(answer_int(files, "sucessos") + answer_int(files, "falhas"), 0);
  }
  g_autoptr(Answer) typed =
      call("POST", RETRY_ORDERS, .token = fin_token(), .body = "x", .content_type = "text/plain");
  assert_detail(typed, 415, "Tipo de mídia \"text/plain\" no pedido não é suportado.");
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      BACKOFFICE_CASE(test_a_transfer_needs_two_records),
      BACKOFFICE_CASE(test_numbers_may_be_typed_as_text_and_flags_as_words),
      BACKOFFICE_CASE(test_false_in_any_form_means_that_the_caller_waits),
      BACKOFFICE_CASE(test_a_header_asks_for_the_background_as_well),
      BACKOFFICE_CASE(test_an_upload_needs_a_record_a_name_and_a_file),
      BACKOFFICE_CASE(test_a_file_may_come_as_a_browser_reads_it),
      BACKOFFICE_CASE(test_what_omie_says_about_a_file_is_told),
      BACKOFFICE_CASE(test_what_is_being_worked_on_is_a_409),
      BACKOFFICE_CASE(test_a_closure_needs_an_order_and_its_invoice),
      BACKOFFICE_CASE(test_an_order_typed_as_a_number_keeps_its_digits),
      BACKOFFICE_CASE(test_reprocessing_needs_no_body),
  };
  return RUN("backoffice bodies", tests);
}
