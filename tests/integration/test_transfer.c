/* Which attachments a transfer copies, and what it tells of it (backoffice.md 6). */
#include "harness_transfer.h"

#include <string.h>

/* B01 */
static void
test_two_files_are_copied_to_an_empty_payable(G_GNUC_UNUSED void **state)
{
  gint64 first = receipt_file("nota.pdf", "%PDF-1.4 first"), id;
  receipt_file("boleto.pdf", "%PDF-1.4 second");
  g_autoptr(Answer) answer = transfer_now();
  assert_sent(answer, 2, 2);
  assert_figures(answer, "contagem_origem=2,contagem_destino_inicial=0,incluidos=2");
  assert_payable_is_a_copy();
  assert_methods_called("ListarAnexo,ListarAnexo,ObterAnexo,download,IncluirAnexo,"
                        "ObterAnexo,download,IncluirAnexo");
  g_autofree char *listed = omie_parameters_of(LIST_ATTACHMENTS, 1);
  assert_string_equal(listed, "{\"nId\": 77001, \"cTabela\": \"com-recebimento\", \"nPagina\": 1, "
                              "\"nRegPorPagina\": 50}");
  id = answer_int(answer, "log_id");
  assert_transfer(id, "origem_tabela || ' ' || origem_tabela_omie", RECEIPTS " " RECEIPTS);
  assert_transfer(id, "destino_tabela || ' ' || destino_tabela_omie", "conta_a_pagar " PAYABLES);
  assert_transfer(id, "solicitado_por", USER_ID);
  g_autofree char *entry = g_strdup_printf(
      "{\"nome\": \"nota.pdf\", \"tamanho\": 14, \"nIdAnexoOrigem\": %" G_GINT64_FORMAT "}", first);
  assert_transfer(id, "anexos_transferidos -> 0", entry);
  assert_transfer(id, "em_envio", "[]");
}

/* B02 */
static void
test_files_go_to_the_table_that_was_asked_for(G_GNUC_UNUSED void **state)
{
  receipt_file("a.txt", "content");
  g_autoptr(Answer) answer = transfer_with(",\"destino_tabela\":\"pedido-compra\"");
  assert_sent(answer, 1, 1);
  assert_names_at("pedido-compra", PAYABLE, "a.txt", __FILE__, __LINE__);
  assert_payable("");
  assert_sql("pedido-compra",
             "select string_agg(distinct param ->> 'cTabela', ',') from sandbox.omie_call"
             " where param ->> 'nId' = '88001'");
}

/* B02: both sides */
static void
test_files_come_from_the_table_that_was_asked_for(G_GNUC_UNUSED void **state)
{
  attachment_put("nota-entrada", RECEIPT, "a.txt", "content", 7);
  g_autoptr(Answer) answer =
      transfer_with(",\"origem_tabela\":\"nota-entrada\",\"destino_tabela\":\"conta-receber\"");
  assert_sent(answer, 1, 1);
  assert_names_at("conta-receber", PAYABLE, "a.txt", __FILE__, __LINE__);
}

/* B03 */
static void
test_without_aliases_a_table_goes_to_omie_as_it_is(G_GNUC_UNUSED void **state)
{
  program_restart(TRANSFER_PROGRAM, "OMIE_TABELA_ALIAS=");
  receipt_file("a.txt", "content");
  g_autoptr(Answer) answer = transfer_now();
  assert_status(answer, 200);
  assert_member(answer, "status", "failed");
  assert_true(g_str_has_prefix(answer_text(answer, "mensagem_erro"),
                               "Erro Omie: ERROR: O valor da tag [cTabela] deve ser um destes"));
  g_autofree char *asked = omie_parameters_of(LIST_ATTACHMENTS, 2);
  assert_non_null(strstr(asked, "\"conta_a_pagar\""));
}

/* B03: aliases of one's own */
static void
test_aliases_translate_both_sides(G_GNUC_UNUSED void **state)
{
  program_restart(TRANSFER_PROGRAM, "OMIE_TABELA_ALIAS=nota=com-recebimento, fim=conta-pagar");
  receipt_file("a.txt", "content");
  g_autoptr(Answer) answer =
      transfer_with(",\"origem_tabela\":\"nota\",\"destino_tabela\":\"fim\"");
  assert_sent(answer, 1, 1);
  assert_payable_is_a_copy();
  gint64 id = answer_int(answer, "log_id");
  assert_transfer(id, "origem_tabela || ' ' || origem_tabela_omie", "nota " RECEIPTS);
  assert_transfer(id, "destino_tabela || ' ' || destino_tabela_omie", "fim " PAYABLES);
}

/* B04 */
static void
test_a_name_that_is_there_is_not_copied_again(G_GNUC_UNUSED void **state)
{
  payable_file("a.pdf", "an older one");
  receipt_file("a.pdf", "first");
  receipt_file("b.pdf", "second");
  g_autoptr(Answer) answer = transfer_now();
  assert_sent(answer, 1, 2);
  assert_figures(answer, "contagem_destino_inicial=1,incluidos=1,duplicados=1");
  assert_payable("a.pdf,b.pdf");
  assert_sql("a.pdf", "select detalhes #>> '{duplicados_nomes,0}' from " TRANSFERS);
}

/* B05 */
static void
test_one_name_with_two_sizes_is_two_files(G_GNUC_UNUSED void **state)
{
  attachment_put_as(PAYABLES, PAYABLE, "same.txt", "0123456789", 10, NULL, 10);
  attachment_put_as(PAYABLES, PAYABLE, "other.txt", "0123456789", 10, NULL, 10);
  attachment_put_as(RECEIPTS, RECEIPT, "same.txt", "0123456789", 10, NULL, 10);
  attachment_put_as(RECEIPTS, RECEIPT, "other.txt", "0123456789a", 11, NULL, 11);
  g_autoptr(Answer) answer = transfer_now();
  assert_sent(answer, 1, 2);
  assert_figures(answer, "incluidos=1,duplicados=1");
  assert_payable("same.txt,other.txt,other.txt");
}

/* B06 */
static void
test_our_own_code_is_known_again_under_another_name(G_GNUC_UNUSED void **state)
{
  gint64 id = receipt_file("a.txt", "content");
  g_autofree char *code = g_strdup_printf("B%" G_GINT64_FORMAT, id);
  attachment_put_as(PAYABLES, PAYABLE, "renamed by somebody.txt", "content", 7, code, -1);
  g_autoptr(Answer) answer = transfer_now();
  assert_sent(answer, 0, 1);
  assert_figures(answer, "duplicados=1");
  assert_int_equal(omie_calls_of(INCLUDE_ATTACHMENT), 0);
}

/* 6.6b */
static void
test_two_files_of_one_name_are_not_lost_unnoticed(G_GNUC_UNUSED void **state)
{
  receipt_file("a.txt", "first");
  receipt_file("a.txt", "second");
  g_autoptr(Answer) answer = transfer_now();
  assert_sent(answer, 1, 2);
  assert_figures(answer, "incluidos=1,duplicados=1");
  assert_sql("[\"a.txt\"]", "select (detalhes -> 'duplicados_nomes')::text from " TRANSFERS);
}

/* B88 */
static void
test_any_name_arrives_as_it_was(G_GNUC_UNUSED void **state)
{
  g_autoptr(GString) long_name = g_string_new("nota");
  while (long_name->len + 4 <= 251) /* 255 bytes in fewer than Omie's 100 characters */
    g_string_append(long_name, "\xf0\x9f\x93\x84");
  while (long_name->len < 251)
    g_string_append_c(long_name, '_');
  g_string_append(long_name, ".pdf");
  assert_int_equal(long_name->len, 255);
  const char *const names[] = {"\"aspas\" e 'apóstrofos'.pdf",
                               "<script>alert(1)</script>.pdf",
                               "a&amp;b & c.pdf",
                               "pasta/outra/nota.pdf",
                               "..\\nota.pdf",
                               "../../etc/passwd",
                               "%s %n %00 {}$1.pdf",
                               "ação – 日本語.pdf",
                               "\xf0\x9f\x98\x80.pdf",
                               "..",
                               "-rf *",
                               long_name->str};
  for (gsize i = 0; i < G_N_ELEMENTS(names); i++)
    receipt_file(names[i], names[i]);
  g_autoptr(Answer) answer = transfer_now();
  assert_sent(answer, G_N_ELEMENTS(names), G_N_ELEMENTS(names));
  assert_payable_is_a_copy();
  g_autoptr(Answer) shown = bo_get(ATTACHMENTS "/%" G_GINT64_FORMAT, answer_int(answer, "log_id"));
  assert_status(shown, 200);
  const json_t *list = json_object_get(shown->json, "anexos_transferidos");
  assert_int_equal(json_array_size(list), G_N_ELEMENTS(names));
  for (gsize i = 0; i < G_N_ELEMENTS(names); i++)
    assert_string_equal(json_string_value(json_object_get(json_array_get(list, i), "nome")),
                        names[i]);
}

/* A name is one line: what stands between two lines is a space */
static void
test_control_characters_of_a_name_become_spaces(G_GNUC_UNUSED void **state)
{
  receipt_file(" duas\nlinhas\te\x7fmais.pdf\n", "content");
  g_autoptr(Answer) answer = transfer_now();
  assert_sent(answer, 1, 1);
  assert_payable("duas linhas e mais.pdf");
  g_autoptr(Answer) again = transfer_now();
  assert_figures(again, "duplicados=1");
}

/* B90: much later, and again within the time in which Omie refuses the same question */
static void
test_a_transfer_repeated_copies_nothing(G_GNUC_UNUSED void **state)
{
  receipt_abc();
  g_autoptr(Answer) first = transfer_now();
  assert_sent(first, 3, 3);
  g_autoptr(Answer) second = transfer_now();
  assert_sent(second, 0, 3);
  assert_figures(second, "contagem_destino_inicial=3,duplicados=3");
  assert_int_not_equal(answer_int(first, "log_id"), answer_int(second, "log_id"));
  omie_setting("redundancy_s", "2");
  g_autoptr(Answer) at_once = transfer_now();
  assert_sent(at_once, 0, 3);
  assert_figures(at_once, "contagem_destino_inicial=3,duplicados=3");
  assert_true(sql_number("select count(*) from sandbox.omie_call where verdict = 'redundant'") > 0);
  assert_payable_is_a_copy();
}

/* B91 */
static void
test_a_file_without_a_name_is_counted_and_left(G_GNUC_UNUSED void **state)
{
  receipt_file("", "nameless");
  receipt_file("b.txt", "second");
  g_autoptr(Answer) answer = transfer_now();
  assert_sent(answer, 1, 2);
  assert_figures(answer, "incluidos=1,sem_nome=1");
  assert_payable("b.txt");
}

/* B43, with ids beyond 32 bits */
static void
test_large_ids_reach_omie_unchanged(G_GNUC_UNUSED void **state)
{
  const gint64 receipt = 9000000000, payable = 900719925474099301;
  attachment_put(RECEIPTS, receipt, "a.txt", "content", 7);
  g_autoptr(Answer) answer = transfer_of(receipt, payable, "");
  assert_sent(answer, 1, 1);
  assert_copy_at(receipt, payable, __FILE__, __LINE__);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      TRANSFER_CASE(test_two_files_are_copied_to_an_empty_payable),
      TRANSFER_CASE(test_files_go_to_the_table_that_was_asked_for),
      TRANSFER_CASE(test_files_come_from_the_table_that_was_asked_for),
      TRANSFER_CASE(test_without_aliases_a_table_goes_to_omie_as_it_is),
      TRANSFER_CASE(test_aliases_translate_both_sides),
      TRANSFER_CASE(test_a_name_that_is_there_is_not_copied_again),
      TRANSFER_CASE(test_one_name_with_two_sizes_is_two_files),
      TRANSFER_CASE(test_our_own_code_is_known_again_under_another_name),
      TRANSFER_CASE(test_two_files_of_one_name_are_not_lost_unnoticed),
      TRANSFER_CASE(test_any_name_arrives_as_it_was),
      TRANSFER_CASE(test_control_characters_of_a_name_become_spaces),
      TRANSFER_CASE(test_a_transfer_repeated_copies_nothing),
      TRANSFER_CASE(test_a_file_without_a_name_is_counted_and_left),
      TRANSFER_CASE(test_large_ids_reach_omie_unchanged),
  };
  return RUN("transfer", tests);
}
