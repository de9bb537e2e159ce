/* What a transfer makes of Omie's refusals, and when it is tried again (backoffice.md 5.4, 6.9,
 * 14.8). */
#include "harness_transfer.h"

#include <string.h>

/* B11 */
static void
test_an_origin_that_cannot_be_listed_ends_the_attempt(G_GNUC_UNUSED void **state)
{
  receipt_abc();
  method_fault(LIST_ATTACHMENTS, 1, "SOAP-ENV:Client-105", "ERROR: Algo deu errado!");
  g_autoptr(Answer) answer = transfer_now();
  assert_not_sent(answer, 0, 0, "Erro Omie: ERROR: Algo deu errado!");
  assert_figures(answer, "contagem_origem=0");
  assert_methods_called("ListarAnexo");
  assert_next_attempt_in("65", "75");
}

/* B11 */
static void
test_a_destination_that_cannot_be_listed_gets_nothing(G_GNUC_UNUSED void **state)
{
  receipt_abc();
  g_autofree char *body =
      sql_text("select sandbox.omie_fault_text('SOAP-ENV:Client-105', 'ERROR: Algo deu errado!')");
  omie_answer(.method = LIST_ATTACHMENTS, .call = 2, .times = 1, .status = 500, .body = body);
  g_autoptr(Answer) answer = transfer_now();
  assert_not_sent(answer, 0, 3, "Erro Omie: ERROR: Algo deu errado!");
  assert_figures(answer, "contagem_origem=3,nao_tentados=3");
  assert_methods_called("ListarAnexo,ListarAnexo");
}

/* B19, then B20 */
static void
test_one_refused_file_does_not_stop_the_others(G_GNUC_UNUSED void **state)
{
  receipt_abc();
  g_autofree char *body =
      sql_text("select sandbox.omie_fault_text('SOAP-ENV:Client-105', 'ERROR: Assim não!')");
  omie_answer(.method = INCLUDE_ATTACHMENT, .call = 2, .times = 1, .status = 500, .body = body);
  g_autoptr(Answer) answer = transfer_now();
  assert_not_sent(answer, 2, 3,
                  "1 de 3 anexos não transferidos: b.txt: Erro Omie: ERROR: Assim não!");
  assert_figures(answer, "incluidos=2,erros_inclusao=1");
  assert_payable("a.txt,c.txt");
  assert_sql("b.txt Erro Omie: ERROR: Assim não! [] t",
             "select concat_ws(' ', detalhes #>> '{erros,0,nome}', detalhes #>> '{erros,0,motivo}',"
             "  em_envio, (detalhes #>> '{erros,0,nIdAnexo}')::bigint > 0) from " TRANSFERS);
  assert_next_attempt_in("65", "75");

  g_autoptr(Answer) retried = retry_pending();
  assert_string_equal(retried->body,
                      "{\"total_processados\":1,\"sucessos\":1,\"falhas\":0,\"restantes\":0}");
  assert_sql("1 success 2 3 1 2 ", "select concat_ws(' ', id, status, tentativas, anexos_sucesso,"
                                   "  detalhes ->> 'incluidos', detalhes ->> 'ja_transferidos', '')"
                                   "  || coalesce(mensagem_erro, '') from " TRANSFERS);
  assert_int_equal(omie_calls_of(INCLUDE_ATTACHMENT), 4);
  assert_payable("a.txt,c.txt,b.txt");
}

/* B21 */
static void
test_a_success_with_a_bad_status_inside_is_an_error(G_GNUC_UNUSED void **state)
{
  receipt_file("a.txt", "content");
  omie_answer(.method = INCLUDE_ATTACHMENT, .times = 1,
              .body = "{\"cCodStatus\":\"1\",\"cDesStatus\":\"Anexo recusado.\"}");
  g_autoptr(Answer) answer = transfer_now();
  assert_not_sent(answer, 0, 1,
                  "1 de 1 anexos não transferidos: a.txt: Erro Omie: Anexo recusado.");
  assert_figures(answer, "erros_inclusao=1");
}

/* 5.3: the same holds for ObterAnexo */
static void
test_a_file_that_omie_will_not_give_fails_alone(G_GNUC_UNUSED void **state)
{
  receipt_file("a.txt", "first");
  receipt_file("b.txt", "second");
  omie_answer(.method = OBTAIN_ATTACHMENT, .times = 1,
              .body = "{\"cCodStatus\":\"1\",\"cDescStatus\":\"Indisponível.\"}");
  g_autoptr(Answer) answer = transfer_now();
  assert_not_sent(answer, 1, 2, "1 de 2 anexos não transferidos: a.txt: Erro Omie: Indisponível.");
  assert_payable("b.txt");
}

/* 5.4: what can never succeed is not tried again by itself */
static void
test_an_invalid_document_is_not_tried_again(G_GNUC_UNUSED void **state)
{
  omie_setting("attachments_any_document", "N");
  receipt_file("a.txt", "content");
  g_autoptr(Answer) answer = transfer_now();
  assert_not_sent(answer, 0, 1,
                  "1 de 1 anexos não transferidos: a.txt: Erro Omie: ERROR: Documento não "
                  "cadastrado para o Código [88001]");
  assert_next_attempt_in("0", "0");
}

/* B40 */
static void
test_refused_credentials_end_the_attempt_for_good(G_GNUC_UNUSED void **state)
{
  receipt_abc();
  omie_answer(.method = LIST_ATTACHMENTS, .status = 401,
              .body = "{\"faultstring\":\"Chave inv\\u00e1lida.\"}");
  g_autoptr(Answer) answer = transfer_now();
  assert_not_sent(answer, 0, 0, "Erro Omie: Chave inválida.");
  assert_next_attempt_in("0", "0");
  assert_int_equal(omie_calls_of(LIST_ATTACHMENTS), 1);
}

/* B40, in the middle: no file after it would fare better */
static void
test_credentials_refused_half_way_leave_the_rest_untried(G_GNUC_UNUSED void **state)
{
  receipt_abc();
  omie_answer(.method = INCLUDE_ATTACHMENT, .call = 2, .status = 403,
              .body = "{\"faultstring\":\"Sem acesso.\"}");
  g_autoptr(Answer) answer = transfer_now();
  assert_not_sent(answer, 1, 3, "2 de 3 anexos não transferidos: b.txt: Erro Omie: Sem acesso.");
  assert_figures(answer, "incluidos=1,erros_inclusao=1,nao_tentados=1");
  assert_next_attempt_in("0", "0");
}

/* B57 */
static void
test_a_fault_that_echoes_the_secret_shows_it_nowhere(G_GNUC_UNUSED void **state)
{
  const char *secret = harness_env("OMIE_APP_SECRET"), *key = harness_env("OMIE_APP_KEY");
  g_autofree char *fault = g_strdup_printf("ERROR: chave %s, segredo %s!", key, secret);
  receipt_file("a.txt", "content");
  method_fault(INCLUDE_ATTACHMENT, 1, "SOAP-ENV:Client-9", fault);
  g_autoptr(Answer) answer = transfer_now();
  assert_not_sent(answer, 0, 1,
                  "1 de 1 anexos não transferidos: a.txt: Erro Omie: ERROR: chave ***, segredo "
                  "***!");
  assert_null(strstr(answer->body, secret));
  assert_shown_nowhere(secret);
  assert_shown_nowhere(key);
}

/* 5.7: neither content nor link */
static void
test_contents_and_links_are_logged_nowhere(G_GNUC_UNUSED void **state)
{
  receipt_file("a.txt", "this very content");
  g_autoptr(Answer) answer = transfer_now();
  assert_sent(answer, 1, 1);
  g_autofree char *sent = attachment_sent(PAYABLES, PAYABLE, "a.txt", NULL);
  assert_shown_nowhere("this very content");
  assert_shown_nowhere(sent);
  assert_shown_nowhere("/omie-files/");
}

/* 5.7 */
static void
test_a_long_fault_is_stored_cut_between_two_characters(G_GNUC_UNUSED void **state)
{
  g_autofree char *fault = sql_text("select repeat('ção', 2000)");
  receipt_file("a.txt", "content");
  method_fault(INCLUDE_ATTACHMENT, 1, "X-1", fault);
  g_autoptr(Answer) answer = transfer_now();
  assert_member(answer, "status", "failed");
  assert_sql("t t", "select concat_ws(' ', length(mensagem_erro) <= 2000,"
                    "  length(detalhes #>> '{erros,0,motivo}') <= 2000) from " TRANSFERS);
}

/* B94 */
static void
test_without_credentials_nothing_is_asked(G_GNUC_UNUSED void **state)
{
  program_restart(TRANSFER_PROGRAM, "OMIE_APP_KEY=", "OMIE_APP_SECRET=");
  receipt_abc();
  g_autoptr(Answer) answer = transfer_now();
  assert_not_sent(answer, 0, 0,
                  "Erro inesperado: OMIE_APP_KEY e OMIE_APP_SECRET devem estar definidos");
  assert_int_equal(omie_calls_of(LIST_ATTACHMENTS), 0);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      TRANSFER_CASE(test_an_origin_that_cannot_be_listed_ends_the_attempt),
      TRANSFER_CASE(test_a_destination_that_cannot_be_listed_gets_nothing),
      TRANSFER_CASE(test_one_refused_file_does_not_stop_the_others),
      TRANSFER_CASE(test_a_success_with_a_bad_status_inside_is_an_error),
      TRANSFER_CASE(test_a_file_that_omie_will_not_give_fails_alone),
      TRANSFER_CASE(test_an_invalid_document_is_not_tried_again),
      TRANSFER_CASE(test_refused_credentials_end_the_attempt_for_good),
      TRANSFER_CASE(test_credentials_refused_half_way_leave_the_rest_untried),
      TRANSFER_CASE(test_a_fault_that_echoes_the_secret_shows_it_nowhere),
      TRANSFER_CASE(test_contents_and_links_are_logged_nowhere),
      TRANSFER_CASE(test_a_long_fault_is_stored_cut_between_two_characters),
      TRANSFER_CASE(test_without_credentials_nothing_is_asked),
  };
  return RUN("transfer: faults", tests);
}
