/* /api/attachments/incluir: a file that the caller gives (backoffice.md 7). */
#include "harness_transfer.h"

#include <string.h>

/* A POST with such a file; `more`: further members. */
static Answer *
upload(const char *name, const char *base64, const char *more)
{
  g_autoptr(json_t) body = json_pack("{s:s,s:i,s:s,s:s}", "tabela", PAYABLES, "n_id", PAYABLE,
                                     "nome_arquivo", name, "arquivo_base64", base64);
  g_autoptr(json_t) others = json_loads(more, 0, NULL);
  assert_int_equal(json_object_update(body, others), 0);
  char *text = json_dumps(body, 0);
  Answer *answer = bo_post(UPLOAD, text);
  free(text); /* jansson's own allocator */
  return answer;
}

#define HELLO "aGVsbG8="

static Answer *
upload_hello(void)
{
  return upload("a.txt", HELLO, "{}");
}

/* B54 */
static void
test_a_file_is_attached_and_omies_answer_told(G_GNUC_UNUSED void **state)
{
  g_autoptr(Answer) answer = upload("nota.txt", "UG9udGUK", "{\"descricao\":\"só para nós\"}");
  assert_status(answer, 200);
  assert_member(answer, "cCodStatus", "0");
  assert_member(answer, "cDesStatus", "Anexo incluído com sucesso!");
  assert_member(answer, "cNomeArquivo", "nota.txt");
  g_autofree char *md5 = NULL, *content = attachment_content(PAYABLES, PAYABLE, "nota.txt", NULL);
  assert_string_equal(content, "Ponte\n");
  g_free(attachment_sent(PAYABLES, PAYABLE, "nota.txt", &md5));
  assert_string_equal(md5, "7feff26c3ce23bfb729c63f428b2e15f"); /* omie-api.md 7.2 */
  g_autofree char *parameters = omie_parameters_of(INCLUDE_ATTACHMENT, 1);
  assert_null(strstr(parameters, "escric"));
  assert_null(strstr(parameters, "só para nós"));
  g_autoptr(json_t) sent = json_loads(parameters, 0, NULL);
  assert_int_equal(json_object_size(sent), 6);
  const char *code = json_string_value(json_object_get(sent, "cCodIntAnexo"));
  assert_true(code[0] == 'U' && strlen(code) == 20);
  assert_count(0, TRANSFERS); /* 7.2 */
}

/* 7.1: Omie's object unchanged, whatever it holds */
static void
test_omies_answer_is_told_unchanged(G_GNUC_UNUSED void **state)
{
  static const char body[] = "{\"z\":12345678901234567,\"cCodStatus\":\"0\",\"a\":[1.50,null,"
                             "{\"x\":\"\\u00e7\"}],\"cDesStatus\":\"ok\"}";
  omie_answer(.method = INCLUDE_ATTACHMENT, .times = 1, .body = body);
  g_autoptr(Answer) answer = upload_hello();
  assert_status(answer, 200);
  g_autoptr(json_t) expected = json_loads(body, 0, NULL);
  assert_true(json_equal(answer->json, expected));
}

/* 7.2 */
static void
test_the_same_upload_again_attaches_again(G_GNUC_UNUSED void **state)
{
  g_autoptr(Answer) first = upload_hello(), second = upload_hello();
  assert_status(first, 200);
  assert_status(second, 200);
  assert_payable("a.txt,a.txt");
  assert_sql("2", "select count(distinct integration_code) from sandbox.omie_attachment");
}

/* B88 */
static void
test_a_file_may_have_any_name_that_is_no_path(G_GNUC_UNUSED void **state)
{
  g_autoptr(GString) longest = g_string_new(NULL);
  for (guint i = 0; i < 100; i++)
    g_string_append(longest, "\xf0\x9f\x93\x84");
  const char *const names[] = {"\"aspas\" e 'apóstrofos'.pdf",
                               "<b onclick=x>&amp;.pdf",
                               "ação 日本.pdf",
                               "...",
                               "%n %s.txt",
                               longest->str};
  for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
    g_autoptr(Answer) answer = upload(names[i], HELLO, "{}");
    assert_status(answer, 200);
    g_autofree char *content = attachment_content(PAYABLES, PAYABLE, names[i], NULL);
    assert_string_equal(content, "hello");
  }
}

/* B55 */
static void
test_what_is_wrong_with_an_upload_is_named(G_GNUC_UNUSED void **state)
{
  g_autofree char *too_long = g_strnfill(101, 'a'), *described = g_strnfill(501, 'x');
  g_autofree char *description = g_strdup_printf("{\"descricao\":\"%s\"}", described);
  const struct {
    const char *name, *base64, *more, *text;
  } cases[] = {
      {"a.txt", HELLO, "{\"tabela\":null}",
       "tabela, n_id, nome_arquivo e arquivo_base64 são "
       "obrigatórios"},
      {"a.txt", HELLO, "{\"n_id\":\"x\"}", "n_id deve ser um número inteiro positivo"},
      {"a.txt", HELLO, "{\"tabela\":\"a/b\"}", "tabela inválida"},
      {"../a", HELLO, "{}", "nome_arquivo inválido"},
      {"a\\b", HELLO, "{}", "nome_arquivo inválido"},
      {"a\nb", HELLO, "{}", "nome_arquivo inválido"},
      {".", HELLO, "{}", "nome_arquivo inválido"},
      {too_long, HELLO, "{}", "nome_arquivo inválido"},
      {"a.txt", "isto não é base64", "{}", "arquivo_base64 inválido"},
      {"a.txt", "aGVsbG8", "{}", "arquivo_base64 inválido"},
      {"a.txt", "aGVs=bG8=", "{}", "arquivo_base64 inválido"},
      {"a.txt", "aGVsb-_=", "{}", "arquivo_base64 inválido"},
      {"a.txt", "data:;base64,", "{}", "arquivo_base64 inválido"},
      {"a.txt", HELLO, description, "descricao deve ter no máximo 500 caracteres"},
  };
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(Answer) answer = upload(cases[i].name, cases[i].base64, cases[i].more);
    assert_erro(answer, 400, cases[i].text);
  }
  assert_nothing_happened();
}

/* B55: lines as mail has them, and what a browser makes of a file */
static void
test_base64_may_come_in_lines_and_as_a_data_url(G_GNUC_UNUSED void **state)
{
  static const char *const forms[] = {"aGVs\r\nbG8=\r\n", "data:application/pdf;base64,aGVsbG8="};
  for (gsize i = 0; i < G_N_ELEMENTS(forms); i++) {
    g_autofree char *name = g_strdup_printf("%u.txt", (guint)i);
    g_autoptr(Answer) answer = upload(name, forms[i], "{}");
    assert_status(answer, 200);
    g_autofree char *content = attachment_content(PAYABLES, PAYABLE, name, NULL);
    assert_string_equal(content, "hello");
  }
}

/* 7: one byte up to the limit, and not one more */
static void
test_the_limit_counts_the_bytes_of_the_file_itself(G_GNUC_UNUSED void **state)
{
  program_restart(UPLOAD_PROGRAM, "BACKOFFICE_MAX_FILE_BYTES=65536");
  g_autofree guint8 *noise = noise_new(65537);
  g_autofree char *fits = g_base64_encode(noise, 65536);
  g_autofree char *too_large = g_base64_encode(noise, 65537);
  g_autoptr(Answer) refused = upload("large.bin", too_large, "{}");
  assert_erro(refused, 413, "Arquivo excede o limite de 64 KB");
  assert_nothing_happened();
  g_autoptr(Answer) taken = upload("large.bin", fits, "{}");
  assert_status(taken, 200);
}

/* B56 */
static void
test_a_fault_of_omies_is_a_500_with_its_words(G_GNUC_UNUSED void **state)
{
  method_fault(INCLUDE_ATTACHMENT, 1, "SOAP-ENV:Client-105", "ERROR: Algo deu errado!");
  g_autoptr(Answer) fault = upload_hello();
  assert_erro(fault, 500, "Erro Omie: ERROR: Algo deu errado!");
  omie_answer(.method = INCLUDE_ATTACHMENT, .times = 1,
              .body = "{\"cCodStatus\":\"1\",\"cDesStatus\":\"Anexo recusado.\"}");
  g_autoptr(Answer) refused = upload_hello();
  assert_erro(refused, 500, "Erro Omie: Anexo recusado.");
  assert_payable("");
}

/* 7.1, 7.2: an outcome that is not known is told, and nothing is repeated */
static void
test_an_upload_whose_answer_is_lost_is_not_repeated(G_GNUC_UNUSED void **state)
{
  program_restart(UPLOAD_PROGRAM, UNHURRIED, "OMIE_TIMEOUT_MS=400");
  omie_write_ends(INCLUDE_ATTACHMENT, 1, TRUE, ENDS_IN_RESET);
  g_autoptr(Answer) lost = upload_hello();
  assert_status(lost, 500);
  assert_true(g_str_has_prefix(answer_text(lost, "erro"), "Erro na comunicação com Omie: "));
  assert_int_equal(omie_calls_of(INCLUDE_ATTACHMENT), 1);
  assert_payable("a.txt");
  omie_answer(.method = INCLUDE_ATTACHMENT, .times = 1, .trick = "hang", .delay_ms = 1200);
  g_autoptr(Answer) late = upload_hello();
  assert_erro(late, 500,
              "Erro na comunicação com Omie: tempo limite excedido; verifique se o anexo foi "
              "incluído");
  assert_int_equal(omie_calls_of(INCLUDE_ATTACHMENT), 2);
}

/* 5.4: a write that Omie had no time for was surely not carried out */
static void
test_a_busy_omie_is_asked_again(G_GNUC_UNUSED void **state)
{
  program_restart(UPLOAD_PROGRAM, UNHURRIED);
  method_fault(INCLUDE_ATTACHMENT, 1, "SOAP-ENV:Client-1880",
               "ERROR: Já existe uma requisição desse método sendo executada. (1)");
  g_autoptr(Answer) answer = upload_hello();
  assert_status(answer, 200);
  assert_payable("a.txt");
}

/* B57 */
static void
test_a_fault_that_echoes_the_secret_shows_it_nowhere(G_GNUC_UNUSED void **state)
{
  const char *secret = harness_env("OMIE_APP_SECRET");
  g_autofree char *fault = g_strdup_printf("ERROR: segredo %s!", secret);
  method_fault(INCLUDE_ATTACHMENT, 1, "SOAP-ENV:Client-9", fault);
  g_autoptr(Answer) answer = upload_hello();
  assert_erro(answer, 500, "Erro Omie: ERROR: segredo ***!");
  assert_shown_nowhere(secret);
}

/* 7.2: a line of the log tells who attached what, and nothing of its content */
static void
test_an_upload_is_logged_without_its_content(G_GNUC_UNUSED void **state)
{
  gsize mark = program_log_mark(UPLOAD_PROGRAM);
  g_autoptr(Answer) answer = upload("nota-42.txt", "dGhpcyB2ZXJ5IGNvbnRlbnQ=", "{}");
  assert_status(answer, 200);
  static const char *const facts[] = {USER_ID, PAYABLES, "88001", "nota-42.txt", "17"};
  for (gsize i = 0; i < G_N_ELEMENTS(facts); i++)
    assert_true(program_has_logged(UPLOAD_PROGRAM, mark, facts[i]));
  assert_shown_nowhere("dGhpcyB2ZXJ5IGNvbnRlbnQ");
  assert_shown_nowhere("this very content");
}

/* 6.12, for uploads */
static void
test_without_credentials_nothing_is_sent(G_GNUC_UNUSED void **state)
{
  program_restart(UPLOAD_PROGRAM, "OMIE_APP_KEY=", "OMIE_APP_SECRET=");
  g_autoptr(Answer) answer = upload_hello();
  assert_erro(answer, 500, "Erro inesperado: OMIE_APP_KEY e OMIE_APP_SECRET devem estar definidos");
  assert_int_equal(omie_calls_of(INCLUDE_ATTACHMENT), 0);
}

/* 6.1b, for uploads */
static void
test_a_table_is_named_as_in_transfers(G_GNUC_UNUSED void **state)
{
  g_autoptr(Answer) answer = upload("a.txt", HELLO, "{\"tabela\":\"conta_a_pagar\"}");
  assert_status(answer, 200);
  assert_member(answer, "cTabela", PAYABLES);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      TRANSFER_CASE(test_a_file_is_attached_and_omies_answer_told),
      TRANSFER_CASE(test_omies_answer_is_told_unchanged),
      TRANSFER_CASE(test_the_same_upload_again_attaches_again),
      TRANSFER_CASE(test_a_file_may_have_any_name_that_is_no_path),
      TRANSFER_CASE(test_what_is_wrong_with_an_upload_is_named),
      TRANSFER_CASE(test_base64_may_come_in_lines_and_as_a_data_url),
      TRANSFER_CASE(test_the_limit_counts_the_bytes_of_the_file_itself),
      TRANSFER_CASE(test_a_fault_of_omies_is_a_500_with_its_words),
      TRANSFER_CASE(test_an_upload_whose_answer_is_lost_is_not_repeated),
      TRANSFER_CASE(test_a_busy_omie_is_asked_again),
      TRANSFER_CASE(test_a_fault_that_echoes_the_secret_shows_it_nowhere),
      TRANSFER_CASE(test_an_upload_is_logged_without_its_content),
      TRANSFER_CASE(test_without_credentials_nothing_is_sent),
      TRANSFER_CASE(test_a_table_is_named_as_in_transfers),
  };
  return RUN("upload", tests);
}
